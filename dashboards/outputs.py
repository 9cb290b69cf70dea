"""What the stages have written, read back: states, tallies, figures, watch list, rejected items, facts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

import msgspec

from streams.core.accounting import LEDGER_KEY, Ledger, decode_ledger
from streams.core.facts import Batch, decode_batch
from streams.core.index import INDEX_VERSION, RUN_KEY, EntryKey, Index, RunStatus, UnitIndex
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.stored import split
from streams.core.tallies import read_key
from streams.definitions import Definitions
from streams.errors import MotcuaError
from streams.reading import RunReader
from streams.sources.rejections import Rejection

Record = TypeVar("Record", UnitIndex, RunStatus)
_LEDGER = LEDGER_KEY.encode()
_RUN = RUN_KEY.encode()


class RecordUnreadable(MotcuaError):
    """A record that another version of motcua wrote, or something else; the text says where it is."""


class Figures(NamedTuple):
    """What `unit-index` says: how far the run is (None: no worker has told yet), and every entry."""

    status: RunStatus | None
    entries: dict[EntryKey, UnitIndex]


def rules_of(reader: RunReader, known_at: int | None = None) -> Rules:
    """The definitions that a worker with these settings counts by, of all or of those recorded before `known_at`."""
    return definitions_of(reader, known_at).rules


def definitions_of(reader: RunReader, known_at: int | None = None) -> Definitions:
    """The definitions of the settings with the editions that the run was told."""
    definitions = Definitions(reader.settings)
    definitions.take(((one.key, one.value) for one in reader.read("references")), known_at)
    return definitions


def read_batches(reader: RunReader, partition: int | None = None) -> Iterator[tuple[int, int, Batch]]:
    """Partition, offset and batch of every message of `dossier-facts`; what is no batch was rejected, not told here."""
    for message in reader.read("dossier-facts", partition):
        try:
            yield message.partition, message.offset, decode_batch(message.value or b"")
        except msgspec.DecodeError:
            continue


def read_states(reader: RunReader) -> dict[str, bytes]:
    """The last state of every case."""
    states: dict[str, bytes] = {}
    for message in reader.read("dossier-state"):
        if message.key is None or message.key == _LEDGER:
            continue
        if message.value is None:
            states.pop(message.key.decode(), None)
        else:
            states[message.key.decode()] = split(message.value)[1]
    return states


def read_ledgers(reader: RunReader) -> dict[int, Ledger]:
    """The last ledger of each partition that has one."""
    found = {}
    for partition in range(reader.partitions("dossier-state")):
        value = reader.latest("dossier-state", _LEDGER, partition)
        if value is not None:
            found[partition] = decode_ledger(value)
    return found


def read_tallies(reader: RunReader, register: Register) -> Index:
    """The sums that follow from all tallies."""
    index = Index(register, reader.partitions("dossier-facts"))
    for message in reader.read("unit-tallies"):
        if message.key is not None:
            index.take(read_key(message.key.decode()), message.value)
    return index


def read_figures(reader: RunReader) -> Figures:
    """Every entry of `unit-index` that stands.

    Whoever takes INDEX over tells everything anew, so what a superseded writer still says afterwards is passed over.
    """
    entries: dict[EntryKey, UnitIndex] = {}
    status, generation = None, -1
    for message in reader.read("unit-index"):
        if message.key is None or (message.key.startswith(b"@") and message.key != _RUN):
            continue
        if message.value is None:
            period, _, unit = message.key.decode().partition("/")
            entries.pop((period, unit), None)
            continue
        record: UnitIndex | RunStatus = _record(message.key, message.value)
        if record.generation < generation:
            continue
        generation = record.generation
        if isinstance(record, RunStatus):
            status = record
        else:
            entries[record.period, record.unit] = record
    return Figures(status, entries)


def read_rejections(reader: RunReader) -> list[Rejection]:
    """Every item that was rejected or ignored, once each, in the order of their origins."""
    found: dict[bytes, Rejection] = {}
    decode = msgspec.json.Decoder(Rejection).decode
    for message in reader.read("rejected"):
        if message.key is None or message.value is None:
            continue
        try:
            found[message.key] = decode(message.value)
        except msgspec.MsgspecError as error:
            raise _unreadable("rejected", message.key, error) from error
    return sorted(found.values(), key=lambda one: (one.input, one.offset, one.index))


def _record(key: bytes, value: bytes) -> UnitIndex | RunStatus:
    return _decoded(RunStatus, key, value) if key == _RUN else _decoded(UnitIndex, key, value)


def _decoded(form: type[Record], key: bytes, value: bytes) -> Record:
    try:
        record = msgspec.json.decode(value, type=form)
    except msgspec.MsgspecError as error:
        raise _unreadable("unit-index", key, error) from error
    if record.version != INDEX_VERSION:
        raise _unreadable("unit-index", key, f"it is of version {record.version}, this is {INDEX_VERSION}")
    return record


def _unreadable(topic: str, key: bytes, why: object) -> RecordUnreadable:
    return RecordUnreadable(
        f"The record {key.decode(errors='replace')} of {topic} cannot be read by this version: {why}. "
        "Use the version of motcua that its workers run."
    )
