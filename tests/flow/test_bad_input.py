import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from dashboards.conservation import conservation_of
from dashboards.outputs import read_rejections
from streams import topic_admin
from streams.connection import kafka_python_options
from streams.reading import RunReader
from streams.settings import Settings
from streams.topics import TOPICS, topic_name
from tests.conftest import SettingsFor
from tests.flow.fleet import Fleet
from tests.flow.rest import figures, said_at, wait_for_rest, write_tick
from tests.flow.rounds import LAST

NAME = "Nguyễn Thị Không-Ai-Cả"
NOW = datetime.now(timezone(timedelta(hours=7)))


def event(dossier: str, **over: object) -> dict[str, object]:
    base = {"kind": "accepted", "dossier": dossier, "at": (NOW - timedelta(hours=2)).isoformat(), "unit": "H01"}
    return {**base, "citizen": NAME, **over}


def packed(*events: dict[str, object]) -> bytes:
    return b"\n".join(json.dumps(one, ensure_ascii=False).encode() for one in events)


def without(dossier: str, field: str) -> bytes:
    return packed({name: value for name, value in event(dossier).items() if name != field})


BAD: dict[str, tuple[bytes | None, str | None]] = {
    "unreadable bytes": (b"\xff\xfe\x00" + NAME.encode("utf-16"), "unreadable"),
    "a JSON text cut short": (packed(event("A-1"))[:40], "unreadable"),
    "not UTF-8 inside a text": (b'{"kind":"accepted","dossier":"\xff\xff"}', "unreadable"),
    "a bare number": (b"17", "wrong_type"),
    "a list": (b"[1, 2, 3]", "wrong_type"),
    "an unknown kind": (packed(event("A-2", kind=NAME)), "unknown_kind"),
    "no kind": (without("A-3", "kind"), "unknown_kind"),
    "a missing field": (without("A-4", "at"), "missing_field"),
    "a wrong type": (packed(event("A-5", unit=[NAME])), "wrong_type"),
    "a name where a channel belongs": (packed(event("A-6", channel=NAME)), "wrong_type"),
    "a name where a moment belongs": (packed(event("A-7", at=NAME)), "wrong_type"),
    "a name where a due date belongs": (packed(event("A-8", due=NAME)), "wrong_type"),
    "a time without offset": (packed(event("A-9", at="2026-11-02T08:00:00")), "naive_time"),
    "two hours ahead": (packed(event("A-10", at=(NOW + timedelta(hours=2)).isoformat())), "ahead_of_clock"),
    "the year 1": (packed(event("A-11", at="0001-01-01T00:00:00+00:00")), "out_of_range"),
    "a megabyte of text": (packed(event("A-12", unit=NAME + "x" * 1_000_000)), "too_large"),
    "brackets a hundred thousand deep": (b"[" * 100_000, "too_large"),
    "brackets as deep as an item may be long": (b"[" * 30_000 + b"]" * 30_000, "wrong_type"),
    "depth in a field that nobody asked for": (
        b'{"kind":"accepted","dossier":"A-13","x":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
        "unreadable",
    ),
    "a control character in a code": (packed(event("A-14\x00")), "wrong_type"),
    "a tombstone": (None, "tombstone"),
    "an empty message": (b"", None),
    "blank lines": (b"\n \n\n", None),
}


def send(settings: Settings, topic: str, messages: list[bytes | None]) -> None:
    producer = KafkaProducer(**kafka_python_options(settings), acks="all", max_request_size=4 << 20)
    try:
        for message in messages:
            producer.send(topic, message, key=None if message else b"key", partition=0)
        producer.flush(timeout=30)
    finally:
        producer.close()


def everything(settings: Settings, *, but: str) -> Iterator[tuple[str, bytes]]:
    """Topic, and key and value, of every record of the run except those of one topic."""
    consumer = KafkaConsumer(**kafka_python_options(settings), group_id=None, enable_auto_commit=False)
    try:
        for topic in TOPICS:
            if topic.name == but:
                continue
            name = topic_name(settings.run, topic.name)
            for partition in range(topic.partition_count(settings)):
                place = TopicPartition(name, partition)
                consumer.assign([place])
                consumer.seek_to_beginning(place)
                end = consumer.end_offsets([place])[place]
                while consumer.position(place) < end:
                    for records in consumer.poll(timeout_ms=200).values():
                        for record in records:
                            yield topic.name, (record.key or b"") + b"\n" + (record.value or b"")
    finally:
        consumer.close()


