"""From facts to a message: a real worker on a real Kafka, a real Prometheus, a real Alertmanager, a webhook."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from msgspec import convert

from dashboards.alert_list import alert_list
from dashboards.alerting.files import CONFIGURATION, RULES, shipped_calendar, write
from dashboards.alerting.plan import Plan, Receiver
from streams.core.civil import MICROS, seconds
from streams.core.events import Accepted, Event, Finished
from streams.core.facts import Batch, Fact
from streams.core.routing import partition_of
from streams.settings import Settings
from tests.conftest import SettingsFor
from tests.dashboards.stages_by_hand import write_facts
from tests.flow.fleet import Worker, until
from tests.flow.rest import wait_as_of
from tests.servers import Server, running
from tests.streams.core.scenarios import READER, at

UNIT, OTHER = "00004", "00008"  # two communes of the shipped register
PARTITIONS: Final = 2
QUIET_S: Final = 4.0  # so long nothing more may come: several scrapes, evaluations and group intervals


@contextmanager
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A receiver on loopback: its URL, and every message that it was sent."""
    taken: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", taken
    finally:
        server.shutdown()
        server.server_close()


def plan(run: str, url: str) -> Plan:
    """Short waits, everything to one webhook, at any hour; the log of the run has a time of its own."""
    to = Receiver(webhook=url)
    return Plan(
        runs=run,
        interval="1s",
        pipeline_for="2s",
        service_for="3s",
        group_wait="1s",
        group_interval="1s",
        stale_s=10**9,
        lag_s=10**9,
        always=True,
        operators=to,
        communes=to,
        departments=to,
        provinces=to,
    )


def received(unit: str, count: int, when: str, due: str, first: int = 0) -> list[Event]:
    said = {
        "at": at(when),
        "unit": unit,
        "received_by": unit,
        "procedure": "P",
        "due": f"{at(due):%Y-%m-%dT%H:%M:%S%z}",
    }
    return [convert({"dossier": f"{unit}-{first + one}", **said}, Accepted) for one in range(count)]


def finished(unit: str, count: int, when: str, first: int) -> list[Event]:
    return [convert({"dossier": f"{unit}-{first + one}", "at": at(when)}, Finished) for one in range(count)]


def tell(settings: Settings, events: list[Event], clock: str, log: list[int]) -> None:
    """Write the facts of events, then a tick at `clock`, and wait until the index stands there."""
    instant = seconds(at(clock)) * MICROS
    by_partition: dict[int, list[Fact]] = {}
    for event in events:
        fact = READER.translate(event, 1 << 60, (0, len(log), 0))
        log.append(0)
        by_partition.setdefault(partition_of(fact.case, settings.partitions), []).append(fact)
    batches = [
        (number, Batch(max(fact.recorded for fact in facts), facts, ["told"], ordered=True))
        for number, facts in by_partition.items()
    ]
    write_facts(settings, batches, instant)
    wait_as_of(settings, instant, 30)


@contextmanager
def alerting(worker: Worker, made: Plan, folder: Path) -> Iterator[Server]:
    """Alertmanager, then Prometheus, which has found it and scrapes the worker every second."""
    write(folder, made, shipped_calendar())
    words = [f"--config.file={folder / CONFIGURATION}", f"--storage.path={folder}/am", "--cluster.listen-address="]
    with running("prometheus-alertmanager", words, folder) as alertmanager:
        target = worker.address().removeprefix("http://")
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(folder / RULES)],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alertmanager.address]}]}]},
            "scrape_configs": [{"job_name": "motcua", "static_configs": [{"targets": [target]}]}],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        words = [f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data"]
        with running("prometheus", words, folder) as prometheus:
            prometheus.until("/api/v1/alertmanagers", lambda said: said["data"]["activeAlertmanagers"])
            yield prometheus


@pytest.mark.integration
def test_an_overload_is_told_once_its_end_once_and_a_dead_worker_as_what_it_is(
    run_name: str, settings_for: SettingsFor, tmp_path: Path
) -> None:
    settings, log = settings_for(run_name, partitions=PARTITIONS), list[int]()
    usual = [one for unit in (UNIT, OTHER) for one in received(unit, 2, "10-26 08:00", "10-28 17:00")]
    overload = received(UNIT, 10, "11-02 08:00", "11-09 09:00", 100)
    write_facts(settings, [], seconds(at("10-26 00:00")) * MICROS)
    worker = Worker(settings, tmp_path / "worker.log")
    with ExitStack() as stack:
        worker.launch()
        stack.callback(worker.end)
        tell(settings, usual + overload, "11-09 08:00", log)
        url, sent = stack.enter_context(webhook())
        stack.enter_context(alerting(worker, plan(run_name, url), tmp_path))

        tell(settings, [], "11-09 13:00", log)
        (message,) = _settled(sent, 1)
        assert _said(message) == [("firing", "late-rising", UNIT, "12", "2")]
        assert message["alerts"][0]["annotations"]["since"] == "2026-11-09 11:00"

        tell(settings, finished(UNIT, 10, "11-09 14:00", 100), "11-10 12:00", log)
        _, message = _settled(sent, 2)
        assert _said(message)[0][:3] == ("resolved", "late-rising", UNIT)

        tell(settings, received(OTHER, 12, "11-10 14:00", "11-11 09:00", 100), "11-11 13:00", log)
        *_, message = _settled(sent, 3)
        assert _said(message)[0][:3] == ("firing", "late-rising", OTHER)

        worker.send(signal.SIGKILL)
        worker.wait(10)
        *_, message = _settled(sent, 4)
        assert [one["labels"]["alertname"] for one in message["alerts"]] == ["MotcuaNoWorker"]
        assert message["status"] == "firing"
    history = alert_list(settings, None, "en", history=True).alerts
    assert [(one.unit, one.state) for one in history if one.alert == "late-rising" and one.active] == [
        (UNIT, "active"),
        (UNIT, "over"),
        (OTHER, "active"),
    ]
    assert [one.unit for one in alert_list(settings, OTHER, "vi", history=False).alerts] == [OTHER]


def _settled(sent: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The messages once there are so many and no more come."""
    until(lambda: len(sent) >= count, 30, lambda: f"{len(sent)} messages: {[_said(one) for one in sent]}")
    time.sleep(QUIET_S)
    assert len(sent) == count, [_said(one) for one in sent]
    return sent


def _said(message: dict[str, Any]) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            one["status"],
            one["labels"].get("alert", one["labels"]["alertname"]),
            one["labels"].get("unit", ""),
            one["annotations"].get("count", ""),
            one["annotations"].get("of", ""),
        )
        for one in message["alerts"]
    ]
