"""What is stated beside dossiers: procedures, declared totals.  The later statement of the same thing holds.

A reference is stated whole: what it does not say is as the type says.  Sent again it changes nothing; corrected by a
later `recorded` (ties by the greater id) it replaces what was said; `removed` takes it away and leaves its stamp, so an
older statement that comes late does not bring it back.
"""

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, TypeAlias, TypeVar

import msgspec
from msgspec import Meta

from streams.core.civil import micros
from streams.core.event_words import EventId, Moment, Word
from streams.core.facts import content_id

Stamp: TypeAlias = tuple[int, str]
Count: TypeAlias = Annotated[int, Meta(ge=0)]


class Reference(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", omit_defaults=True, dict=True):
    """What every reference has: when it was stated, an id (a hash of its content when absent), and by whom."""

    recorded: Moment
    id: EventId | None = None
    source: Word | None = None
    removed: bool = False

    @property
    def key(self) -> str:
        """What it is about: a later statement with the same key replaces it."""
        raise NotImplementedError

    @cached_property
    def stamp(self) -> Stamp:
        """Recorded (micros) and id: the greater one holds."""
        return micros(self.recorded), self.id or content_id(msgspec.to_builtins(self))


def joined(*parts: str) -> str:
    """A key of codes, whatever signs these hold."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


R = TypeVar("R", bound=Reference)


def later(one: R, other: R) -> R:
    """The one that holds of two statements of the same thing, in whichever order they came."""
    return other if other.stamp > one.stamp else one


def standing(references: Iterable[R]) -> dict[str, R]:
    """The statements that hold, by key, in any order of coming; removed ones are left out."""
    held: dict[str, R] = {}
    for reference in references:
        before = held.get(reference.key)
        held[reference.key] = reference if before is None else later(before, reference)
    return {key: reference for key, reference in held.items() if not reference.removed}
