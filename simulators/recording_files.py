"""What a recording is on disk: a manifest, and pieces of NDJSON packed with zstd."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, TypeVar, cast

import msgspec
import zstandard

from simulators.sending import write_durably
from streams.core.accounting import Account
from streams.core.facts import FACTS_VERSION
from streams.errors import MotcuaError

MANIFEST: Final = "manifest.json"
PROGRESS: Final = "unfinished.json"
VERSION: Final = 1
PIECE_BYTES: Final = 64 * 1024 * 1024
"""Bytes of lines in one piece before they are packed."""
_READ_AT_ONCE: Final = 1 << 20
_NULL: Final = b"null"
M = TypeVar("M", bound="Manifest")


class RecordingError(MotcuaError):
    """A recording that cannot be made or played; the text says what is wrong, where, and what to do."""


class Piece(msgspec.Struct, frozen=True):
    """One file: `lines` messages of one partition of a topic, from offset `first` to before `until`.

    `bytes` and `sha256` are those of the file.
    """

    file: str
    topic: str
    partition: int
    first: int
    until: int
    lines: int
    bytes: int
    sha256: str


class Counts(msgspec.Struct):
    """What a recording holds; `left_out` are messages that were no batch of facts, which nobody can play."""

    facts: int = 0
    batches: int = 0
    ticks: int = 0
    rejected: int = 0
    references: int = 0
    left_out: int = 0


class Manifest(msgspec.Struct, kw_only=True):
    """What a recording is of: a run from the first to the last message that it had when it was recorded.

    `begins` and `ends` are offsets by topic and partition; `first` and `last` the lowest and highest clock (micros) of
    batches; `items` how many items each input gave, with those that were rejected; `versions` names the definitions by
    which the run counted.
    """

    format: str = "motcua-recording"
    version: int = VERSION
    motcua: str
    facts_version: int = FACTS_VERSION
    run: str
    zone: str
    partitions: int
    versions: dict[str, str]
    begins: dict[str, list[int]]
    ends: dict[str, list[int]]
    first: int = 0
    last: int = 0
    counts: Counts = msgspec.field(default_factory=Counts)
    items: dict[str, int] = {}
    pieces: list[Piece] = []

    def pieces_of(self, topic: str, partition: int) -> list[Piece]:
        """The pieces of one partition in their order."""
        return [piece for piece in self.pieces if (piece.topic, piece.partition) == (topic, partition)]


class Unfinished(Manifest):
    """A recording under way: the pieces that are whole, and the highest origins counted in its latest partition."""

    accounts: dict[str, Account] = {}

    def finished(self) -> Manifest:
        """The same as a manifest."""
        return Manifest(**{name: getattr(self, name) for name in Manifest.__struct_fields__})


class _Head(msgspec.Struct):
    """What tells whether the rest can be read."""

    format: str = ""
    version: int = 0
    facts_version: int = 0


class Line(msgspec.Struct, omit_defaults=True):
    """A record of a topic with keys: its value as it stood, or as bytes in base64 when it was not JSON."""

    offset: int
    key: str | None
    value: msgspec.Raw = msgspec.Raw(_NULL)
    base64: bytes | None = None

    def content(self) -> bytes | None:
        """The value; None for a record that deletes its key."""
        if self.base64 is not None:
            return self.base64
        value = bytes(self.value)
        return None if value == _NULL else value


def line_of(offset: int, key: bytes | None, value: bytes | None) -> bytes:
    """A record as one line."""
    name = None if key is None else key.decode(errors="replace")
    if value is None:
        return msgspec.json.encode(Line(offset, name))
    try:
        raw = msgspec.json.format(value, indent=-1) if b"\n" in value else value
        msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raw = _NULL
    if raw == _NULL:  # no JSON, or one that would read as no value
        return msgspec.json.encode(Line(offset, name, base64=value))
    return msgspec.json.encode(Line(offset, name, msgspec.Raw(raw)))


def write_json(path: Path, manifest: Manifest) -> None:
    """Replace a manifest whole, so that a crash leaves the old or the new one; OSError when the disk is full."""
    write_durably(path, msgspec.json.format(msgspec.json.encode(manifest), indent=1))


def read_json(path: Path, form: type[M]) -> M:
    """The manifest in a file; RecordingError when it is none that this version reads."""
    try:
        content = path.read_bytes()
        head = msgspec.json.decode(content, type=_Head)
        if head.format != "motcua-recording":
            raise RecordingError(f"{path} is not the manifest of a recording of motcua.")
        if (head.version, head.facts_version) != (VERSION, FACTS_VERSION):
            raise RecordingError(
                f"{path} is of a recording of version {head.version} with facts of version {head.facts_version}; this "
                f"motcua reads {VERSION} with {FACTS_VERSION}. Use the motcua that recorded it, or record again."
            )
        return msgspec.json.decode(content, type=form)
    except OSError as error:
        raise RecordingError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except msgspec.MsgspecError as error:
        raise RecordingError(f"The manifest {path} cannot be read: {error}. The recording is damaged.") from error


class PieceFile:
    """A piece that is written: under another name until it is whole and on disk.  OSError when there is no room."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._new = path.with_name(path.name + ".new")
        self._file = self._new.open("wb")
        self._packed = cast(BinaryIO, zstandard.ZstdCompressor().stream_writer(self._file, closefd=False))
        self.size = self.lines = 0

    def add(self, line: bytes) -> None:
        """One line without its end."""
        self._packed.write(line)
        self._packed.write(b"\n")
        self.size += len(line) + 1
        self.lines += 1

    def keep(self) -> tuple[int, str]:
        """Make it durable under its name; its size and checksum."""
        self._packed.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        size, checksum = measured(self._new)
        self._new.replace(self._path)
        return size, checksum

    def discard(self) -> None:
        """Leave nothing of it."""
        with suppress(OSError):  # what could not be written is not wanted any more
            self._file.close()
        self._new.unlink(missing_ok=True)


def measured(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return file.tell(), digest.hexdigest()


def lines_of(path: Path, after: int = 0) -> Iterator[bytes]:
    """The lines of a piece without their ends, after the first `after` of them."""
    with path.open("rb") as file:
        unpacked = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
        for number, line in enumerate(io.BufferedReader(cast(io.RawIOBase, unpacked), _READ_AT_ONCE)):
            if number >= after:
                yield line[:-1]
