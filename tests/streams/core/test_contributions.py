"""What one dossier adds to the tallies: its verdicts of now and of past periods, and the report rate."""

from datetime import datetime

import pytest

from streams.core.contributions import effect
from streams.core.counters import BIT, HORIZONS, VERDICT_NAMES
from streams.core.events import (
    Accepted,
    Complained,
    Corrected,
    Finished,
    NotAccepted,
    PaymentPaid,
    PaymentRequested,
    Rated,
    Registered,
    ResultReturned,
    Step,
    Stopped,
    Withdrawn,
)
from tests.streams.core.scenarios import (
    APPOINTMENT,
    ASKED,
    DUE,
    NO_DUE,
    RECEIVED,
    RULES,
    ZONE,
    Said,
    case_of,
    clock,
    says,
)


def counters_of(said: Said, as_of: str) -> set[str]:
    now = effect(case_of(said), clock(as_of), RULES)
    bits = now.received | now.ended
    return {name for name, bit in BIT.items() if bits & bit}


def past(said: Said, as_of: str) -> dict[str, str]:
    """The verdict at each horizon."""
    found = {}
    for name in counters_of(said, as_of):
        verdict, _, horizon = name.rpartition("_")
        if verdict in VERDICT_NAMES.values() and horizon in HORIZONS:
            found[horizon] = verdict
    return found


LONG = [says(Accepted, "09-30 08:00", due="10-10 17:00"), says(Finished, "10-20 08:00")]


def test_received_in_september_and_late_in_october_is_within_due_for_september_and_late_for_the_year() -> None:
    assert past(LONG, "12-31 08:00") == {
        "now": "late",
        "week": "open_within",
        "month": "open_within",
        "quarter": "open_within",
        "year": "late",
    }


def test_until_a_period_has_ended_its_verdict_is_the_one_of_now() -> None:
    assert set(past(LONG, "09-30 12:00").values()) == {"open_within"}
    assert past(LONG, "10-15 08:00") == {
        "now": "open_overdue",
        "week": "open_within",
        "month": "open_within",
        "quarter": "open_within",
        "year": "open_overdue",
    }


def test_the_end_of_a_period_is_the_first_instant_of_the_next() -> None:
    last_second = says(Accepted, "09-30 08:00", due="09-30 23:59:58")
    at_midnight = says(Accepted, "09-30 08:00", due="09-30 23:59:59")
    at_the_end = says(Accepted, "09-30 08:00", due="10-01 00:00")
    assert past([last_second], "10-20 08:00")["month"] == "open_overdue"
    assert past([at_midnight], "10-20 08:00")["month"] == "open_overdue"
    assert past([at_the_end], "10-20 08:00")["month"] == "open_within"


def test_an_end_at_the_very_end_of_a_period_is_after_it() -> None:
    assert past([LONG[0], says(Finished, "10-01 00:00")], "11-01 08:00")["month"] == "open_within"
    assert past([LONG[0], says(Finished, "09-30 23:59:59")], "11-01 08:00")["month"] == "on_time"


def test_a_past_period_is_judged_by_the_due_date_as_last_recorded() -> None:
    corrected = says(Corrected, "10-25 08:00", due="09-30 12:00")
    assert past([*LONG, corrected], "12-31 08:00")["month"] == "open_overdue"


def test_a_round_opened_after_a_period_does_not_change_its_verdict() -> None:
    said = [says(Accepted, "09-30 08:00", due="10-03 08:00"), ASKED, RECEIVED, says(Finished, "10-09 08:00")]
    assert past(said, "12-31 08:00") == {
        "now": "late",
        "week": "open_overdue",
        "month": "open_within",
        "quarter": "open_within",
        "year": "late",
    }


REPORTED = [
    pytest.param([DUE, says(Finished, "10-09 23:59:59")], "finished_early", id="the day before"),
    pytest.param([DUE, says(Finished, "10-10 00:00")], "finished_on_time", id="on the day, earlier"),
    pytest.param([DUE, says(Finished, "10-10 23:59:59")], "finished_on_time", id="on the day, after the hour"),
    pytest.param([DUE, says(Finished, "10-11 00:00")], "finished_late", id="the day after"),
    pytest.param([NO_DUE, says(Finished, "10-11 00:00")], "finished_no_due", id="with no due date"),
    pytest.param([DUE, says(ResultReturned, "10-11 00:00")], "finished_late", id="returned is finished too"),
    pytest.param([DUE, says(Withdrawn, "10-11 00:00")], "closed_without_result", id="withdrawn"),
    pytest.param([DUE, says(Stopped, "10-11 00:00")], "closed_without_result", id="stopped"),
    pytest.param([DUE, says(NotAccepted, "10-11 00:00")], "closed_without_result", id="refused after acceptance"),
    pytest.param(
        [DUE, ASKED, RECEIVED, says(Finished, "10-11 00:00")], "finished_late", id="supplement time is not taken off"
    ),
    pytest.param([DUE, ASKED, APPOINTMENT, says(Finished, "10-11 00:00")], "finished_early", id="a new appointment"),
    pytest.param(
        [DUE, says(Corrected, "10-08 08:00", due="10-11"), says(Finished, "10-11 00:00")],
        "finished_on_time",
        id="a corrected due date",
    ),
]


@pytest.mark.parametrize(("said", "counted"), REPORTED)
def test_the_report_rate_compares_civil_days(said: Said, counted: str) -> None:
    reported = {name for name in counters_of(said, "12-01 08:00") if name.startswith(("finished_", "closed_"))}
    assert reported == {counted}


