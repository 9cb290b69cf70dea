import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaConsumer, OffsetAndMetadata, TopicPartition

from streams import topic_admin
from streams.connection import kafka_python_options
from streams.core.civil import MICROS
from streams.local_kafka import LocalKafka
from streams.settings import Settings
from streams.stages.figures import Figures
from streams.topics import TOPICS, group_of, topic_name
from streams.watchdog import Watchdog
from tests.conftest import SettingsFor
from tests.flow.fleet import Worker, until
from tests.flow.rest import wait_for_rest, write_tick

READY_S = 40.0


@pytest.fixture
def worker_of(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    """Start workers that end with the test."""
    started: list[Worker] = []

    def make(settings: Settings, **over: str) -> Worker:
        worker = Worker(settings, tmp_path / f"worker-{len(started)}.log", **over)
        started.append(worker)
        worker.launch()
        return worker

    yield make
    for worker in started:
        worker.end()


def ready(worker: Worker) -> None:
    until(lambda: worker.running and worker.page("/readyz")[0] == 200, READY_S, worker.words)


@pytest.mark.integration
def test_a_first_start_waits_for_the_broker_with_a_word_and_creates_its_topics(
    settings_for: SettingsFor, run_name: str, tmp_path: Path, worker_of: Callable[..., Worker]
) -> None:
    broker = LocalKafka(tmp_path / "kafka")
    settings = settings_for(run_name, partitions=2, brokers=(broker.brokers,))
    worker = worker_of(settings)
    until(lambda: f"Waiting for Kafka at {broker.brokers}" in worker.words(), READY_S, worker.words)
    with broker:
        ready(worker)
        assert "created topics" in worker.words()
        assert len(topic_admin.create(settings, run_name)) == 0, f"all {len(TOPICS)} topics are there already"
        worker.end()


@pytest.mark.integration
def test_the_pages_answer_on_loopback_and_only_there(
    settings_for: SettingsFor, run_name: str, worker_of: Callable[..., Worker]
) -> None:
    worker = worker_of(settings_for(run_name, partitions=2))
    ready(worker)
    assert worker.address().startswith("http://127.0.0.1:")
    assert worker.page("/livez") == (200, "alive\n")
    assert worker.page("/readyz") == (200, "ready\n")
    assert worker.page("/elsewhere")[0] == 404
    status, text = worker.page("/metrics")
    assert status == 200
    assert f'motcua_partitions_owned{{run="{run_name}"}} 2.0' in text
    assert worker.process is not None
    assert set(listening(worker.process.pid)) == {"127.0.0.1"}


def listening(pid: int) -> list[str]:
    """Addresses on which a process listens."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    inodes = {link[8:-1] for link in links if link.startswith("socket:[")}
    found = []
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                address = fields[1].partition(":")[0]
                found.append(".".join(str(byte) for byte in reversed(bytes.fromhex(address))))
    return found


@pytest.mark.integration
def test_sigterm_ends_it_with_0_and_the_next_worker_need_not_wait_for_the_session_to_end(
    settings_for: SettingsFor, run_name: str, worker_of: Callable[..., Worker]
) -> None:
    settings = settings_for(run_name, partitions=2, session_timeout_s=45.0)
    first = worker_of(settings)
    ready(first)
    write_tick(settings, 10 * MICROS)
    wait_for_rest(settings, 10 * MICROS, 30, first.words)
    write_tick(settings, 20 * MICROS)
    first.send(signal.SIGTERM)
    assert first.wait(60) == 0, first.words()
    second = worker_of(settings)
    began = time.monotonic()
    ready(second)
    wait_for_rest(settings, 20 * MICROS, 30, second.words)
    assert time.monotonic() - began < 30
    assert second.words().count("taken over") >= 3


@pytest.mark.integration
def test_a_wrong_password_ends_it_at_once_saying_which_settings_to_check(
    settings_for: SettingsFor, run_name: str, tmp_path: Path, worker_of: Callable[..., Worker]
) -> None:
    with LocalKafka(tmp_path / "kafka", sasl_users={"admin": "right", "motcua": "right"}) as broker:
        settings = msgspec.structs.replace(
            settings_for(run_name),
            brokers=(broker.sasl_brokers,),
            security_protocol="SASL_PLAINTEXT",
            sasl_mechanism="PLAIN",
            sasl_username="motcua",
            sasl_password="wrong",
        )
        worker = worker_of(settings)
        assert worker.wait(120) != 0
        words = worker.words()
        assert "refused user motcua" in words
        assert "sasl_password" in words
        assert "Traceback" not in words
        right = worker_of(msgspec.structs.replace(settings, sasl_password="right", partitions=2))
        ready(right)
        right.end()


class Ending(Watchdog):
    """A watchdog that says why it would end the process instead of ending this one."""

    def __init__(self, settings: Settings, figures: Figures) -> None:
        super().__init__(settings, group_of(settings.run), figures)
        self.whys: list[str] = []
        self.said = threading.Event()

    def _end(self, why: str) -> None:
        self.whys.append(why)
        self.said.set()
        raise SystemExit


def owner(settings: Settings) -> Figures:
    """Figures of a worker whose event loop lives and that owns partition 0."""
    place = (topic_name(settings.run, "dossier-facts"), 0)
    return Figures(beat=time.monotonic() + 3600, ready=True, assigned=frozenset({place}))


def acknowledge(settings: Settings, offset: int) -> None:
    place = TopicPartition(topic_name(settings.run, "dossier-facts"), 0)
    consumer = KafkaConsumer(
        **kafka_python_options(settings), group_id=group_of(settings.run), enable_auto_commit=False
    )
    try:
        consumer.assign([place])
        consumer.commit({place: OffsetAndMetadata(offset, "", -1)})
    finally:
        consumer.close()


@pytest.mark.integration
def test_the_watchdog_ends_a_worker_that_has_lag_and_acknowledges_nothing(
    settings_for: SettingsFor, run_name: str
) -> None:
    settings = settings_for(run_name, partitions=1, watchdog_s=3.0)
    topic_admin.create(settings, run_name)
    for second in range(1, 6):
        write_tick(settings, second * MICROS)
    acknowledge(settings, 2)
    dog = Ending(settings, owner(settings))
    dog.start()
    assert dog.said.wait(30)
    assert "no progress on" in dog.whys[0]
    assert "dossier-facts/0" in dog.whys[0]


@pytest.mark.integration
def test_the_watchdog_lets_a_worker_be_that_acknowledges_slowly_or_has_nothing_to_do(
    settings_for: SettingsFor, run_name: str
) -> None:
    settings = settings_for(run_name, partitions=1, watchdog_s=3.0)
    topic_admin.create(settings, run_name)
    for second in range(1, 6):
        write_tick(settings, second * MICROS)
    acknowledge(settings, 1)
    dog = Ending(settings, owner(settings))
    dog.start()
    for offset in (2, 3, 5):
        assert not dog.said.wait(2.2)
        acknowledge(settings, offset)
    assert not dog.said.wait(8.0), dog.whys


@pytest.mark.integration
def test_the_watchdog_ends_a_worker_that_has_lag_and_has_never_acknowledged_anything(
    settings_for: SettingsFor, run_name: str
) -> None:
    settings = settings_for(run_name, partitions=1, watchdog_s=3.0)
    topic_admin.create(settings, run_name)
    write_tick(settings, MICROS)
    dog = Ending(settings, owner(settings))
    dog.start()
    assert dog.said.wait(30)


def test_the_watchdog_ends_a_worker_whose_event_loop_stands_still(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, watchdog_s=1.0, brokers=("127.0.0.1:1",))
    dog = Ending(settings, Figures(beat=time.monotonic()))
    dog.start()
    assert dog.said.wait(10)
    assert "event loop has stood still" in dog.whys[0]
