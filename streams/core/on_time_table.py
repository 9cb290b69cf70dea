"""The rules of "on time" as one table.

Four questions are asked of a dossier, in order; to each the first row that holds is the answer, and the last answer
decides.  Source: Decision 766/QĐ-TTg as the national portal computes it; what that leaves open is decided in
docs/semantics.md.
"""

from enum import StrEnum
from typing import Final

import msgspec

from streams.core.fields import FINISHED, NOT_ACCEPTED, RETURNED, STOPPED, WITHDRAWN
from streams.core.on_time_conditions import (
    Condition,
    always,
    ended_as,
    has_due,
    has_ended,
    has_void_end,
    is_corrected,
    is_current,
    is_never_late,
    is_not_accepted,
    is_promised,
    is_refused,
    lacks_year,
    made,
)
from streams.core.supplements import Supplement
from streams.core.verdicts import Verdict


class Question(StrEnum):
    """What is asked of a dossier, in this order."""

    COUNTS = "counts"
    END = "end"
    DUE = "due"
    VERDICT = "verdict"


class Text(msgspec.Struct, frozen=True):
    """The same in Vietnamese and in English."""

    vi: str
    en: str


class OnTimeRule(msgspec.Struct, frozen=True):
    """One rule: a stable code, what it applies to, what it makes of a dossier, when it holds, and its source.

    `verdicts` are those that it may come to; none where it answers a question on the way.
    """

    code: str
    question: Question
    applies: Text
    makes: Text
    holds: Condition
    source: str
    verdicts: tuple[Verdict, ...] = ()


_COUNTS, _END, _DUE, _VERDICT = Question
_766: Final = "Decision 766/QĐ-TTg, indicator 2.1"
_ENDS: Final = "docs/semantics.md, Ends"
_PROMISED: Final = "docs/semantics.md, Promised due"
_YEARS: Final = "docs/semantics.md, More details"
_NEITHER: Final = "docs/semantics.md, Neither due nor limit"
_ROUNDS: Final = "docs/semantics.md, Supplement under 766"
_COMPUTED: Final = "docs/semantics.md, Computed due"
_LATE: Final = (Verdict.LATE, Verdict.OVERDUE)
_COMPARED: Final = (Verdict.ON_TIME, Verdict.LATE, Verdict.WITHIN, Verdict.OVERDUE)

