"""A batch of facts taken apart at the full civil hours that pass between them."""

from collections.abc import Iterator

from streams.core.civil import MICROS, Civil
from streams.core.facts import Batch, Fact


def turns(batch: Batch, clock: int, civil: Civil) -> Iterator[tuple[list[Fact], int, int]]:
    """Facts that are folded together, the full hour (micros) before them, and the clock to fold them at.

    `clock` (micros) is that of the partition after the batch.
    """
    facts = batch.facts
    start = 0
    while start < len(facts):
        end, until = len(facts), clock
        if batch.ordered:
            boundary = civil.next_full_hour(facts[start].recorded // MICROS) * MICROS
            end = next((at for at in range(start, end) if facts[at].recorded >= boundary), end)
            until = min(boundary, clock)
        said = facts[start].recorded if batch.ordered else clock
        yield facts[start:end], civil.last_full_hour(said // MICROS) * MICROS, until
        start = end
