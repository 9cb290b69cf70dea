"""Recording rules of Prometheus: the rates, made of the counts that are exported.  `python -m dashboards.recording`.

A rate of a group of units is the sum above over the sum below, never a mean of rates; so the rules divide sums.
"""

from __future__ import annotations

import sys
from typing import Final

from dashboards.rates import RATES, Rate
from streams.core.families import UNIT_FAMILIES

GROUP: Final = "motcua-rates"
_BY: Final = "run, unit, level, period"
_HEAD: Final = "# Made by `make pages` from dashboards/rates.py and streams/core/families.py. Change it there.\n"


def rules() -> str:
    """The file of rules in Prometheus' YAML."""
    parts = [_HEAD, f"groups:\n  - name: {GROUP}\n    rules:\n"]
    return "".join([*parts, *(_rule(rate) for rate in RATES)])


def record_name(rate: Rate) -> str:
    """What the recorded series of a rate is called."""
    return f"motcua:{rate.name}:ratio"


def _rule(rate: Rate) -> str:
    expression = f"({_sum(rate.numerator)}) / ({_sum(rate.denominator)} > 0)"
    return f"      # {rate.en}; {rate.vi}\n      - record: {record_name(rate)}\n        expr: {expression}\n"


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


if __name__ == "__main__":
    sys.stdout.write(rules())
