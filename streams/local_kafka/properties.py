"""The files that one node is started with: pure text from a description of the node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Node:
    """One combined broker and controller. `voters` maps every node id of the cluster to its controller port."""

    id: int
    port: int
    voters: Mapping[int, int]
    folder: Path
    sasl_port: int | None = None
    sasl_users: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def logs(self) -> Path:
        """Where Kafka keeps its partitions."""
        return self.folder / "logs"


def server_properties(node: Node) -> str:
    """The text of `server.properties`."""
    return "".join(f"{key}={value}\n" for key, value in {**_listeners(node), **_behaviour(node), **node.extra}.items())


def _listeners(node: Node) -> dict[str, str]:
    clients = {"PLAINTEXT": node.port}
    if node.sasl_port is not None:
        clients["SASL"] = node.sasl_port
    advertised = ",".join(f"{name}://{HOST}:{port}" for name, port in clients.items())
    values = {
        "process.roles": "broker,controller",
        "node.id": str(node.id),
        "controller.quorum.voters": ",".join(f"{id_}@{HOST}:{port}" for id_, port in sorted(node.voters.items())),
        "listeners": f"{advertised},CONTROLLER://{HOST}:{node.voters[node.id]}",
        "advertised.listeners": advertised,
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL:SASL_PLAINTEXT",
    }
    if node.sasl_port is not None:
        users = " ".join(f'user_{name}="{password}"' for name, password in node.sasl_users.items())
        login = f"org.apache.kafka.common.security.plain.PlainLoginModule required {users};"
        values["sasl.enabled.mechanisms"] = "PLAIN"
        values["listener.name.sasl.plain.sasl.jaas.config"] = login
    return values


def _behaviour(node: Node) -> dict[str, str]:
    copies = str(min(3, len(node.voters)))
    least = "2" if len(node.voters) >= 3 else "1"
    return {
        "log.dirs": str(node.logs),
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": least,
        "transaction.state.log.num.partitions": "4",
        # Nobody joins a group here by the dozen; without this every first join costs three seconds.
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # Compaction is part of how state works, so it must be seen working on a small machine.
        "log.cleaner.enable": "true",
        "log.cleaner.backoff.ms": "500",
        "log.cleaner.dedupe.buffer.size": str(32 * 1024 * 1024),
        "message.max.bytes": str(8 * 1024 * 1024),
        "replica.fetch.max.bytes": str(8 * 1024 * 1024),
        # A broker that was killed may come back only when its old session has ended (9 s, unless told otherwise).
        "broker.session.timeout.ms": "3000" if len(node.voters) == 1 else "6000",
        "broker.heartbeat.interval.ms": "500",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "controlled.shutdown.enable": "true",
    }


def log4j(version: str) -> tuple[str, str]:
    """File name and text of the logging configuration (to standard output) for that version of Kafka."""
    if version.startswith("3."):
        return "log4j.properties", (
            "log4j.rootLogger=INFO, out\n"
            "log4j.appender.out=org.apache.log4j.ConsoleAppender\n"
            "log4j.appender.out.layout=org.apache.log4j.PatternLayout\n"
            "log4j.appender.out.layout.ConversionPattern=%d{ISO8601} %p %m (%c{1})%n\n"
        )
    return "log4j2.properties", (
        "appender.out.type=Console\n"
        "appender.out.name=out\n"
        "appender.out.layout.type=PatternLayout\n"
        "appender.out.layout.pattern=%d{ISO8601} %p %m (%c{1})%n\n"
        "rootLogger.level=info\n"
        "rootLogger.appenderRef.out.ref=out\n"
    )


def log4j_flag(version: str, file: Path) -> str:
    """The JVM flag that names the logging configuration."""
    if version.startswith("3."):
        return f"-Dlog4j.configuration=file:{file}"
    return f"-Dlog4j2.configurationFile={file}"
