"""A catalogue as it is computed for units of one level: what can be known beforehand is looked up once."""

from bisect import bisect_right
from collections.abc import Container
from typing import Final, NamedTuple

import msgspec

from streams.core.indicators.points import HUNDREDTHS
from streams.core.indicators.records import Amount, Basis, Catalogue, Indicator
from streams.core.register import Level

_OWN: Final = (Level.COUNTRY, Level.PROVINCE)
_MANY: Final = 256


class Figure(msgspec.Struct, frozen=True, gc=False):
    """One indicator of a unit: its counts, and its points in hundredths, rounded for showing.

    Without data both counts are as they are and `points` is None; an indicator that is not scored has none either.
    `known` is False where a count is missing altogether, as those of procedures are in a week.
    """

    indicator: str
    numerator: int
    denominator: int
    points: int | None
    known: bool = True


class Step(NamedTuple):
    """An indicator as it is computed.

    `group` is the place of its group; `above` and `below` are the one count that its numerator or denominator is, empty
    where it is a sum of several.
    `has` says that units of the level have it, `known` that all its counts are known too;
    `inherits` that they are those of the province.
    """

    indicator: Indicator
    id: str
    group: int
    inherits: bool
    has: bool
    known: bool
    above: str
    below: str
    maximum: int
    threshold: int
    estimated: bool
    nothing: Figure  # without data


class Plan(NamedTuple):
    """Steps in the order of the catalogue; groups with their maxima, and the whole maximum, in hundredths of points."""

    steps: tuple[Step, ...]
    groups: tuple[tuple[str, int], ...]
    maximum: int
    starts: tuple[int, ...]  # of the bands, in hundredths, ascending
    bands: tuple[str, ...]

    def band(self, total: int) -> str | None:
        """The band of a total in hundredths: the highest that begins at or below it; None where there are none."""
        return self.bands[bisect_right(self.starts, total) - 1] if self.bands else None


_plans: Final[dict[tuple[int, Level, frozenset[str]], tuple[Catalogue, Plan]]] = {}  # by the catalogue as an object


def plan_of(catalogue: Catalogue, level: Level, known: Container[str]) -> Plan:
    """What to compute, in the order of the catalogue, for units of a level of which these counts are known."""
    if not isinstance(known, frozenset):
        return _planned(catalogue, level, known)
    key = id(catalogue), level, known
    found = _plans.get(key)
    if found is None:
        if len(_plans) >= _MANY:
            _plans.clear()
        found = _plans[key] = catalogue, _planned(catalogue, level, known)
    return found[1]


def step_of(indicator: Indicator, group: int, level: Level, known: Container[str]) -> Step:
    """One indicator, of the group at a place of the catalogue."""
    has = level in indicator.levels or level is Level.UNREGISTERED  # a unit not registered may be of any level
    return Step(
        indicator,
        indicator.id,
        group,
        indicator.inherited and level not in _OWN,
        has,
        has and all(name in known for name in indicator.names),
        _single(indicator.numerator),
        _single(indicator.denominator),
        indicator.maximum,
        indicator.threshold,
        indicator.basis is not Basis.MEASURED,
        Figure(indicator.id, 0, 0, None, known=False),
    )


def _planned(catalogue: Catalogue, level: Level, known: Container[str]) -> Plan:
    places = {group.id: place for place, group in enumerate(catalogue.groups)}
    bands = sorted(catalogue.bands, key=lambda band: band.least)
    return Plan(
        tuple(step_of(one, places[one.group], level, known) for one in catalogue.indicators),
        tuple((group.id, group.maximum * HUNDREDTHS) for group in catalogue.groups),
        catalogue.maximum * HUNDREDTHS,
        tuple(band.least * HUNDREDTHS for band in bands),
        tuple(band.id for band in bands),
    )


def _single(amount: Amount) -> str:
    return amount.plus[0] if len(amount.plus) == 1 and not amount.minus else ""
