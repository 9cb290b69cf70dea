"""A partition that is told of other calendars and limits late, against one that knew them from the beginning."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import MICROS, seconds
from streams.core.facts import Batch, Fact
from streams.core.limits import read_limits
from streams.core.partition import Partition
from streams.core.rules import Rules, Scores
from streams.core.terms import NEVER, Edition, Terms
from tests.streams.core.histories import MANY, RULES, Message, batches, cells_held, clocks, histories, run
from tests.streams.core.scenarios import COMPUTING
from tests.streams.core.scenarios import at as moment


def at(text: str) -> int:
    return seconds(moment(text))


def day_of(text: str) -> int:
    return COMPUTING.civil.day(at(f"{text} 12:00"))


FEWER = RULES._replace(terms=Terms(RULES.terms.calendars[:1], RULES.terms.limits[:1]))
NONE = RULES._replace(terms=Terms())


def told_late(partition: Partition) -> Partition:
    since = RULES.terms.since(partition.rules.terms)
    partition.rules = partition.rules._replace(terms=RULES.terms)
    partition.settle(partition.asked_of_terms(since))
    return partition


@MANY
@given(histories, st.lists(clocks, max_size=3), clocks, st.sampled_from([FEWER, NONE]), st.sampled_from(Scores))
def test_what_is_told_late_gives_what_it_would_have_given_in_time(
    said: list[Message], jumps: list[int], later: int, before: Rules, scores: Scores
) -> None:
    sent = batches(said)
    late = run(sent, rules=before._replace(scores=scores))
    in_time = run(sent, rules=RULES._replace(scores=scores))
    for clock in jumps:
        late.advance(clock)
        in_time.advance(clock)
    told_late(late)
    assert cells_held(late) == cells_held(in_time)
    late.advance(later)
    in_time.advance(later)
    assert cells_held(late) == cells_held(in_time)
    assert late.all_watched() == in_time.all_watched()


APPOINTED: list[dict[str, Any]] = [
    {"accepted": at("10-01 09:30"), "procedure": "P", "unit": "U"},
    {"asked": at("10-07 09:00")},
    {"appointment": [[at("10-07 10:00"), at("10-20 17:00")]]},
]


def test_an_edition_that_makes_a_supplement_one_asked_too_late_takes_its_appointment_away_at_its_instant() -> None:
    shorter = read_limits(["procedure,count,unit", "P,1,working_days"], "shorter")
    turn = at("10-12 00:00") * MICROS
    terms = Terms(COMPUTING.terms.calendars, [*COMPUTING.terms.limits, Edition(turn, shorter)])
    facts = [Fact("H1-1", "a", 0, number, str(number), said, (0, number, 0)) for number, said in enumerate(APPOINTED)]
    partition = Partition(COMPUTING._replace(terms=terms))
    partition.apply(Batch(at("10-08 08:00") * MICROS, facts, ["dossier-events/0"]), 0)
    assert "open_within_now" in cells_held(partition)["U", day_of("10-01")]
    partition.advance(turn)
    assert "open_overdue_now" in cells_held(partition)["U", day_of("10-01")]


def test_an_edition_that_holds_in_no_year_there_is_changes_no_case() -> None:
    for holds in (-(1 << 70), NEVER, 1 << 70):
        terms = Terms([*RULES.terms.calendars, RULES.terms.calendars[0]._replace(holds=holds)], RULES.terms.limits)
        partition = run([], Partition(RULES))
        assert partition.asked_of_terms(terms.since(RULES.terms)) == []
