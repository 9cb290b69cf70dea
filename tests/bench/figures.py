"""What a measurement yields, and what it is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.bench.ground import Ground

REACHED: Final = "reached"
MISSED: Final = "not reached"


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    `at_most` or `at_least` is its target, in `unit`; without either it is there for guidance. `beside` is what it is
    compared with, `ratio` by how much it is better than that, and `at_least_ratio` the target of the ratio. `excuse`
    says why this machine cannot judge it.
    """

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    beside: str = ""
    ratio: float | None = None
    at_least_ratio: float | None = None
    excuse: str = ""

    @property
    def target(self) -> str:
        """The targets in words; empty where there are none."""
        words = []
        if self.at_most is not None:
            words.append(f"≤ {number(self.at_most)} {self.unit}")
        if self.at_least is not None:
            words.append(f"≥ {number(self.at_least)} {self.unit}")
        if self.at_least_ratio is not None:
            words.append(f"ratio ≥ {number(self.at_least_ratio)}")
        return ", ".join(words)

    @property
    def verdict(self) -> str:
        """Whether the targets were reached; empty where there are none."""
        if not self.target:
            return ""
        if self.excuse:
            return f"not judged: {self.excuse}"
        ratio = 0.0 if self.ratio is None else self.ratio
        missed = (
            (self.at_most is not None and self.value > self.at_most)
            or (self.at_least is not None and self.value < self.at_least)
            or (self.at_least_ratio is not None and ratio < self.at_least_ratio)
        )
        return MISSED if missed else REACHED


@dataclass(frozen=True)
class Row:
    """One thing that is measured: the name by which it is run again, what it measures, and how."""

    name: str
    measures: str
    measure: Callable[[Ground], list[Figure]]

    @property
    def command(self) -> str:
        """The command that measures it again."""
        return f"make bench ARGS={self.name}"


def number(value: float) -> str:
    """A figure for people: three digits that count, thousands apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}"


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
