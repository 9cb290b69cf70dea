"""The scenarios: one entry each, and what it lets happen beside the ordinary."""

from __future__ import annotations

from typing import Final

import msgspec

from streams.errors import MotcuaError


class Surge(msgspec.Struct, frozen=True, kw_only=True):
    """At one commune, the middle one of those simulated, `factor` times as much arrives; its staff stays the same.

    From day `first` of the simulation (from 0) up to, not including, day `until` (None: to the end).
    """

    factor: float
    first: int
    until: int | None = None

    def on(self, day: int) -> float:
        """By how much the arrivals of a day of the simulation grow."""
        return self.factor if self.first <= day and (self.until is None or day < self.until) else 1.0


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """One scenario.

    Scenarios with the same `dice` throw alike with the same seed, so they differ only in what they let happen.
    """

    name: str
    says: str
    dice: str = "ordinary"
    days: int = 14
    surge: Surge | None = None


class Incident(msgspec.Struct, frozen=True):
    """Something that a scenario lets happen at a unit, from an instant until another (seconds)."""

    kind: str
    unit: str
    begins: int
    ends: int


SCENARIOS: Final = (
    Scenario(name="normal-fortnight", says="Two ordinary weeks: about nine of ten dossiers on time, units differ."),
    Scenario(
        name="commune-overwhelmed",
        says="From the fifth day on one commune receives four times as much: its queue grows and dossiers become late.",
        surge=Surge(factor=4.0, first=4),
    ),
)


class UnknownScenario(MotcuaError):
    """A name that no scenario has."""


def scenario_named(name: str) -> Scenario:
    """The scenario of a name; UnknownScenario lists those that there are."""
    for scenario in SCENARIOS:
        if scenario.name == name:
            return scenario
    names = ", ".join(scenario.name for scenario in SCENARIOS)
    raise UnknownScenario(f"There is no scenario '{name}'. There are: {names}.")