def spellings(text: str) -> list[bytes]:
    """A text as it may appear in a log or a topic."""
    return [
        text.encode(),
        json.dumps(text).encode().strip(b'"'),
        repr(text.encode())[2:-1].encode(),
        text.encode("utf-16-le"),
    ]


@pytest.mark.integration
def test_bad_input_is_counted_and_kept_with_its_origin_and_the_stream_goes_on(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=2)
    topic_admin.create(settings, run_name)
    events, facts = topic_name(run_name, "dossier-events"), topic_name(run_name, "dossier-facts")
    good_lines = packed(event("G-1"), event("G-2"))
    ndjson = good_lines + b"\n{" + NAME.encode() + b"\n" + packed(event("G-3"))
    messages = [packed(event("G-0")), *(message for message, _ in BAD.values()), ndjson, packed(event("G-4"))]
    with Fleet(settings, 1, tmp_path) as fleet:
        send(settings, events, messages)
        send(settings, facts, garbage())
        send(settings, events, [packed(event("G-5"))])
        write_tick(settings, LAST)
        wait_for_rest(settings, LAST, 60, fleet.words)
        metrics = fleet.workers[0].page("/metrics")[1]
        assert fleet.started == 1, fleet.words()
        log = fleet.workers[0].log.read_bytes()
    said = said_at(settings, LAST)
    assert said.pipeline == said.facts
    # Garbage was written past INTAKE, so it is no item of an input and only kept.
    rows, holds = conservation_of(settings)
    assert holds, rows
    with RunReader(settings) as reader:
        rejections = read_rejections(reader)
    kept = {(one.input, one.offset, one.index): one.reason.value for one in rejections}
    expected = {
        (f"{events}/0", 1 + place, 0): reason for place, (_, reason) in enumerate(BAD.values()) if reason is not None
    }
    expected[f"{events}/0", 1 + len(BAD), 2] = "unreadable"
    expected |= {(f"{facts}/0", offset, 0): "unreadable" for offset in refused_places(settings, facts)}
    assert kept == expected
    assert len([place for place in kept if place[0].startswith(facts)]) == len(garbage())
    outcome = said.outcome
    assert (outcome["applied"], outcome["repeated"], outcome["ignored"]) == (6, 0, 1)
    assert outcome["rejected"] == sum(reason not in (None, "tombstone") for _, reason in BAD.values()) + 1
    assert figures(settings)["H01"]["received"] == 6
    counts = Counter(reason for reason in kept.values() if reason != "tombstone")
    for reason, count in counts.items():
        assert f'motcua_items_rejected_total{{reason="{reason}",run="{run_name}"}} {count:.1f}' in metrics
    for spelling in spellings(NAME):
        assert [topic for topic, record in everything(settings, but="dossier-events") if spelling in record] == []
        assert spelling not in log
        assert spelling not in metrics.encode()


def garbage() -> list[bytes | None]:
    """What no worker would write to dossier-facts."""
    return [
        b"garbage",
        b"\xff\xfe",
        b"",
        None,
        b"[]",
        b'{"clock":"noon"}',
        b'{"clock":-1}',
        b"[" * 100_000,
        b'{"clock":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ]


def refused_places(settings: Settings, topic: str) -> list[int]:
    """Where the garbage lies: its offsets."""
    known = set(garbage())
    consumer = KafkaConsumer(**kafka_python_options(settings), group_id=None, enable_auto_commit=False)
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        consumer.seek_to_beginning(place)
        end, found = consumer.end_offsets([place])[place], []
        while consumer.position(place) < end:
            for records in consumer.poll(timeout_ms=200).values():
                found += [record.offset for record in records if record.value in known]
        return found
    finally:
        consumer.close()
