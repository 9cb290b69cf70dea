"""Runs that the tests audit: facts through the stages by hand, and what these then say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from dashboards.audit.comparing import Difference, Kind, Line, Said, compare, differences
from dashboards.audit.counting import Counting
from dashboards.audit.definitions import Definitions
from dashboards.told import Stream, entries_of
from streams.core.contributions import Watch
from streams.core.facts import Batch, Fact, encode_batch
from streams.core.index import Index
from streams.core.partition import Partition
from streams.core.register import Register
from streams.core.routing import partition_of
from streams.core.rules import Rules
from streams.core.tallies import read_key
from tests.dashboards.stages_by_hand import tallies

PARTITIONS = 3
INPUT = "dossier-events/0"


def batches(facts: Iterable[Fact], clock: int) -> list[Batch]:
    """A batch for each partition, with the facts of its cases."""
    apart: list[list[Fact]] = [[] for _ in range(PARTITIONS)]
    for fact in facts:
        apart[partition_of(fact.case, PARTITIONS)].append(fact)
    return [Batch(clock, held, [INPUT]) for held in apart]


def streamed(said: Sequence[Batch], clock: int, rules: Rules, register: Register) -> Stream:
    """What the stages say of these batches as of a clock (micros)."""
    index = Index(register, len(said))
    watched: dict[str, Watch] = {}
    for number, batch in enumerate(said):
        partition = Partition(rules)
        partition.apply(batch, 0)
        partition.advance(clock)
        watched |= partition.all_watched()
        for key, value in tallies(number, partition):
            index.take(read_key(key), value)
    entries = entries_of(index, index.entries(), clock, rules.civil)
    return Stream(list(index.cells()), entries, watched, index.accounts(), index.cases)


@contextmanager
def counted(said: Sequence[Batch], clock: int, definitions: Definitions) -> Iterator[Counting]:
    """The same counted by the audit."""
    with Counting(definitions, clock) as counting:
        for number, batch in enumerate(said):
            counting.take(number, [encode_batch(batch)])
        counting.sum_up()
        yield counting


def audited(counting: Counting, said: Iterable[Said]) -> tuple[list[Line], list[Difference]]:
    """What is compared, and what differs; the history only where any is said."""
    held = list(said)
    kinds = [kind for kind in Kind if kind is not Kind.HISTORY or any(one.figures is kind for one in held)]
    return compare(counting, held, kinds), differences(counting)
