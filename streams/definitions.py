"""The definitions of a run: those of its settings, and the editions that it was told since."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from importlib import resources
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple
from zoneinfo import TZPATH

from streams.core.calendar import Calendar, CalendarError, read_calendar
from streams.core.civil import HOUR, Civil
from streams.core.editions import EditionRecord, Editions, Kind, Unreadable
from streams.core.limits import Limits, LimitsError, read_limits
from streams.core.register import Register
from streams.core.rules import Rules, Scores
from streams.core.terms import Edition, Terms
from streams.registers import register_of
from streams.settings import Settings

logger = logging.getLogger(__name__)
NONE = "none"
VIETNAM = "Asia/Ho_Chi_Minh"


class Versions(NamedTuple):
    """Which calendar and which table of limits are in force; empty where there is none."""

    calendar: str
    limits: str


class Definitions:
    """What a process goes by: `rules` follow the editions that it takes in."""

    def __init__(self, settings: Settings, register: Register | None = None) -> None:
        self.base = base_rules(settings, register)
        self.rules = self.base
        self._editions = Editions()

    def take(self, records: Iterable[tuple[bytes | None, bytes | None]], known_at: int | None = None) -> bool:
        """Take in records of `references`; True when the rules are others now."""
        if not self._editions.take(records):
            return False
        terms, refused = self._editions.terms(self.base.terms, self.base.civil, known_at)
        for one in refused:
            logger.error("references: %s is passed over: %s", one.key, one.reason)
        self.rules = self.base._replace(terms=terms)
        return True

    def editions(self) -> list[EditionRecord]:
        """The editions that it took in and could read, ascending by the instant from which they hold."""
        refused = {one.key for one in self.refused()}
        found = (one for one in self._editions.records() if isinstance(one, EditionRecord))
        return [one for one in found if one.key not in refused]

    def refused(self) -> list[Unreadable]:
        """The editions that had to be passed over."""
        return self._editions.terms(self.base.terms, self.base.civil)[1]

    def versions(self, clock: int) -> Versions:
        """What is in force at an instant (micros)."""
        return versions_of(self.rules, clock)


def versions_of(rules: Rules, clock: int) -> Versions:
    """The versions in force at an instant (micros)."""
    calendar, limits = rules.terms.calendar(clock), rules.terms.limit(clock)
    return Versions("" if calendar is None else calendar.version, "" if limits is None else limits.version)


def base_rules(settings: Settings, register: Register | None = None) -> Rules:
    """The definitions of the settings alone; CalendarError, LimitsError or RegisterError say what is wrong."""
    civil = Civil(settings.zone)
    calendar, limits = calendar_of(settings, civil), limits_of(settings)
    terms = Terms(
        [] if calendar is None else [Edition(0, calendar)],
        [] if limits is None else [Edition(0, limits)],
        register_of(settings) if register is None else register,
    )
    least = int(settings.warning_min_h * HOUR)
    days = settings.warning_min_days
    return Rules(civil, settings.warning_share, least, terms, Scores(settings.scores), days, code_version())


@cache
def code_version() -> str:
    """Names the code that judges: another version of it, of Python or of the zones may judge otherwise."""
    found = blake2b(f"{sys.version} {TZPATH} {_zones()}".encode(), digest_size=8)
    core = resources.files("streams") / "core"
    for module in sorted((one for one in core.iterdir() if one.name.endswith(".py")), key=lambda one: one.name):
        found.update(module.read_bytes())
    return found.hexdigest()


def _zones() -> str:
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return ""


def calendar_of(settings: Settings, civil: Civil) -> Calendar | None:
    """The calendar of the setting; Viet Nam's where nothing is set and the zone is Viet Nam's; None for `none`."""
    named = settings.calendar
    if named is None and settings.zone != VIETNAM:
        return None
    if named is not None and str(named) == NONE:
        return None
    place = _place(named or Path("vietnam"), "calendars")
    try:
        return read_calendar(_lines(place), str(place), civil)
    except (OSError, UnicodeDecodeError) as error:
        raise CalendarError(
            f"the calendar {place} (setting calendar) cannot be read: {error}. Give the path of a .csv, the name of a "
            f"shipped one ({_shipped('calendars')}), or {NONE}"
        ) from error


def limits_of(settings: Settings) -> Limits | None:
    """The table of limits of the setting; None where nothing is set: then only promised due dates are known."""
    if settings.limits is None or str(settings.limits) == NONE:
        return None
    place = _place(settings.limits, "limits")
    try:
        return read_limits(_lines(place), str(place))
    except (OSError, UnicodeDecodeError) as error:
        raise LimitsError(
            f"the table of limits {place} (setting limits) cannot be read: {error}. Give the path of a .csv, the name "
            f"of a shipped one ({_shipped('limits')}), or {NONE}"
        ) from error


def read_text(file: Path, kind: Kind) -> str:
    """The text of a file that a person named; CalendarError or LimitsError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        refused = CalendarError if kind is Kind.CALENDAR else LimitsError
        raise refused(f"{file} cannot be read: {error}") from error


def shipped_lines(kind: str, name: str) -> list[str]:
    """The lines of a file that comes with motcua: of `calendars` or `limits`."""
    return _lines(_place(Path(name), kind))


def _place(named: Path, kind: str) -> Path:
    if named.suffix != ".csv" and len(named.parts) == 1:
        return Path(str(resources.files("streams") / "data" / kind / f"{named}.csv"))
    return named


def _lines(place: Path) -> list[str]:
    return place.read_text(encoding="utf-8-sig").splitlines()


def _shipped(kind: str) -> str:
    folder = resources.files("streams") / "data" / kind
    return ", ".join(sorted(Path(one.name).stem for one in folder.iterdir() if one.name.endswith(".csv")))
