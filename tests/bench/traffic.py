"""A believable stream of events: made once for a size, cached in the temporary folder of this machine."""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from streams.core.civil import Civil
from streams.core.events import AnyEvent
from streams.core.facts import Batch, Fact, encode_batch
from streams.core.register import Level, Register
from streams.core.routing import partition_of
from streams.registers import shipped
from streams.sources.native import Reader

EVENTS_A_DOSSIER: Final = 8
UNITS: Final = 160
PROCEDURES: Final = 300
BATCH: Final = 200
CIVIL: Final = Civil("Asia/Ho_Chi_Minh")
_A_DAY: Final = 5000  # dossiers that come in on a day: a large province
_FIRST: Final = datetime(2026, 9, 28, tzinfo=UTC)  # a Monday
_OFFICE: Final = (timedelta(minutes=30), timedelta(hours=9, minutes=30))  # half past 7 to half past 16, in UTC
_decode: Final = msgspec.json.Decoder(AnyEvent).decode
_encode: Final = msgspec.json.Encoder().encode


def codes_of_units(count: int, register: Register | None = None) -> list[str]:
    """Codes of communes of Viet Nam's register, spread over the provinces."""
    units = [unit.code for unit in (register or shipped("vietnam")).units if unit.level is Level.COMMUNE]
    if count > len(units):
        return units + [f"X{number:05d}" for number in range(count - len(units))]
    return [units[at * len(units) // count] for at in range(count)]


def events(dossiers: int, units: int = UNITS) -> list[bytes]:
    """`dossiers` with 8 native events each, as JSON, in the order of time; of so many units and 300 procedures."""
    found = _cached(f"events-{dossiers}-{units}", lambda: _in_order(dossiers, codes_of_units(units)))
    return list(found)


def batches(dossiers: int, partitions: int) -> list[tuple[int, bytes]]:
    """The same as messages of `dossier-facts`: partition and up to 200 facts each, in the order of time."""
    made = _cached(f"facts-{dossiers}-{partitions}", lambda: _batched(events(dossiers), partitions))
    return [(int.from_bytes(one[:4], "big"), one[4:]) for one in made]


def facts(lines: Iterable[bytes]) -> Iterator[Fact]:
    """The facts behind native events."""
    reader = Reader(CIVIL, max_ahead=1 << 40)
    for offset, line in enumerate(lines):
        yield reader.translate(_decode(line), 0, (0, offset // BATCH, offset % BATCH))


def _in_order(dossiers: int, units: list[str]) -> Iterator[bytes]:
    dice = random.Random(311)
    said: list[tuple[datetime, dict[str, object]]] = []
    for number in range(dossiers):
        said += _dossier(dice, number, dice.choice(units))
    said.sort(key=lambda one: one[0])
    for at, event in said:
        yield _encode(event | {"at": at.isoformat()})


def _dossier(dice: random.Random, number: int, unit: str) -> list[tuple[datetime, dict[str, object]]]:
    days = [
        number // _A_DAY + extra for extra in sorted([0, 0, 0, *(dice.choice((0, 1, 1, 2, 3, 5)) for _ in "12345")])
    ]
    times = sorted(_FIRST + timedelta(days=day + day // 5 * 2) + _moment(dice) for day in days)
    due = times[0].date() + timedelta(days=dice.choice((1, 3, 5, 7, 10, 15, 20)))
    code = f"{unit}-{times[0]:%y%m%d}-{number:07d}"
    accepted: dict[str, object] = {
        "kind": "accepted",
        "unit": unit,
        "received_by": unit,
        "procedure": f"1.{dice.randrange(PROCEDURES):06d}",
        "channel": dice.choice(("direct", "online", "online", "postal")),
        "due": due.isoformat(),
    }
    rest = _supplemented() if dice.random() < 0.05 else _plain(dice)
    return [(at, event | {"dossier": code}) for at, event in zip(times, [accepted, *rest], strict=True)]


def _plain(dice: random.Random) -> list[dict[str, object]]:
    amount = dice.randrange(1, 5)
    paid_by = dice.choice(("counter", "national_portal"))
    return [
        {"kind": "step", "at_centre": True, "done": ["appraised"]},
        {"kind": "payment_requested", "amount_class": amount},
        {"kind": "payment_paid", "amount_class": amount, "by": paid_by},
        {"kind": "digitised"},
        {"kind": "step", "done": ["approved", "stamped"]},
        {"kind": "finished"},
        {"kind": "returned", "by": dice.choice(("counter", "post", "online"))},
    ]


def _supplemented() -> list[dict[str, object]]:
    kinds = ("supplement_requested", "supplement_received", "digitised", "identified", "step", "finished", "returned")
    return [{"kind": kind} for kind in kinds]


def _moment(dice: random.Random) -> timedelta:
    seconds = dice.randrange(int(_OFFICE[0].total_seconds()), int(_OFFICE[1].total_seconds()))
    return timedelta(seconds=seconds)


def _batched(lines: list[bytes], partitions: int) -> Iterator[bytes]:
    waiting: dict[int, list[Fact]] = {number: [] for number in range(partitions)}
    for fact in facts(lines):
        number = partition_of(fact.case, partitions)
        held = waiting[number]
        held.append(fact)
        if len(held) == BATCH:
            yield _message(number, held)
            held.clear()
    for number, held in waiting.items():
        if held:
            yield _message(number, held)


def _message(number: int, held: list[Fact]) -> bytes:
    batch = Batch(held[-1].recorded + 1, held, [f"dossier-events/{number}"])
    return number.to_bytes(4, "big") + encode_batch(batch)


# -- cache --------------------------------------------------------------------------------------------------------


def _cached(name: str, make: Callable[[], Iterable[bytes]]) -> Iterator[bytes]:
    """What `make` yields, kept in a file; a changed generator makes it anew."""
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"motcua-bench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name}-{digest}"
    if not path.exists():
        scratch = path.with_suffix(f".{os.getpid()}")
        with scratch.open("wb") as file:
            for item in make():
                file.write(len(item).to_bytes(4, "big"))
                file.write(item)
        scratch.rename(path)
    with path.open("rb") as file:
        while size := file.read(4):
            yield file.read(int.from_bytes(size, "big"))
