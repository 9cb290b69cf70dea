"""The committed files, and what follows by itself when the catalogue of the index grows."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
import yaml
from click.testing import CliRunner

from dashboards.grafana.boards import LATEST, boards
from dashboards.grafana.building import JSON_FOLDER, PAGE, RULES, files, stale, write
from dashboards.grafana.drawing import board_json
from streams.cli import main
from streams.core.indicators.records import Amount, Catalogue, Indicator

ROOT = Path(__file__).parents[3]
NEW = Indicator(
    id="2.9",
    group="TDGQ",
    vi="Chỉ số mới để thử",
    en="a new one to try",
    numerator=Amount(("on_time",)),
    denominator=Amount(("received",)),
    maximum=7,
    threshold=70,
    formula="7 × on time ÷ received ÷ 0.70",
)


def grown() -> Catalogue:
    return msgspec.structs.replace(LATEST, indicators=(*LATEST.indicators, NEW))


def test_the_committed_files_are_as_fresh_as_the_catalogues() -> None:
    assert stale(ROOT, files()) == [], "stale: run `make pages`"


def test_an_indicator_that_is_added_appears_on_boards_in_rules_and_in_the_documents() -> None:
    before, after = files(), files(catalogue=grown())
    assert 'indicator: "2.9"' in after[RULES]
    assert 'clamp_max(7 * motcua:indicator:ratio{indicator="2.9"} * 100 / 70, 7)' in after[RULES]
    for language, name in (("vi", NEW.vi), ("en", NEW.en)):
        for key in ("wall", "unit", "ranking", "runs"):
            path = f"{JSON_FOLDER}/{language}/{key}.json"
            assert f"2.9 {name}" not in before[path]
            assert f"2.9 {name}" in after[path], path
    assert NEW.formula in after[f"{JSON_FOLDER}/vi/unit.json"]
    assert NEW.formula in after[PAGE]


def test_the_new_indicator_is_asked_for_among_those_of_its_group() -> None:
    unit = next(board for board in boards(grown()) if board.key == "unit")
    asked = [query.expr for panel in unit.panels for query in panel.queries if "2\\\\.1" in query.expr]
    assert asked
    assert all("2\\\\.9" in expression for expression in asked)


def test_building_writes_what_differs_deletes_what_nobody_makes_and_then_nothing(tmp_path: Path) -> None:
    made = files()
    assert sorted(write(tmp_path, made)) == sorted(made)
    left = tmp_path / JSON_FOLDER / "vi" / "old.json"
    left.write_text("{}", encoding="utf-8")
    (tmp_path / RULES).write_text("changed by hand", encoding="utf-8")
    assert stale(tmp_path, made) == [RULES, f"{JSON_FOLDER}/vi/old.json"]
    write(tmp_path, made)
    assert not left.exists()
    assert write(tmp_path, made) == []


def test_the_command_checks_writes_and_knows_one_language(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main, ["dashboards", "build", "--out", str(tmp_path), *arguments])
        return done.exit_code, done.output

    status, output = run("--check")
    assert status == 2
    assert "stale" in output
    assert run("--language", "en")[0] == 0
    assert [path.name for path in (tmp_path / JSON_FOLDER).iterdir()] == ["en"]
    provider = yaml.safe_load((tmp_path / "deploy/grafana/provisioning/dashboards/motcua.yml").read_text("utf-8"))
    assert provider["providers"][0]["options"]["path"].endswith("/en")
    assert run("--language", "en", "--check")[0] == 0


@pytest.mark.parametrize("board", boards(), ids=lambda board: board.key)
def test_a_board_is_the_same_json_each_time_it_is_drawn(board: object) -> None:
    from dashboards.grafana.records import Board

    assert isinstance(board, Board)
    assert json.dumps(board_json(board, "vi")) == json.dumps(board_json(board, "vi"))
