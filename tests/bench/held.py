"""Row `state`: how soon a worker on an empty disk is ready with a million cases, and what a case weighs."""

from __future__ import annotations

import time

from tests.bench.figures import Figure
from tests.bench.ground import Ground, Worker
from tests.bench.population import population, store
from tests.bench.traffic import UNITS, codes_of_units


def measure(ground: Ground) -> list[Figure]:
    """An empty worker beside one with all the cases."""
    count = ground.sized(1_000_000, 20_000)
    now = int(time.time())
    full = ground.settings(ground.kafka)
    store(full, population(count, codes_of_units(UNITS), now), now)
    ground.say(f"{count} cases stored")
    empty_s, empty_bytes, empty_cpu = _started(Worker(ground.settings(ground.kafka)))
    full_s, full_bytes, full_cpu = _started(Worker(full))
    a_case = (full_bytes - empty_bytes) / count
    return [
        Figure(f"from start to ready with {count:,} cases, empty disk", full_s, "s", at_most=20,
               beside=f"empty: {empty_s:.1f} s", ratio=empty_s / full_s),
        Figure("resident bytes a case", a_case, "B", at_most=600,
               beside=f"process: {full_bytes / 1e6:,.0f} MB, empty {empty_bytes / 1e6:,.0f} MB"),
        Figure("CPU to load a case", (full_cpu - empty_cpu) * 1e6 / count, "µs"),
    ]  # fmt: skip


def _started(worker: Worker) -> tuple[float, int, float]:
    """Seconds from start to ready, resident bytes then, and CPU (seconds)."""
    began = time.monotonic()
    with worker:
        worker.wait_until_ready()
        return time.monotonic() - began, worker.resident, worker.cpu_s
