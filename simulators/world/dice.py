"""Dice that fall alike on every machine: seeded by words, and bent by curves of plain arithmetic."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import accumulate
from typing import Final, Generic, TypeAlias, TypeVar

Curve: TypeAlias = tuple[float, ...]
"""Values at evenly spaced shares of all draws, from the least to the greatest; straight in between."""

Thing = TypeVar("Thing")

# Logarithms differ in the last bit from one C library to another: here they are rounded away once, not drawn with.
_GAPS: Final[Curve] = (*(round(-math.log(1 - place / 64), 4) for place in range(64)), 5.0)


class Wheel(Generic[Thing]):
    """Things with weights, to be drawn from."""

    def __init__(self, things: Sequence[Thing], weights: Sequence[float]) -> None:
        self._things = tuple(things)
        self._sums = tuple(accumulate(weights))

    def at(self, share: float) -> Thing:
        """The thing at a share (0 to 1) of all the weight."""
        wanted = share * self._sums[-1]
        for thing, upto in zip(self._things, self._sums, strict=True):
            if wanted < upto:
                return thing
        return self._things[-1]


class Dice:
    """The draws of one purpose, named by words such as seed, scenario and unit."""

    def __init__(self, *names: object) -> None:
        # A text is seeded by its SHA-512, whatever the machine and PYTHONHASHSEED.
        self.share = random.Random("/".join(map(str, names))).random
        """A share from 0 up to, not including, 1."""

    def chance(self, share: float) -> bool:
        """True in `share` of all cases."""
        return self.share() < share

    def between(self, least: float, most: float) -> float:
        """Anything between two numbers, alike."""
        return least + (most - least) * self.share()

    def whole(self, least: int, most: int) -> int:
        """A whole number from `least` up to, not including, `most`."""
        return least + int((most - least) * self.share())

    def on(self, curve: Curve) -> float:
        """A value of a curve."""
        place = self.share() * (len(curve) - 1)
        before = int(place)
        low = curve[before]
        return low + (curve[before + 1] - low) * (place - before)

    def gap(self) -> float:
        """The time to the next of things that come on their own, one on the mean in a unit of time."""
        return self.on(_GAPS)

    def pick(self, wheel: Wheel[Thing]) -> Thing:
        """One thing of a wheel."""
        return wheel.at(self.share())
