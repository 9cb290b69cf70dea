"""What the national portal published: counts with the points that it made of them."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parents[4] / "streams" / "data" / "index-766"
PAIRS: dict[str, Any] = json.loads((FOLDER / "published-points.json").read_text(encoding="utf-8"), parse_float=Decimal)
GROUPS = ("CKMB", "TDGQ", "CLGQ", "TTTT", "MDHL", "MDSH")


class Row(NamedTuple):
    rank: int
    province: str
    total: int
    groups: dict[str, int]


def hundredths(text: str | Decimal | int) -> int:
    exact = Decimal(text) * 100
    assert exact == int(exact)
    return int(exact)


def provinces() -> list[Row]:
    with (FOLDER / "provinces-2026-10-10.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Row(
                int(row["rank"]),
                row["province"],
                hundredths(row["total"]),
                {name: hundredths(row[name]) for name in GROUPS},
            )
            for row in csv.DictReader(lines)
        ]
