"""When a rule of the table in `on_time_table` holds for a dossier as it was judged."""

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from streams.core.cases import Case
from streams.core.fields import DUE_CORRECTED, NOT_ACCEPTED, REOPENED
from streams.core.rules import Rules, Scores
from streams.core.supplements import Supplement
from streams.core.verdicts import ENDS, Judgement, Verdict, is_void, promised


class Asked(NamedTuple):
    """What a rule looks at: a case, how it stands, the last second (seconds) that counts, and the rules of its run."""

    case: Case
    judged: Judgement
    last: int
    rules: Rules


Condition: TypeAlias = Callable[[Asked], bool]


def always(_: Asked) -> bool:
    """The answer when no row before it was."""
    return True


def is_not_accepted(asked: Asked) -> bool:
    """Nothing accepted it by then."""
    return asked.judged.verdict is Verdict.NONE


def is_refused(asked: Asked) -> bool:
    """It was refused, and not accepted by then."""
    refused = asked.case.flat.get(NOT_ACCEPTED)
    return is_not_accepted(asked) and refused is not None and refused <= asked.last


def ended_as(code: int) -> Condition:
    """The status with this field ends it."""
    return lambda asked: asked.judged.ended_as == code


def has_void_end(asked: Asked) -> bool:
    """An end was voided by going back."""
    flat = asked.case.flat
    if flat.get(REOPENED) is None:
        return False
    return any(is_void(asked.case, code, asked.last) for code in ENDS if flat.get(code) is not None)


def is_promised(asked: Asked) -> bool:
    """A due date was stated, and not cleared."""
    return promised(asked.case.flat, asked.rules) is not None


def is_corrected(asked: Asked) -> bool:
    """The due date that was stated is a correction."""
    return is_promised(asked) and DUE_CORRECTED in asked.case.flat


def is_current(asked: Asked) -> bool:
    """A due date was stated, and the setting lets the one stated last score."""
    return is_promised(asked) and asked.rules.scores is Scores.CURRENT


def lacks_year(asked: Asked) -> bool:
    """The due date would be computed, and the calendar lacks a year for it."""
    return asked.judged.term is not None and asked.judged.term.missing is not None


def has_due(asked: Asked) -> bool:
    """There is a due date."""
    return asked.judged.due is not None


def is_never_late(asked: Asked) -> bool:
    """There is no instant from which it is late."""
    return asked.judged.late_at is None


def has_ended(asked: Asked) -> bool:
    """An end holds."""
    return asked.judged.ended is not None


def made(supplement: Supplement) -> Condition:
    """Its rounds of supplement made this of it."""
    return lambda asked: asked.judged.supplement is supplement
