"""How the two Kafka clients are told to connect, and waiting for a broker with a word to the person who waits."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import (
    ClusterAuthorizationFailedError,
    KafkaError,
    SaslAuthenticationFailedError,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)

from streams.errors import BrokerRefused, BrokerUnreachable, SettingsError
from streams.settings import Settings

EMBEDDED_API_VERSION = (2, 3)
"""What kafka-python must assume of the embedded broker, which does not say its version."""

REFUSALS = (
    SaslAuthenticationFailedError,
    UnsupportedSaslMechanismError,
    ClusterAuthorizationFailedError,
    TopicAuthorizationFailedError,
)

Say = Callable[[str], None]


def kafka_python_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments with which every client of kafka-python connects."""
    options = _common_options(settings)
    if settings.embedded:
        options["api_version"] = EMBEDDED_API_VERSION
    return options


def aiokafka_options(settings: Settings) -> dict[str, Any]:
    """Keyword arguments with which every client of aiokafka connects."""
    return _common_options(settings)


def ssl_context(settings: Settings) -> ssl.SSLContext | None:
    """The TLS context, or None where the protocol has no TLS; raise `SettingsError` for unusable files."""
    if not settings.security_protocol.endswith("SSL"):
        return None
    where = settings.ssl_cafile
    try:
        context = ssl.create_default_context(cafile=None if where is None else str(where))
        where = settings.ssl_certfile
        if where is not None:
            context.load_cert_chain(str(where), None if settings.ssl_keyfile is None else str(settings.ssl_keyfile))
    except (OSError, ssl.SSLError) as error:
        name = "ssl_cafile" if where == settings.ssl_cafile else "ssl_certfile (with ssl_keyfile)"
        raise SettingsError(f"Setting {name} is {where}: not usable as PEM, {error}") from error
    return context


def wait_for_broker(settings: Settings, timeout_s: float = 60.0, say: Say | None = None) -> None:
    """Return as soon as a broker answers.

    Retries with pauses growing from 0.2 s to 5 s and tells `say` about the first failure and then every few tries.
    Raises `BrokerRefused` at once when a broker turns us away, `BrokerUnreachable` after `timeout_s` seconds.
    """
    end = time.monotonic() + timeout_s
    pause, tries = 0.2, 0
    while True:
        try:
            # Several tries even where little time is given, and time for a slow handshake where there is more.
            admin_client(settings, min(3.0, max(1.0, (end - time.monotonic()) / 3))).close()
            return
        except BrokerUnreachable:
            tries += 1
            left = end - time.monotonic()
            if left <= 0:
                raise
            if say is not None and tries % 5 == 1:
                say(f"Waiting for Kafka at {', '.join(settings.brokers)} (for up to {left:.0f} s more) …")
            time.sleep(min(pause, left))
            pause = min(pause * 2, 5.0)


def admin_client(settings: Settings, timeout_s: float = 3.0) -> KafkaAdminClient:
    """Return a connected admin client of kafka-python; raise `BrokerUnreachable` or `BrokerRefused`."""
    with _reasons_of_failure() as reasons:
        try:
            return KafkaAdminClient(
                **kafka_python_options(settings),
                bootstrap_timeout_ms=int(timeout_s * 1000),
                client_id="motcua",
            )
        except (KafkaError, OSError) as error:
            refusal = next((reason for reason in [*reasons, error] if isinstance(reason, REFUSALS)), None)
            if refusal is not None:
                raise refused(settings, refusal) from error
            raise unreachable(settings, reasons[-1] if reasons else error) from error


class _Reasons(logging.Handler):
    """Keeps the exceptions among the arguments of what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Exception] = []

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple):
            self.found += [argument for argument in record.args if isinstance(argument, Exception)]


@contextmanager
def _reasons_of_failure() -> Iterator[list[Exception]]:
    """Collect why connecting failed.

    kafka-python 3 retries after every failure, a wrong password too, ends with "unable to bootstrap" whatever the
    cause was, and tells the cause to its log alone. We listen there, and keep its lines from the person meanwhile.
    """
    logger, listener = logging.getLogger("kafka.net"), _Reasons()
    propagated, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield listener.found
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagated


def unreachable(settings: Settings, error: Exception) -> BrokerUnreachable:
    """Say that no broker answers, and what to look at."""
    advice = "Is Kafka running there? Correct the setting brokers (MOTCUA_BROKERS), or start one here: `motcua kafka`."
    if settings.security_protocol != "PLAINTEXT":
        advice += f" Does that port speak {settings.security_protocol} (settings security_protocol, sasl_mechanism)?"
    reason = str(error) or type(error).__name__
    return BrokerUnreachable(f"No Kafka broker answers at {', '.join(settings.brokers)}: {reason}. {advice}")


def refused(settings: Settings, error: Exception) -> BrokerRefused:
    """Say that a broker turned us away, and which settings name the credentials."""
    return BrokerRefused(
        f"Kafka at {', '.join(settings.brokers)} refused user {settings.sasl_username or '(none)'} "
        f"({settings.security_protocol}, {settings.sasl_mechanism}): {error}. Check the settings sasl_username, "
        "sasl_password or sasl_password_file, sasl_mechanism, and the rights of that user."
    )


def _common_options(settings: Settings) -> dict[str, Any]:
    options: dict[str, Any] = {
        "bootstrap_servers": list(settings.brokers),
        "security_protocol": settings.security_protocol,
    }
    context = ssl_context(settings)
    if context is not None:
        options["ssl_context"] = context
    if settings.security_protocol.startswith("SASL"):
        options["sasl_mechanism"] = settings.sasl_mechanism
        options["sasl_plain_username"] = settings.sasl_username
        options["sasl_plain_password"] = settings.sasl_password
    return options
