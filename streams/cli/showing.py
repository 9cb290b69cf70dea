"""Progress of a long command: a bar for people, a line now and then where nobody looks."""

from __future__ import annotations

import time
from types import TracebackType

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

EVERY_S = 5.0


class Bar:
    """Shows on standard error how far something is; `show` may be called as often as wanted."""

    def __init__(self, title: str) -> None:
        self._title = title
        console = Console(stderr=True)
        self._progress: Progress | None = None
        if console.is_terminal:
            columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"))
            self._progress = Progress(*columns, TimeRemainingColumn(), console=console)
            self._task = self._progress.add_task(title, total=None, words="")
        self._said = time.monotonic()

    def show(self, done: float, total: float, words: str) -> None:
        """How much of how much is done, and in words."""
        if self._progress is not None:
            self._progress.update(self._task, completed=done, total=total, words=words)
        elif time.monotonic() - self._said >= EVERY_S:
            share = f"{done / total:.0%} " if total else ""
            click.echo(f"{self._title}: {share}{words}", err=True)
            self._said = time.monotonic()

    def say(self, text: str) -> None:
        """A line that stays."""
        if self._progress is not None:
            self._progress.console.print(text, markup=False, highlight=False)
        else:
            click.echo(text, err=True)

    def __enter__(self) -> Bar:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._progress is not None:
            self._progress.stop()
