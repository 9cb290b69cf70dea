"""Definitions that are told while partitions are being loaded."""

import asyncio
from collections.abc import Iterable

from streams.core.civil import Civil
from streams.core.rules import Rules
from streams.logs import MemoryLog, Record
from streams.stages.dossiers import Dossiers
from streams.stages.figures import Figures
from streams.stages.references import References
from streams.stages.stream import Outputs

CIVIL = Civil("Asia/Ho_Chi_Minh")


class Told:
    """Definitions that are others after every record."""

    def __init__(self) -> None:
        self.rules = Rules(CIVIL)

    def take(self, records: Iterable[tuple[bytes | None, bytes | None]]) -> bool:
        assert list(records)
        self.rules = Rules(CIVIL)
        return True


class StateLog(MemoryLog):
    """A log at whose first reading a definition is told, and found by the worker's regular look."""

    def __init__(self) -> None:
        super().__init__()
        self.dossiers: Dossiers | None = None
        self.references = MemoryLog()

    async def end(self, partition: int) -> int:
        if self.dossiers is not None:
            dossiers, self.dossiers = self.dossiers, None
            await self.references.append(0, [Record(b"calendar@5", b"{}")])
            await dossiers.check()
        return await super().end(partition)


async def _assigned() -> None:
    state, told = StateLog(), Told()
    logs = [MemoryLog() for _ in range(4)]
    outputs = Outputs(
        logs[0], state, logs[1], logs[2], MemoryLog(), logs[3], state.references, MemoryLog(), MemoryLog()
    )
    dossiers = Dossiers(References(told, state.references), outputs, Figures(), lambda: 0, lambda: None, live=False)
    state.dossiers = dossiers
    await dossiers.assigned({0, 1})
    assert len(dossiers.owned) == 2
    assert all(owned.partition.rules is told.rules for owned in dossiers.owned.values())


def test_a_partition_that_is_loaded_while_a_definition_is_told_goes_by_it() -> None:
    asyncio.run(_assigned())
