"""Computed due dates in verdicts: which calendar, which limit, pauses, and what a new edition changes."""

from collections.abc import Sequence

import pytest
from msgspec import convert

from streams.core.calendar import read_calendar
from streams.core.cases import Case
from streams.core.civil import MICROS, seconds
from streams.core.contributions import effect
from streams.core.counters import BIT
from streams.core.editions import EditionRecord, Editions, Kind, Unreadable, encode
from streams.core.events import Accepted, Corrected, Event, Extended, Finished, PaymentPaid, PaymentRequested
from streams.core.limits import read_limits
from streams.core.register import read_register
from streams.core.rules import Rules, Scores
from streams.core.terms import Edition, Terms
from streams.core.verdicts import Verdict, judge
from tests.streams.core.histories import calendar_row
from tests.streams.core.scenarios import (
    AGAIN,
    ASKED,
    CALENDAR,
    CIVIL,
    COMPUTING,
    DUE,
    LIMITS,
    LINES,
    RECEIVED,
    at,
    case_of,
    clock,
    received,
    says,
)

RULES = COMPUTING
REGISTER = read_register(["code,name,level,parent,saturday", "VN,VN,country,,", "U,U,commune,VN,yes"], "register")


def due_of(said: Sequence[Event], as_of: str = "12-20 08:00", rules: Rules = RULES) -> str:
    judged = judge(case_of(said), clock(as_of), rules)
    return "" if judged.due is None else CIVIL.text(judged.due)[5:16].replace("T", " ")


def verdict_of(said: Sequence[Event], as_of: str, rules: Rules = RULES) -> Verdict:
    return judge(case_of(said), clock(as_of), rules).verdict


def bits_of(case: Case, as_of: str, rules: Rules = RULES) -> set[str]:
    now = effect(case, clock(as_of), rules)
    return {name for name, bit in BIT.items() if bit & (now.received | now.ended)}


FINISHED = says(Finished, "10-08 17:00")


def test_a_dossier_without_a_promised_due_date_is_due_by_the_limit_of_its_procedure() -> None:
    # Thursday 1 October 2026 is day 0; the fifth working day is Thursday the 8th
    assert due_of([received()]) == "10-08 17:00"


def test_the_limit_is_that_of_its_channel() -> None:
    assert due_of([received(channel="online")]) == "10-02 08:00"


def test_a_promised_due_date_is_never_computed_away() -> None:
    promised = received(due=at("10-20 17:00").isoformat())
    assert due_of([promised]) == "10-20 17:00"
    assert "due_computed" not in bits_of(case_of([promised]), "10-02 08:00")
    assert "due_computed" in bits_of(case_of([received()]), "10-02 08:00")


def test_a_promised_due_date_that_was_cleared_is_computed() -> None:
    cleared = convert({"dossier": "H1", "at": at("10-02 08:00"), "clear": ["due"]}, Corrected)
    assert due_of([received(due=at("10-20 17:00").isoformat()), cleared]) == "10-08 17:00"


@pytest.mark.parametrize(
    ("said", "as_of", "verdict"),
    [
        ([FINISHED], "10-09 08:00", Verdict.ON_TIME),
        ([says(Finished, "10-08 17:00:01")], "10-09 08:00", Verdict.LATE),
        ([], "10-08 17:00:00", Verdict.WITHIN),
        ([], "10-08 17:00:01", Verdict.OVERDUE),
    ],
)
def test_a_computed_due_date_is_judged_to_the_second(said: list[Event], as_of: str, verdict: Verdict) -> None:
    assert verdict_of([received(), *said], as_of) is verdict


def test_a_procedure_without_a_limit_leaves_a_dossier_without_a_due_date() -> None:
    assert verdict_of([received(procedure="Q")], "12-01 08:00") is Verdict.OPEN_NO_DUE


def test_a_supplement_gives_its_working_time_back_up_to_the_close_of_office() -> None:
    # asked Monday 5 October 8:00, received Wednesday the 7th 8:00: two working days, Thursday to Monday the 12th
    assert due_of([received(), ASKED, RECEIVED]) == "10-12 17:00"


def test_a_dossier_that_waits_for_its_supplement_is_frozen_and_never_late() -> None:
    assert verdict_of([received(), ASKED], "12-20 08:00") is Verdict.WITHIN


