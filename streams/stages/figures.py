"""What a worker counts of its own work, for /metrics and the health pages; plain numbers, read by another thread."""

from dataclasses import dataclass, field


@dataclass
class Figures:
    """Totals since the worker started, by stage; `beat` is when (monotonic seconds) the event loop last ran."""

    beat: float = 0.0
    ready: bool = False
    reason: str = "starting"
    items_read: int = 0
    items_rejected: dict[str, int] = field(default_factory=dict)
    items_ignored: int = 0
    messages_read: int = 0
    facts_folded: int = 0
    facts_redelivered: int = 0
    batches_folded: int = 0
    commits: int = 0
    states_written: int = 0
    states_healed: int = 0
    take_overs: int = 0
    owned: frozenset[int] = frozenset()  # partitions of facts
    assigned: frozenset[tuple[str, int]] = frozenset()  # topics and partitions of all stages
    cases_held: int = 0
    index_held: int = 0
    tallies_read: int = 0
    index_next: int = 0  # offset in unit-tallies that INDEX reads next
    entries_written: int = 0
    restatements: int = 0
    clock: int = 0  # micros: the lowest of the partitions of facts owned
    standstill_s: float = 0.0  # of the partition with more input whose committed offset has not moved for longest
    stage_seconds: dict[str, float] = field(default_factory=dict)
    stage_messages: dict[str, int] = field(default_factory=dict)

    def passed(self, stage: str, messages: int, seconds: float) -> None:
        """So many messages are through a stage, in so many seconds all together."""
        self.stage_seconds[stage] = self.stage_seconds.get(stage, 0.0) + max(0.0, seconds)
        self.stage_messages[stage] = self.stage_messages.get(stage, 0) + messages