def test_what_waits_is_paused_until_it_is_completed_or_ends() -> None:
    assert "paused" not in counters_of([DUE, ASKED], "10-05 08:00")
    assert "paused" in counters_of([DUE, ASKED], "10-05 08:00:01")
    assert "paused" not in counters_of([DUE, ASKED, RECEIVED], "10-07 08:00:01")
    assert "paused" not in counters_of([DUE, ASKED, says(Withdrawn, "10-06 08:00")], "10-06 08:00:01")


def test_what_is_registered_is_held_until_it_is_accepted_or_refused() -> None:
    registered = says(Registered, "09-30 08:00")
    assert counters_of([registered], "10-05 08:00") == {"held"}
    assert "held" not in counters_of([registered, DUE], "10-05 08:00")
    assert counters_of([registered, says(NotAccepted, "10-01 08:00")], "10-05 08:00") == set()


def test_a_missing_channel_counts_as_filed_in_person() -> None:
    assert "direct" in counters_of([DUE], "10-05 08:00")


def test_a_complaint_takes_away_from_the_periods_that_had_not_ended_when_it_came() -> None:
    complained = says(Complained, "10-05 00:00")
    said = [says(Accepted, "09-30 08:00", due="10-10 17:00"), complained]
    unblamed = {name for name in counters_of(said, "11-01 08:00") if name.startswith("unblamed")}
    assert unblamed == {"unblamed_week", "unblamed_month", "unblamed_quarter"}
    just_in_the_week = [said[0], says(Complained, "10-04 23:59:59")]
    assert "unblamed_week" not in counters_of(just_in_the_week, "11-01 08:00")
    assert "unblamed_year" in counters_of(said, "10-05 00:00")
    assert "unblamed_year" not in counters_of(said, "10-05 00:00:01")


def test_an_overdue_dossier_is_not_unblamed() -> None:
    said = [says(Accepted, "09-30 08:00", due="10-10 17:00")]
    assert "unblamed_now" in counters_of(said, "10-10 17:00")
    assert "unblamed_now" not in counters_of(said, "10-10 17:00:01")


PAID = [
    pytest.param([], set(), id="nothing asked"),
    pytest.param([says(PaymentRequested, "10-01 08:00")], set(), id="an all-zero fee is no obligation"),
    pytest.param([says(PaymentRequested, "10-01 08:00", amount_class=2)], {"with_obligation"}, id="asked"),
    pytest.param(
        [says(PaymentPaid, "10-02 08:00", amount_class=1, by="counter")],
        {"with_obligation", "paid"},
        id="paid in cash, though never asked",
    ),
    pytest.param(
        [says(PaymentPaid, "10-02 08:00", amount_class=1, by="transfer")],
        {"with_obligation", "paid", "paid_cashless"},
        id="by transfer",
    ),
    pytest.param(
        [says(PaymentPaid, "10-02 08:00", amount_class=1, by="local_gateway")],
        {"with_obligation", "paid", "paid_cashless", "paid_online"},
        id="by a gateway",
    ),
    pytest.param([says(PaymentPaid, "10-02 08:00", amount_class=0, by="national_portal")], set(), id="nothing paid"),
    pytest.param(
        [says(PaymentPaid, "10-05 08:00", amount_class=1, by="national_portal")], set(), id="not before that instant"
    ),
]


@pytest.mark.parametrize(("said", "counted"), PAID)
def test_an_obligation_has_an_amount_and_is_paid_one_way_or_another(said: Said, counted: set[str]) -> None:
    names = {"with_obligation", "paid", "paid_online", "paid_cashless"}
    assert counters_of([DUE, *said], "10-05 08:00") & names == counted


SERVED = [
    pytest.param([says(Rated, "10-03 08:00", score=5)], set(), id="not finished"),
    pytest.param([says(Finished, "10-03 08:00"), says(Rated, "10-04 08:00", score=3)], {"rated"}, id="so so"),
    pytest.param(
        [says(Rated, "10-02 08:00", score=4), says(Finished, "10-03 08:00")],
        {"rated", "rated_satisfied"},
        id="rated before it was finished",
    ),
    pytest.param(
        [says(Finished, "10-03 08:00"), says(Rated, "10-04 09:00", score=2), says(Rated, "10-04 08:00", score=5)],
        {"rated"},
        id="the latest rating counts",
    ),
    pytest.param([says(Withdrawn, "10-03 08:00"), says(Rated, "10-04 08:00", score=5)], set(), id="no result"),
    pytest.param([says(ResultReturned, "10-03 08:00", by="post")], {"returned_by_post"}, id="by post"),
    pytest.param([says(ResultReturned, "10-03 08:00", by="counter")], set(), id="at the counter"),
]


@pytest.mark.parametrize(("said", "counted"), SERVED)
def test_what_is_finished_is_rated_and_returned(said: Said, counted: set[str]) -> None:
    names = {"rated", "rated_satisfied", "returned_by_post"}
    assert counters_of([DUE, *said], "10-05 08:00") & names == counted


def test_a_step_at_the_first_instant_of_1970_and_one_before_it_change_nothing() -> None:
    steps = [Step(dossier="H1", at=datetime.fromtimestamp(moment, ZONE)) for moment in (-1, 0)]
    assert counters_of([DUE, *steps], "10-05 08:00") == counters_of([DUE], "10-05 08:00")
    assert effect(case_of([DUE, *steps]), clock("10-05 08:00"), RULES) == effect(
        case_of([DUE]), clock("10-05 08:00"), RULES
    )
