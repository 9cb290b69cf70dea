"""The durable state of a partition against strangers that write to it: nothing is lost, and the log is mended."""

from __future__ import annotations

import asyncio
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.accounting import LEDGER_KEY
from streams.core.civil import MICROS, Civil
from streams.core.facts import Batch, Fact
from streams.core.partition import Partition
from streams.core.rules import Rules
from streams.core.stored import split
from streams.logs import MemoryLog, Record, Written
from streams.state import Durable

RULES = Rules(Civil("Asia/Ho_Chi_Minh"))
NOW = 1_795_496_400
FIELDS = ("finished", "digitised", "linked", "reused", "identified")


def fact(case: int, number: int, offset: int) -> Fact:
    said = {"unit": "U1", "accepted": NOW - 500_000, FIELDS[number % 5]: NOW - 1000 + number}
    return Fact(f"H{case}", "finished", NOW - 1000, NOW * MICROS + number, f"e{number}", said, (0, offset, 0))


def batch(case: int, number: int) -> Batch:
    return Batch((NOW + number) * MICROS, [fact(case, number, number)], ["dossier-events/0"])


def owner(log: MemoryLog) -> Durable:
    return Durable(0, Partition(RULES), log)


def last_records(log: MemoryLog) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for record in log.records.get(0, []):
        assert record.key is not None
        assert record.value is not None
        found[record.key.decode()] = record.value if record.key == LEDGER_KEY.encode() else split(record.value)[1]
    found.pop(LEDGER_KEY, None)
    return found


async def committed(durable: Durable, batches: list[Batch]) -> None:
    for place, one in enumerate(batches):
        durable.partition.apply(one, place)
        durable.touch()
    await durable.commit()


def whole(batches: list[Batch]) -> Partition:
    partition = Partition(RULES)
    for place, one in enumerate(batches):
        partition.apply(one, place)
    return partition


events = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(events, events, st.randoms(use_true_random=False))
def test_what_two_owners_wrote_in_turns_is_whole_in_the_log_after_the_true_owner_has_looked(
    first: list[tuple[int, int]], second: list[tuple[int, int]], dice: random.Random
) -> None:
    async def scene() -> None:
        log = MemoryLog()
        frozen, true = owner(log), owner(log)
        await frozen.load()
        await frozen.take_over()
        await true.load()
        await true.take_over()
        turns = [(frozen, one) for one in first] + [(true, one) for one in second]
        dice.shuffle(turns)
        for durable, (case, number) in turns:
            await committed(durable, [batch(case, number)])
        await true.check()
        await true.commit()
        everything = whole([batch(case, number) for case, number in first + second])
        assert true.partition.states() == everything.states()
        assert last_records(log) == everything.states()

    asyncio.run(scene())


def test_a_new_owner_has_what_was_committed_and_a_higher_generation() -> None:
    async def scene() -> None:
        log = MemoryLog()
        old, new = owner(log), owner(log)
        await old.take_over()
        await committed(old, [batch(1, 1), batch(2, 2)])
        assert await new.load() == len(log.records[0])
        await new.take_over()
        assert new.generation > old.generation
        assert new.partition.states() == old.partition.states()
        assert new.partition.accounts == old.partition.accounts
        assert new.partition.clock == old.partition.clock
        assert dict(new.partition.cells.items()) == dict(old.partition.cells.items())

    asyncio.run(scene())


def test_an_owner_that_finds_a_later_take_over_knows_that_it_is_superseded() -> None:
    async def scene() -> None:
        log = MemoryLog()
        old, new = owner(log), owner(log)
        await old.take_over()
        await new.load()
        await new.take_over()
        known = [old.superseded]
        assert await old.check()
        known.append(old.superseded)
        assert known == [False, True]
        await old.take_over()
        assert old.generation > new.generation

    asyncio.run(scene())


def test_the_ledger_is_the_last_record_of_each_commit() -> None:
    async def scene() -> None:
        log = MemoryLog()
        one = owner(log)
        await one.take_over()
        await committed(one, [batch(case, case) for case in range(5)])
        assert log.records[0][-1].key == LEDGER_KEY.encode()

    asyncio.run(scene())


def test_nothing_to_say_writes_nothing() -> None:
    async def scene() -> None:
        log = MemoryLog()
        one = owner(log)
        await one.take_over()
        written = len(log.records[0])
        await one.commit()
        await one.commit()
        assert len(log.records[0]) == written

    asyncio.run(scene())


def test_an_older_state_that_a_stranger_wrote_last_is_written_anew() -> None:
    async def scene() -> None:
        log = MemoryLog()
        one = owner(log)
        await one.take_over()
        await committed(one, [batch(1, 1)])
        old = one.partition.state("H1")
        [(_, older)] = one.partition.records(["H1"])
        await committed(one, [batch(1, 2)])
        await log.append(0, [Record(b"H1", older)])
        assert await one.check()
        await one.commit()
        assert last_records(log)["H1"] == one.partition.state("H1") != old

    asyncio.run(scene())


class LosesItsPlace(MemoryLog):
    """A stranger writes just before each of our first two appends."""

    def __init__(self, stranger: Record) -> None:
        super().__init__()
        self.left, self.stranger = 2, stranger

    async def append(self, partition: int, records: object) -> list[Written]:
        if self.left:
            self.left -= 1
            await super().append(partition, [self.stranger])
        return await super().append(partition, records)  # type: ignore[arg-type]


def test_a_commit_that_did_not_land_where_expected_reads_merges_and_writes_again() -> None:
    async def scene() -> None:
        other = whole([batch(7, 3)])
        [(_, value)] = other.records(["H7"])
        log = LosesItsPlace(Record(b"H7", value))
        one = owner(log)
        await one.take_over()
        await committed(one, [batch(7, 4)])
        expected = whole([batch(7, 3), batch(7, 4)])
        assert one.partition.state("H7") == expected.state("H7") == last_records(log)["H7"]
        assert one.expected == len(log.records[0])

    asyncio.run(scene())


def test_time_that_passed_under_another_owner_is_made_up_for() -> None:
    """A case that turned late under the other owner left no state behind, only a later clock in the ledger."""

    async def scene() -> None:
        log = MemoryLog()
        mine, other = owner(log), owner(log)
        await mine.take_over()
        due = NOW + 3600
        said = {"unit": "U1", "accepted": NOW - 10, "due_first": due, "due_current": due}
        opened = Fact("H1", "accepted", NOW - 10, NOW * MICROS, "e", said)
        await committed(mine, [Batch(NOW * MICROS, [opened], ["dossier-events/0"])])
        await other.load()
        await other.take_over()
        await committed(other, [Batch((due + 100) * MICROS)])
        await mine.check()
        assert mine.partition.clock == (due + 100) * MICROS
        assert dict(mine.partition.cells.items()) == dict(other.partition.cells.items())
        assert [entry.late for entry in mine.partition.all_watched().values()] == [True]

    asyncio.run(scene())
