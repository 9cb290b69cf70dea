"""Native events as a file: one JSON a line, packed by its suffix."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from streams.errors import MotcuaError

LINES_AT_ONCE = 1000


class FileError(MotcuaError):
    """A file that cannot be written; the text says why and what to do."""


def write_events(events: Iterator[bytes], path: Path) -> int:
    """Write events, each one line without its end, as NDJSON; how many they were.

    Packed with gzip or zstd by the suffix `.gz` or `.zst`.  The file appears whole or not at all, and the same events
    give the same bytes.  FileError when it cannot be written.
    """
    new = path.with_name(path.name + ".new")
    try:
        with ExitStack() as stack:
            stack.callback(new.unlink, missing_ok=True)
            with _packed(new, path.suffix) as file:
                written = _lines(events, file)
            new.replace(path)
    except OSError as error:
        raise FileError(
            f"The file {path} cannot be written: {error.strerror}. Make room there or name another with --out."
        ) from error
    return written


def _lines(events: Iterator[bytes], file: BinaryIO) -> int:
    waiting, written = list[bytes](), 0
    for event in events:
        waiting.append(event)
        if len(waiting) == LINES_AT_ONCE:
            file.write(b"\n".join(waiting) + b"\n")
            written += len(waiting)
            waiting.clear()
    if waiting:
        file.write(b"\n".join(waiting) + b"\n")
    return written + len(waiting)


@contextmanager
def _packed(path: Path, suffix: str) -> Iterator[BinaryIO]:
    with path.open("wb") as plain:
        if suffix == ".gz":
            # Neither the name nor the hour of writing belongs into it: the same events, the same bytes.
            with gzip.GzipFile("", "wb", compresslevel=6, fileobj=plain, mtime=0) as packed:
                yield cast(BinaryIO, packed)
        elif suffix == ".zst":
            with zstandard.ZstdCompressor().stream_writer(plain, closefd=False) as squeezed:
                yield cast(BinaryIO, squeezed)
        else:
            yield plain
