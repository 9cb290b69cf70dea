"""Alertmanager's messages said on in Telegram, Zalo or anything that takes JSON, with codes of dossiers where allowed.

Alertmanager is answered only once the message has been taken: when the receiver is down it is told so, keeps the
message and tries again.  So nothing is stored here and nothing is lost.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.error import URLError
from urllib.request import Request, urlopen

import msgspec

from dashboards.alerting.plan import Lang
from streams.core.alerting.catalogue import BY_ID
from streams.core.late import State
from streams.errors import MotcuaError

MOST_CODES: Final = 20
_ANSWER_S: Final = 10.0
_LARGEST: Final = 4 << 20
_LISTED: Final = {"late-rising": State.LATE, "due-today": State.TODAY, "below-target": State.LATE}
_WORDS: Final = {
    "vi": ("CẢNH BÁO", "ĐÃ HẾT", "Từ", "Danh sách", "Cần làm gì", "Hồ sơ", "và {n} hồ sơ khác"),
    "en": ("ALERT", "OVER", "Since", "List", "What to do", "Dossiers", "and {n} more"),
}
Codes = Callable[[str, State], list[str]]
"""Codes of the dossiers of a unit in a state of the watch list, the most urgent first."""


class Form(StrEnum):
    """How a receiver wants its JSON."""

    PLAIN = "plain"  # {"text": …}
    TELEGRAM = "telegram"  # {"chat_id": …, "text": …}
    ZALO = "zalo"  # {"recipient": {"user_id": …}, "message": {"text": …}}


class Alert(msgspec.Struct):
    """One alert of Alertmanager's webhook, as far as it is read."""

    status: str
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}


class Webhook(msgspec.Struct):
    """What Alertmanager posts, as far as it is read."""

    status: str
    alerts: list[Alert]


class Target(msgspec.Struct, frozen=True):
    """Where messages go on to: a URL (a secret where it holds a token), in which form, to which chat or user."""

    url: str
    form: Form = Form.PLAIN
    recipient: str = ""


class ReceiverDown(MotcuaError):
    """The receiver did not take the message; it is to be sent again."""


def no_codes(_unit: str, _state: State) -> list[str]:
    """For a deployment that does not let codes leave."""
    return []


def text_of(told: Webhook, language: Lang, codes: Codes = no_codes) -> str:
    """The message for people."""
    return "\n\n".join(_alert(one, language, codes) for one in told.alerts)


def _alert(one: Alert, language: Lang, codes: Codes) -> str:
    firing, over, since, list_, runbook, dossiers, more = _WORDS[language]
    vietnamese, fires = language == "vi", one.status == "firing"
    condition = BY_ID.get(one.labels.get("alert", ""))
    name, says = one.annotations.get("name", one.labels.get("alertname", "")), one.annotations.get("says", "")
    if condition is not None:
        name = condition.vi if vietnamese else condition.en
        texts = (condition.says_vi, condition.over_vi) if vietnamese else (condition.says_en, condition.over_en)
        figures = {word: one.annotations.get(word, "?") for word in ("count", "of")}
        says = texts[0 if fires else 1].format(**figures)
    unit = one.labels.get("unit", "")
    where = f" {one.labels.get('name', unit)} ({unit}):" if unit else ""
    lines = [f"[{firing if fires else over}]{where} {name}", f"{says}."]
    if fires:
        said = {since: "since", list_: "list", runbook: "runbook"}
        lines += [f"{word}: {one.annotations[key]}" for word, key in said.items() if one.annotations.get(key)]
        state = _LISTED.get(one.labels.get("alert", ""))
        if unit and state is not None and (found := codes(unit, state)):
            rest = f", {more.format(n=len(found) - MOST_CODES)}" if len(found) > MOST_CODES else ""
            lines.append(f"{dossiers}: {', '.join(found[:MOST_CODES])}{rest}")
    return "\n".join(lines)


def body_of(text: str, target: Target) -> dict[str, Any]:
    """The JSON that a receiver takes."""
    if target.form is Form.TELEGRAM:
        return {"chat_id": target.recipient, "text": text}
    if target.form is Form.ZALO:
        return {"recipient": {"user_id": target.recipient}, "message": {"text": text}}
    return {"text": text}


def send(text: str, target: Target) -> None:
    """Hand a message to its receiver; ReceiverDown when it was not taken.  The URL is in no error: it may be secret."""
    data = json.dumps(body_of(text, target), ensure_ascii=False).encode()
    request = Request(target.url, data=data, headers={"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=_ANSWER_S):
            return
    except (URLError, OSError, ValueError) as error:
        reason = getattr(error, "code", None) or getattr(error, "reason", None) or type(error).__name__
        raise ReceiverDown(f"the receiver did not take the message: {reason}") from None


class Notifier:
    """The webhook on loopback; counts what it handed on and what was not taken.  `token` is asked for where given."""

    def __init__(self, host: str, port: int, target: Target, language: Lang, codes: Codes, token: str = "") -> None:  # noqa: PLR0917  one of each
        self.sent = self.failed = 0
        self._target, self._language, self._codes, self.token = target, language, codes, token
        handler = type("Handler", (_Handler,), {"notifier": self})
        self._server = ThreadingHTTPServer((host, port), handler)
        self._server.daemon_threads = True

    @property
    def address(self) -> str:
        """Where it listens, as a URL."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Serve in a thread of its own."""
        threading.Thread(target=self.serve, name="notifier", daemon=True).start()

    def serve(self) -> None:
        """Serve until the process ends, or `stop`."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def hand_on(self, body: bytes) -> tuple[int, str]:
        """Take one post of Alertmanager: the status to answer, and why."""
        try:
            told = msgspec.json.decode(body, type=Webhook)
        except msgspec.MsgspecError as error:
            return 400, f"not what Alertmanager posts: {error}"
        try:
            send(text_of(told, self._language, self._codes), self._target)
        except MotcuaError as error:
            self.failed += 1
            return 503, str(error)
        self.sent += 1
        return 200, "handed on"

    def metrics(self) -> str:
        """What /metrics says."""
        counts: Mapping[str, tuple[str, int]] = {
            "motcua_notify_sent_total": ("Messages handed on.", self.sent),
            "motcua_notify_failed_total": (
                "Attempts that the receiver did not take; each is tried again.",
                self.failed,
            ),
        }
        return "".join(
            f"# HELP {name} {words}\n# TYPE {name} counter\n{name} {count}\n" for name, (words, count) in counts.items()
        )


class _Handler(BaseHTTPRequestHandler):
    notifier: Notifier

    def do_POST(self) -> None:
        """One message of Alertmanager."""
        length = int(self.headers.get("Content-Length") or 0)
        if self.notifier.token and self.headers.get("Authorization") != f"Bearer {self.notifier.token}":
            self._answer(401, "the token is another one")
        elif length > _LARGEST:
            self._answer(413, "too long")
        else:
            self._answer(*self.notifier.hand_on(self.rfile.read(length)))

    def do_GET(self) -> None:
        """What was counted."""
        if self.path == "/metrics":
            self._answer(200, self.notifier.metrics())
        else:
            self._answer(404, "POST Alertmanager's messages, or GET /metrics")

    def _answer(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that the base class gives
        """Requests are not logged."""
