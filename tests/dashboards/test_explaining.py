import json
from datetime import datetime, timedelta

import jsonschema
import pytest
from msgspec import convert

from dashboards.explain_text import as_json, as_lines
from dashboards.explain_words import CLASSES, LABELS, REMARKS, VERDICTS, WHY, span
from dashboards.explaining import Explanation, Said, explain, sift
from dashboards.schemas import SCHEMAS
from streams.core.civil import Civil, micros
from streams.core.event_words import Channel, Clearable
from streams.core.events import (
    Accepted,
    Corrected,
    Event,
    Extended,
    Finished,
    PaymentRequested,
    Reopened,
    SupplementReceived,
    SupplementRequested,
    Withdrawn,
)
from streams.core.facts import Batch
from streams.core.on_time import ON_TIME
from streams.core.rules import Rules
from streams.core.verdicts import Verdict
from streams.schemas import text_of
from streams.sources.native import Reader
from tests.streams.core.test_terms import RULES as COMPUTING

CIVIL = Civil("Asia/Ho_Chi_Minh")
RULES = Rules(CIVIL)
READER = Reader(CIVIL, max_ahead=1 << 40)
CASE = "H29.13-261101-0001"
EXPLANATION = next(schema for schema in SCHEMAS if schema.type is Explanation)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00+07:00")


def explained(*events: Event, as_of: str = "12-01T00:00", rules: Rules = RULES) -> Explanation:
    said = [
        Said(READER.translate(event, 0, (0, place, 0)), "dossier-events/3", 100 + place)
        for place, event in enumerate(events)
    ]
    return explain(said, rules, micros(at(as_of)))


def accepted(due: str | None = "2026-11-10T17:00:00+07:00") -> Accepted:
    return Accepted(
        dossier=CASE, at=at("11-02T08:00"), id="a1", unit="H29.13", channel=Channel.ONLINE, due=due, source="one-stop"
    )


def finished(when: str) -> Finished:
    return Finished(dossier=CASE, at=at(when), id="f1")


def test_facts_stand_in_the_order_in_which_they_were_recorded_with_what_they_set_and_their_origin() -> None:
    late_word = Accepted(dossier=CASE, at=at("11-02T07:59"), recorded=at("11-20T09:00"), id="z", unit="H29.14")
    shown = explained(finished("11-09T10:00"), late_word, accepted())
    assert [fact.id for fact in shown.facts] == ["a1", "f1", "z"]
    first = shown.facts[0]
    assert (first.kind, first.at, first.source) == ("accepted", "2026-11-02 08:00:00+07:00", "one-stop")
    assert (first.origin, first.offset) == ("dossier-events/3/2/0", 102)
    assert {one.field: one.stands for one in first.sets} == {
        "unit": False,
        "channel": True,
        "accepted": False,
        "due_first": True,
        "due_current": True,
    }
    assert {one.field: one.value for one in first.sets}["channel"] == "online"
    assert shown.unit == "H29.14"
    assert all(one.stands for one in shown.facts[2].sets)


def test_the_same_fact_sent_again_is_one_fact_that_was_repeated() -> None:
    shown = explained(accepted(), accepted(), finished("11-09T10:00"))
    assert [fact.repeats for fact in shown.facts] == [1, 0]
    assert "repeated 1×" in "\n".join(as_lines(shown, "en"))


def test_a_dossier_on_time_says_when_it_ended_and_how_much_before_its_last_instant() -> None:
    shown = explained(accepted(), finished("11-09T10:00"))
    assert (shown.verdict, shown.ended_as, shown.report_class) == ("on_time", "finished", "finished_early")
    assert shown.why["en"] == [
        "it ended at 2026-11-09 10:00:00+07:00, and 2026-11-10 17:00:00+07:00 was the last instant in time: "
        "1 d 7 h before it"
    ]
    assert shown.why["vi"][0].startswith("kết thúc lúc 2026-11-09 10:00:00+07:00")
    assert "sớm hơn 1 ngày 7 giờ" in shown.why["vi"][0]


