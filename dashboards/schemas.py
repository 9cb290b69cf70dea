"""JSON Schemas of what the commands print as JSON, kept in docs: `python -m dashboards.schemas docs` writes them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import msgspec

from dashboards.explaining import Explanation
from dashboards.report import Report

SCHEMAS: Final[dict[str, type]] = {
    "report.schema.json": Report,
    "explanation.schema.json": Explanation,
}


def schema_text(form: type) -> str:
    """The JSON Schema of a type, as it stands in docs."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(form)}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def write(folder: Path) -> None:
    """Write every schema into a folder."""
    for name, form in SCHEMAS.items():
        (folder / name).write_text(schema_text(form), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
