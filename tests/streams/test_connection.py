from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from streams.connection import (
    EMBEDDED_API_VERSION,
    admin_client,
    aiokafka_options,
    kafka_python_options,
    wait_for_broker,
)
from streams.errors import BrokerRefused, BrokerUnreachable, SettingsError
from streams.local_kafka import LocalKafka
from streams.settings import load


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken but on which nobody listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


def test_a_password_reaches_both_clients() -> None:
    settings = load(
        {
            "MOTCUA_SECURITY_PROTOCOL": "SASL_SSL",
            "MOTCUA_SASL_USERNAME": "lan",
            "MOTCUA_SASL_PASSWORD": "s3cret",
        }
    )
    for options in (kafka_python_options(settings), aiokafka_options(settings)):
        assert options["sasl_plain_password"] == "s3cret"
        assert options["sasl_mechanism"] == "SCRAM-SHA-512"
        assert options["ssl_context"].check_hostname


def test_only_the_embedded_broker_is_told_its_version() -> None:
    settings = load({})
    assert "api_version" not in kafka_python_options(settings)
    embedded = kafka_python_options(msgspec.structs.replace(settings, embedded=True))
    assert embedded["api_version"] == EMBEDDED_API_VERSION


def test_a_certificate_that_is_not_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("not a certificate", encoding="utf-8")
    settings = load({"MOTCUA_SECURITY_PROTOCOL": "SSL", "MOTCUA_SSL_CAFILE": str(path)})
    with pytest.raises(SettingsError, match=f"ssl_cafile is {path}"):
        aiokafka_options(settings)


def test_without_a_broker_the_wait_says_a_word_and_then_names_the_brokers_and_the_setting(closed_port: int) -> None:
    words: list[str] = []
    settings = load({"MOTCUA_BROKERS": f"127.0.0.1:{closed_port}"})
    with pytest.raises(BrokerUnreachable) as caught:
        wait_for_broker(settings, timeout_s=3.5, say=words.append)
    assert len(words) == 1
    assert words[0].startswith(f"Waiting for Kafka at 127.0.0.1:{closed_port}")
    assert f"No Kafka broker answers at 127.0.0.1:{closed_port}" in str(caught.value)
    assert "MOTCUA_BROKERS" in str(caught.value)


@pytest.mark.integration
def test_a_wrong_password_is_told_apart_from_a_broker_that_is_away(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, sasl_users={"lan": "right"}) as kafka:
        environ = {
            "MOTCUA_BROKERS": kafka.sasl_brokers,
            "MOTCUA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "MOTCUA_SASL_MECHANISM": "PLAIN",
            "MOTCUA_SASL_USERNAME": "lan",
        }
        admin_client(load({**environ, "MOTCUA_SASL_PASSWORD": "right"})).close()
        with pytest.raises(BrokerRefused) as caught:
            wait_for_broker(load({**environ, "MOTCUA_SASL_PASSWORD": "wr0ng"}), timeout_s=30)
        assert "refused user lan" in str(caught.value)
        assert "sasl_password" in str(caught.value)
        assert "wr0ng" not in str(caught.value)


@pytest.mark.integration
def test_plain_text_to_a_listener_that_wants_a_password_is_told_clearly(tmp_path: Path) -> None:
    with LocalKafka(tmp_path, sasl_users={"lan": "right"}) as kafka, pytest.raises(BrokerUnreachable):
        wait_for_broker(load({"MOTCUA_BROKERS": kafka.sasl_brokers}), timeout_s=1.0)
