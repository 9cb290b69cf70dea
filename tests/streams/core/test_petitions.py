"""A petition is in time to the second, and what is stated of it merges like any other case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core import fields
from streams.core.calendar import read_calendar
from streams.core.cases import Case, fresh
from streams.core.civil import DAY, MICROS, Civil, moment_of, seconds
from streams.core.counters import COUNTERS, NOW, difference
from streams.core.fields import keyed
from streams.core.petition_effects import petition_effect
from streams.core.petitions import Cleared, Petition, Topic
from streams.core.rules import Rules
from streams.core.terms import NO_TERMS, Edition, Terms
from streams.definitions import shipped_lines

CAME = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
DUE = seconds(datetime(2026, 11, 23, 10, 0, tzinfo=UTC))  # 17:00 on the 15th working day after it came
CIVIL = Civil("Asia/Ho_Chi_Minh")
CALENDAR = read_calendar(shipped_lines("calendars", "vietnam"), "vietnam", CIVIL)
RULES = Rules(CIVIL, terms=Terms([Edition(0, CALENDAR)]))


def petition(days: int = 0, **said: object) -> Petition:
    """One stated `days` after it came."""
    base: dict[str, object] = {"recorded": CAME + timedelta(days=days), "petition": "P1", "unit": "U", "received": CAME}
    return Petition(**(base | said))  # type: ignore[arg-type]


def case_of(*stated: Petition) -> Case:
    case = fresh()
    for one in stated:
        case.fold(*one.stamp, keyed(one.says()))
    return case


def counts(clock: int, *stated: Petition) -> set[str]:
    """Names of what it adds as of a clock (seconds): verdicts as of now, without those of open petitions."""
    bits = petition_effect(case_of(*stated).flat, clock * MICROS, RULES).received
    names = {COUNTERS[place].name for place, _ in difference(0, bits)}
    plain = {name.removesuffix(f"_{NOW}") for name in names if name.endswith(f"_{NOW}") or name.count("_") < 2}
    return plain - {"petitions_open", "petitions_overdue"}


def test_it_counts_from_the_second_after_it_came() -> None:
    assert counts(seconds(CAME), petition()) == set()
    assert counts(seconds(CAME) + 1, petition()) == {"petitions", "petitions_in_time", "petitions_well"}


@pytest.mark.parametrize(("late_s", "in_time"), [(0, True), (1, False)])
def test_answered_at_the_very_second_it_is_due_is_in_time(late_s: int, in_time: bool) -> None:
    answered = petition(answered=moment_of(DUE + late_s))
    assert ("petitions_in_time" in counts(DUE + DAY, answered)) is in_time


def test_an_open_one_turns_overdue_with_no_event_when_the_clock_passes_its_due_second() -> None:
    assert "petitions_in_time" in counts(DUE, petition())
    assert counts(DUE + 1, petition()) == {"petitions"}


@pytest.mark.parametrize("name", ["disliked", "repeated"])
def test_one_disliked_or_repeated_is_in_time_but_not_well_from_then_on(name: str) -> None:
    said = msgspec.structs.replace(petition(answered=CAME + timedelta(days=1)), **{name: CAME + timedelta(days=2)})
    assert "petitions_well" in counts(seconds(CAME) + 2 * DAY, said)
    assert counts(seconds(CAME) + 2 * DAY + 1, said) == {"petitions", "petitions_in_time"}


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        (Topic.PROCEDURE, "petitions_procedure"),
        (Topic.BEHAVIOUR, "petitions_behaviour"),
        (Topic.EXTRA_TRIPS, "petitions_trips"),
        (Topic.OTHER, None),
    ],
)
def test_topics_are_counted_apart(topic: Topic, name: str | None) -> None:
    wanted = {"petitions", "petitions_in_time", "petitions_well"} | ({name} if name else set())
    assert counts(DUE, petition(topic=topic)) == wanted


def test_what_a_later_statement_leaves_out_is_not_taken_back_but_what_it_clears_is() -> None:
    answered = petition(days=1, answered=CAME + timedelta(days=1))
    topic = petition(days=2, topic=Topic.BEHAVIOUR)
    cleared = petition(days=3, clear=[Cleared.ANSWERED])
    assert "petitions_in_time" in counts(DUE + DAY, petition(), answered, topic)
    assert counts(DUE + DAY, petition(), answered, topic, cleared) == {"petitions", "petitions_behaviour"}


def test_one_that_never_came_counts_nowhere() -> None:
    assert counts(DUE, petition(about="D"), petition(days=1, removed=True, about="D")) == set()
    assert petition(removed=True, about="D").complaint() is None


def test_the_dossier_that_it_names_is_complained_about_when_it_came() -> None:
    complaint = petition(about="H44-1").complaint()
    assert complaint is not None
    assert complaint[0] == "H44-1"
    assert keyed(complaint[1]) == {fields.COMPLAINED: seconds(CAME)}
    assert petition().complaint() is None


days = st.integers(0, 30)
stated = st.builds(
    lambda recorded, answered, topic: petition(
        recorded, topic=topic, answered=None if answered is None else CAME + timedelta(days=answered)
    ),
    days,
    st.none() | days,
    st.none() | st.sampled_from(Topic),
)


@given(st.lists(stated, min_size=1, max_size=4), days)
def test_order_and_repetition_change_nothing(some: list[Petition], at: int) -> None:
    clock = seconds(CAME) + at * DAY + 1
    wanted = counts(clock, *some)
    assert all(counts(clock, *order, *order[:1]) == wanted for order in permutations(some))


def test_without_a_calendar_whether_it_is_in_time_is_not_known_which_is_counted() -> None:
    bits = petition_effect(case_of(petition()).flat, DUE * MICROS, RULES._replace(terms=NO_TERMS)).received
    names = {COUNTERS[place].name for place, _ in difference(0, bits)}
    assert {"petitions", "petitions_open", "petitions_no_due_now", "petitions_no_due_month"} <= names
    assert not {name for name in names if name.startswith(("petitions_in_time", "petitions_well"))}


def test_one_answered_late_was_in_time_as_of_the_end_of_its_month_and_is_late_for_the_quarter() -> None:
    late = petition(received=datetime(2026, 11, 20, 1, tzinfo=UTC), answered=datetime(2026, 12, 20, 1, tzinfo=UTC))
    names = {
        COUNTERS[place].name
        for place, _ in difference(0, petition_effect(case_of(late).flat, DUE * MICROS * 2, RULES).received)
    }
    assert {"petitions_in_time_week", "petitions_in_time_month"} <= names
    assert not names & {"petitions_in_time_quarter", "petitions_in_time_year", "petitions_in_time_now"}


def test_an_open_one_is_on_the_watch_list_from_a_fifth_of_its_time_before_it_is_due_until_it_is_answered() -> None:
    def watch(clock: int, *stated: Petition) -> tuple[int, bool] | None:
        entry = petition_effect(case_of(*stated).flat, clock * MICROS, RULES).watch
        return None if entry is None else (entry.due, entry.late)

    assert watch(DUE - 10 * DAY, petition()) is None
    assert watch(DUE - DAY, petition()) == (DUE, False)
    assert watch(DUE + 1, petition()) == (DUE, True)
    assert watch(DUE + DAY, petition(), petition(days=1, answered=moment_of(DUE + 60))) is None
