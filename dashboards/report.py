"""The report: figures of units in one period, with everything that says how far to trust them."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Final

import msgspec

from dashboards.conservation import InputRow
from dashboards.rates import RATES, Share, share
from dashboards.scoring import UnitScore
from streams.core.civil import ALL, period_kind
from streams.core.counters import WIDTH
from streams.core.index import EntryKey, counts_in
from streams.core.ranking import Place
from streams.core.register import UNREGISTERED, Level, Register
from streams.core.spans import rolling_day
from streams.errors import MotcuaError

REPORT_VERSION: Final = 1
COUNTS: Final = tuple(counts_in([1] * WIDTH, ALL))
"""The counters of a report, each always there."""
_NEAR: Final = 5


class NotFound(MotcuaError):
    """A unit or period that is not there; the text names near ones."""


class UnitFigures(msgspec.Struct, frozen=True):
    """One unit with all units below it: every counter by name, and the rates made of them."""

    unit: str
    name: str
    level: str
    parent: str
    counts: dict[str, int]
    rates: dict[str, Share]


class Items(msgspec.Struct, frozen=True):
    """What became of the items that came in, summed over all inputs."""

    applied: int
    repeated: int
    rejected: int
    ignored: int
    rejected_by_reason: dict[str, int] = {}


class Versions(msgspec.Struct, frozen=True):
    """The definitions behind the figures; calendar and limits as in force then, empty where there are none.

    `stated` names all procedures and declared totals that stand.
    """

    index: int
    register: str
    zone: str
    calendar: str = ""
    limits: str = ""
    stated: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Figures of units in a period.

    `source` is `unit-index` (what the workers say) or `facts` (folded now, as of `as_of`).  Times are ISO 8601 with
    an offset, `as_of_micros` is microseconds since 1970.  Where `complete` is false, `why` says why.  `index` and
    `ranking` (by peer group) are there when asked for; totals and shares of a ranking are in hundredths.
    """

    version: int = REPORT_VERSION
    run: str
    source: str
    period: str
    as_of: str
    as_of_micros: int
    known_at: str | None = None
    complete: bool
    why: list[str]
    versions: Versions
    items: Items
    inputs: list[InputRow]
    units: list[UnitFigures]
    index: list[UnitScore] | None = None
    ranking: dict[str, list[Place]] | None = None


class Chosen(msgspec.Struct, frozen=True):
    """Which figures are wanted: of which period, below which unit, of which level."""

    period: str = ALL
    unit: str | None = None
    level: Level | None = None


def chosen_figures(
    index: Mapping[EntryKey, Mapping[str, int]], register: Register, chosen: Chosen
) -> list[UnitFigures]:
    """The figures wanted, a unit before those below it; NotFound for a unit or period that is not there."""
    check_period(chosen.period, index)
    day = rolling_day(chosen.period)
    known = {unit for period, unit in index if period == chosen.period}
    root = register.root if chosen.unit is None else find_unit(chosen.unit, {unit for _, unit in index}, register)
    return [
        _figures(unit, index.get((chosen.period, unit), {}), register, day)
        for unit in _selected(known, root, register, day, chosen.level)
    ]


def find_unit(named: str, known: set[str], register: Register) -> str:
    """The code of a unit given by code, alias or whole name; NotFound with near names."""
    code = register.canonical(named)
    if register.unit(code) is not None or code in known:
        return code
    by_name: dict[str, list[str]] = {}
    for unit in register.units:
        by_name.setdefault(unit.name.casefold(), []).append(unit.code)
    codes = sorted(set(by_name.get(named.casefold(), [])))
    if len(codes) == 1:
        return codes[0]
    if codes:
        raise NotFound(f"'{named}' is the name of several units: {', '.join(codes[:20])}. Give the code of one.")
    words = {word.casefold(): code for code in known for word in (code,)}
    words |= {unit.code.casefold(): unit.code for unit in register.units}
    words |= {name: found[0] for name, found in by_name.items()}
    near = difflib.get_close_matches(named.casefold(), list(words), n=_NEAR, cutoff=0.5)
    names = ", ".join(dict.fromkeys(f"{words[one]} ({register.name(words[one])})" for one in near))
    advice = f"Near it: {names}." if near else "`motcua report` lists those of the top, --level those of a level."
    raise NotFound(f"There is no unit '{named}', neither in the register nor in the figures. {advice}")


def check_period(period: str, index: Mapping[EntryKey, Mapping[str, int]]) -> None:
    """NotFound where the period is none, or nothing was counted in it."""
    try:
        kind = period_kind(period)
    except ValueError as error:
        raise NotFound(f"{error}.") from None
    there = {name for name, _ in index}
    if period in there or period == ALL:
        return
    alike = sorted(name for name in there if name != ALL and period_kind(name) == kind)
    near = difflib.get_close_matches(period, alike, n=_NEAR, cutoff=0.0)
    known = f"Of its kind there are {alike[0]} to {alike[-1]}, near it {', '.join(sorted(near))}." if alike else ""
    raise NotFound(f"Nothing was received or ended in {period}. {known}".rstrip())


def _selected(known: set[str], root: str, register: Register, day: int, level: Level | None) -> list[str]:
    """`root` and what is directly below it; with a level, the units of that level anywhere below it."""
    chains = {unit: register.chain(unit, day) for unit in known | {root}}
    if level is not None:
        found = [unit for unit, chain in chains.items() if register.level(unit) is level and root in chain]
        return sorted(found, key=lambda unit: (*reversed(chains[unit]), unit))
    below = sorted(unit for unit in known if unit != root and parent_of(unit, register, day) == root)
    return [root, *below]


def parent_of(unit: str, register: Register, day: int) -> str:
    """The unit directly above as of a day; empty for the root."""
    if unit == UNREGISTERED:
        return register.root
    chain = register.chain(unit, day)
    return chain[1] if len(chain) > 1 else ""


def _figures(unit: str, counts: Mapping[str, int], register: Register, day: int) -> UnitFigures:
    return UnitFigures(
        unit,
        register.name(unit),
        register.level(unit).value,
        parent_of(unit, register, day),
        {name: counts.get(name, 0) for name in COUNTS},
        {rate.name: share(rate, counts) for rate in RATES},
    )
