"""What units should reach, from a table: a row a unit, or a row for all units of a level."""

import csv
from collections.abc import Iterable

from streams.core.alerting.catalogue import ALERTED
from streams.core.alerting.records import Target
from streams.core.register import Register
from streams.errors import MotcuaError

_COLUMNS = ("unit", "on_time", "points")
_LEVELS = tuple(level.value for level in ALERTED)


class TargetsError(MotcuaError):
    """A table of targets that cannot be: says row, column and what would be right."""


def read_targets(lines: Iterable[str], name: str, register: Register) -> dict[str, Target]:
    """Targets by code of a unit or name of a level; `name` is what messages call the file.

    Columns: `unit` (a code, an alias, or commune, department, province), `on_time` in percent of the dossiers with a
    due date, `points` of the month's total; one of the two may be empty.
    """
    rows = csv.DictReader(lines)
    missing = [column for column in _COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise TargetsError(f"{name}: no column '{missing[0]}'; targets have the columns {', '.join(_COLUMNS)}")
    found: dict[str, Target] = {}
    for number, row in enumerate(rows, 1):
        place = f"{name}, row {number}"
        unit = _unit((row["unit"] or "").strip(), place, register)
        if unit in found:
            raise TargetsError(f"{place}: '{unit}' has a target already; leave one of the rows out")
        found[unit] = Target(_hundredths(row["on_time"], "on_time", place), _hundredths(row["points"], "points", place))
    return found


def _unit(code: str, place: str, register: Register) -> str:
    if code in _LEVELS:
        return code
    unit = register.unit(code) if code else None
    if unit is None or unit.level not in ALERTED:
        raise TargetsError(
            f"{place}: the register has no commune, department or province '{code}'; "
            f"write a code of the register, or one of {', '.join(_LEVELS)} for all units of a level"
        )
    return unit.code


def _hundredths(text: str | None, column: str, place: str) -> int | None:
    """Whole hundredths of a number with at most two decimals."""
    word = (text or "").strip()
    if not word:
        return None
    whole, _, decimals = word.partition(".")
    if whole.isascii() and whole.isdigit() and len(decimals) <= 2 and (not decimals or decimals.isdigit()):
        value = int(whole) * 100 + int(decimals.ljust(2, "0"))
        if value <= 100 * 100:
            return value
    raise TargetsError(f"{place}, column '{column}': '{word}' is no number from 0 to 100 with at most two decimals")
