"""JSON Schemas of what the commands print as JSON: `python -m dashboards.schemas` writes them into docs/printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from dashboards.alert_list import AlertList
from dashboards.auditing import Audit
from dashboards.comparing import RunComparison
from dashboards.explaining import Explanation
from dashboards.forecasting import RunForecast
from dashboards.late_list import LateList
from dashboards.moving import Moved
from dashboards.report import Report
from streams.schemas import Schema, text_of

SCHEMAS: Final = (
    Schema("report.schema.json", Report, "What `motcua report --json` prints"),
    Schema("late.schema.json", LateList, "What `motcua late --json` prints"),
    Schema("alerts.schema.json", AlertList, "What `motcua alerts --json` prints"),
    Schema("forecast.schema.json", RunForecast, "What `motcua late --forecast --json` prints"),
    Schema("moved.schema.json", Moved, "What `motcua moved --json` prints"),
    Schema("explanation.schema.json", Explanation, "What `motcua explain --json` prints"),
    Schema("comparison.schema.json", RunComparison, "What `motcua compare --json` prints"),
    Schema("audit.schema.json", Audit, "What `motcua audit --json` prints"),
)


def write(folder: Path) -> None:
    """Write every schema into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for schema in SCHEMAS:
        (folder / schema.file).write_text(text_of(schema), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/printed"))
