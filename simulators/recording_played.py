"""A recording, checked whole before anything of it is played."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from simulators.recording_files import (
    MANIFEST,
    PROGRESS,
    Manifest,
    Piece,
    RecordingError,
    lines_of,
    measured,
    read_json,
)


class Recording:
    """One recording, or several of which each goes on where the one before ended; in folders as `record` made them.

    RecordingError says which file is missing, cut short or damaged, and what is of another version.
    """

    def __init__(self, *folders: Path) -> None:
        self.folders = folders
        self.manifests = [_manifest(folder) for folder in folders]
        for before, after in zip(self.manifests, self.manifests[1:], strict=False):
            if (before.run, before.ends) != (after.run, after.begins):
                raise RecordingError(
                    f"{folders[self.manifests.index(after)]} does not go on where the recording before it ended. "
                    "Give recordings of one run in their order, each made with `--after` the one before."
                )
        for folder, manifest in zip(folders, self.manifests, strict=True):
            for piece in manifest.pieces:
                _check(folder, piece)

    @property
    def name(self) -> str:
        """The folders without where they lie."""
        return ", ".join(folder.resolve().name for folder in self.folders)

    @property
    def source(self) -> str:
        """The run that it is of."""
        return f"run {self.manifests[0].run}"

    @property
    def partitions(self) -> int:
        """Partitions of facts; the run that plays it has as many."""
        return self.manifests[0].partitions

    @property
    def last(self) -> int:
        """The latest clock (micros) in it."""
        return max(manifest.last for manifest in self.manifests)

    @property
    def facts(self) -> int:
        """How many facts it holds."""
        return sum(manifest.counts.facts for manifest in self.manifests)

    @property
    def rejected(self) -> int:
        """How many rejections it holds."""
        return sum(manifest.counts.rejected for manifest in self.manifests)

    @property
    def items(self) -> dict[str, int]:
        """How many items each input gave, with those that were rejected."""
        sums: dict[str, int] = {}
        for manifest in self.manifests:
            for name, count in manifest.items.items():
                sums[name] = sums.get(name, 0) + count
        return sums

    def sending(self) -> str:
        """Its identity: a checksum over those of its pieces."""
        digest = hashlib.blake2b(digest_size=8)
        for manifest in self.manifests:
            for piece in manifest.pieces:
                digest.update(f"{piece.file} {piece.sha256}\n".encode())
        return digest.hexdigest()

    def lines(self, topic: str, partition: int, after: int = 0) -> Iterator[bytes]:
        """What one partition of a topic said, after the first `after` lines of it."""
        for folder, manifest in zip(self.folders, self.manifests, strict=True):
            for piece in manifest.pieces_of(topic, partition):
                if after < piece.lines:
                    yield from lines_of(folder / piece.file, after)
                after = max(after - piece.lines, 0)


def _manifest(folder: Path) -> Manifest:
    if (folder / MANIFEST).exists():
        return read_json(folder / MANIFEST, Manifest)
    if (folder / PROGRESS).exists():
        raise RecordingError(
            f"The recording in {folder} is not finished. `motcua record` with the same run and folder goes on with it."
        )
    raise RecordingError(f"{folder} is no recording of motcua: there is no {MANIFEST} in it.")


def _check(folder: Path, piece: Piece) -> None:
    path = folder / piece.file
    advice = "Fetch it anew from where it was recorded, or record again; nothing of it was played."
    try:
        size = path.stat().st_size
        if size != piece.bytes:
            raise RecordingError(f"{path} is cut: it has {size:,} bytes of {piece.bytes:,}. {advice}")
        checksum = measured(path)[1]
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror}. {advice}") from error
    if checksum != piece.sha256:
        raise RecordingError(
            f"{path} is damaged: its SHA-256 is {checksum}, the manifest says {piece.sha256}. {advice}"
        )
