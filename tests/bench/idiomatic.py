"""The comparison: the same job as every Faust tutorial would do it, with the core of motcua.

One event a message; a Table of dossiers and a Table of tallies, both with changelog topics; the producer lingers for
50 ms, which is the fair setting.  It keeps no timers and no watch list, which favours it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import faust
import msgspec

from simulators.outbox import Outbox
from streams.connection import admin_client
from streams.core.cases import decode, encode, fresh
from streams.core.civil import Civil
from streams.core.contributions import Effect, effect, unit_of
from streams.core.counters import WIDTH, difference
from streams.core.facts import Fact
from streams.core.fields import keyed
from streams.core.routing import partition_of
from streams.core.rules import Rules
from streams.settings import Settings
from streams.topics import topic_name

COMMAND: Final = ("tests.bench.idiomatic", "worker", "-l", "info", "--without-web")
_NAMES: Final = ("BENCH_BROKER", "BENCH_GROUP", "BENCH_TOPIC", "BENCH_PARTITIONS", "BENCH_DATA")


def group_of(run: str) -> str:
    """The consumer group of this application for a run."""
    return f"idiomatic.{run}"


def variables(settings: Settings) -> Mapping[str, str]:
    """What its process is told."""
    topic = topic_name(settings.run, "dossier-facts")
    values = (settings.brokers[0], group_of(settings.run), topic, str(settings.partitions), str(settings.data))
    return dict(zip(_NAMES, values, strict=True))


def create_changelogs(settings: Settings) -> None:
    """Create the topics of its Tables; left to Faust, a first start may never agree about their partitions."""
    wish = {"num_partitions": settings.partitions, "replication_factor": 1, "configs": {"cleanup.policy": "compact"}}
    names = [f"{group_of(settings.run)}-{table}-changelog" for table in ("dossiers", "tallies")]
    admin = admin_client(settings)
    admin.create_topics(dict.fromkeys(names, wish))
    admin.wait_for_topics(names, timeout_ms=30_000)
    admin.close()


def started(data: str) -> Path:
    """The file that appears with the first event."""
    return Path(data) / "started"


def fill(outbox: Outbox, topic: str, facts: Iterable[Fact], partitions: int) -> int:
    """Send every fact as a message of its own; how many there were."""
    count = 0
    for fact in facts:
        number = partition_of(fact.case, partitions)
        outbox.send(topic, msgspec.json.encode(fact), partition=number, key=fact.case.encode())
        count += 1
    outbox.flush()
    return count


def application(broker: str, group: str, topic: str, partitions: int, data: str) -> faust.App:
    """The application."""
    app = faust.App(
        group,
        broker=f"kafka://{broker}",
        store="memory://",
        datadir=data,
        topic_partitions=partitions,
        topic_replication_factor=1,
        topic_disable_leader=True,
        consumer_auto_offset_reset="earliest",
        broker_commit_interval=1.0,
        producer_linger=0.05,
        stream_wait_empty=False,
        web_enabled=False,
        value_serializer="raw",
    )
    source = app.topic(topic, key_type=bytes, value_type=bytes)
    dossiers = app.Table("dossiers", key_type=bytes, value_type=bytes, partitions=partitions)
    tallies = app.Table("tallies", key_type=str, value_type=bytes, partitions=partitions)
    rules = Rules(Civil("Asia/Ho_Chi_Minh"))
    decode_fact = msgspec.json.Decoder(Fact).decode

    async def agent(stream: Any) -> None:
        clock = 0
        async for event in stream.events():
            if not clock:
                started(data).touch()
            fact = decode_fact(event.value)
            clock = max(clock, fact.recorded + 1)
            key = fact.case.encode()
            stored = dossiers.get(key)
            case = fresh() if stored is None else decode(stored)
            before = None if stored is None else (unit_of(case.flat), effect(case, clock, rules))
            if case.fold(fact.recorded, fact.id, keyed(fact.set)):
                dossiers[key] = encode(case)
                _tally(tallies, event.message.partition, before, (unit_of(case.flat), effect(case, clock, rules)))

    app.agent(source, name="dossiers")(agent)
    return app


def _tally(tallies: Any, partition: int, before: tuple[str, Effect] | None, after: tuple[str, Effect]) -> None:
    """Take out of the cells what the dossier added before, and put in what it adds now."""
    changes: dict[str, list[int]] = {}
    for sign, said in ((-1, before), (1, after)):
        if said is None:
            continue
        unit, now = said
        for day, bits in ((now.received_day, now.received), (now.ended_day, now.ended)):
            # A Table in memory is one dict for all partitions, so the key must say which it is of.
            counts = changes.setdefault(f"{partition}/{unit}/{day}", [0] * WIDTH)
            for place, _ in difference(0, bits):
                counts[place] += sign
    for cell, deltas in changes.items():
        if any(deltas):
            held = tallies.get(cell)
            counts = [0] * WIDTH if held is None else msgspec.msgpack.decode(held)
            tallies[cell] = msgspec.msgpack.encode([old + new for old, new in zip(counts, deltas, strict=True)])


if __name__ == "__main__":
    _broker, _group, _topic, _partitions, _data = (os.environ[name] for name in _NAMES)
    sys.argv[0] = "idiomatic"
    application(_broker, _group, _topic, int(_partitions), _data).main()
