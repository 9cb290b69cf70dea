"""Records what a run was told after INTAKE: facts, ticks, rejections and definitions, to be played again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec

from simulators.recording_files import (
    MANIFEST,
    PIECE_BYTES,
    PROGRESS,
    Manifest,
    Piece,
    PieceFile,
    RecordingError,
    Unfinished,
    line_of,
    read_json,
    write_json,
)
from simulators.replay_record import KEY
from simulators.run_control import CONTROL_KEY
from streams import __version__
from streams.core.accounting import Account
from streams.core.facts import Batch, decode_batch, encode_batch
from streams.reading import Message, RunReader
from streams.run_status import versions_of
from streams.settings import Settings
from streams.topics import topic_name

RECORDED: Final = ("dossier-facts", "rejected", "references")
_OF_THE_RUN: Final = frozenset({KEY, CONTROL_KEY})
"""Keys of `references` that say how a run is played, not by what it counts."""
_LOOK: Final = 1000  # messages between two words about how far it is
Shown = Callable[[int, int], None]
"""Told how many messages of how many are recorded."""


def record(
    settings: Settings,
    out: Path,
    *,
    after: Path | None = None,
    shown: Shown = lambda *_: None,
    piece_bytes: int = PIECE_BYTES,
) -> Manifest:
    """Record the run of the settings into the folder `out`, up to where its topics end now.

    With `after`, which is a recording of the same run, only what came since then.
    What an interrupted call left is continued, up to where the topics ended then.  RecordingError when `out` holds
    something else, and when it cannot be written; whatever happens, there is a manifest only once all is there.
    """
    with RunReader(settings) as reader:
        manifest = _begin(reader, out, after)
        return _Recorder(reader, out, manifest, shown, piece_bytes).run()


def _begin(reader: RunReader, out: Path, after: Path | None) -> Unfinished:
    """A new manifest, or that of the recording that was interrupted here."""
    run = reader.settings.run
    if (out / MANIFEST).exists():
        raise RecordingError(f"{out} holds a finished recording already. Name another folder.")
    begins = _begins(reader, after)
    ends = {base: _by_partition(reader.ends(base)) for base in RECORDED}
    if (out / PROGRESS).exists():
        kept = read_json(out / PROGRESS, Unfinished)
        same = kept.run == run and kept.partitions == len(ends["dossier-facts"])
        if not same or any(
            end < told for base in RECORDED for end, told in zip(ends[base], kept.ends[base], strict=True)
        ):
            raise RecordingError(
                f"{out} holds an unfinished recording of another run ({kept.run}). Name another folder."
            )
        return kept
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise RecordingError(f"{out} holds something that is no recording. Name an empty or a new folder.")
    manifest = Unfinished(
        motcua=__version__,
        run=run,
        zone=reader.settings.zone,
        partitions=len(ends["dossier-facts"]),
        versions=versions_of(reader),
        begins=begins,
        ends=ends,
    )
    if not any(end > begin for begin, end in zip(begins["dossier-facts"], ends["dossier-facts"], strict=True)):
        raise RecordingError(f"Run {run} holds no facts, so there is nothing to record.")
    try:
        write_json(out / PROGRESS, manifest)
    except OSError as error:
        raise _no_room(out, error) from error
    return manifest


def _begins(reader: RunReader, after: Path | None) -> dict[str, list[int]]:
    """The first offsets to record: those that are kept, or those at which an earlier recording ended."""
    begins = {base: _by_partition(reader.begins(base)) for base in RECORDED}
    if after is None:
        return begins
    run, before = reader.settings.run, read_json(after / MANIFEST, Manifest)
    if before.run != run or before.partitions != len(begins["dossier-facts"]):
        raise RecordingError(f"{after} is a recording of run {before.run}, not of {run} as it is now.")
    ended = before.ends["dossier-facts"]
    if any(begin > end for begin, end in zip(begins["dossier-facts"], ended, strict=True)):
        raise RecordingError(f"Run {run} does not keep the facts any more that came after {after}.")
    return before.ends


class _Recorder:
    """Writes the partitions one after another, in pieces; keeps the progress after each piece."""

    def __init__(self, reader: RunReader, out: Path, manifest: Unfinished, shown: Shown, piece_bytes: int) -> None:
        self._reader, self._out, self._manifest, self._shown = reader, out, manifest, shown
        self._piece_bytes = piece_bytes
        self._total = sum(map(sum, manifest.ends.values())) - sum(map(sum, manifest.begins.values()))
        self._facts_topic = topic_name(manifest.run, "dossier-facts")
        self._done = 0

    def run(self) -> Manifest:
        """Record what is left, then say in the manifest that it is all there."""
        try:
            for base in RECORDED:
                for partition, end in enumerate(self._manifest.ends[base]):
                    self._partition(base, partition, end)
            manifest = self._manifest.finished()
            write_json(self._out / MANIFEST, manifest)
            (self._out / PROGRESS).unlink()
        except OSError as error:
            raise _no_room(self._out, error) from error
        return manifest

    def _partition(self, base: str, partition: int, end: int) -> None:
        manifest = self._manifest
        before = manifest.pieces_of(base, partition)
        start = before[-1].until if before else manifest.begins[base][partition]
        self._done += start - manifest.begins[base][partition]
        if start >= end:
            return
        if not before:
            manifest.accounts = {}
        if base == "dossier-facts" and self._reader.begins(base)[partition] > start:
            raise RecordingError(f"Run {manifest.run} does not keep the facts any more that {self._out} goes on with.")
        messages = self._reader.read(base, partition, since={partition: start}, until={partition: end})
        number = len(before)
        while (message := next(messages, None)) is not None:
            piece = self._piece(message, messages, _name(base, partition, number), start)
            manifest.pieces.append(msgspec.structs.replace(piece, topic=base, partition=partition))
            write_json(self._out / PROGRESS, manifest)
            number, start = number + 1, piece.until

    def _piece(self, message: Message, messages: Iterator[Message], name: str, start: int) -> Piece:
        """One file of this message and as many more as go into it."""
        kind = name.rpartition("-")[0].rpartition("-")[0]
        line_for = {"dossier-facts": self._facts, "rejected": self._rejected, "references": self._reference}[kind]
        with ExitStack() as on_failure:
            file = PieceFile(self._out / name)
            on_failure.callback(file.discard)
            coming: Message | None = message
            until = start
            while coming is not None:
                if (line := line_for(coming)) is not None:
                    file.add(line)
                until = coming.offset + 1
                self._tell()
                coming = next(messages, None) if file.size < self._piece_bytes else None
            size, checksum = file.keep()
            on_failure.pop_all()
        return Piece(name, "", 0, start, until, file.lines, size, checksum)

    def _tell(self) -> None:
        self._done += 1
        if self._done % _LOOK == 0:
            self._shown(self._done, self._total)

    def _facts(self, message: Message) -> bytes | None:
        value, counts = message.value or b"", self._manifest.counts
        try:
            batch = decode_batch(value)
        except msgspec.DecodeError:
            counts.left_out += 1
            return None
        self._count(batch)
        return encode_batch(batch) if b"\n" in value else value

    def _count(self, batch: Batch) -> None:
        manifest, counts = self._manifest, self._manifest.counts
        counts.facts += len(batch.facts)
        counts.batches += bool(batch.facts)
        counts.ticks += not batch.facts
        manifest.first = min(manifest.first or batch.clock, batch.clock)
        manifest.last = max(manifest.last, batch.clock)
        for fact in batch.facts:
            if fact.counted:
                place, offset, index = fact.origin
                self._item(batch.inputs[place], offset, index)

    def _rejected(self, message: Message) -> bytes | None:
        if message.key is None or message.key.startswith(self._facts_topic.encode() + b"/"):
            return None  # of a message that is left out itself
        self._manifest.counts.rejected += 1
        input_, offset, index = message.key.decode().rsplit("/", 2)
        self._item(input_, int(offset), int(index))
        return line_of(message.offset, message.key, message.value)

    def _reference(self, message: Message) -> bytes | None:
        if message.key in _OF_THE_RUN:
            return None
        self._manifest.counts.references += 1
        return line_of(message.offset, message.key, message.value)

    def _item(self, input_: str, offset: int, index: int) -> None:
        """Count an item, unless it is one that came again."""
        manifest = self._manifest
        if manifest.accounts.setdefault(input_, Account()).admit(offset, index, applied=True):
            manifest.items[input_] = manifest.items.get(input_, 0) + 1


def _name(base: str, partition: int, number: int) -> str:
    return f"{base}-{partition:03}-{number:05}.ndjson.zst"


def _by_partition(offsets: dict[int, int]) -> list[int]:
    return [offsets[number] for number in sorted(offsets)]


def _no_room(out: Path, error: OSError) -> RecordingError:
    return RecordingError(
        f"The recording cannot be written in {out}: {error.strerror}. It is not complete and says so; make room there "
        "and give the same command again, which goes on after the last whole piece."
    )
