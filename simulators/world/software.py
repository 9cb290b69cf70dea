"""The case-handling systems of the simulated world: what each states, and how soon it sends."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.world.dice import Curve, Wheel


class Software(msgspec.Struct, frozen=True, kw_only=True):
    """One system.

    `appoints`: it states a due date at acceptance.  `delays` (seconds) is how long after something has happened it is
    sent, `interval` how often it sends national messages.
    """

    name: str
    appoints: bool
    delays: Curve
    interval: int


SOFTWARE: Final = Wheel(
    (
        Software(name="sim-prompt", appoints=True, delays=(0, 1, 1, 2, 3, 5), interval=60),
        Software(name="sim-batches", appoints=True, delays=(2, 30, 60, 120, 200, 300), interval=900),
        Software(name="sim-plain", appoints=False, delays=(1, 5, 10, 20, 60, 900), interval=3600),
    ),
    (0.45, 0.30, 0.25),
)
"""With the share of units that use each; the last states no appointments, so the monitor has to compute them."""
