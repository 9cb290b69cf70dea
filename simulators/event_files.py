"""Items as files: one JSON a line, packed by its suffix; events in one, what is stated beside them in others."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from simulators.pieces import Line
from simulators.sent import EVENT, TOPICS
from streams.errors import MotcuaError

LINES_AT_ONCE = 1000
_SUFFIXES = frozenset((".ndjson", ".jsonl", ".json", ".gz", ".zst"))


class FileError(MotcuaError):
    """A file that cannot be written; the text says why and what to do."""


def write_lines(lines: Iterator[Line], path: Path, main: str = EVENT) -> int:
    """Write items as NDJSON: those of the topic `main` into `path`, the others into files beside it; how many.

    Packed with gzip or zstd by the suffix `.gz` or `.zst`.  The files appear whole or not at all, and the same items
    give the same bytes.  FileError when one cannot be written.
    """
    paths = {main: path} | {topic: beside(path, topic) for topic in TOPICS if topic != EVENT}
    new = {topic: one.with_name(one.name + ".new") for topic, one in paths.items()}
    try:
        with ExitStack() as stack:
            for one in new.values():
                stack.callback(one.unlink, missing_ok=True)
            with ExitStack() as opened:
                files = {topic: opened.enter_context(_packed(one, path.suffix)) for topic, one in new.items()}
                written = _sorted_out(lines, files)
            for topic, one in new.items():
                one.replace(paths[topic])
    except OSError as error:
        raise FileError(
            f"The file {path} cannot be written: {error.strerror}. Make room there or name another with --out."
        ) from error
    return written


def beside(path: Path, topic: str) -> Path:
    """Where the items of a topic go: `month.ndjson.zst` holds events, `month.petitions.ndjson.zst` petitions."""
    if topic == EVENT:
        return path
    name, suffixes = path.name, ""
    while (suffix := Path(name).suffix) in _SUFFIXES:
        name, suffixes = name.removesuffix(suffix), suffix + suffixes
    return path.with_name(f"{name}.{topic}{suffixes}")


def _sorted_out(lines: Iterator[Line], files: Mapping[str, BinaryIO]) -> int:
    waiting: dict[str, list[bytes]] = {topic: [] for topic in files}
    written = 0
    for line in lines:
        held = waiting[line.topic]
        held.append(line.data)
        written += 1
        if len(held) == LINES_AT_ONCE:
            files[line.topic].write(b"\n".join(held) + b"\n")
            held.clear()
    for topic, held in waiting.items():
        if held:
            files[topic].write(b"\n".join(held) + b"\n")
    return written


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
