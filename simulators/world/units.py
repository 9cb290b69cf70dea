"""The units of the simulated world: those of a province in the register, each with habits of its own."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.world.dice import Curve, Dice, Wheel
from simulators.world.procedures import COMMUNE, DEPARTMENT, Procedure
from simulators.world.software import SOFTWARE, Software
from simulators.world.working_time import WORKING_DAY
from streams.core.register import Level, Register, Unit
from streams.errors import MotcuaError

DEPARTMENTS_EACH: Final = 20
"""One department among so many units, when not all are simulated."""
DEPARTMENT_PROCEDURES: Final = 4
EVERYWHERE: Final = "all"

# Dossiers of a working day. The mean, 20, is the volume published for Phú Thọ; the spread is invented.
_DOSSIERS: Final[Curve] = (5, 8, 10, 12, 14, 17, 20, 23, 28, 38, 60)
_ONLINE: Final[Curve] = (0.30, 0.40, 0.46, 0.50, 0.54, 0.58, 0.62, 0.66, 0.70, 0.76, 0.88)
_LOAD: Final[Curve] = (0.55, 0.62, 0.66, 0.70, 0.73, 0.76, 0.79, 0.82, 0.85, 0.88, 0.93)
_SLOWNESS: Final[Curve] = (0.80, 0.86, 0.90, 0.93, 0.96, 1.00, 1.03, 1.07, 1.12, 1.20, 1.40)


class UnitsError(MotcuaError):
    """A province that cannot be simulated; the text says which can."""


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """One unit with its habits.

    `software` is its case-handling system, `clock` by how many seconds that one's clock is ahead.
    `arrivals` is dossiers of a working day, `staff` how many work on them, `pace` how much longer than the mean they
    take, `slowness` how much longer than the mean dossiers lie elsewhere (signatures, other agencies).  All others are
    factors (`complaints`; `slips`, of wrong promises) or shares of arrivals (`online`; `post` of the rest), or of
    dossiers.
    `merges` is when (seconds) it becomes part of another unit, and of which; `closes_all` when whatever is open there
    is finished by a few clicks.
    """

    code: str
    software: Software
    clock: int = 0
    procedures: tuple[Procedure, ...]
    arrivals: float
    staff: int
    pace: float
    slowness: float
    online: float
    post: float
    refuses: float
    asks: float
    reappoints: float
    digitises: float
    reuses: float
    links: float
    uses_population_data: float
    identifies: float
    issues_online: float
    at_centre: float
    synchronises: float
    pays_online: float
    apologises: float
    reopens: float
    complaints: float = 1.0
    slips: float = 1.0
    merges: tuple[int, str] | None = None
    closes_all: int | None = None

    def wheel(self, *, online: bool) -> Wheel[Procedure]:
        """The procedures that may arrive, online or otherwise."""
        offered = [one for one in self.procedures if one.online or not online]
        return Wheel(offered, [one.share for one in offered])


def units_of(register: Register, province: str, count: int | None, day: int) -> tuple[Unit, ...]:
    """Units of a province (`all`: of each) as of a day: all, or `count` of them, about one in twenty a department."""
    if province == EVERYWHERE:
        provinces = sorted(unit.code for unit in register.units if unit.level is Level.PROVINCE)
        each = [None] * len(provinces) if count is None else _shared(count, len(provinces))
        shares = [share for share in zip(provinces, each, strict=True) if share[1] != 0]
        return tuple(unit for code, share in shares for unit in units_of(register, code, share, day))
    if register.level(province) is not Level.PROVINCE:
        there = ", ".join(unit.code for unit in register.units if unit.level is Level.PROVINCE)
        raise UnitsError(f"The register has no province '{province}'. It has: {there or 'none'} (setting units).")
    valid = [unit for unit in register.children(province) if unit.valid_from <= day < unit.valid_to]
    communes, departments = (
        sorted((unit for unit in valid if unit.level is level), key=lambda unit: unit.code)
        for level in (Level.COMMUNE, Level.DEPARTMENT)
    )
    total = len(communes) + len(departments)
    if not communes or not 1 <= (count or total) <= total:
        raise UnitsError(
            f"Of province {province} ({register.name(province)}) between 1 and {total} units can be simulated."
            if communes
            else f"Province {province} has no communes on the first day of the simulation; take another, or later days."
        )
    if count is None:
        return tuple(communes + departments)
    offices = max(min(len(departments), count // DEPARTMENTS_EACH), count - len(communes))
    return tuple(communes[: count - offices] + departments[:offices])


def _shared(count: int, among: int) -> list[int | None]:
    return [count // among + (place < count % among) for place in range(among)]


def office_of(unit: Unit, dice: Dice) -> Office:
    """The habits of a unit, as the dice fall."""
    commune = unit.level is Level.COMMUNE
    procedures = COMMUNE if commune else _some(DEPARTMENT, dice)
    arrivals = dice.on(_DOSSIERS)
    minutes = sum(one.share * one.minutes for one in procedures) / sum(one.share for one in procedures)
    work = arrivals * minutes * 60 / WORKING_DAY
    load = dice.on(_LOAD)
    staff = max(2, round(work / load))
    return Office(
        code=unit.code,
        software=dice.pick(SOFTWARE),
        procedures=procedures,
        arrivals=arrivals,
        staff=staff,
        pace=staff * load / work,
        slowness=dice.on(_SLOWNESS),
        online=dice.on(_ONLINE),
        post=dice.between(0.02, 0.12),
        refuses=dice.between(0.01, 0.04),
        asks=dice.between(0.02, 0.08),
        reappoints=dice.between(0.0, 0.8),
        digitises=dice.between(0.08, 0.45),
        reuses=dice.between(0.05, 0.45),
        links=dice.between(0.05, 0.5),
        uses_population_data=dice.between(0.3, 0.8),
        identifies=dice.between(0.6, 0.95),
        issues_online=dice.between(0.35, 0.9),
        at_centre=dice.between(0.05, 0.5),
        synchronises=dice.between(0.93, 0.995),
        pays_online=dice.between(0.7, 0.95),
        apologises=dice.between(0.3, 0.9),
        reopens=dice.between(0.0005, 0.003),
    )


def _some(procedures: tuple[Procedure, ...], dice: Dice) -> tuple[Procedure, ...]:
    left = list(procedures)
    return tuple(left.pop(dice.whole(0, len(left))) for _ in range(DEPARTMENT_PROCEDURES))
