"""Row `live`: from sending an event to the record of `unit-index` that reflects it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams.connection import kafka_python_options
from streams.core.civil import ALL
from streams.core.index import UnitIndex, entry_key
from streams.reading import RunReader
from streams.settings import Settings
from streams.topics import LIVE, topic_name
from tests.bench.figures import Figure, percentile
from tests.bench.ground import BenchFailed, Ground, Worker
from tests.bench.population import case_code
from tests.bench.traffic import UNITS, codes_of_units

_LAST_S: Final = 180.0  # how long to wait for the last events, also on a machine that cannot keep up
_PREFIX: Final = f"{ALL}/".encode()
_decode: Final = msgspec.json.Decoder(UnitIndex).decode


def measure(ground: Ground) -> list[Figure]:
    """300 single events a second, then 1,000; all stages in one worker, in the live run."""
    with ground.own_kafka() as broker:
        settings = ground.settings(broker, LIVE)
        with Worker(settings) as worker:
            worker.wait_until_ready()
            usual = _latencies(ground, settings, worker, 300, ground.sized(30, 3))
            many = _latencies(ground, settings, worker, 1000, ground.sized(20, 2))
    found = []
    for rate, (seconds, (ran, waited)), targets in ((300, usual, (300.0, 1000.0)), (1000, many, (None, None))):
        beside = f"{len(seconds):,} events; worker ran {ran:.0%} and waited {waited:.0%} for a CPU"
        for name, part, target in (("p50", 0.5, targets[0]), ("p99", 0.99, targets[1])):
            what = f"send to unit-index at {rate:,} events/s, {name}"
            found.append(Figure(what, percentile(seconds, part) * 1000, "ms", at_most=target, beside=beside))
    return found


class Watcher(threading.Thread):
    """Notes when each unit's count of received dossiers reached each number."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(name="watcher", daemon=True)
        self.reached: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self.stopping = False
        place = TopicPartition(topic_name(settings.run, "unit-index"), 0)
        self._consumer = KafkaConsumer(**kafka_python_options(settings), fetch_max_wait_ms=10)
        self._consumer.assign([place])
        self._consumer.seek_to_end(place)
        self._consumer.position(place)

    def run(self) -> None:
        """Read until told to stop."""
        while not self.stopping:
            for records in self._consumer.poll(timeout_ms=50).values():
                now = time.monotonic()
                for record in records:
                    if record.key.startswith(_PREFIX):
                        entry = _decode(record.value)
                        self.reached[entry_key(entry.period, entry.unit)].append((entry.counts.get("received", 0), now))
        self._consumer.close()


def _latencies(
    ground: Ground, settings: Settings, worker: Worker, rate: int, seconds: int
) -> tuple[list[float], tuple[float, float]]:
    """Seconds that each event took; of the time meanwhile the shares that the worker ran and waited for a CPU."""
    units = codes_of_units(UNITS)
    watcher = Watcher(settings)
    begins = _counts_now(settings)
    watcher.start()
    began, cpu, waited = time.monotonic(), worker.cpu_s, worker.waited_s
    sent = _send(settings, units, rate, seconds)
    wall = time.monotonic() - began
    shares = (worker.cpu_s - cpu) / wall, (worker.waited_s - waited) / wall
    found = _matched(watcher, units, sent, begins)
    watcher.stopping = True
    watcher.join()
    ground.say(f"{len(found)} of {len(sent)} events at {rate}/s seen")
    return found, shares


def _send(settings: Settings, units: list[str], rate: int, seconds: int) -> list[float]:
    """Accept a new dossier in one unit after the other, in step with the clock; when each was sent."""
    producer = KafkaProducer(**kafka_python_options(settings), acks="all", linger_ms=0)
    topic = topic_name(settings.run, "dossier-events")
    first = int(time.time())
    sent: list[float] = []
    began = time.monotonic()
    for number in range(rate * seconds):
        wait = began + number / rate - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        unit = units[number % len(units)]
        code = case_code(unit, first * 100_000 + number)
        sent.append(time.monotonic())
        producer.send(topic, accepted(code, unit, timedelta(days=20)), key=code.encode())
    producer.flush()
    producer.close()
    return sent


def accepted(code: str, unit: str, until_due: timedelta) -> bytes:
    """The event that accepts a dossier now, due so much later (whole seconds)."""
    now = datetime.now(UTC)
    said = {
        "kind": "accepted",
        "dossier": code,
        "at": now.isoformat(),
        "unit": unit,
        "procedure": "1.000001",
        "channel": "online",
        "due": (now + until_due).replace(microsecond=0).isoformat(),
    }
    return msgspec.json.encode(said)


def _matched(watcher: Watcher, units: list[str], sent: list[float], begins: dict[str, int]) -> list[float]:
    """Each event's time until its unit's count had reached its place among the unit's events."""
    found = []
    end = time.monotonic() + _LAST_S
    for at, unit in enumerate(units):
        mine, key = sent[at :: len(units)], entry_key(ALL, unit)
        wanted = begins.get(key, 0) + len(mine)
        while mine and (not (seen := watcher.reached[key]) or seen[-1][0] < wanted):
            if time.monotonic() > end:
                raise BenchFailed(f"unit {unit} shows {seen[-1:]} received, {wanted} were sent")
            time.sleep(0.01)
        seen, place = watcher.reached[key], 0
        for ordinal, moment in enumerate(mine, begins.get(key, 0) + 1):
            while seen[place][0] < ordinal:
                place += 1
            found.append(seen[place][1] - moment)
    return found


def _counts_now(settings: Settings) -> dict[str, int]:
    """What each unit has received so far."""
    found = {}
    with RunReader(settings) as reader:
        for message in reader.read("unit-index"):
            if message.key is not None and message.value is not None and message.key.startswith(_PREFIX):
                found[message.key.decode()] = _decode(message.value).counts.get("received", 0)
    return found
