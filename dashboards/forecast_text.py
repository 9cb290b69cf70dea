"""A forecast as text: tables for people, JSON for programs."""

from __future__ import annotations

from typing import Final

import msgspec

from dashboards.forecasting import RunForecast, UnitForecast
from dashboards.late_text import Lang, Table

_WORDS: Final[dict[Lang, dict[str, str]]] = {
    "en": {
        "as_of": "as of", "unit": "unit", "name": "name", "late_now": "late now", "by": "more late by",
        "likely": "likely", "pace": "pace", "error": "error", "last": "as last week",
        "month": "of the month by its end",
        "total": "total expected", "dossier": "dossier", "due": "due", "chance": "chance %",
        "says": "Expected to have turned late by the end of each day, from how such dossiers went in the last 20 "
        "working days, the working time left, and the work that waits. Error: mean absolute, on the unit's last "
        "mornings.",
        "likeliest": "Likeliest to turn late",
    },
    "vi": {
        "as_of": "tại", "unit": "đơn vị", "name": "tên", "late_now": "đang quá hạn", "by": "quá hạn thêm đến",
        "likely": "nhiều khả năng", "pace": "nhịp", "error": "sai số", "last": "như tuần trước",
        "month": "của tháng, đến cuối tháng",
        "total": "tổng dự kiến", "dossier": "hồ sơ", "due": "hạn trả", "chance": "xác suất %",
        "says": "Dự kiến số hồ sơ chuyển quá hạn đến hết mỗi ngày, theo hồ sơ tương tự trong 20 ngày làm việc qua, "
        "thời gian làm việc còn lại và khối lượng đang chờ. Sai số: tuyệt đối trung bình, trên các buổi sáng gần đây.",
        "likeliest": "Nhiều khả năng quá hạn nhất",
    },
}  # fmt: skip


def forecast_json(found: RunForecast) -> str:
    """By its schema, docs/printed/forecast.schema.json."""
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def forecast_heading(found: RunForecast, lang: Lang) -> list[str]:
    """Of what the forecast is, and by which method."""
    of = f", {_WORDS[lang]['unit']} {found.unit}" if found.unit else ""
    return [f"Run {found.run}{of}, {_WORDS[lang]['as_of']} {found.as_of}", _WORDS[lang]["says"]]


def forecast_table(found: RunForecast, lang: Lang) -> Table:
    """A row for each unit: by each day, its error, and the month."""
    words = _WORDS[lang]
    days = [day.day for day in found.units[0].days] if found.units else []
    points = [one.indicator for one in found.units[0].index] if found.units else []
    titles = [words["unit"], words["name"], words["late_now"], *(f"{words['by']} {day[5:]}" for day in days)]
    titles += [words["likely"], words["pace"], words["error"], words["last"], words["month"], *points, words["total"]]
    return titles, [_unit_row(unit) for unit in found.units]


def _unit_row(unit: UnitForecast) -> list[str]:
    errors = ["", ""] if unit.error is None else [f"{unit.error.forecast:.1f}", f"{unit.error.as_last_week:.1f}"]
    points = [f"{_blank(one.now)} > {_blank(one.expected)}" for one in unit.index]
    row = [unit.unit or "-", unit.name, f"{unit.late_now:,}", *(f"{day.late:.1f}" for day in unit.days)]
    row += [f"{unit.likely:,}", f"{unit.pace:.2f}", *errors, f"{unit.late_by_month_end:.1f}", *points]
    return [*row, f"{_blank(unit.total_now)} > {_blank(unit.total_expected)}"]


def likeliest_table(found: RunForecast, lang: Lang) -> Table:
    """A row for each of the dossiers likeliest to turn late, where codes may be shown."""
    words = _WORDS[lang]
    rows = [
        [one.dossier, unit.unit, one.due[:16], f"{one.chance * 100:.0f}"]
        for unit in found.units
        for one in unit.likeliest
        if one.chance > 0.5
    ]
    return [words["dossier"], words["unit"], words["due"], words["chance"]], rows


def _blank(points: float | None) -> str:
    return "-" if points is None else f"{points:.2f}"
