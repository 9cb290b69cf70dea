"""The rules in SQL against those of the stages, over random histories and over a table of limits of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, product
from random import Random

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dashboards.audit.comparing import Kind
from dashboards.audit.definitions import Definitions, Edition
from dashboards.told import said_of
from streams.core import terms
from streams.core.calendar import read_calendar
from streams.core.civil import DAY, HOUR, MICROS
from streams.core.facts import Fact
from streams.core.limits import read_limits
from streams.core.register import read_register
from streams.core.rules import Rules, Scores
from streams.definitions import shipped_lines
from tests.dashboards.audit.audited import audited, batches, counted, streamed
from tests.streams.core import histories
from tests.streams.core.histories import CIVIL, FIRST, any_facts

REGISTER = """code,name,level,parent,valid_from,valid_to,aliases,saturday
VN,Việt Nam,country,,,,,
01,One,province,VN,,,,
02,Two,province,VN,,,,
U1,A unit that moves,commune,01,,2026-10-01,old-U1,
U1,A unit that moves,commune,02,2026-10-01,,,
U2,Works on Saturdays,department,02,,,,yes
U3,Was merged,commune,01,,2026-10-05,,
"""


def text(lines: list[str]) -> str:
    return "\n".join(lines)


def compare(facts: list[Fact], clock: int, definitions: Definitions) -> dict[str, int]:
    """How many figures of each kind agree; all have to."""
    calendars = [terms.Edition(at, read_calendar(told.splitlines(), "-", CIVIL)) for at, told in definitions.calendars]
    limits = [terms.Edition(at, read_limits(told.splitlines(), "-")) for at, told in definitions.limits]
    register = read_register(definitions.register.splitlines(), "-")
    rules = Rules(CIVIL, terms=terms.Terms(calendars, limits, register), scores=Scores(definitions.scores))
    said = batches(facts, clock)
    with counted(said, clock, definitions) as counting:
        lines, different = audited(counting, said_of(streamed(said, clock, rules, register)))
    assert different[:20] == []
    return {line.figures: line.compared for line in lines}


@pytest.mark.parametrize(("scores", "examples"), [(Scores.PROMISED, 150), (Scores.CURRENT, 80)])
def test_random_histories_are_counted_alike(scores: Scores, examples: int) -> None:
    facts: list[Fact] = []
    number = count()

    @settings(max_examples=examples, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(any_facts, min_size=3, max_size=12))
    def collect(history: list[Fact]) -> None:
        own = next(number)
        for fact in history:
            place = (0, len(facts), 0)
            facts.append(msgspec.structs.replace(fact, case=f"{fact.case}.{own}", origin=place))

    collect()
    calendars = (
        Edition(0, text(histories._CALENDAR)),
        Edition(histories.TERMS.calendars[1].holds, text(histories._OTHER_DAYS)),
    )
    limits = (
        Edition(0, text(histories._LIMITS)),
        Edition(histories.TERMS.limits[1].holds, text(histories._SHORTER)),
    )
    definitions = Definitions(REGISTER, calendars, limits, scores=scores.value)
    clock = FIRST + (6 * DAY + 5 * HOUR) * MICROS + 12_345 if scores is Scores.CURRENT else FIRST + 9 * DAY * MICROS
    compared = compare(facts, clock, definitions)
    assert compared["days"] > 60
    assert compared["late list"] > 9 * 2


UNITS = ("working_days", "working_hours", "calendar_days", "calendar_months", "same_day")
COUNTS = {
    "working_days": (1, 3, 20),
    "working_hours": (0.5, 7.75, 30),
    "calendar_days": (1, 9),
    "calendar_months": (1,),
}


def table() -> tuple[list[str], list[str]]:
    """Limits of every kind, some for a channel, a level, or from a day on; and the procedures."""
    rows = ["procedure,count,unit,channel,level,valid_from,same_time,cut_off"]
    names = count(1)
    procedures = []
    for unit, same_time in product(UNITS, ("", "yes")):
        for many in COUNTS.get(unit, (0,)):
            name = f"P{next(names)}"
            procedures.append(name)
            rows.append(f"{name},{many},{unit},,,,{same_time},{'16:30' if many else '09:00'}")
            rows.append(f"{name},{many + 1},{unit},online,,2026-09-01,,")
            rows.append(f"{name},{many + 2},{unit},,commune,2026-09-15,,")
            rows.append(f"{name},{many + 3},{unit},online,department,2026-08-01,,")
    return rows, procedures


def calendar() -> list[str]:
    """Viet Nam's, with other office hours and a worked Saturday morning from an autumn day on."""
    row = "{day},,{kind},{value},,,a test"
    more = [
        row.format(day="2026-10-15", kind="hours", value="08:00-12:00 13:15-16:15"),
        row.format(day="2026-11-01", kind="weekdays", value="Mon-Sat"),
    ]
    return [*shipped_lines("calendars", "vietnam"), *more]


def dossiers(procedures: list[str]) -> Iterator[Fact]:
    """Dossiers without a promised date, received at any time, with rounds of supplement, ended or not."""
    dice = Random(766)
    begins = FIRST // MICROS - 30 * DAY
    for number in range(700):
        case = f"H{number % 7}-{number}"
        received = begins + dice.randrange(60 * DAY // 900) * 900
        if number % 50 == 0:
            received = begins + dice.randrange(500, 900) * DAY  # 2028 is not known
        said = {"accepted": received, "procedure": dice.choice(procedures), "channel": dice.choice((1, 2, 3))}
        said |= {"unit": dice.choice(("U1", "U2", "U3", "old-U1", "no such unit")), "received_unit": "U2"}
        told = [said]
        if dice.random() < 0.4:
            asked = received + dice.randrange(9 * DAY)
            told.append({"asked": asked})
            if dice.random() < 0.8:
                told.append({"completed": asked + dice.randrange(1, 6 * DAY)})
        if dice.random() < 0.6:
            told.append({"finished": received + dice.randrange(25 * DAY)})
        for place, held in enumerate(told):
            at = max(value for value in held.values() if isinstance(value, int))
            yield Fact(case, "-", at, at * MICROS, f"{number}-{place}", held)


def test_limits_of_every_kind_give_the_same_due_dates() -> None:
    rows, procedures = table()
    definitions = Definitions(REGISTER, (Edition(0, text(calendar())),), (Edition(0, text(rows)),))
    facts = [msgspec.structs.replace(fact, origin=(0, number, 0)) for number, fact in enumerate(dossiers(procedures))]
    compared = compare(facts, FIRST + 25 * DAY * MICROS, definitions)
    assert set(compared) == {kind.value for kind in Kind} - {"history"}
    assert compared["days"] > 500
