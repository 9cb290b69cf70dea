"""Sends a table of dossiers as native events, in pieces that a killed command can continue."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec

from simulators.outbox import Outbox
from simulators.rows import Said, Table, reader_of
from streams.core.routing import partition_of
from streams.errors import MotcuaError
from streams.settings import Settings
from streams.sources.rejections import Rejection
from streams.topics import topic_name

BATCH = 200
CHECKPOINT_S = 2.0
CHECKPOINT_ROWS = 50_000

Shown = Callable[["Sending", int], None]
"""Told the state of the sending and the bytes of the file read so far."""


class Sending(msgspec.Struct, kw_only=True):
    """How far one file has been sent: every row up to `rows` is acknowledged by the brokers."""

    id: str
    file: str
    source: str
    run: str
    turn: int = 1
    rows: int = 0
    events: int = 0
    rejected: dict[str, int] = {}
    done: bool = False

    @property
    def input(self) -> str:
        """The name of this sending as the origin of what it rejects."""
        return f"import:{self.id}" if self.turn == 1 else f"import:{self.id}.{self.turn}"


class Progress:
    """Where the state of a sending is kept, so that it survives a power cut."""

    def __init__(self, settings: Settings, id_: str) -> None:
        self._path = settings.data / "imports" / settings.run / f"{id_}.json"

    def load(self) -> Sending | None:
        """What was kept, None when nothing was; MotcuaError when it cannot be read."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Sending)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError) as error:
            raise MotcuaError(
                f"The progress of this import in {self._path} cannot be read: {error}. Remove that file to send anew."
            ) from error

    def keep(self, sending: Sending) -> None:
        """Replace what was kept, durably; MotcuaError when the disk does not take it."""
        try:
            write_durably(self._path, msgspec.json.encode(sending))
        except OSError as error:
            raise MotcuaError(
                f"The progress of this import cannot be kept in {self._path}: {error.strerror}. "
                "Make room or correct the setting data, then run the same command again."
            ) from error


def begin(settings: Settings, table: Table, *, again: bool) -> Sending:
    """The sending of this table in the run of the settings: a new one, or where an earlier one stopped."""
    id_ = table.sending()
    kept = Progress(settings, id_).load()
    if kept is not None and not again:
        return kept
    turn = 1 if kept is None else kept.turn + 1
    return Sending(id=id_, file=table.path.name, source=table.mapping.source, run=settings.run, turn=turn)


def send(
    settings: Settings, table: Table, sending: Sending, outbox: Outbox, *, batch: int = BATCH, shown: Shown
) -> None:
    """Send what is left of a table; `sending` is brought up to date and kept on the way."""
    with table.open() as file:
        _Sender(settings, table, sending, outbox, batch).run(file, shown)


class _Sender:
    def __init__(self, settings: Settings, table: Table, sending: Sending, outbox: Outbox, batch: int) -> None:
        self._table, self._sending, self._outbox, self._batch = table, sending, outbox, batch
        self._progress = Progress(settings, sending.id)
        self._reader = reader_of(settings, table.mapping)
        self._events = topic_name(settings.run, "dossier-events")
        self._rejected = topic_name(settings.run, "rejected")
        self._partitions = outbox.partitions(self._events)
        self._waiting: dict[int, list[bytes]] = defaultdict(list)
        self._encode = msgspec.json.Encoder().encode

    def run(self, file: BinaryIO, shown: Shown) -> None:
        sending, kept, kept_rows = self._sending, time.monotonic(), self._sending.rows
        for said in self._table.said(file, self._reader, _now(), sending.rows):
            if isinstance(said, Rejection):
                self._reject(said)
                sending.rows = said.offset
            else:
                self._take(said)
                sending.rows = said.number
            if sending.rows - kept_rows >= CHECKPOINT_ROWS or (
                sending.rows % 1000 == 0 and time.monotonic() - kept > CHECKPOINT_S
            ):
                self._checkpoint()
                kept, kept_rows = time.monotonic(), sending.rows
                shown(sending, file.tell())
        sending.done = True
        self._checkpoint()
        shown(sending, file.tell())

    def _take(self, said: Said) -> None:
        partition = partition_of(said.events[0].dossier, self._partitions)
        waiting = self._waiting[partition]
        for event in said.events:
            waiting.append(self._encode(event))
            if len(waiting) >= self._batch:
                self._send(partition)
        self._sending.events += len(said.events)

    def _reject(self, rejection: Rejection) -> None:
        kept = msgspec.structs.replace(rejection, input=self._sending.input, at=_now())
        self._outbox.send(self._rejected, self._encode(kept), key=kept.key.encode())
        counts = self._sending.rejected
        counts[rejection.reason.value] = counts.get(rejection.reason.value, 0) + 1

    def _send(self, partition: int) -> None:
        waiting = self._waiting[partition]
        self._outbox.send(self._events, b"\n".join(waiting), partition=partition)
        waiting.clear()

    def _checkpoint(self) -> None:
        """Everything up to the row just read goes out and is acknowledged, then that is kept."""
        for partition, waiting in self._waiting.items():
            if waiting:
                self._send(partition)
        self._outbox.flush()
        self._progress.keep(self._sending)


def write_durably(path: Path, content: bytes) -> None:
    """Replace a file whole, so that a crash leaves the old or the new one; OSError when the disk is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _now() -> int:
    return time.time_ns() // 1000
