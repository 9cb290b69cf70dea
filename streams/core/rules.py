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
    warning_share: float = 0.2  # of due - received
    warning_least: int = 24 * HOUR
    terms: Terms = NO_TERMS
    scores: Scores = Scores.PROMISED
