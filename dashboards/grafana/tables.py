"""Tables in Grafana's JSON: queries become columns of one row for each unit."""

from __future__ import annotations

from typing import Any, Final

from dashboards.grafana.records import Column, Language, Named, Panel, Step
from dashboards.grafana.units import DECIMALS, grafana_unit

Json = dict[str, Any]
UNIT_PAGE: Final = "/d/motcua-unit?${run:queryparam}&${period:queryparam}&var-unit=${__value.raw}&${__url_time_range}"


def transformations(panel: Panel, language: Language) -> list[Json]:
    """One row for each unit; the columns in order, with their titles, all others left out."""
    shown = {_field(panel, column.field): column for column in panel.columns}
    by = panel.sort.removeprefix("-")
    sorts = [{"field": _field(panel, by), "desc": panel.sort.startswith("-")}]
    return [
        {"id": "merge", "options": {}},
        {"id": "sortBy", "options": {"fields": {}, "sort": sorts}},
        {
            "id": "filterFieldsByName",
            "options": {"include": {"names": list(shown)}},
        },
        {
            "id": "organize",
            "options": {
                "excludeByName": {},
                "includeByName": {},
                "indexByName": {field: place for place, field in enumerate(shown)},
                "renameByName": {field: column.title.of(language) for field, column in shown.items()},
            },
        },
    ]


def table_options() -> Json:
    """Height of rows, and pages."""
    return {
        "showHeader": True,
        "cellHeight": "sm",
        "footer": {"show": False, "reducer": ["sum"], "enablePagination": True},
    }


def column_overrides(panel: Panel, language: Language) -> list[Json]:
    """Unit, colours, words for codes and the link of each column."""
    return [
        {
            "matcher": {"id": "byName", "options": column.title.of(language)},
            "properties": _properties(column, language),
        }
        for column in panel.columns
    ]


def _properties(column: Column, language: Language) -> list[Json]:
    found: list[Json] = []
    if column.unit is not None:
        found.append({"id": "unit", "value": grafana_unit(column.unit, language)})
        if column.unit in DECIMALS:
            found.append({"id": "decimals", "value": DECIMALS[column.unit]})
    if column.steps:
        found.append({"id": "thresholds", "value": {"mode": "absolute", "steps": _steps(column.steps)}})
        found.append({"id": "custom.cellOptions", "value": {"type": "color-text"}})
    if column.codes:
        found.append({"id": "mappings", "value": [_words(column.codes, language)]})
    if column.to_unit:
        link = {"title": column.title.of(language), "url": UNIT_PAGE, "targetBlank": False}
        found.append({"id": "links", "value": [link]})
    return found


def _words(codes: tuple[Named, ...], language: Language) -> Json:
    options = {one.code: {"text": one.text.of(language), "index": place} for place, one in enumerate(codes)}
    return {"type": "value", "options": options}


def _steps(steps: tuple[Step, ...]) -> list[Json]:
    return [{"value": step.least, "color": step.color} for step in steps]


def _field(panel: Panel, field: str) -> str:
    """What Grafana calls a column: a label's name, or that of a query's value."""
    if len(field) > 1:
        return field
    return "Value" if len(panel.queries) == 1 else f"Value #{field}"
