"""A broker inside this process, for the demo: the mock cluster that librdkafka brings in confluent-kafka's wheel.

It speaks Kafka's protocol on a loopback port, so the workers and the commands use it like any other.  But it does not
compact, it has no administration (topics are made here), and of each partition it keeps at most 5 MiB and 100,000
batches, dropping the oldest.  Nothing is written to disk.
"""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from pathlib import Path
from typing import Final

from streams.errors import MotcuaError
from streams.settings import Settings
from streams.topics import TOPICS, topic_name

PARTITION_BYTES: Final = 5 * 1024 * 1024
"""What a partition holds at most, as it is sent (compressed)."""
_PACKAGE: Final = "confluent_kafka"
_PRODUCER: Final = 0
_ERROR_BYTES: Final = 512
# Where wheels put the library: auditwheel beside the package, delocate and delvewheel in or beside it.
_FOLDERS: Final = ("{0}.libs", "{0}/.dylibs", "{0}")
_NAMES: Final = {"darwin": "librdkafka*.dylib", "win32": "*rdkafka*.dll"}
_CONFIGURATION: Final = {
    "client.id": "motcua-embedded",
    "log_level": "0",  # it would tell of every connection that a client closes
    "log.connection.close": "false",
}


class EmbeddedFailed(MotcuaError):
    """The embedded broker cannot be had on this machine; the text says why and what to do."""


class EmbeddedBroker:
    """One broker on 127.0.0.1, from `start` to `stop` (a context manager)."""

    def __init__(self) -> None:
        self._library: ctypes.CDLL | None = None
        self._client: int | None = None
        self._cluster: int | None = None
        self.brokers = ""
        """`host:port` for the setting `brokers`, once started."""

    def start(self) -> None:
        """Load the library and open the port; EmbeddedFailed says what is missing."""
        library = _loaded(library_file())
        error = ctypes.create_string_buffer(_ERROR_BYTES)
        client = library.rd_kafka_new(_PRODUCER, _configuration(library, error), error, _ERROR_BYTES)
        if not client:
            raise EmbeddedFailed(f"The embedded broker's library could not be set up: {error.value.decode()}.")
        cluster = library.rd_kafka_mock_cluster_new(client, 1)
        if not cluster:
            library.rd_kafka_destroy(client)
            raise EmbeddedFailed("The embedded broker could not open a port on 127.0.0.1. Is loopback there?")
        # A group is only ever joined by a worker or two: waiting for more of them would be felt at every start.
        library.rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0)
        self._library, self._client, self._cluster = library, client, cluster
        self.brokers = library.rd_kafka_mock_cluster_bootstraps(cluster).decode()

    def create_topics(self, settings: Settings) -> None:
        """Create the topics of the run of the settings."""
        for topic in TOPICS:
            self.create_topic(topic_name(settings.run, topic.name), topic.partition_count(settings))

    def create_topic(self, name: str, partitions: int) -> None:
        """Create one topic; EmbeddedFailed when it is there already."""
        if self._library is None:
            raise EmbeddedFailed("The embedded broker has not been started.")
        if self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1):
            raise EmbeddedFailed(f"The embedded broker did not create the topic {name}: is it there already?")

    def stop(self) -> None:
        """Close the port and forget everything; does nothing when it is not running."""
        if self._library is not None:
            self._library.rd_kafka_mock_cluster_destroy(self._cluster)
            self._library.rd_kafka_destroy(self._client)
        self._library = self._client = self._cluster = None

    def __enter__(self) -> EmbeddedBroker:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def library_file(platform: str = sys.platform) -> Path:
    """The library inside the installed wheel; EmbeddedFailed when the package or the library is not there."""
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise EmbeddedFailed(
            "The embedded broker needs the package confluent-kafka, which is not installed: "
            "pip install 'motcua[demo]'. Or use a real Kafka: motcua demo --broker HOST:PORT."
        )
    return library_in(Path(found.origin).parent, platform)


def library_in(package: Path, platform: str) -> Path:
    """The library of a package that lies in a folder; EmbeddedFailed names where it was looked for."""
    pattern = _NAMES.get(platform, "librdkafka*.so*")
    folders = [package.parent / folder.format(package.name) for folder in _FOLDERS]
    for folder in folders:
        # delvewheel also leaves librdkafkacpp there, whose functions are not these.
        names = sorted(path for path in folder.glob(pattern) if "++" not in path.name and "cpp" not in path.name)
        if names:
            return names[0]
    raise EmbeddedFailed(
        f"The package confluent-kafka is installed without its own librdkafka ({pattern} in none of "
        f"{', '.join(map(str, folders))}): it was built against the system's. Install its wheel "
        "(pip install --force-reinstall --only-binary :all: confluent-kafka), or use a real Kafka: --broker HOST:PORT."
    )


def _loaded(path: Path) -> ctypes.CDLL:
    try:
        library = ctypes.CDLL(str(path))
        _declare(library)
    except (OSError, AttributeError) as error:
        raise EmbeddedFailed(
            f"The embedded broker's library {path} cannot be used here: {error}. Use a real Kafka: --broker HOST:PORT."
        ) from error
    return library


def _declare(library: ctypes.CDLL) -> None:
    """Types of the functions used; a pointer that is taken for an int of 32 bits ends the process."""
    pointer, text, number, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_size_t
    functions: dict[str, tuple[object, list[object]]] = {
        "rd_kafka_conf_new": (pointer, []),
        "rd_kafka_conf_set": (number, [pointer, text, text, text, size]),
        "rd_kafka_new": (pointer, [number, pointer, text, size]),
        "rd_kafka_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_new": (pointer, [pointer, number]),
        "rd_kafka_mock_cluster_destroy": (None, [pointer]),
        "rd_kafka_mock_cluster_bootstraps": (text, [pointer]),
        "rd_kafka_mock_topic_create": (number, [pointer, text, number, number]),
        "rd_kafka_mock_group_initial_rebalance_delay_ms": (None, [pointer, ctypes.c_int32]),
    }
    for name, (result, arguments) in functions.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments


def _configuration(library: ctypes.CDLL, error: ctypes.Array[ctypes.c_char]) -> int:
    """A configuration that says nothing on the terminal; `rd_kafka_new` takes it over."""
    configuration: int = library.rd_kafka_conf_new()
    for name, value in _CONFIGURATION.items():
        if library.rd_kafka_conf_set(configuration, name.encode(), value.encode(), error, _ERROR_BYTES):
            raise EmbeddedFailed(f"The embedded broker's library refuses {name}={value}: {error.value.decode()}.")
    return configuration
