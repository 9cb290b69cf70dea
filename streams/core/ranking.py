"""Ranks of units among their peers, by displayed totals.

Standard competition ranks (1, 2, 2, 4).  A unit below the minimum volume is provisional and has no rank; one without a
total has none either; one with a total of 0 stays.  Incomplete units rank in the official order by points and, apart
from it, by their share of what they could reach; the two are never merged into one number.  Source: docs/semantics.md.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeAlias

import msgspec

from streams.core.register import Level

LEAST_VOLUME: Final = 10
_FINE: Final = 10**9  # shares are of whole hundredths: two that differ, differ by more than 1 in 10**8


class State(StrEnum):
    """Whether a unit has a rank, and why not."""

    RANKED = "ranked"
    PROVISIONAL = "provisional"  # too few dossiers received in the period
    NO_TOTAL = "no_total"  # no source reports it, or nothing of it has a value


class Contender(msgspec.Struct, frozen=True, gc=False):
    """A unit as it goes into a ranking: total and reachable maximum in hundredths of points, dossiers received."""

    unit: str
    total: int | None
    reachable: int
    volume: int
    complete: bool = True


class Place(msgspec.Struct, frozen=True, gc=False):
    """A unit in a ranking of `of` ranked units.

    `share` is total ÷ reachable in hundredths of a percent, half up, and `share_rank` the rank by it: the order apart.
    """

    unit: str
    state: State
    total: int | None
    volume: int
    complete: bool
    rank: int | None
    share: int | None
    share_rank: int | None
    of: int


PeerOf: TypeAlias = Callable[[Contender], str]
Ranks: TypeAlias = dict[str, int]


def ranking(contenders: Iterable[Contender], least: int = LEAST_VOLUME) -> list[Place]:
    """The places of all: those with a rank first, best first, then the provisional ones, then those without total.

    Equal totals stand in the order of their codes.  `least` is the volume from which a unit has a rank.
    """
    held = [(_state(one, least), one) for one in contenders]
    ranked = [one for state, one in held if state is State.RANKED]
    ranks = _ranks(ranked, lambda one: one.total or 0)
    share_ranks = _ranks([one for one in ranked if one.reachable], _fine_share)
    held.sort(key=lambda pair: (_ORDER[pair[0]], -(pair[1].total or 0), pair[1].unit))
    of = len(ranked)
    return [
        Place(
            one.unit,
            state,
            one.total,
            one.volume,
            one.complete,
            ranks.get(one.unit),
            _share(one),
            share_ranks.get(one.unit),
            of,
        )
        for state, one in held
    ]


def moved_by_one(places: Iterable[Place], steps: Mapping[str, int]) -> frozenset[str]:
    """Ranked units of which one dossier more or less would move the rank.

    `steps` has the hundredths of points of one dossier by unit; a unit that it does not name is left out.
    """
    ranked = [place for place in places if place.rank is not None and place.total is not None]
    totals = sorted(place.total or 0 for place in ranked)
    moved = set()
    for place in ranked:
        step, total = steps.get(place.unit, 0), place.total or 0
        # By losing, whoever stands in (total − step, total] gets past; by gaining, whoever in (total, total + step].
        near = bisect_right(totals, total + step) - bisect_right(totals, total - step)
        if step > 0 and near > 1:  # itself is one of them
            moved.add(place.unit)
    return frozenset(moved)


VOLUME_BANDS: Final = (100, 1_000, 10_000)
"""Dossiers received in the period at which a band of volume begins."""


def volume_band(contender: Contender, bounds: tuple[int, ...] = VOLUME_BANDS) -> str:
    """Peers by volume: ``0-99``, ``100-999``, … ``10000-``."""
    place = bisect_right(bounds, contender.volume)
    low = 0 if place == 0 else bounds[place - 1]
    return f"{low}-{bounds[place] - 1}" if place < len(bounds) else f"{low}-"


KINDS_OF_COMMUNE: Final = {"Phường": "ward", "Xã": "commune", "Thị trấn": "township", "Đặc khu": "special zone"}


def kind_of_unit(level: Level, name: str) -> str:
    """Peers by kind: wards, communes and special zones apart (by the first words of the name), else level."""
    if level is Level.COMMUNE:
        for words, kind in KINDS_OF_COMMUNE.items():
            if name.startswith(f"{words} "):
                return kind
    return level.value


def among(contenders: Iterable[Contender], peer_of: PeerOf, least: int = LEAST_VOLUME) -> dict[str, list[Place]]:
    """The ranking of each peer group; a contender for which `peer_of` gives "" is in none."""
    groups: dict[str, list[Contender]] = {}
    for one in contenders:
        if group := peer_of(one):
            groups.setdefault(group, []).append(one)
    return {group: ranking(members, least) for group, members in sorted(groups.items())}


_ORDER: Final = {State.RANKED: 0, State.PROVISIONAL: 1, State.NO_TOTAL: 2}


def _state(one: Contender, least: int) -> State:
    if one.total is None:
        return State.NO_TOTAL
    return State.RANKED if one.volume >= least else State.PROVISIONAL


def _ranks(ranked: list[Contender], value: Callable[[Contender], int]) -> Ranks:
    """Ranks by unit: 1 and the number of those above it."""
    values = sorted(-value(one) for one in ranked)
    first: dict[int, int] = {}
    for place, negative in enumerate(values, 1):
        first.setdefault(negative, place)
    return {one.unit: first[-value(one)] for one in ranked}


def _fine_share(one: Contender) -> int:
    return (one.total or 0) * _FINE // one.reachable


def _share(one: Contender) -> int | None:
    if one.total is None or not one.reachable:
        return None
    return (2 * 10_000 * one.total + one.reachable) // (2 * one.reachable)
