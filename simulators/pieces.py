"""The items of a simulation as lines, made by one process or by many: the same, byte for byte.

Each process plays some of the units and hands over pieces of its own order; they are merged here.  What is held is the
dossiers under way and a piece a process, however long the simulation.
"""

from __future__ import annotations

import heapq
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing.connection import Connection
from typing import Final, NamedTuple

import msgspec

from simulators.sent import EVENT
from simulators.simulation import Simulation
from streams.errors import MotcuaError

PIECE: Final = 2000  # lines handed over at once
_encode: Final = msgspec.json.Encoder().encode


class Line(NamedTuple):
    """An item as it is sent, without its end of line; fields as in `simulators.sent.Item`."""

    when: int
    unit: str
    number: int
    data: bytes
    dirt: str
    reason: str
    dossier: str
    at: int
    topic: str = EVENT


class ProcessError(MotcuaError):
    """A process that made a part of the simulation has ended before its time."""


_packer: Final = msgspec.msgpack.Encoder()
_unpack: Final = msgspec.msgpack.Decoder(list[Line]).decode


@contextmanager
def lines(played: Simulation, processes: int = 1, *, truth: bool = False) -> Iterator[Iterator[Line]]:
    """All items in the order of sending, with `truth` the records among them; the processes end with the block."""
    if processes < 2:
        yield _lines(played, truth=truth)
        return
    context = multiprocessing.get_context("spawn")
    started = []
    try:
        receiving = []
        for number in range(processes):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=_make, args=(played, number, processes, truth, theirs), daemon=True)
            process.start()
            theirs.close()
            started.append(process)
            receiving.append(_received(ours))
        yield heapq.merge(*receiving)
    finally:
        for process in started:
            process.terminate()
            process.join()


def _lines(played: Simulation, *, truth: bool) -> Iterator[Line]:
    for item in played.items(truth=truth):
        data = item.what if isinstance(item.what, bytes) else _encode(item.what)
        yield Line(item.when, item.unit, item.number, data, *item[4:])


def _make(played: Simulation, number: int, among: int, truth: bool, pipe: Connection) -> None:
    made = _lines(played.part(number, among), truth=truth)
    while piece := list(islice(made, PIECE)):
        pipe.send_bytes(_packer.encode(piece))
    pipe.send_bytes(b"")


def _received(pipe: Connection) -> Iterator[Line]:
    try:
        while packed := pipe.recv_bytes():
            yield from _unpack(packed)
    except EOFError:
        raise ProcessError(
            "A process of the simulation ended before its time, perhaps for want of memory: take fewer --processes."
        ) from None
