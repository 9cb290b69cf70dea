"""The scenarios: one entry each, and what it lets happen beside the ordinary."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.happenings import (
    BulkClosing,
    CalendarChange,
    Happening,
    Merger,
    Perfect,
    Silence,
    Surge,
    Unanswered,
    WrongClocks,
)
from streams.errors import MotcuaError

COUNTRY: Final = "all"


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario.

    Scenarios with the same `dice` throw alike with the same seed, so they differ only in what they let happen.
    `starts` is the first day where it matters (an ISO date; empty: so that the last day is yesterday), `province`
    whose units when none is named (empty: one province; `all`: the country).
    """

    name: str
    says: str
    dice: str = "ordinary"
    days: int = 14
    starts: str = ""
    province: str = ""
    happens: tuple[Happening, ...] = ()


SCENARIOS: Final = (
    Scenario(name="normal-fortnight", says="Two ordinary weeks: about nine of ten dossiers on time, units differ."),
    Scenario(name="normal-month", says="An ordinary month.", days=30),
    Scenario(
        name="after-tet",
        says="The weeks around Tết 2026: nine days off, then what has waited comes in at once.",
        days=28,
        starts="2026-02-09",
    ),
    Scenario(
        name="communes-merge",
        says="On the 15th day one commune becomes part of its neighbour; a lull before, a rush after. "
        "With --truth the register as changed is written, too.",
        days=30,
        happens=(Merger(first=14),),
    ),
    Scenario(
        name="commune-overwhelmed",
        says="From the fifth day on one commune receives four times as much: its queue grows and dossiers become late.",
        happens=(Surge(factor=4.0, first=4),),
    ),
    Scenario(
        name="source-silent",
        says="One software in three sends nothing on the eighth day, and everything at once at its end.",
        happens=(Silence(software="sim-batches", first=7),),
    ),
    Scenario(
        name="bulk-closing",
        says="At nine in the evening of the last day one commune finishes everything that is open, by a few clicks.",
        days=30,
        happens=(BulkClosing(),),
    ),
    Scenario(
        name="calendar-changed",
        says="On the eighth day it becomes known that an office day from the 16th on is off and a Saturday worked. "
        "With --truth the calendar as changed is written, too.",
        days=30,
        happens=(CalendarChange(known=7, off=15),),
    ),
    Scenario(
        name="clocks-wrong",
        says="The clock of one commune's software is an hour slow, that of another's an hour fast.",
        happens=(WrongClocks(),),
    ),
    Scenario(
        name="petitions-unanswered",
        says="From the fourth day on two petitions a day come to one commune, and none is answered: the first of them "
        "are overdue after 15 working days.",
        days=30,
        happens=(Unanswered(first=3),),
    ),
    Scenario(
        name="perfect-month",
        says="A month in which nothing goes wrong: every dossier on time, everything digital, no complaint.",
        days=30,
        happens=(Perfect(),),
    ),
    Scenario(
        name="national-year",
        says="All 34 provinces in 2026; some 150 million events, so give --units or --days to see less.",
        days=365,
        starts="2026-01-01",
        province=COUNTRY,
    ),
)


class UnknownScenario(MotcuaError):
    """A name that no scenario has."""


def scenario_named(name: str) -> Scenario:
    """The scenario of a name; UnknownScenario lists those that there are."""
    for scenario in SCENARIOS:
        if scenario.name == name:
            return scenario
    names = ", ".join(scenario.name for scenario in SCENARIOS)
    raise UnknownScenario(f"There is no scenario '{name}'. There are: {names}.")
