"""The wire of changed definitions: editions of the calendar and of the limits, each with its instant.

A record of `references`, keyed ``calendar@micros`` or ``limits@micros``; a later record of the same key corrects it.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from streams.core.calendar import Calendar, CalendarError, read_calendar
from streams.core.civil import Civil
from streams.core.limits import Limits, LimitsError, read_limits
from streams.core.terms import Edition, Terms

EDITION_VERSION: Final = 1


class Kind(StrEnum):
    """What an edition is of."""

    CALENDAR = "calendar"
    LIMITS = "limits"


class EditionRecord(msgspec.Struct, frozen=True):
    """A definition told to a run: `content` is its file as text, `holds` and `recorded` are in micros."""

    kind: Kind
    holds: int
    recorded: int
    name: str
    content: str
    version: int = EDITION_VERSION

    @property
    def key(self) -> str:
        """Key of the record."""
        return f"{self.kind.value}@{self.holds}"


class Unreadable(NamedTuple):
    """A record of `references` that is passed over, and why."""

    key: str
    reason: str


encode = msgspec.json.encode
_decode: Final = msgspec.json.Decoder(EditionRecord).decode
_FAR: Final = 32_503_680_000_000_000  # the year 3000, in micros
_PREFIXES: Final = tuple(f"{kind.value}@" for kind in Kind)


def is_edition(key: bytes | None) -> bool:
    """True for the key of an edition: other records of `references` are read elsewhere."""
    return key is not None and key.decode(errors="replace").startswith(_PREFIXES)


class Editions:
    """The editions that a run was told, by key; takes the records of `references` in their order."""

    def __init__(self) -> None:
        self._values: dict[str, bytes] = {}

    def take(self, records: Iterable[tuple[bytes | None, bytes | None]]) -> bool:
        """Take in records (key, value); True when an edition came, changed or went."""
        before = dict(self._values)
        for key, value in records:
            if key is None or not is_edition(key):
                continue
            if value is None:
                self._values.pop(key.decode(errors="replace"), None)
            else:
                self._values[key.decode(errors="replace")] = value
        return self._values != before

    def records(self, known_at: int | None = None) -> Iterator[EditionRecord | Unreadable]:
        """Every edition, ascending by its instant; only those recorded before `known_at` (micros), if given."""
        found: list[EditionRecord] = []
        for key, value in sorted(self._values.items()):
            try:
                record = _decode(value)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                yield Unreadable(key, str(error))
                continue
            if record.version != EDITION_VERSION or record.key != key:
                yield Unreadable(key, f"version {record.version} under this key is not one that this version reads")
            elif not 0 <= record.holds < _FAR:
                yield Unreadable(key, f"it holds from {record.holds} micros, which is no instant between 1970 and 2999")
            elif known_at is None or record.recorded < known_at:
                found.append(record)
        yield from sorted(found, key=lambda record: (record.holds, record.kind))

    def terms(self, base: Terms, civil: Civil, known_at: int | None = None) -> tuple[Terms, list[Unreadable]]:
        """The terms of the settings with these editions after them, and what had to be passed over."""
        calendars, limits = list(base.calendars), list(base.limits)
        refused = []
        for record in self.records(known_at):
            if isinstance(record, Unreadable):
                refused.append(record)
                continue
            try:
                found = read_content(record, civil)
            except (CalendarError, LimitsError) as error:
                refused.append(Unreadable(record.key, str(error)))
                continue
            if isinstance(found, Limits):
                limits.append(Edition(record.holds, found))
            else:
                calendars.append(Edition(record.holds, found))
        return Terms(calendars, limits, base.register), refused


def read_content(record: EditionRecord, civil: Civil) -> Calendar | Limits:
    """The definition in an edition; CalendarError or LimitsError say what is wrong with it."""
    lines = record.content.splitlines()
    return read_calendar(lines, record.name, civil) if record.kind is Kind.CALENDAR else read_limits(lines, record.name)
