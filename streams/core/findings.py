"""What of a dossier cannot be right, or needs a look: one entry per finding.

A finding is counted and shown to those who supervise; it never changes a verdict.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

import msgspec

from streams.core.cases import Case
from streams.core.fields import APOLOGISED, ASKED, COMPLETED, DUE_CURRENT, REOPENED, SPAN
from streams.core.verdicts import ENDS, Judgement, is_void, rounds


class Seen(NamedTuple):
    """What a finding looks at: an accepted case, how it stands, and the last second (seconds) that counts."""

    case: Case
    judged: Judgement
    last: int


class Finding(msgspec.Struct, frozen=True):
    """One finding: its name in counts, what it says, and when a case has it.

    One that is `rare` can only be where something was said of supplements, or a case went back.
    """

    name: str
    vi: str
    en: str
    holds: Callable[[Seen], bool]
    rare: bool = False


def _due_before_reception(seen: Seen) -> bool:
    judged = seen.judged
    return judged.due is not None and judged.due < judged.accepted


def _ended_before_reception(seen: Seen) -> bool:
    return seen.judged.ended is not None and seen.judged.ended < seen.judged.accepted


def _several_supplements(seen: Seen) -> bool:
    return seen.judged.rounds > 1


def _supplement_unasked(seen: Seen) -> bool:
    completed = min(_moments(seen, COMPLETED), default=None)
    return completed is not None and completed < min(_moments(seen, ASKED), default=completed + 1)


def _supplement_unfinished(seen: Seen) -> bool:
    if not seen.judged.rounds or seen.judged.ended is None:
        return False
    before_end = rounds(seen.case.flat, seen.judged.accepted, min(seen.last, seen.judged.ended), None)
    return before_end[-1].closed is None


def _supplement_after_due(seen: Seen) -> bool:
    judged = seen.judged
    if not judged.rounds or judged.due is None:
        return False
    due = judged.due if judged.term is None else judged.term.unpaused
    return due is not None and min(_moments(seen, ASKED)) > due


def _supplement_after_end(seen: Seen) -> bool:
    ended = seen.judged.ended
    return ended is not None and max(_moments(seen, ASKED), default=ended) > ended


def _due_moved(seen: Seen) -> bool:
    current = seen.case.flat.get(DUE_CURRENT)
    if current is None or seen.judged.due is None or APOLOGISED in seen.case.flat:
        return False
    return seen.judged.term is None and bool(current != seen.judged.due)


def _end_voided(seen: Seen) -> bool:
    flat = seen.case.flat
    if flat.get(REOPENED) is None:
        return False
    return any(flat.get(code) is not None and is_void(seen.case, code, seen.last) for code in ENDS)


def _no_calendar(seen: Seen) -> bool:
    return seen.judged.term is not None and seen.judged.term.missing is not None


def _moments(seen: Seen, code: int) -> Iterator[int]:
    for key, value in seen.case.flat.items():
        if key % SPAN == code and value is not None and key // SPAN <= seen.last:
            yield key // SPAN


FINDINGS: Final = (
    Finding(
        "due_before_reception", "hạn trả trước ngày tiếp nhận", "due before it was received", _due_before_reception
    ),
    Finding(
        "ended_before_reception",
        "kết thúc trước khi tiếp nhận",
        "ended before it was received",
        _ended_before_reception,
    ),
    Finding(
        "several_supplements",
        "yêu cầu bổ sung hơn một lần",
        "more than one supplement was asked",
        _several_supplements,
        rare=True,
    ),
    Finding(
        "supplement_unasked",
        "bổ sung xong trước khi có yêu cầu",
        "a supplement was completed before one was asked",
        _supplement_unasked,
        rare=True,
    ),
    Finding(
        "supplement_unfinished",
        "kết thúc khi chưa nhận bổ sung",
        "it ended while a supplement was still waited for",
        _supplement_unfinished,
        rare=True,
    ),
    Finding(
        "supplement_after_due",
        "yêu cầu bổ sung sau hạn trả",
        "the supplement was asked for after the due date",
        _supplement_after_due,
        rare=True,
    ),
    Finding(
        "supplement_after_end",
        "yêu cầu bổ sung sau khi kết thúc",
        "a supplement was asked for after the end",
        _supplement_after_end,
        rare=True,
    ),
    Finding(
        "due_moved",
        "hạn trả bị đổi không kèm thư xin lỗi",
        "another due date was sent without an apology",
        _due_moved,
    ),
    Finding(
        "end_voided", "mốc kết thúc bị hủy do xử lý lại", "an end was voided by going back", _end_voided, rare=True
    ),
    Finding(
        "no_calendar",
        "thiếu lịch làm việc của năm cần tính hạn",
        "the calendar lacks a year that the due date needs",
        _no_calendar,
    ),
)


RARE_CODES: Final = frozenset((ASKED, COMPLETED, REOPENED))
"""Codes of the fields without which there is no rare finding."""


def found(case: Case, judged: Judgement, last: int) -> list[Finding]:
    """The findings of an accepted case as of the second `last`."""
    seen = Seen(case, judged, last)
    return [finding for finding in FINDINGS if finding.holds(seen)]
