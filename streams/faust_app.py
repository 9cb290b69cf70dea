"""The Faust application of a worker, by its settings: no tables, no web, nothing of its own on the broker."""

from typing import Any

import faust
from faust.types.auth import SASLMechanism

from streams.connection import ssl_context
from streams.settings import Settings
from streams.topics import group_of

_BUFFER = 64  # messages that a stream holds ready; each may carry hundreds of facts


def faust_app(settings: Settings) -> faust.App:
    """The application, not started."""
    folder = settings.data / "runs" / settings.run / "faust"
    folder.mkdir(parents=True, exist_ok=True)
    context = ssl_context(settings)
    credentials: Any = context
    if settings.security_protocol.startswith("SASL"):
        credentials = faust.SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password,
            mechanism=SASLMechanism(settings.sasl_mechanism),
            ssl_context=context,
        )
    return faust.App(
        group_of(settings.run),
        broker=[f"kafka://{broker}" for broker in settings.brokers],
        broker_credentials=credentials,
        broker_session_timeout=settings.session_timeout_s,
        broker_request_timeout=max(40.0, settings.session_timeout_s + 5),
        broker_heartbeat_interval=settings.heartbeat_s,
        broker_commit_interval=1.0,
        consumer_auto_offset_reset="earliest",
        # A broker that is starting may not know the topics yet; who joined then gets nothing until it looks again.
        consumer_metadata_max_age_ms=5000,
        consumer_max_fetch_size=256 << 10,  # a whole backlog at once would keep the other stages waiting
        stream_buffer_maxsize=_BUFFER,
        stream_wait_empty=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        datadir=str(folder),
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
    )
