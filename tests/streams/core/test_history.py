"""The history: a record of what changed at each midnight, restatements after the grace, and a take-over in between."""

from __future__ import annotations

import random
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.calendar import read_calendar
from streams.core.civil import HOUR, MICROS, Civil, day_number
from streams.core.closing import Closing, Written
from streams.core.history import DayRecord, History, Restatement, decode_day, decode_restatement, is_day
from streams.core.register import read_register
from streams.core.rules import Rules
from streams.core.tallies import CellValue, ClockValue, Complete, Kind, cell_key, encode, sign_key
from streams.core.terms import Edition, Terms
from streams.definitions import shipped_lines

REGISTER = read_register(
    ["code,name,level,parent", "VN,Việt Nam,country,", "P1,Một,province,VN", "P2,Hai,province,VN"], "t"
)
CIVIL = Civil("Asia/Ho_Chi_Minh")
CALENDAR = read_calendar(shipped_lines("calendars", "vietnam"), "vietnam", CIVIL)
RULES = Rules(CIVIL, terms=Terms([Edition(0, CALENDAR)], [], REGISTER))
FIRST = day_number(date(2026, 10, 26))  # a Monday; the month ends on a Saturday, its grace on Monday 2 November
Change = tuple[int, str, int, dict[str, int]]  # day and hour of the log, unit, day of reception, counts


class Run:
    """A log with one partition, closed hour by hour; `again` takes over with what is written."""

    def __init__(self) -> None:
        self.records: list[tuple[bytes, bytes]] = []
        self.written: dict[bytes, bytes] = {}
        self.again()
        self.put(sign_key(0, 1, Kind.COMPLETE), Complete(0))
        self.clock(FIRST, 0)

    def again(self, closed: int = 0) -> None:
        self.closing, self.history = Closing(REGISTER, 1, lambda: RULES, closed), History()
        for key, value in self.written.items():
            self.history.learn(key, value)
        for key, value in self.records:
            self.take(key, value)

    def put(self, key: str, value: object) -> None:
        self.records.append((key.encode(), encode(value)))
        self.take(*self.records[-1])

    def take(self, key: bytes, value: bytes) -> None:
        self.closing.take(key, value)
        while (hour := self.closing.close_next()) is not None:
            for one in self.history.close(hour):
                assert isinstance(one, Written)
                assert one.value is not None
                self.written[one.key] = one.value

    def cell(self, unit: str, day: int, counts: dict[str, int]) -> None:
        self.put(cell_key(0, 1, unit, day), CellValue(1, counts))

    def clock(self, day: int, hour: int) -> None:
        self.put(sign_key(0, 1, Kind.CLOCK), ClockValue((CIVIL.midnight(day) + hour * HOUR) * MICROS, 1, 0, {}))

    def days(self) -> list[DayRecord]:
        return [decode_day(value) for key, value in self.written.items() if is_day(key)]

    def restated(self) -> list[Restatement]:
        return [decode_restatement(value) for key, value in self.written.items() if not is_day(key)]


def test_each_period_that_holds_the_day_gets_a_record_when_it_changed_and_none_when_it_did_not() -> None:
    run = Run()
    run.cell("P1", FIRST, {"received": 20, "on_time_month": 20})
    run.clock(FIRST, 10)
    run.clock(FIRST + 3, 0)
    found = {(one.period, one.unit, one.day): one for one in run.days()}
    periods = ("2026-W44", "2026-10", "2026-Q4", "2026")
    assert found.keys() == {(period, unit, "2026-10-26") for period in periods for unit in ("P1", "VN")}
    month = found["2026-10", "P1", "2026-10-26"]
    assert (month.counts["received"], month.counts["on_time"], month.settled) == (20, 20, 20)
    assert month.as_of == CIVIL.midnight(FIRST + 1) * MICROS
    assert month.score.figures["2.1"].points == 2000
    assert month.place is not None
    assert (month.place.rank, month.place.of) == (1, 1)
    assert found["2026-10", "VN", "2026-10-26"].place is None


def test_who_got_another_rank_has_a_record_though_its_counts_stand() -> None:
    run = Run()
    run.cell("P1", FIRST, {"received": 20, "on_time_month": 10})
    run.clock(FIRST + 1, 0)
    run.cell("P2", FIRST, {"received": 20, "on_time_month": 20})
    run.clock(FIRST + 2, 0)
    ranks = {(one.unit, one.day): one.place.rank for one in run.days() if one.period == "2026-10" and one.place}
    assert ranks == {("P1", "2026-10-26"): 1, ("P1", "2026-10-27"): 2, ("P2", "2026-10-27"): 1}


def test_a_change_after_the_grace_is_restated_and_one_within_it_is_not() -> None:
    run = Run()
    run.cell("P1", FIRST, {"received": 20, "online": 4})
    run.clock(FIRST + 1, 0)
    run.cell("P1", FIRST, {"received": 20, "online": 5})
    run.clock(FIRST + 8, 0)  # the end of Monday 2 November
    assert [one for one in run.restated() if one.period == "2026-10"] == []
    run.cell("P1", FIRST, {"received": 20, "online": 8})
    run.clock(FIRST + 9, 0)
    [restated] = [
        one for one in run.restated() if one.period == "2026-10" and one.unit == "P1" and one.indicator == "3.3"
    ]
    assert (restated.day, restated.cases) == ("2026-11-03", 3)
    assert (restated.old.numerator, restated.new.numerator, restated.new.denominator) == (5, 8, 20)
    assert {one.period for one in run.restated()} == {"2026-W44", "2026-10"}  # quarter and year still last


changes = st.lists(
    st.tuples(
        st.integers(0, 20 * 24),
        st.sampled_from(["P1", "P2"]),
        st.integers(0, 9),
        st.fixed_dictionaries({"received": st.integers(1, 30)}, optional={"online": st.integers(0, 30)}),
    ),
    max_size=12,
).map(lambda found: sorted(found, key=lambda one: one[0]))


@settings(max_examples=20)
@given(changes, st.integers(0, 2**30))
def test_a_take_over_at_any_hour_writes_what_would_have_been_written(made: list[Change], seed: int) -> None:
    dice, plain, moved = random.Random(seed), Run(), Run()
    for hours, unit, day, counts in made:
        for run in (plain, moved):
            run.cell(unit, FIRST + day, counts)
            run.clock(FIRST, hours + 1)
        if dice.random() < 0.3:
            moved.again(moved.closing.closed if dice.random() < 0.7 else moved.closing.closed - 24 * HOUR * MICROS)
    for run in (plain, moved):
        run.clock(FIRST + 30, 0)
    assert moved.written == plain.written
