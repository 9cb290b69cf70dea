"""The rates that screens show, made of counts: one entry per rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec


class Rate(msgspec.Struct, frozen=True):
    """One rate: the counters that are added up above and below the line, and what it is called."""

    name: str
    vi: str
    en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]


class Share(msgspec.Struct, frozen=True):
    """A rate of one unit as counts; `percent` has two decimals, and is None where there is nothing to divide by."""

    numerator: int
    denominator: int
    percent: float | None


_IN_TIME: Final = ("finished_early", "finished_on_time", "finished_no_due")

RATES: Final = (
    Rate(
        "rate_766",
        "tỷ lệ đúng hạn (766)",
        "766 rate",
        ("on_time", "open_within"),
        ("received",),
    ),
    Rate(
        "report_rate",
        "tỷ lệ đúng hạn (báo cáo)",
        "report rate",
        _IN_TIME,
        (*_IN_TIME, "finished_late"),
    ),
    Rate(
        "online_rate",
        "tỷ lệ trực tuyến",
        "online rate",
        ("online",),
        ("received",),
    ),
)


def share(rate: Rate, counts: Mapping[str, int]) -> Share:
    """The rate over counts by name; a name that is not there counts 0."""
    above = sum(counts.get(name, 0) for name in rate.numerator)
    below = sum(counts.get(name, 0) for name in rate.denominator)
    return Share(above, below, None if below == 0 else hundredths(above, below) / 100)


def hundredths(numerator: int, denominator: int) -> int:
    """Hundredths of a percent, rounded half up, without a float on the way."""
    return (2 * 10_000 * numerator + denominator) // (2 * denominator)


def percent_text(share_: Share) -> str:
    """The rate with two decimals and a point; empty where there are no data."""
    return "" if share_.percent is None else f"{share_.percent:.2f}"
