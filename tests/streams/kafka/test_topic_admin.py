from __future__ import annotations

import msgspec
import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from streams import topic_admin
from streams.connection import kafka_python_options
from streams.errors import TopicsUnfit
from streams.topics import TOPICS, topic_name
from tests.conftest import SettingsFor

pytestmark = pytest.mark.integration


def test_topics_created_are_as_the_settings_say_and_a_second_time_nothing_happens(
    settings_for: SettingsFor, run_name: str
) -> None:
    settings = settings_for(run_name, partitions=3)
    assert set(topic_admin.create(settings, run_name)) == {topic_name(run_name, topic.name) for topic in TOPICS}
    assert topic_admin.create(settings, run_name) == ()
    assert topic_admin.check(settings, run_name) == []


def test_the_first_message_to_a_topic_just_created_is_there(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=3)
    topic_admin.create(settings, run_name)
    topic = topic_name(run_name, "dossier-facts")
    options = kafka_python_options(settings)
    with KafkaProducer(**options, acks="all") as producer:
        for partition in range(3):
            producer.send(topic, b"first", partition=partition).get(timeout=10)
    with KafkaConsumer(**options) as consumer:
        ends = consumer.end_offsets([TopicPartition(topic, partition) for partition in range(3)])
    assert list(ends.values()) == [1, 1, 1]


def test_missing_topics_are_told(settings_for: SettingsFor, run_name: str) -> None:
    differences = topic_admin.check(settings_for(run_name), run_name)
    assert len(differences) == len(TOPICS)
    assert "missing" in str(differences[0])
    assert "motcua topics create" in str(differences[0])


def test_another_number_of_partitions_and_another_retention_are_found(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=3)
    topic_admin.create(settings, run_name)
    changed = msgspec.structs.replace(settings, partitions=4, retention_dossier_facts_h=24)
    found = {
        (difference.topic, difference.what, difference.found) for difference in topic_admin.check(changed, run_name)
    }
    facts = topic_name(run_name, "dossier-facts")
    assert (facts, "partitions", "3") in found
    assert (facts, "retention.ms", "-1") in found
    assert (topic_name(run_name, "unit-index"), "partitions", "1") not in found


def test_a_run_is_listed_until_it_is_removed(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=1)
    topic_admin.create(settings, run_name)
    assert run_name in topic_admin.runs(settings)
    assert len(topic_admin.remove(settings, run_name)) == len(TOPICS)
    assert run_name not in topic_admin.runs(settings)
    assert topic_admin.remove(settings, run_name) == ()


def test_more_copies_than_brokers_is_refused_with_the_name_of_the_setting(
    settings_for: SettingsFor, run_name: str
) -> None:
    with pytest.raises(TopicsUnfit, match="settings replication"):
        topic_admin.create(settings_for(run_name, replication=3, min_insync=2), run_name)
