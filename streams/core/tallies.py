"""The wire between DOSSIERS and INDEX: absolute counts with a version, so that nothing sent twice or late does harm.

A cell's key is ``partition/generation/day/unit`` (day number, ``-`` for what is held), or
``partition/generation/month/procedure/unit`` (as 2026-11; in the procedure ``/`` is written ``%2F``, ``%`` is ``%25``).
Beside the cells each generation of a partition has three records: ``partition/generation/@clock`` says up to when its
cells are told, ``@accounts`` what it has accounted for since, at the same clock, and ``@complete`` that all
cells of a take-over have been sent.  What was stated of a procedure, or declared, is
``partition/generation/@stated/key``.
"""

from enum import StrEnum
from typing import Any, Final, NamedTuple

import msgspec

from streams.core.contributions import NO_DAY
from streams.core.counters import COUNTERS


class CellValue(msgspec.Struct, frozen=True):
    """Counts of one cell by counter name, zeros left out; `offset` of the facts that it reflects."""

    offset: int
    counts: dict[str, int]


class Totals(msgspec.Struct, frozen=True):
    """What one facts partition has accounted for of one input."""

    applied: int
    repeated: int


class ClockValue(msgspec.Struct, frozen=True):
    """How far a partition is: `clock` (micros), `offset` of its facts, items accounted for by input, cases held."""

    clock: int
    offset: int
    cases: int
    accounts: dict[str, Totals]


class StatedValue(msgspec.Struct, frozen=True):
    """What holds of a statement and its stamp: `recorded` in micros."""

    recorded: int
    id: str
    stated: dict[str, Any]


class Complete(msgspec.Struct, frozen=True):
    """All `cells` of a take-over have been sent before this record."""

    cells: int


class Kind(StrEnum):
    """The kinds of record on `unit-tallies`."""

    CELL = "cell"  # of a unit and civil day
    USE = "use"  # of a unit, procedure and month
    CLOCK = "@clock"
    ACCOUNTS = "@accounts"
    COMPLETE = "@complete"
    STATED = "@stated"


class TallyKey(NamedTuple):
    """The key of a record, taken apart; `unit` is of cells only, `day` of one family, the next two of the other.

    `about` is of a statement.
    """

    kind: Kind
    partition: int
    generation: int
    unit: str = ""
    day: int = NO_DAY
    procedure: str = ""
    month: str = ""
    about: str = ""


_HELD: Final = "-"
encode = msgspec.json.encode
decode_cell = msgspec.json.Decoder(CellValue).decode
_Named = msgspec.defstruct("_Named", [(counter.name, int, 0) for counter in COUNTERS], gc=False)
_Form = msgspec.defstruct("_Form", [("counts", _Named)], gc=False)
_decode_form: Final[Any] = msgspec.json.Decoder(_Form).decode  # straight into place: half the time of going by names
decode_clock = msgspec.json.Decoder(ClockValue).decode
decode_stated = msgspec.json.Decoder(StatedValue).decode


def decode_counts(value: bytes) -> list[int]:
    """The counters of a cell by place, as `placed` has them; names that this version does not know are left out."""
    return list(msgspec.structs.astuple(_decode_form(value).counts))


def cell_key(partition: int, generation: int, unit: str, day: int) -> str:
    """Key of a cell."""
    return f"{partition}/{generation}/{_HELD if day == NO_DAY else day}/{unit}"


def use_key(partition: int, generation: int, unit: str, procedure: str, month: str) -> str:
    """Key of a cell of a unit, procedure and month."""
    escaped = procedure.replace("%", "%25").replace("/", "%2F")
    return f"{partition}/{generation}/{month}/{escaped}/{unit}"


def sign_key(partition: int, generation: int, kind: Kind) -> str:
    """Key of the clock or the end marker of a generation."""
    return f"{partition}/{generation}/{kind.value}"


def stated_key(partition: int, generation: int, about: str) -> str:
    """Key of a statement."""
    return f"{partition}/{generation}/{Kind.STATED.value}/{about}"


def read_key(key: str) -> TallyKey:
    """The parts of a key; ValueError for one that this version does not write."""
    partition, generation, third, *rest = key.split("/", 3)
    if not rest:
        return TallyKey(Kind(third), int(partition), int(generation))
    if third == Kind.STATED:
        return TallyKey(Kind.STATED, int(partition), int(generation), about=rest[0])
    if third[4:5] == _HELD:  # no day number has one there
        escaped, unit = rest[0].split("/", 1)
        procedure = escaped.replace("%2F", "/").replace("%25", "%")
        return TallyKey(Kind.USE, int(partition), int(generation), unit, procedure=procedure, month=third)
    day = NO_DAY if third == _HELD else int(third)
    return TallyKey(Kind.CELL, int(partition), int(generation), rest[0], day)


def text_of(key: TallyKey) -> str:
    """The key that has these parts."""
    if key.kind is Kind.CELL:
        return cell_key(key.partition, key.generation, key.unit, key.day)
    if key.kind is Kind.USE:
        return use_key(key.partition, key.generation, key.unit, key.procedure, key.month)
    if key.kind is Kind.STATED:
        return stated_key(key.partition, key.generation, key.about)
    return sign_key(key.partition, key.generation, key.kind)


class LastOfEach:
    """Records that wait to be taken in.  Values are absolute, so of each key only the last counts.

    A cell of a busy hour comes many times before anybody is told of it, and adds to fifteen sums each time.
    """

    def __init__(self) -> None:
        self._records: dict[bytes, bytes | None] = {}

    def __len__(self) -> int:
        return len(self._records)

    def put(self, key: bytes, value: bytes | None) -> None:
        """One more record, in the order of the topic."""
        self._records.pop(key, None)
        self._records[key] = value

    def take(self) -> dict[bytes, bytes | None]:
        """The last record of each key, in the order of those: what was accounted for last comes after its clock."""
        taken, self._records = self._records, {}
        return taken
