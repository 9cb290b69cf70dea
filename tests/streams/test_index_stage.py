"""INDEX with logs in memory: what it tells, the hours it closes, and who takes over goes on where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date

import msgspec

from streams.core.civil import HOUR, MICROS, Civil, day_number
from streams.core.history import History, decode_day, is_day
from streams.core.index import RUN_KEY, RunStatus, UnitIndex
from streams.core.register import read_register
from streams.core.rules import Rules
from streams.core.scoring import Scoring, Sums
from streams.core.tallies import CellValue, ClockValue, Complete, Kind, cell_key, encode, sign_key
from streams.core.told import told_score
from streams.logs import MemoryLog, Record
from streams.stages.figures import Figures
from streams.stages.index import IndexStage, RunOf
from streams.stages.stream import OUTPUTS, Outputs

REGISTER = read_register(
    ["code,name,level,parent", "VN,Việt Nam,country,", "P1,Một,province,VN", "C1,Xã,commune,P1", "C2,Xã,commune,P1"],
    "t",
)
CIVIL = Civil("Asia/Ho_Chi_Minh")
RULES = Rules(CIVIL)
TODAY = date(2026, 11, 24)
DAY = day_number(TODAY)


class Dark:
    def show(self, status: RunStatus, entries: Iterable[UnitIndex]) -> None:
        """Nobody looks."""

    def clear(self) -> None:
        """Nobody looks."""


class Place:
    """The logs of a run with one partition, and who holds INDEX."""

    def __init__(self) -> None:
        self.outputs = Outputs(*(MemoryLog() for _ in OUTPUTS))

    def stage(self) -> IndexStage:
        run = RunOf("live", REGISTER, CIVIL.name, 1, lambda _: ("", ""), lambda: RULES, lambda: (History(),))
        return IndexStage(run, self.outputs, Figures(), Dark(), lambda: None)

    async def tell(self, *told: tuple[str, object]) -> None:
        await self.outputs.tallies.append(0, [Record(key.encode(), encode(value)) for key, value in told])

    async def read(self, topic: str) -> dict[str, bytes]:
        """The last value of each key."""
        found: dict[str, bytes] = {}
        async for records in self.outputs.of(topic).read(0, 0):
            for record in records:
                assert record.key is not None
                if record.value is None:
                    found.pop(record.key.decode(), None)
                else:
                    found[record.key.decode()] = record.value
        return found

    async def entries(self) -> dict[str, UnitIndex]:
        told = await self.read("unit-index")
        return {key: msgspec.json.decode(value, type=UnitIndex) for key, value in told.items() if "@" not in key}

    async def status(self) -> RunStatus:
        return msgspec.json.decode((await self.read("unit-index"))[RUN_KEY], type=RunStatus)


def cell(unit: str, **counts: int) -> tuple[str, object]:
    return cell_key(0, 1, unit, DAY), CellValue(1, counts)


def clock(hours: float) -> tuple[str, object]:
    instant = round((CIVIL.midnight(DAY) + hours * HOUR) * MICROS)
    return sign_key(0, 1, Kind.CLOCK), ClockValue(instant, 1, 0, {})


BEGUN = (sign_key(0, 1, Kind.COMPLETE), Complete(0))
FIRST = {"received": 20, "on_time_month": 18, "online": 3}
SECOND = {"received": 30, "on_time_month": 10, "open_within_month": 5}


async def _follow(stage: IndexStage, seconds: float) -> None:
    following = asyncio.create_task(stage.follow(0.01))
    await asyncio.sleep(seconds)
    await stage.publish()
    await stage.close_hours()
    await stage.publish()
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def _told() -> None:
    place = Place()
    await place.tell(BEGUN, clock(0), cell("C1", **FIRST), cell("C2", **SECOND), clock(10))
    await place.stage().assigned(held=True)
    entries = await place.entries()
    scoring = Scoring(Sums(REGISTER, {("2026-11", "C2"): entries["2026-11/C2"].counts}), TODAY)
    second = entries["2026-11/C2"]
    assert second.score == told_score(scoring.score("2026-11", "C2"))
    assert (second.settled, second.counts["on_time"]) == (25, 10)
    places = {unit: entries[f"2026-11/{unit}"].place for unit in ("VN", "P1", "C1", "C2")}
    assert places["VN"] is None
    ranks = {unit: (place.peers, place.rank, place.of) for unit, place in places.items() if place is not None}
    assert ranks == {"P1": ("province", 1, 1), "C1": ("commune/P1", 1, 2), "C2": ("commune/P1", 2, 2)}


def test_every_entry_carries_its_score_and_its_place_among_its_peers() -> None:
    asyncio.run(_told())


async def _moved() -> None:
    place, stage = Place(), Place().stage()
    stage = place.stage()
    await place.tell(BEGUN, clock(0), cell("C1", **FIRST), cell("C2", **SECOND), clock(10))
    await stage.assigned(held=True)
    before = await place.entries()
    await place.tell(cell("C2", received=30, on_time_month=30, online=30), clock(11))
    await _follow(stage, 0.1)
    after = await place.entries()
    assert after["2026-11/C1"].counts == before["2026-11/C1"].counts
    moved = after["2026-11/C1"].place
    assert moved is not None
    assert (moved.rank, moved.of) == (2, 2)


def test_a_unit_that_another_one_passed_is_told_though_its_own_counts_stand() -> None:
    asyncio.run(_moved())


async def _history(take_over: bool) -> dict[str, bytes]:
    place = Place()
    stage = place.stage()
    await place.tell(BEGUN, clock(0), cell("C1", **FIRST), clock(10), clock(30))
    await stage.assigned(held=True)
    await _follow(stage, 0.05)
    assert (await place.status()).closed == (CIVIL.midnight(DAY) + 30 * HOUR) * MICROS
    if take_over:
        await stage.assigned(held=False)
        stage = place.stage()
        await stage.assigned(held=True)
    await place.tell(cell("C2", **SECOND), clock(40), clock(55))
    await _follow(stage, 0.1)
    return await place.read("index-history")


def test_who_takes_over_closes_the_hours_that_follow_and_writes_the_same_history() -> None:
    plain, moved = asyncio.run(_history(take_over=False)), asyncio.run(_history(take_over=True))
    assert plain == moved
    days = [decode_day(value) for key, value in plain.items() if is_day(key)]
    of_month = {(one.unit, one.day) for one in days if one.period == "2026-11"}
    assert of_month == {
        *((unit, "2026-11-24") for unit in ("C1", "P1", "VN")),
        *((unit, "2026-11-25") for unit in ("C1", "C2", "P1", "VN")),  # C1 is second of two now
    }
