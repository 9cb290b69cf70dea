"""`motcua kafka`: a real Kafka on this machine, in the foreground."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Protocol

import click

from streams.cli.loading import settings_of, settings_option
from streams.errors import LocalKafkaFailed
from streams.local_kafka.jars import DEFAULT_VERSION, VERSIONS


class Broker(Protocol):
    """What this command needs of one node or of several."""

    def ended_by_itself(self) -> str | None:
        """What to say when a node is no longer there, or None while all live."""

    @property
    def brokers(self) -> str:
        """`host:port`, several separated by commas."""

    def start(self) -> None:
        """Start and wait until ready."""

    def stop(self) -> None:
        """End in order."""


@click.command("kafka")
@settings_option
@click.option("--data", type=click.Path(path_type=Path), help="Folder of its data (else kafka/ in the setting data).")
@click.option("--port", default=9092, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--nodes", type=click.Choice(["1", "3"]), default="1", show_default=True, help="Brokers in the cluster.")
@click.option("--kafka-version", type=click.Choice(VERSIONS), default=DEFAULT_VERSION, show_default=True)
def command(settings_file: Path | None, data: Path | None, port: int, nodes: str, kafka_version: str) -> None:
    """Run a real Kafka on this machine until Ctrl-C; what is in it stays for the next time."""
    folder = data or settings_of(settings_file).data / ("kafka" if nodes == "1" else "kafka-3")
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    click.echo(f"Starting Kafka {kafka_version} with data in {folder} …", err=True)
    broker = _broker(folder, port, int(nodes), kafka_version)
    try:
        broker.start()
        click.echo(broker.brokers)
        click.echo(f"Ready. MOTCUA_BROKERS={broker.brokers}   (Ctrl-C ends it)", err=True)
        while not ended.wait(1.0):
            fate = broker.ended_by_itself()
            if fate is not None:
                raise LocalKafkaFailed(fate)
    finally:
        broker.stop()
    click.echo("Kafka ended.", err=True)


def _broker(folder: Path, port: int, nodes: int, version: str) -> Broker:
    from streams.local_kafka import LocalCluster, LocalKafka

    if nodes == 1:
        return LocalKafka(folder, port=port, version=version)
    return LocalCluster(folder, nodes=nodes, port=port, version=version)
