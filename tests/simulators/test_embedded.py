"""The embedded broker: started, written, read, and gone; what is said where its library is not."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition

from simulators.embedded import EmbeddedBroker, EmbeddedFailed, library_file, library_in
from simulators.outbox import Outbox
from streams.connection import kafka_python_options, wait_for_broker
from streams.settings import Settings, load
from streams.topics import TOPICS, topic_name


def settings_at(broker: EmbeddedBroker, folder: Path) -> Settings:
    return load(
        {
            "HOME": str(folder),
            "MOTCUA_BROKERS": broker.brokers,
            "MOTCUA_EMBEDDED": "true",
            "MOTCUA_RUN": "demo",
            "MOTCUA_PARTITIONS": "3",
        }
    )


def test_what_is_sent_to_it_is_read_back_in_order(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        settings = settings_at(broker, tmp_path)
        broker.create_topics(settings)
        wait_for_broker(settings, 10)
        name = topic_name("demo", "dossier-facts")
        with Outbox(settings) as outbox:
            assert outbox.partitions(name) == 3
            for number in range(100):
                outbox.send(name, str(number).encode(), partition=2)
            outbox.flush()
        consumer = KafkaConsumer(**kafka_python_options(settings), group_id=None, consumer_timeout_ms=5000)
        place = TopicPartition(name, 2)
        consumer.assign([place])
        consumer.seek_to_beginning(place)
        read = [int(next(consumer).value) for _ in range(100)]
        consumer.close()
    assert read == list(range(100))


def test_it_has_every_topic_of_the_run(tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        settings = settings_at(broker, tmp_path)
        broker.create_topics(settings)
        with Outbox(settings) as outbox:
            found = {topic.name: outbox.partitions(topic_name("demo", topic.name)) for topic in TOPICS}
    assert found == {topic.name: 3 if topic.partitioned else 1 for topic in TOPICS}


def test_a_topic_is_created_once_and_only_on_a_broker_that_runs() -> None:
    broker = EmbeddedBroker()
    with pytest.raises(EmbeddedFailed, match="not been started"):
        broker.create_topic("events", 1)
    with broker:
        broker.create_topic("events", 1)
        with pytest.raises(EmbeddedFailed, match="there already"):
            broker.create_topic("events", 1)


def test_it_listens_on_loopback_alone_and_nobody_answers_once_it_is_stopped() -> None:
    with EmbeddedBroker() as broker:
        host, _, port = broker.brokers.rpartition(":")
        assert host == "127.0.0.1"
        socket.create_connection((host, int(port)), 5).close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection((host, int(port)), 5)
    broker.stop()  # a second time does no harm


def test_it_says_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with EmbeddedBroker() as broker:
        broker.create_topics(settings_at(broker, tmp_path))
        wait_for_broker(settings_at(broker, tmp_path), 10)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("platform", "file"),
    [
        ("linux", "confluent_kafka.libs/librdkafka-0cb94173.so.1"),
        ("darwin", "confluent_kafka/.dylibs/librdkafka.1.dylib"),
        ("win32", "confluent_kafka.libs/librdkafka-5d6a.dll"),
    ],
)
def test_the_library_is_found_where_wheels_of_each_system_put_it(platform: str, file: str, tmp_path: Path) -> None:
    for path in (tmp_path / file, (tmp_path / file).with_name("librdkafka++.so.1"), tmp_path / "confluent_kafka/x.py"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    assert library_in(tmp_path / "confluent_kafka", platform) == tmp_path / file


def test_a_package_without_its_library_is_named_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedFailed, match=r"without its own librdkafka.*--broker HOST:PORT"):
        library_in(tmp_path / "confluent_kafka", "linux")


def test_the_installed_package_has_its_library() -> None:
    assert library_file(sys.platform).is_file()
