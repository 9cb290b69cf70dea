"""A case is a set of facts; merging them is commutative, associative and idempotent.

The state of a case is the assignments that still stand, in the order of the stamps ``(recorded micros, event id)`` of
the events that made them: canonical, so equal facts give equal bytes, whatever came first or twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import pack, unpack
from typing import Any, Final, TypeAlias

import msgspec

from streams.core.fields import FIRST_CODES, Key, Value

Flat: TypeAlias = dict[Key, Value]
Stamp: TypeAlias = tuple[int, str]
Group: TypeAlias = tuple[int, str, Flat]  # recorded (micros), event id, standing assignments

_TEXT: Final = b"\x00"  # before and after an event id kept as text; ids hold no control characters
_RAW: Final = b"\x01"  # before an id kept in half as many bytes
_HEX: Final = 18  # characters of an id made by `facts.content_id`
_SIZE: Final = 8
_BIAS: Final = 1 << 63  # moments before 1970 keep their order as unsigned bytes
_MANY: Final = 255  # events that one byte can number
_NUMBERS: Final = tuple(bytes((number,)) for number in range(256))


class Case(msgspec.Struct, array_like=True, gc=False):
    """Standing assignments by key, and of which event each is.

    `recorded` holds 8 bytes an event, `events` their ids (see `_packed`), `of` one byte an assignment: the number of
    its event (four bytes each where one cannot number the events).
    """

    recorded: bytes = b""
    events: bytes = b""
    of: bytes = b""
    flat: dict[int, Any] = {}

    def stamp(self, key: Key) -> Stamp:
        """Stamp of the standing assignment of `key`; ValueError where there is none."""
        return self.stamps()[self._numbers()[list(self.flat).index(key)]]

    def stamps(self) -> list[Stamp]:
        """The stamps of the events with standing assignments, ascending."""
        ids = list(_unpacked(self.events))
        count = len(self.recorded) // _SIZE
        return [
            (int.from_bytes(self.recorded[at * _SIZE : (at + 1) * _SIZE], "big") - _BIAS, ids[at])
            for at in range(count)
        ]

    def groups(self) -> list[Group]:
        """The standing assignments by event, ascending by stamp."""
        found: list[Group] = [(recorded, event, {}) for recorded, event in self.stamps()]
        for event, (key, value) in zip(self._numbers(), self.flat.items(), strict=True):
            found[event][2][key] = value
        return found

    def _numbers(self) -> Sequence[int]:
        """The number of its event for every assignment."""
        count = len(self.flat)
        return self.of if len(self.of) == count else unpack(f">{count}I", self.of)

    def fold(self, recorded: int, event: str, assigned: Flat) -> bool:
        """Merge one event, in place; True when anything changed.

        An assignment stands when no standing one for its key has a greater stamp (for a FIRST field: a lower one).
        `assigned` is in ascending order of its keys, as `fields.keyed` gives it.
        """
        if not assigned:
            return False
        flat, count = self.flat, len(self.recorded) // _SIZE
        stamp = (recorded + _BIAS).to_bytes(_SIZE, "big")
        if stamp > self.recorded[-_SIZE:] and count < _MANY:
            if not flat.keys().isdisjoint(assigned):
                assigned, kept = self._supersede(assigned)
                if not kept:
                    return self._fold_among((recorded, event), assigned)
                if not assigned:
                    return False
            self.recorded += stamp
            self.events += _packed(event)
            self.of += _NUMBERS[count] * len(assigned)
            self.flat.update(assigned)
            return True
        return self._fold_among((recorded, event), assigned)

    def _supersede(self, assigned: Flat) -> tuple[Flat, bool]:
        """Make room for a later event: what still stands of it, and whether every earlier event keeps something.

        When one would keep nothing, nothing is touched.
        """
        wins = {key: value for key, value in assigned.items() if key not in FIRST_CODES or key not in self.flat}
        rest = [(number, key) for number, key in zip(self.of, self.flat, strict=True) if key not in wins]
        kept = bytes(number for number, _ in rest)
        if len(set(kept)) < len(self.recorded) // _SIZE:
            return assigned, False
        self.of, self.flat = kept, {key: self.flat[key] for _, key in rest}
        return wins, True

    def _fold_among(self, stamp: Stamp, assigned: Flat) -> bool:
        groups = self.groups()
        if not fold_groups(groups, stamp, assigned):
            return False
        self._regroup(groups)
        return True

    def _regroup(self, groups: list[Group]) -> None:
        self.recorded = b"".join((recorded + _BIAS).to_bytes(_SIZE, "big") for recorded, _, _ in groups)
        self.events = b"".join(_packed(event) for _, event, _ in groups)
        numbers = [number for number, (_, _, assigned) in enumerate(groups) for _ in assigned]
        self.of = bytes(numbers) if len(groups) <= len(_NUMBERS) else pack(f">{len(numbers)}I", *numbers)
        self.flat = {key: value for _, _, assigned in groups for key, value in assigned.items()}


def _packed(event: str) -> bytes:
    """An event id as it is stored: what is hexadecimal of the usual length in half as many bytes, others as text."""
    if len(event) == _HEX:
        try:
            raw = bytes.fromhex(event)
        except ValueError:
            return _TEXT + event.encode() + _TEXT
        if raw.hex() == event:  # not so with capitals and blanks
            return _RAW + raw
    return _TEXT + event.encode() + _TEXT


def _unpacked(events: bytes) -> Iterator[str]:
    """The ids that were packed one after the other."""
    at = 0
    while at < len(events):
        if events[at : at + 1] == _TEXT:
            end = events.index(_TEXT, at + 1)
            yield events[at + 1 : end].decode()
            at = end + 1
        else:
            yield events[at + 1 : at + 1 + _HEX // 2].hex()
            at += 1 + _HEX // 2


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Case)
encode = _encoder.encode
decode = _decoder.decode


def fresh() -> Case:
    """A case of which nothing is known."""
    return Case(flat={})


def fold_groups(groups: list[Group], stamp: Stamp, assigned: Flat) -> bool:
    """Merge one event's assignments into `groups`, in place; True when anything changed."""
    winners: Flat = {}
    for key, value in assigned.items():
        holder = _holder(groups, key)
        if holder is None or _beats(stamp, value, holder, key):
            winners[key] = value
            if holder is not None:
                del holder[2][key]
    if not winners:
        return False
    _insert(groups, stamp, winners)
    groups[:] = [group for group in groups if group[2]]
    return True


def _holder(groups: list[Group], key: Key) -> Group | None:
    for group in groups:
        if key in group[2]:
            return group
    return None


def _beats(stamp: Stamp, value: Value, holder: Group, key: Key) -> bool:
    held = (holder[0], holder[1])
    if stamp == held:  # one event id with two contents: contradictory, but decided alike everywhere
        return _encoder.encode(value) > _encoder.encode(holder[2][key])
    return stamp < held if key in FIRST_CODES else stamp > held


def _insert(groups: list[Group], stamp: Stamp, assigned: Flat) -> None:
    at = next((at for at, group in enumerate(groups) if (group[0], group[1]) >= stamp), len(groups))
    if at < len(groups) and (groups[at][0], groups[at][1]) == stamp:
        assigned = groups.pop(at)[2] | assigned
    groups.insert(at, (*stamp, dict(sorted(assigned.items()))))


def merge(case: Case, others: Iterable[Group]) -> bool:
    """Merge the standing assignments of another state of the same case; True when anything changed."""
    changed = [case.fold(recorded, event, assigned) for recorded, event, assigned in others]
    return any(changed)
