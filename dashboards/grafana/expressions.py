"""Pieces of PromQL with the variables of the boards in them.  Names of metrics come from `names`.

Figures of a unit above others come from the index, which adds up counts; nothing here averages ratios or points.
"""

from __future__ import annotations

from typing import Final

from dashboards.grafana import names

RATE_SPAN: Final = "$__rate_interval"
_CHOSEN: Final = {"run": "$run", "period": "$period"}


def series(name: str, **labels: str) -> str:
    """A selector; a value that begins with ``~`` is a pattern, with ``!`` one that must not be, ``!~`` both."""
    parts = []
    for label, value in labels.items():
        sign = next((sign for sign in ("!~", "~", "!") if value.startswith(sign)), "")
        operator = {"": "=", "~": "=~", "!": "!=", "!~": "!~"}[sign]
        parts.append(f'{label}{operator}"{value.removeprefix(sign)}"')
    return f"{name}{{{', '.join(parts)}}}"


def chosen(name: str, **labels: str) -> str:
    """A selector of the chosen run and period."""
    return series(name, **{**_CHOSEN, **labels})


def place(name: str, **labels: str) -> str:
    """The same for the chosen province, or the country."""
    return chosen(name, unit="$province", **labels)


def unit(name: str, **labels: str) -> str:
    """The same for the chosen unit."""
    return chosen(name, unit="$unit", **labels)


def within(expression: str, level: str = "$level") -> str:
    """Only units of a level below the chosen province (or provinces)."""
    return f"({expression}) and on (run, unit) {_below(level)}"


def below(expression: str) -> str:
    """Only units of the province chosen, or all where the country is."""
    country = series(names.UNIT_INFO, run="$run", unit="$province", level="country")
    units = series(names.UNIT_INFO, run="$run", province="$province")
    return f"(({expression}) and on (run, unit) {units} or ({expression}) and on (run) {country})"


def named(expression: str) -> str:
    """The same values, and the names of the units as a label."""
    # While the index moves to another worker both may show a unit for a moment; a join needs it once.
    units = f"max by (run, unit, name) ({series(names.UNIT_INFO, run='$run')})"
    return f"({expression}) * on (run, unit) group_left (name) {units}"


def _below(level: str) -> str:
    return f"max by (run, unit) ({series(names.UNIT_INFO, run='$run', level=level, province='~$province')})"


def each(expression: str, *labels: str) -> str:
    """One value for each unit (and further labels), all other labels left out: rows of a table need equal labels."""
    return f"max by ({', '.join(('unit', *labels))}) ({expression})"


def ratio(above: str, below: str) -> str:
    """Counts over counts, nothing where there is nothing to divide by."""
    return f"({above}) / ({below} > 0)"


def added(expression: str, *labels: str) -> str:
    """The sum; by labels where some are named."""
    return f"sum by ({', '.join(labels)}) ({expression})" if labels else f"sum ({expression})"


def before(selector: str, ago: str) -> str:
    """The same selector so long ago."""
    return f"{selector} offset {ago}"


def change(selector: str, ago: str) -> str:
    """By how much it changed in that time."""
    return f"{selector} - {before(selector, ago)}"


def per_second(counter: str, *labels: str) -> str:
    """How fast a counter of the workers of the run rises, over all of them."""
    return added(f"rate({series(counter, run='$run')}[{RATE_SPAN}])", *labels)
