"""The index of units as text: points by group, by indicator, what would gain most, and ranks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from dashboards.report import UnitFigures
from dashboards.report_text import Row
from dashboards.scoring import IndicatorPoints, UnitScore
from streams.core.indicators.points import text
from streams.core.indicators.records import Catalogue, Indicator, Kind
from streams.core.ranking import Place

Table: TypeAlias = tuple[Row, list[Row]]
NO_DATA: Final = "no data"


def groups_table(catalogue: Catalogue, scores: Sequence[UnitScore], names: Mapping[str, str]) -> Table:
    """A row for each unit: its groups, total, what is reachable, and band; what has no value is blank."""
    titles = ["unit", "name", *(f"{one.id} /{one.maximum}" for one in catalogue.groups), "total", "reachable", "band"]
    rows = []
    for one in scores:
        groups = [_points(group.points) for group in one.groups]
        band = "" if one.band is None else one.band + ("" if one.complete else " (incomplete)")
        rows.append(
            [
                one.unit or "-",
                names[one.unit],
                *groups,
                _points(one.total),
                f"{one.reachable:.2f} of {one.maximum:.0f}",
                band,
            ]
        )
    return titles, rows


def indicators_table(catalogue: Catalogue, score: UnitScore) -> Table:
    """A row for each indicator of one unit: its counts, and its points of the most that it gives."""
    rows = []
    for one in score.indicators:
        known = one.numerator is not None and one.denominator is not None
        counts = f"{one.numerator:,} / {one.denominator:,}" if known else NO_DATA
        of = f"of {one.maximum}" if one.maximum else _unscored(catalogue.indicator(one.indicator), one)
        points = _points(one.points) or (NO_DATA if one.maximum and known else "")
        rows.append([one.indicator, catalogue.indicator(one.indicator).en, counts, points, of])
    return ["id", "indicator", "counts", "points", ""], rows


def gains_table(catalogue: Catalogue, scores: Sequence[UnitScore], names: Mapping[str, str]) -> Table:
    """A row for each unit and indicator that has lost points, of a unit the greatest loss first."""
    titles = ["unit", "indicator", "lost", "needed for all", "the next one"]
    rows: list[Row] = []
    for score in scores:
        for one in score.gains:
            what = f"{one.indicator} {catalogue.indicator(one.indicator).en}"
            row = [
                f"{names[score.unit]} ({score.unit or '-'})",
                what,
                f"{one.lost:.2f}",
                f"{one.needed:,}",
                f"{one.next:.6f}",
            ]
            rows.append(row)
    return titles, rows


def stakes_table(scores: Sequence[UnitScore], names: Mapping[str, str]) -> Table:
    """A row for each unit: its dossiers in process within due, and the points that they hold."""
    rows = [[one.unit or "-", names[one.unit], f"{one.open_within:,}", f"{one.at_stake:.2f}"] for one in scores]
    return ["unit", "name", "open within", "points"], rows


def ranks_table(places: Sequence[Place], names: Mapping[str, str]) -> Table:
    """A row for each unit of a peer group: by points, and apart from it by the share of what it could reach."""
    titles = ["unit", "name", "rank", "points", "% of reachable", "rank by it", "received", "state"]
    return titles, [
        [
            one.unit,
            names[one.unit],
            "" if one.rank is None else str(one.rank),
            "" if one.total is None else text(one.total),
            "" if one.share is None else text(one.share),
            "" if one.share_rank is None else str(one.share_rank),
            f"{one.volume:,}",
            one.state.value.replace("_", " ") + ("" if one.complete else ", incomplete"),
        ]
        for one in places
    ]


def names_of(units: Sequence[UnitFigures]) -> dict[str, str]:
    """The name of each unit of a report."""
    return {one.unit: one.name for one in units}


def _unscored(indicator: Indicator, one: IndicatorPoints) -> str:
    if indicator.kind is Kind.HOURS and one.numerator is not None and one.denominator:
        return f"{one.numerator / one.denominator / 60:.1f} working hours, not scored"
    return "not scored"


def _points(points: float | None) -> str:
    return "" if points is None else f"{points:.2f}"
