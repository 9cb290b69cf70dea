"""The files of definitions as rows: register, calendar, limits; read for the audit alone, by their columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from streams.settings import Settings

_EPOCH: Final = date(1970, 1, 1)
_FOREVER: Final = 1 << 40  # days
_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CHANNELS: Final = {"": 0, "direct": 1, "online": 2, "postal": 3}
_CUT_OFF: Final = "15:00"
_ZONE: Final = "Asia/Ho_Chi_Minh"
_EDITIONS: Final = (b"calendar@", b"limits@")
Rows = list[tuple[Any, ...]]


class Edition(NamedTuple):
    """The text of a calendar or of a table of limits, and the instant (micros) from which it holds."""

    holds: int
    text: str


class Definitions(NamedTuple):
    """What a run counts by, as text of files, and the settings that decide beside them.

    `warning_share` is of the time of a dossier, `warning_days` in working days, `warning_least` in seconds; `scores` is
    `promised` or `current`.
    """

    register: str
    calendars: tuple[Edition, ...] = ()
    limits: tuple[Edition, ...] = ()
    zone: str = _ZONE
    scores: str = "promised"
    warning_share: float = 0.2
    warning_days: float = 1.0
    warning_least: int = 86_400
    least_volume: int = 10


class _Told(msgspec.Struct):
    """A record of `references` that tells an edition."""

    kind: str
    holds: int
    recorded: int
    content: str


def definitions_of(
    settings: Settings, references: Iterator[tuple[bytes | None, bytes | None]], known_at: int | None = None
) -> Definitions:
    """What a run with these settings was told in the records (key, value) of `references`.

    Of editions only those recorded before `known_at` (micros), if given.
    """
    calendars, limits = _shipped(settings)
    for key, told in sorted(_told(references).items()):
        if known_at is None or told.recorded < known_at:
            (calendars if key.startswith(_EDITIONS[0]) else limits).append(Edition(told.holds, told.content))
    return Definitions(
        _text(settings.units or Path("vietnam"), "registers"),
        tuple(sorted(calendars, key=lambda one: one.holds)),
        tuple(sorted(limits, key=lambda one: one.holds)),
        settings.zone,
        settings.scores,
        settings.warning_share,
        settings.warning_min_days,
        int(settings.warning_min_h * 3600),
    )


def _shipped(settings: Settings) -> tuple[list[Edition], list[Edition]]:
    named = settings.calendar
    if named is None and settings.zone == _ZONE:
        named = Path("vietnam")
    calendar = [] if named is None or str(named) == "none" else [Edition(0, _text(named, "calendars"))]
    table = settings.limits
    return calendar, [] if table is None or str(table) == "none" else [Edition(0, _text(table, "limits"))]


def _told(references: Iterator[tuple[bytes | None, bytes | None]]) -> dict[bytes, _Told]:
    held: dict[bytes, _Told] = {}
    for key, value in references:
        if key is None or not key.startswith(_EDITIONS):
            continue
        held.pop(key, None)
        try:
            if value is not None:
                held[key] = msgspec.json.decode(value, type=_Told)
        except msgspec.DecodeError:
            continue  # the stream passes it over, too, and says why
    return held


def _text(named: Path, kind: str) -> str:
    """A file by its path, or one that comes with motcua by its name."""
    if named.suffix != ".csv" and len(named.parts) == 1:
        return (resources.files("streams") / "data" / kind / f"{named}.csv").read_text(encoding="utf-8-sig")
    return named.read_text(encoding="utf-8-sig")


def register_rows(text: str) -> tuple[Rows, Rows]:
    """Rows of `register_rows` and `register_aliases`."""
    rows: Rows = []
    aliases: Rows = []
    for place, row in enumerate(_rows(text), 1):
        since, until = _day(row.get("valid_from"), -_FOREVER), _day(row.get("valid_to"), _FOREVER)
        rows.append((place, row["code"], row["level"], row["parent"], since, until, row.get("saturday") == "yes"))
        aliases += [(place, alias, row["code"]) for alias in row.get("aliases", "").split()]
    return rows, aliases


class Calendar(NamedTuple):
    """Rows of the tables of a calendar."""

    years: Rows
    weekdays: Rows
    hours: Rows
    unusual: Rows


def calendar_rows(edition: int, text: str) -> Calendar:
    """The rows of one edition."""
    found = Calendar([], [], [], [])
    for row in _rows(text):
        kind, day = row["kind"], date.fromisoformat(row["date"])
        if kind.endswith("_year"):
            found.years.append((edition, day.year, kind == "provisional_year"))
        elif kind == "weekdays":
            found.weekdays.append((edition, day, _weekdays(row["value"])))
        elif kind == "hours":
            found.hours.append((edition, day, _hours(row["value"])))
        else:
            found.unusual.append((edition, day, kind == "working_saturday"))
    return found


def limit_rows(edition: int, text: str) -> Rows:
    """Rows of `limit_rules`; a cut-off is in seconds of the day."""
    return [
        (
            edition,
            row["procedure"],
            _CHANNELS[row.get("channel", "")],
            row.get("level", ""),
            _day(row.get("valid_from"), -_FOREVER),
            row["unit"],
            float(row["count"] or 0),
            row.get("same_time") == "yes",
            _second(row.get("cut_off") or _CUT_OFF),
        )
        for row in _rows(text)
    ]


def _rows(text: str) -> Iterator[dict[str, str]]:
    for row in csv.DictReader(text.removeprefix("\ufeff").splitlines()):
        yield {column: (cell or "").strip() for column, cell in row.items() if column is not None}


def _day(text: str | None, default: int) -> int:
    return (date.fromisoformat(text) - _EPOCH).days if text else default


def _weekdays(text: str) -> Sequence[int]:
    """`Mon-Fri` or `Mon Wed Fri` as numbers, Monday 0."""
    found: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        found += range(_WEEKDAYS.index(first), _WEEKDAYS.index(last or first) + 1)
    return found


def _hours(text: str) -> Sequence[Sequence[int]]:
    """`07:30-11:30 13:00-17:00` as pairs of seconds of the day."""
    return [[_second(end) for end in part.split("-")] for part in text.split()]


def _second(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 3600 + int(minutes) * 60
