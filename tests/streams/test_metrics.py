"""What /metrics shows, held against the client library's own renderer and parser."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from streams.core.civil import ALL, MICROS, Civil
from streams.core.exported import BUDGET, FULL, LESS, exported
from streams.core.families import INDEX_FAMILIES, UNIT_FAMILIES, UNIT_INFO, UNIT_INFO_HELP, WATCHLIST, Of
from streams.core.index import RunStatus, UnitIndex
from streams.core.indicators.qd766_2026 import QD766_2026
from streams.core.ranking import State
from streams.core.register import UNREGISTERED, Level, Register, Unit
from streams.core.tallies import Totals
from streams.core.told import ToldFigure, ToldPlace, ToldScore
from streams.metrics import Exposition
from streams.metrics_page import page
from streams.stages.figures import Figures
from streams.unit_screen import UnitScreen

CIVIL = Civil("Asia/Ho_Chi_Minh")
NOON = 1_795_496_400 * MICROS  # 2026-11-24 12:00 in Viet Nam
COMMITTED = Path(__file__).parents[2] / "docs" / "metrics.md"
PERIODS = {"2026-W48": "week", "2026-11": "month", "2026-Q4": "quarter", "2026": "year", ALL: "all"}
NAMED = {"P0": ("P0", "Tỉnh"), "P1": ("P1", "Tỉnh"), "VN": ("", "Việt Nam")}
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


def country(provinces: int = 2, communes: int = 3, departments: int = 0) -> Register:
    units = [Unit("VN", "Việt Nam", Level.COUNTRY, "")]
    units += [Unit(f"P{number}", "Tỉnh", Level.PROVINCE, "VN") for number in range(provinces)]
    units += [Unit(f"D{number}", "Sở", Level.DEPARTMENT, f"P{number % provinces}") for number in range(departments)]
    units += [Unit(f"C{number}", "Xã", Level.COMMUNE, f"P{number % provinces}") for number in range(communes)]
    return Register(units)


REGISTER = country()


def status(as_of: int = NOON) -> RunStatus:
    return RunStatus("live", as_of, 3, True, 2, 7, {"dossier-events/0": Totals(5, 2)}, CIVIL.name, "r1")


def entry(
    unit: str,
    period: str,
    counts: dict[str, int],
    score: ToldScore | None = None,
    place: ToldPlace | None = None,
    *,
    level: str = "province",
) -> UnitIndex:
    return UnitIndex(unit, period, level, NOON, 3, counts, score=score, place=place)


def screen_of(*entries: UnitIndex, register: Register = REGISTER) -> UnitScreen:
    screen = UnitScreen("live", CIVIL, register)
    screen.show(status(), entries)
    return screen


def parsed(text: str) -> Samples:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def samples(screen: UnitScreen) -> Samples:
    return parsed(Exposition("live", Figures(), screen).render().decode())


def value(screen: UnitScreen, name: str, **labels: str) -> float | None:
    return samples(screen).get((name, frozenset({"run": "live", "level": "province", **labels}.items())))


numbers = st.integers(0, 10**9)
points = st.none() | st.integers(0, 10_000)
scores = st.builds(
    ToldScore,
    st.just("qd766-2026"),
    st.dictionaries(st.text(max_size=5), st.builds(ToldFigure, numbers, numbers, points), max_size=4),
    st.dictionaries(st.text(max_size=5), points, max_size=3),
    points,
    st.integers(0, 10_000),
    st.none(),
    st.booleans(),
    st.booleans(),
)
places = st.none() | st.builds(
    ToldPlace, st.text(max_size=5), st.sampled_from(State), st.none() | numbers, numbers, st.none(), st.none()
)
entries = st.builds(
    entry,
    st.text(max_size=12),
    st.sampled_from(sorted(PERIODS)),
    st.dictionaries(st.sampled_from(sorted(FULL.counters | {"due_soon", "due_today", "due_paused"})), numbers),
    scores,
    places,
)


def watched_by_the_library(watch: Gauge, one: UnitIndex) -> None:
    for state, counter in WATCHLIST.shows:
        watch.labels("live", one.unit, one.level, state).set(one.counts.get(counter, 0))


def by_the_library(shown: list[UnitIndex]) -> Samples:
    """The same by the client library: one gauge a family, label by label."""
    registry, common = CollectorRegistry(), ["run", "unit", "level", "period"]
    counts = {
        one.name: Gauge(one.name, one.help, common + [one.label] * bool(one.label), registry=registry)
        for one in UNIT_FAMILIES
    }
    index = {
        one.name: Gauge(one.name, one.help, common + [one.label] * bool(one.label), registry=registry)
        for one in INDEX_FAMILIES
    }
    watch = Gauge(WATCHLIST.name, WATCHLIST.help, ["run", "unit", "level", "state"], registry=registry)
    info = Gauge(UNIT_INFO, UNIT_INFO_HELP, ["run", "unit", "level", "province", "name"], registry=registry)
    for one in shown:
        labels = ["live", one.unit, one.level, PERIODS[one.period]]
        if one.period == ALL:
            info.labels(*labels[:3], *NAMED.get(one.unit, ("", one.unit or "—"))).set(1)
            watched_by_the_library(watch, one)
        for family in UNIT_FAMILIES:
            for own, counter in family.shows:
                counts[family.name].labels(*labels, *([own] if family.label else [])).set(one.counts.get(counter, 0))
        if one.score is None or one.period == ALL:
            continue
        for kind in INDEX_FAMILIES:
            for own, number in kind.values(one.score, one.place):
                if number is not None:
                    gauge = index[kind.name].labels(*labels, *([own] if kind.label else []))
                    gauge.set(number / 100 if kind.in_points else number)
    return parsed(generate_latest(registry).decode())


@given(st.lists(entries, max_size=6, unique_by=lambda one: (one.unit, one.period)))
def test_units_are_shown_as_the_client_library_would_show_them(shown: list[UnitIndex]) -> None:
    found = {key: number for key, number in samples(screen_of(*shown)).items() if "unit" in dict(key[1])}
    assert found == by_the_library(shown)


def test_only_the_periods_that_hold_the_clock_are_shown_and_under_their_kind() -> None:
    screen = screen_of(entry("P0", "2026-11", {"received": 3}), entry("P0", "2026-10", {"received": 9}))
    assert value(screen, "motcua_dossiers_received", unit="P0", period="month") == 3
    assert not [labels for name, labels in samples(screen) if ("period", "2026-10") in labels]


def test_a_period_that_has_begun_takes_the_place_of_the_one_before() -> None:
    screen = screen_of(entry("P0", "2026-11", {"received": 3}), entry("P0", "2026-12", {"received": 5}))
    screen.show(status(NOON + 7 * 86_400 * MICROS), [])
    assert value(screen, "motcua_dossiers_received", unit="P0", period="month") == 5


def test_what_is_not_counted_is_shown_as_nought_and_a_change_replaces_the_value() -> None:
    screen = screen_of(entry("P0", "all", {"late": 1}))
    assert value(screen, "motcua_dossiers", unit="P0", period="all", state="on_time") == 0
    screen.show(status(), [entry("P0", "all", {"on_time": 1})])
    assert value(screen, "motcua_dossiers", unit="P0", period="all", state="late") == 0
    assert value(screen, "motcua_dossiers", unit="P0", period="all", state="on_time") == 1


def test_a_worker_that_lost_the_index_shows_no_unit_and_while_it_may_lose_it_neither() -> None:
    screen = screen_of(entry("P0", "all", {"late": 1}))
    screen.hide(hidden=True)
    screen.show(status(), [entry("P0", "all", {"late": 2})])
    assert not [name for name, labels in samples(screen) if dict(labels).get("unit") or name == "motcua_cases"]
    screen.hide(hidden=False)
    assert value(screen, "motcua_dossiers", unit="P0", period="all", state="late") == 2
    screen.clear()
    assert not [name for name, labels in samples(screen) if dict(labels).get("unit")]


def test_of_a_commune_in_a_country_the_month_is_shown_with_its_total_and_what_is_urgent_and_no_more() -> None:
    told = ToldScore("qd766-2026", {"2.1": ToldFigure(1, 2, 1000)}, {"TDGQ": 1000}, 1000, 2000, "weak", False, False)
    counts = {"received": 4, "due_today": 2}
    communes = [entry("C1", period, counts, told, level="commune") for period in PERIODS]
    screen = screen_of(*communes, register=country(34, 3_321))
    shown = [(name, dict(labels)) for name, labels in samples(screen) if dict(labels).get("unit")]
    assert {labels["period"] for _, labels in shown if "period" in labels} == {"month"}
    assert {name for name, _ in shown if name.startswith("motcua_index")} == {"motcua_index_score"}
    assert ("motcua_dossiers_finished", "late") in {(name, labels.get("outcome")) for name, labels in shown}
    assert value(screen, "motcua_watchlist", unit="C1", level="commune", state="due_today") == 2
    assert (
        "motcua_unit_info",
        {"run": "live", "unit": "C1", "level": "commune", "province": "P1", "name": "Xã"},
    ) in shown


def test_a_country_and_a_province_stay_within_the_budget_and_a_province_keeps_its_groups() -> None:
    for register, rest in (
        (country(34, 4_490, 510), "least"),
        (country(34, 3_321), "no groups"),
        (country(34, 1_500), "brief"),
        (country(1, 140, 20), "month"),
    ):
        found = exported(register)
        series = sum(found.detail(unit.level).series for unit in register.units) + found.rest.series
        assert series + found.strangers * found.rest.series <= BUDGET
        assert found.rest.name == rest
    assert exported(country(1, 140, 20)).detail(Level.DEPARTMENT) is FULL
    assert exported(country(2, 1, 1)).detail(Level.DEPARTMENT) is LESS[0]


def test_no_unit_shows_more_series_than_its_detail_says() -> None:
    figures = {one.id: ToldFigure(1, 2, 3) for one in QD766_2026.indicators}
    told = ToldScore("qd766-2026", figures, {one.id: 1 for one in QD766_2026.groups}, 1, 2, "weak", False, False)
    place = ToldPlace("province", State.RANKED, 1, 2, 3, 4)
    for unit, level, detail in (("P0", "province", FULL), ("C0", "commune", LESS[0])):
        shown = samples(screen_of(*(entry(unit, period, {}, told, place, level=level) for period in PERIODS)))
        assert len([1 for _, labels in shown if ("unit", unit) in labels]) == detail.series
    assert FULL.index == frozenset(Of)


def test_units_that_are_not_registered_are_shown_while_there_is_room() -> None:
    room = 7 * LESS[0].series
    screen = UnitScreen("live", CIVIL, REGISTER, 3 * FULL.series + 4 * LESS[0].series + room)
    many = [entry(f"x{number}", "2026-11", {}, level="unregistered") for number in range(20)]
    screen.show(status(), [entry(UNREGISTERED, "2026-11", {}, level="unregistered"), *many])
    units = {dict(labels).get("unit") for _, labels in samples(screen)} - {None}
    assert units == {UNREGISTERED, *(f"x{number}" for number in range(7))}


def test_every_name_follows_the_conventions_and_has_a_help_line() -> None:
    text = Exposition("live", Figures(), screen_of()).render().decode()
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    helped = [line.split()[2] for line in text.splitlines() if line.startswith("# HELP")]
    assert names == helped
    assert len(names) == len(set(names))
    assert all(name.startswith(("motcua_", "process_")) for name in names)


def test_the_run_says_by_which_editions_it_counts_and_how_many_units_are_registered() -> None:
    shown = samples(screen_of(entry("P0", "all", {})))
    editions = {dict(labels)["kind"]: dict(labels)["version"] for name, labels in shown if name.endswith("tions_info")}
    assert editions == {"register": "r1"}
    units = {
        (dict(labels)["level"], dict(labels)["province"]): count
        for (name, labels), count in shown.items()
        if name == "motcua_units_registered"
    }
    assert units == {
        ("country", ""): 1,
        ("province", "P0"): 1,
        ("province", "P1"): 1,
        ("commune", "P0"): 2,
        ("commune", "P1"): 1,
    }


def test_a_stage_says_how_many_messages_took_how_long_and_a_clock_that_went_back_takes_nothing_away() -> None:
    figures = Figures()
    figures.passed("intake", 3, 1.5)
    figures.passed("intake", 1, -2.0)
    shown = parsed(Exposition("live", figures, screen_of()).render().decode())
    labels = frozenset({("run", "live"), ("stage", "intake")})
    assert shown["motcua_stage_seconds_total", labels] == 1.5
    assert shown["motcua_stage_messages_total", labels] == 4


@pytest.mark.integration
def test_promtool_has_nothing_against_what_is_exported() -> None:
    figures = {one.id: ToldFigure(1, 2, 3) for one in QD766_2026.indicators}
    told = ToldScore("qd766-2026", figures, {one.id: 1 for one in QD766_2026.groups}, 1, 2, "weak", False, False)
    place = ToldPlace("province", State.RANKED, 1, 2, 3, 4)
    counted = Figures(items_rejected={"unreadable": 1})
    counted.passed("dossiers", 1, 0.1)
    text = Exposition("live", counted, screen_of(entry("P0", "2026-11", {}, told, place))).render()
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


def test_the_page_of_metrics_is_as_fresh_as_what_is_exported() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == page(), "stale: run `make pages`"
