"""The audit counts what the stages count, and says where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboards.audit.comparing import Difference, Kind, Said, Value, write
from dashboards.audit.counting import Counting
from dashboards.audit.definitions import Definitions, Edition
from dashboards.told import Truth, closed_of, meant_of, said_of
from simulators.dirt import DIRT
from simulators.expected import MEANT, Expected
from simulators.happenings import CALENDAR
from simulators.scenarios import scenario_named
from simulators.simulation import Simulation
from simulators.truth_files import calendar_text
from streams.core.civil import DAY, MICROS
from streams.core.facts import Batch
from streams.core.history import KEPT, DayRecord
from streams.core.index import UnitIndex
from streams.definitions import shipped_lines
from streams.registers import SIMULATED
from tests.dashboards.audit.audited import audited, batches, counted, streamed
from tests.simulators.test_truth import ALL, Sent, rules_of, small
from tests.simulators.worlds import REGISTER

SHIPPED = {
    kind: "\n".join(shipped_lines(kind, name))
    for kind, name in (("registers", SIMULATED), ("calendars", "vietnam"), ("limits", SIMULATED))
}


def definitions_of(played: Simulation) -> Definitions:
    turns = [one.begins * MICROS for one in played.incidents if one.kind == CALENDAR]
    calendars = [Edition(0, SHIPPED["calendars"]), *(Edition(turn, calendar_text(played)) for turn in turns)]
    return Definitions(SHIPPED["registers"], tuple(calendars), (Edition(0, SHIPPED["limits"]),))


def closed(entry: UnitIndex) -> DayRecord:
    """The daily close that follows from a record of the index."""
    counts: dict[str, int] = {name: entry.counts[name] for name in KEPT if name in entry.counts}
    assert entry.score is not None
    return DayRecord(
        entry.unit, entry.period, entry.level, "2026-11-23", 0, counts, entry.settled, entry.score, entry.place
    )


class Run:
    """A simulated run as of an instant: its facts by partition, and what the stages say of them."""

    def __init__(self, scenario: str, units: int, seconds_before_end: int = 0) -> None:
        self.played = small(scenario_named(scenario), ALL, units)
        self.sent = Sent(self.played)
        self.clock = (self.played.ends - seconds_before_end) * MICROS
        self.batches = batches(self.sent.facts, self.clock)
        self.definitions = definitions_of(self.played)
        stream = streamed(self.batches, self.clock, rules_of(self.played), REGISTER)
        sent = self.sent
        truth = Truth(lambda as_of: Expected(sent.truth, as_of, petitions=sent.petitions).cells(), MEANT)
        closes = [closed(entry) for entry in stream.entries if entry.period != "all"]
        self.said = [*said_of(stream), *closed_of(closes), *meant_of(truth, self.clock)]

    @contextmanager
    def counted(self, said: list[Batch] | None = None) -> Iterator[Counting]:
        """The run, or other facts of it, counted by the audit."""
        with counted(said or self.batches, self.clock, self.definitions) as counting:
            counting.mean(MEANT)
            yield counting


@pytest.fixture(scope="module")
def run() -> Run:
    return Run("normal-fortnight", 4)


@pytest.fixture(scope="module")
def counting(run: Run) -> Iterator[Counting]:
    with run.counted() as held:
        yield held


def test_stream_audit_and_truth_agree_under_all_dirt_at_once(run: Run, counting: Counting) -> None:
    assert set(run.sent.dirt) == {"", *(kind.name for kind in DIRT)}
    lines, different = audited(counting, run.said)
    assert different == []
    assert {line.figures: line.different for line in lines} == dict.fromkeys(Kind, 0)
    assert all(line.compared for line in lines)
    compared = {line.figures: line.compared for line in lines}
    assert compared["counts"] > 1000
    assert compared["days"] > 500
    assert compared["truth"] > 500
    assert compared["late list"] >= 7 * 10
    assert compared["ranks"] > 50


def test_they_agree_in_the_middle_of_a_day_while_the_calendar_changes() -> None:
    run = Run("calendar-changed", 2, 12 * DAY - 36_000)
    with run.counted() as counting:
        assert audited(counting, run.said)[1] == []


# One figure of each kind: how it is found, by its name and what must hold of what is said, and what it becomes.
TAMPERED: tuple[tuple[Kind, str, Value], ...] = (
    (Kind.CASES, "cases", 1),
    (Kind.ITEMS, "accounted for", 5),
    (Kind.DAYS, "on_time_week", 17),
    (Kind.COUNTS, "received", 17),
    (Kind.COUNTS, "allowed_minutes", 17),
    (Kind.COUNTS, "postal", None),
    (Kind.INDICATORS, "2.1 numerator", 17),
    (Kind.POINTS, "3.6", 1),
    (Kind.POINTS, "MDSH", 1),
    (Kind.TOTALS, "total", 4321),
    (Kind.TOTALS, "band", "superb"),
    (Kind.RANKS, "rank", 33),
    (Kind.RANKS, "state", "provisional"),
    (Kind.LATE_LIST, "due", 1),
    (Kind.LATE_LIST, "late", None),
    (Kind.HISTORY, "finished_late", 17),
    (Kind.TRUTH, "paid_online", 17),
)


@pytest.mark.parametrize(("kind", "name", "value"), TAMPERED)
def test_one_figure_that_is_tampered_with_is_named(
    run: Run, counting: Counting, kind: Kind, name: str, value: Value
) -> None:
    place = next(place for place, one in enumerate(run.said) if one.figures is kind and name in one.values)
    one = run.said[place]
    before = _text(one.values[name])
    tampered = [*run.said]
    tampered[place] = one._replace(values={**one.values, name: value})
    lines, different = audited(counting, tampered)
    assert different == [Difference(kind.value, one.subject, one.period, name, _text(value), before)]
    assert {line.figures for line in lines if line.different} == {kind.value}


def _text(value: Value) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_a_dossier_that_is_missing_from_the_late_list_or_should_not_be_on_it_is_named(
    run: Run, counting: Counting
) -> None:
    place = next(place for place, one in enumerate(run.said) if one.figures is Kind.LATE_LIST)
    gone = run.said[place]
    _, different = audited(counting, [*run.said[:place], *run.said[place + 1 :]])
    assert {(one.subject, one.said) for one in different} == {(gone.subject, None)}
    assert len(different) == len(gone.values)
    _, different = audited(counting, [*run.said, gone._replace(subject="of nobody")])
    assert {(one.subject, one.audit) for one in different} == {("of nobody", None)}


def test_one_lost_fact_is_found_in_counts_items_days_and_by_the_truth(run: Run) -> None:
    lost = next(fact for fact in run.sent.facts if fact.kind == "finished")
    left = [fact for fact in run.sent.facts if fact.case != lost.case or fact.kind not in {"finished", "returned"}]
    with run.counted(batches(left, run.clock)) as counting:
        lines, _ = audited(counting, run.said)
    assert {line.figures for line in lines if line.different} >= {"items", "days", "counts", "truth", "indicators"}


def test_differences_are_written_as_a_table(run: Run, counting: Counting, tmp_path: Path) -> None:
    extra = Said(Kind.RANKS, "01", "2026-11", {"rank": 5})
    _, different = audited(counting, [*run.said, extra])
    write(different, tmp_path / "different.csv")
    text = (tmp_path / "different.csv").read_text(encoding="utf-8")
    assert text == "figures,unit or dossier,period,name,stream or truth,audit\nranks,01,2026-11,rank,5,\n"
