"""Rows of a table as events and facts, by the code that INTAKE uses, so that both refuse the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from simulators.log_order import LogOrder
from simulators.played import Reject
from streams.core.civil import Civil
from streams.core.events import Event
from streams.core.facts import Fact
from streams.errors import MotcuaError
from streams.settings import Settings
from streams.sources.mappings import ENDED, MILESTONES, Mapping
from streams.sources.native import LATEST, Reader
from streams.sources.rejections import Refused, Rejection
from streams.sources.tables import read_table

FAR = LATEST * 1_000_000
"""A stamp (micros) ahead of which nothing lies: for a log that brings its own time."""


class Said(NamedTuple):
    """What one row says: its events, and the fact of each."""

    number: int
    events: list[Event]
    facts: list[Fact]


class Table:
    """One file with its mapping."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self.path = path
        self.mapping = mapping
        self.size = _size(path)

    def open(self) -> BufferedReader:
        """The file, to be closed by the caller."""
        return self.path.open("rb")

    def sending(self) -> str:
        """Identity of sending this file by this mapping: a checksum over both."""
        with self.open() as file:
            digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=8))
        digest.update(msgspec.json.encode(self.mapping, order="deterministic"))
        return digest.hexdigest()

    def said(self, file: BinaryIO, reader: Reader, stamp: int, after: int = 0) -> Iterator[Said | Rejection]:
        """Each row after row `after`, or why it is refused; moments may not lie far ahead of `stamp` (micros)."""
        for row in read_table(file, self.mapping, name=str(self.path), after=after):
            if isinstance(row, Rejection):
                yield row
                continue
            facts: list[Fact] = []
            try:
                for event in row.events:
                    facts.append(reader.translate(event, stamp))  # noqa: PERF401 - the event at fault is named below
            except Refused as refused:
                column = self._column(row.events[len(facts)])
                detail = f"row {row.number} (line {row.line}): column `{column}`: {refused.detail}"
                yield Rejection(refused.reason, detail, offset=row.number)
            else:
                yield Said(row.number, row.events, facts)

    @property
    def name(self) -> str:
        """The file without its folder."""
        return self.path.name

    @property
    def source(self) -> str:
        """The source that the mapping names."""
        return self.mapping.source

    def log(self, settings: Settings, reject: Reject) -> LogOrder:
        """The facts of all rows, sorted; to be closed."""
        with ExitStack() as on_failure, self.open() as file:
            order = on_failure.enter_context(LogOrder())
            for said in self.said(file, reader_of(settings, self.mapping), FAR):
                if isinstance(said, Rejection):
                    reject(said)
                else:
                    order.add(said.number, said.facts)
            on_failure.pop_all()
        return order

    def _column(self, event: Event) -> str:
        columns = self.mapping.columns
        for meaning, column in columns.items():
            if MILESTONES.get(meaning) is type(event):
                return column
        return columns[ENDED]


def reader_of(settings: Settings, mapping: Mapping) -> Reader:
    """What translates events; days of bare dates are those of the mapping's zone."""
    return Reader(Civil(mapping.zone), int(settings.max_ahead_s))


def _size(path: Path) -> int:
    try:
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        raise MotcuaError(
            f"The table {path} cannot be read: {error.strerror}. Correct the path or its rights."
        ) from error
