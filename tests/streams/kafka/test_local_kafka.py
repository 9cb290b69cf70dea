from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from streams.errors import LocalKafkaFailed
from streams.local_kafka import LocalCluster, LocalKafka
from streams.local_kafka.jars import jars, java, java_version
from streams.local_kafka.node import living_brokers
from streams.local_kafka.ports import free_port, is_free
from streams.local_kafka.properties import Node, server_properties

TOPIC = "durable"


def create_topic(brokers: str, copies: int = 1) -> None:
    admin = KafkaAdminClient(bootstrap_servers=brokers)
    wish = {"num_partitions": 1, "replication_factor": copies, "configs": {"min.insync.replicas": str(min(2, copies))}}
    admin.create_topics({TOPIC: wish}, wait_for_metadata=True)
    admin.close()


def send(brokers: str, *texts: bytes) -> None:
    with KafkaProducer(bootstrap_servers=brokers, acks="all") as producer:
        for text in texts:
            producer.send(TOPIC, text).get(timeout=30)


def read_all(brokers: str) -> list[bytes]:
    partition = TopicPartition(TOPIC, 0)
    with KafkaConsumer(bootstrap_servers=brokers, consumer_timeout_ms=20_000) as consumer:
        consumer.assign([partition])
        consumer.seek_to_beginning()
        end = consumer.end_offsets([partition])[partition]
        found: list[bytes] = []
        while len(found) < end:
            found.append(next(consumer).value)
    return found


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("zsh: command not found", None),
    ],
)
def test_the_version_of_java_is_read_from_what_it_says(said: str, version: int | None) -> None:
    assert java_version(said) == version


def test_without_java_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(LocalKafkaFailed, match="apt-get install openjdk-17-jre-headless"):
        java()


def test_an_old_java_is_named_with_its_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n", encoding="utf-8")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(LocalKafkaFailed, match=r"needs Java 17 or newer.*11\.0\.2"):
        java()


def test_without_maven_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalKafkaFailed, match="apt-get install maven"):
        jars(cache=tmp_path)


def test_a_fetch_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    maven = tmp_path / "bin" / "mvn"
    maven.parent.mkdir()
    maven.write_text("#!/bin/sh\necho 'no route to host'; exit 1\n", encoding="utf-8")
    maven.chmod(0o755)
    monkeypatch.setenv("PATH", f"{maven.parent}{os.pathsep}{os.environ['PATH']}")
    cache = tmp_path / "cache"
    with pytest.raises(LocalKafkaFailed, match="no route to host"):
        jars(cache=cache)
    assert list(cache.iterdir()) == []


def test_everything_listens_on_loopback(tmp_path: Path) -> None:
    text = server_properties(Node(id=1, port=9092, voters={1: 9093}, folder=tmp_path))
    listeners = next(line for line in text.splitlines() if line.startswith("listeners="))
    assert listeners == "listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093"


def test_free_ports_stay_below_those_of_outgoing_connections() -> None:
    assert all(free_port() < 32768 for _ in range(20))


@pytest.mark.integration
def test_what_was_written_survives_a_stop_and_a_kill(tmp_path: Path) -> None:
    with LocalKafka(tmp_path) as kafka:
        create_topic(kafka.brokers)
        send(kafka.brokers, b"before stop")
        kafka.stop()
        assert not kafka.running
        kafka.start()
        send(kafka.brokers, b"before kill")
        kafka.kill()
        kafka.start()
        assert read_all(kafka.brokers) == [b"before stop", b"before kill"]


@pytest.mark.integration
def test_a_frozen_broker_does_not_answer_until_it_is_woken(tmp_path: Path) -> None:
    with LocalKafka(tmp_path) as kafka:
        kafka.pause()
        assert living_brokers(kafka.brokers) == 0
        kafka.resume()
        kafka.start()
        assert living_brokers(kafka.brokers) == 1


@pytest.mark.integration
def test_a_taken_port_is_named_before_kafka_is_tried(kafka: LocalKafka, tmp_path: Path) -> None:
    port = int(kafka.brokers.partition(":")[2])
    with pytest.raises(LocalKafkaFailed, match=f"Port {port} on 127.0.0.1 is taken"):
        LocalKafka(tmp_path, port=port).start()


@pytest.mark.integration
def test_a_broker_that_cannot_start_shows_its_last_words(tmp_path: Path) -> None:
    with pytest.raises(LocalKafkaFailed, match=r"num\.io\.threads"):
        LocalKafka(tmp_path, extra={"num.io.threads": "none"}).start()


@pytest.mark.integration
def test_three_nodes_lose_one_and_nothing_else(tmp_path: Path) -> None:
    with LocalCluster(tmp_path) as cluster:
        create_topic(cluster.brokers, copies=3)
        send(cluster.brokers, b"three")
        cluster.kill_node(2)
        assert cluster.running == (1, 3)
        send(cluster.brokers, b"two")
        cluster.start_node(2)
        assert read_all(cluster.brokers) == [b"three", b"two"]


@pytest.mark.integration
def test_the_older_version_runs_too(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, version="3.9.1") as kafka:
        create_topic(kafka.brokers)
        send(kafka.brokers, b"three dot nine")
        assert read_all(kafka.brokers) == [b"three dot nine"]


@pytest.mark.integration
def test_the_command_prints_the_broker_and_ends_cleanly_on_a_signal(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from streams.cli import main; main()", "kafka"]
    command += ["--data", str(tmp_path), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        assert child.stdout is not None
        brokers = child.stdout.readline().strip()
        assert living_brokers(brokers) == 1
        child.send_signal(signal.SIGINT)
        assert child.wait(40) == 0
    assert is_free(int(brokers.partition(":")[2]))
