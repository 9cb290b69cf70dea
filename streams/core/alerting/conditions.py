"""The conditions of alerts, each a pure function of what is seen: the figures that make it hold, or None.

Numbers of dossiers are compared as whole numbers, shares in hundredths of a percent; nothing is a float.  `began` is
the reading with which a condition began to hold: while there is one, a weaker bound keeps it (hysteresis).
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from statistics import median_high, median_low
from typing import Final

from streams.core.alerting.records import Reading, Seen

WHOLE: Final = 10_000  # hundredths of a percent
HOUR: Final = 3600
LEAST_RISE: Final = 8  # dossiers
RISE_BEYOND: Final = 8  # more than at any of the last openings
RISE_SHARE: Final = 5_000  # half again as many as usual
LEAST_OPENINGS: Final = 3
USUAL_DAYS: Final = 5
LEAST_DUE: Final = 8
DUE_BEYOND: Final = 5  # more than were due on any of the last days
MUCH_DUE: Final = 20_000  # twice what is usually done in the time left
LEAST_MONTH: Final = 20  # dossiers with a due date, before a month's share says anything
BACK_ABOVE: Final = 50  # half a percent above the target ends what fell below it
SILENT_HOURS: Final = 2
SILENT_EXPECTED: Final = 12  # dossiers that usually come or go in such a time; by chance none in 1 of 100,000
LEAST_SILENT_UNITS: Final = 3
LEAST_RESTATED: Final = 5
RESTATED_SHARE: Final = 100  # one percent
BAND_MARGIN: Final = 100  # hundredths of points below a bound before a band counts as lost


def late_rising(seen: Seen, began: Reading | None) -> Reading | None:
    """More are overdue than usual, by a count, by a share and by more than they went up and down lately.

    Over when half of the rise is gone.
    """
    earlier = [one.overdue for one in seen.openings[:-1]]
    if len(earlier) < LEAST_OPENINGS:
        return None
    overdue = _overdue(seen.now)
    if began is not None:
        base, needed = began.of, (began.count - began.of + 1) // 2
    else:
        base = median_high(earlier[-USUAL_DAYS:])
        needed = max(LEAST_RISE, base * RISE_SHARE // WHOLE, max(earlier) - base + RISE_BEYOND)
    if overdue - base < needed:
        return None
    return Reading(overdue, base, {"paused": seen.now.get("due_paused", 0)})


def due_today(seen: Seen, began: Reading | None) -> Reading | None:
    """More are due today than are usually done in what is left of it, and more than are usually due.

    Begins in the first half of the day only.
    """
    usual, earlier = _throughput(seen), [one.due for one in seen.openings[:-1]]
    if usual is None or not seen.office:
        return None
    due, capacity = seen.now.get("due_today", 0), usual * seen.left // seen.office
    if began is not None:
        much = due > capacity and seen.left > 0
    else:
        ordinary = max(earlier) * seen.left // seen.office
        much = 2 * seen.left >= seen.office and due * WHOLE > capacity * MUCH_DUE and due >= ordinary + DUE_BEYOND
    return Reading(due, capacity, {"overdue": _overdue(seen.now)}) if much else None


def below_target(seen: Seen, began: Reading | None) -> Reading | None:
    """The month's share in time, of the dossiers with a due date, is below what was set; or its points are."""
    low = _share_below(seen, began)
    return low if low is not None else _points_below(seen, began)


def forecast_below(seen: Seen, began: Reading | None) -> Reading | None:
    """The month is not below its target yet, but ends there if the rest of it goes as the last working days went."""
    target = seen.target.on_time
    if target is None or _share_below(seen, began) is not None:
        return None
    share = projected_share(seen)
    if share is None or share >= target + (0 if began is None else BACK_ABOVE):
        return None
    late, due = _late(seen.month), _with_due(seen.month)
    return Reading(late, due, {"share": share, "target": target})


def petitions_near(seen: Seen, began: Reading | None) -> Reading | None:  # noqa: ARG001  what begins it ends it
    """Petitions that nobody has answered are in the last fifth of their time: three working days of fifteen."""
    near = seen.now.get("petitions_due_soon", 0)
    return Reading(near, near, {"overdue": seen.now.get("petitions_overdue", 0)}) if near else None


