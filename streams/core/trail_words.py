"""The words of a trail: stable codes, and what each says in Vietnamese and in English."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Literal, NamedTuple

from streams.core.deadlines import Unit

Lang = Literal["vi", "en"]


class Words(NamedTuple):
    """One thing said in both languages."""

    vi: str
    en: str

    def of(self, lang: Lang) -> str:
        """The words in one language."""
        return self.vi if lang == "vi" else self.en


class Why(StrEnum):
    """Why the time begins to run when it does."""

    AT_ONCE = "at_once"
    BEFORE_OPENING = "before_opening"
    LUNCH = "lunch"
    AFTER_CLOSE = "after_close"
    DAY_OFF = "day_off"
    SATURDAY = "saturday_is_day_0"


class StepKind(StrEnum):
    """What a stretch of time between start and due date is."""

    DAY_0 = "day_0"
    WORKED = "worked"
    SWAPPED = "swapped_day_worked"
    COUNTED = "calendar_time"
    LUNCH = "lunch"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    PAUSE = "pause"
    PAYMENT = "payment_wait"


class Rule(StrEnum):
    """By which rule the due instant is the one it is."""

    WORKING_DAYS = "close_of_nth_working_day"
    SAME_TIME = "same_time_of_nth_working_day"
    HOURS = "working_hours_used_up"
    CALENDAR = "close_of_last_day"
    MOVED = "moved_from_day_off"
    SAME_DAY = "close_of_same_day"
    AFTER_CUT_OFF = "after_cut_off_next_working_day"


class PauseRule(StrEnum):
    """What pauses do to the due date."""

    NOTHING = "no_time_given_back"
    ADDED = "paused_time_added"
    CARRIED = "paused_time_added_and_carried_to_close"


WHY: Final[Mapping[Why, Words]] = {
    Why.AT_ONCE: Words("ngay khi tiếp nhận, trong giờ làm việc", "at once, in office hours"),
    Why.BEFORE_OPENING: Words("tiếp nhận trước giờ làm việc", "received before the offices opened"),
    Why.LUNCH: Words("tiếp nhận trong giờ nghỉ trưa", "received at lunch"),
    Why.AFTER_CLOSE: Words("tiếp nhận sau giờ làm việc", "received after the close of office"),
    Why.DAY_OFF: Words("tiếp nhận vào ngày nghỉ", "received on a day off"),
    Why.SATURDAY: Words("thứ Bảy tiếp nhận là ngày 0", "the Saturday of reception is day 0"),
}
KINDS: Final[Mapping[StepKind, Words]] = {
    StepKind.DAY_0: Words("ngày 0, không tính", "day 0, not counted"),
    StepKind.WORKED: Words("làm việc", "worked"),
    StepKind.SWAPPED: Words("ngày làm bù", "exchanged day, worked"),
    StepKind.COUNTED: Words("tính mọi ngày", "every day counts"),
    StepKind.LUNCH: Words("nghỉ trưa", "lunch"),
    StepKind.NIGHT: Words("ngoài giờ làm việc", "offices closed"),
    StepKind.WEEKEND: Words("nghỉ cuối tuần", "weekend"),
    StepKind.HOLIDAY: Words("nghỉ lễ", "holiday"),
    StepKind.PAUSE: Words("tạm dừng chờ bổ sung hồ sơ", "paused, waiting for a supplement"),
    StepKind.PAYMENT: Words("chờ nộp phí, lệ phí", "waiting for a payment"),
}
RULES: Final[Mapping[Rule, Words]] = {
    Rule.WORKING_DAYS: Words(
        "hết giờ làm việc của ngày làm việc thứ {count}", "the close of office of working day {count}"
    ),
    Rule.SAME_TIME: Words(
        "cùng giờ bắt đầu tính, vào ngày làm việc thứ {count}", "the time of day of the start, on working day {count}"
    ),
    Rule.HOURS: Words(
        "thời điểm sớm nhất dùng hết {count} giờ làm việc",
        "the earliest instant at which {count} working hours are used up",
    ),
    Rule.CALENDAR: Words("hết giờ làm việc của ngày cuối cùng", "the close of office of the last day"),
    Rule.MOVED: Words(
        "ngày cuối cùng là ngày nghỉ, chuyển sang hết giờ ngày làm việc tiếp theo",
        "the last day is a day off: the close of office of the next working day",
    ),
    Rule.SAME_DAY: Words("trả trong ngày, hết giờ làm việc", "the close of office of the same day"),
    Rule.AFTER_CUT_OFF: Words(
        "bắt đầu tính sau {cut_off}, trả hết giờ ngày làm việc tiếp theo",
        "begun after {cut_off}: the close of office of the next working day",
    ),
}
PAUSE_RULES: Final[Mapping[PauseRule, Words]] = {
    PauseRule.NOTHING: Words("không có thời gian được cộng lại", "no time is given back"),
    PauseRule.ADDED: Words("cộng thời gian tạm dừng", "the paused time is added"),
    PauseRule.CARRIED: Words(
        "cộng thời gian tạm dừng rồi tính đến hết giờ làm việc", "the paused time is added, then to the close of office"
    ),
}
UNITS: Final[Mapping[Unit, Words]] = {
    Unit.WORKING_DAYS: Words("ngày làm việc", "working days"),
    Unit.WORKING_HOURS: Words("giờ làm việc", "working hours"),
    Unit.CALENDAR_DAYS: Words("ngày", "calendar days"),
    Unit.CALENDAR_MONTHS: Words("tháng", "calendar months"),
    Unit.SAME_DAY: Words("trong ngày", "the same day"),
}
HOURS: Final = Words("giờ", "hours")
WEEKDAYS: Final = (
    Words("thứ Hai", "Mon"),
    Words("thứ Ba", "Tue"),
    Words("thứ Tư", "Wed"),
    Words("thứ Năm", "Thu"),
    Words("thứ Sáu", "Fri"),
    Words("thứ Bảy", "Sat"),
    Words("Chủ nhật", "Sun"),
)


def count_of(value: float, lang: Lang) -> str:
    """A number for people, to two decimals; a comma before them in Vietnamese."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "vi" else text


def rule_words(rule: Rule, count: float, cut_off: int) -> Words:
    """A rule with the figures of its limit; `cut_off` in seconds of the day."""
    clock = f"{cut_off // 3600:02}:{cut_off // 60 % 60:02}"
    words = RULES[rule]
    return Words(
        words.vi.format(count=count_of(count, "vi"), cut_off=clock),
        words.en.format(count=count_of(count, "en"), cut_off=clock),
    )