def test_what_was_asked_after_the_computed_due_date_gives_nothing_back() -> None:
    late = [received(), says(type(ASKED), "10-09 08:00"), says(type(RECEIVED), "10-12 08:00")]
    assert due_of(late) == "10-08 17:00"
    assert "found_supplement_after_due" in bits_of(case_of(late), "10-13 08:00")


def test_a_second_request_makes_it_late_from_its_asking() -> None:
    said = [received(), ASKED, RECEIVED, AGAIN]
    assert verdict_of(said, "10-08 08:00:01") is Verdict.OVERDUE
    assert verdict_of(said, "10-08 08:00:00") is Verdict.WITHIN


def test_a_payment_wait_moves_no_due_date() -> None:
    waits = [says(PaymentRequested, "10-05 08:00"), says(PaymentPaid, "10-07 08:00", by="counter")]
    assert due_of([received(), *waits]) == due_of([received()])


def test_a_new_appointment_replaces_a_computed_due_date() -> None:
    appointed = says(type(RECEIVED), "10-07 08:00", due="10-20 17:00")
    assert due_of([received(), ASKED, appointed]) == "10-20 17:00"


EXTENDED = [DUE, says(Extended, "10-09 08:00", due="10-25 17:00")]


def test_the_promised_due_date_scores_unless_the_setting_chooses_the_current_one() -> None:
    assert due_of(EXTENDED) == "10-10 17:00"
    assert due_of(EXTENDED, rules=RULES._replace(scores=Scores.CURRENT)) == "10-25 17:00"


# -- years and units ------------------------------------------------------------------------------------------------


def test_a_year_without_a_calendar_leaves_no_due_date_and_is_a_finding() -> None:
    old = convert({"dossier": "H1", "at": "2019-10-01T08:00:00+07:00", "procedure": "P"}, Accepted)
    assert verdict_of([old], "10-02 08:00") is Verdict.OPEN_NO_DUE
    assert judge(case_of([old]), clock("10-02 08:00"), RULES).term is not None
    assert "found_no_calendar" in bits_of(case_of([old]), "10-02 08:00")


def test_a_due_date_on_a_provisional_year_is_marked() -> None:
    provisional = [received("12-29 08:00")]
    assert due_of(provisional, "12-30 08:00").startswith("01-0")
    assert "due_provisional" in bits_of(case_of(provisional), "12-30 08:00")
    assert "due_provisional" not in bits_of(case_of([received()]), "10-02 08:00")


def test_a_unit_with_the_saturday_switch_takes_the_saturday_of_reception_as_day_0() -> None:
    saturday = [received("10-03 08:00")]
    assert due_of(saturday) == "10-12 17:00"  # Monday the 5th is day 0
    switched = RULES._replace(terms=Terms(RULES.terms.calendars, RULES.terms.limits, REGISTER))
    assert due_of(saturday, rules=switched) == "10-09 17:00"


# -- editions -------------------------------------------------------------------------------------------------------

TURN = seconds(at("10-06 12:00")) * MICROS
HOLIDAY = [*LINES, calendar_row("2026-10-07", "holiday")]
CHANGED = RULES._replace(
    terms=Terms([Edition(0, CALENDAR), Edition(TURN, read_calendar(HOLIDAY, "more", CIVIL))], [Edition(0, LIMITS)])
)


def test_a_changed_calendar_moves_the_due_dates_of_open_dossiers_from_its_instant_on() -> None:
    assert due_of([received()], "10-06 11:59", CHANGED) == "10-08 17:00"
    assert due_of([received()], "10-06 12:00", CHANGED) == "10-09 17:00"


def test_a_changed_calendar_moves_no_promised_date_and_none_of_what_had_ended() -> None:
    assert due_of([received(due=at("10-08 17:00").isoformat())], rules=CHANGED) == "10-08 17:00"
    ended = [received(), says(Finished, "10-06 11:59:59")]
    assert due_of(ended, rules=CHANGED) == "10-08 17:00"
    assert due_of([received(), says(Finished, "10-06 12:00")], rules=CHANGED) == "10-09 17:00"


