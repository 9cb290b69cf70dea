"""Row `late`: how long after its due instant a case is shown as late, with a million open cases held."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Final

import msgspec
from kafka import KafkaConsumer, TopicPartition

from streams.connection import kafka_python_options
from streams.core.cases import encode
from streams.core.civil import ALL
from streams.core.index import UnitIndex, entry_key
from streams.core.watchlist import decode_entry
from streams.settings import Settings
from streams.topics import LIVE, topic_name
from tests.bench.figures import Figure, percentile
from tests.bench.ground import BenchFailed, Ground, Worker
from tests.bench.population import DAY, OPEN_EVENTS, case_code, state_of, store
from tests.bench.traffic import UNITS, codes_of_units

_BEFORE_DUE: Final = "DUE"  # how codes of cases that are due in this run begin
_decode_index: Final = msgspec.json.Decoder(UnitIndex).decode


def measure(ground: Ground) -> list[Figure]:
    """One case is due in every second from now; those that are due after the worker is ready are timed."""
    count, timed = ground.sized(1_000_000, 5_000), ground.sized(60, 5)
    units = codes_of_units(UNITS)
    with ground.own_kafka() as broker:
        settings = ground.settings(broker, LIVE)
        now = int(time.time())
        horizon = ground.sized(600, 60)
        store(settings, _states(count, units, now, horizon), now)
        ground.say(f"{count} open cases stored")
        with Worker(settings) as worker:
            worker.wait_until_ready()
            first = int(time.time()) + 3
            if first + timed > now + horizon:
                raise BenchFailed("it took so long to load the cases that none are due any more")
            watched, shown = _seen(settings, units[0], (first, timed), now, worker)
    beside = f"{count:,} open cases; {len(watched)} turned late"
    return [
        Figure("due instant to late in watchlist, worst", max(watched), "s", at_most=2, beside=beside),
        Figure("due instant to late in watchlist, median", percentile(watched, 0.5), "s", beside=beside),
        Figure("due instant to overdue in unit-index, worst", max(shown), "s", at_most=2, beside=beside),
        Figure("due instant to overdue in unit-index, median", percentile(shown, 0.5), "s", beside=beside),
    ]


def _states(count: int, units: list[str], now: int, horizon: int) -> Iterator[tuple[str, bytes]]:
    """Open cases that are due later, and one for every second of the horizon, all of the first unit."""
    dice = random.Random(2026)
    for number in range(count - horizon):
        unit = units[number % len(units)]
        due = now + dice.randrange(2 * DAY, 30 * DAY)
        yield case_code(unit, number), encode(state_of(dice, unit, now, events=OPEN_EVENTS, due=due))
    for second in range(horizon):
        case = state_of(dice, units[0], now, events=OPEN_EVENTS, due=now + second)
        yield f"{_BEFORE_DUE}{second % 40}-{now + second}", encode(case)


def _seen(
    settings: Settings, unit: str, times: tuple[int, int], began: int, worker: Worker
) -> tuple[list[float], list[float]]:
    """Seconds from due to late in the watch list, and from due to counted as overdue, for the timed seconds."""
    first, timed = times
    watch, index = topic_name(settings.run, "watchlist"), TopicPartition(topic_name(settings.run, "unit-index"), 0)
    consumer = KafkaConsumer(**kafka_python_options(settings), fetch_max_wait_ms=10)
    consumer.assign([*(TopicPartition(watch, number) for number in range(settings.partitions)), index])
    consumer.seek_to_end()
    late: dict[int, float] = {}
    overdue: dict[int, float] = {}
    wanted = set(range(first, first + timed))
    key = entry_key(ALL, unit).encode()
    while not (wanted <= late.keys() and wanted <= overdue.keys()):
        worker.check()
        for place, records in consumer.poll(timeout_ms=50).items():
            now = time.time()
            for record in records:
                if place == index and record.key == key:
                    # The n-th case to turn late was due n - 1 seconds after the first.
                    counted = _decode_index(record.value).counts.get("open_overdue", 0)
                    overdue |= {due: now for due in wanted if due < began + counted and due not in overdue}
                elif place != index and record.value is not None and record.key.startswith(_BEFORE_DUE.encode()):
                    entry = decode_entry(record.value)
                    if entry.late:
                        late.setdefault(entry.due, now)
        if time.time() > first + timed + 30:
            raise BenchFailed(f"{len(wanted - late.keys())} cases never turned late in the watch list")
    consumer.close()
    return [late[due] - due for due in wanted], [overdue[due] - due for due in wanted]
