"""Computed due dates through Kafka: a scenario for each rule, read back by `motcua report`, `explain` and `moved`."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from msgspec import convert

from simulators.workers import environment
from streams.cli import main
from streams.core.civil import MICROS, seconds
from streams.core.events import (
    Accepted,
    Event,
    Extended,
    Finished,
    NotAccepted,
    PaymentPaid,
    PaymentRequested,
    Reopened,
    ResultReturned,
    Stopped,
    SupplementReceived,
    SupplementRequested,
    Withdrawn,
)
from streams.core.facts import Batch
from streams.core.routing import partition_of
from streams.core.watchlist import decode_entry
from streams.definitions import shipped_lines
from streams.reading import RunReader
from streams.settings import Settings
from tests.conftest import SettingsFor
from tests.dashboards.stages_by_hand import write_facts
from tests.flow.fleet import Worker, until
from tests.flow.rest import said_at, wait_for_rest, write_tick
from tests.streams.core.histories import calendar_row
from tests.streams.core.scenarios import READER, at

PARTITIONS = 2
LIMITS = "procedure,count,unit,channel,source\nP,5,working_days,,Decision 1\nH,8,working_hours,,\nS,1,same_day,,\n"
NOW, CHANGED, LATER = (seconds(at(text)) * MICROS for text in ("10-12 08:00", "10-12 09:00", "10-30 08:00"))


class Told(NamedTuple):
    """A dossier, and what must be read back of it as of Monday 12 October 2026, 8:00."""

    name: str
    events: tuple[Event, ...]
    verdict: str
    due: str | None
    computed: bool = True


def says(kind: type[Event], when: str, **more: Any) -> Event:
    return convert({"dossier": "U1", "at": at(when)} | more, kind)


def got(when: str = "10-01 08:00", procedure: str = "P", **more: Any) -> Event:
    return says(Accepted, when, procedure=procedure, unit="U1", received_by="U1", **more)


ASKED, RECEIVED = says(SupplementRequested, "10-05 08:00"), says(SupplementReceived, "10-07 08:00")
DUE = "2026-10-08 17:00"
TOLD = (
    Told("at-the-second", (got(), says(Finished, "10-08 17:00")), "on_time", DUE),
    Told("a-second-late", (got(), says(Finished, "10-08 17:00:01")), "late", DUE),
    Told("late-hand-over", (got(), says(Finished, "10-08 16:00"), says(ResultReturned, "10-09 09:00")), "on_time", DUE),
    Told("open-overdue", (got(),), "open_overdue", DUE),
    Told("open-within", (got("10-08 15:01"),), "open_within", "2026-10-15 17:00"),
    Told("hours", (got("10-06 10:00", "H"),), "open_overdue", "2026-10-07 10:00"),
    Told("same-day", (got("10-06 15:00", "S"), says(Finished, "10-06 17:00")), "on_time", "2026-10-06 17:00"),
    Told("after-cut-off", (got("10-06 15:01", "S"), says(Finished, "10-07 17:00")), "on_time", "2026-10-07 17:00"),
    Told("waits", (got(), ASKED), "open_within", DUE),
    Told("one-supplement", (got(), ASKED, RECEIVED), "open_within", "2026-10-12 17:00"),
    Told(
        "two-supplements",
        (got(), ASKED, RECEIVED, says(SupplementRequested, "10-08 08:00")),
        "open_overdue",
        "2026-10-12 17:00",
    ),
    Told(
        "appointed",
        (got(), ASKED, says(SupplementReceived, "10-07 08:00", due=at("10-20 17:00").isoformat())),
        "open_within",
        "2026-10-20 17:00",
        computed=False,
    ),
    Told(
        "payment",
        (got(), says(PaymentRequested, "10-02 08:00"), says(PaymentPaid, "10-05 08:00", by="counter")),
        "open_overdue",
        DUE,
    ),
    Told("withdrawn", (got(), says(Withdrawn, "10-09 08:00")), "late", DUE),
    Told("stopped", (got(), says(Stopped, "10-07 08:00")), "on_time", DUE),
    Told("refused", (got(), says(NotAccepted, "10-07 08:00")), "on_time", DUE),
    Told("voided", (got(), says(Finished, "10-07 08:00"), says(Reopened, "10-07 09:00")), "open_overdue", DUE),
    Told("no-limit", (got(procedure="Q"),), "open_no_due", None, computed=False),
    Told(
        "promised",
        (got(due=at("10-20 17:00").isoformat()), says(Extended, "10-09 08:00", due=at("10-25 17:00").isoformat())),
        "open_within",
        "2026-10-20 17:00",
        computed=False,
    ),
)
REFUSED = (says(NotAccepted, "10-02 08:00"),)


def batches(told: tuple[Told, ...]) -> Iterator[tuple[int, Batch]]:
    number = 0
    for name, events in [(one.name, one.events) for one in told] + [("never-accepted", REFUSED)]:
        case, facts = f"U1-{name}", []
        for event in events:
            fact = READER.translate(convert({**_plain(event), "dossier": case}, type(event)), 0, (0, number, 0))
            facts.append(fact)
            number += 1
        yield partition_of(case, PARTITIONS), Batch(NOW, facts, ["replay/told/0"])


def _plain(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


class Commands:
    """The command line, as a person uses it on this run."""

    def __init__(self, settings: Settings) -> None:
        self.environment = environment(settings, os.environ)
        self.run = settings.run

    def __call__(self, *words: str) -> str:
        with_run = [*words, "--run", self.run]
        result = CliRunner().invoke(main, with_run, env=self.environment, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    def json(self, *words: str) -> Any:
        return json.loads(self(*words, "--json"))


@pytest.mark.integration
def test_every_rule_sent_through_kafka_is_read_back_and_a_changed_calendar_moves_what_was_computed(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    limits, calendar = tmp_path / "limits.csv", tmp_path / "calendar.csv"
    limits.write_text(LIMITS, encoding="utf-8")
    other = [*shipped_lines("calendars", "vietnam"), calendar_row("2026-10-13", "holiday")]
    calendar.write_text("\n".join(other), encoding="utf-8")
    settings = settings_for(run_name, partitions=PARTITIONS, limits=limits, list_codes=True)
    commands = Commands(settings)
    write_facts(settings, batches(TOLD), NOW)
    worker = Worker(settings, tmp_path / "worker.log")
    worker.launch()
    try:
        wait_for_rest(settings, NOW, 60, worker.words)
        _read_back(commands)
        _listed(commands)
        commands("calendar", "set", str(calendar), "--holds", "2026-10-12T09:00")
        write_tick(settings, CHANGED)
        wait_for_rest(settings, CHANGED, 60, worker.words)
        _moved(commands)
        said = said_at(settings, CHANGED)
        assert said.pipeline == said.facts
        write_tick(settings, LATER)
        wait_for_rest(settings, LATER, 60, worker.words)
        assert said_at(settings, LATER).pipeline == said_at(settings, LATER).facts
        flips = _flips(settings)
        assert flips["U1-one-supplement"] == (False, True)
        assert flips["U1-promised"] == flips["U1-appointed"] == (True,)  # one tick went over their warning, too
        worker.end()
        worker.launch()  # what it learned of the change is in the log
        until(lambda: worker.words().count("ready:") == 2, 60, worker.words)
        wait_for_rest(settings, LATER, 60, worker.words)
        assert said_at(settings, LATER).pipeline == said_at(settings, LATER).facts
        assert _flips(settings) == flips
        found = _late(commands)
        assert {line["state"] for name, line in found.items() if name != "U1-waits"} == {"late"}
        known = {name for name, line in found.items() if line["acknowledged"]}
        assert known == {"U1-open-overdue"}, "one-supplement was known while it was in time, and has turned late since"
        assert found["U1-one-supplement"]["note"] == "thiếu bản vẽ"
    finally:
        worker.end()


def _read_back(commands: Commands) -> None:
    for one in TOLD:
        shown = commands.json("explain", f"U1-{one.name}")
        due = shown["due"]["scoring"]
        assert (shown["verdict"], due and due[:16]) == (one.verdict, one.due), one.name
        assert (shown["computed"] or {}).get("scores", False) == one.computed, one.name
    report = commands.json("report", "--unit", "U1")
    assert report["versions"]["limits"]
    assert report["versions"]["calendar"]
    counts = report["units"][0]["counts"]
    verdicts = [one.verdict for one in TOLD]
    assert {name: counts[name] for name in set(verdicts)} == {name: verdicts.count(name) for name in set(verdicts)}
    assert counts["received"] == len(TOLD)
    assert counts["due_computed"] == sum(one.computed for one in TOLD)
    assert (counts["found_several_supplements"], counts["found_end_voided"]) == (1, 1)
    assert (counts["timed"], counts["closed_without_result"]) == (5, 3)
    vietnamese = commands("explain", "U1-one-supplement", "--lang", "vi")
    assert "tạm dừng chờ bổ sung hồ sơ, cộng lại 16 giờ làm việc" in vietnamese
    assert "Đến hạn: thứ Hai 12/10/2026 17:00" in vietnamese
    assert "source: Decision 1" in commands("explain", "U1-open-within", "--lang", "en")


def _late(commands: Commands) -> dict[str, dict[str, Any]]:
    return {line["dossier"]: line for line in commands.json("late")["dossiers"]}


def _listed(commands: Commands) -> None:
    """What turned late with no event is on the list, and what people say of it is taken."""
    states = {name: line["state"] for name, line in _late(commands).items()}
    overdue = [f"U1-{one.name}" for one in TOLD if one.verdict == "open_overdue"]
    assert states == {**dict.fromkeys(overdue, "late"), "U1-one-supplement": "today", "U1-waits": "paused"}
    commands("late", "ack", "U1-open-overdue", "U1-one-supplement")
    commands("late", "note", "U1-one-supplement", "thiếu bản vẽ")
    assert {name for name, line in _late(commands).items() if line["acknowledged"]} == {
        "U1-open-overdue",
        "U1-one-supplement",
    }
    counts = commands.json("report", "--unit", "U1")["units"][0]["counts"]
    assert (counts["due_soon"], counts["due_today"], counts["due_paused"]) == (0, 1, 1)


def _flips(settings: Settings) -> dict[str, tuple[bool, ...]]:
    """Of each case that was ever on the list, whether it was late: each change once, whoever told it."""
    seen: dict[str, list[bool]] = {}
    with RunReader(settings) as reader:
        for message in reader.read("watchlist"):
            if message.key is not None and message.value is not None:
                flags = seen.setdefault(message.key.decode(), [])
                late = decode_entry(message.value).late
                if flags[-1:] != [late]:
                    flags.append(late)
    return {case: tuple(flags) for case, flags in seen.items()}


def _moved(commands: Commands) -> None:
    [edition] = commands.json("moved")["editions"]
    assert {one["dossier"]: one["after"][:16] for one in edition["dossiers"]} == {
        "U1-open-within": "2026-10-16 17:00",
    }
    assert "1 due dates moved" in commands("moved")
    moved = commands.json("explain", "U1-open-within")
    assert moved["due"]["scoring"].startswith("2026-10-16 17:00")
    assert commands.json("explain", "U1-promised")["due"]["scoring"].startswith("2026-10-20 17:00")
    assert "from 2026-10-12 09:00" in commands("calendar", "show")
