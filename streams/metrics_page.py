"""The page of metrics in the documents, made from what is exported: `python -m streams.metrics_page`."""

from __future__ import annotations

import sys

from streams.core.civil import Civil
from streams.core.families import UNIT_FAMILIES
from streams.core.index import RunStatus
from streams.core.tallies import Totals
from streams.metrics import PipelineCollector, UnitScreen
from streams.stages.figures import Figures

_INTRODUCTION = """<!-- Made by `make pages` from streams/core/families.py and streams/metrics.py. Change it there. -->

# Metrics

Every worker serves `/metrics`, `/livez` and `/readyz` on loopback (settings `http_host`, `http_port`). The figures of
units come from the one worker that holds INDEX. All counts are gauges of absolute values: they do not start again with
a worker. Rates are not exported; `dashboards/prometheus/rules.yml` records them from the counts, as sums over sums.

## Figures of units

Labels of each: `run`, `unit` (code), `level`, `period` (`all`, or the current `year`, `quarter`, `month`, `week` in
civil time). Codes of dossiers are never labels.

| metric | further label | meaning |
|---|---|---|
"""
_PIPELINE = """
## The pipeline

Label of each: `run`; `motcua_items_rejected_total` has `reason` too, `motcua_items` has `outcome`.

| metric | meaning |
|---|---|
"""


def page() -> str:
    """The whole page in Markdown."""
    units = "".join(
        f"| `{family.name}` | {_values(family.label, [value for value, _ in family.shows])} | {family.help} |\n"
        for family in UNIT_FAMILIES
    )
    screen = UnitScreen("live", Civil("Asia/Ho_Chi_Minh"))
    screen.show(RunStatus("live", 0, 1, True, 1, 0, {"x": Totals(0, 0)}, "Asia/Ho_Chi_Minh", ""), [])
    families = PipelineCollector("live", Figures(items_rejected={"unreadable": 1}), screen).collect()
    pipeline = "".join(f"| `{_exported(family.name, family.type)}` | {family.documentation} |\n" for family in families)
    return f"{_INTRODUCTION}{units}{_PIPELINE}{pipeline}"


def _values(label: str, values: list[str]) -> str:
    return f"`{label}`: {', '.join(values)}" if label else ""


def _exported(name: str, kind: str) -> str:
    return f"{name}_total" if kind == "counter" else name


if __name__ == "__main__":
    sys.stdout.write(page())
