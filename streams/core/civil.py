"""Civil time of one zone: days, full hours and the periods that people report by."""

import calendar
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

MICROS = 1_000_000
HOUR = 3600
DAY = 86400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_QUARTER_HOUR = 900  # since 1972 every zone has changed its offset on one of these

ALL = "all"
WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
PERIOD_KINDS = (WEEK, MONTH, QUARTER, YEAR)


def micros(moment: datetime) -> int:
    """The aware `moment` in micros; a naive one is a bug of the caller and raises TypeError."""
    delta = moment - EPOCH
    return (delta.days * DAY + delta.seconds) * MICROS + delta.microseconds


def seconds(moment: datetime) -> int:
    """The aware `moment` in whole seconds, truncated."""
    return micros(moment) // MICROS


def moment_of(seconds_: float, zone: timezone | ZoneInfo = UTC) -> datetime:
    """The aware datetime of an instant in seconds; exact where `datetime.fromtimestamp` is not."""
    return (EPOCH + timedelta(seconds=seconds_)).astimezone(zone)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - _EPOCH_ORDINAL


def date_of(day: int) -> date:
    """The civil date of a day number."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


@lru_cache(maxsize=65536)
def periods_of(day: int) -> tuple[str, str, str, str]:
    """Names of the ISO week, month, quarter and year of a civil day: 2026-W48, 2026-11, 2026-Q4, 2026."""
    civil = date_of(day)
    iso = civil.isocalendar()
    return (
        f"{iso.year}-W{iso.week:02}",
        f"{civil:%Y-%m}",
        f"{civil:%Y}-Q{(civil.month + 2) // 3}",
        f"{civil:%Y}",
    )


@lru_cache(maxsize=4096)
def period_kind(name: str) -> str:
    """Week, month, quarter, year or all, by the form of the name.  ValueError says what would be right."""
    if name == ALL:
        return ALL
    head, _, tail = name.partition("-")
    if name.isascii() and len(head) == 4 and head.isdigit():
        if not tail and "-" not in name:
            return YEAR
        if tail[:1] == "W" and tail[1:].isdigit() and 1 <= int(tail[1:]) <= 53 and len(tail) == 3:
            return WEEK
        if tail[:1] == "Q" and tail[1:] in {"1", "2", "3", "4"}:
            return QUARTER
        if tail.isdigit() and len(tail) == 2 and 1 <= int(tail) <= 12:
            return MONTH
    raise ValueError(f"'{name}' is not a period: write 2026-W48, 2026-11, 2026-Q4, 2026 or all")


@lru_cache(maxsize=65536)
def period_end_days(day: int) -> tuple[int, int, int, int]:
    """First day after the ISO week, month, quarter and year that hold `day`, as day numbers."""
    civil = date_of(day)
    last_month = ((civil.month + 2) // 3) * 3
    quarter_end = date(civil.year, last_month, calendar.monthrange(civil.year, last_month)[1])
    month_end = date(civil.year, civil.month, calendar.monthrange(civil.year, civil.month)[1])
    return (
        day + 7 - civil.weekday(),
        day_number(month_end) + 1,
        day_number(quarter_end) + 1,
        day_number(date(civil.year, 12, 31)) + 1,
    )


class Civil:
    """Days, midnights and full hours of one zone, with the zone's offsets remembered."""

    def __init__(self, zone: str) -> None:
        self.name = zone
        self.zone = ZoneInfo(zone)
        self._offsets: dict[int, int] = {}
        self._midnights: dict[int, int] = {}
        self._ends: dict[int, tuple[int, int, int, int, int]] = {}

    def offset(self, instant: int) -> int:
        """Seconds east of UTC that hold at `instant` (seconds)."""
        bucket = instant // _QUARTER_HOUR
        offset = self._offsets.get(bucket)
        if offset is None:
            if len(self._offsets) > 1_000_000:  # junk dates must not fill the memory
                self._offsets.clear()
            found = moment_of(bucket * _QUARTER_HOUR, self.zone).utcoffset()
            offset = self._offsets[bucket] = int((found or timedelta()).total_seconds())
        return offset

    def day(self, instant: int) -> int:
        """Day number of the civil day that holds `instant` (seconds)."""
        offset = self._offsets.get(instant // _QUARTER_HOUR)
        return (instant + (self.offset(instant) if offset is None else offset)) // DAY

    def midnight(self, day: int) -> int:
        """The first instant (seconds) of a civil day."""
        found = self._midnights.get(day)
        if found is None:
            civil = date_of(day)
            found = seconds(datetime(civil.year, civil.month, civil.day, tzinfo=self.zone))
            self._midnights[day] = found
        return found

    def period_ends(self, day: int) -> tuple[int, int, int, int, int]:
        """First instants (seconds) after the week, month, quarter and year that hold `day`; the earliest goes first."""
        found = self._ends.get(day)
        if found is None:
            week, month, quarter, year = (self.midnight(end) for end in period_end_days(day))
            found = self._ends[day] = (min(week, month), week, month, quarter, year)
        return found

    def next_full_hour(self, instant: int) -> int:
        """The first full civil hour (seconds) after `instant` (seconds), which may be one itself."""
        local = instant + self.offset(instant)
        return instant + HOUR - local % HOUR

    def last_full_hour(self, instant: int) -> int:
        """The latest full civil hour (seconds) that is not after `instant` (seconds)."""
        return instant - (instant + self.offset(instant)) % HOUR

    def text(self, instant: float) -> str:
        """ISO 8601 in civil time with the offset, for people and records."""
        return moment_of(instant, self.zone).isoformat(sep=" ", timespec="seconds")
