"""The catalogues of the index, one line each; the day decides which one holds."""

from datetime import date
from typing import Final

from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.indicators.records import Catalogue

CATALOGUES: Final[tuple[Catalogue, ...]] = (QD766_2026,)
"""In the order of the days from which they hold."""


def catalogue_at(day: date, catalogues: tuple[Catalogue, ...] = CATALOGUES) -> Catalogue:
    """The catalogue that holds on a civil day: the last one that had begun by then.

    Days before the first are judged by the first; every figure says which catalogue made it.
    """
    begun = [catalogue for catalogue in catalogues if catalogue.holds_from <= day]
    return begun[-1] if begun else catalogues[0]
