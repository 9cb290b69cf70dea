"""What a record of the state topic holds: the state of a case, and how it was judged when it was written.

Judging is most of the work of loading.  What a case adds to the tallies is a pure function of its state, of the rules
and of the clock, and stays the same until its next change; so whoever loads it under the same rules, at a clock in
between, need not judge it again.  The mark says under which rules, and by which version of the code.
"""

from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import Final, NamedTuple

from streams.core.contributions import Effect
from streams.core.headers import ENDED_MASK, HEADER, RECEIVED_MASK, UNUSUAL
from streams.core.rules import Rules

_LEAD: Final = Struct("<4sq")  # mark, clock (micros)
UNJUDGED: Final = b"\x00"  # before a state that nobody has judged


class Judged(NamedTuple):
    """Under which mark, at which clock (micros), and the header of the case in memory."""

    mark: bytes
    clock: int
    header: bytes


@lru_cache(maxsize=64)
def mark_of(rules: Rules) -> bytes:
    """Four bytes that name the rules and the code that judges by them."""
    terms = rules.terms
    versions = [(one.holds, one.definition.version) for one in terms.calendars]
    versions += [(one.holds, one.definition.version) for one in terms.limits]
    register = "" if terms.register is None else terms.register.version
    others = {name: value for name, value in rules._asdict().items() if name not in ("civil", "terms")}
    said = (rules.civil.name, versions, register, others)
    return blake2b(repr(said).encode(), digest_size=4).digest()


def lead(mark: bytes, clock: int, header: int) -> bytes:
    """What comes before the header, of so many bytes, and the state in a record."""
    return bytes((_LEAD.size + header,)) + _LEAD.pack(mark, clock)


def unchanged(judged: Judged, clock: int) -> tuple[Effect, int] | None:
    """What the case adds as of `clock` (micros), and its marks, if that cannot differ from when it was written.

    None for what is on the watch list too: of its entry only a check sum is kept.
    """
    low, high, received, ended, upcoming, watch, used, allowed = HEADER.unpack(judged.header)
    if watch or not judged.clock <= clock < upcoming:
        return None
    bits = low | high << 64
    return Effect(
        received, bits & RECEIVED_MASK, ended, bits & ENDED_MASK, upcoming, None, used, allowed
    ), bits & UNUSUAL


def split(value: bytes) -> tuple[Judged | None, bytes]:
    """How the case of a record was judged, if it was, and its state."""
    end = 1 + value[0]
    if end == 1:
        return None, value[1:]
    mark, clock = _LEAD.unpack_from(value, 1)
    return Judged(mark, clock, value[1 + _LEAD.size : end]), value[end:]
