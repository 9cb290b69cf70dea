"""The cells of a unit, procedure and month: counts packed into one integer, 32 bits a counter.

A country has millions of such cells, each with a few counts: so a cell is a number, not a list, and a dossier that
changes is one addition.  What is counted stands in `procedures.CELL_COUNTERS`; most of it are counters of the cells of
a unit and day, so the bits that a dossier adds there say what it adds here.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import compress
from struct import Struct
from typing import Final, NamedTuple, TypeAlias

from streams.core.cases import Flat
from streams.core.civil import ALL, MONTH, QUARTER, YEAR, periods_of
from streams.core.counters import BIT, NOW
from streams.core.fields import PROCEDURE, RECEIVED_UNIT, UNIT
from streams.core.procedures import CELL_COUNTERS

Place: TypeAlias = tuple[str, str]  # unit as sent, procedure (empty: not stated)
UseKey: TypeAlias = tuple[str, str, str]  # the same, and the month as 2026-11
Packed: TypeAlias = int
PERIODS: Final = (MONTH, QUARTER, YEAR, ALL)
"""The kinds of period that there are counts by procedure for: not weeks."""
_HORIZONS: Final = (NOW, MONTH, QUARTER, YEAR)
_WIDTH: Final = 32
_MASK: Final = (1 << _WIDTH) - 1
USE_NAMES: Final = tuple(
    name
    for counter in CELL_COUNTERS
    for name in ([f"{counter.name}_{horizon}" for horizon in _HORIZONS] if counter.verdict else [counter.name])
)
_SHIFT: Final = {name: place * _WIDTH for place, name in enumerate(USE_NAMES)}
_PLACES: Final = Struct(f"<{len(USE_NAMES)}I")
_ONE: Final = tuple((BIT[name], 1 << shift) for name, shift in _SHIFT.items() if name in BIT)
_FEE: Final = BIT["with_obligation"] | BIT["synchronised"]
_FEE_ONE: Final = 1 << _SHIFT["fee_synchronised"]
USED_AT_END: Final = BIT["five_on_the_spot"]
"""Of the bits that a dossier adds on the day of its end, those that count here, in the month of the end."""
USED: Final = (sum(bit for bit, _ in _ONE) | _FEE) & ~USED_AT_END
"""Of the bits that a dossier adds on the day of its reception, those that count here."""


def shift_of(counter: str) -> int:
    """Where a counter begins in a packed cell."""
    return _SHIFT[counter]


def mask_of(counter: str) -> Packed:
    """The bits of a counter in a packed cell."""
    return _MASK << _SHIFT[counter]


class UseUpdate(NamedTuple):
    """The counts of a cell of a unit, procedure and month after a change."""

    unit: str
    procedure: str
    month: str
    counts: Packed


@lru_cache(maxsize=65536)
def packed(bits: int) -> Packed:
    """What a dossier adds to a cell, by its bits (`USED`, or `USED_AT_END`)."""
    counts = sum(one for bit, one in _ONE if bits & bit)
    return counts + _FEE_ONE if bits & _FEE == _FEE else counts


@lru_cache(maxsize=65536)
def use_difference(old: int, new: int) -> Packed:
    """What a cell changes by when a dossier adds `new` in place of `old` (bits)."""
    return packed(new) - packed(old)


def place_of(flat: Flat) -> Place:
    """The unit and the procedure that a dossier counts for."""
    return flat.get(UNIT) or flat.get(RECEIVED_UNIT) or "", flat.get(PROCEDURE) or ""


def month_of(day: int) -> str:
    """The month of a civil day."""
    return periods_of(day)[1]


def use_counts(counts: Packed) -> dict[str, int]:
    """Counts by name, zeros left out."""
    by_place = _PLACES.unpack(counts.to_bytes(_PLACES.size, "little"))
    return dict(compress(zip(USE_NAMES, by_place, strict=True), by_place))


def use_packed(counts: Mapping[str, int]) -> Packed:
    """A cell from counts by name; names that this version does not know are left out."""
    return sum(count << _SHIFT[name] for name, count in counts.items() if name in _SHIFT)


def uses_in(counts: Packed, kind: str) -> dict[str, int]:
    """Counts for a period of a kind, zeros left out: verdicts as of its end, or as of now for `all`, plainly named."""
    return dict(_used(counts, kind))


def _used(counts: Packed, kind: str) -> Iterator[tuple[str, int]]:
    for name, shift in _SHIFTS[kind]:
        if count := counts >> shift & _MASK:
            yield name, count


def _shifts(kind: str) -> tuple[tuple[str, int], ...]:
    horizon = NOW if kind == ALL else kind
    named = ((one.name, f"{one.name}_{horizon}" if one.verdict else one.name) for one in CELL_COUNTERS)
    return tuple((name, _SHIFT[counter]) for name, counter in named)


_SHIFTS: Final = {kind: _shifts(kind) for kind in PERIODS}
