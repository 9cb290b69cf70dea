import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulators.log_order import LogOrder
from simulators.log_writer import BATCH, LogWriter
from streams.core.civil import HOUR, MICROS, Civil
from streams.core.facts import Batch, Fact, decode_batch, encode_batch
from streams.core.routing import partition_of

CIVIL = Civil("America/New_York")
Times = list[list[int]]
START = 1_309_500_000 * MICROS  # 2011-07-01
moments = st.integers(START, START + 40 * HOUR * MICROS) | st.integers(-HOUR * MICROS, 1_600_000_000 * MICROS)
tables = st.lists(st.lists(moments, min_size=1, max_size=3), max_size=30)


class Written:
    """A log in memory, as it would be read from Kafka."""

    def __init__(self) -> None:
        self.batches: list[tuple[int, Batch]] = []
        self.flushes = 0

    def write(self, partition: int, batch: Batch) -> None:
        self.batches.append((partition, decode_batch(encode_batch(batch))))

    def flush(self) -> None:
        self.flushes += 1

    def ticks(self, partition: int) -> list[int]:
        return [batch.clock for place, batch in self.batches if place == partition and is_tick(batch)]

    def facts(self) -> list[Fact]:
        return [fact for _, batch in self.batches for fact in batch.facts]


def is_tick(batch: Batch) -> bool:
    """A tick stands alone, or rides on a batch of facts that all lie before it."""
    return not batch.facts or batch.clock > max(0, batch.facts[-1].recorded)


def fact(row: int, recorded: int) -> Fact:
    return Fact(f"H{row}", "accepted", recorded // MICROS, recorded, str(row), {"accepted": recorded // MICROS})


def ordered(times: Times, chunk: int = 1000) -> LogOrder:
    order = LogOrder(chunk)
    for row, recorded in enumerate(times, 1):
        order.add(row, [fact(row, moment) for moment in recorded])
    return order


def writer(facts: Iterator[Fact], log: Written, partitions: int = 3, **more: int | None) -> LogWriter:
    return LogWriter(
        facts,
        log,
        CIVIL,
        partitions,
        "replay:x",
        seq=more.get("seq") or 0,
        ticked=more.get("ticked") or 0,
        last=more.get("last"),
    )


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=CIVIL.zone).timestamp()) * MICROS


@given(tables, st.integers(1, 8))
def test_log_order_is_that_of_recording_and_does_not_depend_on_how_much_is_sorted_at_once(
    times: Times, chunk: int
) -> None:
    with ordered(times) as at_once, ordered(times, chunk) as on_disk:
        facts = list(at_once.read())
        assert facts == list(on_disk.read())
        assert [one.recorded for one in facts] == sorted(moment for row in times for moment in row)
        assert [one.origin[1] for one in facts] == list(range(len(facts)))
        assert list(on_disk.read(after=2)) == facts[2:]


@given(tables)
def test_a_row_is_counted_once_with_its_first_fact_in_log_order(times: Times) -> None:
    facts = list(ordered(times).read())
    counted = [one.origin[2] for one in facts if one.counted]
    assert sorted(counted) == list(range(1, len(times) + 1))
    first: dict[int, Fact] = {}
    for one in facts:
        first.setdefault(one.origin[2], one)
    assert all(one.counted for one in first.values())


@given(tables, st.lists(moments, max_size=3), st.integers(1, 4))
def test_everything_before_a_tick_is_earlier_and_nothing_after_it_is(
    times: Times, stops: list[int], partitions: int
) -> None:
    log = Written()
    writing = writer(ordered(times).read(), log, partitions)
    for stop in sorted({max(stop, 1) for stop in stops}):
        writing.advance(stop)
        assert all(log.ticks(partition)[-1] == stop for partition in range(partitions))
        assert {one.recorded for one in log.facts()} == {m for row in times for m in row if m < stop}
    writing.finish()
    assert len(log.facts()) == sum(map(len, times))
    for partition in range(partitions):
        told = 0
        for batch in (one for place, one in log.batches if place == partition):
            assert all(max(0, one.recorded) >= told for one in batch.facts)
            assert batch.ordered == bool(batch.facts)
            assert batch.clock >= max(0, *(one.recorded for one in batch.facts), 0)
            told = max(told, batch.clock if is_tick(batch) else 0)
    assert all(log.ticks(partition) == sorted(set(log.ticks(0))) for partition in range(partitions))


