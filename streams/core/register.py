"""The register of units: who belongs to whom, and since when."""

import csv
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

import msgspec

from streams.core.civil import day_number
from streams.errors import MotcuaError

UNREGISTERED: Final = "unregistered"
_COLUMNS: Final = ("code", "name", "level", "parent", "valid_from", "valid_to", "aliases", "saturday")
_ALWAYS: Final = 1 << 40  # a day number after every civil day


class Level(StrEnum):
    """Levels of units; no district since 1 July 2025."""

    COUNTRY = "country"
    PROVINCE = "province"
    DEPARTMENT = "department"
    COMMUNE = "commune"
    UNREGISTERED = "unregistered"


class RegisterError(MotcuaError):
    """A register file that cannot be: says row, column and what would be right."""


class Unit(msgspec.Struct, frozen=True):
    """One row: a unit under a parent, valid from a day (number) up to, not including, another.

    With `saturday` on, a dossier that it receives on a Saturday off has that day as day 0 of a limit in days.
    """

    code: str
    name: str
    level: Level
    parent: str
    valid_from: int = -_ALWAYS
    valid_to: int = _ALWAYS
    aliases: tuple[str, ...] = ()
    saturday: bool = False


class Register:
    """Units by code, with aliases and hierarchy as of a day.  An unknown unit hangs under `unregistered`."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = tuple(units)
        self._rows: dict[str, list[Unit]] = {}
        self._alias = {alias: unit.code for unit in self.units for alias in unit.aliases}
        for unit in self.units:
            self._rows.setdefault(unit.code, []).append(unit)
        self.root = self._check()
        self._leaves: dict[int, frozenset[str]] = {}
        self._families: dict[int, dict[str, tuple[str, ...]]] = {}
        self._nearest: dict[int, dict[str, tuple[str, ...]]] = {}
        self._chains: dict[tuple[str, int], tuple[str, ...]] = {}
        turns = {turn for unit in self.units for turn in (unit.valid_from, unit.valid_to)}
        self._turns = sorted(turns)

    @cached_property
    def version(self) -> str:
        """Names the content: two registers with the same rows have the same version."""
        return hashlib.blake2b(msgspec.json.encode(self.units), digest_size=6).hexdigest()

    def canonical(self, code: str) -> str:
        """The unit's own code for an alias; any other code as it is."""
        return code if code in self._rows else self._alias.get(code, code)

    def unit(self, code: str, day: int = _ALWAYS - 1) -> Unit | None:
        """The row of `code` as of a day; the latest one when it was not valid then."""
        rows = self._rows.get(self.canonical(code))
        if not rows:
            return None
        return next((row for row in rows if row.valid_from <= day < row.valid_to), rows[-1])

    def knows(self, code: str) -> bool:
        """True for the code or alias of a unit of the register, valid now or not."""
        return self.canonical(code) in self._rows

    def level(self, code: str) -> Level:
        """The unit's level; UNREGISTERED for one that the register does not know."""
        row = self.unit(code)
        return Level.UNREGISTERED if row is None else row.level

    def saturdays(self, code: str) -> bool:
        """True where a Saturday of reception counts as day 0; False for a unit that the register does not know."""
        row = self.unit(code)
        return row is not None and row.saturday

    def name(self, code: str) -> str:
        """The unit's name; its code when the register does not know it."""
        row = self.unit(code)
        return (row.name if row else code) or "—"

    def chain(self, code: str, day: int) -> tuple[str, ...]:
        """The unit and everyone above it as of a day, the root last."""
        era = self.era(day)
        found = self._chains.get((code, era))
        if found is None:
            found = self._chains[code, era] = tuple(self._climb(code, day))
        return found

    def era(self, day: int) -> int:
        """Days (numbers) of one era have the same units and hierarchy."""
        return bisect_right(self._turns, day)

    def leaves(self, day: int) -> frozenset[str]:
        """The units valid on a day that have no valid unit below them: those that count as units."""
        found = self._leaves.get(era := self.era(day))
        if found is None:
            valid = [unit for unit in self.units if unit.valid_from <= day < unit.valid_to]
            above = {unit.parent for unit in valid}
            found = self._leaves[era] = frozenset(unit.code for unit in valid if unit.code not in above)
        return found

    def leaves_below(self, code: str, day: int) -> tuple[str, ...]:
        """Those of `leaves` that are the unit itself or belong to it."""
        found = self._families.get(era := self.era(day))
        if found is None:
            found = self._families[era] = {}
            for leaf in sorted(self.leaves(day)):
                for above in self.chain(leaf, day):
                    found[above] = (*found.get(above, ()), leaf)
        return found.get(code, ())

    def directly_below(self, code: str, day: int) -> tuple[str, ...]:
        """Every unit whose counts go into those of `code` first, as of a day; under the root what is unregistered."""
        found = self._nearest.get(era := self.era(day))
        if found is None:
            found = self._nearest[era] = {self.root: (UNREGISTERED,)}
            for unit in self._rows:
                for above in self.chain(unit, day)[1:2]:
                    found[above] = (*found.get(above, ()), unit)
        return found.get(code, ())

    def children(self, code: str) -> list[Unit]:
        """The units directly below `code` in its latest row."""
        return [rows[-1] for rows in self._rows.values() if rows[-1].parent == code]

    def _climb(self, code: str, day: int) -> Iterator[str]:
        row = self.unit(code, day)
        if row is None:
            yield code
            yield UNREGISTERED
            yield self.root
            return
        while row is not None:
            yield row.code
            row = self.unit(row.parent, day) if row.parent else None

    def _check(self) -> str:
        roots = sorted({unit.code for unit in self.units if not unit.parent})
        if len(roots) != 1:
            raise RegisterError(
                f"the register needs exactly one unit without a parent, it has {len(roots)}: {roots[:5]}"
            )
        for unit in self.units:
            if unit.parent and unit.parent not in self._rows:
                raise RegisterError(
                    f"unit '{unit.code}' names the parent '{unit.parent}', which the register does not hold"
                )
        for code in self._rows:
            seen, at = set(), code
            while at:
                if at in seen:
                    raise RegisterError(f"unit '{at}' is above itself; correct the column 'parent'")
                seen.add(at)
                at = self._rows[at][-1].parent
        return roots[0]


