"""Random histories of a few dossiers: messages of a facts partition, and what a slow oracle says of them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeAlias

from hypothesis import settings
from hypothesis import strategies as st
from msgspec import convert

from streams.core.calendar import read_calendar
from streams.core.cases import Case, fresh
from streams.core.cells import CellUpdate, Marker, Told
from streams.core.civil import HOUR, MICROS, Civil, seconds
from streams.core.contributions import NEVER
from streams.core.counters import named
from streams.core.event_words import Clearable, Done, Many, Milestone, PaidBy, Returned
from streams.core.events import KINDS, Event
from streams.core.facts import Batch, Fact
from streams.core.fields import keyed
from streams.core.limits import read_limits
from streams.core.partition import Partition
from streams.core.petitions import Cleared, Petition, Topic
from streams.core.rules import Rules
from streams.core.terms import Edition, Terms
from streams.core.uses import UseUpdate, use_counts
from streams.definitions import shipped_lines
from streams.sources.native import Reader
from streams.sources.references import petition_facts

START = datetime(2026, 9, 28, 1, tzinfo=UTC)  # Monday; the third quarter ends on Thursday
CIVIL = Civil("Asia/Ho_Chi_Minh")
PLAIN_RULES = Rules(CIVIL)
READER = Reader(CIVIL, max_ahead=1 << 40)
CASES = ("H1-1", "H1-2", "H2-1")
FIRST = seconds(START) * MICROS

_CALENDAR = shipped_lines("calendars", "vietnam")
_COLUMNS = _CALENDAR[0].split(",")


def calendar_row(day: str, kind: str) -> str:
    return ",".join(
        {"date": day, "kind": kind, "source": "a test", "name_vi": "Nghỉ"}.get(column, "") for column in _COLUMNS
    )


_OTHER_DAYS = [*_CALENDAR, calendar_row("2026-10-06", "holiday"), calendar_row("2026-10-10", "working_saturday")]
_LIMITS = ["procedure,count,unit,channel,valid_from", "P1,2,working_days,,", "P1,5,working_hours,online,"]
_SHORTER = ["procedure,count,unit,channel,valid_from", "P1,1,working_days,,2026-09-29", "P2,3,calendar_days,,"]
TERMS = Terms(
    [
        Edition(0, read_calendar(_CALENDAR, "vietnam", CIVIL)),
        Edition(FIRST + 74 * HOUR * MICROS, read_calendar(_OTHER_DAYS, "more", CIVIL)),
    ],
    [
        Edition(0, read_limits(_LIMITS, "limits")),
        Edition(FIRST + 130 * HOUR * MICROS, read_limits(_SHORTER, "shorter")),
    ],
)
RULES = Rules(CIVIL, terms=TERMS)  # due dates are computed where none is promised, and calendar and limits change

CellKey: TypeAlias = tuple[str, int] | tuple[str, str, str]  # unit and day; unit, procedure and month
Cells: TypeAlias = dict[CellKey, dict[str, int]]

# moments on a coarse grid, so that they meet each other, full hours, midnights and the ends of periods
moments = st.one_of(
    st.integers(0, 24 * 12).map(lambda hour: START + timedelta(hours=hour)),
    st.integers(0, 12 * 24 * HOUR * 4).map(lambda quarter: START + timedelta(seconds=quarter / 4)),
    st.just(START - timedelta(days=3)),
)
dues = st.one_of(
    moments.map(lambda moment: moment.replace(microsecond=0).isoformat()),
    moments.map(lambda moment: f"{moment:%Y-%m-%d}"),
    st.just("2059-01-01"),
)
optional_dues = st.none() | dues
units = st.sampled_from((None, "U1", "U2"))
words = st.fixed_dictionaries(
    {"at": moments},
    optional={
        "recorded": moments,
        "unit": units,
        "received_by": units,
        "procedure": st.sampled_from(("P1", "P2")),
        "channel": st.sampled_from(("direct", "online", "postal")),
        "due": optional_dues,
        "id": st.sampled_from(("e1", "e2")),
        "score": st.integers(1, 5),
        "amount_class": st.integers(0, 2),
        "paid_by": st.sampled_from([one.value for one in PaidBy]),
        "returned_by": st.sampled_from([one.value for one in Returned]),
        "at_centre": st.booleans(),
        "done": st.lists(st.sampled_from([one.value for one in Done]), max_size=3),
    },
)
on_the_spot = st.fixed_dictionaries(
    {"at": moments, "at_centre": st.just(True), "returned_by": st.just("counter"), "unit": st.just("U1")},
    optional={"done": st.lists(st.sampled_from([one.value for one in Done]), min_size=2, max_size=3, unique=True)},
)
corrections = st.fixed_dictionaries(
    {"at": moments},
    optional={
        "unit": units,
        "channel": st.sampled_from(("direct", "online")),
        "due": optional_dues,
        "moments": st.dictionaries(st.sampled_from([one.value for one in Milestone]), moments, max_size=2),
        "clear": st.lists(st.sampled_from([one.value for one in Clearable]), max_size=2),
        "clear_moments": st.dictionaries(st.sampled_from([one.value for one in Many]), st.lists(moments, max_size=2)),
    },
)


_NEEDED: dict[str, dict[str, Any]] = {"rated": {"score": 3}, "payment_paid": {"by": "counter"}}
_BY = {"payment_paid": "paid_by", "returned": "returned_by"}


def event_of(dossier: str, kind: str, said: dict[str, Any]) -> Event:
    needed = _NEEDED.get(kind, {})
    if (by := said.get(_BY.get(kind, ""))) is not None:
        said = said | {"by": by}
    known = next(one for one in KINDS if one.__struct_config__.tag == kind)
    fields = {name: value for name, value in said.items() if name in known.__struct_fields__}
    return convert({"dossier": dossier, "kind": kind, **needed, **fields}, known)


def fact_of(event: Event) -> Fact:
    return READER.translate(event, 0)


def _of_kinds(kinds: Iterable[str], said: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[Fact]:
    return st.builds(event_of, st.sampled_from(CASES), st.sampled_from(tuple(kinds)), said).map(fact_of)


PLAIN = ("registered", "accepted", "accepted", "finished", "finished", "returned", "step", "digitised", "rated")
EVERY = tuple(str(kind.__struct_config__.tag) for kind in KINDS if kind.__struct_config__.tag != "corrected")
SERVED = ("accepted", "finished", "returned", "rated", "rated", "payment_requested", "payment_paid", "complained")
SPOT = ("accepted", "step", "step", "finished", "returned", "returned")
ROUNDS = ("accepted", "supplement_requested", "supplement_requested", "supplement_received", "step", "reopened")
plain_facts = _of_kinds(PLAIN, words) | _of_kinds(SERVED, words)
came = st.integers(-24 * 26, 24 * 12).map(lambda hour: START + timedelta(hours=hour))
petitions = st.builds(
    lambda said, more: convert(
        {"petition": "H1-1", "unit": "U1", "kind": "petition", **said, **({} if "clear" in said else more)}, Petition
    ),
    st.fixed_dictionaries(
        {"recorded": moments, "received": came},
        optional={
            "petition": st.sampled_from(("H1-1", "H2-1")),
            "unit": st.sampled_from(("U1", "U2")),
            "about": st.sampled_from(CASES),
            "removed": st.sampled_from((False, False, True)),
            "clear": st.lists(st.sampled_from([one.value for one in Cleared]), max_size=2),
        },
    ),
    st.fixed_dictionaries(
        {},
        optional={
            "topic": st.sampled_from([one.value for one in Topic]),
            **dict.fromkeys(("answered", "disliked", "repeated"), moments),
        },
    ),
)
petition_said = petitions.flatmap(lambda petition: st.sampled_from(petition_facts(petition, (0, 0, 0))))
any_facts = st.one_of(
    plain_facts,
    petition_said,
    _of_kinds(SPOT, on_the_spot),
    _of_kinds(EVERY, words),
    _of_kinds(ROUNDS, words),
    _of_kinds(("corrected",), corrections),
)
clocks = st.one_of(
    st.integers(0, 24 * 14).map(lambda hour: FIRST + hour * HOUR * MICROS),
    st.integers(0, 14 * 24 * HOUR * MICROS).map(lambda micro: FIRST + micro),
)


class Message(NamedTuple):
    """What is said at once; `clock` (micros) may run behind the one before."""

    clock: int
    facts: list[Fact]


def messages(facts: st.SearchStrategy[Fact]) -> st.SearchStrategy[list[Message]]:
    return st.lists(st.builds(Message, clocks, st.lists(facts, max_size=4)), max_size=6)


histories = messages(plain_facts) | messages(any_facts) | messages(petition_said | plain_facts)
MANY = settings(max_examples=60, deadline=None)


def batches(said: list[Message], input_: str = "dossier-events/0") -> list[Batch]:
    """The messages with an origin of its own for every fact."""
    found, number = [], 0
    for clock, facts in said:
        placed = []
        for fact in facts:
            placed.append(convert(_fields(fact) | {"origin": (0, number, 0)}, Fact))
            number += 1
        found.append(Batch(clock, placed, [input_] if placed else []))
    return found


def _fields(fact: Fact) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


def run(said: Iterable[Batch], partition: Partition | None = None, rules: Rules = RULES) -> Partition:
    partition = partition or Partition(rules)
    for offset, batch in enumerate(said):
        partition.apply(batch, offset)
    return partition


def fact_accepted(number: int, place: int = 0) -> Fact:
    at = FIRST // MICROS + number * 5000
    said = {"accepted": at, "due_first": at + 90_000}
    return Fact(f"H1-{number}", "accepted", at, at * MICROS, f"e{number}", said, (place, 0, 0))


def facts_in(said: list[Batch]) -> list[Fact]:
    return [fact for batch in said for fact in batch.facts]


def cases_of(facts: Iterable[Fact]) -> dict[str, Case]:
    cases: dict[str, Case] = {}
    for fact in facts:
        cases.setdefault(fact.case, fresh()).fold(fact.recorded, fact.id, keyed(fact.set))
    return {key: case for key, case in cases.items() if case.flat}  # who says nothing of a case has not named it


def cells_held(partition: Partition) -> Cells:
    """The cells of a partition by name, without those that are zero."""
    return told([*partition.all_cells(), Marker(partition.clock)])


def told(updates: Iterable[Told], until: int = NEVER) -> Cells:
    """What a reader holds who takes in cells with the marker that follows them, up to the last one at `until`."""
    cells: Cells = {}
    waiting: Cells = {}
    for update in updates:
        if isinstance(update, CellUpdate):
            waiting[update.unit, update.day] = named(list(update.counts))
        elif isinstance(update, UseUpdate):
            waiting[update.unit, update.procedure, update.month] = use_counts(update.counts)
        elif isinstance(update, Marker) and update.clock <= until:
            cells |= waiting
            waiting = {}
    return {key: counts for key, counts in cells.items() if counts}
