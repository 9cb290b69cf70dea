"""How a dossier was paid for, returned, rated and blamed: the bits of counters that need more than one moment each.

Definitions: `streams.core.indicators.quantities`; "before T" is strictly before the clock.
"""

from typing import Final

from streams.core.cases import Flat
from streams.core.civil import MICROS
from streams.core.counters import BIT, UNBLAMED, UNBLAMED_BITS
from streams.core.event_words import Done, PaidBy
from streams.core.fields import PAID, PAYMENT_ASKED, RATED, RETURNED_HOW, SPAN, STEP, Key, Value

PAYMENTS: Final = frozenset((PAYMENT_ASKED, PAID))
_OBLIGED: Final = BIT["with_obligation"]
_PAID: Final = _OBLIGED | BIT["paid"]
_CASHLESS: Final = _PAID | BIT["paid_cashless"]
_ONLINE: Final = _CASHLESS | BIT["paid_online"]
_PAID_BY: Final = {
    PaidBy.COUNTER.value: _PAID,
    PaidBy.TRANSFER.value: _CASHLESS,
    PaidBy.NATIONAL.value: _ONLINE,
    PaidBy.LOCAL.value: _ONLINE,
}
PAYMENT_MASK: Final = _ONLINE
_CODE: Final = SPAN - 1
_BY_POST, _POST = BIT["returned_by_post"], 2
_FIVE, _COUNTER = BIT["five_on_the_spot"], 1
_AT_CENTRE: Final = "@centre"
_ON_THE_SPOT: Final = frozenset((Done.APPRAISED.value, Done.APPROVED.value, Done.STAMPED.value))
_RATED: Final = BIT["rated"]
_SATISFIED: Final = _RATED | BIT["rated_satisfied"]
_SATISFIED_FROM: Final = 4


def payment_bits(key: Key, value: Value) -> int:
    """Bits of one element of `payment_asked` or `paid`; a class of 0, or none stated, is no obligation."""
    if key % SPAN == PAYMENT_ASKED:
        return _OBLIGED if type(value) is int and value > 0 else 0
    return _PAID_BY.get(value[1], _PAID) if isinstance(value, list) and value[0] > 0 else 0


def payments(flat: Flat, last: int) -> int:
    """Bits of all payments up to `last` (seconds)."""
    bits = 0
    for key, value in flat.items():
        if key % SPAN in PAYMENTS and key // SPAN <= last:
            bits |= payment_bits(key, value)
    return bits


def renewed(old: int, flat: Flat, assigned: Flat, last: int) -> int:
    """Bits of all payments of a plain case after `assigned` was folded into it; `old` are those before.

    An element may stand in place of another one, or lose against it.  Where what stands of `assigned` says all that
    was said before, no other element can add to it.
    """
    bits = 0
    for key in assigned:
        if key & _CODE in PAYMENTS:
            bits |= payment_bits(key, flat.get(key))
    return bits if bits & old == old else payments(flat, last)


def served_bits(flat: Flat, last: int) -> int:
    """Bits for the day of the end of a dossier with a result: how it was returned, and its latest rating by `last`."""
    how = flat.get(RETURNED_HOW)
    bits = _BY_POST if how == _POST else _FIVE if how == _COUNTER and _five_on_the_spot(flat, last) else 0
    rated = [key for key in flat if key & _CODE == RATED]
    if not rated:
        return bits
    standing = [key for key in rated if flat[key] is not None and key // SPAN <= last]
    if not standing:
        return bits
    return bits | (_SATISFIED if flat[max(standing)] >= _SATISFIED_FROM else _RATED)


def _five_on_the_spot(flat: Flat, last: int) -> bool:
    """True where steps at the centre by `last` appraised, approved and stamped it; it was received and returned there.

    Source: "năm tại chỗ" of Decree 61/2018/NĐ-CP.
    """
    done: set[str] = set()
    for key in flat:
        if key & _CODE == STEP and key // SPAN <= last and (detail := flat[key]) and detail.endswith(_AT_CENTRE):
            done.update(detail.removesuffix(_AT_CENTRE).split(","))
    return done >= _ON_THE_SPOT


def blamed(complained: int, ends: tuple[int, ...], clock: int) -> int:
    """Bits that a complaint (seconds, before the clock) takes away: of now, and of what had not ended when it came.

    `ends` are the ends (seconds) of day, week, month, quarter and year of the reception.
    """
    bits = UNBLAMED
    for bit, end in zip(UNBLAMED_BITS[1:], ends[1:], strict=True):
        if complained >= end and end * MICROS < clock:
            bits &= ~bit
    return bits