def source_silent(seen: Seen, began: Reading | None) -> Reading | None:
    """Nothing has come for so long that it cannot be chance, nor is it a habit of the source; over with the first."""
    if not seen.silent:
        return None
    expected = _expected(seen)
    usual_gap = median_low([one.gap for one in seen.openings[-USUAL_DAYS:]] or [0])
    if began is None and (expected < SILENT_EXPECTED or seen.silent < max(SILENT_HOURS * HOUR, 2 * usual_gap)):
        return None
    return Reading(seen.silent // HOUR, expected)


def sources_silent(seen: Seen, began: Reading | None) -> Reading | None:
    """Several units of a province are silent at once: that is not the units, that is what connects them."""
    silent = seen.silent_units
    needed = max(LEAST_SILENT_UNITS, seen.units // 10) if began is None else 1
    return Reading(silent, seen.units) if silent >= needed else None


def restated(seen: Seen, began: Reading | None) -> Reading | None:  # noqa: ARG001  as above
    """Figures of the month that is over have changed since the last working day opened, beyond a count and a share."""
    before = [one for one in seen.openings if one.closed == seen.closed_name][-2:-1]
    if not before:
        return None  # the working day after the end of the month is a grace
    received, late = seen.closed.get("received", 0), _late(seen.closed)
    moved = abs(received - before[0].closed_received) + abs(late - before[0].closed_late)
    if moved < max(LEAST_RESTATED, received * RESTATED_SHARE // WHOLE):
        return None
    return Reading(moved, received, {"late_before": before[0].closed_late, "late": late})


def projected_share(seen: Seen) -> int | None:
    """The share in time at the end of the month if it goes on as over the last working days; None while unknown.

    Hundredths of a percent.  What turns late and what comes each working day are those of the last `USUAL_DAYS`.
    """
    if len(seen.openings) <= LEAST_OPENINGS:
        return None
    first, last = seen.openings[-USUAL_DAYS - 1 :][0], seen.openings[-1]
    days = len(seen.openings[-USUAL_DAYS - 1 :]) - 1
    late = _late(seen.month) * days + max(last.ever_late - first.ever_late, 0) * seen.days_left
    due = _with_due(seen.month) * days + max(last.received - first.received, 0) * seen.days_left
    if due < LEAST_MONTH * days:
        return None
    return max(WHOLE - late * WHOLE // due, 0)


def _share_below(seen: Seen, began: Reading | None) -> Reading | None:
    target, due = seen.target.on_time, _with_due(seen.month)
    if target is None or due < LEAST_MONTH:
        return None
    late = _late(seen.month)
    share = WHOLE - late * WHOLE // due
    if share >= target + (0 if began is None else BACK_ABOVE):
        return None
    newly = seen.now.get("late", 0) + _overdue(seen.now) - (seen.openings[0].ever_late if seen.openings else 0)
    return Reading(late, due, {"share": share, "target": target, "newly_late": max(newly, 0)})


def _points_below(seen: Seen, began: Reading | None) -> Reading | None:
    target = seen.target.points
    if target is None or seen.points is None or seen.month.get("received", 0) < LEAST_MONTH:
        return None
    if seen.points >= target + (0 if began is None else BAND_MARGIN // 2):
        return None
    return Reading(_late(seen.month), _with_due(seen.month), {"points": seen.points, "target_points": target})


def _throughput(seen: Seen) -> int | None:
    """Dossiers that usually end on a working day."""
    ended = _daily(one.ends for one in seen.openings)
    return median_low(ended) if len(ended) >= LEAST_OPENINGS else None


def _expected(seen: Seen) -> int:
    """Dossiers that usually come or go in working time as long as the silence."""
    moved = _daily(one.received + one.ends for one in seen.openings)
    if len(moved) < LEAST_OPENINGS or not seen.office:
        return 0
    return median_low(moved) * seen.silent // seen.office


def _daily(totals: Iterable[int]) -> list[int]:
    """What came from one opening to the next, over the last ones."""
    held = list(totals)
    return [after - before for before, after in pairwise(held)][-USUAL_DAYS:]


def _overdue(counts: Mapping[str, int]) -> int:
    return counts.get("open_overdue", 0)


def _late(counts: Mapping[str, int]) -> int:
    return counts.get("late", 0) + _overdue(counts)


def _with_due(counts: Mapping[str, int]) -> int:
    return _late(counts) + counts.get("on_time", 0) + counts.get("open_within", 0)
