"""Dates as tables write them: ISO 8601, forms of strptime, serial numbers of spreadsheets."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from streams.sources.mappings import EXCEL, ISO, Mapping

_SERIAL_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - civil time, the zone is put on afterwards
_SERIAL_LAST: Final = 2_958_465  # 9999-12-31
_BARE_ISO: Final = 10  # no ISO form with a time is so short
_TIME_DIRECTIVES: Final = ("%H", "%I", "%c", "%X", "%S", "%M")
_CACHED: Final = 65_536


class Read(NamedTuple):
    """What a cell says: an aware moment, and whether only the day was written."""

    moment: datetime
    bare: bool


Form: TypeAlias = Callable[[str], tuple[datetime, bool] | None]


class Dates:
    """Reads the dates of one table."""

    def __init__(self, mapping: Mapping) -> None:
        self._zone = mapping.civil_zone
        self._fold = 0 if mapping.fold == "first" else 1
        self._forms = [_form(name, mapping.decimal) for name in mapping.date_forms]
        self._placeholders = frozenset(mapping.placeholder_dates)
        self.wanted = " or ".join(mapping.date_forms)

    def read(self, text: str) -> Read | None:
        """The moment that a cell says, None for a placeholder; ValueError when it is no date in a form of this table.

        A moment without an offset is civil time of the mapping's zone.
        """
        if text in self._placeholders:
            return None
        for form in self._forms:
            found = form(text)
            if found is None:
                continue
            moment, bare = found
            if self._placeholders and moment.date().isoformat() in self._placeholders:
                return None
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=self._zone, fold=self._fold)
            return Read(moment, bare)
        raise ValueError(f"not a date of the form {self.wanted}")

    def due(self, text: str) -> str | None:
        """The due date that a cell says as events carry it: a bare date, or a moment with its offset."""
        found = self.read(text)
        if found is None:
            return None
        return found.moment.date().isoformat() if found.bare else found.moment.isoformat()


def _form(name: str, decimal: str) -> Form:
    if name == ISO:
        return _iso
    if name == EXCEL:
        return lambda text: _serial(text, decimal)
    bare = not any(directive in name for directive in _TIME_DIRECTIVES)

    @lru_cache(maxsize=_CACHED)
    def read(text: str) -> tuple[datetime, bool] | None:
        try:
            return datetime.strptime(text, name), bare  # noqa: DTZ007 - the zone is put on afterwards
        except ValueError:
            return None

    return read


def _iso(text: str) -> tuple[datetime, bool] | None:
    try:
        return datetime.fromisoformat(text), len(text) <= _BARE_ISO
    except ValueError:
        return None


def _serial(text: str, decimal: str) -> tuple[datetime, bool] | None:
    whole, _, fraction = text.partition(decimal)
    if not (whole.isascii() and whole.isdigit() and len(whole) <= 7 and int(whole) <= _SERIAL_LAST):
        return None
    if fraction and not (fraction.isascii() and fraction.isdigit()):
        return None
    share = float(f"0.{fraction or 0}")
    return _SERIAL_ZERO + timedelta(days=int(whole), seconds=round(share * 86_400)), share == 0
