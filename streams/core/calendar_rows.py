"""The file of a working calendar, row by row: years, working week, holidays, exchanged days, each with its source.

docs/deadlines.md says what an administrator writes; here is what is read, and how each mistake is named.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

import msgspec

from streams.core.civil import DAY, day_number
from streams.errors import MotcuaError

COLUMNS: Final = ("date", "kind", "value", "name_vi", "name_en", "source")
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NEEDED: Final = ("date", "kind", "value", "name_vi", "source")
_SATURDAY: Final = 5
_YEARS: Final = range(1900, 3000)  # as of every date that is read


class MissingYear(Exception):
    """A due date needs a year for which there is no calendar; `year` names it."""

    def __init__(self, year: int) -> None:
        super().__init__(f"there is no working calendar for {year}")
        self.year = year


class CalendarError(MotcuaError):
    """A calendar that cannot be: says row, column and what would be right."""


class Status(StrEnum):
    """How sure a year is.  A provisional one is used and marked; due dates are computed again when it is confirmed."""

    CONFIRMED = "confirmed"
    PROVISIONAL = "provisional"


class Kind(StrEnum):
    """An exception to the working week."""

    HOLIDAY = "holiday"
    WORKING_SATURDAY = "working_saturday"


class RowKind(StrEnum):
    """What a row of the file says."""

    CONFIRMED_YEAR = "confirmed_year"
    PROVISIONAL_YEAR = "provisional_year"
    WEEKDAYS = "weekdays"
    HOURS = "hours"
    HOLIDAY = "holiday"
    WORKING_SATURDAY = "working_saturday"


class UnusualDay(msgspec.Struct, frozen=True):
    """One day that is not as its weekday: off by holiday, or worked in exchange; `name` is the Vietnamese one."""

    day: int
    kind: Kind
    name: str
    source: str
    name_en: str = ""


class Week(msgspec.Struct, frozen=True):
    """The working week: weekdays (Monday is 0) and office hours as half-open intervals in seconds of the day."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    hours: tuple[tuple[int, int], ...] = ((27_000, 41_400), (46_800, 61_200))  # 7:30 to 11:30 and 13:00 to 17:00


class Content(NamedTuple):
    """What a file says; `weeks` by the day number from which each holds."""

    years: dict[int, Status]
    weeks: dict[int, Week]
    exceptions: list[UnusualDay]


class Row(NamedTuple):
    """One row; `place` names file and row, the header being row 1 as spreadsheets count."""

    place: str
    day: date
    kind: RowKind
    value: str
    name: str
    name_en: str
    source: str

    def wrong(self, column: str, why: str) -> CalendarError:
        """The error for one cell of this row."""
        return CalendarError(f"{self.place}, column '{column}': {why}")


def read_rows(lines: Iterable[str], name: str) -> Content:
    """What the lines of a CSV file say; CalendarError says row and column of what is wrong."""
    try:
        rows = list(_rows(lines, name))
    except csv.Error as error:
        raise CalendarError(f"{name}: {error}; look for a double quote that is not closed") from None
    _refuse_doubles(rows)
    years = {row.day.year: _STATUS[row.kind] for row in rows if row.kind in _STATUS}
    _refuse_gaps(years, name)
    weeks = _weeks(rows, years, name)
    return Content(years, weeks, [_unusual(row, years, weeks) for row in rows if row.kind in _DAYS])


def week_on(weeks: Mapping[int, Week], day: int) -> Week:
    """The week that holds on a day; KeyError when none does."""
    return weeks[max((since for since in weeks if since <= day), default=day)]


def _rows(lines: Iterable[str], name: str) -> Iterator[Row]:
    rows = csv.DictReader(line.removeprefix("\ufeff") for line in lines)  # spreadsheets put a mark before the header
    header = rows.fieldnames or ()
    for column in _NEEDED:
        if column not in header:
            raise CalendarError(f"{name}: no column '{column}'; a calendar has {','.join(COLUMNS)}, set off by commas")
    for cells in rows:
        place = f"{name}, row {rows.line_num}"
        if None in cells:
            raise CalendarError(f"{place}: more cells than columns; put texts that have a comma in double quotes")
        yield _row({column: (cell or "").strip() for column, cell in cells.items()}, place)


def _row(cells: Mapping[str, str], place: str) -> Row:
    try:
        day = date.fromisoformat(cells["date"])
    except ValueError:
        raise CalendarError(
            f"{place}, column 'date': '{cells['date']}' is not a date; write it as 2026-02-17"
        ) from None
    try:
        kind = RowKind(cells["kind"])
    except ValueError:
        raise CalendarError(f"{place}, column 'kind': '{cells['kind']}' is not one of {', '.join(RowKind)}") from None
    row = Row(place, day, kind, cells["value"], cells["name_vi"], cells.get("name_en", ""), cells["source"])
    said, right = cells.get("weekday", ""), WEEKDAYS[day.weekday()]
    if said not in ("", right):
        raise row.wrong("weekday", f"{day} is a {right}, not '{said}'; check the date")
    _check_cells(row)
    return row


def _check_cells(row: Row) -> None:
    if not row.source:
        raise row.wrong("source", "empty; name the law, notice or decision that says so")
    if row.kind in (RowKind.WEEKDAYS, RowKind.HOURS):
        _READERS[row.kind](row)
    elif row.value:
        raise row.wrong("value", f"'{row.value}' means nothing for {row.kind}; leave it empty")
    if row.day.year not in _YEARS:
        raise row.wrong("date", f"{row.day} lies outside {_YEARS[0]} to {_YEARS[-1]}")
    if row.kind in _STATUS and (row.day.month, row.day.day) != (1, 1):
        raise row.wrong("date", f"{row.day} is no first day of a year; write {row.day.year}-01-01")
    if row.kind in _DAYS and not row.name:
        raise row.wrong("name_vi", "empty; people are told this name as the reason")


