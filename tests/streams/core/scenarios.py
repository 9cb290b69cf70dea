"""Scenarios: native events of one dossier, short to write, and the case that they come to.

Times are civil times of September to December 2026 in Asia/Ho_Chi_Minh, written ``MM-DD HH:MM[:SS]``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

import pytest
from msgspec import convert

from streams.core.calendar import read_calendar
from streams.core.cases import Case, fresh
from streams.core.civil import MICROS, Civil, seconds
from streams.core.events import (
    Accepted,
    Event,
    SupplementReceived,
    SupplementRequested,
)
from streams.core.fields import keyed
from streams.core.limits import read_limits
from streams.core.rules import Rules
from streams.core.terms import Edition, Terms
from streams.core.verdicts import Verdict, judge
from streams.definitions import shipped_lines
from streams.sources.native import Reader

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CIVIL = Civil("Asia/Ho_Chi_Minh")
RULES = Rules(CIVIL)
READER = Reader(CIVIL, max_ahead=1 << 40)
LINES = shipped_lines("calendars", "vietnam")
CALENDAR = read_calendar(LINES, "vietnam", CIVIL)
LIMITS = read_limits(["procedure,count,unit,channel", "P,5,working_days,", "P,8,working_hours,online"], "limits")
COMPUTING = RULES._replace(terms=Terms([Edition(0, CALENDAR)], [Edition(0, LIMITS)]))
NONE, ON_TIME, LATE, ENDED, WITHIN, OVERDUE, OPEN = Verdict
Said: TypeAlias = Sequence[Event]


def at(text: str) -> datetime:
    form = "%Y-%m-%d %H:%M:%S" if text.count(":") == 2 else "%Y-%m-%d %H:%M"
    return datetime.strptime(f"2026-{text}", form).replace(tzinfo=ZONE)


def says(kind: type[Event], when: str, *, recorded: str | None = None, due: str = "", **more: object) -> Event:
    if due:
        more["due"] = at(due).isoformat() if " " in due else f"2026-{due}"
    more["recorded"] = at(recorded) if recorded else None
    return convert({"dossier": "H1", "at": at(when)} | more, kind)


def case_of(said: Said) -> Case:
    case = fresh()
    for event in said:
        fact = READER.translate(event, 0)
        case.fold(fact.recorded, fact.id, keyed(fact.set))
    return case


def clock(text: str) -> int:
    return seconds(at(text)) * MICROS


def verdict_of(said: Said, as_of: str) -> Verdict:
    return judge(case_of(said), clock(as_of), RULES).verdict


def accepted(due: str = "", recorded: str | None = None) -> Event:
    return says(Accepted, "10-01 08:00", recorded=recorded, due=due)


def received(when: str = "10-01 08:00", **more: str) -> Event:
    """Accepted with no due date, for the limit of 5 working days: due by it on Thursday 8 October at 17:00."""
    return convert({"dossier": "H1", "at": at(when), "procedure": "P", "unit": "U"} | more, Accepted)


DUE = accepted(due="10-10 17:00")
NO_DUE = accepted()
ASKED = says(SupplementRequested, "10-05 08:00")
RECEIVED = says(SupplementReceived, "10-07 08:00")  # two days later
APPOINTMENT = says(SupplementReceived, "10-07 08:00", due="10-20 17:00")
AGAIN = says(SupplementRequested, "10-08 08:00")


def claims(*rows: tuple[str, Said, str, Verdict]) -> list[Any]:
    return [pytest.param(said, as_of, verdict, id=claim) for claim, said, as_of, verdict in rows]
