"""What changed between two scores of a unit, and the indicator that explains most of it."""

import msgspec

from streams.core.indicators.points import NIL, Exact, less, rounded
from streams.core.indicators.records import Catalogue
from streams.core.indicators.scores import Score, exact_points
from streams.core.ranking import Place


class Change(msgspec.Struct, frozen=True):
    """A change since another day or period, in hundredths of points; a positive `ranks` is so many ranks up.

    `indicator` explains most of it, with `explained` points of its own; None where nothing changed, or where the scores
    are of different catalogues: then they are not `comparable` and `points` is None.  `data` says that this indicator
    had no value on one of the two sides.
    """

    points: int | None
    ranks: int | None
    indicator: str | None
    explained: int | None
    comparable: bool
    data: bool = False


def change(
    catalogue: Catalogue, now: Score, before: Score, places: tuple[Place | None, Place | None] = (None, None)
) -> Change:
    """The change from `before` to `now`, both scored by `catalogue`; `places` are those of now and before.

    What explains most is the greatest change in the direction of the whole; where the whole stays, the greatest of all.
    """
    ranks = _ranks(*places)
    if now.catalogue != before.catalogue or now.catalogue != catalogue.id:
        return Change(None, ranks, None, None, comparable=False)
    points = None if now.total is None or before.total is None else now.total - before.total
    found: list[tuple[Exact, str, bool]] = []
    for indicator in catalogue.indicators:
        one = exact_points(indicator, now.figure(indicator.id))
        other = exact_points(indicator, before.figure(indicator.id))
        moved = less(one or NIL, other or NIL)
        if moved.above:
            found.append((moved, indicator.id, one is None or other is None))
    if not found:
        return Change(points, ranks, None, None, comparable=True)
    sign = (points or 0) > 0 or -((points or 0) < 0)
    moved, id_, data = max(found, key=lambda one: _size(one[0], sign))
    return Change(points, ranks, id_, rounded(moved), comparable=True, data=data)


def _size(moved: Exact, sign: int) -> float:
    """How much it explains; a float is enough to choose by."""
    size = moved.above / moved.below
    return size * sign if sign else abs(size)


def _ranks(now: Place | None, before: Place | None) -> int | None:
    if now is None or before is None or now.rank is None or before.rank is None:
        return None
    return before.rank - now.rank
