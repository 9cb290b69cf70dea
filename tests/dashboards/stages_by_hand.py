"""What the stages would have written of a run's facts, written by the test itself: no worker has to run."""

from collections.abc import Iterable

import msgspec

from dashboards.told import entries_of
from simulators.outbox import Outbox
from streams import topic_admin
from streams.core.accounting import LEDGER_KEY, encode_ledger
from streams.core.civil import Civil
from streams.core.facts import Batch, encode_batch
from streams.core.index import RUN_KEY, Index, RunStatus, entry_key
from streams.core.partition import Partition
from streams.core.register import Register
from streams.core.rules import Rules
from streams.core.tallies import (
    ClockValue,
    Complete,
    Kind,
    Totals,
    encode,
    read_key,
    sign_key,
)
from streams.core.tally_records import told_record
from streams.core.watchlist import encode_entry
from streams.settings import Settings
from streams.topics import topic_name

GENERATION = 1


def write_facts(settings: Settings, batches: Iterable[tuple[int, Batch]], clock: int) -> None:
    """The batches, then a tick at `clock` in every partition."""
    topic_admin.create(settings, settings.run)
    with Outbox(settings) as outbox:
        ticks = [(number, Batch(clock)) for number in range(settings.partitions)]
        for partition, batch in [*batches, *ticks]:
            outbox.send(topic_name(settings.run, "dossier-facts"), encode_batch(batch), partition=partition)
        outbox.flush()


def write_outputs(
    settings: Settings, batches: Iterable[tuple[int, Batch]], clock: int, rules: Rules, register: Register
) -> None:
    """States, tallies, watch list and index as of `clock`."""
    partitions = [Partition(rules) for _ in range(settings.partitions)]
    for owner, batch in batches:
        partitions[owner].apply(batch, partitions[owner].offset + 1)
    index = Index(register, settings.partitions)
    with Outbox(settings) as outbox:
        for number, partition in enumerate(partitions):
            partition.apply(Batch(clock), partition.offset + 1)
            _state(outbox, settings, number, partition)
            for key, value in tallies(number, partition):
                index.take(read_key(key), value)
                outbox.send(topic_name(settings.run, "unit-tallies"), value, key=key.encode(), partition=0)
            for case, entry in partition.all_watched().items():
                listed = encode_entry(entry, GENERATION)
                assert listed is not None
                outbox.send(topic_name(settings.run, "watchlist"), listed, key=case.encode(), partition=number)
        write_index(outbox, settings, index, register)
        outbox.flush()


def write_index(outbox: Outbox, settings: Settings, index: Index, register: Register) -> None:
    topic = topic_name(settings.run, "unit-index")
    outbox.send(topic, b'{"run":"x"}', key=b"@owner", partition=0)
    for entry in entries_of(index, index.entries(), index.as_of, Civil(settings.zone)):
        told = msgspec.structs.replace(entry, generation=GENERATION)
        outbox.send(topic, encode(told), key=entry_key(entry.period, entry.unit).encode(), partition=0)
    status = RunStatus(
        settings.run,
        index.as_of,
        GENERATION,
        index.complete,
        index.partitions,
        index.cases,
        index.accounts(),
        settings.zone,
        register.version,
        stated=index.stated.version,
    )
    outbox.send(topic, msgspec.json.encode(status), key=RUN_KEY.encode(), partition=0)


def _state(outbox: Outbox, settings: Settings, number: int, partition: Partition) -> None:
    topic = topic_name(settings.run, "dossier-state")
    for case, value in partition.records(partition.states()):
        outbox.send(topic, value, key=case.encode(), partition=number)
    outbox.send(topic, encode_ledger(partition.ledger()), key=LEDGER_KEY.encode(), partition=number)


def tallies(number: int, partition: Partition) -> Iterable[tuple[str, bytes]]:
    cells = list(partition.all_cells())
    for cell in cells:
        yield told_record(number, GENERATION, cell, partition.offset)
    accounts = {name: Totals(held.applied, held.repeated) for name, held in partition.accounts.items()}
    clock = ClockValue(partition.clock, partition.offset, len(partition), accounts)
    yield sign_key(number, GENERATION, Kind.CLOCK), encode(clock)
    yield sign_key(number, GENERATION, Kind.COMPLETE), encode(Complete(len(cells)))
