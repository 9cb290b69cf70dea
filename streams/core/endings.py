"""Which end of a dossier holds: the statuses that end one, in their order of preference.

Source: Decision 766/QĐ-TTg as the national portal computes it; what voids an end is decided in docs/semantics.md.
"""

from typing import Final, NamedTuple

from streams.core.cases import Case
from streams.core.fields import FINISHED, NOT_ACCEPTED, REOPENED, RETURNED, STOPPED, WITHDRAWN


class Ending(NamedTuple):
    """A status that ends a dossier: its field, its rank, and whether it counts when it lies before the acceptance.

    The lowest rank that is there holds, whenever it came; within one rank the earlier moment, at the same second the
    row that stands first.
    """

    code: int
    rank: int
    before_acceptance: bool


ENDINGS: Final = (
    Ending(FINISHED, 1, before_acceptance=True),
    Ending(RETURNED, 2, before_acceptance=True),
    Ending(NOT_ACCEPTED, 3, before_acceptance=False),
    Ending(STOPPED, 3, before_acceptance=True),
    Ending(WITHDRAWN, 4, before_acceptance=True),
)
ENDS: Final = tuple(ending.code for ending in ENDINGS)


def ending(case: Case, accepted: int, last: int) -> tuple[int | None, int]:
    """The end that holds as of `last` (all in seconds) of a case accepted at `accepted`, and its field; None and 0."""
    flat = case.flat
    if flat.keys().isdisjoint(ENDS):
        return None, 0
    voided = REOPENED in flat
    ended: int | None = None
    ended_as = held = 0
    for code, rank, before_acceptance in ENDINGS:
        if held and rank > held:
            break
        at = flat.get(code)
        if at is None or at > last or (at < accepted and not before_acceptance):
            continue
        if voided and is_void(case, code, last):
            continue
        if ended is None or at < ended:
            ended, ended_as, held = at, code, rank
    return ended, ended_as


def is_void(case: Case, code: int, last: int) -> bool:
    """An end is void when the dossier went back after it and this was also recorded after it."""
    reopened = case.flat[REOPENED]
    if reopened is None or not case.flat[code] < reopened <= last:
        return False
    return case.stamp(REOPENED) > case.stamp(code)
