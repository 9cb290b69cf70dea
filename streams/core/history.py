"""What `index-history` holds: how each unit stood at the end of each civil day, and what was restated afterwards.

A day on which nothing of a unit's period changed has no record: it stands as on the day before.  Records come of closed
hours only, so they do not depend on how partitions interleave; their keys name what they are of, so writing one again
does no harm.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

import msgspec

from streams.core.calendar import Calendar
from streams.core.calendar_rows import MissingYear
from streams.core.civil import ALL, day_number, periods_of
from streams.core.closing import Hour, Written
from streams.core.index import EntryKey
from streams.core.spans import span_of
from streams.core.told import NOTHING, ToldFigure, ToldPlace, ToldScore, settled_of, told_place, told_score

HISTORY_VERSION: Final = 1
KEPT: Final = (
    "received",
    "online",
    "ended",
    "on_time",
    "late",
    "ended_no_due",
    "open_within",
    "open_overdue",
    "open_no_due",
    "ends",
    "finished_early",
    "finished_on_time",
    "finished_late",
    "finished_no_due",
)
"""Counters of which the history keeps the value; those behind the indicators are in the score."""


class DayRecord(msgspec.Struct, frozen=True):
    """How a unit stood in a period at the end of a civil day: keyed ``day/period/unit/day``.

    `day` is the day that ended (2026-11-24), `as_of` its end in micros.  `counts` are those of `KEPT` that are not 0;
    `settled` as in `unit-index`.
    """

    unit: str
    period: str
    level: str
    day: str
    as_of: int
    counts: dict[str, int]
    settled: int
    score: ToldScore
    place: ToldPlace | None
    version: int = HISTORY_VERSION

    @property
    def key(self) -> str:
        """Its key."""
        return f"{_DAY}/{self.period}/{self.unit}/{self.day}"


class Restatement(msgspec.Struct, frozen=True):
    """An indicator of a period that was over came out differently: keyed ``restated/period/unit/indicator/day``.

    `day` is the civil day of the log on which it changed, after a grace of one working day past the period's end.
    `cases` are at least so many: the greater change of its two counts.
    """

    unit: str
    period: str
    indicator: str
    day: str
    catalogue: str
    old: ToldFigure
    new: ToldFigure
    cases: int
    version: int = HISTORY_VERSION

    @property
    def key(self) -> str:
        """Its key."""
        return f"{_RESTATED}/{self.period}/{self.unit}/{self.indicator}/{self.day}"


_DAY: Final = "day"
_RESTATED: Final = "restated"
_Standing = tuple[int, int] | None  # rank (0: none) and how many have one
decode_day = msgspec.json.Decoder(DayRecord).decode
decode_restatement = msgspec.json.Decoder(Restatement).decode


def is_day(key: str | bytes) -> bool:
    """True for the key of a `DayRecord`."""
    return key.startswith(_DAY_BYTES) if isinstance(key, bytes) else key.startswith(f"{_DAY}/")


def is_restatement(key: str | bytes) -> bool:
    """True for the key of a `Restatement`."""
    return key.startswith(_RESTATED_BYTES) if isinstance(key, bytes) else key.startswith(f"{_RESTATED}/")


_DAY_BYTES: Final = f"{_DAY}/".encode()
_RESTATED_BYTES: Final = f"{_RESTATED}/".encode()


class _Last(NamedTuple):
    """What the last record of an entry says: its day, its content as bytes, its figures as bytes, its standing."""

    day: str
    content: bytes
    figures: bytes
    standing: _Standing


class History:
    """The consumer of closed hours that writes the history."""

    topic: Final = "index-history"

    def __init__(self) -> None:
        self._last: dict[EntryKey, _Last] = {}
        self._changed: set[EntryKey] = set()

    def learn(self, key: bytes, value: bytes | None) -> None:
        """A record of the topic, so that only what is different is written."""
        if value is None or not is_day(key):
            return
        record = decode_day(value)
        entry = record.period, record.unit
        held = self._last.get(entry)
        if held is None or held.day <= record.day:
            self._last[entry] = _last(record)

    def close(self, hour: Hour) -> Iterator[Written]:
        """At a civil midnight, a record of every unit and period that is not as it was; else none."""
        self._changed |= hour.changed
        if not hour.first_of_day:
            return
        changed, self._changed = self._changed, set()
        if not changed:  # no counts, no ranks
            return
        day = hour.day
        touched = {period for period, _ in changed} | set(periods_of(day_number(day)))
        for entry in list(hour.index.entries()):
            if entry[0] in touched and entry[0] != ALL and span_of(entry[0]).first <= day:
                yield from self._entry(hour, entry, day, changed=entry in changed)

    def _entry(self, hour: Hour, entry: EntryKey, day: date, *, changed: bool) -> Iterator[Written]:
        period, unit = entry
        place = told_place(hour.peers(period, unit), hour.place(period, unit))
        held = self._last.get(entry)
        if not changed and held is not None and held.standing == _standing(place):
            return
        counts = hour.index.counts(period, unit)
        record = DayRecord(
            unit,
            period,
            hour.index.register.level(unit).value,
            day.isoformat(),
            hour.instant,
            {name: counts[name] for name in KEPT if name in counts},
            settled_of(counts),
            told_score(hour.score(period, unit)),
            place,
        )
        now = _last(record)
        if held is not None and held.content == now.content:
            return
        self._last[entry] = now
        yield Written(record.key.encode(), msgspec.json.encode(record))
        if day_number(day) > grace_of(period, hour) and (held is None or held.figures != now.figures):
            yield from _restated(record, {} if held is None else _figures(held.figures))


def grace_of(period: str, hour: Hour) -> int:
    """The last day (number) of the grace of a period: the first working day after its end.

    Where no calendar knows it, the first day after its end.
    """
    end = day_number(span_of(period).end)
    calendar: Calendar | None = hour.rules.terms.calendar(hour.instant)
    if calendar is None:
        return end
    try:
        return calendar.first_working_day(end)
    except MissingYear:
        return end


def _restated(record: DayRecord, before: dict[str, ToldFigure]) -> Iterator[Written]:
    for id_, new in record.score.figures.items():
        old = before.get(id_, NOTHING)
        if new == old:
            continue
        cases = max(_moved(old.numerator, new.numerator), _moved(old.denominator, new.denominator))
        found = Restatement(record.unit, record.period, id_, record.day, record.score.catalogue, old, new, cases)
        yield Written(found.key.encode(), msgspec.json.encode(found))


def _moved(old: int | None, new: int | None) -> int:
    return abs((new or 0) - (old or 0))


def _last(record: DayRecord) -> _Last:
    content = msgspec.json.encode([record.counts, record.score, record.place])
    return _Last(record.day, content, msgspec.json.encode(record.score.figures), _standing(record.place))


def _standing(place: ToldPlace | None) -> _Standing:
    return None if place is None else (place.rank or 0, place.of)


_figures = msgspec.json.Decoder(dict[str, ToldFigure]).decode
