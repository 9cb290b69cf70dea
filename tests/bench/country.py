"""A country's index without a broker: a register of 5,000 units, their cells, and one province's year."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Final

from streams.core.civil import Civil, day_number
from streams.core.counters import COUNTERS
from streams.core.register import Level, Register, Unit
from streams.core.tallies import CellValue, ClockValue, Complete, Kind, cell_key, encode, sign_key

CIVIL: Final = Civil("Asia/Ho_Chi_Minh")
TODAY: Final = date(2026, 11, 24)
NOW: Final = (CIVIL.midnight(day_number(TODAY)) + 12 * 3600) * 1_000_000
_NAMES: Final = tuple(counter.name for counter in COUNTERS if counter.day == "received")
Told = tuple[bytes, bytes]


def register(provinces: int, departments: int, communes: int) -> Register:
    """A country with so many departments and communes in each province."""
    units = [Unit("VN", "Việt Nam", Level.COUNTRY, "")]
    for province in range(provinces):
        code = f"H{province:02}"
        units.append(Unit(code, f"Tỉnh {province}", Level.PROVINCE, "VN"))
        units += [Unit(f"{code}.{n:03}", f"Sở {n}", Level.DEPARTMENT, code) for n in range(departments)]
        units += [Unit(f"{code}.{n + 100:03}", f"Xã {n}", Level.COMMUNE, code) for n in range(communes)]
    return Register(units)


def lowest(units: Register) -> list[str]:
    """Units that receive dossiers."""
    return [unit.code for unit in units.units if unit.level in (Level.DEPARTMENT, Level.COMMUNE)]


def counts(dice: random.Random) -> dict[str, int]:
    """The counters of a busy cell."""
    received = dice.randint(1, 60)
    return {"received": received, **{name: dice.randint(0, received) for name in _NAMES if name != "received"}}


def cell(unit: str, day: int, dice: random.Random) -> Told:
    """A record of a cell of partition 0."""
    return cell_key(0, 1, unit, day).encode(), encode(CellValue(1, counts(dice)))


def beginning() -> Told:
    """The end marker of partition 0's first generation: what comes then counts at once."""
    return sign_key(0, 1, Kind.COMPLETE).encode(), encode(Complete(0))


def clock(second: int) -> Told:
    """A clock of partition 0 (seconds)."""
    return sign_key(0, 1, Kind.CLOCK).encode(), encode(ClockValue(second * 1_000_000, 1, 0, {}))


def cells(units: list[str], days: range, seed: int) -> Iterator[Told]:
    """A cell of each unit and day."""
    dice = random.Random(seed)
    for day in days:
        for unit in units:
            yield cell(unit, day, dice)
