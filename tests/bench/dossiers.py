"""Row `dossiers`: the whole job of DOSSIERS on one worker, beside the idiomatic Faust agent with Tables."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from typing import Final

from simulators.outbox import Outbox
from streams.core.facts import Batch, decode_batch, encode_batch
from streams.reading import RunReader
from streams.run_status import said_of_run
from streams.settings import Settings
from streams.topics import group_of, topic_name
from tests.bench import idiomatic
from tests.bench.figures import Figure
from tests.bench.ground import Acknowledged, BenchFailed, Ground, Worker
from tests.bench.traffic import EVENTS_A_DOSSIER, batches, events, facts

_TOLD_AT_MOST_S: Final = 600.0
_TWO_WORKERS_NEED: Final = 4  # cores: two workers, the broker, and this process that looks on


@dataclass(frozen=True)
class Job:
    """What a job took until all was acknowledged: events, wall (seconds) and CPU of the workers (seconds).

    `told_s` and `told_cpu_s` are the same until INDEX, in the same worker, had told all of it.
    """

    events: int
    wall_s: float
    cpu_s: float
    told_s: float = 0.0
    told_cpu_s: float = 0.0

    @property
    def cpu_us(self) -> float:
        """CPU time (µs) an event."""
        return self.cpu_s * 1e6 / self.events

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.events / self.wall_s


def measure(ground: Ground) -> list[Figure]:
    """Ours and the idiomatic agent in turns, then an import's clock, then two workers.

    The ratio to the idiomatic agent is that within a turn: others on the machine slow both alike.
    """
    many, few = ground.sized(50_000, 2_500), ground.sized(5_000, 300)
    ours, theirs = [], []
    for turn in range(ground.sized(3, 1)):
        ours.append(_ours(ground, many, moving=True))
        theirs.append(_theirs(ground, few))
        ground.say(f"turn {turn + 1}: {ours[-1].cpu_us:.1f} and {theirs[-1].cpu_us:.0f} µs of CPU an event")
    still = _ours(ground, many, moving=False)
    both = _two(ground, many)
    cpu, rate = _median(ours)
    slow_cpu, slow_rate = _median(theirs)
    behind = [job.told_s - job.wall_s for job in ours]
    told = statistics.median(job.told_cpu_s * 1e6 / job.events for job in ours)
    cores = os.cpu_count() or 1
    excuse = "" if cores >= _TWO_WORKERS_NEED else f"{cores} cores for two workers, broker and driver"
    return [
        Figure("CPU an event", cpu, "µs", at_most=12, beside=f"idiomatic agent with Tables: {slow_cpu:,.0f} µs",
               ratio=statistics.median(their.cpu_us / our.cpu_us for our, their in zip(ours, theirs, strict=True)),
               at_least_ratio=12),
        Figure("events a second", rate, "/s", at_least=60_000, beside=f"idiomatic: {slow_rate:,.0f} /s",
               ratio=rate / slow_rate),
        Figure("CPU an event until INDEX has told all of it too", told, "µs", beside=f"acknowledged: {cpu:.1f} µs",
               ratio=cpu / told),
        Figure("from all acknowledged to all told by INDEX", statistics.median(behind), "s"),
        Figure("CPU an event, clock at the end as in an import", still.cpu_us, "µs", at_most=12,
               beside=f"with the clock of the log: {cpu:.1f} µs", ratio=cpu / still.cpu_us),
        Figure("events a second, clock at the end", still.rate, "/s", at_least=60_000),
        Figure("events a second, two workers", both, "/s", beside=f"one: {rate:,.0f} /s", ratio=both / rate,
               at_least_ratio=1.6, excuse=excuse),
    ]  # fmt: skip


def _median(jobs: list[Job]) -> tuple[float, float]:
    """CPU (µs) an event, and events a second."""
    return statistics.median(job.cpu_us for job in jobs), statistics.median(job.rate for job in jobs)


def _ours(ground: Ground, dossiers: int, *, moving: bool) -> Job:
    settings, clock = _prefilled(ground, dossiers, moving=moving)
    with Acknowledged(settings, group_of(settings.run), "dossier-facts") as acknowledged, Worker(settings) as worker:
        worker.wait_until_ready()
        began, cpu = time.monotonic(), worker.cpu_s
        acknowledged.wait(worker)
        wall, spent = time.monotonic() - began, worker.cpu_s - cpu
        with RunReader(settings) as reader:
            while (as_of := said_of_run(reader).get("as_of", 0)) != clock:
                worker.check()
                if time.monotonic() - began > _TOLD_AT_MOST_S:
                    raise BenchFailed(f"INDEX has told figures as of {as_of} only, not of {clock}")
                time.sleep(0.05)
        told, told_cpu = time.monotonic() - began, worker.cpu_s - cpu
        return Job(dossiers * EVENTS_A_DOSSIER, wall, spent, told, told_cpu)


def _two(ground: Ground, dossiers: int) -> float:
    """Events a second of two workers, from when both are ready."""
    settings, _ = _prefilled(ground, dossiers, moving=True)
    with (
        Acknowledged(settings, group_of(settings.run), "dossier-facts") as acknowledged,
        Worker(settings) as one,
        Worker(settings) as other,
    ):
        a_message: float = dossiers * EVENTS_A_DOSSIER / acknowledged.total
        one.wait_until_ready()
        other.wait_until_ready()
        began, left = time.monotonic(), acknowledged.total - acknowledged.done
        acknowledged.wait(one, other)
        return left * a_message / (time.monotonic() - began)


def _prefilled(ground: Ground, dossiers: int, *, moving: bool) -> tuple[Settings, int]:
    """A run with facts to fold, and the instant (micros) that its figures are as of when all is folded."""
    # The job must come to its end here also where INDEX stands still meanwhile; how far behind it is, is a figure.
    settings = ground.settings(ground.kafka, watchdog_s=3600.0)
    topic = topic_name(settings.run, "dossier-facts")
    messages = batches(dossiers, settings.partitions)
    last = max(decode_batch(message).clock for _, message in messages[-settings.partitions :])
    with Outbox(settings) as outbox:
        for number, message in messages:
            sent = message if moving else _with_clock(message, last)
            outbox.send(topic, sent, partition=number)
        outbox.flush()
    clocks = {number: decode_batch(message).clock for number, message in messages}
    return settings, min(clocks.values()) if moving else last


def _with_clock(message: bytes, clock: int) -> bytes:
    batch = decode_batch(message)
    return encode_batch(Batch(clock, batch.facts, batch.inputs))


def _theirs(ground: Ground, dossiers: int) -> Job:
    settings = ground.settings(ground.kafka)
    topic = topic_name(settings.run, "dossier-facts")
    idiomatic.create_changelogs(settings)
    with Outbox(settings) as outbox:
        count = idiomatic.fill(outbox, topic, facts(events(dossiers)), settings.partitions)
    group = idiomatic.group_of(settings.run)
    with (
        Acknowledged(settings, group, "dossier-facts") as acknowledged,
        Worker(settings, *idiomatic.COMMAND, extra=idiomatic.variables(settings)) as worker,
    ):
        started = idiomatic.started(str(settings.data))
        while not started.exists():
            worker.check()
            time.sleep(0.01)
        began, cpu = time.monotonic(), worker.cpu_s
        acknowledged.wait(worker)
        return Job(count, time.monotonic() - began, worker.cpu_s - cpu)
