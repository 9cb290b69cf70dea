"""AsyncAPI 3 description of the topics, made from their catalogue and the schemas: `python -m streams.asyncapi`."""

from __future__ import annotations

import sys
from typing import Any, Final

import yaml

from streams import __version__
from streams.schemas import DIALECT, SCHEMAS, Schema
from streams.settings import load
from streams.topics import TOPICS, Topic, configuration

_HEAD: Final = "# Made by `make pages` from streams/topics.py and streams/schemas.py. Change it there.\n"
_FORMAT: Final = f"application/schema+json;version={DIALECT}"
OF_TOPIC: Final = {
    "dossier-events": ("native-event.schema.json",),
    "petitions": ("petition.schema.json",),
    "procedures": ("reference.schema.json",),
    "declarations": ("reference.schema.json",),
    "dossier-facts": ("fact-batch.schema.json",),
    "unit-index": ("unit-index.schema.json", "run-status.schema.json"),
    "index-history": ("day-record.schema.json", "restatement.schema.json"),
    "references": ("edition.schema.json",),
    "watchlist": ("watch-entry.schema.json",),
    "acknowledgements": ("acknowledgement.schema.json",),
    "alerts": ("alert.schema.json",),
    "rejected": ("rejection.schema.json",),
}
"""What flows where; the topics that are not here are the workers' own, and their form may change without notice."""
_BY_FILE: Final = {schema.file: schema for schema in SCHEMAS}
_INTRODUCTION: Final = (
    "Topics of the live run; in any other run each is called run.NAME.<topic>. Send to dossier-events, petitions, "
    "procedures and declarations, read the others. Partition by murmur2 of the part of the dossier's code before the "
    "first hyphen (else of the whole code), or leave the key out: nothing depends on it. Rates are never sent; readers "
    "make them of counts."
)


def document() -> dict[str, Any]:
    """The whole description."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "motcua",
            "version": __version__,
            "description": _INTRODUCTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "The setting brokers; TLS and SASL by the settings security_protocol, ssl_…, sasl_…",
            }
        },
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {_operation_name(topic): _operation(topic) for topic in TOPICS if topic.name in OF_TOPIC},
        "components": {"messages": {_message_name(schema): _message(schema) for schema in SCHEMAS}},
    }


def text() -> str:
    """The file."""
    dumped: str = yaml.safe_dump(document(), sort_keys=False, allow_unicode=True, width=118)
    return _HEAD + dumped


def _channel(topic: Topic) -> dict[str, Any]:
    settings = load({"HOME": "/"})
    files = OF_TOPIC.get(topic.name, ())
    names = [_message_name(_BY_FILE[file]) for file in files]
    own = "" if files else " (the workers' own: its form may change without notice)"
    kept = configuration(topic, settings)
    return {
        "address": topic.name,
        "description": topic.purpose + own,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "partitions": topic.partition_count(settings),
                "topicConfiguration": {
                    "cleanup.policy": [kept["cleanup.policy"]],
                    "max.message.bytes": int(kept["max.message.bytes"]),
                    **({"retention.ms": int(kept["retention.ms"])} if "retention.ms" in kept else {}),
                },
                "bindingVersion": "0.5.0",
            }
        },
    }


def _operation(topic: Topic) -> dict[str, Any]:
    channel = f"#/channels/{topic.name}"
    names = [_message_name(_BY_FILE[file]) for file in OF_TOPIC[topic.name]]
    return {
        "action": "receive" if topic.arrives_from_outside else "send",
        "channel": {"$ref": channel},
        "summary": topic.purpose,
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in names],
    }


def _operation_name(topic: Topic) -> str:
    return f"{'receive' if topic.arrives_from_outside else 'send'}-{topic.name}"


def _message(schema: Schema) -> dict[str, Any]:
    return {
        "title": schema.title,
        "contentType": "application/json",
        "payload": {"schemaFormat": _FORMAT, "schema": {"$ref": f"schemas/{schema.file}"}},
    }


def _message_name(schema: Schema) -> str:
    return schema.file.removesuffix(".schema.json")


if __name__ == "__main__":
    sys.stdout.write(text())
