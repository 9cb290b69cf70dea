"""The facts of a run as a log to write to, over the outbox of a command."""

from __future__ import annotations

from simulators.outbox import Outbox
from streams.core.facts import Batch, encode_batch
from streams.topics import topic_name


class FactsLog:
    """`dossier-facts` of one run; what `LogWriter` writes to."""

    def __init__(self, outbox: Outbox, run: str) -> None:
        self._outbox = outbox
        self.topic = topic_name(run, "dossier-facts")
        self.partitions = outbox.partitions(self.topic)

    def write(self, partition: int, batch: Batch) -> None:
        """Send one batch to a partition."""
        self._outbox.send(self.topic, encode_batch(batch), partition=partition)

    def flush(self) -> None:
        """Return once everything written is durable."""
        self._outbox.flush()
