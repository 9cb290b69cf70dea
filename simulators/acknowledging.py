"""Saying something of dossiers on the watch list of a run: that it is known, until when it rests, a note, who acts."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeAlias

import msgspec

from simulators.outbox import Outbox
from streams.core.acknowledgements import Acknowledgement, Unfit, encode, forgotten
from streams.core.index import RUN_KEY, RunStatus
from streams.core.watching import Watch
from streams.errors import MotcuaError
from streams.listed import ACKNOWLEDGEMENTS, read_acknowledgements, read_watched
from streams.reading import RunReader
from streams.settings import Settings
from streams.topics import topic_name

Change: TypeAlias = Callable[[Acknowledgement | None, Watch, int], Acknowledgement]
"""What stands after what stood (None: nothing), the entry of the list, and the instant (micros) as of which it is."""


class NotSaid(MotcuaError):
    """Nothing was written; the text says why, and what to do."""


def say(settings: Settings, dossiers: Sequence[str], change: Change | None) -> list[Acknowledgement | None]:
    """Change what stands of each dossier, or with no `change` clear it; all of them, or on an error none.

    NotSaid for a dossier that is not on the list, one of which nothing is said that could be cleared, and for what
    cannot be said.  What was said of dossiers that have long left the list goes, too.
    """
    with RunReader(settings) as reader:
        listed, held = read_watched(reader), read_acknowledgements(reader)
        clock = _clock(reader)
    now = time.time_ns() // 1000
    said = {one: _said(one, listed, held, (clock, now), change, settings.run) for one in dossiers}
    for gone in forgotten(held, listed.keys() | said.keys(), now):
        said[gone] = None
    with Outbox(settings) as outbox:
        topic = topic_name(settings.run, ACKNOWLEDGEMENTS)
        for dossier, stands in said.items():
            outbox.send(topic, None if stands is None else encode(stands), key=dossier.encode(), partition=0)
        outbox.flush()
    return [said[one] for one in dossiers]


def _said(  # noqa: PLR0917 - what stands, what is to stand
    dossier: str,
    listed: dict[str, Watch],
    held: dict[str, Acknowledgement],
    instants: tuple[int, int],
    change: Change | None,
    run: str,
) -> Acknowledgement | None:
    if change is None:
        if dossier not in held:
            raise NotSaid(f"Nothing is said of {dossier} in run {run} that could be cleared.")
        return None
    entry = listed.get(dossier)
    if entry is None:
        raise NotSaid(
            f"{dossier} is not on the watch list of run {run}: it has ended, is not due soon, or is not known. "
            f"`motcua explain {dossier}` says how it stands. Nothing was written."
        )
    clock, now = instants
    before = held.get(dossier)
    try:
        stands = change(before, entry, clock)
    except Unfit as error:
        raise NotSaid(f"{dossier}: {error}. Nothing was written.") from None
    return msgspec.structs.replace(stands, recorded=now if before is None else max(now, before.recorded + 1))


def _clock(reader: RunReader) -> int:
    """The instant (micros) as of which the run stands."""
    value = reader.latest("unit-index", RUN_KEY.encode())
    status = None if value is None else msgspec.json.decode(value, type=RunStatus)
    if status is None or not status.as_of:
        raise NotSaid(f"The workers of run {reader.settings.run} have not told how far they are yet (`motcua worker`).")
    return status.as_of
