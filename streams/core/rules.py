"""The definitions that the figures depend on, beside the facts."""

from enum import StrEnum
from typing import NamedTuple

from streams.core.civil import HOUR, Civil
from streams.core.terms import NO_TERMS, Terms


class Scores(StrEnum):
    """Which due date scores: the one promised at reception, or the current one after extensions."""

    PROMISED = "promised"
    CURRENT = "current"


class Rules(NamedTuple):
    """What the verdicts and the watch list of a run go by."""

    civil: Civil
    warning_share: float = 0.2  # of the time from reception to due, in working time where there is a calendar
    warning_least: int = 24 * HOUR  # where there is none
    terms: Terms = NO_TERMS
    scores: Scores = Scores.PROMISED
    warning_days: float = 1.0  # at least so many working days
    code: str = ""  # names the version of the code that judges by them