def read_register(lines: Iterable[str], name: str) -> Register:
    """The register in the lines of a CSV file; `name` is what messages call it.  RegisterError says what is wrong."""
    rows = csv.DictReader(lines)
    missing = [column for column in _COLUMNS[:4] if column not in (rows.fieldnames or ())]
    if missing:
        raise RegisterError(f"{name}: no column '{missing[0]}'; a register has the columns {', '.join(_COLUMNS)}")
    return Register([_unit(row, f"{name}, row {number}") for number, row in enumerate(rows, 1)])


def _unit(row: dict[str, str], place: str) -> Unit:
    if not (code := (row["code"] or "").strip()):
        raise RegisterError(f"{place}: the column 'code' is empty")
    try:
        level = Level((row["level"] or "").strip())
    except ValueError:
        words = ", ".join(level.value for level in Level if level is not Level.UNREGISTERED)
        raise RegisterError(f"{place}: '{row['level']}' is not a level; write one of {words}") from None
    return Unit(
        code,
        (row["name"] or "").strip() or code,
        level,
        (row["parent"] or "").strip(),
        _day(row.get("valid_from"), -_ALWAYS, f"{place}, column 'valid_from'"),
        _day(row.get("valid_to"), _ALWAYS, f"{place}, column 'valid_to'"),
        tuple((row.get("aliases") or "").split()),
        _switch(row.get("saturday"), f"{place}, column 'saturday'"),
    )


def _switch(text: str | None, place: str) -> bool:
    if (word := (text or "").strip()) not in {"", "no", "yes"}:
        raise RegisterError(f"{place}: '{word}' is neither yes nor no; empty means no")
    return word == "yes"


def _day(text: str | None, default: int, place: str) -> int:
    if not text or not text.strip():
        return default
    try:
        return day_number(date.fromisoformat(text.strip()))
    except ValueError:
        raise RegisterError(f"{place}: '{text}' is not a date; write it as 2025-07-01") from None
