"""Row `scoring`: the index of 5,000 units from their counts, and their ranks."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Final

from streams.core.indicators.gains import losses, one_dossier
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.reports import REPORTS_2026
from streams.core.indicators.scores import Counts, Score, score
from streams.core.ranking import Contender, among, moved_by_one, ranking, volume_band
from tests.bench.figures import Figure
from tests.bench.ground import Ground

_TURNS: Final = 5


def measure(ground: Ground) -> list[Figure]:
    """CPU of scoring everything, of ranking everything, and of what is asked for of one unit."""
    count = ground.sized(5_000, 100)
    units = [_counts(number) for number in range(count)]
    scores = [score(QD766_2026, one) for one in units]
    contenders = [_contender(number, one, units[number]) for number, one in enumerate(scores)]
    places = ranking(contenders)
    steps = {one.unit: 3 for one in contenders}
    some = count // 50
    return [
        _figure(f"scores of {count:,} units", lambda: [score(QD766_2026, one) for one in units], 2_000),
        _figure(f"report indicators of {count:,} units", lambda: [score(REPORTS_2026, one) for one in units]),
        _figure(f"ranks of {count:,} units", lambda: ranking(contenders), 200),
        _figure(f"ranks of {count:,} units within bands of volume", lambda: among(contenders, volume_band)),
        _figure(f"whose rank one dossier moves, of {count:,}", lambda: moved_by_one(places, steps)),
        _figure(f"points lost of {some} units", lambda: [losses(QD766_2026, one) for one in scores[:some]]),
        _figure(
            f"worth of one dossier in {some} units", lambda: [one_dossier(QD766_2026, one) for one in units[:some]]
        ),
    ]


def _figure(what: str, work: Callable[[], object], at_most: float | None = None) -> Figure:
    return Figure(what, statistics.median(_timed(work) for _ in range(_TURNS)), "ms of CPU", at_most=at_most)


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1_000


def _counts(number: int) -> Counts:
    """Counts of a unit of some size, every part within its whole."""
    dice = random.Random(number)
    received = dice.randint(20, 40_000)
    here: dict[str, int] = {"received": received, "with_obligation": received // 2, "procedures": 300, "services": 200}
    here |= {"procedures_fee": 90, "procedures_citizens": 150, "petitions": dice.randint(0, 40), "units": 1}
    here |= {"procedures_announced": 30, "procedures_to_publish": 20, "procedures_published": 250}
    here |= {"to_synchronise": received, "finished_on_time": received - received // 9}
    for indicator in QD766_2026.indicators:
        whole = here.get(indicator.denominator.names[0], 0)
        for name in indicator.numerator.names:
            here.setdefault(name, dice.randint(0, whole) // len(indicator.numerator.names))
    return Counts(here=here)


def _contender(number: int, made: Score, counts: Counts) -> Contender:
    return Contender(f"U{number}", made.total, made.reachable, counts.here["received"], made.complete)
