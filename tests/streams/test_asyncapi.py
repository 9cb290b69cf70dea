"""docs/asyncapi.yaml is the one of the topics and schemas, and what it refers to is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.asyncapi import OF_TOPIC, document, text
from streams.schemas import SCHEMAS
from streams.sources.inputs import INPUTS
from streams.topics import TOPICS, Topic

DOCS = Path(__file__).parents[2] / "docs"


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_committed_description_is_as_fresh_as_topics_and_schemas() -> None:
    assert (DOCS / "asyncapi.yaml").read_text(encoding="utf-8") == text(), "stale: run `make pages`"


def test_what_is_read_back_is_what_was_described() -> None:
    assert yaml.safe_load(text()) == document()


def test_everything_referred_to_is_there() -> None:
    found = list(references(document()))
    assert len(found) > 10
    for reference in found:
        if reference.startswith("#/"):
            place: Any = document()
            for step in reference[2:].split("/"):
                place = place[step]
        else:
            assert (DOCS / reference).is_file(), reference


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_a_channel(topic: Topic) -> None:
    channel = document()["channels"][topic.name]
    assert channel["description"].startswith(topic.purpose)
    assert bool(channel["messages"]) == (topic.name in OF_TOPIC)


def test_every_schema_flows_in_some_topic() -> None:
    assert {file for files in OF_TOPIC.values() for file in files} == {schema.file for schema in SCHEMAS}


def test_only_what_arrives_from_outside_is_received() -> None:
    received = [one["channel"]["$ref"] for one in document()["operations"].values() if one["action"] == "receive"]
    assert received == [f"#/channels/{one.topic}" for one in INPUTS]
