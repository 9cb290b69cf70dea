"""Grafana's JSON of one panel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dashboards.grafana.records import Kind, Language, Meaning, Panel, Query, Step, Text
from dashboards.grafana.tables import column_overrides, table_options, transformations
from dashboards.grafana.units import DECIMALS, grafana_unit

Json = dict[str, Any]
_FORMULA: Final = Text("Cách tính", "Formula")
_EMPTY: Final = Text("Nếu trống", "If empty")
_OLD: Final = Text(
    "Nếu ô “Tuổi của số liệu” màu đỏ thì con số này đã cũ.",
    "Where “Age of the figures” is red, this figure is old.",
)
_MORE: Final = Text("Xem thêm", "More")
_DASHED: Final = {"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [10, 10]}}
LEAST_STEP: Final = "30s"


def panel_json(panel: Panel, language: Language, source: Json, chosen: Iterable[str]) -> Json:
    """The panel without its place; `chosen` are the names of the variables of its board."""
    drawn: Json = {
        "type": str(panel.kind),
        "title": panel.title.of(language),
        "description": description(panel, language),
        "links": [_link(panel, language, chosen)],
        "targets": [_target(query, place, panel, language, source) for place, query in enumerate(panel.queries)],
        "fieldConfig": {"defaults": _defaults(panel, language), "overrides": _overrides(panel, language)},
        "options": _options(panel),
        "interval": LEAST_STEP,
    }
    if panel.kind is Kind.TABLE:
        drawn["transformations"] = transformations(panel, language)
    return drawn


def description(panel: Panel, language: Language) -> str:
    """What it shows, how that is counted, why it may be empty, and when it is old."""
    return (
        f"{panel.what.of(language)}\n\n**{_FORMULA.of(language)}:** {panel.formula.of(language)}\n\n"
        f"**{_EMPTY.of(language)}:** {panel.empty.of(language)}\n\n{_OLD.of(language)}"
    )


def board_url(key: str, chosen: Iterable[str]) -> str:
    """The address of another board in this Grafana, with what is chosen on this one."""
    names = tuple(chosen)
    kept = [f"${{{name}:queryparam}}" for name in names]
    if "province" in names and "unit" not in names:
        kept.append("var-unit=${province}")
    return f"/d/motcua-{key}?{'&'.join([*kept, '${__url_time_range}'])}"


def _link(panel: Panel, language: Language, chosen: Iterable[str]) -> Json:
    return {"title": _MORE.of(language), "url": board_url(panel.link, chosen), "targetBlank": False}


def _target(query: Query, place: int, panel: Panel, language: Language, source: Json) -> Json:
    target: Json = {
        "refId": chr(ord("A") + place),
        "datasource": source,
        "editorMode": "code",
        "expr": query.expr,
        "instant": query.instant,
        "range": not query.instant,
        "legendFormat": query.legend.of(language) or "__auto",
    }
    if panel.kind is Kind.TABLE:
        target["format"] = "table"
    return target


def _defaults(panel: Panel, language: Language) -> Json:
    defaults: Json = {
        "unit": grafana_unit(panel.unit, language),
        "noValue": panel.empty.of(language),
        "color": {"mode": "thresholds" if panel.steps else "palette-classic"},
        "thresholds": {"mode": "absolute", "steps": steps_json(panel.steps or (Step(None, "text"),))},
        "mappings": _mappings(panel.meanings, language),
        "custom": _custom(panel),
    }
    if panel.unit in DECIMALS:
        defaults["decimals"] = DECIMALS[panel.unit]
    if panel.maximum is not None or panel.kind is Kind.BARS:
        defaults["min"] = 0
    if panel.maximum is not None:
        defaults["max"] = panel.maximum
    return defaults


def _custom(panel: Panel) -> Json:
    if panel.kind is Kind.LINES:
        return {"lineWidth": 2, "fillOpacity": 0, "showPoints": "auto", "spanNulls": False, "axisPlacement": "auto"}
    if panel.kind is Kind.STATES:
        return {"lineWidth": 0, "fillOpacity": 80}
    if panel.kind is Kind.TABLE:
        return {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False}
    return {}


def steps_json(steps: tuple[Step, ...]) -> list[Json]:
    """Thresholds, the lowest without a value."""
    return [{"value": step.least, "color": step.color} for step in steps]


def _mappings(meanings: tuple[Meaning, ...], language: Language) -> list[Json]:
    return [
        {
            "type": "range",
            "options": {
                "from": meaning.least,
                "to": meaning.most,
                "result": {"text": meaning.text.of(language), "index": place},
            },
        }
        for place, meaning in enumerate(meanings)
    ]


def _overrides(panel: Panel, language: Language) -> list[Json]:
    if panel.kind is Kind.TABLE:
        return column_overrides(panel, language)
    made = []
    for one in panel.codes:
        properties: list[Json] = [{"id": "displayName", "value": one.text.of(language)}]
        if one.maximum and panel.maximum is None:
            properties.append({"id": "max", "value": one.maximum})
        made.append({"matcher": {"id": "byName", "options": one.code}, "properties": properties})
    if panel.kind is Kind.LINES:  # what was before is dashed
        for query in panel.queries[1:]:
            if " offset " in query.expr:
                name = query.legend.of(language)
                made.append({"matcher": {"id": "byName", "options": name}, "properties": [_DASHED]})
    return made


def _options(panel: Panel) -> Json:
    if panel.kind is Kind.TABLE:
        return table_options()
    if panel.kind is Kind.LINES:
        return {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        }
    if panel.kind is Kind.STATES:
        return {
            "showValue": "auto",
            "rowHeight": 0.9,
            "mergeValues": True,
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "single", "sort": "none"},
        }
    return _bars() if panel.kind is Kind.BARS else _stat(panel)


_REDUCED: Final[Json] = {"calcs": ["lastNotNull"], "fields": "", "values": False}


def _bars() -> Json:
    return {
        "displayMode": "basic",
        "orientation": "horizontal",
        "reduceOptions": _REDUCED,
        "showUnfilled": True,
        "valueMode": "color",
        "namePlacement": "auto",
        "sizing": "auto",
        "minVizWidth": 8,
        "minVizHeight": 16,
        "maxVizHeight": 300,
    }


def _stat(panel: Panel) -> Json:
    stat: Json = {
        "colorMode": "background" if panel.large else "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "reduceOptions": _REDUCED,
        "textMode": "value" if len(panel.queries) == 1 else "value_and_name",
        "wideLayout": True,
        "showPercentChange": False,
        "percentChangeColorMode": "standard",
    }
    if panel.large:
        stat["text"] = {"titleSize": 24, "valueSize": 72}
    return stat
