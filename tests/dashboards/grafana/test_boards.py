"""What holds of every board and every panel, without a server of Grafana."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from typing import Any

import msgspec
import promql_parser
import pytest

from dashboards.grafana import names
from dashboards.grafana.boards import LATEST, boards
from dashboards.grafana.drawing import board_json
from dashboards.grafana.records import LANGUAGES, WIDTH, Board, Language, Panel, Text
from dashboards.recording import rules
from tests.dashboards.grafana.promql import any_values, expressions, functions, nodes, selectors
from tests.dashboards.grafana.sdk_types import UNITS, problems

BOARDS = boards()
DRAWN = [(board, language) for board in BOARDS for language in LANGUAGES]
PANELS = [(board, panel) for board in BOARDS for panel in board.panels]
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
RATIOS = re.compile(r":ratio$|^motcua_index_(points|group_points|score|reachable|rank)$|^motcua:indicator:points$")
RECORDED = re.findall(r"expr: (.*)", rules())
each_board = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.key)
each_drawn = pytest.mark.parametrize(("board", "language"), DRAWN, ids=[f"{one.key}-{two}" for one, two in DRAWN])
each_panel = pytest.mark.parametrize(
    ("board", "panel"), PANELS, ids=[f"{board.key}: {panel.title.en}" for board, panel in PANELS]
)


def named(board: Board, language: Language = "vi") -> list[dict[str, Any]]:
    return [panel for panel in board_json(board, language)["panels"] if panel["type"] != "row"]


def asked(board: Board) -> list[str]:
    """All that stands in the JSON of a board, as texts."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)
        elif isinstance(value, str):
            found.append(value)

    walk(board_json(board, "vi"))
    return found


@each_drawn
def test_grafanas_own_types_know_every_key_and_every_value(board: Board, language: Language) -> None:
    assert problems(board_json(board, language)) == []


BREAKINGS: tuple[Callable[[dict[str, Any]], None], ...] = (
    lambda board: board.update(titel="x"),
    lambda board: board.update(title=3),
    lambda board: board["panels"][1]["options"].update(colorMode="pink"),
    lambda board: board["panels"][1]["fieldConfig"]["defaults"].update(decimal=1),
    lambda board: board["panels"][1]["targets"][0].update(expression="x"),
    lambda board: board["panels"][1]["links"][0].update(uri="x"),
    lambda board: board["panels"][1].update(gridPos={"x": "1"}),
    lambda board: board["templating"]["list"][1].update(refresh="often"),
)


@pytest.mark.parametrize("breaking", BREAKINGS)
def test_the_types_see_a_mistake(breaking: Callable[[dict[str, Any]], None]) -> None:
    board = copy.deepcopy(board_json(BOARDS[0], "vi"))
    breaking(board)
    assert len(problems(board)) == 1


@each_panel
def test_a_panel_says_in_both_languages_what_it_shows_how_and_why_it_may_be_empty(board: Board, panel: Panel) -> None:
    texts = (panel.title, panel.what, panel.formula, panel.empty)
    assert all(text.vi.strip() and text.en.strip() for text in texts)
    assert panel.link in {one.key for one in BOARDS}
    assert panel.queries


@each_drawn
def test_every_panel_drawn_has_title_description_unit_source_link_and_a_word_for_no_data(
    board: Board, language: Language
) -> None:
    for panel in named(board, language):
        defaults = panel["fieldConfig"]["defaults"]
        assert panel["title"]
        assert len(panel["description"]) > 60
        assert defaults["unit"] in UNITS or re.match(r"(prefix|suffix):", defaults["unit"])
        assert defaults["noValue"]
        assert panel["datasource"] == SOURCE
        assert all(target["datasource"] == SOURCE for target in panel["targets"])
        (link,) = panel["links"]
        assert link["url"].split("?")[0] in {f"/d/{one.uid}" for one in BOARDS}
        reduced = panel["options"].get("reduceOptions")
        assert reduced is None or reduced["calcs"] == ["lastNotNull"]


@each_drawn
def test_ids_are_unique_and_nothing_is_editable(board: Board, language: Language) -> None:
    drawn = board_json(board, language)
    ids = [panel["id"] for panel in drawn["panels"]]
    assert len(ids) == len(set(ids))
    assert drawn["editable"] is False
    assert "id" not in drawn
    assert 8 <= len(drawn["uid"]) <= 40


def test_boards_differ_in_uid_and_title() -> None:
    assert len({board.uid for board in BOARDS}) == len(BOARDS)
    assert all(len({board.title.of(language) for board in BOARDS}) == len(BOARDS) for language in LANGUAGES)


