"""What is counted of each dossier and of each petition: one entry per counter.

A case adds 0 or 1 to each counter of two cells: the one of its unit and the civil day of its reception, and, once
it has ended, the one of its unit and the day of the end.  So a contribution is a set of bits, and a cell changes by
the difference of two contributions.  Sums of working time are the exception: a dossier adds minutes to them.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import msgspec

from streams.core.civil import PERIOD_KINDS
from streams.core.fields import (
    APOLOGISED,
    COMPLAINED,
    DIGITISED,
    IDENTIFIED,
    LINKED,
    POPULATION_DATA,
    RESULT_ISSUED,
    REUSED,
    SYNCHRONISED,
)
from streams.core.findings import FINDINGS
from streams.core.verdicts import Verdict


class Counter(msgspec.Struct, frozen=True):
    """One counter: its name in cells and reports, the day it counts on, and what it says."""

    name: str
    day: str  # "received", "ended" or "held" (no day: not accepted yet)
    vi: str
    en: str


NOW: Final = "now"
HORIZONS: Final = (NOW, *PERIOD_KINDS)
_HORIZON_WORDS: Final = {
    NOW: ("tại thời điểm", "as of now"),
    "week": ("tại cuối tuần tiếp nhận", "as of the end of its week"),
    "month": ("tại cuối tháng tiếp nhận", "as of the end of its month"),
    "quarter": ("tại cuối quý tiếp nhận", "as of the end of its quarter"),
    "year": ("tại cuối năm tiếp nhận", "as of the end of its year"),
}
_VERDICT_WORDS: Final = {
    Verdict.ON_TIME: ("on_time", "đã giải quyết đúng hạn", "ended on time"),
    Verdict.LATE: ("late", "đã giải quyết quá hạn", "ended late"),
    Verdict.ENDED_NO_DUE: ("ended_no_due", "đã giải quyết, không có hạn", "ended, no due date"),
    Verdict.WITHIN: ("open_within", "đang giải quyết trong hạn", "in process within due"),
    Verdict.OVERDUE: ("open_overdue", "đang giải quyết quá hạn", "in process, overdue"),
    Verdict.OPEN_NO_DUE: ("open_no_due", "đang giải quyết, không có hạn", "in process, no due date"),
}
VERDICT_NAMES: Final = {verdict: words[0] for verdict, words in _VERDICT_WORDS.items()}

_verdicts: Final = tuple(
    Counter(
        f"{name}_{horizon}", "received", f"{vi} ({_HORIZON_WORDS[horizon][0]})", f"{en} ({_HORIZON_WORDS[horizon][1]})"
    )
    for horizon in HORIZONS
    for name, vi, en in _VERDICT_WORDS.values()
)
_plain: Final = (
    Counter("received", "received", "hồ sơ tiếp nhận", "dossiers received"),
    Counter("direct", "received", "nộp trực tiếp", "filed in person"),
    Counter("online", "received", "nộp trực tuyến", "filed online"),
    Counter("postal", "received", "nộp qua bưu chính", "filed by post"),
    Counter("ended", "received", "đã kết thúc", "ended"),
    Counter("without_result", "received", "kết thúc không có kết quả", "ended without result"),
    Counter("paused", "received", "đang chờ bổ sung", "waiting for a supplement"),
    Counter("due_computed", "received", "hạn trả do hệ thống tính", "due date computed by the monitor"),
    Counter("due_provisional", "received", "hạn tính theo lịch tạm", "due date computed on a provisional calendar"),
)
_findings: Final = tuple(
    Counter(f"found_{finding.name}", "received", f"dấu hiệu: {finding.vi}", f"finding: {finding.en}")
    for finding in FINDINGS
)
_milestones: Final = (
    (APOLOGISED, Counter("apologised", "received", "đã xin lỗi", "apologised for")),
    (DIGITISED, Counter("digitised", "received", "đã số hóa", "digitised")),
    (RESULT_ISSUED, Counter("result_issued", "received", "có kết quả điện tử", "electronic result issued")),
    (REUSED, Counter("reused", "received", "tái sử dụng dữ liệu", "data reused")),
    (LINKED, Counter("linked", "received", "kết nối kho dữ liệu", "linked to the citizen's store")),
    (POPULATION_DATA, Counter("population_data", "received", "khai thác CSDL dân cư", "used population data")),
    (IDENTIFIED, Counter("identified", "received", "định danh điện tử", "e-identified")),
    (SYNCHRONISED, Counter("synchronised", "received", "đã đồng bộ", "synchronised")),
    (COMPLAINED, Counter("complained", "received", "bị phản ánh", "complained about")),
)
_ended: Final = (
    Counter("ends", "ended", "kết thúc trong kỳ", "ended in the period"),
    Counter("finished_early", "ended", "trả trước hạn", "finished early"),
    Counter("finished_on_time", "ended", "trả đúng hạn", "finished on the due day"),
    Counter("finished_late", "ended", "trả quá hạn", "finished after the due day"),
    Counter("finished_no_due", "ended", "trả, không có hạn", "finished, no due date"),
    Counter("closed_without_result", "ended", "đóng không có kết quả", "closed without result"),
    Counter("timed", "ended", "đo được thời gian giải quyết", "settlement time measured in working time"),
    Counter("compared", "ended", "so được với thời hạn", "settlement time compared with the time allowed"),
)
_sums: Final = (
    Counter("timed_minutes", "ended", "số phút làm việc đã dùng", "working minutes used, of those measured"),
    Counter("compared_minutes", "ended", "số phút đã dùng, khi so được", "working minutes used, of those compared"),
    Counter("allowed_minutes", "ended", "số phút được phép", "working minutes allowed, of those compared"),
)
_unblamed: Final = tuple(
    Counter(
        f"unblamed_{horizon}",
        "received",
        f"đúng hạn, không bị phản ánh ({_HORIZON_WORDS[horizon][0]})",
        f"in time without a complaint ({_HORIZON_WORDS[horizon][1]})",
    )
    for horizon in HORIZONS
)
_payments: Final = (
    Counter("with_obligation", "received", "có nghĩa vụ tài chính", "with a financial obligation"),
    Counter("paid", "received", "đã thanh toán", "paid"),
    Counter("paid_online", "received", "thanh toán trực tuyến", "paid online"),
    Counter("paid_cashless", "received", "thanh toán không dùng tiền mặt", "paid without cash"),
)
_served: Final = (
    Counter("returned_by_post", "ended", "trả qua bưu chính", "returned by post"),
    Counter("rated", "ended", "được đánh giá", "rated"),
    Counter("rated_satisfied", "ended", "được đánh giá hài lòng", "rated 4 or 5"),
    Counter("five_on_the_spot", "ended", "thực hiện 5 tại chỗ", "served five on the spot"),
)
_PETITION_VERDICTS: Final = {
    "petitions_in_time": ("phản ánh trả lời đúng hạn hoặc còn trong hạn", "petitions answered in time or within due"),
    "petitions_well": ("phản ánh đúng hạn, không bị phản ánh lại", "petitions in time, not disliked or repeated"),
    "petitions_no_due": ("phản ánh không tính được hạn", "petitions whose due date is not known"),
}
_petition_verdicts: Final = tuple(
    Counter(
        f"{name}_{horizon}", "received", f"{vi} ({_HORIZON_WORDS[horizon][0]})", f"{en} ({_HORIZON_WORDS[horizon][1]})"
    )
    for horizon in HORIZONS
    for name, (vi, en) in _PETITION_VERDICTS.items()
)
_petitions: Final = (
    Counter("petitions", "received", "phản ánh, kiến nghị tiếp nhận", "petitions received"),
    Counter("petitions_procedure", "received", "phản ánh về thủ tục", "petitions about a procedure"),
    Counter("petitions_behaviour", "received", "phản ánh về thái độ", "petitions about behaviour"),
    Counter("petitions_trips", "received", "phản ánh phải đi lại nhiều lần", "petitions about extra trips"),
    Counter("petitions_open", "received", "phản ánh chưa trả lời", "petitions not answered yet"),
    Counter("petitions_due_soon", "received", "phản ánh sắp đến hạn", "petitions open and due soon"),
    Counter("petitions_overdue", "received", "phản ánh quá hạn chưa trả lời", "petitions open and overdue"),
)
_listed: Final = (
    Counter("due_soon", "received", "sắp đến hạn", "due soon, on the watch list"),
    Counter("due_today", "received", "đến hạn hôm nay", "due today, not late yet"),
    Counter("due_paused", "received", "đang chờ, trong danh sách theo dõi", "waiting, on the watch list"),
)
_held: Final = (Counter("held", "held", "chưa tiếp nhận", "not accepted yet"),)

_with_bits: Final = _verdicts + _plain + tuple(counter for _, counter in _milestones) + _findings + _ended + _held
COUNTERS: Final = _with_bits + _sums + _unblamed + _payments + _served + _listed + _petitions + _petition_verdicts
"""A partition looks for some of them in the low half of a case's bits, so new ones come last."""
PLACE: Final = {counter.name: place for place, counter in enumerate(COUNTERS)}
BIT: Final = {name: 1 << place for name, place in PLACE.items()}
WIDTH: Final = len(COUNTERS)
TIMED_MINUTES, COMPARED_MINUTES, ALLOWED_MINUTES = (PLACE[counter.name] for counter in _sums)
FINDING_BITS: Final = tuple((finding, BIT[f"found_{finding.name}"]) for finding in FINDINGS)
MILESTONE_BITS: Final = tuple((code, BIT[counter.name]) for code, counter in _milestones)
UNBLAMED_BITS: Final = tuple(BIT[counter.name] for counter in _unblamed)  # by horizon
UNBLAMED: Final = sum(UNBLAMED_BITS)
_IN_TIME: Final = (VERDICT_NAMES[Verdict.ON_TIME], VERDICT_NAMES[Verdict.WITHIN])
VERDICT_BITS: Final = tuple(
    (0, *(BIT[f"{name}_{horizon}"] | (unblamed if name in _IN_TIME else 0) for name in VERDICT_NAMES.values()))
    for horizon, unblamed in zip(HORIZONS, UNBLAMED_BITS, strict=True)
)
"""By horizon, then by verdict; in time is unblamed until there is a complaint."""
AT_HORIZONS: Final = (*VERDICT_NAMES.values(), "unblamed", *_PETITION_VERDICTS)
"""What is counted for every horizon; in the figures of a period it has this name."""
ALIKE: Final = tuple(sum(bits[verdict] for bits in VERDICT_BITS) for verdict in Verdict)  # one verdict at every horizon
_at_horizons: Final = {counter.name for counter in _verdicts + _unblamed + _petition_verdicts}
READ_AS: Final = frozenset(AT_HORIZONS) | (PLACE.keys() - _at_horizons)
"""The names of counters in the figures of a period."""


@lru_cache(maxsize=65536)
def difference(old: int, new: int) -> tuple[tuple[int, int], ...]:
    """(place, +1 or -1) for every counter in which two contributions differ."""
    return tuple(_differing(old, new))


def _differing(old: int, new: int) -> Iterator[tuple[int, int]]:
    changed = old ^ new
    while changed:
        bit = changed & -changed
        yield bit.bit_length() - 1, 1 if new & bit else -1
        changed ^= bit


def named(cell: list[int]) -> dict[str, int]:
    """The counters of a cell that are not 0, by name."""
    return {COUNTERS[place].name: count for place, count in enumerate(cell) if count}


def placed(counts: dict[str, int]) -> list[int]:
    """A cell from counters by name; names that this version does not know are left out."""
    cell = [0] * WIDTH
    for name, count in counts.items():
        place = PLACE.get(name)
        if place is not None:
            cell[place] = count
    return cell
