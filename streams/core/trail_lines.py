"""A trail as plain sentences in Vietnamese or English, one a line."""

from collections.abc import Iterator
from datetime import datetime

from streams.core.civil import Civil, moment_of
from streams.core.deadlines import Limit, Unit
from streams.core.trail import Step, Trail
from streams.core.trail_words import HOURS, KINDS, UNITS, WEEKDAYS, WHY, Lang, StepKind, Why, Words, count_of

_DAYS_LONG = (StepKind.WEEKEND, StepKind.HOLIDAY, StepKind.COUNTED)


def lines(trail: Trail, lang: Lang, civil: Civil) -> list[str]:
    """The trail in sentences, in civil time; the last lines say the due date, its rule, and what may still change."""
    return [
        *_head(trail, lang, civil),
        *_limit(trail, lang, civil),
        *_pauses(trail, lang, civil),
        *_end(trail, lang, civil),
    ]


def _head(trail: Trail, lang: Lang, civil: Civil) -> Iterator[str]:
    yield _say(lang, "Tiếp nhận: {}", "Received: {}", _moment(trail.received, lang, civil))
    why = WHY[trail.why].of(lang)
    name = trail.why_vi if lang == "vi" else trail.why_en
    if trail.why is Why.DAY_OFF:
        why += f" ({name or KINDS[StepKind.WEEKEND].of(lang)})"
    yield _say(lang, "Bắt đầu tính: {} – {}", "Time runs from: {} – {}", _moment(trail.start, lang, civil), why)
    yield _say(lang, "Thời hạn: {}", "Limit: {}", limit_words(trail.limit, lang))


def _limit(trail: Trail, lang: Lang, civil: Civil) -> Iterator[str]:
    timed = trail.limit.unit is Unit.WORKING_HOURS
    for step in trail.steps:
        yield _step(step, lang, civil, unit=UNITS[trail.limit.unit], timed=timed)
    if trail.given_back:
        yield _say(
            lang,
            "Chưa kể tạm dừng, đến hạn {} – {}",
            "Without pauses due {} – {}",
            _moment(trail.unpaused, lang, civil),
            trail.rule_vi if lang == "vi" else trail.rule_en,
        )


def _pauses(trail: Trail, lang: Lang, civil: Civil) -> Iterator[str]:
    calendar_time = trail.limit.unit in (Unit.CALENDAR_DAYS, Unit.CALENDAR_MONTHS)
    unit = HOURS if calendar_time else UNITS[Unit.WORKING_HOURS]
    for step in trail.pauses:
        stretch = (
            f"  {_moment(step.start, lang, civil)} → {_moment(step.end, lang, civil)}: {KINDS[step.kind].of(lang)}"
        )
        if step.kind is StepKind.PAYMENT:
            yield stretch + _say(lang, ", không dời hạn", ", moves no due date")
        else:
            yield stretch + _say(lang, ", cộng lại {}", ", gives back {}", _amount(step.used, unit, lang))
    for step in trail.given_back:
        yield _step(step, lang, civil, unit=unit, timed=True)


def _end(trail: Trail, lang: Lang, civil: Civil) -> Iterator[str]:
    rule = (trail.rule_vi, trail.rule_en) if not trail.given_back else (trail.pause_rule_vi, trail.pause_rule_en)
    yield _say(lang, "Đến hạn: {} – {}", "Due: {} – {}", _moment(trail.due, lang, civil), Words(*rule).of(lang))
    if trail.provisional:
        years = ", ".join(map(str, trail.provisional))
        yield _say(
            lang,
            "Lịch làm việc năm {} chưa chính thức: hạn này có thể thay đổi",
            "The working calendar of {} is provisional: this due date may change",
            years,
        )


def limit_words(limit: Limit, lang: Lang) -> str:
    """A limit for people: 5 working days."""
    unit = UNITS[limit.unit]
    return unit.of(lang) if limit.unit is Unit.SAME_DAY else _amount(limit.count, unit, lang)


def _amount(value: float, unit: Words, lang: Lang) -> str:
    words = unit.of(lang)
    if lang == "en" and value == 1:
        words = words.removesuffix("s")
    return f"{count_of(value, lang)} {words}"


def _step(step: Step, lang: Lang, civil: Civil, *, unit: Words, timed: bool) -> str:
    by_day = step.kind in _DAYS_LONG or not timed
    text = _days(step, lang, civil) if by_day else _times(step, lang, civil)
    what = KINDS[step.kind].of(lang)
    name = step.name_vi if lang == "vi" else step.name_en
    if name:
        what += f" ({name})"
    if step.used:
        what += _say(lang, ", tính {}", ", counts {}", _amount(step.used, unit, lang))
    return f"  {text}: {what}"


def _days(step: Step, lang: Lang, civil: Civil) -> str:
    first, last = (moment_of(instant, civil.zone) for instant in (step.start, step.end - 1))
    if first.date() == last.date():
        return _date(first, lang)
    return f"{_date(first, lang)} → {_date(last, lang)}"


def _times(step: Step, lang: Lang, civil: Civil) -> str:
    first, last = (moment_of(instant, civil.zone) for instant in (step.start, step.end))
    if first.date() == last.date():
        return f"{_date(first, lang)} {first:%H:%M} → {last:%H:%M}"
    return f"{_date(first, lang)} {first:%H:%M} → {_date(last, lang)} {last:%H:%M}"


def _moment(instant: int, lang: Lang, civil: Civil) -> str:
    moment = moment_of(instant, civil.zone)
    seconds = f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
    return f"{_date(moment, lang)} {seconds}"


def _date(moment: datetime, lang: Lang) -> str:
    weekday = WEEKDAYS[moment.weekday()].of(lang)
    return f"{weekday} {moment:%d/%m/%Y}" if lang == "vi" else f"{weekday} {moment:%Y-%m-%d}"


def _say(lang: Lang, vi: str, en: str, *values: str) -> str:
    return (vi if lang == "vi" else en).format(*values)
