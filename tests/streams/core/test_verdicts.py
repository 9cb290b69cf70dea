"""The decided cases of "is it on time?", for due dates as given: ends, corrections, reopenings."""

import pytest

from streams.core.cases import encode
from streams.core.civil import MICROS, seconds
from streams.core.event_words import Clearable, Milestone, PaidBy
from streams.core.events import (
    Corrected,
    Extended,
    Finished,
    NotAccepted,
    PaymentPaid,
    PaymentRequested,
    Registered,
    Reopened,
    ResultReturned,
    Step,
    Stopped,
    Withdrawn,
)
from streams.core.verdicts import Verdict, judge
from tests.streams.core.scenarios import (
    DUE,
    ENDED,
    LATE,
    NO_DUE,
    NONE,
    ON_TIME,
    OPEN,
    OVERDUE,
    RULES,
    WITHIN,
    Said,
    accepted,
    at,
    case_of,
    claims,
    says,
    verdict_of,
)

WITHOUT_SUPPLEMENT = claims(
    ("nothing accepted counts nowhere", [says(Registered, "10-01 08:00", due="10-02")], "10-20 08:00", NONE),
    ("before it is accepted it counts nowhere", [DUE], "10-01 08:00", NONE),
    ("a second after acceptance it counts", [DUE], "10-01 08:00:01", WITHIN),
    ("at the very due instant it is within due", [DUE], "10-10 17:00:00", WITHIN),
    ("a second later it is overdue, with no event", [DUE], "10-10 17:00:01", OVERDUE),
    ("ended at the very second it is due is on time", [DUE, says(Finished, "10-10 17:00")], "10-20 08:00", ON_TIME),
    ("ended one second later is late", [DUE, says(Finished, "10-10 17:00:01")], "10-20 08:00", LATE),
    ("an end does not count as of its own instant", [DUE, says(Finished, "10-05 08:00")], "10-05 08:00", WITHIN),
    ("an end counts a second later", [DUE, says(Finished, "10-05 08:00")], "10-05 08:00:01", ON_TIME),
    ("before its late end it is overdue", [DUE, says(Finished, "10-20 08:00")], "10-20 08:00", OVERDUE),
    ("no due date and open", [NO_DUE], "12-01 08:00", OPEN),
    ("no due date and ended", [NO_DUE, says(Finished, "10-20 08:00")], "12-01 08:00", ENDED),
    (
        "a bare date as due is its last second",
        [accepted(due="10-10"), says(Finished, "10-10 23:59:59")],
        "10-20 08:00",
        ON_TIME,
    ),
    (
        "the next midnight is after a bare date",
        [accepted(due="10-10"), says(Finished, "10-11 00:00")],
        "10-20 08:00",
        LATE,
    ),
    ("open at the last second of a bare date", [accepted(due="10-10")], "10-10 23:59:59", WITHIN),
    ("open at the midnight after a bare date", [accepted(due="10-10")], "10-11 00:00", OVERDUE),
    (
        "the due date promised at registration holds",
        [says(Registered, "09-30 08:00", due="10-10"), NO_DUE],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "a due date sent again with another value is not scored",
        [DUE, accepted(recorded="10-09 08:00", due="12-01")],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "an extension with an apology is not scored",
        [DUE, says(Extended, "10-09 08:00", due="12-01")],
        "10-20 08:00",
        OVERDUE,
    ),
    ("a corrected due date scores", [DUE, says(Corrected, "10-20 08:00", due="12-01")], "10-20 09:00", WITHIN),
    (
        "the latest of two corrections scores",
        [DUE, says(Corrected, "10-20 08:00", due="12-01"), says(Corrected, "10-21 08:00", due="10-05")],
        "10-22 08:00",
        OVERDUE,
    ),
    (
        "a corrected due date scores before a promise recorded later",
        [says(Corrected, "10-02 08:00", due="10-05"), accepted(recorded="10-03 08:00", due="12-01")],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "a due date cleared by a correction is none",
        [DUE, says(Corrected, "10-20 08:00", clear=[Clearable.DUE])],
        "10-20 09:00",
        OPEN,
    ),
    (
        "a due date set after it was cleared scores",
        [DUE, says(Corrected, "10-20 08:00", clear=[Clearable.DUE]), says(Corrected, "10-21 08:00", due="10-05")],
        "10-22 08:00",
        OVERDUE,
    ),
    (
        "an acceptance cleared by a correction counts nowhere",
        [DUE, says(Corrected, "10-20 08:00", clear=[Clearable.ACCEPTED])],
        "10-22 08:00",
        NONE,
    ),
    (
        "an end cleared by a correction is none",
        [DUE, says(Finished, "10-05 08:00"), says(Corrected, "10-06 08:00", clear=[Clearable.FINISHED])],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "an end moved by a correction is where it was moved",
        [
            DUE,
            says(Finished, "10-05 08:00"),
            says(Corrected, "10-21 08:00", moments={Milestone.FINISHED: at("10-20 08:00")}),
        ],
        "11-01 08:00",
        LATE,
    ),
    (
        "a payment wait moves nothing",
        [DUE, says(PaymentRequested, "10-02 08:00"), says(PaymentPaid, "10-09 08:00", by=PaidBy.COUNTER)],
        "10-11 08:00",
        OVERDUE,
    ),
    ("a step moves nothing", [DUE, says(Step, "10-02 08:00")], "10-11 08:00", OVERDUE),
)
ENDS = claims(
    (
        "handed over late after an end on time is on time",
        [DUE, says(Finished, "10-05 08:00"), says(ResultReturned, "10-20 08:00")],
        "11-01 08:00",
        ON_TIME,
    ),
    ("handed over without a finish ends it", [DUE, says(ResultReturned, "10-20 08:00")], "11-01 08:00", LATE),
    (
        "handed over in time and finished late is late, once finished",
        [DUE, says(ResultReturned, "10-05 08:00"), says(Finished, "10-20 08:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "until it is finished the hand-over decides",
        [DUE, says(ResultReturned, "10-05 08:00"), says(Finished, "10-20 08:00")],
        "10-20 08:00",
        ON_TIME,
    ),
    (
        "finished after withdrawn decides from then on",
        [DUE, says(Withdrawn, "10-05 08:00"), says(Finished, "10-20 08:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "until it is finished the withdrawal decides",
        [DUE, says(Withdrawn, "10-05 08:00"), says(Finished, "10-20 08:00")],
        "10-20 08:00",
        ON_TIME,
    ),
    ("stopped is an end", [DUE, says(Stopped, "10-20 08:00")], "11-01 08:00", LATE),
    ("withdrawn is an end", [DUE, says(Withdrawn, "10-05 08:00")], "11-01 08:00", ON_TIME),
    (
        "stopped goes before withdrawn",
        [DUE, says(Withdrawn, "10-05 08:00"), says(Stopped, "10-20 08:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "refused goes before withdrawn",
        [DUE, says(Withdrawn, "10-05 08:00"), says(NotAccepted, "10-20 08:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "of stopped and refused the earlier: stopped",
        [DUE, says(Stopped, "10-05 08:00"), says(NotAccepted, "10-20 08:00")],
        "11-01 08:00",
        ON_TIME,
    ),
    (
        "of stopped and refused the earlier: refused",
        [DUE, says(NotAccepted, "10-05 08:00"), says(Stopped, "10-20 08:00")],
        "11-01 08:00",
        ON_TIME,
    ),
    (
        "finished goes before an earlier stop",
        [DUE, says(Stopped, "10-05 08:00"), says(Finished, "10-20 08:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "refused before acceptance counts nowhere",
        [says(Registered, "09-30 08:00", due="10-10"), says(NotAccepted, "10-01 08:00")],
        "11-01 08:00",
        NONE,
    ),
    ("refused after acceptance is an end", [DUE, says(NotAccepted, "10-05 08:00")], "11-01 08:00", ON_TIME),
    (
        "a refusal before acceptance does not end what was accepted then",
        [says(NotAccepted, "09-30 08:00"), DUE],
        "11-01 08:00",
        OVERDUE,
    ),
)
REOPENED = claims(
    (
        "reopened after its end it is open again",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-06 08:00")],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "before it was reopened the end holds",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-06 08:00")],
        "10-06 08:00",
        ON_TIME,
    ),
    (
        "a second after it was reopened it is open",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-06 08:00")],
        "10-06 08:00:01",
        WITHIN,
    ),
    (
        "the end after the reopening decides",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-06 08:00"), says(Finished, "10-20 08:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "the later finish holds for all T",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-06 08:00"), says(Finished, "10-20 08:00")],
        "10-05 12:00",
        WITHIN,
    ),
    (
        "reopened after the end, recorded before it: the end stands",
        [DUE, says(Finished, "10-05 08:00", recorded="10-08 08:00"), says(Reopened, "10-06 08:00")],
        "10-20 08:00",
        ON_TIME,
    ),
    (
        "reopened before the end, recorded after it: the end stands",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-04 08:00", recorded="10-08 08:00")],
        "10-20 08:00",
        ON_TIME,
    ),
    (
        "reopened at the second of the end: the end stands",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-05 08:00", recorded="10-08 08:00")],
        "10-20 08:00",
        ON_TIME,
    ),
    (
        "a withdrawal is void after a reopening too",
        [DUE, says(Withdrawn, "10-05 08:00"), says(Reopened, "10-06 08:00")],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "a stop is void after a reopening too",
        [DUE, says(Stopped, "10-05 08:00"), says(Reopened, "10-06 08:00")],
        "10-20 08:00",
        OVERDUE,
    ),
    (
        "only the ends before it are void",
        [DUE, says(Finished, "10-05 08:00"), says(Reopened, "10-06 08:00"), says(ResultReturned, "10-20 08:00")],
        "11-01 08:00",
        LATE,
    ),
    (
        "a reopening that was cleared voids nothing",
        [
            DUE,
            says(Finished, "10-05 08:00"),
            says(Reopened, "10-06 08:00"),
            says(Corrected, "10-07 08:00", clear=[Clearable.REOPENED]),
        ],
        "10-20 08:00",
        ON_TIME,
    ),
    ("a reopening without an end is nothing", [DUE, says(Reopened, "10-06 08:00")], "10-20 08:00", OVERDUE),
)


@pytest.mark.parametrize(("said", "as_of", "verdict"), WITHOUT_SUPPLEMENT)
def test_the_end_and_the_due_date_decide(said: Said, as_of: str, verdict: Verdict) -> None:
    assert verdict_of(said, as_of) == verdict


@pytest.mark.parametrize(("said", "as_of", "verdict"), ENDS)
def test_ends_have_an_order_of_preference(said: Said, as_of: str, verdict: Verdict) -> None:
    assert verdict_of(said, as_of) == verdict


@pytest.mark.parametrize(("said", "as_of", "verdict"), REOPENED)
def test_going_back_voids_an_end_when_it_occurred_and_was_recorded_after_it(
    said: Said, as_of: str, verdict: Verdict
) -> None:
    assert verdict_of(said, as_of) == verdict


@pytest.mark.parametrize(
    "said", [pytest.param(row.values[0], id=row.id) for row in (*WITHOUT_SUPPLEMENT, *ENDS, *REOPENED)]
)
def test_no_scenario_depends_on_the_order_in_which_its_events_arrive(said: Said) -> None:
    assert encode(case_of(said)) == encode(case_of(said[::-1])) == encode(case_of([*said[1:], *said]))


def test_milestones_are_whole_seconds_and_the_clock_is_not() -> None:
    finished = Finished(dossier="H1", at=at("10-10 17:00").replace(microsecond=999_999))
    assert verdict_of([DUE, finished], "10-20 08:00") == ON_TIME
    truncated = seconds(at("10-10 17:00")) * MICROS
    assert judge(case_of([DUE, finished]), truncated, RULES).verdict == WITHIN
    assert judge(case_of([DUE, finished]), truncated + 1, RULES).verdict == ON_TIME


def test_a_case_is_overdue_from_one_second_after_its_late_instant_and_not_a_microsecond_earlier() -> None:
    late_at = seconds(at("10-10 17:00")) * MICROS
    assert judge(case_of([DUE]), late_at + MICROS - 1, RULES).verdict == WITHIN
    assert judge(case_of([DUE]), late_at + MICROS, RULES).verdict == OVERDUE
