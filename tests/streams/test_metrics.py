from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from streams.core.civil import MICROS, Civil
from streams.core.families import UNIT_FAMILIES
from streams.core.index import RunStatus, UnitIndex
from streams.core.tallies import Totals
from streams.metrics import Exposition, UnitScreen
from streams.metrics_page import page
from streams.stages.figures import Figures

CIVIL = Civil("Asia/Ho_Chi_Minh")
NOON = 1_795_496_400 * MICROS  # 2026-11-24 12:00 in Viet Nam
COMMITTED = Path(__file__).parents[2] / "docs" / "metrics.md"
BUDGET = 20  # series of one unit in one period


def status(as_of: int = NOON) -> RunStatus:
    return RunStatus("live", as_of, 3, True, 2, 7, {"dossier-events/0": Totals(5, 2)}, CIVIL.name, "r1")


def entry(unit: str, period: str, counts: dict[str, int]) -> UnitIndex:
    return UnitIndex(unit, period, "commune", NOON, 3, counts)


def samples(screen: UnitScreen) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    text = Exposition("live", Figures(), screen).render().decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def value(screen: UnitScreen, name: str, **labels: str) -> float | None:
    return samples(screen).get((name, frozenset({"run": "live", "level": "commune", **labels}.items())))


@given(st.text(max_size=20), st.integers(0, 10**9))
def test_any_unit_code_comes_out_of_the_parser_as_it_went_in(unit: str, count: int) -> None:
    screen = UnitScreen("live", CIVIL)
    screen.show(status(), [entry(unit, "all", {"received": count})])
    assert value(screen, "motcua_dossiers_received", unit=unit, period="all") == count


def test_only_the_periods_that_hold_the_clock_are_shown_and_under_their_kind() -> None:
    screen = UnitScreen("live", CIVIL)
    screen.show(status(), [entry("U", "2026-11", {"received": 3}), entry("U", "2026-10", {"received": 9})])
    assert value(screen, "motcua_dossiers_received", unit="U", period="month") == 3
    assert not [labels for name, labels in samples(screen) if ("period", "2026-10") in labels]


def test_what_is_not_counted_is_shown_as_nought_and_a_change_replaces_the_value() -> None:
    screen = UnitScreen("live", CIVIL)
    screen.show(status(), [entry("U", "all", {"late": 1})])
    assert value(screen, "motcua_dossiers", unit="U", period="all", state="on_time") == 0
    screen.show(status(), [entry("U", "all", {"on_time": 1})])
    assert value(screen, "motcua_dossiers", unit="U", period="all", state="late") == 0
    assert value(screen, "motcua_dossiers", unit="U", period="all", state="on_time") == 1


def test_a_worker_that_lost_the_index_shows_no_unit() -> None:
    screen = UnitScreen("live", CIVIL)
    screen.show(status(), [entry("U", "all", {"late": 1})])
    screen.clear()
    assert not [name for name, labels in samples(screen) if dict(labels).get("unit")]


def test_the_series_of_a_unit_stay_within_their_budget() -> None:
    assert sum(len(family.shows) for family in UNIT_FAMILIES) <= BUDGET


def test_every_name_follows_the_conventions_and_has_a_help_line() -> None:
    screen = UnitScreen("live", CIVIL)
    screen.show(status(), [])
    text = Exposition("live", Figures(), screen).render().decode()
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    helped = [line.split()[2] for line in text.splitlines() if line.startswith("# HELP")]
    assert names == helped
    assert len(names) == len(set(names))
    assert all(name.startswith("motcua_") for name in names)


def test_the_page_of_metrics_is_as_fresh_as_what_is_exported() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == page(), "stale: run `make pages`"
