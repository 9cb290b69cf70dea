"""What is said as facts: by the same readers as those of INTAKE, but far from any clock."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.sent import EVENT, Item
from streams.core.civil import MICROS
from streams.core.events import Event
from streams.core.facts import Fact, Origin
from streams.core.petitions import Petition
from streams.core.references import Reference
from streams.sources import references
from streams.sources.native import LATEST, Reader, event_of
from streams.sources.references import KINDS, ReferenceReader, reference_of

FAR: Final = LATEST * MICROS
_references: Final = ReferenceReader(0)


def facts_made(said: Event | Reference) -> int:
    """How many facts it makes: one an event, of a petition also one of the dossier that it is about."""
    return 2 if isinstance(said, Petition) and said.complaint() is not None else 1


def facts_of(said: Event | Reference, reader: Reader, origin: Origin) -> list[Fact]:
    """The facts of it, the first with this origin, each later one a place further; Refused says why there are none."""
    if isinstance(said, Event):
        return [reader.translate(said, FAR, origin)]
    assert isinstance(said, KINDS)
    input_, position, row = origin
    return [
        msgspec.structs.replace(fact, origin=(input_, position + place, row))
        for place, fact in enumerate(references.facts_of(said, origin))
    ]


def read(item: Item) -> Event | Reference:
    """What an item says; Refused where it says nothing that can be."""
    said = item.what
    if not isinstance(said, bytes):
        return said
    return event_of(said) if item.topic == EVENT else _references.checked(reference_of(said), FAR)
