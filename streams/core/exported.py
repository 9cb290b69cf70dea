"""Of which units how much is exported to Prometheus, so that a country stays within the budget of series.

Everything of country and provinces (and of departments, where there is one province); of all other units what a map
and a ranking of the current month need, and less of it in a deployment that would otherwise exceed the budget.
"""

from typing import Final

import msgspec

from streams.core.civil import ALL, MONTH, PERIOD_KINDS
from streams.core.families import INDEX_FAMILIES, UNIT_FAMILIES, WATCHLIST, Of
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.register import UNREGISTERED, Level, Register

BUDGET: Final = 60_000
"""Series of units of one worker, at most."""
_GROUPS: Final = max(len(catalogue.groups) for catalogue in CATALOGUES)
_INDICATORS: Final = max(len(catalogue.indicators) for catalogue in CATALOGUES)
_MANY: Final = {Of.GROUP: _GROUPS, Of.POINTS: _INDICATORS, Of.NUMERATOR: _INDICATORS, Of.DENOMINATOR: _INDICATORS}


class Detail(msgspec.Struct, frozen=True):
    """How much is exported of a unit: of these kinds of period these counters, and of these the index.

    `watched` are states of the watch list; these, and name and province, have no period.
    """

    name: str
    en: str
    periods: frozenset[str]
    counters: frozenset[str]
    index_periods: frozenset[str]
    index: frozenset[Of]
    watched: frozenset[str]  # states of the watch list

    @property
    def series(self) -> int:
        """How many series a unit has at most."""
        of_index = sum(_MANY.get(of, 1) for of in self.index)
        without_period = len(self.watched) + 1  # and name and province
        return len(self.periods) * len(self.counters) + len(self.index_periods) * of_index + without_period


_EVERY: Final = frozenset(counter for family in UNIT_FAMILIES for _, counter in family.shows)
_LIST: Final = frozenset(state for state, _ in WATCHLIST.shows)
_URGENT: Final = frozenset({"due_today", "late"})
_RATE_766: Final = frozenset({"received", "online", "on_time", "open_within"})
_RATES: Final = _RATE_766 | {"late", "finished_early", "finished_on_time", "finished_late", "finished_no_due"}
_THIS_MONTH: Final = frozenset({MONTH})

FULL: Final = Detail(
    "full",
    "all counts of all periods; the whole index of the week, month, quarter and year; the watch list",
    frozenset({*PERIOD_KINDS, ALL}),
    _EVERY,
    frozenset(PERIOD_KINDS),
    frozenset(family.of for family in INDEX_FAMILIES),
    _LIST,
)
LESS: Final = (
    Detail(
        "month",
        "all counts of all periods; the whole index of the month; the watch list",
        FULL.periods,
        _EVERY,
        _THIS_MONTH,
        FULL.index,
        _LIST,
    ),
    Detail(
        "brief",
        "of the month: total, groups, the counts of both on-time rates, online, open and late; the watch list",
        _THIS_MONTH,
        _RATES | {"open_overdue"},
        _THIS_MONTH,
        frozenset({Of.TOTAL, Of.GROUP}),
        _LIST,
    ),
    Detail(
        "no groups",
        "of the month: total, the counts of both on-time rates, online; due today and late",
        _THIS_MONTH,
        _RATES,
        _THIS_MONTH,
        frozenset({Of.TOTAL}),
        _URGENT,
    ),
    Detail(
        "least",
        "of the month: total, the counts of the 766 rate, online; due today and late",
        _THIS_MONTH,
        _RATE_766,
        _THIS_MONTH,
        frozenset({Of.TOTAL}),
        _URGENT,
    ),
)
"""For units that are not exported in full: the first one that fits the budget."""


class Exported(msgspec.Struct, frozen=True):
    """What is exported of the units of a register: `full` of these levels, `rest` of all others.

    Of units that the register does not know no more than `strangers` are exported.
    """

    full: frozenset[Level]
    rest: Detail
    strangers: int

    def detail(self, level: Level) -> Detail:
        """What is exported of a unit of a level."""
        return FULL if level in self.full else self.rest


def exported(register: Register, budget: int = BUDGET) -> Exported:
    """What fits the budget."""
    levels = {unit.code: unit.level for unit in register.units}
    full = {Level.COUNTRY, Level.PROVINCE}
    if sum(level is Level.PROVINCE for level in levels.values()) == 1:
        full.add(Level.DEPARTMENT)
    in_full = sum(level in full for level in levels.values())
    left = budget - in_full * FULL.series
    rest = len(levels) - in_full + 1  # and the one that gathers what is not registered
    chosen = next((one for one in LESS if rest * one.series <= left), LESS[-1])
    return Exported(frozenset(full), chosen, max(0, left // chosen.series - rest))


def registered(register: Register, unit: str) -> bool:
    """True for a unit of the register, and for the one that gathers what is not registered."""
    return unit == UNREGISTERED or register.unit(unit) is not None
