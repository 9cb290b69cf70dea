"""Recordings made of batches in memory, and what a run is sent when they are played."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from simulators.recorded_log import behind
from simulators.recorded_writer import BEGINNING, RecordedWriter, new_places
from simulators.recording_files import MANIFEST, Manifest, Piece, PieceFile, line_of, write_json
from simulators.recording_played import Recording
from streams.core.civil import Civil
from streams.core.facts import Batch, Fact, decode_batch, encode_batch
from streams.sources.rejections import Rejection


class Sent:
    """What was sent, in order."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, int, bytes | None, bytes | None]] = []

    def send(self, topic: str, value: bytes | None, *, partition: int | None = None, key: bytes | None = None) -> None:
        self.messages.append((topic.rpartition(".")[2], partition or 0, key, value))

    def flush(self) -> None:
        pass

    def of(self, topic: str, partition: int | None = None) -> list[bytes]:
        return [value or b"" for base, place, _, value in self.messages if base == topic and partition in (None, place)]

    def batches(self, partition: int | None = None) -> list[Batch]:
        return [decode_batch(value) for value in self.of("dossier-facts", partition)]

    def facts(self, partition: int | None = None) -> list[Fact]:
        return [fact for batch in self.batches(partition) for fact in batch.facts]


def recorded(
    batches: Iterable[tuple[int, Batch]],
    partitions: int,
    folder: Path,
    *,
    rejections: Iterable[Rejection] = (),
    references: Iterable[tuple[bytes, bytes]] = (),
    a_piece: int = 3,
    barrier: int = 0,
) -> Recording:
    """A recording of these batches, in pieces of so many lines."""
    lines: dict[tuple[str, int], list[bytes]] = {}
    clocks = [0]
    for partition, batch in batches:
        lines.setdefault(("dossier-facts", partition), []).append(_encoded(batch, barrier))
        clocks.append(batch.clock)
    for one in rejections:
        value = encode_rejection(one)
        lines.setdefault(("rejected", 0), []).append(line_of(0, one.key.encode(), value))
    lines["references", 0] = [line_of(0, key, value) for key, value in references]
    manifest = Manifest(
        motcua="0", run="live", zone="UTC", partitions=partitions, versions={}, begins={}, ends={}, last=max(clocks)
    )
    folder.mkdir()
    for (topic, partition), said in lines.items():
        for start in range(0, len(said), a_piece):
            name = f"{topic}-{partition:03}-{start:05}.ndjson.zst"
            file = PieceFile(folder / name)
            part = said[start : start + a_piece]
            for line in part:
                file.add(line)
            size, checksum = file.keep()
            manifest.pieces.append(Piece(name, topic, partition, start, start + len(part), len(part), size, checksum))
    write_json(folder / MANIFEST, manifest)
    return Recording(folder)


def _encoded(batch: Batch, barrier: int) -> bytes:
    return behind(encode_batch(batch), barrier) if barrier else encode_batch(batch)


def encode_rejection(one: Rejection) -> bytes:
    import msgspec

    return msgspec.json.encode(one)


def player(recording: Recording, sent: Sent, civil: Civil, since: int = BEGINNING) -> RecordedWriter:
    return RecordedWriter(recording, sent, "trial", civil, places=new_places(recording), since=since)
