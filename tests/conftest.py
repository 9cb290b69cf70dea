"""What tests share: one real Kafka a session, names of runs that nobody else uses, settings for a run."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import settings

from streams.local_kafka import DEFAULT_VERSION, LocalKafka
from streams.settings import Settings, load

SettingsFor = Callable[..., Settings]
_numbers = itertools.count(1)
# How long one example takes says how busy the machine is, not whether the claim holds.  `make test` tries the same
# examples each time, so that it fails for what was changed; HYPOTHESIS=random looks for others, as `make soak` does.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("random", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS", "same"))


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalKafka]:
    """One real broker for the whole session; a machine that cannot run it fails the tests, saying what is missing.

    The variable TEST_KAFKA_VERSION chooses another of the supported versions.
    """
    version = os.environ.get("TEST_KAFKA_VERSION", DEFAULT_VERSION)
    broker = LocalKafka(tmp_path_factory.mktemp("kafka"), version=version)
    with broker:
        yield broker


@pytest.fixture
def run_name() -> str:
    """A run that no other test uses, also not one of another session on the same broker."""
    return f"test-{os.getpid()}-{next(_numbers)}"


@pytest.fixture
def settings_for(kafka: LocalKafka, tmp_path: Path) -> SettingsFor:
    """Settings for a run on the session's broker: `settings_for(run, partitions=4, …)`."""

    def make(run: str, **over: object) -> Settings:
        settings = load({"HOME": str(tmp_path)})
        base: dict[str, Any] = {
            "brokers": (kafka.brokers,),
            "run": run,
            "data": tmp_path / "data",
            "http_port": 0,
            "session_timeout_s": 6.0,
            "heartbeat_s": 1.0,
        }
        return msgspec.structs.replace(settings, **{**base, **over})

    return make


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """No test passes by being skipped: a session with skipped tests fails."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and reporter.stats.get("skipped") and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
