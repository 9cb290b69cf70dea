"""Grafana's JSON of a board, in one language: plain dicts, in the order in which Grafana writes them."""

from __future__ import annotations

from typing import Any, Final

from dashboards.grafana.annotating import annotations_json
from dashboards.grafana.panels import panel_json
from dashboards.grafana.records import WIDTH, Board, Language, Panel, Row, Text, Variable

Json = dict[str, Any]
SOURCE: Final[Json] = {"type": "prometheus", "uid": "${datasource}"}
SCHEMA: Final = 41  # the dashboards of Grafana 12.1; an older Grafana reads what it knows
ZONE: Final = "browser"
_SOURCE_LABEL: Final = Text("Nguồn dữ liệu", "Data source")
_ALL_BOARDS: Final = Text("Các bảng", "Boards")
_LOOK_FIRST: Final = Text("Xem trước tiên", "Look first")
TAG: Final = "motcua"


def board_json(board: Board, language: Language) -> Json:
    """The whole dashboard, without what a server gives it (id, version)."""
    first = " ".join(text.of(language) for text in board.first)
    return {
        "uid": board.uid,
        "title": board.title.of(language),
        "description": f"{board.what.of(language)} {_LOOK_FIRST.of(language)}: {first}",
        "tags": [TAG, language],
        "timezone": ZONE,
        "editable": False,
        "graphTooltip": 1,
        "fiscalYearStartMonth": 0,
        "weekStart": "monday",
        "refresh": board.refresh,
        "schemaVersion": SCHEMA,
        "time": {"from": board.span, "to": "now"},
        "timepicker": {},
        "links": [_boards_link(language)],
        "templating": {"list": [_source_variable(language), *(_variable(one, language) for one in board.variables)]},
        "annotations": {"list": annotations_json(board.annotations, language, SOURCE)},
        "panels": _laid_out(board, language),
    }


def _boards_link(language: Language) -> Json:
    return {
        "type": "dashboards",
        "title": _ALL_BOARDS.of(language),
        "tags": [TAG, language],
        "asDropdown": True,
        "icon": "external link",
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
        "tooltip": "",
        "url": "",
    }


def _source_variable(language: Language) -> Json:
    return {
        "type": "datasource",
        "name": "datasource",
        "label": _SOURCE_LABEL.of(language),
        "query": "prometheus",
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "options": [],
        "refresh": 1,
        "regex": "",
        "skipUrlSync": False,
    }


def _variable(one: Variable, language: Language) -> Json:
    head: Json = {"name": one.name, "label": one.label.of(language), "hide": 0, "multi": False, "skipUrlSync": False}
    if one.values:
        options: list[Json] = [
            {"text": text.of(language), "value": value, "selected": value == one.start} for value, text in one.values
        ]
        return {
            **head,
            "type": "custom",
            "includeAll": False,
            # A comma or a colon of a text is written with a backslash before it.
            "query": ", ".join(f"{_plain(option['text'])} : {option['value']}" for option in options),
            "options": options,
            "current": next(option for option in options if option["selected"]),
        }
    asked: Json = {
        **head,
        "type": "query",
        "datasource": SOURCE,
        "definition": one.query,
        "query": {"qryType": 3 if one.query.startswith("query_result") else 1, "query": one.query, "refId": one.name},
        "refresh": 2,
        "regex": one.regex,
        "sort": 1,
        "includeAll": one.all_of_them,
        "options": [],
    }
    if one.all_of_them:
        asked |= {"allValue": ".*", "current": {"text": "All", "value": "$__all", "selected": True}}
    elif one.start:
        asked["current"] = {"text": one.start, "value": one.start, "selected": True}
    return asked


def _plain(text: str) -> str:
    return text.replace(",", "\\,").replace(":", "\\:")


def _laid_out(board: Board, language: Language) -> list[Json]:
    """Rows under each other, panels of a row beside each other until the grid is full; ids in their order."""
    drawn: list[Json] = []
    top = 0
    for row in board.rows:
        drawn.append(_row_json(row, top, len(drawn) + 1, language))
        left, height, top = 0, 0, top + 1
        for panel in row.panels:
            width, tall = panel.size
            if left + width > WIDTH:
                left, top, height = 0, top + height, 0
            drawn.append(_placed(board, panel, len(drawn) + 1, (left, top), language))
            left, height = left + width, max(height, tall)
        top += height
    return drawn


def _placed(board: Board, panel: Panel, id_: int, corner: tuple[int, int], language: Language) -> Json:
    width, tall = panel.size
    grid = {"x": corner[0], "y": corner[1], "w": width, "h": tall}
    drawn = panel_json(panel, language, SOURCE, (variable.name for variable in board.variables))
    return {"id": id_, "gridPos": grid, "datasource": SOURCE, **drawn}


def _row_json(row: Row, top: int, id_: int, language: Language) -> Json:
    return {
        "id": id_,
        "type": "row",
        "title": row.title.of(language),
        "collapsed": False,
        "gridPos": {"x": 0, "y": top, "w": WIDTH, "h": 1},
        "panels": [],
    }
