"""Create, check and remove the topics of a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError

from streams.connection import REFUSALS, admin_client, refused
from streams.errors import TopicsUnfit
from streams.settings import Settings
from streams.topics import BY_NAME, LIVE, TOPICS, configuration, parse_topic, topic_name

LEADERS_S = 30.0
_ALREADY_EXISTS = 36
_UNKNOWN_TOPIC = 3


@dataclass(frozen=True)
class Difference:
    """One way in which a topic is not as the settings say."""

    topic: str
    what: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.topic}: {self.what} is {self.found}, should be {self.expected}"


def create(settings: Settings, run: str) -> tuple[str, ...]:
    """Create what is missing of a run's topics; return the names created, once every partition has a leader.

    What is there already stays as it is (see `check`). Does nothing on the embedded broker.
    """
    if settings.embedded:
        return ()
    with _admin(settings) as admin:
        names = [topic_name(run, topic.name) for topic in TOPICS]
        present = set(_descriptions(admin, names))
        wanted = {name: _wish(settings, name) for name in names if name not in present}
        if wanted:
            answer = admin.create_topics(wanted, raise_errors=False)
            _refuse_failures(answer["topics"])
        # Without this wait, the first message to a topic just created was once lost though its sender saw no error.
        admin.wait_for_topics(names, timeout_ms=int(LEADERS_S * 1000))
        return tuple(wanted)


def check(settings: Settings, run: str) -> list[Difference]:
    """How the topics of a run differ from what the settings say; empty when all is well or the broker is embedded."""
    if settings.embedded:
        return []
    with _admin(settings) as admin:
        names = [topic_name(run, topic.name) for topic in TOPICS]
        described = _descriptions(admin, names)
        found = _configurations(admin, list(described))
    differences: list[Difference] = []
    for name in names:
        if name in described:
            differences += _compare(settings, name, described[name], found[name])
        else:
            differences.append(Difference(name, "topic", "there (`motcua topics create`)", "missing"))
    return differences


def remove(settings: Settings, run: str) -> tuple[str, ...]:
    """Delete the topics of a run with all that is in them; return the names. A missing topic is no error."""
    if settings.embedded:
        return ()
    with _admin(settings) as admin:
        names = sorted(_descriptions(admin, [topic_name(run, topic.name) for topic in TOPICS]))
        if names:
            admin.delete_topics(names)
        return tuple(names)


def runs(settings: Settings) -> list[str]:
    """Runs of which at least one topic is there: the live one first, the others by name."""
    with _admin(settings) as admin:
        found = {parsed[0] for name in admin.list_topics() if (parsed := parse_topic(name)) is not None}
    return sorted(found, key=lambda run: (run != LIVE, run))


@contextmanager
def _admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    admin = admin_client(settings)
    try:
        yield admin
    except REFUSALS as error:
        raise refused(settings, error) from error
    except KafkaError as error:
        raise TopicsUnfit(f"Kafka at {', '.join(settings.brokers)} could not do that: {error}") from error
    finally:
        admin.close()


def _wish(settings: Settings, name: str) -> dict[str, Any]:
    parsed = parse_topic(name)
    assert parsed is not None  # the name was made by topic_name
    topic = BY_NAME[parsed[1]]
    return {
        "num_partitions": topic.partition_count(settings),
        "replication_factor": settings.replication,
        "configs": configuration(topic, settings),
    }


def _refuse_failures(answers: list[dict[str, Any]]) -> None:
    # Another worker that started at the same moment may have been quicker: that is as good.
    failures = [answer for answer in answers if answer["error_code"] not in (0, _ALREADY_EXISTS)]
    if failures:
        reasons = "; ".join(f"{answer['name']}: {answer['error_message']}" for answer in failures)
        raise TopicsUnfit(
            f"Topics could not be created: {reasons}. Look at the settings replication (are there as many brokers?) "
            "and partitions, and at the rights of our user."
        )


def _descriptions(admin: KafkaAdminClient, names: list[str]) -> dict[str, dict[str, Any]]:
    described = admin.describe_topics(names)
    return {topic["name"]: topic for topic in described if topic["error_code"] != _UNKNOWN_TOPIC}


def _configurations(admin: KafkaAdminClient, names: list[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    answer = admin.describe_configs(resources, config_filter="all")
    return {
        name: {key: str(entry["value"]) for key, entry in entries.items()} for name, entries in answer["topic"].items()
    }


def _compare(
    settings: Settings, name: str, described: Mapping[str, Any], found: Mapping[str, str]
) -> Iterator[Difference]:
    wish = _wish(settings, name)
    partitions = described["partitions"]
    if len(partitions) != wish["num_partitions"]:
        yield Difference(name, "partitions", str(wish["num_partitions"]), str(len(partitions)))
    copies = {len(partition["replica_nodes"]) for partition in partitions}
    if copies != {settings.replication}:
        yield Difference(name, "replication", str(settings.replication), "/".join(map(str, sorted(copies))))
    for key, value in wish["configs"].items():
        if found.get(key) != value:
            yield Difference(name, key, value, found.get(key, "not set"))
