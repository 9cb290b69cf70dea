from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from dashboards.notifying import MOST_CODES, Form, Notifier, Target, body_of, no_codes
from streams.core.late import State


@contextmanager
def receiver(statuses: list[int]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A receiver that answers with these statuses in turn, the last one for ever; its URL and what it took."""
    taken: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            if status == 200:
                taken.append(body)
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/bot123:secret/sendMessage", taken
    finally:
        server.shutdown()
        server.server_close()


def codes(unit: str, state: State) -> list[str]:
    return [f"{unit}-{number}" for number in range(MOST_CODES + 3)] if state is State.LATE else []


@contextmanager
def notifier(target: Target, **over: Any) -> Iterator[Notifier]:
    made = Notifier(
        "127.0.0.1", 0, target, over.get("language", "vi"), over.get("codes", no_codes), over.get("token", "")
    )
    made.start()
    try:
        yield made
    finally:
        made.stop()


def post(to: Notifier, body: bytes | None = None, token: str = "") -> int:
    request = Request(to.address, data=json.dumps(WEBHOOK).encode() if body is None else body)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code


WEBHOOK = {
    "status": "firing",
    "receiver": "commune",
    "alerts": [
        {
            "status": "firing",
            "labels": {"alertname": "MotcuaWarning", "alert": "late-rising", "unit": "X1", "name": "Xã Một"},
            "annotations": {"count": "12", "of": "4", "since": "2026-11-10 09:00", "runbook": "docs/runbooks/x.md"},
        },
        {"status": "resolved", "labels": {"alert": "due-today", "unit": "X1", "name": "Xã Một"}, "annotations": {}},
    ],
}


def test_a_message_says_what_how_many_and_since_when_and_no_codes_by_default() -> None:
    with receiver([200]) as (url, taken), notifier(Target(url)) as made:
        assert post(made) == 200
    (message,) = taken
    assert "[CẢNH BÁO] Xã Một (X1): Hồ sơ quá hạn tăng\n12 hồ sơ đang quá hạn; thường có 4." in message["text"]
    assert "Từ: 2026-11-10 09:00" in message["text"]
    assert "[ĐÃ HẾT] Xã Một (X1)" in message["text"]
    assert "X1-" not in message["text"]


def test_where_codes_are_allowed_the_first_are_named_and_the_rest_counted() -> None:
    with receiver([200]) as (url, taken), notifier(Target(url), codes=codes, language="en") as made:
        assert post(made) == 200
    assert "X1-0, X1-1" in taken[0]["text"]
    assert f"X1-{MOST_CODES}" not in taken[0]["text"]
    assert "and 3 more" in taken[0]["text"]


def test_a_receiver_that_is_down_is_told_to_alertmanager_counted_and_gets_the_message_in_the_end() -> None:
    with receiver([500, 503, 200]) as (url, taken), notifier(Target(url)) as made:
        assert [post(made), post(made), post(made)] == [503, 503, 200]
        assert len(taken) == 1
        with urlopen(f"{made.address}/metrics", timeout=10) as answer:
            said = answer.read().decode()
    assert "motcua_notify_sent_total 1" in said
    assert "motcua_notify_failed_total 2" in said


def test_nobody_at_all_behind_the_address_is_no_different() -> None:
    with notifier(Target("http://127.0.0.1:9/")) as made:
        assert post(made) == 503
        assert made.failed == 1


def test_the_address_with_its_token_is_in_no_answer() -> None:
    with receiver([500]) as (url, _), notifier(Target(url)) as made:
        assert "secret" not in made.hand_on(json.dumps(WEBHOOK).encode())[1]


def test_what_is_no_message_of_alertmanager_is_refused() -> None:
    with notifier(Target("http://127.0.0.1:9/")) as made:
        assert post(made, b"[]") == 400
        assert made.failed == 0


def test_who_has_not_the_token_is_turned_away() -> None:
    with receiver([200]) as (url, taken), notifier(Target(url), token="right") as made:
        assert [post(made), post(made, token="wrong"), post(made, token="right")] == [401, 401, 200]
    assert len(taken) == 1


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (Form.PLAIN, {"text": "a"}),
        (Form.TELEGRAM, {"chat_id": "7", "text": "a"}),
        (Form.ZALO, {"recipient": {"user_id": "7"}, "message": {"text": "a"}}),
    ],
)
def test_each_receiver_gets_its_own_form(form: Form, body: dict[str, Any]) -> None:
    assert body_of("a", Target("http://x", form, "7")) == body
