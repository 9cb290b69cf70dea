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
# The table as plain tuples, which the hot path takes apart fastest, each with whether it is the last of its rank.
_WALK: Final = tuple(
    (row.code, row.before_acceptance, following is None or following.rank > row.rank)
    for row, following in zip(ENDINGS, (*ENDINGS[1:], None), strict=True)
)


def ending(case: Case, accepted: int, last: int) -> tuple[int | None, int]:
    """The end that holds as of `last` (all in seconds) of a case accepted at `accepted`, and its field; None and 0."""
    flat = case.flat
    voided = REOPENED in flat
    ended: int | None = None
    ended_as = 0
    for code, before_acceptance, last_of_rank in _WALK:
        at = flat.get(code)
        if (
            at is not None
            and at <= last
            and (before_acceptance or at >= accepted)
            and (ended is None or at < ended)
            and not (voided and is_void(case, code, last))
        ):
            ended, ended_as = at, code
        if last_of_rank and ended is not None:
            break
    return ended, ended_as


def is_void(case: Case, code: int, last: int) -> bool:
    """An end is void when the dossier went back after it and this was also recorded after it."""
    reopened = case.flat[REOPENED]
    if reopened is None or not case.flat[code] < reopened <= last:
        return False
    return case.stamp(REOPENED) > case.stamp(code)
