"""What goes wrong on the way from a dossier to the monitor: kinds of dirt, each with what it does to an item.

No dirt changes what is right in the end: what is wrong is put right before the last day is over, what contradicts loses
by the rules of docs/semantics.md, and what is broken comes again whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from simulators.world.desk import Stated, Told, moment
from simulators.world.dice import Dice
from simulators.world.units import Office
from streams.core.civil import DAY, HOUR
from streams.core.declarations import DeclaredTotal
from streams.core.event_words import Milestone
from streams.core.events import (
    Accepted,
    Channel,
    Corrected,
    Event,
    Extended,
    Finished,
    Registered,
    Step,
    SupplementReceived,
    SupplementRequested,
    Withdrawn,
)
from streams.core.petitions import Petition, Topic
from streams.core.procedures import Procedure
from streams.core.references import Reference
from streams.errors import MotcuaError
from streams.sources.rejections import Reason

OUTAGE: Final = "outage"
DEFAULT_RATE: Final = 0.01
encode: Final = msgspec.json.Encoder().encode


class Copy(NamedTuple):
    """One item that is sent instead of, or beside, a clean one: `after` seconds after it happened.

    `what` is what is said, or bytes that hold none or more than that; `reason` why it must be rejected, if it must.
    """

    what: Event | Reference | bytes
    after: int = 0
    reason: str = ""


class Case(NamedTuple):
    """An item that may become dirty: what was told, at which unit, dice, and the end of the simulation (seconds)."""

    told: Told | Stated
    office: Office
    dice: Dice
    ends: int

    @property
    def said(self) -> Event | Reference:
        """The event, or what is stated beside the dossiers."""
        return self.told[3]

    def room(self, seconds: int) -> bool:
        """Is there so much time before the end?"""
        return self.told.at + seconds < self.ends

    def stated(self, after: int) -> int:
        """So long after it happened, at the latest the last second, by the clock of the software."""
        return min(self.told.at + after, self.ends - 1) + self.office.clock

    @property
    def order_matters(self) -> bool:
        """Does another statement of the same thing hold or not by which was recorded later?"""
        told = self.told
        if isinstance(told, Stated):
            return told.about is None
        moved = self.office.merges is not None and isinstance(told.event, Registered | Accepted | Step | Corrected)
        return moved or (told.dossier.reopens and isinstance(told.event, Finished))


Soil = Callable[[Case], Iterable[Copy]]
"""The copies that are sent instead; none: this kind of dirt cannot happen to the item."""


class Dirt(msgspec.Struct, frozen=True):
    """One kind of dirt: its name, what it means, and what it does (None: it befalls a unit, not an item)."""

    name: str
    says: str
    soil: Soil | None


class DirtError(MotcuaError):
    """Dirt that cannot be had; the text says what can."""


def _late(case: Case) -> Iterable[Copy]:
    if case.order_matters:
        return ()
    after = case.dice.whole(HOUR, 3 * DAY)
    return (Copy(msgspec.structs.replace(case.said, recorded=moment(case.stated(after))), after),)


def _out_of_order(case: Case) -> Iterable[Copy]:
    return (Copy(case.said, case.dice.whole(60, 2 * HOUR)),)


def _duplicated(case: Case) -> Iterable[Copy]:
    return Copy(case.said), Copy(case.said, case.dice.whole(1, DAY))


def _corrected(case: Case) -> Iterable[Copy]:
    event, dice, at = case.said, case.dice, case.stated(0)
    if isinstance(event, Reference):
        return _corrected_beside(case, event)
    if isinstance(event, Finished) and not case.order_matters:
        after, wrong = dice.whole(600, DAY), dice.whole(600, 2 * HOUR)
        if not case.room(after):
            return ()
        early = msgspec.structs.replace(event, at=moment(at - wrong), recorded=event.at)
        right = _correction(case, after, moments={Milestone.FINISHED: event.at})
        return Copy(early), Copy(right, after)
    if isinstance(event, Accepted) and not case.order_matters and case.room(60):
        after = dice.whole(5, 60)
        if event.due is None:
            wrong_channel = Channel.POSTAL if event.channel is not Channel.POSTAL else Channel.DIRECT
            wrong_one = msgspec.structs.replace(event, channel=wrong_channel)
            return Copy(wrong_one), Copy(_correction(case, after, channel=event.channel), after)
        wrong_one = msgspec.structs.replace(event, due=moment(at + dice.whole(HOUR, 40 * DAY)).isoformat())
        return Copy(wrong_one), Copy(_correction(case, after, due=event.due), after)
    return ()


def _corrected_beside(case: Case, said: Reference) -> Iterable[Copy]:
    after = case.dice.whole(5, 60)
    if not case.room(after):
        return ()
    return Copy(_wrong(said)), Copy(msgspec.structs.replace(said, recorded=moment(case.stated(after))), after)


def _wrong(said: Reference) -> Reference:
    """The same with one wrong value."""
    if isinstance(said, Petition):
        return msgspec.structs.replace(said, topic=Topic.OTHER if said.topic is not Topic.OTHER else Topic.PROCEDURE)
    if isinstance(said, DeclaredTotal):
        return msgspec.structs.replace(said, received=said.received * 10 + 1)
    assert isinstance(said, Procedure)
    return msgspec.structs.replace(said, fee=not said.fee)


def _contradictory(case: Case) -> Iterable[Copy]:
    event, dice, at = case.said, case.dice, case.stated(0)
    if isinstance(event, Finished) and not case.order_matters and case.room(2 * HOUR):
        after = dice.whole(60, HOUR)
        also = {"dossier": event.dossier, "source": event.source, "at": moment(at + after)}
        drawn = dice.whole(0, 3)
        if drawn == 0:  # finished at another time, says another system first
            first = msgspec.structs.replace(event, at=moment(at - after), recorded=event.at)
            return Copy(first), Copy(msgspec.structs.replace(event, recorded=moment(at + 1)), 1)
        other = SupplementRequested(**also) if drawn == 1 else Withdrawn(**also)  # type: ignore[arg-type]
        return Copy(event), Copy(other, after)
    if isinstance(event, Accepted) and case.room(60):
        after = dice.whole(5, 60)
        also = {"dossier": event.dossier, "source": event.source, "at": moment(at + after)}
        if event.due is None or dice.chance(0.5):  # a supplement that nobody asked for
            return Copy(event), Copy(SupplementReceived(**also), after)  # type: ignore[arg-type]
        other_due = moment(at + dice.whole(DAY, 40 * DAY)).isoformat()  # an extension in disguise
        return Copy(event), Copy(Extended(**also, due=other_due, apology=False), after)  # type: ignore[arg-type]
    return ()


def _malformed(case: Case) -> Iterable[Copy]:
    whole = encode(case.said)
    drawn = case.dice.whole(0, len(BREAKS))
    reason, broken = BREAKS[drawn]
    return Copy(broken(whole), 0, reason.value), Copy(case.said, case.dice.whole(60, 2 * HOUR))


def _misrouted(case: Case) -> Iterable[Copy]:
    event, after = case.said, case.dice.whole(600, DAY)
    if not isinstance(event, Registered | Accepted) or case.order_matters or not case.room(after):
        return ()
    unit = event.unit or ""
    wrong = f"{unit[:-1]}{(ord(unit[-1]) + 1) % 10}"
    right = _correction(case, after, unit=event.unit, received_by=event.received_by)
    return Copy(msgspec.structs.replace(event, unit=wrong, received_by=wrong)), Copy(right, after)


def _personal(case: Case) -> Iterable[Copy]:
    return (Copy(encode(case.said)[:-1] + PLANTED),)


def _correction(case: Case, after: int, **said: object) -> Corrected:
    event = case.said
    assert isinstance(event, Event)
    at = moment(case.stated(after))
    return Corrected(dossier=event.dossier, source=event.source, at=at, **said)  # type: ignore[arg-type]


_CODE: Final = re.compile(rb'"(?:dossier|unit)":')
_YEAR: Final = re.compile(rb'"(at|recorded)":"20')


def _no_code(whole: bytes) -> bytes:
    return _CODE.sub(b'"code":', whole, count=1)


def _no_text(whole: bytes) -> bytes:
    return _CODE.sub(lambda found: found[0] + b'[],"_":', whole, count=1)


def _thousand_years_ago(whole: bytes) -> bytes:
    return _YEAR.sub(rb'"\1":"10', whole, count=1)


PLANTED: Final = (
    ',"ChuHoSo":"Nguyễn Văn Thử","SoGiayToChuHoSo":"THU 000 000","SoDienThoai":"+84 900 000 000",'
    '"Email":"nguyen.van.thu@example.com","note":"bà Trần Thị Thử, +84 900 000 000"}'
).encode()
"""Nobody's: invented, and to be found nowhere behind the door."""
BREAKS: Final[tuple[tuple[Reason, Callable[[bytes], bytes]], ...]] = (
    (Reason.UNREADABLE, lambda whole: whole[: len(whole) // 2]),
    (Reason.UNKNOWN_KIND, lambda whole: whole.replace(b'"kind":"', b'"kind":"x-', 1)),
    (Reason.MISSING_FIELD, _no_code),
    (Reason.NAIVE_TIME, lambda whole: whole.replace(b"+07:00", b"", 1)),
    (Reason.WRONG_TYPE, _no_text),
    (Reason.OUT_OF_RANGE, _thousand_years_ago),
)
DIRT: Final = (
    Dirt("late", "stated and sent hours or days after it happened", _late),
    Dirt("out_of_order", "sent up to two hours late, after what came later", _out_of_order),
    Dirt("duplicated", "sent twice", _duplicated),
    Dirt("corrected", "stated wrong first, then corrected: an end, a due date, a channel", _corrected),
    Dirt("contradictory", "another statement beside it that cannot also be true, and does not hold", _contradictory),
    Dirt("malformed", "sent broken first, then whole", _malformed),
    Dirt("misrouted", "stated of another unit first, then moved", _misrouted),
    Dirt("personal", "with personal data planted that has to be dropped at the door", _personal),
    Dirt(OUTAGE, "a unit sends nothing for hours, then everything (the rate: of unit-days)", None),
)
NATIONAL: Final = ("out_of_order", "duplicated", "malformed", "personal", OUTAGE)
"""What can befall national messages."""
BY_NAME: Final = {one.name: one for one in DIRT}


def rates(words: Iterable[str]) -> dict[str, float]:
    """Rates by kind from `NAME=RATE`, `NAME` or `all`, in the order of the catalogue; DirtError says what is wrong."""
    said: dict[str, float] = {}
    for word in words:
        name, _, rate = word.partition("=")
        kinds = [one.name for one in DIRT] if name == "all" else [name]
        if name != "all" and name not in BY_NAME:
            raise DirtError(f"There is no dirt '{name}' (--dirt). There are: all, {', '.join(BY_NAME)}.")
        said |= dict.fromkeys(kinds, _rate(word, rate))
    if sum(rate for name, rate in said.items() if name != OUTAGE) > 1:
        raise DirtError("The rates of --dirt add up to more than 1; take smaller ones, such as --dirt all=0.02.")
    return {one.name: said[one.name] for one in DIRT if said.get(one.name)}


def national_only(said: Mapping[str, float]) -> None:
    """DirtError when some of it cannot befall national messages."""
    if others := [name for name in said if name not in NATIONAL]:
        raise DirtError(f"National messages cannot have the dirt {', '.join(others)}. They can: {', '.join(NATIONAL)}.")


def _rate(word: str, text: str) -> float:
    try:
        rate = float(text) if text else DEFAULT_RATE
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= 1:
        raise DirtError(f"--dirt {word}: the rate is a share from 0 to 1, as in --dirt late=0.02.")
    return rate