def test_an_open_dossier_changes_at_the_instant_of_the_edition_with_no_event() -> None:
    now = effect(case_of([received()]), clock("10-02 08:00"), CHANGED)
    assert now.next_change == TURN


def test_a_changed_limit_leaves_the_row_that_held_when_a_dossier_was_accepted() -> None:
    shorter = read_limits(
        ["procedure,count,unit,valid_from", "P,5,working_days,", "P,2,working_days,2026-10-05"], "new"
    )
    rules = RULES._replace(terms=Terms(RULES.terms.calendars, [Edition(0, LIMITS), Edition(TURN, shorter)]))
    assert due_of([received()], rules=rules) == "10-08 17:00"
    assert due_of([received("10-05 08:00")], "10-06 11:00", rules) == "10-12 17:00"
    assert due_of([received("10-05 08:00")], "10-06 12:00", rules) == "10-07 17:00"


def record(kind: Kind, holds: int, content: list[str], recorded: int = 0) -> EditionRecord:
    return EditionRecord(kind, holds, recorded, "told", "\n".join(content))


def told(*records: EditionRecord) -> Editions:
    editions = Editions()
    editions.take((one.key.encode(), encode(one)) for one in records)
    return editions


def test_editions_told_to_a_run_follow_those_of_its_settings() -> None:
    terms, refused = told(record(Kind.CALENDAR, TURN, HOLIDAY)).terms(RULES.terms, CIVIL)
    assert refused == []
    assert due_of([received()], rules=RULES._replace(terms=terms)) == "10-09 17:00"


def test_an_edition_recorded_later_than_what_is_known_is_not_there() -> None:
    editions = told(record(Kind.CALENDAR, TURN, HOLIDAY, recorded=100))
    assert len(editions.terms(RULES.terms, CIVIL, known_at=100)[0].calendars) == 1
    assert len(editions.terms(RULES.terms, CIVIL, known_at=101)[0].calendars) == 2


def test_a_later_record_of_the_same_instant_corrects_it_and_a_deleted_one_is_gone() -> None:
    first, second = (record(Kind.CALENDAR, TURN, lines) for lines in (LINES, HOLIDAY))
    editions = told(first, second)
    assert [one for one in editions.records() if one == second]
    assert editions.take([(second.key.encode(), None)])
    assert list(editions.records()) == []


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (b"calendar@5", b"not json", "malformed"),
        (b"limits@5", encode(record(Kind.LIMITS, 5, ["procedure,count,unit", "P,-1,working_days"])), "above 0"),
        (b"calendar@5", encode(record(Kind.CALENDAR, 6, LINES)), "version"),
        (b"calendar@-1", encode(record(Kind.CALENDAR, -1, LINES)), "no instant between 1970 and 2999"),
        (b"calendar@90000000000000000", encode(record(Kind.CALENDAR, 9 * 10**16, LINES)), "no instant between"),
        (b"calendar@5", encode(record(Kind.CALENDAR, 5, LINES)).replace(b"told", b"\xff"), "utf-8"),
        (b"limits@5", encode(record(Kind.LIMITS, 5, ['procedure,count,unit,"' + "P" * 140_000])), "double quote"),
        (b"calendar@5", encode(record(Kind.CALENDAR, 5, [LINES[0], '"' + "P" * 140_000])), "double quote"),
        (b"calendar@5", encode(record(Kind.CALENDAR, 5, [LINES[0], calendar_row("9999-01-01", "holiday")])), "2999"),
        (b"limits@5", encode(record(Kind.LIMITS, 5, ["procedure,count,unit", "P,1e306,working_hours"])), "an end"),
        (
            b"limits@5",
            encode(record(Kind.LIMITS, 5, ["procedure,count,unit,cut_off", f"P,,same_day,{'9' * 5000}:00"])),
            "time of day",
        ),
    ],
)
def test_a_record_that_cannot_be_read_is_passed_over_with_its_reason(key: bytes, value: bytes, reason: str) -> None:
    editions = Editions()
    editions.take([(key, value), (b"procedure/P", b"{}")])
    terms, refused = editions.terms(RULES.terms, CIVIL)
    assert terms.turns == ()
    assert isinstance(refused[0], Unreadable)
    assert reason in refused[0].reason
