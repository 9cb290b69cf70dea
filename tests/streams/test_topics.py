from __future__ import annotations

import pytest

from streams.settings import load
from streams.settings_catalogue import BY_NAME as SETTING_BY_NAME
from streams.sources.inputs import INPUTS
from streams.topics import TOPICS, Topic, configuration, parse_topic, topic_name

every_topic = pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)


def by_name(name: str) -> Topic:
    return next(topic for topic in TOPICS if topic.name == name)


@every_topic
@pytest.mark.parametrize("run", ["live", "boston-2011", "a"])
def test_a_name_can_be_read_back(topic: Topic, run: str) -> None:
    assert parse_topic(topic_name(run, topic.name)) == (run, topic.name)


def test_the_live_run_has_the_plain_names_and_others_say_their_run() -> None:
    assert topic_name("live", "dossier-facts") == "dossier-facts"
    assert topic_name("boston", "dossier-facts") == "run.boston.dossier-facts"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "orders",
        "run.boston",
        "run.boston.orders",
        "run.live.dossier-facts",
        "run.A.dossier-facts",
        "run..references",
    ],
)
def test_the_topics_of_others_are_not_ours(name: str) -> None:
    assert parse_topic(name) is None


@every_topic
def test_every_topic_says_how_long_it_keeps_messages(topic: Topic) -> None:
    values = configuration(topic, load({}))
    assert values["cleanup.policy"] == ("compact" if topic.compacted else "delete")
    assert ("retention.ms" in values) is not topic.compacted
    assert topic.retention_setting is None or topic.retention_setting in SETTING_BY_NAME


def test_facts_stay_without_limit_unless_told_otherwise() -> None:
    facts = by_name("dossier-facts")
    assert configuration(facts, load({}))["retention.ms"] == "-1"
    assert configuration(facts, load({"MOTCUA_RETENTION_DOSSIER_FACTS_H": "48"}))["retention.ms"] == "172800000"


def test_state_is_not_compacted_within_an_hour() -> None:
    assert configuration(by_name("dossier-state"), load({}))["min.compaction.lag.ms"] == "3600000"


def test_the_broker_stamps_what_arrives_from_outside() -> None:
    stamped = {t.name for t in TOPICS if configuration(t, load({}))["message.timestamp.type"] == "LogAppendTime"}
    assert stamped == {one.topic for one in INPUTS}


def test_only_topics_that_share_the_work_have_many_partitions() -> None:
    settings = load({"MOTCUA_PARTITIONS": "7"})
    single = {topic.name for topic in TOPICS if topic.partition_count(settings) == 1}
    assert single == {
        "acknowledgements",
        "alerts",
        "petitions",
        "procedures",
        "declarations",
        "references",
        "unit-tallies",
        "unit-index",
        "index-history",
    }
    assert {t.partition_count(settings) for t in TOPICS} == {1, 7}
