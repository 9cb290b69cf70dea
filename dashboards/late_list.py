"""The list of dossiers that are late or about to be, with what people said of them, and where they gather."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

import msgspec

from dashboards.outputs import Figures, read_figures, rules_of
from dashboards.report import find_unit
from streams.core.acknowledgements import Acknowledgement, holds
from streams.core.calendar import Calendar
from streams.core.civil import MICROS, Civil, periods_of
from streams.core.indicators.gains import at_stake, one_dossier
from streams.core.late import State, age, days_left, new_since, stage_of, state_of
from streams.core.posts import POST_OF
from streams.core.register import Register
from streams.core.scoring import Scoring, Sums, today_of
from streams.core.spans import LATEST
from streams.core.watching import Watch
from streams.errors import MotcuaError
from streams.listed import read_acknowledgements, read_watched
from streams.reading import RunReader
from streams.registers import register_of
from streams.settings import Settings

LATE_VERSION: Final = 1
NEW: Final = "new"
STATES: Final = (State.SOON.value, State.TODAY.value, State.LATE.value, NEW)
"""What may be asked for; those that wait for a supplement stand in the whole list alone."""
By: TypeAlias = Literal["unit", "procedure", "stage"]
Sort: TypeAlias = Literal["due", "age", "points"]


class NothingTold(MotcuaError):
    """The workers of the run have not told how far they are."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier of the list; times are ISO 8601 in civil time.

    `days_left` in working days, negative when overdue (None: not known, or it waits); `age` in working days since its
    reception; `points` are those that it holds for its unit in the month's index while it is in time.  `is_new`: late
    since the beginning of the last working day, or its snooze has ended since; `acknowledged` while that holds.
    """

    dossier: str
    unit: str
    unit_name: str
    procedure: str
    stage: str
    state: str
    due: str
    due_seconds: int
    received: str
    days_left: float | None
    age: float | None
    points: float
    is_new: bool
    apologised: bool
    acknowledged: bool
    snoozed_until: str | None = None
    note: str = ""
    post: str = ""


class Gathering(msgspec.Struct, frozen=True):
    """Dossiers of the list that gather in one unit, procedure or stage, by state.

    `at_stake` are the points that its month loses if all its dossiers in process within due turn late; of units alone.
    """

    place: str
    name: str
    soon: int = 0
    today: int = 0
    late: int = 0
    paused: int = 0
    new: int = 0
    acknowledged: int = 0
    at_stake: float | None = None


class LateList(msgspec.Struct, frozen=True, kw_only=True):
    """What `motcua late` shows.  `dossiers` is empty where the setting `list_codes` does not allow codes."""

    version: int = LATE_VERSION
    run: str
    as_of: str
    as_of_micros: int
    unit: str | None
    calendar: str
    new_since: str
    codes_shown: bool
    counts: dict[str, int]
    by: str
    gathered: list[Gathering]
    dossiers: list[Line]


class Asked(NamedTuple):
    """Which part of the list, in which order, gathered by what."""

    unit: str | None = None
    state: str | None = None
    sort: Sort = "due"
    by: By = "unit"


class Listed(NamedTuple):
    """What the list is made of: entries and what is said of them by dossier, as of an instant (micros)."""

    watched: Mapping[str, Watch]
    said: Mapping[str, Acknowledgement]
    clock: int


class Surroundings(NamedTuple):
    """What entries are read with: the register, civil time, the calendar in force, the scores of the month."""

    register: Register
    civil: Civil
    calendar: Calendar | None
    scoring: Scoring
    month: str


def late_list(settings: Settings, asked: Asked) -> LateList:
    """The list of the run of the settings, as of how far its workers are; NothingTold before that."""
    register = register_of(settings)
    with RunReader(settings) as reader:
        figures = read_figures(reader)
        if figures.status is None or not figures.status.as_of:
            raise NothingTold(
                f"The workers of run {settings.run} have not told how far they are yet (`motcua worker`)."
            )
        clock = figures.status.as_of
        listed = Listed(read_watched(reader), read_acknowledgements(reader), clock)
        calendar = rules_of(reader).terms.calendar(clock)
    around = surroundings(register, Civil(settings.zone), calendar, figures, clock)
    unit = (
        None if asked.unit is None else find_unit(asked.unit, {one.unit for one in listed.watched.values()}, register)
    )
    lines = chosen(lines_of(listed, around), asked, unit, register)
    return LateList(
        run=settings.run,
        as_of=around.civil.text(clock // MICROS),
        as_of_micros=clock,
        unit=unit,
        calendar="" if calendar is None else calendar.version,
        new_since=around.civil.text(new_since(clock, around.civil, calendar)),
        codes_shown=settings.list_codes,
        counts=counted(lines),
        by=asked.by,
        gathered=gathered(lines, asked.by, around),
        dossiers=lines if settings.list_codes else [],
    )


def surroundings(
    register: Register, civil: Civil, calendar: Calendar | None, figures: Figures, clock: int
) -> Surroundings:
    """What the entries are read with, as of `clock` (micros)."""
    index = {key: entry.every for key, entry in figures.entries.items()}
    scoring = Scoring(Sums(register, index), today_of(clock, civil))
    return Surroundings(register, civil, calendar, scoring, periods_of(civil.day(clock // MICROS))[1])


def lines_of(listed: Listed, around: Surroundings) -> list[Line]:
    """Every entry as a line."""
    worth: dict[str, float] = {}
    return [_line(dossier, entry, listed, around, worth) for dossier, entry in listed.watched.items()]


def _line(dossier: str, entry: Watch, listed: Listed, around: Surroundings, worth: dict[str, float]) -> Line:
    clock, civil, said = listed.clock, around.civil, listed.said.get(dossier)
    state = state_of(entry, clock, civil)
    since, known = new_since(clock, civil, around.calendar), holds(said, entry, clock)
    if entry.unit not in worth:
        worth[entry.unit] = _worth(entry.unit, around)
    ended_snooze = said is not None and since <= said.until <= clock // MICROS and said.due == entry.due
    left, old = days_left(entry, clock, around.calendar), age(entry, clock, around.calendar)
    return Line(
        dossier=dossier,
        unit=entry.unit,
        unit_name=around.register.name(entry.unit),
        procedure=entry.procedure,
        stage=stage_of(entry),
        state=state.value,
        due=civil.text(entry.due),
        due_seconds=entry.due,
        received=civil.text(entry.received),
        days_left=None if left is None else round(left, 2),
        age=None if old is None else round(old, 2),
        points=0.0 if state is State.LATE else worth[entry.unit],
        is_new=state is State.LATE and not known and (entry.due >= since or ended_snooze),
        apologised=entry.apologised,
        acknowledged=known,
        snoozed_until=civil.text(said.until) if said is not None and known and said.until else None,
        note="" if said is None else said.note,
        post="" if said is None else said.post,
    )


def _worth(unit: str, around: Surroundings) -> float:
    counts = around.scoring.counts(around.month, around.register.canonical(unit))
    return one_dossier(around.scoring.catalogue(around.month), counts) / 100


_SORTED: Final[Mapping[str, Callable[[Line], tuple[object, ...]]]] = {
    "due": lambda line: (line.due_seconds, line.dossier),
    "age": lambda line: (-(line.age or 0.0), line.received, line.dossier),
    "points": lambda line: (-line.points, line.due_seconds, line.dossier),
}


def chosen(lines: Iterable[Line], asked: Asked, unit: str | None, register: Register) -> list[Line]:
    """The lines of a unit with all below it and of a state, sorted as asked."""
    found = [line for line in lines if asked.state is None or _is(line, asked.state)]
    if unit is not None:
        found = [line for line in found if unit in register.chain(line.unit, LATEST)]
    return sorted(found, key=_SORTED[asked.sort])


def _is(line: Line, state: str) -> bool:
    return line.is_new if state == NEW else line.state == state


def counted(lines: Iterable[Line]) -> dict[str, int]:
    """How many there are of every state, new ones and acknowledged ones."""
    counts: Counter[str] = Counter()
    for line in lines:
        counts.update(_words(line))
    return {name: counts[name] for name in (*(state.value for state in State), NEW, "acknowledged")}


def _words(line: Line) -> list[str]:
    return [line.state, *([NEW] if line.is_new else []), *(["acknowledged"] if line.acknowledged else [])]


def gathered(lines: Iterable[Line], by: By, around: Surroundings) -> list[Gathering]:
    """Where they gather: the place with most late ones first, then with most that are due."""
    held: dict[str, Counter[str]] = {}
    for line in lines:
        held.setdefault(getattr(line, by), Counter()).update(_words(line))
    found = [_gathering(place, counts, by, around) for place, counts in held.items()]
    return sorted(found, key=lambda one: (-one.late, -one.today, -one.soon, one.place))


def _gathering(place: str, counts: Mapping[str, int], by: By, around: Surroundings) -> Gathering:
    if by != "unit":
        return Gathering(place, place, **counts)
    held = around.scoring.counts(around.month, around.register.canonical(place))
    stake = at_stake(around.scoring.catalogue(around.month), held)
    return Gathering(place, around.register.name(place), **counts, at_stake=stake.points / 100)


def post_name(code: str, lang: Literal["vi", "en"]) -> str:
    """A post in words; the code itself where this version does not know it."""
    post = POST_OF.get(code)
    return code if post is None else getattr(post, lang)
