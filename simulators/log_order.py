"""Log order: the facts of a table sorted by when they were recorded, in memory that does not grow with the table."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Iterator
from typing import IO, TypeAlias

import msgspec

from streams.core.facts import Fact
from streams.errors import MotcuaError

CHUNK = 200_000
"""Facts sorted at once; more are sorted on disk."""

Entry: TypeAlias = tuple[int, int, int, bytes]  # recorded (micros), row, piece, the fact


class NoRoom(MotcuaError):
    """The disk did not take the facts that are sorted on it."""


class LogOrder:
    """Takes the facts of rows in any order and gives them back by (recorded, row, piece).

    A row is one item: the first of its facts in log order is counted, the later ones are not.  Each fact gets the
    origin (0, its position in log order, its row).
    """

    def __init__(self, chunk: int = CHUNK) -> None:
        self._chunk = chunk
        self._entries: list[Entry] = []
        self._spilled: list[IO[bytes]] = []
        self._encode = msgspec.msgpack.Encoder().encode
        self.facts = 0
        self.rows = 0

    def add(self, row: int, facts: list[Fact]) -> None:
        """The facts of one row."""
        order = sorted(range(len(facts)), key=lambda piece: facts[piece].recorded)
        for place, piece in enumerate(order):
            fact = msgspec.structs.replace(facts[piece], counted=place == 0)
            self._entries.append((fact.recorded, row, place, self._encode(fact)))
        self.facts += len(facts)
        self.rows += 1
        if len(self._entries) >= self._chunk:
            self._spill()

    def read(self, after: int = 0) -> Iterator[Fact]:
        """All facts in log order, from position `after` on; may be read more than once."""
        self._entries.sort()
        decode = msgspec.msgpack.Decoder(Fact).decode
        streams = [*map(_entries, self._spilled), iter(self._entries)]
        merged = heapq.merge(*streams) if len(streams) > 1 else streams[0]
        for position, (_, row, _, encoded) in enumerate(merged):
            if position >= after:
                yield msgspec.structs.replace(decode(encoded), origin=(0, position, row))

    def close(self) -> None:
        """Remove what was sorted on disk."""
        for file in self._spilled:
            file.close()
        self._spilled.clear()

    def __enter__(self) -> LogOrder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _spill(self) -> None:
        self._entries.sort()
        try:
            file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
            self._spilled.append(file)
            for entry in self._entries:
                data = self._encode(entry)
                file.write(len(data).to_bytes(4, "big") + data)
            file.flush()
        except OSError as error:
            raise NoRoom(
                f"The facts cannot be sorted in {tempfile.gettempdir()}: {error.strerror}. "
                "Make room there, or name another folder in the variable TMPDIR, and run the same command again."
            ) from error
        self._entries.clear()


def _entries(file: IO[bytes]) -> Iterator[Entry]:
    decode = msgspec.msgpack.Decoder(Entry).decode
    file.seek(0)
    while length := file.read(4):
        yield decode(file.read(int.from_bytes(length, "big")))