ON_TIME: Final = (
    OnTimeRule(
        "refused_before_acceptance",
        _COUNTS,
        Text("bị từ chối, chưa được tiếp nhận", "refused, and not accepted"),
        Text("không tính vào đâu", "counts nowhere"),
        is_refused,
        _766,
        (Verdict.NONE,),
    ),
    OnTimeRule(
        "not_accepted",
        _COUNTS,
        Text("chưa được tiếp nhận trước thời điểm xét", "not accepted before the instant that is asked for"),
        Text("chưa tính vào kỳ nào", "counts in no period yet"),
        is_not_accepted,
        _766,
        (Verdict.NONE,),
    ),
    OnTimeRule(
        "accepted",
        _COUNTS,
        Text("đã được tiếp nhận", "accepted"),
        Text("tính vào kỳ của ngày tiếp nhận", "counts in the periods of its reception"),
        always,
        _766,
    ),
    OnTimeRule(
        "finished",
        _END,
        Text("đã xử lý xong (9)", "finished (9)"),
        Text("kết thúc lúc xử lý xong, dù trả kết quả muộn hơn", "ends then, also when it is handed over later"),
        ended_as(FINISHED),
        _766,
    ),
    OnTimeRule(
        "returned",
        _END,
        Text("đã trả kết quả (10), chưa có mốc xử lý xong", "result returned (10), and not finished"),
        Text("kết thúc lúc trả kết quả", "ends when the result is returned"),
        ended_as(RETURNED),
        _766,
    ),
    OnTimeRule(
        "stopped",
        _END,
        Text("dừng xử lý (8), không có mốc nào ở trên", "stopped (8), and none of the above"),
        Text("kết thúc lúc dừng, nếu không bị từ chối sớm hơn", "ends then, unless it was refused earlier"),
        ended_as(STOPPED),
        _766,
    ),
    OnTimeRule(
        "refused",
        _END,
        Text("từ chối (3) sau tiếp nhận, chưa xong, chưa trả", "refused (3) once accepted, not finished, not returned"),
        Text("kết thúc lúc từ chối, nếu không dừng sớm hơn", "ends then, unless it was stopped earlier"),
        ended_as(NOT_ACCEPTED),
        _766,
    ),
    OnTimeRule(
        "withdrawn",
        _END,
        Text("công dân rút (7), không có mốc nào ở trên", "withdrawn by the citizen (7), and none of the above"),
        Text("kết thúc lúc rút", "ends when it is withdrawn"),
        ended_as(WITHDRAWN),
        _766,
    ),
    OnTimeRule(
        "end_voided",
        _END,
        Text(
            "quay lại xử lý sau mốc kết thúc và được ghi nhận sau mốc đó",
            "went back into process after its end, and this was recorded after it too",
        ),
        Text("mốc kết thúc bị hủy, hồ sơ lại đang xử lý", "that end is void, the dossier is open again"),
        has_void_end,
        _ENDS,
    ),
    OnTimeRule(
        "open",
        _END,
        Text("chưa có mốc kết thúc", "nothing has ended it"),
        Text("xét theo thời điểm được hỏi", "judged as of the instant that is asked for"),
        always,
        _766,
    ),
    OnTimeRule(
        "due_current",
        _DUE,
        Text("có hẹn trả, cài đặt chọn hạn hiện tại", "a date was stated, and the setting scores the current one"),
        Text("tính theo hạn nêu sau cùng", "the due date stated last scores"),
        is_current,
        _PROMISED,
    ),
    OnTimeRule(
        "due_corrected",
        _DUE,
        Text("hẹn trả đã được sửa", "the due date was corrected"),
        Text("tính theo hạn đã sửa", "the corrected due date scores"),
        is_corrected,
        _PROMISED,
    ),
    OnTimeRule(
        "due_promised",
        _DUE,
        Text("có hẹn trả", "a due date was promised"),
        Text(
            "tính theo hạn hẹn đầu tiên, gửi lại hay gia hạn không đổi",
            "the first one scores, whatever is sent again or extended",
        ),
        is_promised,
        _PROMISED,
    ),
    OnTimeRule(
        "due_without_year",
        _DUE,
        Text("không có hẹn trả, lịch thiếu năm cần để tính", "none was promised, and the calendar lacks a year for it"),
        Text("như không có hạn, và cần xem lại", "as without a due date, and a finding"),
        lacks_year,
        _YEARS,
    ),
    OnTimeRule(
        "due_computed",
        _DUE,
        Text("không có hẹn trả, thủ tục có thời hạn", "none was promised, and the procedure has a limit"),
        Text("hạn tính từ thời hạn theo lịch làm việc", "the due date follows from the limit in working time"),
        has_due,
        _766,
    ),
    OnTimeRule(
        "no_due",
        _DUE,
        Text("không có hẹn trả, không có thời hạn", "neither a promise nor a limit"),
        Text("không có hạn", "has no due date"),
        always,
        _NEITHER,
    ),
    OnTimeRule(
        "several_supplements",
        _VERDICT,
        Text("yêu cầu bổ sung hơn một lần", "asked for a supplement more than once"),
        Text("quá hạn từ lần yêu cầu thứ hai, bất kể hạn", "late from the second asking, whatever the dates"),
        made(Supplement.SEVERAL),
        _766,
        _LATE,
    ),
    OnTimeRule(
        "without_due",
        _VERDICT,
        Text("không có hạn", "no due date"),
        Text(
            "vào mẫu số, không vào tử số của tỷ lệ 766; đúng hạn trong tỷ lệ báo cáo",
            "in the denominator of the 766 rate, not in the numerator; on time in the report rate",
        ),
        is_never_late,
        _NEITHER,
        (Verdict.ENDED_NO_DUE, Verdict.OPEN_NO_DUE),
    ),
    OnTimeRule(
        "supplement_asked_late",
        _VERDICT,
        Text("yêu cầu bổ sung sau hạn", "the supplement was asked for after the due date"),
        Text("không được trừ gì, quá hạn từ hạn đó", "nothing is forgiven, late since that date"),
        made(Supplement.ASKED_LATE),
        _ROUNDS,
        _LATE,
    ),
    OnTimeRule(
        "new_appointment",
        _VERDICT,
        Text("bổ sung có hẹn trả mới", "the supplement came with a new appointment"),
        Text("hẹn mới thay cho hạn, không trừ thêm gì", "that replaces the due date, nothing more is taken off"),
        made(Supplement.APPOINTMENT),
        _ROUNDS,
        _COMPARED,
    ),
    OnTimeRule(
        "waiting_for_supplement",
        _VERDICT,
        Text("đang chờ bổ sung", "waits for a supplement"),
        Text("xét như kết thúc lúc yêu cầu: trong hạn", "judged as of the asking: within due"),
        made(Supplement.WAITING),
        _766,
        (Verdict.WITHIN,),
    ),
    OnTimeRule(
        "one_supplement",
        _VERDICT,
        Text("một lần bổ sung, hạn theo hẹn trả", "one supplement, and a promised due date"),
        Text("trừ thời gian chờ khỏi mốc kết thúc", "the time of waiting is taken off the end"),
        made(Supplement.GIVEN_BACK),
        _766,
        _COMPARED,
    ),
    OnTimeRule(
        "one_supplement_computed",
        _VERDICT,
        Text("một lần bổ sung, hạn được tính", "one supplement, and a computed due date"),
        Text("thời gian chờ được cộng lại theo đơn vị thời hạn", "its time is given back in the unit of the limit"),
        made(Supplement.GIVEN_BACK_COMPUTED),
        _COMPUTED,
        _COMPARED,
    ),
    OnTimeRule(
        "ended",
        _VERDICT,
        Text("đã kết thúc", "has ended"),
        Text("đúng hạn khi không sau hạn, tính đến giây", "on time when not after the due date, to the second"),
        has_ended,
        _766,
        (Verdict.ON_TIME, Verdict.LATE),
    ),
    OnTimeRule(
        "in_process",
        _VERDICT,
        Text("đang xử lý", "in process"),
        Text("trong hạn đến đúng giây đến hạn, sau đó quá hạn", "within due up to the very second, then overdue"),
        always,
        _766,
        (Verdict.WITHIN, Verdict.OVERDUE),
    ),
)