def test_a_past_period_keeps_the_verdict_that_it_closed_with() -> None:
    shown = explained(accepted("2026-11-30T17:00:00+07:00"), finished("12-05T09:00"), as_of="12-06T00:00")
    assert shown.verdict == "late"
    assert [(one.kind, one.period, one.verdict) for one in shown.at_period_ends] == [
        ("week", "2026-W45", "open_within"),
        ("month", "2026-11", "open_overdue"),
        ("quarter", "2026-Q4", None),
        ("year", "2026", None),
    ]
    assert "end of year 2026 (2027-01-01 00:00:00+07:00): not over yet" in list(as_lines(shown, "en"))


def test_time_of_waiting_is_given_back_and_said() -> None:
    asked = SupplementRequested(dossier=CASE, at=at("11-04T08:00"))
    received = SupplementReceived(dossier=CASE, at=at("11-06T08:00"))
    shown = explained(accepted(), asked, received, finished("11-12T10:00"))
    assert shown.verdict == "on_time"
    assert shown.due.last_in_time == "2026-11-12 17:00:00+07:00"
    assert [(one.asked, one.closed) for one in shown.rounds] == [
        ("2026-11-04 08:00:00+07:00", "2026-11-06 08:00:00+07:00")
    ]
    assert REMARKS["one_round"]["en"] in shown.why["en"]
    assert shown.report_class == "finished_late"


def test_a_dossier_that_waits_for_a_supplement_stands_still() -> None:
    shown = explained(accepted(), SupplementRequested(dossier=CASE, at=at("11-04T08:00")))
    assert shown.paused
    assert shown.due.last_in_time is None
    assert "its time stands still" in shown.why["en"][0]
    assert "supplement 1: asked 2026-11-04 08:00:00+07:00, waiting" in list(as_lines(shown, "en"))


def test_a_second_asking_is_what_makes_it_late() -> None:
    rounds = [SupplementRequested(dossier=CASE, at=at(f"11-0{day}T08:00")) for day in (3, 5)]
    between = SupplementReceived(dossier=CASE, at=at("11-04T08:00"))
    shown = explained(accepted(), rounds[0], between, rounds[1])
    assert shown.verdict == "open_overdue"
    assert REMARKS["two_rounds"]["en"] in shown.why["en"]


def test_a_supplement_asked_after_the_due_date_gives_nothing_and_a_new_appointment_replaces_it() -> None:
    late = explained(accepted(), SupplementRequested(dossier=CASE, at=at("11-11T08:00")))
    assert REMARKS["asked_late"]["vi"] in late.why["vi"]
    due = "2026-11-25T17:00:00+07:00"
    asked = SupplementRequested(dossier=CASE, at=at("11-04T08:00"), due=due)
    shown = explained(accepted(), asked)
    assert shown.due.scoring == "2026-11-25 17:00:00+07:00"
    assert REMARKS["appointment"]["en"] in shown.why["en"]


def test_an_extension_is_shown_and_does_not_score_and_a_correction_does() -> None:
    extended = Extended(dossier=CASE, at=at("11-09T08:00"), due="2026-11-20T17:00:00+07:00")
    shown = explained(accepted(), extended, finished("11-15T08:00"))
    assert (shown.verdict, shown.due.current) == ("late", "2026-11-20 17:00:00+07:00")
    assert shown.why["en"][1:] == [REMARKS["moved"]["en"]]
    corrected = Corrected(dossier=CASE, at=at("11-09T08:00"), due="2026-11-20T17:00:00+07:00")
    right = explained(accepted(), corrected, finished("11-15T08:00"))
    assert (right.verdict, right.due.corrected) == ("on_time", right.due.scoring)
    assert right.why["en"][1:] == [REMARKS["corrected"]["en"]]


