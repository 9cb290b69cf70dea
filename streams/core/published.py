"""Figures that others publish, beside ours: their change on the one before, and where theirs and ours part.

Scores of different catalogues, or of different maxima, are never subtracted.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

import msgspec

from streams.core.indicators.catalogues import CATALOGUES, catalogue_at
from streams.core.indicators.plans import Figure
from streams.core.indicators.points import HUNDREDTHS
from streams.core.indicators.records import Catalogue
from streams.core.indicators.scores import Score
from streams.core.ranking import LEAST_VOLUME, Contender, Place, ranking
from streams.core.spans import span_of


class PublishedIndex(msgspec.Struct, frozen=True):
    """An index that others publish, by the name that tables call it by."""

    id: str
    vi: str
    en: str


NATIONAL: Final = "QD766"
INDEXES: Final = (
    PublishedIndex(NATIONAL, "Bộ chỉ số phục vụ người dân, doanh nghiệp (766)", "index of the national portal"),
    PublishedIndex("PAR Index", "Chỉ số cải cách hành chính", "public administration reform index"),
    PublishedIndex("SIPAS", "Chỉ số hài lòng về sự phục vụ hành chính", "satisfaction with administrative services"),
    PublishedIndex("PAPI", "Chỉ số hiệu quả quản trị và hành chính công", "governance and public administration"),
    PublishedIndex("PCI", "Chỉ số năng lực cạnh tranh cấp tỉnh", "provincial competitiveness"),
    PublishedIndex("DDCI", "Chỉ số năng lực cạnh tranh sở, ngành, địa phương", "competitiveness of departments"),
    PublishedIndex("DGI", "Chỉ số chính phủ số", "digital government"),
    PublishedIndex("DTI", "Chỉ số chuyển đổi số", "digital transformation"),
)
"""The names that are known; a deployment may name more where it reads a table."""


class UnitKind(StrEnum):
    """Of what kind a unit was when a figure was published; former ones are not in the register."""

    COUNTRY = "country"
    PROVINCE = "province"
    DEPARTMENT = "department"
    COMMUNE = "commune"
    FORMER_PROVINCE = "former_province"
    FORMER_DISTRICT = "former_district"


FORMER: Final = frozenset({UnitKind.FORMER_PROVINCE, UnitKind.FORMER_DISTRICT})
Series: TypeAlias = tuple[str, str, UnitKind, str]
Cell: TypeAlias = tuple[str, str, UnitKind, str, str, date]


class PublishedFigure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One published figure: `component` is "" for the whole, else what the publisher calls it (2.1, TDGQ).

    `date` is the day of which it is; `numerator` and `denominator` the counts behind it, where they were published.
    """

    index: str
    component: str = ""
    kind: UnitKind
    unit: str
    period: str
    score: Decimal | None = None
    maximum: Decimal | None = None
    rank: int | None = None
    of: int | None = None
    group: str = ""
    numerator: int | None = None
    denominator: int | None = None
    source: str
    date: date

    @property
    def cell(self) -> Cell:
        """What it is the value of; there can be only one."""
        return self.index, self.component, self.kind, self.unit, self.period, self.date

    @property
    def series(self) -> Series:
        """What it can be compared within."""
        return self.index, self.component, self.kind, self.unit


class Shown(msgspec.Struct, frozen=True):
    """A figure with the one before it: score and ranks gained (positive: better)."""

    figure: PublishedFigure
    before: PublishedFigure | None
    score: Decimal | None
    ranks: int | None


def shown(figures: Iterable[PublishedFigure]) -> list[Shown]:
    """Every figure with the one before it in its series, in the order of series, period and date."""
    ordered = sorted(figures, key=lambda one: (one.series, span_of(one.period), one.date))
    found: list[Shown] = []
    for one in ordered:
        before = found[-1].figure if found and found[-1].figure.series == one.series else None
        found.append(_beside(one, before))
    return found


