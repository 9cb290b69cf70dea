"""Recording rules of Prometheus: rates and points, made of the counts that are exported.

A rate of a group of units is the sum above over the sum below, never a mean of rates; so the rules divide counts.  What
the catalogue says (maxima of indicators and groups) is recorded as constants, for expressions to subtract from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from dashboards.grafana import names
from dashboards.rates import RATES, Rate
from streams.core.families import UNIT_FAMILIES
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.indicators.records import Catalogue, Empty, Indicator

GROUP: Final = "motcua-rates"
ABOVE_UNITS: Final = "country|province"
"""Levels whose points are recorded from counts: few series, and those that everybody looks at."""
_BY: Final = "run, unit, level, period"
_HEAD: Final = "# Made by `motcua dashboards build` from dashboards/recording.py. Change it there.\n"


class Rule(msgspec.Struct, frozen=True):
    """One recording rule; `labels` are added to what the expression gives."""

    record: str
    expr: str
    labels: tuple[tuple[str, str], ...] = ()
    comment: str = ""


def rules(catalogue: Catalogue = CATALOGUES[-1]) -> str:
    """The file of rules in Prometheus' YAML."""
    groups = (
        (GROUP, map(_rate, RATES)),
        ("motcua-catalogue", _constants(catalogue)),
        ("motcua-points", _points(catalogue)),
    )
    parts = [_HEAD, "groups:\n"]
    for name, held in groups:
        parts += [f"  - name: {name}\n    rules:\n", *map(_written, held)]
    return "".join(parts)


def record_name(rate: Rate) -> str:
    """What the recorded series of a rate is called."""
    return f"motcua:{rate.name}:ratio"


def _written(rule: Rule) -> str:
    comment = f"      # {rule.comment}\n" if rule.comment else ""
    head = f"{comment}      - record: {rule.record}\n        expr: {rule.expr}\n"
    labels = "".join(f'          {name}: "{value}"\n' for name, value in rule.labels)
    return head + (f"        labels:\n{labels}" if labels else "")


def _rate(rate: Rate) -> Rule:
    expression = f"({_sum(rate.numerator)}) / ({_sum(rate.denominator)} > 0)"
    return Rule(record_name(rate), expression, comment=f"{rate.en}; {rate.vi}")


def _sum(counters: tuple[str, ...]) -> str:
    """PromQL that adds up counters, at most one selector a family."""
    terms = []
    for family in UNIT_FAMILIES:
        values = [value for value, counter in family.shows if counter in counters]
        if not values:
            continue
        selector = f'{{{family.label}=~"{"|".join(values)}"}}' if family.label else ""
        terms.append(f"sum by ({_BY}) ({family.name}{selector})")
    return " + ".join(terms)


def _constants(catalogue: Catalogue) -> Iterator[Rule]:
    for group in catalogue.groups:
        if group.maximum:
            of_group = (("group", group.id), ("catalogue", catalogue.id))
            yield Rule(names.GROUP_MAXIMUM, f"vector({group.maximum})", of_group)
    for one in catalogue.indicators:
        if one.scored:
            labels = (("indicator", one.id), ("group", one.group), ("catalogue", catalogue.id))
            yield Rule(names.MAXIMUM, f"vector({one.maximum})", labels)


def _points(catalogue: Catalogue) -> Iterator[Rule]:
    """The share of every indicator at once, then the points of each: a second way to what the worker exports."""
    above, below = (f'sum by ({_BY}, indicator) ({name}{{level=~"{ABOVE_UNITS}"}})' for name in _COUNTS)
    yield Rule(names.INDICATOR_RATIO, f"{above} / ({below} > 0)")
    for one in catalogue.indicators:
        if one.scored:
            yield Rule(
                names.INDICATOR_POINTS, _points_of(one), (("indicator", one.id),), f"{one.id} {one.en}; {one.vi}"
            )


_COUNTS: Final = (names.NUMERATOR, names.DENOMINATOR)


def _points_of(one: Indicator) -> str:
    ratio = f'{names.INDICATOR_RATIO}{{indicator="{one.id}"}}'
    scored = f"clamp_max({one.maximum} * {ratio} * 100 / {one.threshold}, {one.maximum})"
    if one.empty is Empty.NO_DATA:
        return scored
    # The worker exports a denominator of 0 where an indicator has a value without one.
    nothing = f'{names.DENOMINATOR}{{indicator="{one.id}", level=~"{ABOVE_UNITS}"}} == 0'
    worth = one.maximum if one.empty is Empty.FULL else 0
    return f"{scored} or sum by ({_BY}, indicator) ({nothing}) + {worth}"