def test_a_cleared_field_is_said_to_be_cleared() -> None:
    cleared = Corrected(dossier=CASE, at=at("11-09T08:00"), clear=[Clearable.DUE])
    shown = explained(accepted(), cleared)
    assert shown.verdict == "open_no_due"
    assert any("due date as corrected; cleared means none = cleared" in line for line in as_lines(shown, "en"))


def test_an_end_voided_by_a_reopening_is_said() -> None:
    reopened = Reopened(dossier=CASE, at=at("11-09T12:00"))
    shown = explained(accepted(), finished("11-09T10:00"), reopened)
    assert (shown.verdict, shown.ended) == ("open_overdue", None)
    assert REMARKS["voided"]["en"] in shown.why["en"]


def test_what_was_withdrawn_is_closed_without_result() -> None:
    shown = explained(accepted(), Withdrawn(dossier=CASE, at=at("11-09T10:00")))
    assert shown.report_class == "closed_without_result"
    assert "ended: 2026-11-09 10:00:00+07:00 (withdrawn)" in list(as_lines(shown, "en"))


def test_before_its_acceptance_a_dossier_counts_nowhere() -> None:
    shown = explained(accepted(), as_of="11-02T08:00")
    assert (shown.verdict, shown.accepted, shown.at_period_ends) == (None, None, [])
    assert shown.why["en"] == [WHY[Verdict.NONE]["en"]]
    assert "accepted: none" in list(as_lines(shown, "en"))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_json_keeps_its_schema_and_text_has_no_gaps(lang: str) -> None:
    for due in ("2026-11-10T17:00:00+07:00", None):
        for events in ([], [finished("11-09T10:00")], [finished("11-20T10:00")]):
            shown = explained(accepted(due), *events)
            jsonschema.validate(json.loads(as_json(shown)), json.loads(text_of(EXPLANATION)))
            text = "\n".join(as_lines(shown, "vi" if lang == "vi" else "en"))
            assert "{" not in text
            assert "None" not in text


def test_every_text_is_there_in_both_languages() -> None:
    for catalogue in (VERDICTS, WHY, REMARKS, CLASSES, LABELS):
        for words in catalogue.values():
            assert set(words) == {"vi", "en"}
            assert all(words.values())
    assert set(WHY) == set(VERDICTS) == set(Verdict)


def test_only_the_facts_of_the_dossier_are_taken_and_all_are_counted() -> None:
    own, other = (
        READER.translate(event, 0) for event in (accepted(), Finished(dossier="H29.13-2", at=at("11-03T08:00")))
    )
    log = [(0, 0, Batch(5, [other, own], ["a/0"])), (0, 1, Batch(9)), (0, 2, Batch(7, [other], ["a/0"]))]
    said, clock, read = sift(log, CASE)
    assert ([one.offset for one in said], clock, read) == ([0], 9, 3)


def test_a_length_of_time_is_said_by_its_two_largest_units() -> None:
    lengths = [
        timedelta(days=3, hours=4, minutes=5),
        timedelta(minutes=2, seconds=1),
        timedelta(days=1, seconds=9),
        timedelta(),
    ]
    said = [span(int(length.total_seconds()), "en") for length in lengths]
    assert said == ["3 d 4 h", "2 min 1 s", "1 d 9 s", "0 s"]


# -- computed due dates ---------------------------------------------------------------------------------------------

LIMITED = COMPUTING._replace(civil=CIVIL)


def unpromised(**more: str) -> Accepted:
    return convert({"dossier": CASE, "at": at("11-20T15:30"), "procedure": "P", "unit": "H29.13"} | more, Accepted)


