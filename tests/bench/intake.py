"""Row `intake`: native events into facts, one process, until they are acknowledged."""

from __future__ import annotations

import time

from simulators.outbox import Outbox
from streams.core.routing import partition_of
from streams.settings import Settings
from streams.topics import group_of, topic_name
from tests.bench.figures import Figure
from tests.bench.ground import Acknowledged, Ground, Worker
from tests.bench.traffic import BATCH, EVENTS_A_DOSSIER, events

_ALONE = "tests.bench.intake_alone"


def measure(ground: Ground) -> list[Figure]:
    """INTAKE alone in its process, and beside the other two stages; single events, then lines."""
    found = []
    for words, dossiers, together, least in (
        ("single events", ground.sized(12_500, 250), 1, 4_000),
        ("NDJSON, 200 a message", ground.sized(50_000, 1_500), BATCH, 40_000),
    ):
        alone, cpu = _rate(ground, dossiers, together, _ALONE)
        whole, whole_cpu = _rate(ground, dossiers, together)
        found += [
            Figure(f"{words}: events a second", alone, "/s", at_least=least, beside=f"all stages: {whole:,.0f} /s",
                   ratio=alone / whole),
            Figure(f"{words}: CPU an event", cpu, "µs", beside=f"all stages: {whole_cpu:.1f} µs",
                   ratio=whole_cpu / cpu),
        ]  # fmt: skip
    return found


def _rate(ground: Ground, dossiers: int, together: int, module: str = "") -> tuple[float, float]:
    """Events a second and CPU (µs) an event, `together` events in a message."""
    settings = _prefilled(ground, dossiers, together)
    count = dossiers * EVENTS_A_DOSSIER
    command = (module, "--run", settings.run) if module else ()
    with (
        Acknowledged(settings, group_of(settings.run), "dossier-events") as acknowledged,
        Worker(settings, *command) as worker,
    ):
        worker.wait_until_ready()
        began, cpu = time.monotonic(), worker.cpu_s
        acknowledged.wait(worker)
        wall, spent = time.monotonic() - began, worker.cpu_s - cpu
    ground.say(f"{count} events, {together} a message: {count / wall:,.0f} /s {'alone' if module else 'all stages'}")
    return count / wall, spent * 1e6 / count


def _prefilled(ground: Ground, dossiers: int, together: int) -> Settings:
    settings = ground.settings(ground.kafka)
    topic, partitions = topic_name(settings.run, "dossier-events"), settings.partitions
    waiting: dict[int, list[bytes]] = {number: [] for number in range(partitions)}
    with Outbox(settings) as outbox:
        for place, line in enumerate(events(dossiers)):
            number = place % partitions if together == 1 else partition_of(_code(line), partitions)
            held = waiting[number]
            held.append(line)
            if len(held) == together:
                outbox.send(topic, b"\n".join(held), partition=number)
                held.clear()
        for number, held in waiting.items():
            if held:
                outbox.send(topic, b"\n".join(held), partition=number)
        outbox.flush()
    return settings


def _code(line: bytes) -> str:
    return line.partition(b'"dossier":"')[2].partition(b'"')[0].decode()
