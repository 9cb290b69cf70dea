"""Row `watchlist`: were dossiers on the list before they turned late, and what their timers weigh; the pure core."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

from streams.core.cases import fresh
from streams.core.civil import DAY, HOUR, MICROS
from streams.core.contributions import effect
from streams.core.facts import Fact
from streams.core.fields import keyed
from streams.core.forecast import Dossier
from streams.core.timers import Timers
from streams.sources.native import Reader
from tests.bench.figures import Figure
from tests.bench.forecasts import HELD_OUT, History
from tests.bench.ground import Ground
from tests.bench.traffic import CIVIL

_UNITS, _DAYS = 12, 40


def measure(ground: Ground) -> list[Figure]:
    """Every late dossier of simulated worlds as it was known a working day before; timers of a million open cases."""
    before = asked = 0
    for name, seed, start in HELD_OUT[: ground.sized(2, 1)]:
        history = History(name, seed, start, ground.sized(_UNITS, 2), ground.sized(_DAYS, 14))
        for listed in _listed_before(history):
            asked += 1
            before += listed
        ground.say(f"{name}, seed {seed}: {asked} late dossiers so far")
    count = ground.sized(1_000_000, 10_000)
    return [
        Figure("turned late with a limit above a working day, on the list a working day before", before / asked * 100,
               "%", at_least=90, beside=f"{asked:,} dossiers"),
        Figure("timers, due in the hours of a month", _weight(count, 30 * DAY) / count, "B a case", at_most=200,
               beside=f"{count:,} open cases"),
        Figure("timers, all due within one hour that has come", _weight(count, HOUR) / count, "B a case", at_most=200,
               beside=f"{count:,} open cases"),
    ]  # fmt: skip


def _listed_before(history: History) -> Iterator[bool]:
    """For each dossier that turned late and had more than a working day: whether it was listed a working day before."""
    facts: dict[str, list[Fact]] = {}
    for fact in history.played.facts(Reader(CIVIL, 3600)):
        facts.setdefault(fact.case, []).append(fact)
    for held in history.units.values():
        for one in held:
            if one.due is not None and one.due < history.played.ends and (one.ended is None or one.ended > one.due):
                found = _was_listed(one, facts[one.code], history)
                if found is not None:
                    yield found


def _was_listed(one: Dossier, facts: list[Fact], history: History) -> bool | None:
    """As of a working day before it turned late, by what was known then; None where its limit was shorter."""
    assert one.due is not None
    calendar = history.calendar
    day = calendar.worked_between(*_office(history, one.due))
    if calendar.worked_between(one.received, one.due) <= day:
        return None
    before = calendar.after(one.received, calendar.worked_between(one.received, one.due) - day) * MICROS
    case = fresh()
    for fact in facts:
        if fact.recorded < before:
            case.fold(fact.recorded, fact.id, keyed(fact.set))
    return effect(case, before, history.rules).watch is not None


def _office(history: History, instant: int) -> tuple[int, int]:
    """Open and close of the working day of an instant, else of the one before."""
    calendar = history.calendar
    day = calendar.nth_working_day(calendar.working_days_before(CIVIL.day(instant) + 1) - 1)
    office = calendar.office(day)
    return office[0][0], office[-1][1]


def _weight(count: int, span: int) -> int:
    """Bytes that timers take beside the codes of the cases, spread over so many seconds, when the first has come."""
    codes = [f"H{number:08}" for number in range(count)]
    instants = {code: number * span // count * MICROS + 1 for number, code in enumerate(codes)}
    gc.collect()
    tracemalloc.start()
    timers = Timers(lambda code: instants[code])
    for code, instant in instants.items():
        timers.push(instant, code)
    timers.peek(HOUR * MICROS)
    weight = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return weight
