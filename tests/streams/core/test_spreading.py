"""Full cells added together are the cells added one by one."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import day_number
from streams.core.contributions import NO_DAY
from streams.core.counters import COUNTERS, placed
from streams.core.register import read_register
from streams.core.spreading import entries_of, spread
from streams.core.tallies import CellValue, decode_cell, decode_counts, encode

REGISTER = read_register(
    [
        "code,name,level,parent,valid_from,valid_to",
        "VN,Việt Nam,country,,,",
        "P1,Một,province,VN,,",
        "P2,Hai,province,VN,,",
        "C1,Xã,commune,P1,,2026-07-01",
        "C1,Xã,commune,P2,2026-07-01,",
    ],
    "t",
)
FIRST = day_number(date(2026, 1, 1))
cells = st.lists(
    st.tuples(
        st.tuples(st.sampled_from(["C1", "P1", "x"]), st.integers(FIRST, FIRST + 400) | st.just(NO_DAY)),
        st.lists(st.integers(0, 9), min_size=3, max_size=3),
    ),
    max_size=12,
)


@given(cells)
def test_full_cells_together_add_what_each_adds_alone(given_: list[tuple[tuple[str, int], list[int]]]) -> None:
    alone: dict[tuple[str, str], list[int]] = {}
    for cell, counts in given_:
        for entry in entries_of(REGISTER, *cell):
            alone[entry] = [one + other for one, other in zip(alone.get(entry, [0] * 3), counts, strict=True)]
    assert spread(REGISTER, given_) == alone


@given(st.dictionaries(st.sampled_from([counter.name for counter in COUNTERS] + ["unknown"]), st.integers(0, 10**9)))
def test_the_counts_of_a_cell_go_straight_into_place(counts: dict[str, int]) -> None:
    value = encode(CellValue(7, counts))
    assert decode_counts(value) == placed(decode_cell(value).counts)
