"""When a run has come to rest, and what it says then."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

from dashboards.conservation import InputRow, conservation_of
from dashboards.digests import NoDigest, digest_of_facts, figures_of_run, pipeline_digest
from dashboards.folding import Folded, fold_run
from dashboards.outputs import read_batches, rules_of
from simulators.outbox import Outbox
from streams.core.civil import Civil
from streams.core.digest import RunDigest
from streams.core.facts import Batch, encode_batch
from streams.core.history import DayRecord, decode_day, is_day
from streams.core.index import RUN_KEY, RunStatus
from streams.core.scoring import Scoring, Sums, today_of
from streams.errors import MotcuaError
from streams.reading import RunReader, committed
from streams.registers import register_of
from streams.settings import Settings
from streams.topics import group_of, topic_name

INPUTS: Final = ("dossier-events", "petitions", "dossier-facts")
OUTPUTS: Final = ("dossier-state", "unit-tallies", "unit-index", "watchlist", "rejected", "index-history")
_LOOK_S: Final = 0.1
_STILL_LOOKS: Final = 3  # INDEX acknowledges nothing: it is at rest when it has written nothing for so many looks
_STILL_S: Final = 0.4
Words = Callable[[], str]


class Said(NamedTuple):
    """What a run at rest says: its digest by the stages and by its facts, and what became of every item."""

    pipeline: RunDigest
    facts: RunDigest
    inputs: list[InputRow]
    conserved: bool

    @property
    def outcome(self) -> dict[str, int]:
        """Items read, applied, repeated, rejected and ignored, over all inputs."""
        names = ("read", "applied", "repeated", "rejected", "ignored")
        return {name: sum(getattr(row, name) or 0 for row in self.inputs) for name in names}


def wait_as_of(settings: Settings, instant: int, timeout_s: float, words: Words = str) -> None:
    """Return once the index is complete and stands as of `instant` (micros) or later."""
    end, status = time.monotonic() + timeout_s, None
    while time.monotonic() < end:
        try:
            with RunReader(settings) as reader:
                while time.monotonic() < end:
                    value = reader.latest("unit-index", RUN_KEY.encode())
                    status = None if value is None else msgspec.json.decode(value, type=RunStatus)
                    if status is not None and status.complete and status.as_of >= instant:
                        return
                    time.sleep(_LOOK_S)
        except (MotcuaError, OSError):  # a broker that is away comes back, or the time is over
            time.sleep(_LOOK_S)
    raise AssertionError(f"the index is not complete as of {instant} within {timeout_s:.0f} s: {status}\n{words()}")


def wait_for_rest(settings: Settings, instant: int, timeout_s: float, words: Words = str) -> None:
    """Return once every message is acknowledged, nothing is written any more and all clocks stand at `instant`."""
    end = time.monotonic() + timeout_s
    wait_as_of(settings, instant, timeout_s, words)
    before, left, still = None, None, 0
    while time.monotonic() < end:
        try:
            left, now = _left(settings)
        except (MotcuaError, OSError) as error:
            left, now = {str(error): 0}, None
        still = still + 1 if not left and now == before and now is not None else 0
        if still == _STILL_LOOKS:
            return
        before = now
        time.sleep(_STILL_S)
    raise AssertionError(f"the run is not at rest within {timeout_s:.0f} s: {left}\n{words()}")


def _left(settings: Settings) -> tuple[dict[str, int], list[dict[int, int]]]:
    """Messages not acknowledged by topic and partition, and where every topic ends."""
    left = {}
    with RunReader(settings) as reader:
        ends = {base: reader.ends(base) for base in (*INPUTS, *OUTPUTS)}
    for base in INPUTS:
        at = committed(settings, group_of(settings.run), base)
        for partition, end in ends[base].items():
            if at.get(partition, 0) < end:
                left[f"{base}/{partition}"] = end - at.get(partition, 0)
    return left, list(ends.values())


def said_at(settings: Settings, instant: int) -> Said:
    """What a run at rest says as of `instant` (micros), at which its clocks must stand."""
    clock, pipeline = pipeline_digest(settings)
    if clock != instant:
        raise NoDigest(f"the clocks stand at {clock}, not at {instant}")
    inputs, conserved = conservation_of(settings)
    return Said(pipeline, digest_of_facts(settings, instant), inputs, conserved)


def figures(settings: Settings) -> dict[str, dict[str, int]]:
    """Counts by unit over all time, as `unit-index` says them."""
    return {unit: counts for (period, unit), counts in figures_of_run(settings).items() if period == "all"}


def day_records(settings: Settings) -> list[DayRecord]:
    """Every record of `index-history` of a unit, period and day, the last one of each key."""
    with RunReader(settings) as reader:
        found = {record.key: record.value for record in reader.read("index-history") if is_day(record.key or b"")}
    return [decode_day(value) for value in found.values() if value is not None]


def folded_at(settings: Settings, instant: int) -> tuple[Folded, Scoring]:
    """The run as of an instant (micros) and by what was recorded before it, from its facts, and its scores."""
    register = register_of(settings)
    with RunReader(settings) as reader:
        batches = ((partition, batch) for partition, _, batch in read_batches(reader))
        folded = fold_run(batches, rules_of(reader), register, instant, instant)
    return folded, Scoring(Sums(register, folded.index), today_of(instant - 1, Civil(settings.zone)))


def write_tick(settings: Settings, instant: int) -> None:
    """Write a tick into every partition of the run's facts."""
    with Outbox(settings) as outbox:
        for partition in range(settings.partitions):
            outbox.send(topic_name(settings.run, "dossier-facts"), encode_batch(Batch(instant)), partition=partition)
        outbox.flush()
