"""Every rule of "on time" has its scenarios, with a promised due date and with a computed one."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.cases import Case
from streams.core.civil import MICROS
from streams.core.endings import ENDINGS
from streams.core.event_words import Clearable
from streams.core.events import (
    Corrected,
    Extended,
    Finished,
    NotAccepted,
    Registered,
    Reopened,
    ResultReturned,
    Stopped,
    SupplementReceived,
    Withdrawn,
)
from streams.core.facts import Fact
from streams.core.fields import ACCEPTED, FIELD_OF
from streams.core.fields import NOT_ACCEPTED as NOT_ACCEPTED_FIELD
from streams.core.on_time import ON_TIME, OnTimeRule, Question, applied, rule_of
from streams.core.on_time_conditions import Asked, always
from streams.core.rules import Rules, Scores
from streams.core.verdicts import Round, Verdict, before, judge, promised, rounds
from tests.streams.core.histories import MANY, PLAIN_RULES, any_facts, cases_of, clocks
from tests.streams.core.histories import RULES as CHANGING
from tests.streams.core.scenarios import (
    AGAIN,
    APPOINTMENT,
    ASKED,
    COMPUTING,
    DUE,
    ENDED,
    LATE,
    NO_DUE,
    NONE,
    OPEN,
    OVERDUE,
    RECEIVED,
    WITHIN,
    Said,
    accepted,
    case_of,
    clock,
    received,
    says,
)
from tests.streams.core.scenarios import ON_TIME as IN_TIME

CURRENT = COMPUTING._replace(scores=Scores.CURRENT)
LIMIT = received()  # no due date promised; by its limit due on 10-08 17:00
OLD = received("10-01 08:00", at="2019-10-01T08:00:00+07:00")  # the calendar has no 2019


class Scenario(NamedTuple):
    """What was said, and the verdict as of an instant to which a rule brings it."""

    rule: str
    said: Said
    as_of: str
    verdict: Verdict
    rules: Rules = COMPUTING


FINISHED = says(Finished, "10-08 17:00")
A_SECOND_LATER = says(Finished, "10-08 17:00:01")
HANDED_OVER = says(ResultReturned, "11-01 08:00")
BACK_AT_ITS_END = says(Reopened, "10-08 17:00", recorded="10-09 08:00")
REGISTERED = says(Registered, "09-30 08:00", due="10-10 17:00")
PROMISED = (
    Scenario("refused_before_acceptance", [REGISTERED, says(NotAccepted, "10-01 08:00")], "11-01 08:00", NONE),
    Scenario("not_accepted", [REGISTERED], "11-01 08:00", NONE),
    Scenario("not_accepted", [DUE], "10-01 08:00", NONE),
    Scenario("accepted", [DUE], "10-01 08:00:01", WITHIN),
    Scenario("accepted", [says(NotAccepted, "09-30 08:00"), DUE], "10-10 17:00:01", OVERDUE),
    Scenario("finished", [DUE, FINISHED, HANDED_OVER], "12-01 08:00", IN_TIME),
    Scenario("finished", [DUE, says(Withdrawn, "10-05 08:00"), says(Finished, "10-20 08:00")], "12-01 08:00", LATE),
    Scenario("returned", [DUE, says(Stopped, "10-05 08:00"), HANDED_OVER], "12-01 08:00", LATE),
    Scenario("stopped", [DUE, says(Stopped, "10-10 17:00"), says(NotAccepted, "10-20 08:00")], "12-01 08:00", IN_TIME),
    Scenario("stopped", [DUE, says(Withdrawn, "10-05 08:00"), says(Stopped, "10-20 08:00")], "12-01 08:00", LATE),
    Scenario("refused", [DUE, says(NotAccepted, "10-10 17:00"), says(Stopped, "10-20 08:00")], "12-01 08:00", IN_TIME),
    Scenario("refused", [DUE, says(Withdrawn, "10-05 08:00"), says(NotAccepted, "10-20 08:00")], "12-01 08:00", LATE),
    Scenario("withdrawn", [DUE, says(Withdrawn, "10-10 17:00")], "12-01 08:00", IN_TIME),
    Scenario("withdrawn", [DUE, says(Withdrawn, "10-10 17:00:01")], "12-01 08:00", LATE),
    Scenario("end_voided", [DUE, FINISHED, says(Reopened, "10-09 08:00")], "10-10 17:00:01", OVERDUE),
    Scenario("end_voided", [DUE, FINISHED, says(Reopened, "10-09 08:00")], "10-10 17:00", WITHIN),
    Scenario("finished", [DUE, FINISHED, BACK_AT_ITS_END], "12-01 08:00", IN_TIME),
    Scenario("open", [DUE], "10-10 17:00", WITHIN),
    Scenario("due_current", [DUE, says(Extended, "10-09 08:00", due="10-20 17:00")], "10-20 17:00", WITHIN, CURRENT),
    Scenario("due_corrected", [DUE, says(Corrected, "10-09 08:00", due="10-20 17:00")], "10-20 17:00", WITHIN),
    Scenario("due_promised", [DUE, says(Extended, "10-09 08:00", due="10-20 17:00")], "10-10 17:00:01", OVERDUE),
    Scenario("several_supplements", [DUE, ASKED, RECEIVED, AGAIN], "10-08 08:00:01", OVERDUE),
    Scenario("several_supplements", [DUE, ASKED, RECEIVED, AGAIN, FINISHED], "12-01 08:00", LATE),
    Scenario("several_supplements", [DUE, ASKED, RECEIVED, AGAIN, says(Finished, "10-08 08:00")], "12-01 08:00", LATE),
    Scenario("several_supplements", [NO_DUE, ASKED, RECEIVED, AGAIN], "10-08 08:00:01", OVERDUE),
    Scenario("supplement_asked_late", [accepted(due="10-05 07:59:59"), ASKED], "12-01 08:00", OVERDUE),
    Scenario("supplement_asked_late", [accepted(due="10-04 08:00"), ASKED, RECEIVED, FINISHED], "12-01 08:00", LATE),
    Scenario("new_appointment", [DUE, ASKED, APPOINTMENT], "10-20 17:00", WITHIN),
    Scenario("new_appointment", [DUE, ASKED, APPOINTMENT], "10-20 17:00:01", OVERDUE),
    Scenario("new_appointment", [DUE, ASKED, APPOINTMENT, says(Finished, "10-20 17:00")], "12-01 08:00", IN_TIME),
    Scenario("new_appointment", [DUE, ASKED, APPOINTMENT, says(Finished, "10-20 17:00:01")], "12-01 08:00", LATE),
    Scenario("waiting_for_supplement", [DUE, ASKED], "12-01 08:00", WITHIN),
    Scenario("waiting_for_supplement", [accepted(due="10-05 08:00"), ASKED], "12-01 08:00", WITHIN),
    Scenario("one_supplement", [DUE, ASKED, RECEIVED, says(Finished, "10-12 17:00")], "12-01 08:00", IN_TIME),
    Scenario("one_supplement", [DUE, ASKED, RECEIVED, says(Finished, "10-12 17:00:01")], "12-01 08:00", LATE),
    Scenario("one_supplement", [DUE, ASKED, RECEIVED], "10-12 17:00", WITHIN),
    Scenario("one_supplement", [DUE, ASKED, RECEIVED], "10-12 17:00:01", OVERDUE),
    Scenario("ended", [DUE, says(Finished, "10-10 17:00")], "12-01 08:00", IN_TIME),
    Scenario("ended", [DUE, says(Finished, "10-10 17:00:01")], "12-01 08:00", LATE),
    Scenario("in_process", [DUE], "10-10 17:00", WITHIN),
    Scenario("in_process", [DUE], "10-10 17:00:01", OVERDUE),
)
TOO_LATE = says(Finished, "10-12 17:00:01")
REFUSED = says(NotAccepted, "10-20 08:00")
ASKED_LATE = says(type(ASKED), "10-08 17:00:01")
APPOINTED = says(SupplementReceived, "10-07 08:00", due="10-20 17:00")
COMPUTED = (
    Scenario("accepted", [LIMIT], "10-01 08:00:01", WITHIN),
    Scenario("finished", [LIMIT, FINISHED, HANDED_OVER], "12-01 08:00", IN_TIME),
    Scenario("returned", [LIMIT, says(Stopped, "10-05 08:00"), HANDED_OVER], "12-01 08:00", LATE),
    Scenario(
        "stopped", [LIMIT, says(Stopped, "10-08 17:00"), says(NotAccepted, "10-20 08:00")], "12-01 08:00", IN_TIME
    ),
    Scenario("refused", [LIMIT, says(NotAccepted, "10-08 17:00:01")], "12-01 08:00", LATE),
    Scenario("withdrawn", [LIMIT, says(Withdrawn, "10-08 17:00")], "12-01 08:00", IN_TIME),
    Scenario(
        "end_voided", [LIMIT, says(Finished, "10-05 08:00"), says(Reopened, "10-06 08:00")], "10-09 08:00", OVERDUE
    ),
    Scenario("open", [LIMIT], "10-08 17:00", WITHIN),
    Scenario("due_computed", [LIMIT], "10-08 17:00:01", OVERDUE),
    Scenario(
        "due_computed",
        [received(due="2026-11-01"), says(Corrected, "10-02 08:00", clear=[Clearable.DUE])],
        "10-08 17:00:01",
        OVERDUE,
    ),
    Scenario("several_supplements", [LIMIT, ASKED, RECEIVED, AGAIN], "10-08 08:00:01", OVERDUE),
    Scenario("several_supplements", [LIMIT, ASKED, RECEIVED, AGAIN, FINISHED], "12-01 08:00", LATE),
    Scenario("supplement_asked_late", [LIMIT, ASKED_LATE], "12-01 08:00", OVERDUE),
    Scenario("supplement_asked_late", [LIMIT, ASKED_LATE, says(Finished, "10-09 08:00")], "12-01 08:00", LATE),
    Scenario("new_appointment", [LIMIT, ASKED, APPOINTED], "10-20 17:00", WITHIN),
    Scenario("new_appointment", [LIMIT, ASKED, APPOINTED], "10-20 17:00:01", OVERDUE),
    Scenario("new_appointment", [LIMIT, ASKED, APPOINTED, says(Finished, "10-20 17:00")], "12-01 08:00", IN_TIME),
    Scenario("new_appointment", [LIMIT, ASKED, APPOINTED, says(Finished, "10-20 17:00:01")], "12-01 08:00", LATE),
    Scenario("waiting_for_supplement", [LIMIT, ASKED], "12-01 08:00", WITHIN),
    Scenario("waiting_for_supplement", [LIMIT, says(type(ASKED), "10-08 17:00")], "12-01 08:00", WITHIN),
    Scenario("one_supplement_computed", [LIMIT, ASKED, RECEIVED], "10-12 17:00", WITHIN),
    Scenario("one_supplement_computed", [LIMIT, ASKED, RECEIVED], "10-12 17:00:01", OVERDUE),
    Scenario("one_supplement_computed", [LIMIT, ASKED, RECEIVED, TOO_LATE], "12-01 08:00", LATE),
    Scenario("one_supplement_computed", [LIMIT, ASKED, says(Withdrawn, "10-20 08:00")], "12-01 08:00", IN_TIME),
    Scenario("ended", [LIMIT, FINISHED], "12-01 08:00", IN_TIME),
    Scenario("ended", [LIMIT, A_SECOND_LATER], "12-01 08:00", LATE),
    Scenario("in_process", [LIMIT], "10-08 17:00", WITHIN),
    Scenario("in_process", [LIMIT], "10-08 17:00:01", OVERDUE),
)
WITHOUT = (
    Scenario("no_due", [NO_DUE], "12-01 08:00", OPEN),
    Scenario("due_without_year", [OLD], "12-01 08:00", OPEN),
    Scenario("due_without_year", [OLD, FINISHED], "12-01 08:00", ENDED),
    Scenario("without_due", [NO_DUE, ASKED, RECEIVED], "12-01 08:00", OPEN),
    Scenario("without_due", [NO_DUE, FINISHED], "12-01 08:00", ENDED),
)
SCENARIOS = (*PROMISED, *COMPUTED, *WITHOUT)
NEVER_DUE = {"no_due", "due_without_year", "without_due"}
NEVER_PROMISED = {"due_computed", "one_supplement_computed"} | NEVER_DUE
NEVER_COMPUTED = {"due_current", "due_corrected", "due_promised", "one_supplement"} | NEVER_DUE
NOT_ACCEPTED = {"refused_before_acceptance", "not_accepted"}  # nothing is computed for what was not accepted


def ids(scenarios: Iterable[Scenario]) -> list[str]:
    return [f"{one.rule}-{one.verdict.name.lower()}-{one.as_of}" for one in scenarios]


def applied_to(scenario: Scenario) -> tuple[OnTimeRule, ...]:
    case, as_of = case_of(scenario.said), clock(scenario.as_of)
    return applied(case, judge(case, as_of, scenario.rules), as_of, scenario.rules)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=ids(SCENARIOS))
def test_the_rule_applies_to_the_scenario_and_its_verdict_is_one_of_its_own(scenario: Scenario) -> None:
    case, as_of = case_of(scenario.said), clock(scenario.as_of)
    judged = judge(case, as_of, scenario.rules)
    found = {rule.code: rule for rule in applied_to(scenario)}
    assert judged.verdict is scenario.verdict
    assert scenario.rule in found
    assert scenario.verdict in (found[scenario.rule].verdicts or [scenario.verdict])
    if found[scenario.rule].verdicts:
        assert rule_of(case, judged, as_of, scenario.rules).code == scenario.rule


@pytest.mark.parametrize("scenario", COMPUTED, ids=ids(COMPUTED))
def test_a_scenario_of_a_computed_due_date_promises_none(scenario: Scenario) -> None:
    answers = {rule.question: rule.code for rule in applied_to(scenario)}
    assert answers[Question.DUE] == "due_computed"


@pytest.mark.parametrize("rule", ON_TIME, ids=lambda rule: rule.code)
def test_every_rule_has_its_scenarios(rule: OnTimeRule) -> None:
    assert rule.code in {one.rule for one in SCENARIOS}
    assert rule.code in {one.rule for one in PROMISED} | NEVER_PROMISED
    assert rule.code in {one.rule for one in COMPUTED} | NEVER_COMPUTED | NOT_ACCEPTED
    for scenarios in (PROMISED, COMPUTED):
        led_to = {one.verdict for one in scenarios if one.rule == rule.code}
        assert not led_to or set(rule.verdicts) <= led_to


def test_the_table_asks_its_questions_in_order_and_every_question_has_a_last_answer() -> None:
    assert [rule.question for rule in ON_TIME] == sorted((rule.question for rule in ON_TIME), key=[*Question].index)
    assert len({rule.code for rule in ON_TIME}) == len(ON_TIME)
    asked = Asked(case_of([]), judge(case_of([]), 0, COMPUTING), 0, COMPUTING)
    last = [[rule for rule in ON_TIME if rule.question is question][-1] for question in Question]
    assert all(rule.holds is always and rule.holds(asked) for rule in last)


def test_the_ends_stand_in_the_table_in_the_order_in_which_they_are_preferred() -> None:
    ranked = {FIELD_OF[code].name: rank for code, rank, _ in ENDINGS} | {"refused": 3}
    ends = [rule.code for rule in ON_TIME if rule.question is Question.END][:-2]
    assert ends == ["finished", "returned", "stopped", "refused", "withdrawn"]
    assert [ranked[code] for code in ends] == sorted(ranked[code] for code in ends)


def read_off_the_page(case: Case, as_of: int, rules: Rules) -> tuple[str, Verdict]:
    """The deciding rule and the verdict as the page of Decision 766 says it, for due dates as promised.

    The time of the one supplement is taken off the end, or off the instant asked for, and not added to the due date.
    """
    flat, last = case.flat, before(as_of)
    accepted_at, refused = flat.get(ACCEPTED), flat.get(NOT_ACCEPTED_FIELD)
    if accepted_at is None or accepted_at > last:
        return "refused_before_acceptance" if refused is not None and refused <= last else "not_accepted", NONE
    end = preferred_end(case, accepted_at, last)
    due, asked = promised(flat, rules), rounds(flat, accepted_at, last, end)
    if len(asked) > 1:
        return "several_supplements", OVERDUE if end is None else LATE
    if due is None:
        return "without_due", OPEN if end is None else ENDED
    rule, off = "in_process" if end is None else "ended", 0
    if asked and asked[0].asked > due:
        rule = "supplement_asked_late"
    elif asked and asked[0].appointment is not None and not corrected_since(case, asked[0]):
        rule, due = "new_appointment", asked[0].appointment
    elif asked and asked[0].closed is None:
        return "waiting_for_supplement", WITHIN
    elif asked and asked[0].closed is not None:
        rule, off = "one_supplement", asked[0].closed - asked[0].asked
    if end is None:
        return rule, WITHIN if as_of // MICROS - off <= due else OVERDUE
    return rule, IN_TIME if end - off <= due else LATE


def preferred_end(case: Case, accepted_at: int, last: int) -> int | None:
    """Each end with its place in the order of preference; the least one holds."""
    flat, back = case.flat, case.flat.get(15)
    order = {11: 0, 12: 1, 13: 2, 7: 2, 14: 3}  # finished, returned, stopped or refused, withdrawn
    there = {code: flat[code] for code in order if flat.get(code) is not None and flat[code] <= last}
    if there.get(7, accepted_at) < accepted_at:
        del there[7]
    if back is not None and back <= last:
        there = {code: at for code, at in there.items() if at >= back or case.stamp(15) < case.stamp(code)}
    return min(((order[code], at) for code, at in there.items()), default=(0, None))[1]


def corrected_since(case: Case, asked: Round) -> bool:
    return 9 in case.flat and case.stamp(9) > case.stamp(asked.appointment_key)


facts = st.lists(any_facts, max_size=14)


@MANY
@given(facts, clocks)
def test_on_any_history_the_verdict_and_its_rule_are_those_of_the_page(said: list[Fact], as_of: int) -> None:
    for case in cases_of(said).values():
        judged = judge(case, as_of, PLAIN_RULES)
        assert (rule_of(case, judged, as_of, PLAIN_RULES).code, judged.verdict) == read_off_the_page(
            case, as_of, PLAIN_RULES
        )


@MANY
@given(facts, clocks, st.sampled_from(Scores))
def test_on_any_history_each_question_has_an_answer_and_the_last_one_names_the_verdict(
    said: list[Fact], as_of: int, scores: Scores
) -> None:
    rules = CHANGING._replace(scores=scores)
    for case in cases_of(said).values():
        judged = judge(case, as_of, rules)
        answers = applied(case, judged, as_of, rules)
        assert judged.verdict in answers[-1].verdicts
        assert [rule.question for rule in answers] == [*Question][: len(answers)]
        assert len(answers) == (1 if judged.verdict is NONE else len(Question))
        codes = {rule.code for rule in answers}
        if judged.ended is not None:
            assert FIELD_OF[judged.ended_as].name.replace("not_accepted", "refused") in codes
        if judged.term is not None and judged.term.due is not None:
            assert "due_computed" in codes


QUESTIONS = {
    Question.COUNTS: "Does it count?",
    Question.END: "Which end holds?",
    Question.DUE: "Which due date scores?",
    Question.VERDICT: "On time or late?",
}
PAGE = Path(__file__).parents[3] / "docs" / "deadlines.md"


def rows_of_the_page() -> str:
    """The rows of the table as docs/deadlines.md has them at its end."""
    lines, asked = [], None
    for rule in ON_TIME:
        if rule.question is not asked:
            asked = rule.question
            lines.append(f"| **{QUESTIONS[asked]}** | | |")
        source = "" if rule.source.startswith("Decision 766") else f" ({rule.source.removeprefix('docs/')})"
        applies, makes = (f"{text.en}{more}<br>{text.vi}" for text, more in ((rule.applies, ""), (rule.makes, source)))
        lines.append(f"| `{rule.code}` | {applies} | {makes} |")
    return "\n".join(lines) + "\n"


def test_the_page_of_deadlines_has_the_table_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(rows_of_the_page())
