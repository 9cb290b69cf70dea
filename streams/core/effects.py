"""What a case of any kind adds to the tallies and to the watch list, as of a clock."""

from streams.core.cases import Case
from streams.core.contributions import Effect, effect
from streams.core.fields import PETITION_RECEIVED
from streams.core.petition_effects import petition_effect
from streams.core.rules import Rules


def effect_of(case: Case, clock: int, rules: Rules) -> Effect:
    """What the case adds as of `clock` (micros): a petition is what has ever said when it was received."""
    if PETITION_RECEIVED in case.flat:
        return petition_effect(case.flat, clock, rules)
    return effect(case, clock, rules)
