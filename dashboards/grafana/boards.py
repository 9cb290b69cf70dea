"""The boards, one line each; each is made of a catalogue of the index, so a new indicator appears by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dashboards.grafana.late_board import late_board
from dashboards.grafana.pipeline_board import pipeline_board
from dashboards.grafana.ranking_board import ranking_board
from dashboards.grafana.records import Board
from dashboards.grafana.runs_board import runs_board
from dashboards.grafana.unit_board import unit_board
from dashboards.grafana.wall import wall
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.indicators.records import Catalogue

BOARDS: Final[tuple[Callable[[Catalogue], Board], ...]] = (
    wall,
    ranking_board,
    unit_board,
    lambda _: late_board(),
    lambda _: pipeline_board(),
    runs_board,
)
LATEST: Final = CATALOGUES[-1]


def boards(catalogue: Catalogue = LATEST) -> tuple[Board, ...]:
    """All boards by one version of the index."""
    return tuple(make(catalogue) for make in BOARDS)
