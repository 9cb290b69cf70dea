"""A board drawn for a terminal, and as one line where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from rich.columns import Columns
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from dashboards.live_board import Board, Flow, Late
from dashboards.ranking import Ranked
from dashboards.rates import RATES, percent_text
from streams.core.civil import MICROS
from streams.core.register import Register

SHOWN_UNITS: Final = 6
SHOWN_LATE: Final = 6
_GOOD, _FAIR = 95.0, 85.0  # of the 766 rate, for the colour alone


class Heading(NamedTuple):
    """What stands above the figures: title, how time goes, and how far it is (0 to 1, None: no end)."""

    title: str
    pace: str
    done: float | None = None


class Screen:
    """Draws boards; times in the zone, units by their names in the register."""

    def __init__(self, zone: ZoneInfo, register: Register) -> None:
        self._zone, self._register = zone, register

    def draw(self, heading: Heading, board: Board) -> RenderableType:
        """The whole screen."""
        ranked = board.units.ranked
        half = min(SHOWN_UNITS, (len(ranked) + 1) // 2)
        best, worst = ranked[:half], ranked[half:][-SHOWN_UNITS:]
        units = Table.grid(expand=True, padding=(0, 2))
        units.add_column(ratio=1)
        units.add_column(ratio=1)
        units.add_row(self._units("best units", best, board), self._units("worst units", worst[::-1], board))
        parts: list[RenderableType] = [
            self._clock(heading, board),
            Text(),
            self._figures(board),
            Text(),
            units,
            Text(),
            self._late(board.newly_late[:SHOWN_LATE]),
            Text(),
            Text.assemble(("pipeline  ", "bold"), flow_words(board.flow)),
        ]
        return Panel(Group(*parts), title=heading.title, title_align="left", border_style="cyan")

    def line(self, board: Board) -> str:
        """The same in one line of text."""
        if not board.as_of:
            return "no figures yet: the worker is starting"
        rates = ", ".join(f"{rate.en} {percent_text(board.rates[rate.name]) or '-'} %" for rate in RATES)
        worst = board.units.ranked[-1:]
        last = f"; last {self._register.name(worst[0].unit)} {percent_text(worst[0].share)} %" if worst else ""
        return (
            f"{self.moment(board.as_of / MICROS)}  received {board.received:,}, {rates}, "
            f"late now {board.late_now:,}{last}; {flow_words(board.flow)}"
        )

    def moment(self, instant: float) -> str:
        """Day of the week, day and time of an instant (seconds)."""
        return datetime.fromtimestamp(instant, self._zone).strftime("%a %Y-%m-%d %H:%M")

    def _clock(self, heading: Heading, board: Board) -> RenderableType:
        told = self.moment(board.as_of / MICROS) if board.as_of else "the worker is starting …"
        grid = Table.grid(expand=True, padding=(0, 1))
        grid.add_column(no_wrap=True)
        grid.add_column(ratio=1)
        grid.add_column(justify="right", no_wrap=True)
        bar: RenderableType = Text()
        if heading.done is not None:
            bar = ProgressBar(total=1.0, completed=heading.done, complete_style="cyan")
        grid.add_row(Text(told, style="bold"), bar, Text(heading.pace, style="dim"))
        return grid

    def _figures(self, board: Board) -> RenderableType:
        changes = board.since_midnight
        cells = [Text.assemble("received ", (f"{board.received:,}", "bold"))]
        for rate in RATES:
            percent = percent_text(board.rates[rate.name])
            cells.append(
                Text.assemble(f"{rate.en} ", (f"{percent or '-'} %", "bold"), _points(changes.rates.get(rate.name)))
            )
        cells.append(Text.assemble("late now ", (f"{board.late_now:,}", "bold red"), _dossiers(changes.late_now)))
        return Columns(cells, padding=(0, 3))

    def _units(self, title: str, units: Sequence[Ranked], board: Board) -> RenderableType:
        table = Table(box=None, expand=True, padding=(0, 1, 0, 0), header_style="dim", pad_edge=False)
        table.add_column(title, ratio=1, no_wrap=True, overflow="ellipsis")
        for name in ("766 rate", "today", "of", "late now"):
            table.add_column(name, justify="right", no_wrap=True)
        for one in units:
            percent = one.share.percent or 0.0
            colour = "green" if percent >= _GOOD else "yellow" if percent >= _FAIR else "red"
            table.add_row(
                f"{one.rank:>3} {self._register.name(one.unit)}",
                Text(f"{percent_text(one.share)} %", style=colour),
                _points(board.since_midnight.units.get(one.unit)),
                f"{one.share.denominator:,}",
                f"{board.late_of.get(one.unit, 0):,}",
            )
        return table

    def _late(self, late: Sequence[Late]) -> RenderableType:
        table = Table(box=None, expand=True, padding=(0, 1, 0, 0), header_style="dim", pad_edge=False)
        for name in ("newly late", "unit", "procedure", "was due"):
            table.add_column(name, no_wrap=True, overflow="ellipsis")
        for one in late:
            table.add_row(Text(one.case, style="red"), one.unit, one.procedure, self.moment(one.due))
        for _ in range(SHOWN_LATE - len(late)):  # so that what stands below keeps its place
            table.add_row("", "", "", "")
        return table


def flow_words(flow: Flow) -> str:
    """Where the items read have gone; what is in none of the four is still under way."""
    words = (
        f"{flow.read:,} read = {flow.applied:,} applied + {flow.repeated:,} repeated "
        f"+ {flow.rejected:,} rejected + {flow.ignored:,} ignored"
    )
    return f"{words} + {flow.under_way:,} under way" if flow.under_way else words


def _points(change: float | None) -> Text:
    if change is None or abs(change) < 0.005:
        return Text("")
    return Text(f" {'▲' if change > 0 else '▼'}{abs(change):.2f}", style="green" if change > 0 else "red")


def _dossiers(change: int) -> Text:
    if not change:
        return Text("")
    return Text(f" {'▲' if change > 0 else '▼'}{abs(change):,}", style="red" if change > 0 else "green")
