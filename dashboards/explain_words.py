"""Why a dossier stands as it does, in words: one entry per verdict, per class of the report rate, per remark."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from streams.core.fields import FINISHED, NOT_ACCEPTED, RETURNED, STOPPED, WITHDRAWN
from streams.core.verdicts import Verdict

Lang: TypeAlias = Literal["vi", "en"]
Words: TypeAlias = dict[Lang, str]

VERDICTS: Final[dict[Verdict, Words]] = {
    Verdict.NONE: {"vi": "chưa tiếp nhận, chưa tính vào kỳ nào", "en": "not accepted, so it counts in no period"},
    Verdict.ON_TIME: {"vi": "đã giải quyết đúng hạn", "en": "ended on time"},
    Verdict.LATE: {"vi": "đã giải quyết quá hạn", "en": "ended late"},
    Verdict.ENDED_NO_DUE: {"vi": "đã giải quyết, không có hạn", "en": "ended, no due date"},
    Verdict.WITHIN: {"vi": "đang giải quyết trong hạn", "en": "in process within due"},
    Verdict.OVERDUE: {"vi": "đang giải quyết quá hạn", "en": "in process, overdue"},
    Verdict.OPEN_NO_DUE: {"vi": "đang giải quyết, không có hạn", "en": "in process, no due date"},
}
WHY: Final[dict[Verdict, Words]] = {
    Verdict.NONE: {
        "vi": "chưa có mốc tiếp nhận trước thời điểm này",
        "en": "no acceptance lies before this instant",
    },
    Verdict.ON_TIME: {
        "vi": "kết thúc lúc {ended}, chậm nhất phải xong lúc {late_at}: sớm hơn {between}",
        "en": "it ended at {ended}, and {late_at} was the last instant in time: {between} before it",
    },
    Verdict.LATE: {
        "vi": "kết thúc lúc {ended}, chậm nhất phải xong lúc {late_at}: muộn {between}",
        "en": "it ended at {ended}, and {late_at} was the last instant in time: {between} after it",
    },
    Verdict.ENDED_NO_DUE: {
        "vi": "kết thúc lúc {ended}, không có hạn trả nên không tính đúng hay quá hạn",
        "en": "it ended at {ended}; it has no due date, so it is neither on time nor late",
    },
    Verdict.WITHIN: {
        "vi": "chưa kết thúc, chậm nhất phải xong lúc {late_at}: còn {between}",
        "en": "nothing has ended it, and {late_at} is the last instant in time: {between} are left",
    },
    Verdict.OVERDUE: {
        "vi": "chưa kết thúc, lẽ ra phải xong lúc {late_at}: đã quá {between}",
        "en": "nothing has ended it, and {late_at} was the last instant in time: {between} ago",
    },
    Verdict.OPEN_NO_DUE: {
        "vi": "chưa kết thúc và không có hạn trả",
        "en": "nothing has ended it, and it has no due date",
    },
}
FROZEN: Final[Words] = {
    "vi": "đang chờ bổ sung, thời hạn tạm dừng từ lúc yêu cầu",
    "en": "it waits for a supplement, and its time stands still since it was asked",
}
REMARKS: Final[dict[str, Words]] = {
    "one_round": {
        "vi": "thời gian chờ bổ sung được cộng vào hạn",
        "en": "the time of waiting for the supplement is added to the due date",
    },
    "appointment": {
        "vi": "hạn trả mới nêu khi bổ sung thay cho hạn cũ",
        "en": "the new appointment stated with the supplement replaces the due date",
    },
    "asked_late": {
        "vi": "yêu cầu bổ sung sau hạn, nên không được cộng thời gian",
        "en": "the supplement was asked for after the due date, so nothing is added",
    },
    "two_rounds": {
        "vi": "yêu cầu bổ sung lần thứ hai: quá hạn từ lúc yêu cầu",
        "en": "it was asked a second time for a supplement, and is late from that asking",
    },
    "corrected": {"vi": "hạn trả đã được sửa và được dùng để tính", "en": "the due date was corrected, and scores so"},
    "moved": {
        "vi": "hạn hiện tại khác hạn được tính: gia hạn không đổi kết quả đánh giá",
        "en": "the due date now stated is not the one that scores: an extension does not change the verdict",
    },
    "computed": {
        "vi": "không có hẹn trả, nên hạn được tính từ thời hạn của thủ tục theo lịch làm việc",
        "en": "no due date was promised, so it is computed from the limit of the procedure in working time",
    },
    "no_calendar": {
        "vi": "không có hẹn trả, và lịch làm việc thiếu năm cần để tính hạn",
        "en": "no due date was promised, and the calendar lacks a year that is needed to compute one",
    },
    "no_limit": {
        "vi": "không có hẹn trả, và bảng thời hạn không có thủ tục này",
        "en": "no due date was promised, and the table of limits has no row for its procedure",
    },
    "no_procedure": {
        "vi": "không có hẹn trả, và hồ sơ không nêu thủ tục",
        "en": "no due date was promised, and the dossier does not say its procedure",
    },
    "voided": {
        "vi": "có mốc kết thúc bị hủy vì hồ sơ được xử lý lại sau đó",
        "en": "an end was voided, since the dossier went back into process after it",
    },
}
CLASSES: Final[dict[str, Words]] = {
    "finished_early": {"vi": "trả trước hạn", "en": "finished before the due day"},
    "finished_on_time": {"vi": "trả đúng hạn", "en": "finished on the due day"},
    "finished_late": {"vi": "trả quá hạn", "en": "finished after the due day"},
    "finished_no_due": {"vi": "trả, không có hạn", "en": "finished, no due date"},
    "closed_without_result": {"vi": "đóng không có kết quả", "en": "closed without result, in no rate"},
}
ENDS: Final[dict[int, Words]] = {
    FINISHED: {"vi": "đã xử lý xong", "en": "finished"},
    RETURNED: {"vi": "đã trả kết quả", "en": "result returned"},
    STOPPED: {"vi": "dừng xử lý", "en": "stopped"},
    WITHDRAWN: {"vi": "công dân rút", "en": "withdrawn"},
    NOT_ACCEPTED: {"vi": "không tiếp nhận", "en": "refused"},
}
LABELS: Final[dict[str, Words]] = {
    "dossier": {"vi": "Hồ sơ {case}, thời điểm {as_of}", "en": "Dossier {case} as of {as_of}"},
    "run": {
        "vi": "lượt {run}, phân vùng {partition}: {read} dữ kiện đã đọc, {own} của hồ sơ này",
        "en": "run {run}, partition {partition}: {read} facts looked through, {own} of this dossier",
    },
    "facts": {"vi": "Dữ kiện theo thứ tự ghi nhận", "en": "Facts in the order in which they were recorded"},
    "recorded": {"vi": "ghi nhận", "en": "recorded"},
    "source": {"vi": "nguồn", "en": "source"},
    "origin": {"vi": "gốc", "en": "origin"},
    "repeated": {"vi": "lặp lại", "en": "repeated"},
    "superseded": {"vi": "đã bị thay thế", "en": "superseded"},
    "cleared": {"vi": "xóa", "en": "cleared"},
    "accepted": {"vi": "tiếp nhận", "en": "accepted"},
    "round": {"vi": "bổ sung lần {number}", "en": "supplement {number}"},
    "asked": {"vi": "yêu cầu {at}", "en": "asked {at}"},
    "closed": {"vi": "xong {at}", "en": "closed {at}"},
    "waiting": {"vi": "đang chờ", "en": "waiting"},
    "appointed": {"vi": "hẹn trả mới {at}", "en": "new appointment {at}"},
    "due": {"vi": "hạn trả", "en": "due"},
    "first": {"vi": "đầu tiên", "en": "first"},
    "corrected": {"vi": "đã sửa", "en": "corrected"},
    "current": {"vi": "hiện tại", "en": "current"},
    "scoring": {"vi": "được tính", "en": "scores"},
    "last_in_time": {"vi": "chậm nhất", "en": "last instant in time"},
    "ended": {"vi": "kết thúc", "en": "ended"},
    "now": {"vi": "lúc này", "en": "now"},
    "week": {"vi": "cuối tuần", "en": "end of week"},
    "month": {"vi": "cuối tháng", "en": "end of month"},
    "quarter": {"vi": "cuối quý", "en": "end of quarter"},
    "year": {"vi": "cuối năm", "en": "end of year"},
    "to_come": {"vi": "chưa hết kỳ", "en": "not over yet"},
    "why": {"vi": "vì", "en": "why"},
    "received_by": {"vi": "tiếp nhận tại", "en": "received at"},
    "decided_by": {"vi": "giải quyết tại", "en": "decided at"},
    "computed": {"vi": "hạn tính được", "en": "computed due date"},
    "computed_scores": {"vi": "được tính, vì không có hẹn trả", "en": "scores, since none was promised"},
    "computed_beside": {"vi": "để so sánh, hạn đã hẹn được tính", "en": "for comparison, the promised one scores"},
    "row": {
        "vi": "bảng thời hạn {limits}, dòng {row}, nguồn: {source}; lịch làm việc {calendar}",
        "en": "table of limits {limits}, row {row}, source: {source}; calendar {calendar}",
    },
    "missing_year": {"vi": "lịch làm việc thiếu năm {year}", "en": "the calendar lacks the year {year}"},
    "used": {"vi": "thời gian giải quyết: {used} làm việc", "en": "settlement time: {used} of working time"},
    "allowed": {"vi": "được phép {allowed}, nhanh hơn {faster} %", "en": "{allowed} were allowed, {faster} % faster"},
    "left": {"vi": "còn {left} làm việc", "en": "{left} of working time left"},
    "overdue_by": {"vi": "đã quá {left} làm việc", "en": "overdue by {left} of working time"},
    "finding": {"vi": "dấu hiệu cần xem lại", "en": "finding"},
    "rule": {"vi": "quy tắc", "en": "rule"},
    "report_class": {"vi": "tỷ lệ báo cáo", "en": "report rate"},
    "none": {"vi": "không có", "en": "none"},
}
UNITS: Final[dict[Lang, tuple[str, str, str, str]]] = {
    "vi": ("ngày", "giờ", "phút", "giây"),
    "en": ("d", "h", "min", "s"),
}


def span(seconds: int, lang: Lang) -> str:
    """A length of time by its two largest units."""
    seconds = abs(seconds)
    counts = (seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60)
    parts = [f"{count} {unit}" for count, unit in zip(counts, UNITS[lang], strict=True) if count]
    return " ".join(parts[:2]) or f"0 {UNITS[lang][3]}"


def working(minutes: int, lang: Lang) -> str:
    """Working time in hours and minutes."""
    hours, rest = divmod(abs(minutes), 60)
    words = UNITS[lang]
    parts = [f"{hours} {words[1]}"] * (hours > 0) + [f"{rest} {words[2]}"] * (rest > 0)
    return " ".join(parts) or f"0 {words[2]}"
