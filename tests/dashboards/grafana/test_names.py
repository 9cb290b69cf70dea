"""Every metric that boards and rules read is exported, or recorded, with the labels by which they choose."""

from __future__ import annotations

import re

from prometheus_client.parser import text_string_to_metric_families

from dashboards.grafana import names
from dashboards.grafana.boards import boards
from dashboards.recording import rules
from streams.core.civil import Civil
from streams.core.families import (
    ALERT_FAMILIES,
    ALERT_LABELS,
    INDEX_FAMILIES,
    UNIT_FAMILIES,
    UNIT_INFO,
    UNIT_LABELS,
    WATCHLIST,
)
from streams.core.index import RunStatus
from streams.core.register import Level, Register, Unit
from streams.core.tallies import Totals
from streams.metrics import Exposition
from streams.stages.figures import Figures
from streams.unit_screen import UnitScreen
from tests.dashboards.grafana.promql import expressions, selectors

SCRAPED = {"instance", "job"}
ELSEWHERE = {"up": SCRAPED}
"""What Prometheus itself says."""


def exported() -> dict[str, set[str]]:
    """Metrics and their labels, as a worker shows them."""
    of_unit = set(UNIT_LABELS) | SCRAPED
    found = {one.name: of_unit | {one.label} for one in (*UNIT_FAMILIES, *INDEX_FAMILIES)}
    found |= {one.name: set(ALERT_LABELS) | SCRAPED for one in ALERT_FAMILIES}
    found[WATCHLIST.name] = (of_unit - {"period"}) | {WATCHLIST.label}
    found[UNIT_INFO] = (of_unit - {"period"}) | {"name", "province"}
    screen = UnitScreen("live", Civil("Asia/Ho_Chi_Minh"), Register([Unit("VN", "VN", Level.COUNTRY, "")]))
    screen.show(RunStatus("live", 0, 1, True, 1, 0, {"x": Totals(0, 0)}, "Asia/Ho_Chi_Minh", "r"), [])
    figures = Figures(items_rejected={"unreadable": 1})
    figures.passed("intake", 1, 1.0)
    for family in text_string_to_metric_families(Exposition("live", figures, screen).render().decode()):
        for sample in family.samples:
            found[sample.name] = set(sample.labels) | SCRAPED
    return found


def recorded() -> dict[str, set[str]]:
    """Series of the rules with all labels that they may have."""
    of_unit = set(UNIT_LABELS) | {"indicator", "group", "catalogue"}
    return dict.fromkeys(re.findall(r"record: (\S+)", rules()), of_unit)


def test_what_boards_and_rules_read_is_there_with_its_labels() -> None:
    known = exported() | recorded() | ELSEWHERE
    read = [pair for board in boards() for pair in expressions(board)]
    read += [("rules", expression) for expression in re.findall(r"expr: (.*)", rules())]
    for where, expression in read:
        for metric, labels in selectors(expression):
            if metric:
                assert metric in known, f"{where}: {metric}"
                assert labels <= known[metric], f"{where}: {metric} has no {labels - known[metric]}"


def test_every_name_in_the_list_of_names_is_used_or_a_value() -> None:
    used = "".join(expression for board in boards() for _, expression in expressions(board)) + rules()
    used += "".join(variable.query for board in boards() for variable in board.variables)
    named = {key: value for key, value in vars(names).items() if key.isupper() and "motcua" in str(value)}
    assert {key for key, value in named.items() if value not in used} == set()
