"""Row `scrape`: the page of metrics at the budget of series."""

from __future__ import annotations

import random
import time
from typing import Final

from streams.core.civil import ALL, PERIOD_KINDS, day_number, periods_of
from streams.core.exported import exported
from streams.core.index import RunStatus, UnitIndex
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.ranking import State
from streams.core.told import ToldFigure, ToldPlace, ToldScore
from streams.unit_screen import UnitScreen
from tests.bench.country import CIVIL, NOW, TODAY, counts, register
from tests.bench.figures import Figure
from tests.bench.ground import Ground

_TURNS: Final = 5
STATUS: Final = RunStatus("live", NOW, 1, True, 1, 0, {}, CIVIL.name, "")


def measure(ground: Ground) -> list[Figure]:
    """CPU of a scrape when everything has changed, and when a little has."""
    country = register(34, 13, ground.sized(65, 3))
    held = entries([(unit.code, unit.level.value) for unit in country.units])
    screen = UnitScreen("live", CIVIL, country)
    screen.show(STATUS, held)
    series = sum(not line.startswith("#") for line in screen.text().splitlines())
    every = [_timed(screen, held) for _ in range(_TURNS)]
    few = [_timed(screen, held[:: max(1, len(held) // 500)]) for _ in range(_TURNS)]
    detail = exported(country).rest.name
    return [
        Figure(f"a scrape of {series:,} series ({detail}), all changed", min(every), "ms of CPU", at_most=150),
        Figure(f"a scrape of {series:,} series, 500 entries changed", min(few), "ms of CPU"),
    ]


def _timed(screen: UnitScreen, changed: list[UnitIndex]) -> float:
    screen.show(STATUS, [UnitIndex(*(getattr(one, name) for name in one.__struct_fields__)) for one in changed])
    began = time.process_time()
    screen.text().encode()
    return (time.process_time() - began) * 1_000


def entries(units: list[tuple[str, str]]) -> list[UnitIndex]:
    """Every entry of units given by code and level, with all that one can have."""
    dice = random.Random(1)
    figures = {one.id: ToldFigure(dice.randrange(10**6), dice.randrange(10**6), 512) for one in QD766_2026.indicators}
    told = ToldScore(
        "qd766-2026", figures, {one.id: 1234 for one in QD766_2026.groups}, 7412, 8000, "fair", False, True
    )
    place = ToldPlace("commune/H01", State.RANKED, 3, 120, 9265, 4)
    periods = (*periods_of(day_number(TODAY)), ALL)
    assert len(periods) == len(PERIOD_KINDS) + 1
    return [
        UnitIndex(unit, period, level, NOW, 1, counts(dice), score=told, place=place)
        for unit, level in units
        for period in periods
    ]
