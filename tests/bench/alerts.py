"""Row `alerts`: how good the alerts are on simulated months of a province with injected incidents, without Kafka.

What each figure means is said in `tests.bench.alert_scores`.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from streams.core.alerting.catalogue import BY_ID
from streams.core.civil import ALL, MICROS
from streams.definitions import base_rules
from streams.registers import as_simulated, register_of
from streams.settings import load
from tests.bench.alert_scores import Figures, Scores, Seen, scores, warned_before
from tests.bench.alert_worlds import PROVINCE, Size, World, incidents, play, world
from tests.bench.figures import Figure
from tests.bench.ground import Ground

STARTS: Final = (date(2026, 3, 2), date(2026, 7, 1))
FIRST_SEED: Final = 3
"""Thresholds were chosen on the worlds of seeds 1 and 2."""


def measure(ground: Ground) -> list[Figure]:
    """The four figures over some provinces' months."""
    worlds, units, days = ground.sized(2, 1), ground.sized(24, 6), ground.sized(70, 30)
    settings = as_simulated(load({"HOME": "/"}))
    register = register_of(settings)
    rules = base_rules(settings, register)
    found: list[Scores] = []
    early = late = 0
    for place in range(worlds):
        size, seed = Size(units, STARTS[place % len(STARTS)], days), FIRST_SEED + place
        told = incidents(register, size, seed)
        one = world(rules, register, told, size, seed)
        seen, ordinary = _played(one), _played(world(rules, register, (), size, seed))
        found.append(scores(seen, ordinary, told))
        before, all_late = warned_before(one.late, one.office)
        early, late = early + before, late + all_late
        ground.say(f"seed {seed}: {found[-1]}")
    return [*_figures(found), _share("late, on the list a working day before", early, late, "dossiers", 90)]


def _figures(found: list[Scores]) -> list[Figure]:
    unit_days, province_days = sum(one.unit_days for one in found), sum(one.province_days for one in found)
    to_units, to_province = sum(one.unit_messages for one in found), sum(one.province_messages for one in found)
    of = f"{len(BY_ID)} conditions; {sum(one.incidents for one in found)} incidents injected"
    return [
        Figure(
            "notifications a unit and working day",
            to_units / unit_days,
            "",
            at_most=2,
            beside=f"{unit_days} days; {of}",
        ),
        Figure("notifications to the province a working day", to_province / max(province_days, 1), "", at_most=5),
        _share(
            "incidents announced within a working hour",
            sum(one.announced for one in found),
            sum(one.visible for one in found),
            "visible",
            95,
        ),
        _share(
            "notifications that belong to an incident",
            sum(one.belonging for one in found),
            sum(one.messages for one in found),
            "sent",
            90,
        ),
    ]


def _share(what: str, part: int, whole: int, unit: str, least: float) -> Figure:
    return Figure(what, 100 * part / max(whole, 1), "%", at_least=least, beside=f"{part} of {whole} {unit}")


def _played(one: World) -> Seen:
    """Play it to its end; what was seen at every closed working hour."""
    seen = Seen(one.office, tuple(unit.code for unit in one.simulation.units), PROVINCE)

    def look(at: int, now: World) -> None:
        if now.office.is_worked(at // MICROS):
            seen.figures[at] = {unit: _figures_of(now, unit) for unit in seen.units}

    play(one, look)
    seen.transitions = one.transitions
    return seen


def _figures_of(one: World, unit: str) -> Figures:
    counts = one.index.counts(ALL, unit)
    return Figures(counts.get("open_overdue", 0), counts.get("received", 0) + counts.get("ends", 0))
