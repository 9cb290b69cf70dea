import csv
import io
import json
from collections.abc import Callable, Mapping

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from dashboards.comparing import (
    Difference,
    Figures,
    NothingToCompare,
    Side,
    Version,
    compare_sides,
    figures_in,
    side_of,
)
from dashboards.schemas import SCHEMAS
from simulators.outbox import Outbox
from simulators.workers import environment
from streams import topic_admin
from streams.cli import main
from streams.core.index import INDEX_VERSION
from streams.schemas import text_of
from streams.settings import Settings
from streams.topics import topic_name

SettingsFor = Callable[..., Settings]
NOON = 1_790_000_000_000_000
VERSIONS = {"register": "vietnam-1", "zone": "Asia/Ho_Chi_Minh"}
values = st.one_of(st.none(), st.integers(0, 3), st.sampled_from([0.5, 71.25, "A", True]))
said = st.fixed_dictionaries(
    {},
    optional={"counts.received": st.integers(0, 2), "counts.late": st.integers(0, 2), "indicators.2.1.points": values},
)
figures = st.dictionaries(st.tuples(st.sampled_from(["all", "2026-11"]), st.sampled_from(["25", "", "25/8"])), said)


def side(run: str, held: Figures, as_of: int = NOON, versions: Mapping[str, str] = VERSIONS) -> Side:
    return Side(run, as_of, dict(versions), held)


@given(figures)
def test_a_run_is_equal_to_itself(held: Figures) -> None:
    found = compare_sides(side("a", held), side("b", held))
    assert (found.equal, found.differences, found.definitions) == (True, [], [])
    assert found.compared == sum(map(len, held.values()))


@given(figures, figures)
def test_what_differs_one_way_differs_the_other_way_and_is_every_figure_that_is_not_the_same(
    ours: Figures, theirs: Figures
) -> None:
    found, back = (compare_sides(side("a", x), side("b", y)) for x, y in ((ours, theirs), (theirs, ours)))
    assert [(one.unit, one.period, one.figure, one.a, one.b) for one in found.differences] == [
        (one.unit, one.period, one.figure, one.b, one.a) for one in back.differences
    ]
    lines = [
        {
            (*key, figure, value)
            for key, said in held.items()
            for figure, value in said.items()
            if value is not None and (value != 0 or not figure.startswith("counts."))
        }
        for held in (ours, theirs)
    ]
    changed = {(period, unit, figure) for period, unit, figure, _ in lines[0] ^ lines[1]}
    assert {(one.period, one.unit, one.figure) for one in found.differences} == changed
    assert found.equal == (not found.differences)


def test_a_count_that_is_not_said_is_0_and_an_indicator_that_is_not_said_is_no_data() -> None:
    ours: Figures = {("all", "25"): {"counts.late": 0, "counts.received": 3, "indicators.2.1.points": 0}}
    found = compare_sides(side("a", ours), side("b", {("all", "25"): {"counts.received": 3}}))
    assert found.differences == [Difference("25", "all", "indicators.2.1.points", 0, None)]


def test_runs_as_of_different_instants_are_not_equal_whatever_their_figures() -> None:
    assert not compare_sides(side("a", {}), side("b", {}, as_of=NOON + 1)).equal


def test_other_definitions_are_named_also_those_that_only_one_run_has() -> None:
    other = VERSIONS | {"register": "vietnam-2", "calendar": "2026"}
    found = compare_sides(side("a", {}), side("b", {}, versions=other))
    assert found.definitions == [Version("calendar", None, "2026"), Version("register", "vietnam-1", "vietnam-2")]
    assert found.equal  # other definitions may well give the same figures


def test_only_one_unit_or_period_is_compared_where_that_was_asked() -> None:
    ours: Figures = {(period, unit): {"counts.late": 1} for period in ("all", "2026") for unit in ("25", "26")}
    found = compare_sides(side("a", ours), side("b", {}), unit="25", period="2026")
    assert [(one.unit, one.period) for one in found.differences] == [("25", "2026")]


def test_every_figure_of_a_record_is_found_whatever_else_it_will_hold() -> None:
    record = {
        "unit": "25",
        "as_of": 7,
        "generation": 1,
        "counts": {"late": 2},
        "indicators": {"2.1": {"points": 17.5, "rank": None}},
        "bands": ["A", 3],
    }
    assert dict(figures_in(record)) == {
        "counts.late": 2,
        "indicators.2.1.points": 17.5,
        "indicators.2.1.rank": None,
        "bands.0": "A",
        "bands.1": 3,
    }


def index(settings: Settings, late: int, register: str, *, complete: bool = True) -> Settings:
    """A run whose index says so much, and what a worker that had lost it says afterwards."""
    topic_admin.create(settings, settings.run)
    entry = {
        "unit": "25",
        "period": "all",
        "level": "province",
        "as_of": NOON,
        "generation": 5,
        "version": INDEX_VERSION,
    }
    run = {"run": settings.run, "as_of": NOON, "generation": 5, "complete": complete, "partitions": 1, "cases": 9}
    records = [
        (b"@owner", {"run": settings.run}),
        (b"all/25", entry | {"counts": {"received": 9, "late": late}}),
        (b"@run", run | {"accounts": {}, "zone": settings.zone, "register": register, "version": INDEX_VERSION}),
        (b"all/25", entry | {"counts": {"received": 1}, "generation": 4}),
    ]
    with Outbox(settings) as outbox:
        for key, record in records:
            outbox.send(topic_name(settings.run, "unit-index"), msgspec.json.encode(record), key=key)
        outbox.flush()
    return settings


@pytest.mark.integration
def test_the_command_shows_what_differs_in_three_forms_and_ends_with_status_1(
    settings_for: SettingsFor, run_name: str
) -> None:
    index(settings_for(run_name, partitions=1), 4, "vietnam-1")
    settings = index(settings_for(f"{run_name}-b", partitions=1), 6, "vietnam-2")
    command, variables = ["compare", run_name, f"{run_name}-b"], environment(settings, {})
    table = CliRunner().invoke(main, command, env=variables)
    assert table.exit_code == 1, table.stderr
    assert "counted by another register: vietnam-1 and vietnam-2" in table.output
    assert "2 figures compared, 1 differ." in table.output
    assert "counts.late" in table.output
    said = json.loads(CliRunner().invoke(main, [*command, "--json"], env=variables).output)
    schema = next(one for one in SCHEMAS if one.file == "comparison.schema.json")
    jsonschema.validate(said, json.loads(text_of(schema)))
    assert said["differences"] == [{"unit": "25", "period": "all", "figure": "counts.late", "a": 4, "b": 6}]
    rows = list(csv.DictReader(io.StringIO(CliRunner().invoke(main, [*command, "--csv"], env=variables).output)))
    assert rows == [
        {"unit": "25", "period": "all", "figure": "counts.late", run_name: "4", f"{run_name}-b": "6", "change": "+2"}
    ]
    same = CliRunner().invoke(main, ["compare", run_name, run_name], env=variables)
    assert (same.exit_code, "counted by the same definitions" in same.output) == (0, True)


@pytest.mark.integration
def test_a_run_without_complete_figures_is_not_compared(settings_for: SettingsFor, run_name: str) -> None:
    settings = index(settings_for(run_name, partitions=1), 4, "vietnam-1", complete=False)
    with pytest.raises(NothingToCompare, match="no complete figures"):
        side_of(settings)
