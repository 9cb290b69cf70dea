"""Telling a run that a definition changes: the record in `references`, and a word to every partition to read it."""

from __future__ import annotations

from simulators.facts_log import FactsLog
from simulators.outbox import Outbox
from streams.core.editions import EditionRecord, encode
from streams.core.facts import Batch
from streams.reading import RunReader
from streams.settings import Settings
from streams.topics import topic_name


def tell(settings: Settings, edition: EditionRecord) -> int:
    """Tell the run of the settings an edition; the offset up to which its partitions now read `references`.

    The word to a partition is an empty batch of facts: what comes after it in the log is judged with the edition known.
    It moves no clock.  A worker that misses it finds the record by itself within seconds.
    """
    topic = topic_name(settings.run, "references")
    with Outbox(settings) as outbox, RunReader(settings) as reader:
        facts = FactsLog(outbox, settings.run)
        outbox.send(topic, encode(edition), key=edition.key.encode(), partition=0)
        outbox.flush()
        known = reader.ends("references")[0]
        for partition in range(facts.partitions):
            facts.write(partition, Batch(0, references=known))
        facts.flush()
    return known