@given(tables)
def test_at_every_midnight_with_a_fact_on_one_side_there_is_a_tick(times: Times) -> None:
    log = Written()
    writer(ordered(times).read(), log).finish()
    ticks, last = set(log.ticks(0)), max((m for row in times for m in row), default=0)
    for moment in (m for row in times for m in row if m > 24 * HOUR * MICROS):
        day = CIVIL.day(moment // MICROS)
        assert CIVIL.midnight(day) * MICROS in ticks
        assert CIVIL.midnight(day + 1) * MICROS in ticks or CIVIL.midnight(day + 1) * MICROS > last


def test_days_on_which_nothing_happened_have_no_ticks() -> None:
    log = Written()
    writer(ordered([[at("2011-07-01 08:10")], [at("2011-09-01 14:30")]]).read(), log).finish()
    ticks = ["2011-07-01 00:00", "2011-07-02 00:00", "2011-09-01 00:00", "2011-09-01 15:00"]
    assert log.ticks(0) == [at(tick) for tick in ticks]


def test_a_fact_at_the_very_midnight_comes_after_its_tick() -> None:
    log = Written()
    writer(ordered([[at("2011-07-01 08:10")], [at("2011-07-02 00:00")]]).read(), log, 1).finish()
    clocks = [(CIVIL.text(batch.clock // MICROS)[8:16], len(batch.facts)) for _, batch in log.batches]
    assert clocks == [("01 00:00", 0), ("02 00:00", 1), ("02 01:00", 1)]


def test_a_batch_holds_facts_of_its_partition_only_and_not_too_many() -> None:
    log = Written()
    writer(ordered([[START + n] for n in range(5000)]).read(), log, 4).finish()
    for partition, batch in log.batches:
        assert len(batch.facts) <= BATCH
        assert all(partition_of(one.case, 4) == partition for one in batch.facts)
        assert batch.inputs == (["replay:x"] if batch.facts else [])


def test_a_log_is_not_written_backwards() -> None:
    writing = writer(ordered([[START]]).read(), Written())
    writing.advance(START + 5)
    with pytest.raises(ValueError, match="beyond 2011-07-01"):
        writing.advance(START + 4)
    writing.advance(START + 5)  # asking again changes nothing


def test_asking_again_for_the_same_instant_writes_nothing() -> None:
    log = Written()
    writing = writer(ordered([[START]]).read(), log)
    writing.advance(START + 5)
    before = len(log.batches)
    writing.advance(START + 5)
    assert len(log.batches) == before


@given(tables, st.randoms(use_true_random=False))
def test_a_log_that_stopped_anywhere_is_continued_without_a_gap(times: Times, dice: random.Random) -> None:
    order = ordered(times)
    whole, begun, rest = Written(), Written(), Written()
    writer(order.read(), whole).finish()
    stopped = writer(order.read(), begun)
    stop = dice.randrange(len(whole.facts()) + 1)
    keep_at(stopped, stop)
    with suppress(Killed):
        stopped.finish()
    again = writer(order.read(stopped.seq), rest, seq=stopped.seq, ticked=stopped.ticked, last=stopped.last)
    again.finish()
    by_origin = {one.origin: one for one in [*begun.facts(), *rest.facts()]}
    assert by_origin == {one.origin: one for one in whole.facts()}
    assert sorted({*begun.ticks(0), *rest.ticks(0)}) == whole.ticks(0)


class Killed(Exception):
    pass


def keep_at(writing: LogWriter, position: int) -> None:
    def kept() -> None:
        if writing.seq == position:
            writing.flush()
            raise Killed

    writing.kept = kept


class Clock:
    """A pace of which each wait is seen, and which tells the time half way."""

    def __init__(self) -> None:
        self.now = 0
        self.asked: list[int] = []

    def wait(self, instant: int, tick: Callable[[int], None]) -> None:
        self.asked.append(instant)
        if instant > self.now:
            half, self.now = (max(self.now, START) + instant) // 2, instant
            tick(half)


def test_a_paced_log_tells_the_time_while_nothing_happens() -> None:
    log = Written()
    hour = HOUR * MICROS
    writing = LogWriter(ordered([[START + 1], [START + 9 * hour]]).read(), log, CIVIL, 1, "replay:x", pace=Clock())
    writing.finish()
    assert log.ticks(0) == sorted(set(log.ticks(0)))
    assert len(log.ticks(0)) > 4
    assert msgspec.structs.asdict(log.facts()[0])["recorded"] == START + 1
