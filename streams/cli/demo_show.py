"""The demo as people see it: what simulators send and what dashboards show, put together."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.live import Live

from dashboards.conservation import conservation_of
from dashboards.digests import compare
from dashboards.explaining import explain_case
from dashboards.following import Following
from dashboards.index_lines import province_lines, ranking_lines
from dashboards.live_board import Board, Boards
from dashboards.live_screen import Heading, Screen, flow_words
from simulators.demo import LIVE_S, Feed, Ground, check_size, pace_of, wall_second
from simulators.simulation import Simulation
from streams.core.civil import ALL, MICROS, Civil
from streams.core.register import Register
from streams.errors import MotcuaError

PLAIN_S: Final = 5.0
"""Seconds between two lines where there is no terminal."""
WORKER_S: Final = 90.0
_PICTURE_WIDTH: Final = 118
_LOOK_S: Final = 0.1
_CHECK_S: Final = 1.0
_FONTS = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)


class NoFigures(MotcuaError):
    """The worker does not tell its figures in time."""


class Show:
    """One demo on its ground: `fortnight`, then `live`."""

    def __init__(
        self, ground: Ground, simulation: Simulation, register: Register, province: str, seconds: float
    ) -> None:
        self._ground, self._simulation, self._register, self._seconds = ground, simulation, register, seconds
        settings = ground.settings
        self._settings, self._province = settings, province
        self._civil = Civil(settings.zone)
        self._following = Following(settings)
        self._boards = Boards(self._following, register, province, self._civil)
        self._screen = Screen(settings.civil_zone, register)
        self._feed = Feed(settings, simulation)
        played = f"{simulation.scenario.name}, seed {simulation.seed}, {len(simulation.units)} units"
        self._title = f"motcua demo · {register.name(province)} · {played}"
        self._console = Console()
        self._live: Live | None = None
        self._began = time.monotonic()
        self._told_at = self._checked_at = self._began
        self._heading = Heading(self._title, "")
        self._pictured: tuple[Heading, Board] | None = None

    def fortnight(self) -> bool:
        """Show the days before now, then the ranking and the checks; whether the checks hold."""
        with self._shown():
            until, events = self._first_figures()
            pace = pace_of(self._simulation, until, self._seconds, lambda: self._following.as_of, self._step)
            speed = (until / MICROS - self._simulation.begins) / self._seconds
            self._heading = Heading(self._title, f"{events:,} events, on the mean {speed:,.0f} times real time", 0.0)
            self._feed.replay(until, pace)
            self._feed.replay(wall_second(), pace)  # what has come meanwhile
            reached = self._feed.conclude()
            self._await(reached)
            self._heading = Heading(self._title, "now", 1.0)
            self._step()
        self._show_ranking()
        return self._show_checks()

    def live(self) -> None:
        """Go on at real speed until Ctrl-C."""
        click.echo(f"Live at real speed until Ctrl-C. {self._next_words()}")
        try:
            with self._shown():
                while True:
                    self._feed.live(wall_second())
                    self._heading = Heading(self._title, f"real time. {self._next_words()}")
                    end = time.monotonic() + LIVE_S
                    while time.monotonic() < end:
                        self._step()
                        time.sleep(_LOOK_S)
        except KeyboardInterrupt:
            click.echo(f"Ended. {flow_words(self._boards.look(self._feed.read).flow)}")

    def write_picture(self, path: Path) -> None:
        """Write the screen as it stood when the most dossiers had become late in a day."""
        heading, board = self._pictured or (self._heading, self._boards.look(self._feed.read))
        console = Console(record=True, width=_PICTURE_WIDTH, file=io.StringIO(), force_terminal=True)
        console.print(self._screen.draw(heading, board))
        # Without the fonts that would be fetched from elsewhere: a picture asks nobody for anything.
        svg = _FONTS.sub("", console.export_svg(title="make demo"))
        path.write_text(svg, encoding="utf-8")

    def close(self) -> None:
        """Close the connections."""
        self._feed.close()
        self._following.close()

    def __enter__(self) -> Show:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- what moves ---------------------------------------------------------------------------------------------

    @contextmanager
    def _shown(self) -> Iterator[None]:
        if not self._console.is_terminal:
            yield
            return
        with Live(console=self._console, auto_refresh=False) as self._live:
            yield
        self._live = None

    def _first_figures(self) -> tuple[int, int]:
        """Until when (micros) the replay goes, and of how many events it is; once the worker tells figures."""
        until = wall_second()
        self._feed.begin()
        events = check_size(self._settings, self._simulation, until)
        self._await(self._simulation.begins * MICROS)
        self._say(f"First figures after {time.monotonic() - self._began:.1f} s; {events:,} events follow.")
        return until, events

    def _await(self, instant: int) -> None:
        """Return when the figures stand as of an instant (micros)."""
        end = time.monotonic() + WORKER_S
        while self._following.as_of < instant:
            self._step()
            if time.monotonic() > end:
                raise NoFigures(
                    f"The worker has told no figures as of {self._civil.text(instant // MICROS)} for {WORKER_S:.0f} s. "
                    "Run it again with --keep and look into the worker's log."
                )
            time.sleep(_LOOK_S)

    def _step(self) -> None:
        """Take in what the worker told, look after it, and show."""
        self._following.look()
        now = time.monotonic()
        if now - self._checked_at >= _CHECK_S:
            self._checked_at = now
            self._ground.check()
        board = self._boards.look(self._feed.read)
        heading = self._heading
        if heading.done is not None and heading.done < 1:
            begins = self._simulation.begins * MICROS
            done = min(max(board.as_of - begins, 0) / max(wall_second() - begins, 1), 1.0)
            heading = heading._replace(done=done)
            before = self._pictured[1].since_midnight.late_now if self._pictured is not None else 0
            if board.since_midnight.late_now >= before:
                self._pictured = heading, board
        if self._live is not None:
            self._live.update(self._screen.draw(heading, board), refresh=True)
        elif not self._console.is_terminal and now - self._told_at >= PLAIN_S:
            self._told_at = now
            click.echo(self._screen.line(board))

    def _say(self, words: str) -> None:
        if not self._console.is_terminal:
            click.echo(words)

    def _next_words(self) -> str:
        upcoming = self._feed.upcoming()
        if upcoming is None:
            return "The simulation is at its end."
        return f"The next event comes at {self._screen.moment(upcoming)}."

    # -- what stays ---------------------------------------------------------------------------------------------

    def _show_ranking(self) -> None:
        board = self._boards.look(self._feed.read)
        entries = {unit: entry for (period, unit), entry in self._following.entries.items() if period == ALL}
        click.echo(f"\nIndex as of {self._civil.text(board.as_of // MICROS)}, all dossiers of the run; an estimate")
        for line in (*province_lines(entries.get(self._province)), *ranking_lines(entries, board, self._register)):
            click.echo(line)
        click.echo(
            f"\nDue dates: {board.received - board.computed:,} as promised at reception, "
            f"{board.computed:,} computed from the limits of the procedures in working time"
        )
        self._show_reason([one.case for one in board.newly_late])

    def _show_reason(self, late: list[str]) -> None:
        """Why one of the dossiers that turned late last was due when it was, where the due date was computed."""
        for case in late:
            computed = explain_case(self._settings, case).computed
            if computed is not None and computed.scores and computed.text:
                click.echo(f"Why {case} is late (`motcua explain {case} --lang vi` says all of it):")
                click.echo("".join(f"  {line}\n" for line in computed.text["vi"]), nl=False)
                return

    def _show_checks(self) -> bool:
        rows, conserved = conservation_of(self._settings)
        comparison = compare(self._settings)
        same = not comparison.different
        board = self._boards.look(self._feed.read)
        click.echo(f"\n{'holds' if conserved else 'DOES NOT HOLD'}  conservation: {flow_words(board.flow)}")
        if not conserved:
            click.echo("".join(f"       {row}\n" for row in rows), nl=False)
        verdict = (
            "the workers' figures are what the facts say" if same else f"differs in {', '.join(comparison.different)}"
        )
        click.echo(
            f"{'holds' if same else 'DOES NOT HOLD'}  digest: {verdict}, as of "
            f"{self._civil.text(comparison.as_of // MICROS)}, "
            f"{comparison.facts.cases:,} cases, {comparison.facts.whole}"
        )
        if pages := self._ground.pages():
            click.echo(f"\nmetrics  {pages}/metrics\nhealth   {pages}/readyz")
        click.echo(f"kafka    {', '.join(self._settings.brokers)}, run {self._settings.run}\n")
        return conserved and same
