"""Simulations that tests share, and what they count in them."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date

import msgspec

from dashboards.folding import Folded, fold_run
from simulators.scenarios import scenario_named
from simulators.simulation import Simulation, simulation
from streams.core.civil import MICROS, Civil
from streams.core.events import Event
from streams.core.facts import Batch
from streams.core.rules import Rules
from streams.registers import SIMULATED, shipped
from streams.sources.native import Reader

ZONE = "Asia/Ho_Chi_Minh"
CIVIL = Civil(ZONE)
REGISTER = shipped(SIMULATED)
READER = Reader(CIVIL, 3600)
PROVINCE = "25"
START = date(2026, 11, 9)


def world(name: str = "normal-fortnight", seed: int = 1, units: int | None = 40, days: int | None = None) -> Simulation:
    return simulation(scenario_named(name), seed, REGISTER, PROVINCE, units, start=START, days=days)


def checksum(events: Iterable[Event]) -> str:
    digest, encode = hashlib.blake2b(digest_size=8), msgspec.json.Encoder().encode
    for event in events:
        digest.update(encode(event) + b"\n")
    return digest.hexdigest()


def folded(played: Simulation) -> Folded:
    end = played.ends * MICROS
    batch = Batch(end, list(played.facts(READER)), ["simulation"], ordered=True)
    return fold_run([(0, batch)], Rules(CIVIL), REGISTER, end)


def counts(run: Folded, unit: str) -> Counter[str]:
    return Counter(run.index[("all", unit)] if ("all", unit) in run.index else run.index[(unit, "all")])


def on_time_rate(said: Counter[str]) -> float:
    """Of those with a due date: whether one is computed is not for the simulator to say."""
    without = said["ended_no_due"] + said["open_no_due"]
    return (said["on_time"] + said["open_within"]) / (said["received"] - without)


if __name__ == "__main__":  # another process, for comparison
    sys.stdout.write(checksum(world(units=6).events()))
