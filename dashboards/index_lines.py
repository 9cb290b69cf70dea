"""The index of a province and the ranking of its units in a few lines of text, from what the workers tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from dashboards.live_board import Board
from dashboards.rates import RATES, percent_text, share
from streams.core.index import UnitIndex
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.indicators.gains import losses
from streams.core.indicators.points import text
from streams.core.ranking import LEAST_VOLUME, State
from streams.core.register import Register
from streams.core.told import ToldScore, score_told

_MOST: Final = 3


def province_lines(entry: UnitIndex | None) -> Iterator[str]:
    """Groups, total, and the indicators that have lost most; nothing where nothing is told."""
    if entry is None or entry.score is None:
        return
    told = entry.score
    catalogue = next(one for one in CATALOGUES if one.id == told.catalogue)
    for group in catalogue.groups:
        points = told.groups.get(group.id)
        shown = "no data" if points is None else text(points)
        yield f"  {group.id}  {shown:>7} of {group.maximum:>2}  {group.en}"
    yield f"  total {_points(told)}, {told.band or 'no band'}{'' if told.complete else ' (incomplete)'}"
    lost = losses(catalogue, score_told(catalogue, told))[:_MOST]
    if lost:
        words = ", ".join(f"{one.indicator} {catalogue.indicator(one.indicator).en} {text(one.lost)}" for one in lost)
        yield f"  most points lost: {words}"


def ranking_lines(entries: Mapping[str, UnitIndex], board: Board, register: Register) -> Iterator[str]:
    """The units of a board by the rank that they have among their peers, the best first."""
    units = [*(one.unit for one in board.units.ranked), *board.units.few]
    by_peers: dict[str, list[UnitIndex]] = {}
    for unit in units:
        entry = entries.get(unit)
        if entry is not None and entry.place is not None:
            by_peers.setdefault(entry.place.peers, []).append(entry)
    for peers, members in sorted(by_peers.items()):
        yield f"\nRanking of {peers} by points"
        for entry in sorted(members, key=_order):
            yield _row(entry, board.late_of.get(entry.unit, 0), register)
        few = sum(one.place is not None and one.place.state is State.PROVISIONAL for one in members)
        if few:
            yield f"Without a rank: {few} with fewer than {LEAST_VOLUME} dossiers received"


def _row(entry: UnitIndex, late: int, register: Register) -> str:
    rank = "" if entry.place is None or entry.place.rank is None else str(entry.place.rank)
    points = "no total" if entry.score is None else _points(entry.score)
    rate = percent_text(share(RATES[0], entry.counts))
    name = f"{register.name(entry.unit)} ({entry.unit})"
    received = entry.counts.get("received", 0)
    return f"{rank:>4}  {points}  on time {rate:>6} % of {received:>6,}  late now {late:>5,}  {name}"


def _points(told: ToldScore) -> str:
    total = "-" if told.total is None else text(told.total)
    return f"{total:>6} of {text(told.reachable)}"


def _order(entry: UnitIndex) -> tuple[bool, int, str]:
    rank = None if entry.place is None else entry.place.rank
    return rank is None, rank or 0, entry.unit
