"""What a partition tells, as records of `unit-tallies`."""

from itertools import compress
from typing import Final, TypeAlias

from streams.core.cells import CellUpdate
from streams.core.counters import COUNTERS
from streams.core.statements import Statement
from streams.core.tallies import CellValue, StatedValue, cell_key, encode, stated_key, use_key
from streams.core.uses import UseUpdate, use_counts

Content: TypeAlias = CellUpdate | UseUpdate | Statement
_NAMES: Final = tuple(counter.name for counter in COUNTERS)


def told_record(partition: int, generation: int, told: Content, offset: int) -> tuple[str, bytes]:
    """Key and value of a cell or a statement; `offset` of the facts that a cell reflects."""
    if isinstance(told, Statement):
        stated = StatedValue(told.recorded, told.id, told.stated)
        return stated_key(partition, generation, told.key), encode(stated)
    if isinstance(told, UseUpdate):
        key = use_key(partition, generation, told.unit, told.procedure, told.month)
        return key, encode(CellValue(offset, use_counts(told.counts)))
    value = CellValue(offset, dict(compress(zip(_NAMES, told.counts, strict=True), told.counts)))
    return cell_key(partition, generation, told.unit, told.day), encode(value)
