"""What a score is made of where only some procedures are looked at: one, those of a field, or a named set."""

from collections.abc import Container
from typing import Final, Protocol

from streams.core.civil import WEEK, period_kind
from streams.core.indicators.scores import Counts
from streams.core.procedures import CELL_COUNTERS, Uses, filtered
from streams.core.register import Register

KNOWN: Final = frozenset(counter.name for counter in CELL_COUNTERS if counter.day)
"""What is counted by procedure under the same name as by day; an indicator that needs more has no data here."""


class HasUses(Protocol):
    """Where counts by procedure are: INDEX, or a run folded from its facts."""

    def uses(self, period: str, unit: str) -> Uses:
        """Counters of a unit with all below it by procedure."""


def counts_of_procedures(
    held: HasUses, register: Register, period: str, unit: str, codes: Container[str]
) -> Counts | None:
    """Counts of a unit with all below it over the procedures `codes`; None for a week: the cells are monthly."""
    if period_kind(period) == WEEK:
        return None
    here = filtered(held.uses(period, unit), codes)
    return Counts(here=here, level=register.level(unit), known=KNOWN, reported=any(here.values()))
