"""The page of metrics in the documents, made from what is exported: `python -m streams.metrics_page`."""

from __future__ import annotations

import sys

from prometheus_client.core import Metric

from streams.alert_screen import BUDGET as ALERT_BUDGET
from streams.core.civil import Civil
from streams.core.exported import BUDGET, FULL, LESS
from streams.core.families import (
    ALERT_FAMILIES,
    ALERT_LABELS,
    INDEX_FAMILIES,
    UNIT_FAMILIES,
    UNIT_INFO,
    UNIT_INFO_HELP,
    WATCHLIST,
)
from streams.core.index import RunStatus
from streams.core.register import Level, Register, Unit
from streams.core.tallies import Totals
from streams.metrics import PipelineCollector
from streams.stages.figures import Figures
from streams.unit_screen import UnitScreen

_INTRODUCTION = """<!-- Made by `make pages` from streams/core/families.py and streams/metrics.py. Change it there. -->

# Metrics

Every worker serves `/metrics`, `/livez` and `/readyz` on loopback (settings `http_host`, `http_port`). The figures of
units come from the one worker that holds INDEX. All counts are gauges of absolute values: they do not start again with
a worker. Rates are not exported; `dashboards/prometheus/rules.yml` records them from the counts, as sums over sums.

## Figures of units

Labels of each: `run`, `unit` (code), `level`, `period` (`all`, or the current `year`, `quarter`, `month`, `week` in
civil time; the last two have none). Codes of dossiers are never labels.

| metric | further label | meaning |
|---|---|---|
"""
_DETAILS = f"""
Points are exported as points, with two decimals. Where there is no data there is no series; 0 is 0 points.

How much is exported of a unit keeps a country within {BUDGET:,} series. Country and provinces are exported in full, and
departments too where there is one province; of all other units, and of those not registered as far as there is room,
the first of the others that fits. A worker shows units only while it holds INDEX; at a take-over the old holder stops
before the new one begins, and `sum(motcua_index_held)` over the workers is 1.

| detail | what | series of a unit, at most |
|---|---|---|
"""
_ALERTS = f"""
## Alerts

Labels of each: {", ".join(f"`{name}`" for name in ALERT_LABELS)}; at most {ALERT_BUDGET:,} series, the most
severe first, and `motcua_alerts_left_out` says how many alerts are not among them.
`audience` is the level whose people it is for, `above` the unit that hears of it when it grows old. What they are:
[alerts.md](alerts.md).

| metric | meaning |
|---|---|
"""
_PIPELINE = """
## The pipeline

Label of each: `run`, and those named. Of the process itself there are the client library's `process_…` (memory, CPU,
open files), without `run`.

| metric | further labels | meaning |
|---|---|---|
"""
_FIGURES = Figures(items_rejected={"unreadable": 1}, stage_seconds={"intake": 0.0}, stage_messages={"intake": 0})
_REGISTER = Register([Unit("VN", "Việt Nam", Level.COUNTRY, "")])


def page() -> str:
    """The whole page in Markdown."""
    units = "".join(
        f"| `{family.name}` | {_values(family.label, [value for value, _ in family.shows])} | {family.help} |\n"
        for family in (*UNIT_FAMILIES, WATCHLIST)
    )
    units += "".join(
        f"| `{one.name}` | {f'`{one.label}`' if one.label else ''} | {one.help} |\n" for one in INDEX_FAMILIES
    )
    units += f"| `{UNIT_INFO}` | `province`, `name` | {UNIT_INFO_HELP} |\n"
    details = "".join(f"| {one.name} | {one.en} | {one.series} |\n" for one in (FULL, *LESS))
    alerts = "".join(f"| `{one.name}` | {one.help} |\n" for one in ALERT_FAMILIES)
    screen = UnitScreen("live", Civil("Asia/Ho_Chi_Minh"), _REGISTER)
    screen.show(RunStatus("live", 0, 1, True, 1, 0, {"x": Totals(0, 0)}, "Asia/Ho_Chi_Minh", "r"), [])
    families = PipelineCollector("live", _FIGURES, screen).collect()
    pipeline = "".join(
        f"| `{_exported(one.name, one.type)}` | {_further(one)} | {one.documentation} |\n" for one in families
    )
    return f"{_INTRODUCTION}{units}{_DETAILS}{details}{_ALERTS}{alerts}{_PIPELINE}{pipeline}"


def _further(family: Metric) -> str:
    return ", ".join(f"`{label}`" for label in family.samples[0].labels if label != "run")


def _values(label: str, values: list[str]) -> str:
    return f"`{label}`: {', '.join(values)}" if label else ""


def _exported(name: str, kind: str) -> str:
    return f"{name}_total" if kind == "counter" else name


if __name__ == "__main__":
    sys.stdout.write(page())