def _beside(one: PublishedFigure, before: PublishedFigure | None) -> Shown:
    if before is None:
        return Shown(one, None, None, None)
    alike = one.maximum == before.maximum and _version(one) == _version(before)
    score = None
    if alike and one.score is not None and before.score is not None:
        score = one.score - before.score
    ranks = None if one.rank is None or before.rank is None or one.of != before.of else before.rank - one.rank
    return Shown(one, before, score, ranks)


def _version(figure: PublishedFigure, catalogues: tuple[Catalogue, ...] = CATALOGUES) -> str:
    return catalogue_at(figure.date, catalogues).id if figure.index == NATIONAL else ""


def beside_others(
    figures: Iterable[PublishedFigure], index: str, period: str, day: date, ours: Mapping[str, int]
) -> list[Place]:
    """The ranking of the units whose totals were published for a period as of a day, with `ours` among them.

    `ours` are totals of ours (hundredths) by unit; they stand in place of the published ones.  Published units are
    ranked whatever their volume, which nobody says.
    """
    wanted = (index, "", period, day)
    totals = {
        one.unit: _hundredths(one.score)
        for one in figures
        if one.score is not None and (one.index, one.component, one.period, one.date) == wanted
    }
    return ranking(Contender(unit, total, 0, LEAST_VOLUME) for unit, total in (totals | dict(ours)).items())


def _hundredths(score: Decimal) -> int:
    return int((score * HUNDREDTHS).to_integral_value(ROUND_HALF_UP))


class Difference(msgspec.Struct, frozen=True):
    """Theirs and ours of one indicator, group or total; every difference is ours less theirs.

    `points` in hundredths; `numerator` and `denominator` None where they published no counts, or we have no value.  Of
    another catalogue than theirs (not `comparable`) no points are subtracted.
    """

    component: str
    theirs: PublishedFigure
    ours: Figure | None
    points: int | None
    numerator: int | None
    denominator: int | None
    comparable: bool


def reconcile(theirs: Iterable[PublishedFigure], ours: Score) -> list[Difference]:
    """Figures of the national portal of one unit and period beside ours, in the order of the catalogue.

    Figures of other indexes are left out.
    """
    own = {figure.indicator: figure for figure in ours.figures}
    points = {group.group: group.points for group in ours.groups} | {"": ours.total}
    points |= {id_: figure.points for id_, figure in own.items()}
    order = {component: place for place, component in enumerate([*own, *(one.group for one in ours.groups), ""])}
    found = [
        _difference(one, own.get(one.component), points.get(one.component), ours)
        for one in theirs
        if one.index == NATIONAL
    ]
    return sorted(found, key=lambda one: (order.get(one.component, len(order)), one.theirs.date))


def _difference(theirs: PublishedFigure, ours: Figure | None, points: int | None, score: Score) -> Difference:
    comparable = _version(theirs) == score.catalogue
    counted = ours is not None and ours.known
    numerator = denominator = lost = None
    if ours is not None and counted and theirs.numerator is not None:
        numerator = ours.numerator - theirs.numerator
    if ours is not None and counted and theirs.denominator is not None:
        denominator = ours.denominator - theirs.denominator
    if comparable and points is not None and theirs.score is not None:
        lost = points - _hundredths(theirs.score)
    return Difference(theirs.component, theirs, ours, lost, numerator, denominator, comparable)


class Explained(NamedTuple):
    """The dossiers that explain a difference, when both lists are given: codes, in order.

    Those that only one side has at all, and those that both have and only one counts above the line.
    """

    only_theirs: tuple[str, ...]
    only_ours: tuple[str, ...]
    counted_by_them: tuple[str, ...]
    counted_by_us: tuple[str, ...]


def explained(theirs: Mapping[str, bool], ours: Mapping[str, bool]) -> Explained:
    """What explains a difference of one indicator; each side says of its dossiers which count above the line."""
    both = theirs.keys() & ours.keys()
    return Explained(
        tuple(sorted(theirs.keys() - ours.keys())),
        tuple(sorted(ours.keys() - theirs.keys())),
        tuple(sorted(code for code in both if theirs[code] and not ours[code])),
        tuple(sorted(code for code in both if ours[code] and not theirs[code])),
    )
