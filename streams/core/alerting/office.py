"""Working time for alerts: by the calendar in force, and all hours where there is none."""

from streams.core.calendar import Calendar, MissingYear
from streams.core.civil import DAY, HOUR, MICROS, Civil, date_of, day_number


class Office:
    """When offices work; instants in seconds.  Without a calendar, or in a year that it lacks, every hour is worked."""

    def __init__(self, civil: Civil, calendar: Calendar | None) -> None:
        self._civil, self._calendar = civil, calendar

    def worked(self, first: int, last: int) -> int:
        """Working seconds between two instants."""
        if self._calendar is not None:
            try:
                return self._calendar.worked_between(first, last)
            except MissingYear:
                pass
        return max(last - first, 0)

    def is_worked(self, hour: int) -> bool:
        """True when some of the hour that ends at an instant was worked."""
        return self.worked(hour - HOUR, hour) > 0

    def day(self, hour: int) -> int:
        """The civil day of the hour that ends at an instant."""
        return self._civil.day(hour - 1)

    def left(self, hour: int) -> tuple[int, int]:
        """Working seconds left of the day of the hour that ends at an instant, and those of the whole day."""
        day = self.day(hour)
        begins, ends = self._civil.midnight(day), self._civil.midnight(day + 1)
        return self.worked(hour, ends), self.worked(begins, ends)

    def days_after(self, day: int) -> int:
        """Working days of the month after a day."""
        end = _month_end(day)
        if self._calendar is not None:
            try:
                return self._calendar.working_days_before(end) - self._calendar.working_days_before(day + 1)
            except MissingYear:
                pass
        return end - day - 1

    def days(self, first: int, last: int) -> int:
        """Whole working days from one instant (micros) to another (micros)."""
        begins, ends = first // MICROS, last // MICROS
        if self._calendar is not None:
            try:
                return int(max(self._calendar.working_days_between(begins, ends), 0))
            except MissingYear:
                pass
        return max(ends - begins, 0) // DAY


def _month_end(day: int) -> int:
    """The first day (number) of the month after the one that holds a day."""
    civil = date_of(day)
    return day_number(civil.replace(year=civil.year + civil.month // 12, month=civil.month % 12 + 1, day=1))
