"""What people say of a late dossier: how long it holds, and what cannot be said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.acknowledgements import (
    KEPT_S,
    NOTE_LENGTH,
    Acknowledgement,
    Unfit,
    acknowledged,
    assigned,
    decode,
    encode,
    forgotten,
    holds,
    merged,
    noted,
    unfit,
)
from streams.core.civil import MICROS, seconds
from streams.core.posts import POSTS
from streams.core.watching import Watch
from tests.streams.core.scenarios import at, clock

DUE = seconds(at("10-16 17:00"))
OPEN = Watch("U", "P", DUE, DUE - 90_000, False, False, False, DUE - 900_000)
LATE = OPEN._replace(late=True)
BEFORE, AFTER = clock("10-16 09:00"), clock("10-19 09:00")


def test_an_acknowledged_one_does_not_come_back_each_morning() -> None:
    said = acknowledged(None, LATE, AFTER)
    assert all(holds(said, LATE, AFTER + days * 86_400 * MICROS) for days in range(60))


def test_it_comes_back_when_it_turns_late_after_it_was_acknowledged_in_time() -> None:
    said = acknowledged(None, OPEN, BEFORE)
    assert holds(said, OPEN, BEFORE)
    assert holds(said, OPEN, DUE * MICROS)
    assert not holds(said, OPEN, (DUE + 1) * MICROS)
    assert not holds(said, LATE, AFTER)


def test_it_comes_back_when_it_is_due_at_another_time() -> None:
    said = acknowledged(None, LATE, AFTER)
    assert not holds(said, OPEN._replace(due=DUE + 864_000), AFTER)


def test_it_comes_back_when_its_snooze_ends() -> None:
    end = seconds(at("10-21 08:00"))
    said = acknowledged(None, LATE, AFTER, until=end)
    assert holds(said, LATE, end * MICROS - 1)
    assert not holds(said, LATE, end * MICROS)


def test_acknowledging_ends_a_snooze_and_keeps_note_and_post() -> None:
    said = assigned(noted(acknowledged(None, LATE, AFTER, until=DUE + 900_000), "chờ cơ quan thuế"), "finance")
    again = acknowledged(said, LATE, AFTER)
    assert (again.until, again.note, again.post) == (0, "chờ cơ quan thuế", "finance")
    assert holds(again, LATE, (DUE + 9_000_000) * MICROS)


def test_a_snooze_into_the_past_an_unknown_post_and_a_note_about_a_person_are_unfit() -> None:
    with pytest.raises(Unfit, match="must end after"):
        acknowledged(None, LATE, AFTER, until=AFTER // MICROS)
    with pytest.raises(Unfit, match="there is no post 'Mr A'; there are desk"):
        assigned(None, "Mr A")
    for note in ("", " ", "x" * (NOTE_LENGTH + 1), "a\nb", "ask a@b.vn", "call 0912 345 678", "079-085-000-123"):
        assert unfit(note)
        with pytest.raises(Unfit, match="cannot be kept"):
            noted(None, note)
    assert not unfit("hẹn 21/11/2026, thiếu 2 bản vẽ")


@pytest.mark.parametrize("post", POSTS)
def test_every_post_can_be_named(post: object) -> None:
    code = getattr(post, "code", "")
    assert assigned(None, code).post == code


stands = st.builds(
    Acknowledgement,
    recorded=st.integers(0, 5),
    state=st.sampled_from(("", "late")),
    until=st.integers(0, 3),
    note=st.sampled_from(("", "a", "b")),
)


@given(st.lists(stands, min_size=1))
def test_whatever_comes_twice_or_late_the_last_recorded_stands(said: list[Acknowledgement]) -> None:
    held = None
    for one in said:
        held = merged(held, decode(encode(one)))
    latest = max(one.recorded for one in said)
    assert held == [one for one in said if one.recorded == latest][-1]
    assert merged(held, held) == held


def test_what_was_said_of_a_dossier_goes_a_month_after_it_has_left_the_list() -> None:
    records = {"A": Acknowledgement(0), "B": Acknowledgement(0), "C": Acknowledgement(10)}
    assert forgotten(records, {"B"}, KEPT_S * MICROS + 1) == ["A"]
