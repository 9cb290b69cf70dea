"""Timers against the plainest list of instants."""

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from streams.core.civil import HOUR, MICROS
from streams.core.timers import NEVER, Timers

instants = st.one_of(
    st.integers(0, 5).map(lambda hour: hour * HOUR * MICROS),
    st.integers(0, 5 * HOUR * MICROS),
    st.just(NEVER),
)


class AgainstAList(RuleBasedStateMachine):
    """`truth` is when each case really changes next; a case is pushed whenever that is set, and never removed."""

    def __init__(self) -> None:
        super().__init__()
        self.truth: dict[str, int] = {}
        self.clock = -1
        self.timers = Timers(lambda case: self.truth.get(case, NEVER))

    @rule(case=st.sampled_from("abcd"), instant=instants)
    def moves(self, case: str, instant: int) -> None:
        if instant > self.clock:
            self.truth[case] = instant
            self.timers.push(instant, case)

    @rule(case=st.sampled_from("abcd"))
    def never_changes_again(self, case: str) -> None:
        self.truth[case] = NEVER
        self.timers.push(NEVER, case)

    @rule(limit=instants.filter(lambda instant: instant < NEVER), later=st.none() | instants)
    def passes(self, limit: int, later: int | None) -> None:
        self.clock = max(self.clock, limit)
        expected = sorted(case for case, instant in self.truth.items() if instant <= self.clock)
        seen = []
        for case in self.timers.due(self.clock):
            seen.append(case)
            self.truth[case] = later if later is not None and later > self.clock else NEVER
            self.timers.push(self.truth[case], case)
        assert sorted(seen) == expected

    @invariant()
    def the_next_is_the_earliest(self) -> None:
        assert self.timers.peek() == min(self.truth.values(), default=NEVER)


TestTimersAgainstAList = AgainstAList.TestCase
TestTimersAgainstAList.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(st.lists(st.integers(0, 9 * HOUR * MICROS), max_size=20))
def test_every_case_comes_out_once_and_no_entry_is_left(changes: list[int]) -> None:
    truth = {str(number): instant for number, instant in enumerate(changes)}
    timers = Timers(lambda case: truth.get(case, NEVER))
    for case, instant in truth.items():
        timers.push(instant, case)
        timers.push(instant, case)
    came = []
    for case in timers.due(10 * HOUR * MICROS):
        came.append(case)
        del truth[case]
    assert len(came) == len(changes)
    assert len(timers) == 0
    assert timers.peek() == NEVER


def test_a_case_that_never_changes_takes_no_room() -> None:
    timers = Timers(lambda _: NEVER)
    timers.push(NEVER, "a")
    assert len(timers) == 0