def _refuse_doubles(rows: Iterable[Row]) -> None:
    seen: dict[tuple[date, str], Row] = {}
    for row in rows:
        subject = "status" if row.kind in _STATUS else "day" if row.kind in _DAYS else row.kind
        first = seen.setdefault((row.day, subject), row)
        if first is not row:
            raise row.wrong("date", f"{row.day} is {first.kind} in {first.place} already; keep one of the two rows")


def _refuse_gaps(years: Mapping[int, Status], name: str) -> None:
    if not years:
        raise CalendarError(f"{name}: no year; write a row such as 2026-01-01,{RowKind.CONFIRMED_YEAR} for each")
    for year in range(min(years), max(years)):
        if year not in years:
            raise CalendarError(
                f"{name}: {year} is missing between others; add its holidays and a row "
                f"{year}-01-01,{RowKind.CONFIRMED_YEAR} or {RowKind.PROVISIONAL_YEAR}"
            )


def _weeks(rows: Iterable[Row], years: Mapping[int, Status], name: str) -> dict[int, Week]:
    """The weeks by the day from which each holds: a row changes days or hours, the other stays as it was."""
    first = date(min(years), 1, 1)
    weekdays: tuple[int, ...] = ()
    hours: tuple[tuple[int, int], ...] = ()
    weeks: dict[int, Week] = {}
    for row in sorted((row for row in rows if row.kind in _READERS), key=lambda row: row.day):
        if row.day.year > max(years):
            raise row.wrong("date", f"{row.day.year} is not a year of this calendar; give it a row of its status")
        weekdays = _weekdays(row) if row.kind is RowKind.WEEKDAYS else weekdays
        hours = _hours(row) if row.kind is RowKind.HOURS else hours
        if weekdays and hours:
            weeks[day_number(max(row.day, first))] = Week(weekdays, hours)
    if min(weeks, default=day_number(first) + 1) > day_number(first):
        raise CalendarError(
            f"{name}: the working week of {first} is not given; write rows {first},{RowKind.WEEKDAYS},Mon-Fri "
            f"and {first},{RowKind.HOURS},07:30-11:30 13:00-17:00 with their sources"
        )
    return weeks


def _weekdays(row: Row) -> tuple[int, ...]:
    found: list[int] = []
    for part in row.value.split():
        ends = part.split("-")
        if len(ends) > 2 or any(end not in WEEKDAYS for end in ends):
            raise row.wrong("value", f"'{row.value}' is not a set of weekdays; write Mon-Fri or Mon Wed Fri")
        found += range(WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1]) + 1)
    if not found or found != sorted(set(found)):
        raise row.wrong("value", f"'{row.value}' must name weekdays once each, from Mon to Sun; write Mon-Fri")
    return tuple(found)


def _hours(row: Row) -> tuple[tuple[int, int], ...]:
    found = tuple(_interval(row, part) for part in row.value.split())
    bounds = [bound for interval in found for bound in interval]
    if not bounds or bounds != sorted(set(bounds)):
        raise row.wrong(
            "value", f"office hours '{row.value}' overlap, touch or are out of order; write 07:30-11:30 13:00-17:00"
        )
    return found


def _interval(row: Row, part: str) -> tuple[int, int]:
    bounds = [_second(text) for text in part.split("-")]
    if len(bounds) != 2 or None in bounds:
        raise row.wrong("value", f"'{part}' is not an interval; write 07:30-11:30 13:00-17:00")
    return bounds[0] or 0, bounds[1] or 0


def _second(text: str) -> int | None:
    hour, colon, minute = text.partition(":")
    if not colon or not (hour + minute).isdecimal() or not len(hour) == len(minute) == 2:
        return None
    second = int(hour) * 3600 + int(minute) * 60
    return second if int(minute) < 60 and second <= DAY else None


def _unusual(row: Row, years: Mapping[int, Status], weeks: Mapping[int, Week]) -> UnusualDay:
    if row.day.year not in years:
        raise row.wrong(
            "date",
            f"{row.day.year} has no status; add {row.day.year}-01-01,{RowKind.CONFIRMED_YEAR}, "
            f"or {RowKind.PROVISIONAL_YEAR} while its holidays are not all announced",
        )
    day = day_number(row.day)
    if row.kind is RowKind.WORKING_SATURDAY:
        if row.day.weekday() != _SATURDAY:
            raise row.wrong("date", f"{row.day} is a {WEEKDAYS[row.day.weekday()]}, not a Saturday")
        if _SATURDAY in week_on(weeks, day).weekdays:
            raise row.wrong("kind", f"{row.day} is worked anyway: Saturdays are in the working week")
    return UnusualDay(day, Kind(row.kind), row.name, row.source, row.name_en)


_STATUS: Final = {RowKind.CONFIRMED_YEAR: Status.CONFIRMED, RowKind.PROVISIONAL_YEAR: Status.PROVISIONAL}
_DAYS: Final = (RowKind.HOLIDAY, RowKind.WORKING_SATURDAY)
_READERS: Final[Mapping[RowKind, Callable[[Row], object]]] = {RowKind.WEEKDAYS: _weekdays, RowKind.HOURS: _hours}
