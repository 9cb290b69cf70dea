"""One node of Kafka as a child process, with what tests do to it: stop, kill, freeze, wake, start again."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams.errors import LocalKafkaFailed
from streams.local_kafka.jars import DEFAULT_VERSION, jars, java
from streams.local_kafka.ports import free_port, is_free
from streams.local_kafka.properties import HOST, Node, log4j, log4j_flag, server_properties

READY_S = 60.0
STOP_S = 30.0
_SHOWN_LOG_LINES = 15


class LocalKafka:
    """A single-node Kafka whose data lies in `folder`; a second start with the same folder finds the data again.

    Port 0 takes a free one below 32768 and keeps it for the life of this object. With `sasl_users` (name: password)
    there is a second listener that wants SASL/PLAIN, at `sasl_brokers`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        version: str = DEFAULT_VERSION,
        cache: Path | None = None,
        sasl_users: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        taken: list[int] = [port or free_port()]
        for _ in range(2):
            taken.append(free_port(tuple(taken)))
        node = Node(
            id=1,
            port=taken[0],
            voters={1: taken[1]},
            folder=folder.absolute(),
            sasl_port=taken[2] if sasl_users else None,
            sasl_users=dict(sasl_users or {}),
            extra=dict(extra or {}),
        )
        self._process = NodeProcess(node, version, cache)

    @property
    def brokers(self) -> str:
        """`host:port` for the setting `brokers`."""
        return f"{HOST}:{self._process.node.port}"

    @property
    def sasl_brokers(self) -> str:
        """`host:port` of the listener that wants a password."""
        return f"{HOST}:{self._process.node.sasl_port}"

    @property
    def log(self) -> Path:
        """The file with everything the broker said."""
        return self._process.log

    @property
    def running(self) -> bool:
        """Whether the process lives (frozen counts as living)."""
        return self._process.running

    def start(self, timeout_s: float = READY_S) -> None:
        """Start and return when the broker answers; the first time also format the folder."""
        self._process.format(new_cluster_id())
        self._process.launch()
        self._process.wait_until_ready(1, timeout_s)

    def stop(self) -> None:
        """End it in order (SIGTERM); does nothing when it is not running."""
        self._process.stop()

    def kill(self) -> None:
        """End it at once (SIGKILL), as a power cut would."""
        self._process.kill()

    def pause(self) -> None:
        """Freeze it (SIGSTOP)."""
        self._process.send(signal.SIGSTOP)

    def resume(self) -> None:
        """Wake it after `pause` (SIGCONT)."""
        self._process.send(signal.SIGCONT)

    def ended_by_itself(self) -> str | None:
        """What to say when the broker is no longer there, or None while it lives."""
        return self._process.ended_by_itself()

    def __enter__(self) -> LocalKafka:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class NodeProcess:
    """The process of one node: format, launch, signals. Knows nothing of the others but their ports."""

    def __init__(self, node: Node, version: str, cache: Path | None) -> None:
        self.node = node
        self.version = version
        self.log = node.folder / "kafka.log"
        self._cache = cache
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether the child process lives."""
        return self._child is not None and self._child.poll() is None

    def format(self, cluster_id: str) -> None:
        """Write the configuration, and format the folder unless it is formatted already."""
        self._write_configuration()
        if (self.node.logs / "meta.properties").exists():
            return
        command = self._java("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(self._properties))
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=self._environment())
        if done.returncode != 0:
            raise LocalKafkaFailed(f"Kafka could not format {self.node.logs}:\n{done.stdout}{done.stderr}")

    def launch(self) -> None:
        """Start the child process; raise `LocalKafkaFailed` when its port is taken."""
        if self.running:
            return
        for port in (self.node.port, self.node.voters[self.node.id]):
            if not is_free(port):
                raise LocalKafkaFailed(
                    f"Port {port} on {HOST} is taken. Is a Kafka running already? Else choose another with --port."
                )
        with self.log.open("ab") as log:
            self._child = subprocess.Popen(
                self._java("kafka.Kafka", str(self._properties)),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment(),
                # Ctrl-C in the terminal is for us; we end the broker in order.
                start_new_session=True,
            )

    def wait_until_ready(self, nodes: int, timeout_s: float) -> None:
        """Return when the broker answers and knows `nodes` living brokers."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if not self.running:
                raise LocalKafkaFailed(f"Kafka ended while starting. The end of {self.log}:\n{self._last_words()}")
            if not is_free(self.node.port) and living_brokers(f"{HOST}:{self.node.port}") >= nodes:
                return
            time.sleep(0.1)
        self.kill()
        raise LocalKafkaFailed(
            f"Kafka was not ready in {timeout_s:.0f} s. The end of {self.log}:\n{self._last_words()}"
        )

    def ended_by_itself(self) -> str | None:
        """What to say when the child has ended although nobody asked it to, or None."""
        if self._child is None or self.running:
            return None
        return f"Kafka node {self.node.id} ended by itself. The end of {self.log}:\n{self._last_words()}"

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the child, when it lives."""
        if self._child is not None and self.running:
            self._child.send_signal(number)

    def stop(self, timeout_s: float = STOP_S) -> None:
        """SIGTERM, and SIGKILL when that did not end it in time."""
        self.send(signal.SIGCONT)
        self.send(signal.SIGTERM)
        self.wait_until_ended(timeout_s)

    def wait_until_ended(self, timeout_s: float) -> None:
        """Wait for the child to end; kill it when it has not ended in time."""
        if self._child is None:
            return
        try:
            self._child.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self._child = None

    def kill(self) -> None:
        """SIGKILL, and wait until the process is gone."""
        self.send(signal.SIGKILL)
        if self._child is not None:
            self._child.wait()
            self._child = None

    @property
    def _properties(self) -> Path:
        return self.node.folder / "server.properties"

    def _write_configuration(self) -> None:
        self.node.folder.mkdir(parents=True, exist_ok=True)
        # May hold passwords of the SASL listener.
        self._properties.touch(mode=0o600)
        self._properties.write_text(server_properties(self.node), encoding="utf-8")
        name, text = log4j(self.version)
        (self.node.folder / name).write_text(text, encoding="utf-8")

    def _java(self, main: str, *arguments: str) -> list[str]:
        folder = jars(self.version, self._cache)
        return [
            str(java()),
            "-Xms128m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            # A Java too old for the class archive (before 19) starts without.
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:+AutoCreateSharedArchive",
            f"-XX:SharedArchiveFile={folder.parent / f'kafka-{self.version}.jsa'}",
            "-Xshare:auto",
            "-Xlog:disable",
            log4j_flag(self.version, self.node.folder / log4j(self.version)[0]),
            "-cp",
            f"{folder}/*",
            main,
            *arguments,
        ]

    def _environment(self) -> dict[str, str]:
        # Flags meant for somebody's other Java programs must not change the broker.
        return {key: value for key, value in os.environ.items() if key not in {"JAVA_TOOL_OPTIONS", "KAFKA_OPTS"}}

    def _last_words(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-_SHOWN_LOG_LINES:])


def new_cluster_id() -> str:
    """A fresh cluster id in Kafka's form."""
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # Kafka's tools would take a leading hyphen for an option.
        if not text.startswith("-"):
            return text


def living_brokers(brokers: str) -> int:
    """How many brokers the one at `brokers` knows as living; 0 when it does not answer."""
    try:
        client = KafkaAdminClient(bootstrap_servers=brokers, bootstrap_timeout_ms=2000, request_timeout_ms=4000)
    except (KafkaError, OSError):
        return 0
    try:
        return len(client.describe_cluster()["brokers"])
    except (KafkaError, OSError):
        return 0
    finally:
        client.close()
