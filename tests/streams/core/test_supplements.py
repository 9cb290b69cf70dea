"""The decided cases of supplement rounds, for due dates as given: pauses, new appointments, second rounds."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.cases import encode
from streams.core.civil import MICROS, seconds
from streams.core.event_words import Clearable, Many
from streams.core.events import (
    Corrected,
    Event,
    Finished,
    Reopened,
    Step,
    SupplementReceived,
    SupplementRequested,
    Withdrawn,
)
from streams.core.verdicts import Verdict, judge, rounds
from tests.streams.core.scenarios import (
    AGAIN,
    APPOINTMENT,
    ASKED,
    DUE,
    LATE,
    NO_DUE,
    ON_TIME,
    OPEN,
    OVERDUE,
    READER,
    RECEIVED,
    RULES,
    WITHIN,
    ZONE,
    Said,
    accepted,
    at,
    case_of,
    claims,
    says,
    verdict_of,
)

ONE_ROUND = claims(
    (
        "supplement time is taken off the end",
        [DUE, ASKED, RECEIVED, says(Finished, "10-12 17:00")],
        "11-01 08:00",
        ON_TIME,
    ),
    ("one second more than it is late", [DUE, ASKED, RECEIVED, says(Finished, "10-12 17:00:01")], "11-01 08:00", LATE),
    ("open, the late instant moves too", [DUE, ASKED, RECEIVED], "10-12 17:00", WITHIN),
    ("open, a second after the moved late instant", [DUE, ASKED, RECEIVED], "10-12 17:00:01", OVERDUE),
    ("while waiting it is frozen as of the asking", [DUE, ASKED], "12-31 08:00", WITHIN),
    ("as of the asking itself it does not wait yet", [accepted(due="10-05 07:59:59"), ASKED], "10-05 08:00", OVERDUE),
    ("asked at the very due instant is asked in time", [accepted(due="10-05 08:00"), ASKED], "12-31 08:00", WITHIN),
    (
        "asked a second after it was due, waiting forgives nothing",
        [accepted(due="10-05 07:59:59"), ASKED],
        "12-31 08:00",
        OVERDUE,
    ),
    (
        "asked after it was due, the pause is not taken off",
        [accepted(due="10-04 08:00"), ASKED, RECEIVED, says(Finished, "10-07 09:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "as of a moment within the round it waits, also when closed since",
        [accepted(due="10-06 08:00"), ASKED, RECEIVED],
        "10-06 20:00",
        WITHIN,
    ),
    ("with no due date it stays without", [NO_DUE, ASKED, RECEIVED], "12-31 08:00", OPEN),
    (
        "an asking before acceptance is not counted",
        [says(SupplementRequested, "09-20 08:00"), DUE],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "a round before acceptance is not counted as the first of two",
        [says(SupplementRequested, "09-20 08:00"), says(SupplementReceived, "09-22 08:00"), DUE, ASKED, RECEIVED],
        "10-12 17:00",
        WITHIN,
    ),
    (
        "an asking inside an open round belongs to it",
        [DUE, ASKED, says(SupplementRequested, "10-05 08:01"), RECEIVED],
        "10-12 17:00",
        WITHIN,
    ),
    (
        "the round is counted from its first asking",
        [DUE, ASKED, says(SupplementRequested, "10-06 08:00"), RECEIVED],
        "10-12 17:00:01",
        OVERDUE,
    ),
    ("a completion that answers nothing is nothing", [DUE, RECEIVED], "10-10 17:00:01", OVERDUE),
    (
        "a second completion adds nothing",
        [DUE, ASKED, RECEIVED, says(SupplementReceived, "10-09 08:00")],
        "10-12 17:00:01",
        OVERDUE,
    ),
    ("a later step closes the round", [DUE, ASKED, says(Step, "10-07 08:00")], "10-12 17:00:01", OVERDUE),
    ("until then the round is open", [DUE, ASKED, says(Step, "10-07 08:00")], "10-12 17:00", WITHIN),
    (
        "a step of the asking's own second does not close it",
        [DUE, ASKED, says(Step, "10-05 08:00")],
        "12-31 08:00",
        WITHIN,
    ),
    ("a step before the asking does not close it", [DUE, says(Step, "10-04 08:00"), ASKED], "12-31 08:00", WITHIN),
    (
        "an end closes the round and the waiting is taken off",
        [DUE, ASKED, says(Withdrawn, "11-20 08:00")],
        "12-31 08:00",
        ON_TIME,
    ),
    (
        "an end closes a round that was asked too late, and nothing is taken off",
        [accepted(due="10-04 08:00"), ASKED, says(Withdrawn, "10-06 08:00")],
        "12-31 08:00",
        LATE,
    ),
    (
        "an asking after an end that stands is no round",
        [DUE, says(Finished, "10-04 08:00"), ASKED, says(SupplementRequested, "10-09 08:00")],
        "12-31 08:00",
        ON_TIME,
    ),
    (
        "a reopened dossier can be asked",
        [DUE, says(Finished, "10-03 08:00"), says(Reopened, "10-04 08:00"), ASKED],
        "12-31 08:00",
        WITHIN,
    ),
    (
        "an asking that was cleared is none",
        [DUE, ASKED, says(Corrected, "10-06 08:00", clear_moments={Many.ASKED: [at("10-05 08:00")]})],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "a completion that was cleared leaves the round open",
        [DUE, ASKED, RECEIVED, says(Corrected, "10-08 08:00", clear_moments={Many.COMPLETED: [at("10-07 08:00")]})],
        "12-31 08:00",
        WITHIN,
    ),
    (
        "the promise moved by a correction is what the pause is added to",
        [DUE, ASKED, RECEIVED, says(Corrected, "10-08 08:00", due="10-20 17:00")],
        "10-22 17:00",
        WITHIN,
    ),
    (
        "and a second later it is overdue",
        [DUE, ASKED, RECEIVED, says(Corrected, "10-08 08:00", due="10-20 17:00")],
        "10-22 17:00:01",
        OVERDUE,
    ),
)
APPOINTMENTS = claims(
    ("a new appointment replaces the due date", [DUE, ASKED, APPOINTMENT], "10-20 17:00", WITHIN),
    ("and the pause is not taken off besides", [DUE, ASKED, APPOINTMENT], "10-20 17:00:01", OVERDUE),
    (
        "an end by the new appointment is on time",
        [DUE, ASKED, APPOINTMENT, says(Finished, "10-20 17:00")],
        "11-01 08:00",
        ON_TIME,
    ),
    (
        "a new appointment may also be earlier",
        [DUE, ASKED, says(SupplementReceived, "10-07 08:00", due="10-08 17:00")],
        "10-09 08:00",
        OVERDUE,
    ),
    (
        "a bare date as new appointment is its last second",
        [DUE, ASKED, says(SupplementReceived, "10-07 08:00", due="10-20")],
        "10-20 23:59:59",
        WITHIN,
    ),
    ("before it is stated the round waits", [DUE, ASKED, APPOINTMENT], "10-07 08:00", WITHIN),
    (
        "a correction recorded after it scores",
        [DUE, ASKED, APPOINTMENT, says(Corrected, "10-08 08:00", due="10-09 17:00")],
        "10-11 17:00:01",
        OVERDUE,
    ),
    (
        "and with it the pause is given back",
        [DUE, ASKED, APPOINTMENT, says(Corrected, "10-08 08:00", due="10-09 17:00")],
        "10-11 17:00",
        WITHIN,
    ),
    (
        "a correction recorded before it does not",
        [DUE, says(Corrected, "10-02 08:00", due="10-09 17:00"), ASKED, APPOINTMENT],
        "10-20 17:00",
        WITHIN,
    ),
    (
        "a correction that cleared the due date, recorded after it, leaves none",
        [DUE, ASKED, APPOINTMENT, says(Corrected, "10-08 08:00", clear=[Clearable.DUE])],
        "12-01 08:00",
        OPEN,
    ),
    (
        "asked after it was due, a new appointment forgives nothing",
        [accepted(due="10-04 08:00"), ASKED, APPOINTMENT],
        "10-08 08:00",
        OVERDUE,
    ),
    (
        "stated with the asking it closes the round and scores",
        [DUE, says(SupplementRequested, "10-05 08:00", due="10-20 17:00")],
        "10-20 17:00:01",
        OVERDUE,
    ),
)
TWO_ROUNDS = claims(
    ("before the second asking nothing is late", [DUE, ASKED, RECEIVED, AGAIN], "10-08 08:00", WITHIN),
    ("a second after it the dossier is late", [DUE, ASKED, RECEIVED, AGAIN], "10-08 08:00:01", OVERDUE),
    (
        "it stays late when the second round is closed",
        [DUE, ASKED, RECEIVED, AGAIN, says(SupplementReceived, "10-09 08:00")],
        "10-10 08:00",
        OVERDUE,
    ),
    (
        "it stays late with a new appointment",
        [DUE, ASKED, RECEIVED, AGAIN, says(SupplementReceived, "10-09 08:00", due="12-01")],
        "10-10 08:00",
        OVERDUE,
    ),
    (
        "ended before it was due it is late all the same",
        [DUE, ASKED, RECEIVED, AGAIN, says(Finished, "10-09 08:00")],
        "10-20 08:00",
        LATE,
    ),
    ("late also without any due date", [NO_DUE, ASKED, RECEIVED, AGAIN], "10-08 08:00:01", OVERDUE),
    ("without any due date, before the second asking", [NO_DUE, ASKED, RECEIVED, AGAIN], "10-08 08:00", OPEN),
    (
        "ended without any due date it is late",
        [NO_DUE, ASKED, RECEIVED, AGAIN, says(Finished, "10-09 08:00")],
        "10-20 08:00",
        LATE,
    ),
    ("a new appointment in between does not save it", [DUE, ASKED, APPOINTMENT, AGAIN], "10-09 08:00", OVERDUE),
    (
        "a step in between makes the next asking a second round",
        [DUE, ASKED, says(Step, "10-06 08:00"), AGAIN],
        "10-08 08:00:01",
        OVERDUE,
    ),
    (
        "a first round asked late is late from its due date on",
        [accepted(due="10-04 08:00"), ASKED, RECEIVED, AGAIN],
        "10-04 08:00:01",
        OVERDUE,
    ),
    (
        "a second asking that was cleared is none",
        [DUE, ASKED, RECEIVED, AGAIN, says(Corrected, "10-09 08:00", clear_moments={Many.ASKED: [at("10-08 08:00")]})],
        "10-12 17:00",
        WITHIN,
    ),
)


@pytest.mark.parametrize(("said", "as_of", "verdict"), ONE_ROUND)
def test_one_round_of_supplement_is_forgiven_when_asked_in_time(said: Said, as_of: str, verdict: Verdict) -> None:
    assert verdict_of(said, as_of) == verdict


@pytest.mark.parametrize(("said", "as_of", "verdict"), APPOINTMENTS)
def test_a_new_appointment_replaces_the_due_date(said: Said, as_of: str, verdict: Verdict) -> None:
    assert verdict_of(said, as_of) == verdict


@pytest.mark.parametrize(("said", "as_of", "verdict"), TWO_ROUNDS)
def test_a_second_round_is_late_from_its_asking(said: Said, as_of: str, verdict: Verdict) -> None:
    assert verdict_of(said, as_of) == verdict


@pytest.mark.parametrize(
    "said", [pytest.param(row.values[0], id=row.id) for row in (*ONE_ROUND, *APPOINTMENTS, *TWO_ROUNDS)]
)
def test_no_scenario_depends_on_the_order_in_which_its_events_arrive(said: Said) -> None:
    assert encode(case_of(said)) == encode(case_of(said[::-1])) == encode(case_of([*said[1:], *said]))


PAST = timedelta(days=365 * 60)


def before_1970(said: Said) -> list[Event]:
    """The same scenario 60 years earlier; bare dates become the second that they mean."""
    moved = []
    for event in said:
        more = {name: getattr(event, name) for name in event.__struct_fields__}
        for name in ("at", "recorded"):
            more[name] = more[name] and more[name] - PAST
        if more.get("due"):
            more["due"] = (datetime.fromtimestamp(READER.due(more["due"]), ZONE) - PAST).isoformat()
        if isinstance(event, Corrected):
            more["moments"] = {name: moment - PAST for name, moment in event.moments.items()}
            more["clear_moments"] = {name: [one - PAST for one in many] for name, many in event.clear_moments.items()}
        moved.append(type(event)(**more))
    return moved


@pytest.mark.parametrize(("said", "as_of", "verdict"), [*ONE_ROUND, *APPOINTMENTS, *TWO_ROUNDS])
def test_every_scenario_is_the_same_sixty_years_earlier(said: Said, as_of: str, verdict: Verdict) -> None:
    then = seconds(at(as_of) - PAST) * MICROS
    assert judge(case_of(before_1970(said)), then, RULES).verdict == verdict


@given(st.lists(st.sampled_from([ASKED, RECEIVED, APPOINTMENT, AGAIN, says(Step, "10-06 08:00")]), max_size=8))
def test_rounds_are_in_order_and_only_the_last_one_may_be_open(said: list[Event]) -> None:
    found = rounds(case_of([DUE, *said]).flat, seconds(at("10-01 08:00")), seconds(at("12-01 08:00")), None)
    assert all(one.closed is not None and one.asked <= one.closed for one in found[:-1])
    assert [one.asked for one in found] == sorted({one.asked for one in found})
