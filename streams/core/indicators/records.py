"""What an indicator, a group and a catalogue are: frozen records, no computing."""

from datetime import date
from enum import StrEnum
from typing import Final

import msgspec

from streams.core.register import Level

LEVELS: Final = (Level.COUNTRY, Level.PROVINCE, Level.DEPARTMENT, Level.COMMUNE)


class Empty(StrEnum):
    """What an indicator is worth when its denominator is 0."""

    NO_DATA = "no_data"  # no value, no points, and the group and total are incomplete
    ZERO = "zero"  # 0 points
    FULL = "full"  # the maximum


class Merge(StrEnum):
    """How the counts of several units become those of the unit above them."""

    SUM = "sum"  # counts are added
    UNION = "union"  # procedures are counted once, however many units have them
    UNITS = "units"  # units are counted
    PER_UNIT = "per_unit"  # the rule of maximum and fallback is applied in each unit, then counts are added


class Basis(StrEnum):
    """Where the counts come from; a total is an estimate as soon as one of its indicators is not measured."""

    MEASURED = "measured"  # from the events of dossiers and petitions
    DECLARED = "declared"  # from what authorities declare of themselves
    ESTIMATED = "estimated"  # the portal knows something that the monitor cannot know


class Kind(StrEnum):
    """What kind of figure an indicator is."""

    SHARE = "share"  # numerator / denominator
    HOURS = "hours"  # working minutes / dossiers, shown in working hours
    COUNT = "count"  # the numerator alone


class Amount(msgspec.Struct, frozen=True):
    """A sum of named counts less other named counts; the names stand in `quantities.QUANTITIES`."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every count that it needs."""
        return self.plus + self.minus

    def text(self) -> str:
        """The sum as people write it."""
        return " + ".join(self.plus) + "".join(f" − {name}" for name in self.minus)


NOTHING: Final = Amount(())


class Indicator(msgspec.Struct, frozen=True, kw_only=True):
    """One indicator: points = min(maximum, maximum × ratio ÷ threshold), from the unrounded ratio.

    `maximum` is in points, 0 for what is shown and not scored; `threshold` in percent, the ratio from which the maximum
    is given.  `inherited` says that a unit below a province shows its province's counts.
    """

    id: str
    group: str
    vi: str
    en: str
    numerator: Amount
    denominator: Amount = NOTHING
    maximum: int = 0
    threshold: int = 100
    empty: Empty = Empty.NO_DATA
    merge: Merge = Merge.SUM
    basis: Basis = Basis.MEASURED
    kind: Kind = Kind.SHARE
    inherited: bool = False
    levels: tuple[Level, ...] = LEVELS
    formula: str
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every count that it needs."""
        return self.numerator.names + self.denominator.names

    @property
    def scored(self) -> bool:
        """True when it gives points."""
        return self.maximum > 0


class Group(msgspec.Struct, frozen=True):
    """A group of indicators, with the points that it can give (0: nothing in it is scored)."""

    id: str
    vi: str
    en: str
    maximum: int = 0


class Band(msgspec.Struct, frozen=True):
    """A band of totals: from `least` (points) upwards, up to the next one."""

    id: str
    least: int
    vi: str
    en: str


class Catalogue(msgspec.Struct, frozen=True):
    """One version of a set of indicators, from the civil day on which it begins to hold."""

    id: str
    holds_from: date
    vi: str
    en: str
    source: str
    groups: tuple[Group, ...]
    indicators: tuple[Indicator, ...]
    bands: tuple[Band, ...] = ()

    @property
    def maximum(self) -> int:
        """The points that can be reached in all."""
        return sum(group.maximum for group in self.groups)

    def indicator(self, id_: str) -> Indicator:
        """The indicator of that id; KeyError where there is none."""
        for indicator in self.indicators:
            if indicator.id == id_:
                return indicator
        raise KeyError(f"catalogue {self.id} has no indicator {id_}")
