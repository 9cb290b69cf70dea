"""Which rules of "on time" a dossier came by, and which of them decided.

The table names what `verdicts.judge` does and does not do it again: a judgement goes in.  Tests hold the two to one
another.
"""

from streams.core.cases import Case
from streams.core.on_time_conditions import Asked
from streams.core.on_time_table import ON_TIME, OnTimeRule, Question, Text
from streams.core.rules import Rules
from streams.core.verdicts import Judgement, before

__all__ = ["ON_TIME", "OnTimeRule", "Question", "Text", "applied", "rule_of"]


def applied(case: Case, judged: Judgement, clock: int, rules: Rules) -> tuple[OnTimeRule, ...]:
    """The rules by which a case was judged as of `clock` (micros), in order: an answer a question, the last decides."""
    asked = Asked(case, judged, before(clock), rules)
    answers: list[OnTimeRule] = []
    for question in Question:
        answers.append(next(rule for rule in ON_TIME if rule.question is question and rule.holds(asked)))
        if answers[-1].verdicts:
            break
    return tuple(answers)


def rule_of(case: Case, judged: Judgement, clock: int, rules: Rules) -> OnTimeRule:
    """The rule that decided how a case was judged as of `clock` (micros)."""
    return applied(case, judged, clock, rules)[-1]
