"""The topics: what flows in each, how it is kept, and what it is called in a run. Nothing here talks to Kafka."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from streams.settings import Settings
from streams.settings_catalogue import RUN

LIVE = "live"
HOUR_MS = 3_600_000
BATCH_BYTES = 4 * 1024 * 1024
"""Largest message on topics that carry batches."""


@dataclass(frozen=True)
class Topic:
    """One topic. `retention_setting` names the setting (hours) that says how long messages stay; None is for good."""

    name: str
    purpose: str
    partitioned: bool
    compacted: bool
    retention_setting: str | None = None
    arrives_from_outside: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    def partition_count(self, settings: Settings) -> int:
        """How many partitions it has: those of the setting, or one."""
        return settings.partitions if self.partitioned else 1


# Compaction leaves the newest segment alone. Topics whose keys are written again and again must therefore close
# segments by time, or a start would read every version ever written.
_QUICK_COMPACTION = {
    "segment.ms": str(10 * 60_000),
    "segment.bytes": str(64 * 1024 * 1024),
    "min.compaction.lag.ms": str(60_000),
    "min.cleanable.dirty.ratio": "0.2",
}

# A worker that was frozen may write an old state late. The newer record before it must outlive compaction until the
# owner has seen and mended this, so nothing younger than an hour is compacted.
_STATE_COMPACTION = {
    "segment.ms": str(HOUR_MS),
    "segment.bytes": str(128 * 1024 * 1024),
    "min.compaction.lag.ms": str(HOUR_MS),
    "min.cleanable.dirty.ratio": "0.3",
}

TOPICS: tuple[Topic, ...] = (
    Topic(
        "dossier-events",
        "Native events from case-handling systems, one a message or many as NDJSON",
        partitioned=True,
        compacted=False,
        retention_setting="retention_dossier_events_h",
        arrives_from_outside=True,
    ),
    Topic(
        "petitions",
        "Petitions and what became of them, one a message or many as NDJSON",
        partitioned=False,
        compacted=False,
        retention_setting="retention_dossier_events_h",
        arrives_from_outside=True,
    ),
    Topic(
        "procedures",
        "Procedures of units as stated, one a message or many as NDJSON; the later statement holds",
        partitioned=False,
        compacted=False,
        retention_setting="retention_statements_h",
        arrives_from_outside=True,
    ),
    Topic(
        "declarations",
        "Totals that units declare of themselves, one a message or many as NDJSON; the later statement holds",
        partitioned=False,
        compacted=False,
        retention_setting="retention_statements_h",
        arrives_from_outside=True,
    ),
    Topic(
        "dossier-facts",
        "Facts of dossiers and statements, all of one case in one partition; each batch carries the clock",
        partitioned=True,
        compacted=False,
        retention_setting="retention_dossier_facts_h",
    ),
    Topic(
        "dossier-state",
        "The folded state of every case, in the partition of its facts",
        partitioned=True,
        compacted=True,
        extra=_STATE_COMPACTION,
    ),
    Topic("rejected", "What could not be read, with reason and origin", partitioned=True, compacted=True),
    Topic(
        "references",
        "Editions of calendar and limits; how a replay stands",
        partitioned=False,
        compacted=True,
    ),
    Topic(
        "unit-tallies",
        "Absolute counts per unit and day, and per unit, procedure and month; what was stated",
        partitioned=False,
        compacted=True,
        extra=_QUICK_COMPACTION,
    ),
    Topic(
        "watchlist",
        "One entry per open dossier that is due soon or late",
        partitioned=True,
        compacted=True,
        extra=_QUICK_COMPACTION,
    ),
    Topic(
        "acknowledgements",
        "What people say of dossiers on the watch list: known, resting until, a note, the post that acts",
        partitioned=False,
        compacted=True,
    ),
    Topic(
        "unit-index",
        "Figures of every unit, what every screen reads",
        partitioned=False,
        compacted=True,
        extra=_QUICK_COMPACTION,
    ),
    Topic(
        "index-history",
        "One record per unit, period and civil day; restatements",
        partitioned=False,
        compacted=True,
    ),
    Topic(
        "alerts",
        "Every transition of an alert, with its counts; what is remembered of each unit",
        partitioned=False,
        compacted=True,
        extra=_QUICK_COMPACTION,
    ),
)
BY_NAME: Mapping[str, Topic] = {topic.name: topic for topic in TOPICS}


def topic_name(run: str, base: str) -> str:
    """What a topic is called in a run: its own name in the live run, `run.<run>.<name>` in any other."""
    return base if run == LIVE else f"run.{run}.{base}"


def group_of(run: str) -> str:
    """The consumer group of the workers of a run."""
    return f"motcua.{run}"


def parse_topic(name: str) -> tuple[str, str] | None:
    """The run and the topic that a name in Kafka stands for, or None for a topic that is not ours."""
    if name in BY_NAME:
        return LIVE, name
    prefix, _, rest = name.partition(".")
    run, _, base = rest.partition(".")
    if prefix == "run" and base in BY_NAME and RUN.fullmatch(run) and run != LIVE:
        return run, base
    return None


def configuration(topic: Topic, settings: Settings) -> dict[str, str]:
    """The configuration of a topic in Kafka's words."""
    values = {
        "cleanup.policy": "compact" if topic.compacted else "delete",
        "min.insync.replicas": str(settings.min_insync),
        "max.message.bytes": str(BATCH_BYTES),
        # A sender's clock may be wrong; when a message reached us is for the broker to say.
        "message.timestamp.type": "LogAppendTime" if topic.arrives_from_outside else "CreateTime",
        "retention.bytes": "-1",
    }
    if not topic.compacted:
        values["retention.ms"] = str(_retention_ms(topic, settings))
    return {**values, **topic.extra}


def _retention_ms(topic: Topic, settings: Settings) -> int:
    if topic.retention_setting is None:
        return -1
    hours = int(getattr(settings, topic.retention_setting))
    return -1 if hours < 0 else hours * HOUR_MS
