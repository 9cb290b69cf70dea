"""What stands of procedures and declared totals, and the counts that follow for every unit and period.

Counts are there for periods of which dossiers were counted; procedures count once over all units below
(`stated_sets`), declared totals by the rule of each unit (`declarations.to_synchronise`), units by the register.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Final, Protocol, TypeAlias, TypeVar

import msgspec

from streams.core.declarations import DeclaredTotal, to_synchronise
from streams.core.indicators.quantities import OF_FAMILY, Family
from streams.core.procedures import Procedure
from streams.core.references import Stamp
from streams.core.register import Register
from streams.core.spans import rolling_day
from streams.core.stated_sets import StatedSets
from streams.core.statements import AnyStatement, reference_of, said_of
from streams.core.tallies import StatedValue

SETS: Final = OF_FAMILY[Family.REFERENCE] | {"units_certified"}
TOTALS: Final = OF_FAMILY[Family.DECLARED]
UNITS: Final = OF_FAMILY[Family.REGISTER] - {"units_certified"}
Named: TypeAlias = Mapping[str, int]
V = TypeVar("V")
_MODULUS: Final = 1 << 64
_SYNCHRONISED, _RECEIVED, _ENDS = "synchronised", "received", "ends"


class Counted(Protocol):
    """Where the counters of dossiers are."""

    def covers(self, period: str) -> bool:
        """True for a period of which anything was counted."""

    def count(self, period: str, unit: str, name: str) -> int:
        """One counter of a unit with all below it in a period; 0 where there is none."""


class Stated:
    """Statements by what they are about: the later one holds, in whatever order and however often they come."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self._held: dict[str, tuple[Stamp, bytes]] = {}
        self._procedures: dict[str, dict[str, Procedure]] = {}
        self._declared: dict[str, dict[str, int]] = {}
        self._sets = StatedSets(register, self._procedures)
        self._sum = 0
        self._families: dict[tuple[str, int], tuple[str, ...]] = {}

    def take(self, value: StatedValue) -> str:
        """Take in one statement; the unit that it changes anything of, else an empty text."""
        reference = reference_of(value.stated)
        unit = self.register.canonical(reference.unit)
        reference = msgspec.structs.replace(reference, unit=unit)
        content = b"" if reference.removed else msgspec.json.encode(said_of(reference))
        about, said = reference.key, ((value.recorded, value.id), content)
        before = self._held.get(about, ((-_MODULUS, ""), b""))
        if said <= before:
            return ""
        self._held[about] = said
        if content == before[1]:
            return ""
        self._sum = (self._sum + _line(about, content) - _line(about, before[1])) % _MODULUS
        self._keep(reference, unit)
        return unit

    def _keep(self, reference: AnyStatement, unit: str) -> None:
        if isinstance(reference, DeclaredTotal):
            _put(self._declared, unit, reference.period, None if reference.removed else reference.received)
            self._families.clear()
        else:
            _put(self._procedures, unit, reference.procedure, None if reference.removed else reference)
            self._sets.changed(unit)

    @property
    def version(self) -> str:
        """Names all that stands, whenever and by whom it was stated; empty while nothing does."""
        return hashlib.blake2b(str(self._sum).encode(), digest_size=6).hexdigest() if self._sum else ""

    @property
    def units(self) -> Collection[str]:
        """Units that have stated something."""
        return self._procedures.keys() | self._declared.keys()

    def procedures_of(self, unit: str) -> Collection[Procedure]:
        """The procedures of one unit itself that stand."""
        return self._procedures.get(unit, {}).values()

    def declared_of(self, unit: str) -> Named:
        """The totals that one unit itself has declared, by period."""
        return self._declared.get(unit, {})

    def turned(self, since: date, until: date) -> Iterable[str]:
        """Units whose own procedures may count otherwise as of the day `until` than as of `since`."""
        return (unit for unit in self._procedures if self._sets.turned(unit, since, until))

    # -- counts -------------------------------------------------------------------------------------------------

    def sets(self, period: str, unit: str, today: date, counted: Counted) -> Named | None:
        """Counts of stated procedures as of a civil day; None where nobody has stated any."""
        known = self._procedures and counted.covers(period)
        return self._sets.counts(period, unit, today) if known else None

    def totals(self, period: str, unit: str, counted: Counted) -> Named | None:
        """The counts of indicator 1.4; None where nobody has declared anything: all that is known is synchronised."""
        if not self._declared or not counted.covers(period):
            return None
        portal = counted.count(period, unit, _SYNCHRONISED)
        more = 0
        for one in self._declaring(period, unit):
            own = self._own(period, one, counted)
            more += to_synchronise(self._declared[one], period, own) - own
        return {"synchronised_counted": portal, "to_synchronise": portal + more}

    def registered(self, period: str, unit: str, counted: Counted) -> Named:
        """How many units there are, and how many of them reported anything."""
        leaves = self.register.leaves_below(unit, rolling_day(period))
        connected = sum(
            1 for one in leaves if counted.count(period, one, _RECEIVED) or counted.count(period, one, _ENDS)
        )
        return {"units": len(leaves), "units_connected": connected}

    def _declaring(self, period: str, unit: str) -> tuple[str, ...]:
        """The unit and those below it that have declared anything."""
        day = rolling_day(period)
        key = unit, self.register.era(day)
        found = self._families.get(key)
        if found is None:
            found = tuple(one for one in self._declared if unit in self.register.chain(one, day))
            self._families[key] = found
        return found

    def _own(self, period: str, unit: str, counted: Counted) -> int:
        """What one unit itself has synchronised, without those below it."""
        below = self.register.directly_below(unit, rolling_day(period))
        whole = counted.count(period, unit, _SYNCHRONISED)
        return whole - sum(counted.count(period, one, _SYNCHRONISED) for one in below)


def _put(into: dict[str, dict[str, V]], unit: str, name: str, value: V | None) -> None:
    held = into.setdefault(unit, {})
    held.pop(name, None)
    if value is not None:
        held[name] = value
    if not held:
        del into[unit]


def _line(about: str, content: bytes) -> int:
    if not content:
        return 0
    return int.from_bytes(hashlib.blake2b(about.encode() + b"\0" + content, digest_size=8).digest(), "big")
