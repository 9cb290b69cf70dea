"""Scores and ranks kept up with changing counts are those made from scratch."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.core.indicators.scores import score
from streams.core.ranking import ranking
from streams.core.register import read_register
from streams.core.scoring import Scoring, Sums, contender
from streams.core.standings import EntryKey, Standings

REGISTER = read_register(
    [
        "code,name,level,parent",
        "VN,Việt Nam,country,",
        "P1,Một,province,VN",
        "P2,Hai,province,VN",
        *(f"C{number},Xã,commune,P{1 + number % 2}" for number in range(6)),
        "D1,Sở,department,P1",
    ],
    "t",
)
PERIODS = ("2026-11", "2026-10", "all")
UNITS = [unit.code for unit in REGISTER.units]
TODAY = date(2026, 11, 24)

counts = st.fixed_dictionaries(
    {"received": st.integers(5, 15)},
    optional={name: st.integers(0, 15) for name in ("on_time", "open_within", "online", "unblamed", "result_issued")},
)
changes = st.lists(
    st.dictionaries(st.tuples(st.sampled_from(PERIODS), st.sampled_from(UNITS)), counts, max_size=5), max_size=6
)


def standing(standings: Standings, entry: EntryKey) -> object:
    return standings.score(*entry), standings.place(*entry), standings.peers(*entry)


@settings(max_examples=50)
@given(changes, st.booleans())
def test_standings_kept_up_are_those_from_scratch_and_what_moved_is_told(
    made: list[dict[EntryKey, dict[str, int]]], lazily: bool
) -> None:
    held: dict[EntryKey, dict[str, int]] = {}
    kept, before = Standings(Sums(REGISTER, held), TODAY), dict[EntryKey, object]()
    for turn, changed in enumerate(made):
        held.update(changed)
        if lazily and turn % 2:
            kept.mark(changed, TODAY)
            told = set(held)
        else:
            told = kept.refresh(changed, TODAY)
        anew = Standings(Sums(REGISTER, held), TODAY)
        anew.refresh(held, TODAY)
        now = {entry: standing(kept, entry) for entry in held}
        assert now == {entry: standing(anew, entry) for entry in held}
        if not lazily:
            assert told >= {entry for entry in held if now[entry] != before.get(entry)}
        before = now


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(UNITS), counts, min_size=1))
def test_places_are_those_of_a_ranking_of_the_whole_peer_group(held: dict[str, dict[str, int]]) -> None:
    sums = Sums(REGISTER, {("2026-11", unit): own for unit, own in held.items()})
    standings = Standings(sums, TODAY)
    standings.refresh(sums.index, TODAY)
    scoring = Scoring(sums, TODAY)
    for peers in ("province", "commune/P1", "commune/P2", "department/P1"):
        members = [unit for unit in held if standings.peers("2026-11", unit) == peers]
        made = [
            contender(unit, score(scoring.catalogue("2026-11"), scoring.counts("2026-11", unit)), held[unit])
            for unit in members
        ]
        assert [standings.place("2026-11", place.unit) for place in ranking(made)] == ranking(made)
    assert standings.place("2026-11", "VN") is None


def test_when_another_day_begins_the_periods_that_hold_it_are_told_anew() -> None:
    held = {("2026-11", "P1"): {"received": 20}, ("2026-10", "P1"): {"received": 20}}
    standings = Standings(Sums(REGISTER, held), TODAY)
    standings.refresh(held, TODAY)
    assert standings.refresh([], date(2026, 11, 25)) == {("2026-11", "P1")}
