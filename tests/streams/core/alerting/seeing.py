"""What a condition sees, with as little said as a test needs: an ordinary commune on an ordinary morning."""

from __future__ import annotations

from typing import Any

from streams.core.alerting.records import Opening, Seen

HOUR = 3600
DAYS = 7


def openings(overdue: int = 4, ends: int = 10, received: int = 10, late: int = 1, **over: Any) -> tuple[Opening, ...]:
    """A week of days alike: so many end, come and turn late each day; the last opening is today's."""
    return tuple(
        Opening(100 + day, received * day, ends * day, overdue, late * day, **{"gap": HOUR, **over})
        for day in range(DAYS)
    )


def seen(**over: Any) -> Seen:
    """4 of some 200 overdue as ever, 10 a day done, 3 due today at half past the first of eight hours."""
    base: dict[str, Any] = {
        "now": {"received": 60, "ends": 60, "open_overdue": 4, "due_today": 3, "late": 2},
        "month": {"received": 100, "on_time": 80, "open_within": 16, "late": 2, "open_overdue": 2},
        "closed": {"received": 300, "late": 9},
        "closed_name": "2026-10",
        "openings": openings(closed="2026-10", closed_received=300, closed_late=9),
        "left": 7 * HOUR,
        "office": 8 * HOUR,
        "days_left": 10,
        "silent": 0,
    }
    return Seen(**{**base, **over})
