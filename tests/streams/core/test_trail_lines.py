"""A trail in sentences, and the examples of the documents, which are made here."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

import pytest

from streams.core.calendar import read_calendar
from streams.core.civil import Civil, seconds
from streams.core.deadlines import Limit, Pause, Unit
from streams.core.trail import trail
from streams.core.trail_lines import limit_words, lines
from streams.core.trail_words import KINDS, PAUSE_RULES, RULES, UNITS, WHY, Lang, PauseRule, Rule, StepKind, Why, Words
from tests.streams.core.walked import SHIPPED, Walk, cases

CIVIL = Civil("Asia/Ho_Chi_Minh")
VIETNAM = read_calendar(SHIPPED, "vietnam.csv", CIVIL)
PAGE = Path(__file__).parents[3] / "docs" / "deadlines.md"
LANGS: tuple[Lang, ...] = ("vi", "en")


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")))


@pytest.mark.parametrize("lang", LANGS)
def test_the_example_in_the_documents_is_what_the_code_says(lang: Lang) -> None:
    found = trail(
        VIETNAM,
        at("2026-08-20 17:30"),
        Limit(Unit.WORKING_DAYS, 10),
        [Pause(at("2026-08-27 09:00"), at("2026-08-28 10:00"))],
        payments=[Pause(at("2026-08-24 09:00"), at("2026-08-24 10:00"))],
    )
    block = "\n".join(["```", *lines(found, lang, CIVIL), "```"])
    assert block in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("codes", "words"),
    [(Why, WHY), (StepKind, KINDS), (Rule, RULES), (PauseRule, PAUSE_RULES), (Unit, UNITS)],
    ids=["why", "kinds", "rules", "pause rules", "units"],
)
def test_every_code_has_words_in_both_languages_with_the_same_figures(
    codes: type[Why | StepKind | Rule | PauseRule | Unit], words: dict[object, Words]
) -> None:
    assert list(words) == list(codes)
    for both in words.values():
        assert both.vi
        assert both.en
        assert both.vi != both.en
        figures = [{field for _, field, _, _ in Formatter().parse(text) if field} for text in both]
        assert figures[0] == figures[1]


@pytest.mark.parametrize("lang", LANGS)
def test_every_trail_has_its_sentences_with_nothing_left_to_fill_in(lang: Lang) -> None:
    from_to = range(at("2024-01-02 00:00"), at("2026-06-01 00:00"))
    for received, limit, held, saturdays in cases(Walk(SHIPPED), 2_000, seed=4):
        if received in from_to and (limit.unit is not Unit.CALENDAR_MONTHS or limit.count < 6):
            found = trail(VIETNAM, received, limit, held, saturdays=saturdays)
            said = lines(found, lang, CIVIL)
            assert not any("{" in line or "None" in line for line in said)
            assert len(said) >= len(found.steps) + len(found.pauses) + 4


def test_a_provisional_year_has_the_last_word() -> None:
    found = trail(VIETNAM, at("2026-12-30 09:00"), Limit(Unit.WORKING_DAYS, 3))
    assert lines(found, "vi", CIVIL)[-1] == "Lịch làm việc năm 2027 chưa chính thức: hạn này có thể thay đổi"
    assert lines(found, "en", CIVIL)[-1] == "The working calendar of 2027 is provisional: this due date may change"


def test_a_day_off_has_its_name_or_is_a_weekend() -> None:
    holiday = trail(VIETNAM, at("2026-11-24 09:00"), Limit(Unit.SAME_DAY))
    weekend = trail(VIETNAM, at("2026-03-07 09:00"), Limit(Unit.SAME_DAY))
    assert lines(holiday, "vi", CIVIL)[1].endswith("tiếp nhận vào ngày nghỉ (Ngày Văn hóa Việt Nam)")
    assert lines(weekend, "en", CIVIL)[1].endswith("received on a day off (weekend)")


LIMITS = [
    (Limit(Unit.WORKING_DAYS, 1), "1 ngày làm việc", "1 working day"),
    (Limit(Unit.WORKING_HOURS, 2.5), "2,5 giờ làm việc", "2.5 working hours"),
    (Limit(Unit.CALENDAR_MONTHS, 2), "2 tháng", "2 calendar months"),
    (Limit(Unit.SAME_DAY), "trong ngày", "the same day"),
]


@pytest.mark.parametrize(("limit", "vi", "en"), LIMITS)
def test_a_limit_reads_as_people_say_it(limit: Limit, vi: str, en: str) -> None:
    assert (limit_words(limit, "vi"), limit_words(limit, "en")) == (vi, en)
