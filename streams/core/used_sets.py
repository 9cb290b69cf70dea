"""Counts of procedures that were used, of every unit with all below it, in a month, quarter, year or all.

A procedure that many units have counts once.  A set is an integer with a bit for each procedure, so that a union over
thousands of units is a few operations, and what was made of an entry is kept until one of its cells changes.
`procedures.sets_of` and `rolled_up` say the same one by one.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, NamedTuple, Protocol

from streams.core.civil import WEEK, period_kind
from streams.core.procedures import FULL_LEVELS, Procedure
from streams.core.spans import span_of
from streams.core.use_sums import UseSums
from streams.core.uses import Packed, mask_of, shift_of

USED_SETS: Final = (
    "procedures_used",
    "services_used",
    "services_used_online",
    "procedures_fee_dossier",
    "procedures_fee_online",
    "procedures_five_on_the_spot",
)
USED_SUMS: Final = ("received_in_scope", "online_in_scope", "postal_in_scope", "online_full", "online_partial")
_RECEIVED, _ONLINE = mask_of("received"), mask_of("online")
_FEE, _PAID, _FIVE = mask_of("fee_synchronised"), mask_of("paid_online"), mask_of("five_on_the_spot")
_SHIFTS: Final = tuple(shift_of(name) for name in ("received", "online", "postal"))
_COUNT: Final = (1 << 32) - 1


class States(Protocol):
    """Who knows what was stated."""

    @property
    def version(self) -> str:
        """Names all that stands."""

    def procedures_of(self, unit: str) -> Iterable[Procedure]:
        """The procedures of one unit itself that stand."""


class _Made(NamedTuple):
    """What was made of an entry: by what was stated, as of which day; sets as masks, and sums."""

    version: str
    last: date
    masks: tuple[int, ...]
    sums: tuple[int, ...]


class UsedSets:
    """Counts of procedures used, by the cells of `uses`; what was made of an entry is kept there."""

    def __init__(self, uses: UseSums) -> None:
        self._uses = uses
        self._bits: dict[str, int] = {}

    def counts(self, period: str, unit: str, today: date, stated: States) -> dict[str, int] | None:
        """The counts of a unit in a period as of a civil day, by name; None for a week: the cells are monthly."""
        if period_kind(period) == WEEK:
            return None
        last = min(today, span_of(period).end - timedelta(days=1))
        made = self._made(period, unit, (stated.version, last), stated)
        counts = dict(zip(USED_SETS, map(int.bit_count, made.masks), strict=True))
        counts.update(zip(USED_SUMS, made.sums, strict=True))
        return counts

    def _made(self, period: str, unit: str, asked: tuple[str, date], stated: States) -> _Made:
        kept: _Made | None = self._uses.kept.get((period, unit))
        if kept is not None and kept[:2] == asked:
            return kept
        masks, sums = self._own(period, unit, asked[1], stated)
        for below in self._uses.below(period, unit):
            theirs = self._made(period, below, asked, stated)
            masks = tuple(map(int.__or__, masks, theirs.masks))
            sums = tuple(map(int.__add__, sums, theirs.sums))
        made = self._uses.kept[period, unit] = _Made(*asked, masks, sums)
        return made

    def _own(self, period: str, unit: str, last: date, stated: States) -> tuple[tuple[int, ...], tuple[int, ...]]:
        active = {one.procedure: one for one in stated.procedures_of(unit) if one.in_force(last)}
        masks, sums = [0] * len(USED_SETS), [0] * len(USED_SUMS)
        for code, counts in self._uses.own(period, unit).items():
            if not code:
                continue
            bit = self._bits.setdefault(code, 1 << len(self._bits))
            for place, holds in enumerate(_places(counts, active.get(code))):
                if holds:
                    masks[place] |= bit
            _add_in_scope(sums, counts, active.get(code))
        return tuple(masks), tuple(sums)


def _places(counts: Packed, stated: Procedure | None) -> tuple[int, ...]:
    """Which sets a procedure of a unit is in, in the order of `USED_SETS`."""
    offered, fee = stated is not None and stated.offered, stated is not None and stated.fee
    return (
        counts & _RECEIVED,
        offered and counts & _RECEIVED,
        offered and counts & _ONLINE,
        fee and counts & _FEE,
        fee and counts & _PAID,
        counts & _FIVE,
    )


def _add_in_scope(sums: list[int], counts: Packed, stated: Procedure | None) -> None:
    if stated is None or not stated.offered:
        return
    received, online, postal = (counts >> shift & _COUNT for shift in _SHIFTS)
    full = stated.online in FULL_LEVELS
    for place, count in enumerate((received, online, postal, online if full else 0, 0 if full else online)):
        sums[place] += count
