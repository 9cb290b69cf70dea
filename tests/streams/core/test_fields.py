"""Fields by name on the wire, by key in a case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.fields import ASKED, CODE_OF, COMPLETED, FIELDS, RATED, SPAN, UNIT, Merge, elements, keyed, name_of

moments = st.integers(-2_208_988_800, 32_503_679_999)  # 1900 to 2999
registers = [field.name for field in FIELDS if field.merge is not Merge.SET]
sets = [field.name for field in FIELDS if field.merge is Merge.SET]
in_order_of_codes = st.builds(
    lambda one, many: dict(sorted({**one, **many}.items(), key=lambda said: CODE_OF[said[0]])),
    st.dictionaries(st.sampled_from(registers), st.integers(0, 9)),
    st.dictionaries(
        st.sampled_from(sets), st.one_of(moments, st.lists(st.tuples(moments, st.just("x")).map(list), max_size=3))
    ),
)


@given(in_order_of_codes)
def test_assignments_by_key_are_in_ascending_order_whatever_the_order_of_their_moments(said: dict[str, object]) -> None:
    assert list(keyed(said)) == sorted(keyed(said))


@given(st.sampled_from(sets), moments)
def test_an_element_is_named_by_its_field_and_moment_also_before_1970(name: str, moment: int) -> None:
    [key] = keyed({name: moment})
    assert name_of(key) == (name, moment)


@given(st.sampled_from(registers))
def test_a_register_is_named_by_its_field_alone(name: str) -> None:
    [key] = keyed({name: 1})
    assert name_of(key) == (name, None)


def test_elements_come_by_moment_and_without_the_cleared_ones() -> None:
    flat = {UNIT: "U", 9 * SPAN + ASKED: True, -9 * SPAN + ASKED: True, 3 * SPAN + ASKED: None, 4 * SPAN + RATED: 5}
    assert elements(flat, ASKED) == [(-9, True), (9, True)]
    assert elements(flat, COMPLETED) == []


@pytest.mark.parametrize("said", [{"nonsense": 1}, {"asked": [[1]]}, {"step": [[1, 2, 3]]}])
def test_what_no_field_can_hold_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"unknown field|values to unpack"):
        keyed(said)


def test_every_code_and_every_name_is_used_once_and_elements_have_room_below_their_moment() -> None:
    assert len({field.code for field in FIELDS}) == len({field.name for field in FIELDS}) == len(FIELDS)
    assert all(0 < field.code < SPAN for field in FIELDS)
    assert {field.code >= ASKED for field in FIELDS if field.merge is Merge.SET} == {True}
    assert {field.code >= ASKED for field in FIELDS if field.merge is not Merge.SET} == {False}
