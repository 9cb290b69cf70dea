"""Notes over the boards: replays and restatements as annotations of Grafana, each written once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

import msgspec

from dashboards.grafana.drawing import TAG
from dashboards.grafana.grafana_http import Grafana
from streams.core.civil import MICROS, Civil, day_number
from streams.core.history import Restatement

_MS: Final = 1000  # micros in a millisecond


class Note(msgspec.Struct, frozen=True):
    """One note: of which run, by what it is known again, from when to when (micros of the log), and its words."""

    run: str
    key: str
    start: int
    end: int
    text: str

    @property
    def tags(self) -> list[str]:
        """Ours, the run (by which boards choose), and what it is known by."""
        return [TAG, f"run:{self.run}", f"id:{self.key}"]


def restatement_notes(run: str, restated: Iterable[Restatement], civil: Civil) -> Iterator[Note]:
    """A note for each period that was restated on a civil day, at the end of that day."""
    held: dict[tuple[str, str], list[Restatement]] = {}
    for one in restated:
        held.setdefault((one.period, one.day), []).append(one)
    for (period, day), ones in sorted(held.items()):
        units, indicators = ({getattr(one, name) for one in ones} for name in ("unit", "indicator"))
        end = civil.midnight(day_number(date.fromisoformat(day)) + 1) * MICROS
        words = f"{run}: {period} tính lại / restated: {len(units)} đơn vị / units, {', '.join(sorted(indicators))}"
        yield Note(run, f"restated-{run}-{period}-{day}", end, end, words)


def write_notes(grafana: Grafana, notes: Iterable[Note], say: Callable[[str], None], *, dry_run: bool) -> int:
    """Write the notes that are not there yet; how many that were, or would be."""
    there = {tag for note in grafana.notes([TAG]) for tag in note.get("tags") or [] if str(tag).startswith("id:")}
    written = 0
    for note in notes:
        if f"id:{note.key}" in there:
            continue
        say(f"note: {'would be ' if dry_run else ''}created: {note.text}")
        if not dry_run:
            grafana.write_note(note.start // _MS, note.end // _MS, note.tags, note.text)
        there.add(f"id:{note.key}")
        written += 1
    return written
