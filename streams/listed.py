"""The watch list of a run and what people said of it, read back from their topics."""

from __future__ import annotations

from streams.core.acknowledgements import Acknowledgement, decode, merged
from streams.core.watching import Watch
from streams.core.watchlist import decode_entry
from streams.reading import RunReader

ACKNOWLEDGEMENTS = "acknowledgements"


def read_watched(reader: RunReader) -> dict[str, Watch]:
    """The watch list by case; what a superseded owner of a partition still says is passed over."""
    watched: dict[str, Watch] = {}
    generations: dict[int, int] = {}
    for message in reader.read("watchlist"):
        case = (message.key or b"").decode()
        if message.value is None:
            watched.pop(case, None)
            continue
        entry = decode_entry(message.value)
        if entry.generation >= generations.get(message.partition, -1):
            generations[message.partition] = entry.generation
            watched[case] = entry.watch
    return watched


def read_acknowledgements(reader: RunReader) -> dict[str, Acknowledgement]:
    """What people said, by dossier."""
    found: dict[str, Acknowledgement] = {}
    for message in reader.read(ACKNOWLEDGEMENTS):
        dossier = (message.key or b"").decode()
        if message.value is None:
            found.pop(dossier, None)
        else:
            found[dossier] = merged(found.get(dossier), decode(message.value))
    return found
