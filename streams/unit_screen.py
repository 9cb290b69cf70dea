"""The figures of the units on /metrics: kept in the event loop, rendered in the thread that serves the page.

What a unit shows in a period is rendered when it has changed; a scrape joins what is there.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple

from streams.alert_screen import AlertScreen, escaped
from streams.core.civil import ALL, MICROS, PERIOD_KINDS, Civil, date_of, day_number, period_kind, periods_of
from streams.core.exported import BUDGET, Detail, Exported, exported, registered
from streams.core.families import INDEX_FAMILIES, UNIT_FAMILIES, UNIT_INFO, UNIT_INFO_HELP, WATCHLIST, IndexFamily
from streams.core.index import RunStatus, UnitIndex
from streams.core.indicators.points import text
from streams.core.register import Level, Register
from streams.core.scoring import province_of
from streams.core.spans import span_of

_HEADS: Final = tuple(
    f"# HELP {name} {words}\n# TYPE {name} gauge\n"
    for name, words in (
        *((family.name, family.help) for family in (*UNIT_FAMILIES, *INDEX_FAMILIES, WATCHLIST)),
        (UNIT_INFO, UNIT_INFO_HELP),
    )
)


class _Rendered(NamedTuple):
    """An entry and its lines by family."""

    entry: UnitIndex
    blocks: tuple[str, ...]


class UnitScreen:
    """The latest figures of the units, while this worker holds INDEX; shown from the loop, read by another thread."""

    def __init__(self, run: str, civil: Civil, register: Register, budget: int = BUDGET) -> None:
        self._run, self._civil, self._register = run, civil, register
        self._exported: Exported = exported(register, budget)
        self._lock = threading.Lock()
        self._entries: dict[str, dict[str, UnitIndex]] = {}  # by period, then unit
        self._strangers: set[str] = set()
        self._labels: dict[tuple[str, str], str] = {}
        self._rendered: dict[tuple[str, str], _Rendered] = {}
        self._today = date.min
        self._hidden = False
        self.status: RunStatus | None = None
        self.alerts = AlertScreen(run)
        self.registered: dict[tuple[str, str], int] = {}
        """Units of the register by level and province (empty for the country), on the civil day of the clock."""

    def show(self, status: RunStatus, entries: Iterable[UnitIndex]) -> None:
        """The run stands so, and these entries changed."""
        with self._lock:
            self.status = status
            today = date_of(self._civil.day(status.as_of // MICROS))
            if today != self._today:
                self._today = today
                self.registered = _registered(self._register, day_number(today))
                for period in [one for one in self._entries if self._over(one)]:
                    for unit in self._entries.pop(period):
                        self._rendered.pop((period, unit), None)
            for entry in entries:
                if not self._over(entry.period) and self._wanted(entry):
                    self._entries.setdefault(entry.period, {})[entry.unit] = entry

    def hide(self, *, hidden: bool) -> None:
        """Show nothing while it is not sure who holds INDEX, so that no unit is shown by two workers."""
        with self._lock:
            self._hidden = hidden
        self.alerts.hide(hidden=hidden)

    def clear(self) -> None:
        """Another worker shows them from now on."""
        with self._lock:
            self.status = None
            for held in (self._entries, self._strangers, self._rendered, self._labels):
                held.clear()
        self.alerts.show([])

    @property
    def shown(self) -> RunStatus | None:
        """How far the run is, while this worker shows it."""
        with self._lock:
            return None if self._hidden else self.status

    def current(self) -> list[tuple[str, UnitIndex]]:
        """(kind of period, entry) of the periods that hold the clock of the run, and of all time."""
        with self._lock:
            if self.status is None or self._hidden:
                return []
            day = self._civil.day(self.status.as_of // MICROS)
            kinds = {ALL: ALL, **dict(zip(periods_of(day), PERIOD_KINDS, strict=True))}
            return [(kind, entry) for period, kind in kinds.items() for entry in self._entries.get(period, {}).values()]

    def text(self) -> str:
        """The exposition of all unit gauges; for one thread at a time."""
        blocks = [self._blocks(kind, entry) for kind, entry in self.current()]
        parts: list[str] = []
        for place, head in enumerate(_HEADS):
            parts.append(head)
            parts += [one[place] for one in blocks]
        return "".join(parts)

    def _over(self, period: str) -> bool:
        return period != ALL and span_of(period).end <= self._today

    def _wanted(self, entry: UnitIndex) -> bool:
        """True for what is exported at all; of units that are not registered, for as many as there is room for."""
        detail = self._exported.detail(Level(entry.level))
        if entry.period != ALL and period_kind(entry.period) not in detail.periods:  # of all, the watch list is shown
            return False
        if registered(self._register, entry.unit) or entry.unit in self._strangers:
            return True
        if len(self._strangers) < self._exported.strangers:
            self._strangers.add(entry.unit)
            return True
        return False

    def _blocks(self, kind: str, entry: UnitIndex) -> tuple[str, ...]:
        key = entry.period, entry.unit
        held = self._rendered.get(key)
        if held is None or held.entry is not entry:
            labels = self._labels.get((entry.unit, kind))
            if labels is None:
                unit = escaped(entry.unit)
                labels = f'run="{self._run}",unit="{unit}",level="{entry.level}",period="{kind}"'
                self._labels[entry.unit, kind] = labels
            detail = self._exported.detail(Level(entry.level))
            blocks = (*_counts(labels, entry, kind, detail), *_index(labels, entry, kind, detail))
            own = labels.removesuffix(f',period="{kind}"')
            standing = _watched(own, entry, kind, detail), self._info(own, entry, kind)
            held = self._rendered[key] = _Rendered(entry, (*blocks, *standing))
        return held.blocks

    def _info(self, labels: str, entry: UnitIndex, kind: str) -> str:
        """Name and province, shown once a unit, beside what it has of all time."""
        if kind != ALL:
            return ""
        province = province_of(self._register, entry.unit, day_number(self._today)) or ""
        name = self._register.name(entry.unit)
        return f'{UNIT_INFO}{{{labels},province="{escaped(province)}",name="{escaped(name)}"}} 1\n'


def _registered(register: Register, day: int) -> dict[tuple[str, str], int]:
    units = {unit.code: unit.level.value for unit in register.units if unit.valid_from <= day < unit.valid_to}
    return dict(Counter((level, province_of(register, code, day) or "") for code, level in units.items()))


def _counts(labels: str, entry: UnitIndex, kind: str, detail: Detail) -> Iterable[str]:
    counts, counters = entry.counts, detail.counters if kind in detail.periods else frozenset()
    for family in UNIT_FAMILIES:
        name, label = family.name, family.label
        yield "".join(
            [
                f'{name}{{{labels},{label}="{value}"}} {counts.get(counter, 0)}\n'
                if label
                else f"{name}{{{labels}}} {counts.get(counter, 0)}\n"
                for value, counter in family.shows
                if counter in counters
            ]
        )


def _index(labels: str, entry: UnitIndex, kind: str, detail: Detail) -> Iterable[str]:
    told = entry.score
    for family in INDEX_FAMILIES:
        if told is None or family.of not in detail.index or kind not in detail.index_periods:
            yield ""
            continue
        values = [(value, number) for value, number in family.values(told, entry.place) if number is not None]
        yield "".join([_line(family, labels, value, number) for value, number in values])


def _watched(labels: str, entry: UnitIndex, kind: str, detail: Detail) -> str:
    if kind != ALL:
        return ""
    return "".join(
        [
            f'{WATCHLIST.name}{{{labels},{WATCHLIST.label}="{state}"}} {entry.counts.get(counter, 0)}\n'
            for state, counter in WATCHLIST.shows
            if state in detail.watched
        ]
    )


def _line(family: IndexFamily, labels: str, value: str, number: int) -> str:
    own = f',{family.label}="{escaped(value)}"' if family.label else ""
    return f"{family.name}{{{labels}{own}}} {text(number) if family.in_points else number}\n"
