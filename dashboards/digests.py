"""Digests of a run: from what the stages wrote, and from its facts.  Equal digests say that both say the same."""

from __future__ import annotations

import msgspec

from dashboards.folding import Folded, fold_run
from dashboards.outputs import read_batches, read_figures, read_states, read_tallies, rules_of
from streams.core.civil import Civil
from streams.core.digest import HistoryDigest, RunDigest, history_digest, run_digest, verdict_line
from streams.core.history import is_day, is_restatement
from streams.core.index import EntryKey, Index, RunStatus
from streams.errors import MotcuaError
from streams.listed import read_watched
from streams.reading import RunReader
from streams.registers import register_of
from streams.settings import Settings

PARTS = ("verdicts", "cells", "index", "late", "cases")


class NoDigest(MotcuaError):
    """The run has no digest now; the text says why and what to do."""


class Comparison(msgspec.Struct, frozen=True):
    """The digest of what the stages wrote beside the one of the facts, as of one clock (micros)."""

    as_of: int
    pipeline: RunDigest
    facts: RunDigest

    @property
    def different(self) -> tuple[str, ...]:
        """The parts that differ."""
        return tuple(part for part in PARTS if getattr(self.pipeline, part) != getattr(self.facts, part))


def digest_of_run(settings: Settings) -> RunDigest:
    """The digest of what the stages wrote, as of the run's clock; NoDigest while there is no one clock."""
    return pipeline_digest(settings)[1]


def pipeline_digest(settings: Settings) -> tuple[int, RunDigest]:
    """The run's clock (micros) and the digest of what the stages wrote; NoDigest while there is no one clock."""
    register = register_of(settings)
    with RunReader(settings) as reader:
        tallies, (status, entries) = read_tallies(reader, register), read_figures(reader)
        clock, rules = _one_clock(settings, status, tallies), rules_of(reader)
        return clock, run_digest(
            (verdict_line(case, state, clock, rules) for case, state in read_states(reader).items()),
            tallies.cells(),
            tallies.use_cells(),
            ((period, unit, entry.every) for (period, unit), entry in entries.items()),
            read_watched(reader).items(),
        )


def digest_of_history(settings: Settings) -> HistoryDigest:
    """The digest of all that the run has told of closed hours: daily closes, restatements, transitions of alerts."""
    with RunReader(settings) as reader:
        history, alerts = _standing(reader, "index-history"), _standing(reader, "alerts")
    return history_digest(
        {key: value for key, value in history.items() if is_day(key)},
        {key: value for key, value in history.items() if is_restatement(key)},
        {key: value for key, value in alerts.items() if not key.startswith(b"@")},
    )


def _standing(reader: RunReader, base: str) -> dict[bytes, bytes]:
    """The last value of each key of a topic."""
    found: dict[bytes, bytes] = {}
    for message in reader.read(base):
        if message.key is None:
            continue
        if message.value is None:
            found.pop(message.key, None)
        else:
            found[message.key] = message.value
    return found


def digest_of_facts(settings: Settings, as_of: int, known_at: int | None = None) -> RunDigest:
    """The digest of the run's facts as of `as_of` (micros), of all or of those recorded before `known_at`."""
    with RunReader(settings) as reader:
        batches = ((partition, batch) for partition, _, batch in read_batches(reader))
        return digest_of(fold_run(batches, rules_of(reader, known_at), register_of(settings), as_of, known_at))


def digest_of(folded: Folded) -> RunDigest:
    """The digest of folded facts."""
    return run_digest(
        folded.verdict_lines(),
        folded.cell_lines(),
        folded.uses.items(),
        folded.index_lines(),
        folded.watched.items(),
    )


def compare(settings: Settings) -> Comparison:
    """What the stages wrote beside what follows from the facts; NoDigest while partitions stand at different clocks."""
    clock, pipeline = pipeline_digest(settings)
    return Comparison(clock, pipeline, digest_of_facts(settings, clock))


def figures_of_run(settings: Settings) -> dict[EntryKey, dict[str, int]]:
    """Counts by period and unit as `unit-index` says them."""
    with RunReader(settings) as reader:
        return {key: entry.counts for key, entry in read_figures(reader).entries.items()}


def _one_clock(settings: Settings, status: RunStatus | None, index: Index) -> int:
    """The clock (micros) at which all parts of the run stand; NoDigest says why there is none."""
    if status is None or status.as_of == 0:
        raise NoDigest(
            f"Run {settings.run} has no figures as of any instant yet: are its workers running (`motcua worker`)? "
            "With --as-of the digest is made of its facts alone."
        )
    clocks = set(index.clocks.values())
    if len(clocks) > 1:
        civil = Civil(settings.zone)
        low, high = (civil.text(clock / 1_000_000) for clock in (min(clocks), max(clocks)))
        raise NoDigest(
            f"The partitions of run {settings.run} stand at different clocks, from {low} to {high}, so its parts are "
            "not of one instant and there is no digest to compare. Wait until it is at rest (a replay that has come "
            "to its tick), or ask for the digest of its facts: --as-of."
        )
    if clocks != {status.as_of}:
        raise NoDigest(f"The figures of run {settings.run} have not caught up with its tallies; ask again in a moment.")
    if not status.complete:
        raise NoDigest(
            f"The figures of run {settings.run} are not complete: a partition has not told its counts yet. "
            "Let its workers come to rest (`motcua report` says when they have), then ask again."
        )
    return status.as_of
