"""The boards on a real Prometheus that has scraped a real worker after a simulation: what must be there is there."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import yaml
from click.testing import CliRunner

from dashboards.grafana import names, provisioning
from dashboards.grafana.boards import LATEST, boards
from dashboards.grafana.building import RULES
from dashboards.grafana.records import Board, Query, Row, Variable
from simulators.outbox import Outbox
from simulators.workers import environment
from streams.cli import main
from streams.registers import as_simulated
from streams.settings import Settings
from streams.topics import topic_name
from tests.conftest import SettingsFor
from tests.dashboards.grafana.promql import filled
from tests.flow.fleet import Worker, until
from tests.servers import Server, running

ROOT = Path(__file__).parents[3]
PROVINCE = "25"
READY_S = 60.0


class Asking:
    """Variables of boards answered as Grafana answers them, and expressions with their values in."""

    def __init__(self, prometheus: Server, run: str) -> None:
        self._prometheus = prometheus
        self._run = run

    def values(self, board: Board) -> dict[str, str]:
        """What is chosen on a board; AssertionError for a variable without values."""
        found: dict[str, str] = {}
        for variable in board.variables:
            offered = self._offered(variable, found)
            assert offered, f"{board.key}: variable {variable.name} has no values"
            found[variable.name] = self._chosen(variable, offered)
        return found

    def empty(self, board: Board) -> list[str]:
        """Queries that must have a result and have none; every other one is asked too, and must be right."""
        values, missing = self.values(board), []
        for panel in board.panels:
            for query in panel.queries:
                found = self._prometheus.query(filled(query.expr, values))
                if not found and panel.required and " offset " not in query.expr:
                    missing.append(f"{board.key}: {panel.title.en}: {filled(query.expr, values)}")
        for mark in board.annotations:
            self._prometheus.query(filled(mark.expr, values))
        return missing

    def _offered(self, variable: Variable, chosen: dict[str, str]) -> dict[str, str]:
        """Values and their words."""
        if variable.values:
            return {value: text.vi for value, text in variable.values}
        query = filled(variable.query, chosen)
        if match := re.fullmatch(r"label_values\((.*), (\w+)\)", query):
            said = self._prometheus.ask(f"/api/v1/label/{match[2]}/values", **{"match[]": match[1]})["data"]
            return {value: value for value in said}
        inner = re.fullmatch(r"query_result\((.*)\)", query)
        assert inner is not None
        pattern = re.compile(variable.regex.strip("/g").replace("(?<", "(?P<"))
        offered = {}
        for series in self._prometheus.query(inner[1]):
            text = ",".join(f'{label}="{value}"' for label, value in sorted(series["metric"].items()))
            groups = [match.groupdict() for match in pattern.finditer(text)]
            found = {name: value for group in groups for name, value in group.items() if value is not None}
            offered[found["value"]] = found["text"]
        return offered

    def _chosen(self, variable: Variable, offered: dict[str, str]) -> str:
        wanted = {"run": self._run, "other": self._run, "province": PROVINCE}.get(variable.name)
        if wanted is not None:
            assert wanted in offered, f"{variable.name}: {offered}"
            return wanted
        if variable.all_of_them:
            return ".*"
        if variable.start:
            return variable.start
        return sorted(offered)[0]


@pytest.fixture
def simulated(settings_for: SettingsFor, run_name: str, tmp_path: Path) -> Iterator[tuple[Settings, Worker]]:
    """A worker that has followed a simulated fortnight of twelve units, up to its end."""
    settings = as_simulated(settings_for(run_name, partitions=2, units=one_province(tmp_path)))
    worker = Worker(settings, tmp_path / "worker.log")
    worker.launch()
    try:
        yield settings, worker
    finally:
        worker.end()


def one_province(folder: Path) -> Path:
    """The register of a deployment that follows one province: its communes are shown with the whole index."""
    with (ROOT / "streams/data/registers/vietnam-simulated.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = folder / "units.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row for row in rows if not row["parent"] or PROVINCE in {row["code"], row["parent"]})
    return path


def play(settings: Settings) -> None:
    """The fortnight into the run, then what INTAKE refuses: it moves no clock, and INTAKE is seen at work."""
    words = ["simulate", "normal-fortnight", "--units", "12", "--from", "2026-11-09", "--run", settings.run]
    done = CliRunner().invoke(main, [*words, "--workers", "0"], env=environment(settings, os.environ))
    assert done.exit_code == 0, done.output
    refuse(settings)


def refuse(settings: Settings) -> None:
    with Outbox(settings) as outbox:
        for _ in range(5):
            outbox.send(topic_name(settings.run, "dossier-events"), b"this is no event", partition=0)
        outbox.flush()


def configured(worker: Worker, folder: Path) -> list[str]:
    """Arguments of a Prometheus that has the generated configuration, but looks often and at this worker."""
    file = yaml.safe_load(provisioning.prometheus(6067))
    file["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    file["rule_files"] = [str(ROOT / RULES)]
    del file["alerting"]
    target = {"targets": [worker.address().removeprefix("http://")]}
    file["scrape_configs"] = [{"job_name": provisioning.JOB, "static_configs": [target]}]
    path = folder / "prometheus.yml"
    path.write_text(yaml.safe_dump(file), encoding="utf-8")
    return [f"--config.file={path}", f"--storage.tsdb.path={folder / 'tsdb'}"]


@pytest.mark.integration
def test_every_board_has_what_must_be_there_and_the_rules_reach_the_points_that_the_worker_says(
    simulated: tuple[Settings, Worker], tmp_path: Path
) -> None:
    settings, worker = simulated
    until(lambda: worker.page("/readyz")[0] == 200, READY_S, worker.words)
    with running("prometheus", configured(worker, tmp_path), tmp_path) as prometheus:
        play(settings)
        look = f'motcua:indicator:points{{run="{settings.run}", unit="{PROVINCE}", period="month", indicator="2.1"}}'
        until(lambda: prometheus.query(look), READY_S, worker.words)
        refuse(settings)  # rates need a rise between two looks
        rising = f'sum(rate(motcua_intake_items_read_total{{run="{settings.run}"}}[1m])) > 0'
        until(lambda: prometheus.query(rising), READY_S, worker.words)
        asking = Asking(prometheus, settings.run)
        assert [line for board in boards() for line in asking.empty(board)] == []
        assert_what_is_missing_is_seen(asking)
        assert_points_are_reached_twice(prometheus, settings.run)


def assert_what_is_missing_is_seen(asking: Asking) -> None:
    wall = boards()[0]
    nothing = Query("motcua_nothing_of_the_kind")
    panel = msgspec.structs.replace(wall.panels[0], queries=(nothing,))
    assert asking.empty(msgspec.structs.replace(wall, rows=(Row(panel.title, (panel,)),))) != []
    unknown = Variable(name="x", label=panel.title, query="label_values(motcua_nothing, x)")
    with pytest.raises(AssertionError, match="variable x has no values"):
        asking.values(msgspec.structs.replace(wall, variables=(unknown,)))


def assert_points_are_reached_twice(prometheus: Server, run: str) -> None:
    """What the rules make of counts is what the worker exports, to two decimals, for every indicator that it has."""
    labels = f'run="{run}", level=~"country|province"'
    by = "on (run, unit, level, period, indicator)"
    apart = f"abs({names.POINTS}{{{labels}}} - {by} {names.INDICATOR_POINTS}) > 0.0051"
    until(lambda: not prometheus.query(apart), READY_S, lambda: str(prometheus.query(apart)))  # figures come to rest
    told = prometheus.query(f"{names.POINTS}{{{labels}}}")
    both = prometheus.query(f"{names.POINTS}{{{labels}}} and {by} {names.INDICATOR_POINTS}")
    assert len(both) == len(told)
    indicators = {series["metric"]["indicator"] for series in told}
    measured = {
        one.id for one in LATEST.indicators if one.scored and one.id[0] in "23" and one.id not in _NOT_SIMULATED
    }
    assert measured <= indicators


_NOT_SIMULATED = {"3.1", "3.2", "3.5", "3.5b"}
