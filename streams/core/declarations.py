"""Totals that units declare of themselves, and how many dossiers they should have synchronised (indicator 1.4)."""

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias

from msgspec import Meta

from streams.core.civil import ALL, MONTH, QUARTER, WEEK, YEAR, period_kind
from streams.core.event_words import Code
from streams.core.references import Count, Reference, joined
from streams.core.spans import months_of

PeriodName: TypeAlias = Annotated[
    str, Meta(pattern=r"^[0-9]{4}(-(0[1-9]|1[0-2]|Q[1-4]))?$", description="2026-11, 2026-Q4 or 2026")
]
Totals: TypeAlias = Mapping[str, int]  # declared totals of one unit by period

PARTS_OF_A_YEAR: Final = {WEEK: 52, MONTH: 12, QUARTER: 4, YEAR: 1}


class DeclaredTotal(Reference, frozen=True, kw_only=True, tag="declared_total"):
    """What a unit declares to have received in a month, quarter or year; its own dossiers, without units below it."""

    unit: Code
    period: PeriodName
    received: Count

    @property
    def key(self) -> str:
        """Unit and period."""
        return joined("declared_total", self.unit, self.period)


def declared_for(totals: Totals, period: str) -> int | None:
    """The total declared for a period: its own, else the sum of what was declared for its months or quarters."""
    if period in totals:
        return totals[period]
    found = [totals[month] for month in months_of(period) if month in totals and month != period]
    if not found and period_kind(period) == YEAR:
        found = [totals[name] for name in (f"{period}-Q{quarter}" for quarter in range(1, 5)) if name in totals]
    return sum(found) if found else None


def to_synchronise(totals: Totals, period: str, portal: int) -> int:
    """How many dossiers one unit should have synchronised in `period`, of which the portal has `portal`.

    The greater of the declared total and the portal's; where both are 0, the share of last year's declared total that a
    week, month, quarter or year is, rounded half up; 0 where there is none.
    """
    wanted = max(declared_for(totals, period) or 0, portal)
    kind = period_kind(period)
    if wanted or kind == ALL:
        return wanted
    last_year = declared_for(totals, str(int(period[:4]) - 1).zfill(4)) or 0
    parts = PARTS_OF_A_YEAR[kind]
    return (2 * last_year + parts) // (2 * parts)


def synchronisation(
    declared: Mapping[str, Totals], portal: Mapping[str, int], units: frozenset[str], period: str
) -> dict[str, int]:
    """The counts of 1.4 of a unit with all `units` below it and itself: the rule in each unit, then sums.

    A unit without a denominator adds nothing.
    """
    nothing: Totals = {}
    wanted = {unit: to_synchronise(declared.get(unit, nothing), period, portal.get(unit, 0)) for unit in units}
    return {
        "synchronised_counted": sum(portal.get(unit, 0) for unit in units),
        "to_synchronise": sum(wanted.values()),
    }