def test_a_computed_due_date_is_told_day_by_day_with_the_holiday_by_name_and_the_row_of_its_limit() -> None:
    shown = explained(unpromised(), as_of="11-27T11:30", rules=LIMITED)
    computed = shown.computed
    assert computed is not None
    assert computed.trail is not None
    assert (computed.scores, computed.row, computed.due) == (True, 1, "2026-11-30 17:00:00+07:00")
    text = "\n".join(as_lines(shown, "vi"))
    assert "thứ Ba 24/11/2026: nghỉ lễ (Ngày Văn hóa Việt Nam)" in text
    assert "Đến hạn: thứ Hai 30/11/2026 17:00" in text
    assert shown.settlement.left_minutes == 4 * 60 + 8 * 60
    assert "12 giờ làm việc" in text
    jsonschema.validate(json.loads(as_json(shown)), json.loads(text_of(EXPLANATION)))


def test_an_overdue_dossier_says_by_how_much_working_time() -> None:
    shown = explained(unpromised(), as_of="12-01T08:30", rules=LIMITED)
    assert shown.settlement.left_minutes == -60
    assert "overdue by 1 h of working time" in "\n".join(as_lines(shown, "en"))


def test_beside_a_promised_due_date_the_computed_one_is_shown_and_does_not_score() -> None:
    shown = explained(unpromised(due="2026-12-10T17:00:00+07:00"), rules=LIMITED)
    assert shown.computed is not None
    assert not shown.computed.scores
    assert shown.due.scoring == "2026-12-10 17:00:00+07:00"
    assert "for comparison, the promised one scores" in "\n".join(as_lines(shown, "en"))


def test_an_ended_dossier_says_the_working_time_used_and_allowed() -> None:
    # Friday 15:30 to 17:00, Monday, Wednesday: 17.5 hours; allowed until Monday the 30th 17:00: 41.5 hours
    shown = explained(unpromised(), finished("11-25T17:00"), rules=LIMITED)
    assert (shown.settlement.used_minutes, shown.settlement.allowed_minutes) == (17 * 60 + 30, 41 * 60 + 30)
    assert shown.settlement.faster_percent == 57.83


def test_a_wait_for_payment_is_in_the_trail_and_moves_nothing() -> None:
    asked = convert({"dossier": CASE, "at": at("11-23T08:00")}, PaymentRequested)
    shown, without = (explained(unpromised(), *more, rules=LIMITED) for more in ([asked], []))
    assert shown.computed is not None
    assert without.computed is not None
    assert shown.computed.due == without.computed.due
    assert "waiting for a payment, moves no due date" in "\n".join(as_lines(shown, "en"))


@pytest.mark.parametrize(
    ("dossier", "words"),
    [
        (unpromised(procedure="Q"), "the table of limits has no row for its procedure"),
        (accepted(due=None), "the dossier does not say its procedure"),
        (convert({"dossier": CASE, "at": "2019-11-02T08:00:00+07:00", "procedure": "P"}, Accepted), "the year 2019"),
    ],
)
def test_where_no_due_date_can_be_computed_the_reason_is_said(dossier: Accepted, words: str) -> None:
    shown = explained(dossier, rules=LIMITED)
    assert shown.due.scoring is None
    assert words in "\n".join(as_lines(shown, "en"))


def test_findings_are_told_in_words() -> None:
    before = Accepted(dossier=CASE, at=at("11-12T08:00"), due="2026-11-10T17:00:00+07:00")
    shown = explained(before, finished("11-11T08:00"))
    assert shown.findings == ["due_before_reception", "ended_before_reception"]
    assert "finding: due before it was received" in "\n".join(as_lines(shown, "en"))


def test_the_rules_that_a_dossier_came_by_are_told_and_the_last_has_its_verdict() -> None:
    shown = explained(accepted(), finished("11-09T10:00"))
    codes = [rule.code for rule in shown.rules]
    decided = next(rule for rule in ON_TIME if rule.code == codes[-1])
    assert Verdict.ON_TIME in decided.verdicts
    text = "\n".join(as_lines(shown, "vi"))
    assert all(rule.applies["vi"] in text and rule.source in text for rule in shown.rules)