@each_board
def test_panels_lie_within_the_grid_and_on_no_other(board: Board) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in board_json(board, "vi")["panels"]:
        grid = panel["gridPos"]
        assert grid["x"] + grid["w"] <= WIDTH
        cells = {(x + grid["x"], y + grid["y"]) for x in range(grid["w"]) for y in range(grid["h"])}
        assert not cells & taken
        taken |= cells


@each_board
def test_what_is_chosen_is_used_and_what_is_used_can_be_chosen(board: Board) -> None:
    used = {
        name
        for text in asked(board)
        for name in re.findall(r"\$\{?(\w+)", text)
        if not name.startswith("__") and name != "datasource"
    }
    assert used == {variable.name for variable in board.variables}


@each_board
def test_every_expression_parses(board: Board) -> None:
    for where, expression in expressions(board):
        assert promql_parser.parse(expression) is not None, where


def test_the_parser_sees_a_mistake() -> None:
    with pytest.raises(ValueError, match="paren"):
        promql_parser.parse("sum by (unit) (x")


@each_board
def test_no_name_of_a_run_a_unit_or_a_source_is_hard_wired(board: Board) -> None:
    for panel in board.panels:
        for query in panel.queries:
            fixed = re.findall(r'\b(run|unit|province|name|instance)(?:=|=~|!=)"([^"]*)"', query.expr)
            assert [pair for pair in fixed if not pair[1].startswith("$")] == [], panel.title.en


@each_board
def test_rates_are_over_the_interval_that_grafana_knows_to_be_long_enough(board: Board) -> None:
    for panel in board.panels:
        for query in panel.queries:
            spans = re.findall(r"\b(?:rate|increase|deriv|irate|delta)\([^\[]*\[([^\]]*)\]", query.expr)
            assert set(spans) <= {"$__rate_interval"}, panel.title.en


@each_board
def test_figures_of_units_are_asked_of_one_period_and_all_of_a_run(board: Board) -> None:
    for where, expression in expressions(board):
        for metric, labels in selectors(expression):
            if metric.startswith(("motcua_index_", "motcua_dossiers")) and metric not in _OF_WORKERS:
                assert {"run", "period"} <= labels, f"{where}: {metric}"


_OF_WORKERS = {names.AS_OF, names.COMPLETE, names.INDEX_HELD, names.TOLD}


def averages(expression: str) -> list[str]:
    """What in an expression is a mean of ratios or points, or a sum that is as wrong."""
    found = [name for name in functions(expression) if name.startswith(("avg", "stddev", "stdvar"))]
    for node in nodes(expression):
        if isinstance(node, promql_parser.AggregateExpr) and str(node.op) == "sum":
            found += [name for name, _ in selectors(node.expr.prettify()) if RATIOS.search(name)]
        if isinstance(node, promql_parser.Call) and str(node.func.name) in {"sum_over_time", "increase", "rate"}:
            inner = [name for argument in node.args for name, _ in selectors(argument.prettify())]
            found += [name for name in inner if RATIOS.search(name)]
    return found


@each_board
def test_no_board_averages_ratios_or_points(board: Board) -> None:
    assert {where: averages(expression) for where, expression in expressions(board) if averages(expression)} == {}


@pytest.mark.parametrize("expression", RECORDED)
def test_no_rule_averages_ratios_or_points(expression: str) -> None:
    assert averages(expression) == []


@pytest.mark.parametrize(
    "wrong",
    [
        "avg by (level) (motcua:rate_766:ratio)",
        "avg_over_time(motcua_index_score[1d])",
        "sum(motcua:rate_766:ratio) / count(motcua:rate_766:ratio)",
        "sum(motcua_index_points{x='1'} * 2)",
        "sum_over_time(motcua_index_score[1d]) / 24",
    ],
)
def test_the_search_for_averages_finds_them(wrong: str) -> None:
    assert averages(wrong)


def test_formulas_name_the_version_of_the_index_where_points_are_shown() -> None:
    for board, panel in PANELS:
        shows_points = any("motcua_index_" in query.expr and "points" in query.expr for query in panel.queries)
        assert not shows_points or LATEST.id in panel.formula.vi, f"{board.key}: {panel.title.en}"


def test_the_search_for_variables_sees_one_that_is_missing() -> None:
    board = BOARDS[0]
    assert "run" in any_values(board)
    without = msgspec.structs.replace(board, variables=board.variables[1:])
    with pytest.raises(KeyError, match="run"):
        list(expressions(without))


def test_texts_differ_between_the_languages_where_they_are_sentences() -> None:
    for board, panel in PANELS:
        assert panel.what.vi != panel.what.en, f"{board.key}: {panel.title}"
    assert Text("a", "b").of("en") == "b"
