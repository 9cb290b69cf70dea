"""How long each procedure may take: the table of limits, read from a file, and which row holds for a dossier."""

import csv
import hashlib
import math
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

import msgspec

from streams.core.civil import day_number
from streams.core.deadlines import CUT_OFF, Limit, LimitError, Unit
from streams.core.event_words import CHANNEL_CODES, Channel
from streams.core.register import Level
from streams.errors import MotcuaError

_COLUMNS: Final = ("procedure", "count", "unit")
_OTHERS: Final = ("channel", "level", "valid_from", "same_time", "cut_off", "source")
_ALWAYS: Final = -(1 << 31)  # a day number before every civil day
_LEVELS: Final = tuple(level for level in Level if level is not Level.UNREGISTERED)


class LimitsError(MotcuaError):
    """A table of limits that cannot be: says row, column and what would be right."""


class LimitRow(msgspec.Struct, frozen=True):
    """One row: the limit of a procedure from a civil day (number) on, for one channel and level, or for all.

    `channel` is the code of a channel (0: any), `level` the level of the unit that decides (empty: any); `row` is its
    number in the table, `source` the document that sets it.
    """

    procedure: str
    limit: Limit
    channel: int = 0
    level: str = ""
    valid_from: int = _ALWAYS
    source: str = ""
    row: int = 0


class Limits:
    """The limits of all procedures.

    For a dossier the row counts that names its channel and level; else the one that names its channel, else its level,
    else neither; among these the latest that was valid on the day of its acceptance.  A dossier keeps that row.
    """

    def __init__(self, rows: Iterable[LimitRow] = ()) -> None:
        self.rows = tuple(rows)
        self._by_key: dict[tuple[str, int, str], list[LimitRow]] = {}
        for row in self.rows:
            self._by_key.setdefault((row.procedure, row.channel, row.level), []).append(row)
        for alike in self._by_key.values():
            alike.sort(key=lambda row: row.valid_from, reverse=True)
        self._check()

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def version(self) -> str:
        """Names the content: equal tables have the same version."""
        return hashlib.blake2b(msgspec.json.encode(self.rows), digest_size=6).hexdigest()

    def find(self, procedure: str, channel: int, level: str, day: int) -> LimitRow | None:
        """The row for a dossier of a procedure accepted on a civil day (number); None where the table has none."""
        for key in ((procedure, channel, level), (procedure, channel, ""), (procedure, 0, level), (procedure, 0, "")):
            for row in self._by_key.get(key, ()):
                if row.valid_from <= day:
                    return row
        return None

    def _check(self) -> None:
        for alike in self._by_key.values():
            for one, other in pairwise(alike):
                if one.valid_from == other.valid_from:
                    first, second = sorted((one.row, other.row))
                    raise LimitsError(
                        f"rows {first} and {second} both set the limit of '{one.procedure}' for the same channel, "
                        "level and day: keep one, or give the later its own 'valid_from'"
                    )


def read_limits(lines: Iterable[str], name: str) -> Limits:
    """The table in the lines of a CSV file; `name` is what messages call it.  LimitsError says what is wrong."""
    rows = csv.DictReader(lines)
    try:
        return _table(rows, name)
    except csv.Error as error:
        raise LimitsError(f"{name}: {error}; look for a double quote that is not closed") from None


def _table(rows: "csv.DictReader[str]", name: str) -> Limits:
    there = rows.fieldnames or ()
    missing = [column for column in _COLUMNS if column not in there]
    if missing:
        columns = ", ".join(_COLUMNS + _OTHERS)
        raise LimitsError(f"{name}: no column '{missing[0]}'; a table of limits has the columns {columns}")
    unknown = [column for column in there if column not in _COLUMNS + _OTHERS]
    if unknown:
        raise LimitsError(f"{name}: unknown column '{unknown[0]}'; there may be {', '.join(_COLUMNS + _OTHERS)}")
    try:
        return Limits(_row(row, number, f"{name}, row {number}") for number, row in enumerate(rows, 1))
    except LimitsError as error:
        raise error if str(error).startswith(name) else LimitsError(f"{name}: {error}") from None


def _row(row: Mapping[str, str | None], number: int, place: str) -> LimitRow:
    if None in row:
        raise LimitsError(f"{place}: more cells than columns; put double quotes around a text that holds a comma")
    if not (procedure := _text(row, "procedure")):
        raise LimitsError(f"{place}: the column 'procedure' is empty")
    channel, level, since = _text(row, "channel"), _text(row, "level"), _text(row, "valid_from")
    if channel and channel not in tuple(Channel):
        raise LimitsError(f"{place}, column 'channel': '{channel}' is not one of {', '.join(Channel)}; empty means any")
    if level and level not in _LEVELS:
        raise LimitsError(f"{place}, column 'level': '{level}' is not one of {', '.join(_LEVELS)}; empty means any")
    try:
        valid_from = day_number(date.fromisoformat(since)) if since else _ALWAYS
    except ValueError:
        raise LimitsError(
            f"{place}, column 'valid_from': '{since}' is not a date; write it as 2026-07-01, or leave it empty"
        ) from None
    code = CHANNEL_CODES[Channel(channel)] if channel else 0
    return LimitRow(procedure, _limit(row, place), code, level, valid_from, _text(row, "source"), number)


def _limit(row: Mapping[str, str | None], place: str) -> Limit:
    word, count, same_time = _text(row, "unit"), _text(row, "count"), _text(row, "same_time")
    if word not in tuple(Unit):
        raise LimitsError(f"{place}, column 'unit': '{word}' is not one of {', '.join(Unit)}")
    if same_time not in {"", "yes", "no"}:
        raise LimitsError(f"{place}, column 'same_time': '{same_time}' is neither yes nor no; empty means no")
    try:
        number = float(count or 0)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise LimitsError(f"{place}, column 'count': '{count}' is not a number; write it as 10 or 7.5")
    try:
        return Limit(Unit(word), number, same_time == "yes", _cut_off(_text(row, "cut_off"), place))
    except LimitError as error:
        raise LimitsError(f"{place}, column 'count': {error}") from None


def _cut_off(text: str, place: str) -> int:
    if not text:
        return CUT_OFF
    hours, _, minutes = text.partition(":")
    known = hours.isdecimal() and minutes.isdecimal() and len(hours) <= 2 and len(minutes) <= 2
    if not (known and int(hours) <= 23 and int(minutes) <= 59):
        raise LimitsError(f"{place}, column 'cut_off': '{text}' is not a time of day; write it as 15:00")
    return int(hours) * 3600 + int(minutes) * 60


def _text(row: Mapping[str, str | None], column: str) -> str:
    return (row.get(column) or "").strip()
