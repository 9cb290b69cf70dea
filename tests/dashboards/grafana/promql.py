"""Expressions of boards as Prometheus gets them: variables replaced, parsed, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import promql_parser

from dashboards.grafana.records import Board

BUILT_IN = {"__rate_interval": "1m", "__interval": "1m", "__range": "1h"}
_VARIABLE = re.compile(r"\$(\w+)|\$\{(\w+)(?::\w+)?\}")


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables replaced; KeyError for one that is not given."""
    held = {**BUILT_IN, **values}
    return _VARIABLE.sub(lambda match: held[match[1] or match[2]], text)


def any_values(board: Board) -> dict[str, str]:
    """Some value for each variable of a board."""
    return {variable.name: variable.start or "x" for variable in board.variables}


def expressions(board: Board) -> Iterator[tuple[str, str]]:
    """(where, expression) of every panel and annotation of a board, with some values in it."""
    values = any_values(board)
    for panel in board.panels:
        for place, query in enumerate(panel.queries):
            yield f"{board.key}: {panel.title.en} {chr(65 + place)}", filled(query.expr, values)
    for mark in board.annotations:
        yield f"{board.key}: {mark.name.en}", filled(mark.expr, values)


def nodes(expression: str) -> list[Any]:
    """Every node of the parsed expression."""
    found: list[Any] = []
    promql_parser.walk(promql_parser.parse(expression), pre_visit=found.append)
    return found


def selectors(expression: str) -> Iterator[tuple[str, set[str]]]:
    """(metric, labels that are matched) of every selector."""
    for node in nodes(expression):
        if isinstance(node, promql_parser.VectorSelector):
            yield str(node.name), {matcher.name for matcher in node.matchers.matchers}


def functions(expression: str) -> set[str]:
    """Functions and aggregations in the expression."""
    found = set()
    for node in nodes(expression):
        if isinstance(node, promql_parser.Call):
            found.add(str(node.func.name))
        if isinstance(node, promql_parser.AggregateExpr):
            found.add(str(node.op).lower())
    return found
