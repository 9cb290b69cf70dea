"""Scores and places as records carry them: whole numbers only, counts and hundredths of points."""

from collections.abc import Mapping

import msgspec

from streams.core.indicators.plans import Figure
from streams.core.indicators.points import HUNDREDTHS
from streams.core.indicators.records import Catalogue
from streams.core.indicators.scores import Counts, GroupScore, Score
from streams.core.ranking import Place, State
from streams.core.register import Level


class ToldFigure(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One indicator: ``[numerator, denominator, points]``, points in hundredths.

    Points are null where there is no data and where it is not scored; the counts are null where one of them is not
    known at all (as those of procedures in a week).
    """

    numerator: int | None
    denominator: int | None
    points: int | None


class ToldScore(msgspec.Struct, frozen=True):
    """The score of a unit in a period by a catalogue; points in hundredths.

    A group is null where none of its indicators has a value, the total where no source reports the unit; `reachable`
    is what the indicators that have a value can give, `complete` that these are all.  `estimated`: an indicator with a
    value was not measured by the monitor.
    """

    catalogue: str
    figures: dict[str, ToldFigure]
    groups: dict[str, int | None]
    total: int | None
    reachable: int
    band: str | None
    complete: bool
    estimated: bool


class ToldPlace(msgspec.Struct, frozen=True):
    """A place among `of` ranked units of a peer group, as ``commune/H44``; `rank` is null where `state` says why.

    `share` is total ÷ reachable in hundredths of a percent, `share_rank` the rank by it, apart from the official one.
    """

    peers: str
    state: State
    rank: int | None
    of: int
    share: int | None
    share_rank: int | None


def told_score(made: Score) -> ToldScore:
    """A score as a record carries it."""
    return ToldScore(
        made.catalogue,
        {one.indicator: _figure(one) for one in made.figures},
        {one.group: one.points for one in made.groups},
        made.total,
        made.reachable,
        made.band,
        made.complete,
        made.estimated,
    )


def score_told(catalogue: Catalogue, told: ToldScore) -> Score:
    """The score that a record carries; `catalogue` is the one that it names."""
    figures = tuple(
        Figure(id_, one.numerator or 0, one.denominator or 0, one.points, known=one.numerator is not None)
        for id_, one in told.figures.items()
    )
    reach = {group.id: 0 for group in catalogue.groups}
    for indicator in catalogue.indicators:
        if indicator.id in told.figures and told.figures[indicator.id].points is not None:
            reach[indicator.group] += indicator.maximum * HUNDREDTHS
    groups = tuple(
        GroupScore(group.id, told.groups.get(group.id), reach[group.id], group.maximum * HUNDREDTHS)
        for group in catalogue.groups
    )
    maximum = catalogue.maximum * HUNDREDTHS
    return Score(told.catalogue, figures, groups, told.total, told.reachable, maximum, told.band, told.estimated)


def counts_told(catalogue: Catalogue, told: ToldScore, level: Level, counts: dict[str, int]) -> Counts:
    """What is needed of the counts behind a told score to ask what would change it: those of the unit itself."""
    known = {id_ for id_, one in told.figures.items() if one.numerator is not None}
    names = {name for indicator in catalogue.indicators if indicator.id in known for name in indicator.names}
    return Counts(here=counts, level=level, known=frozenset(names), reported=told.total is not None)


def settled_of(counts: Mapping[str, int]) -> int:
    """Dossiers received whose verdict stands unless something is corrected: they are not in process within due."""
    return counts.get("received", 0) - counts.get("open_within", 0) - counts.get("open_no_due", 0)


def told_place(peers: str, place: Place | None) -> ToldPlace | None:
    """A place as a record carries it."""
    if place is None:
        return None
    return ToldPlace(peers, place.state, place.rank, place.of, place.share, place.share_rank)


def _figure(one: Figure) -> ToldFigure:
    return ToldFigure(one.numerator, one.denominator, one.points) if one.known else NOTHING


NOTHING = ToldFigure(None, None, None)
