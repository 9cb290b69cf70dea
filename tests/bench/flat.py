"""Row `flat`: the cost of an event must not depend on how many cases and units there are."""

from __future__ import annotations

import gc
import statistics

from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.bench.steady import Steady, rounds

_SPREAD = 0.2


def measure(ground: Ground) -> list[Figure]:
    """Points by turns, so that a machine that grows slower or faster touches all alike.

    Of each point its least disturbed turn counts: others on the machine only ever add.
    """
    by_cases = [(cases, 160) for cases in ((10_000, 100_000, 1_000_000) if not ground.quick else (1_000, 5_000))]
    by_units = [(100_000 if not ground.quick else 5_000, units) for units in (10, 100, 1000, 5000)]
    return _points(ground, by_cases, "cases") + _points(ground, by_units, "units")


def _points(ground: Ground, sizes: list[tuple[int, int]], what: str) -> list[Figure]:
    points = [Steady(cases, units) for cases, units in sizes]
    gc.collect()
    gc.freeze()
    for _ in rounds(points, 1, ground.sized(25, 2)):
        ground.say(f"{what}: {len(points)} points warmed up")
    turns = list(rounds(points, ground.sized(11, 2), ground.sized(25, 3)))
    costs = [min(turn[at] for turn in turns) for at in range(len(points))]
    middle = statistics.median(costs)
    found = []
    for point, cost in zip(points, costs, strict=True):
        beside = f"{point.cases:,} cases, {point.units:,} units; median of the points {middle:.2f} µs"
        size = point.cases if what == "cases" else point.units
        found.append(Figure(f"CPU an event with {size:,} {what}", cost, "µs", beside=beside, ratio=cost / middle))
    spread = max(max(costs) / middle - 1, 1 - min(costs) / middle) * 100
    found.append(Figure(f"farthest point from the median, by {what}", spread, "%", at_most=_SPREAD * 100))
    gc.unfreeze()
    return found
