"""Grafana's own types (grafana-foundation-sdk) as a strict schema: a key it does not know, a value of another type."""

from __future__ import annotations

import enum
import json
import types
import typing
import warnings
from collections.abc import Iterator
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the SDK tells of a newer form of dashboards, which Grafana 11 does not read
    from grafana_foundation_sdk.cog import plugins, runtime
    from grafana_foundation_sdk.cog.encoder import JSONEncoder
    from grafana_foundation_sdk.models import dashboard
    from grafana_foundation_sdk.models import units as unit_ids

plugins.register_default_plugins()
_BY_HAND = {"DashboardLink", "DataTransformerConfig", "RowPanel"}  # the SDK reads these as they are
UNITS = {value for name, value in vars(unit_ids).items() if not name.startswith("_") and isinstance(value, str)}


def problems(board: dict[str, Any]) -> list[str]:
    """What Grafana's types say against a dashboard."""
    read = dashboard.Dashboard.from_json(board)
    found = list(_lost(board, json.loads(json.dumps(read, cls=JSONEncoder)), "$"))
    found += _wrong(read, "$")
    for panel in board["panels"]:
        place = f"$.panels[{panel['id']}]"
        for link in panel.get("links", []):
            found += _read_as(dashboard.DashboardLink, link, f"{place}.links")
        for step in panel.get("transformations", []):
            found += _read_as(dashboard.DataTransformerConfig, step, f"{place}.transformations")
    for link in board["links"]:
        found += _read_as(dashboard.DashboardLink, link, "$.links")
    return found


def _read_as(cls: Any, ours: dict[str, Any], place: str) -> list[str]:
    read = cls.from_json(ours)
    return [*_lost(ours, json.loads(json.dumps(read, cls=JSONEncoder)), place), *_wrong(read, place)]


def _lost(ours: Any, theirs: Any, place: str) -> Iterator[str]:
    """What did not come through the types as it went in."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key, value in ours.items():
            if key not in theirs:
                if value is not None:
                    yield f"{place}.{key}: not known"
            else:
                yield from _lost(value, theirs[key], f"{place}.{key}")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, pair in enumerate(zip(ours, theirs, strict=True)):
            yield from _lost(*pair, f"{place}[{number}]")
    elif ours != theirs:
        yield f"{place}: {ours!r} came out as {theirs!r}"


def _wrong(value: Any, place: str) -> list[str]:
    """Attributes of the SDK's objects whose values are of another type than the SDK says."""
    cls = type(value)
    hints = typing.get_type_hints(cls.__init__, vars(typing.cast("Any", __import__(cls.__module__, fromlist=["_"]))))
    found = []
    for name, hint in hints.items():
        if name != "return" and hasattr(value, name):
            found += _against(getattr(value, name), hint, f"{place}.{name}")
    return found


def _against(value: Any, hint: Any, place: str) -> list[str]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is object or hint is typing.Any:
        return _wrong(value, place) if _is_model(value) else []
    if origin in {typing.Union, types.UnionType}:
        if value is None and type(None) in arguments:
            return []
        return min((_against(value, one, place) for one in arguments if one is not type(None)), key=len)
    if origin is list and isinstance(value, list):
        return [one for number, item in enumerate(value) for one in _against(item, arguments[0], f"{place}[{number}]")]
    if origin is not None:
        right = value in arguments if origin is typing.Literal else isinstance(value, origin)
        return [] if right else [f"{place}: {value!r} is no {hint}"]
    return _of_class(value, hint, place)


def _of_class(value: Any, hint: type, place: str) -> list[str]:
    if isinstance(value, runtime.UnknownDataquery) or (isinstance(value, dict) and hint.__name__ in _BY_HAND):
        return []
    if issubclass(hint, enum.Enum):
        right = value in {one.value for one in hint}
    elif hint is float:
        right = isinstance(value, int | float) and not isinstance(value, bool)
    else:
        right = isinstance(value, hint) and not (hint is int and isinstance(value, bool))
    if not right:
        return [f"{place}: {value!r} is no {hint.__name__}"]
    return _wrong(value, place) if _is_model(value) else []


def _is_model(value: Any) -> bool:
    return type(value).__module__.startswith("grafana_foundation_sdk.models") and not isinstance(value, enum.Enum)
