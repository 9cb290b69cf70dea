"""Marks over the panels, in Grafana's JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from dashboards.grafana.records import Annotation, Language, Text

Json = dict[str, Any]
_OWN: Final = Text("Ghi chú", "Notes")
_OWN_TAG: Final = "motcua"


def annotations_json(marks: Iterable[Annotation], language: Language, source: Json) -> list[Json]:
    """Grafana's own notes that bear our tag (replays and restatements are written there), and those from queries."""
    own = {
        "name": _OWN.of(language),
        "builtIn": 0,
        "datasource": {"type": "grafana", "uid": "-- Grafana --"},
        "enable": True,
        "hide": False,
        "iconColor": "rgba(0, 211, 255, 1)",
        "target": {"limit": 100, "matchAny": False, "tags": [_OWN_TAG, "run:$run"], "type": "tags"},
    }
    return [own, *(_mark(one, language, source) for one in marks)]


def _mark(one: Annotation, language: Language, source: Json) -> Json:
    return {
        "name": one.name.of(language),
        "builtIn": 0,
        "datasource": source,
        "enable": True,
        "hide": False,
        "iconColor": one.color,
        "expr": one.expr,
        "step": "60s",
        "titleFormat": one.title.of(language),
        "textFormat": "",
        "tagKeys": one.tags,
    }
