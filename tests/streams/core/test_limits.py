"""The table of limits: which row holds for a dossier, and what is refused."""

from datetime import date

import pytest

from streams.core.civil import day_number
from streams.core.deadlines import Limit, Unit
from streams.core.limits import LimitRow as Row
from streams.core.limits import Limits, LimitsError, read_limits

HEAD = "procedure,count,unit,channel,level,valid_from,same_time,cut_off,source"
DIRECT, ONLINE, POSTAL = 1, 2, 3


def table(*rows: str) -> Limits:
    return read_limits([HEAD, *rows], "limits.csv")


def days_of(limits: Limits, channel: int, level: str, day: str) -> float | None:
    found = limits.find("P", channel, level, day_of(day))
    return None if found is None else found.limit.count


def day_of(text: str) -> int:
    return day_number(date.fromisoformat(text))


TABLE = table(
    "P,10,working_days,,,,,,",
    "P,8,working_days,,commune,,,,",
    "P,6,working_days,online,,,,,",
    "P,4,working_days,online,commune,,,,",
    "P,3,working_days,online,commune,2026-07-01,,,Decision 1",
)


@pytest.mark.parametrize(
    ("channel", "level", "day", "count"),
    [
        (DIRECT, "province", "2026-08-01", 10),
        (DIRECT, "commune", "2026-08-01", 8),
        (ONLINE, "province", "2026-08-01", 6),
        (ONLINE, "commune", "2026-06-30", 4),
        (ONLINE, "commune", "2026-07-01", 3),
        (POSTAL, "commune", "2026-07-01", 8),
    ],
)
def test_the_row_that_names_most_of_a_dossier_holds_and_the_channel_before_the_level(
    channel: int, level: str, day: str, count: int
) -> None:
    assert days_of(TABLE, channel, level, day) == count


def test_a_procedure_that_is_not_in_the_table_has_no_limit() -> None:
    assert TABLE.find("Q", DIRECT, "commune", day_of("2026-07-01")) is None


def test_a_row_that_begins_later_does_not_hold_yet() -> None:
    assert days_of(table("P,5,working_days,,,2026-07-01,,,"), DIRECT, "", "2026-06-30") is None


def test_a_row_says_its_limit_its_source_and_its_number() -> None:
    found = table("P,0,same_day,,,,,14:30,Decision 2", "Q,7.5,working_hours,,,,,,", "R,5,working_days,,,,yes,,").rows
    assert found[0] == Row("P", Limit(Unit.SAME_DAY, cut_off=52_200), source="Decision 2", row=1)
    assert found[1].limit == Limit(Unit.WORKING_HOURS, 7.5)
    assert found[2].limit.same_time


def test_equal_tables_have_the_same_version_and_others_another() -> None:
    assert table("P,1,working_days,,,,,,").version == table("P,1,working_days,,,,,,").version
    assert table("P,1,working_days,,,,,,").version != table("P,2,working_days,,,,,,").version


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("P,10,working_days,,,,,,Decision 1, article 2", "more cells than columns"),
        (",10,working_days,,,,,,", "limits.csv, row 1: the column 'procedure' is empty"),
        ("P,0,working_days,,,,,,", "column 'count': a limit must be above 0"),
        ("P,-3,working_hours,,,,,,", "column 'count': a limit must be above 0"),
        ("P,,working_days,,,,,,", "column 'count': a limit must be above 0"),
        ("P,ten,working_days,,,,,,", "column 'count': 'ten' is not a number"),
        ("P,nan,working_hours,,,,,,", "is not a number"),
        ("P,inf,working_hours,,,,,,", "is not a number"),
        ("P,2.5,working_days,,,,,,", "only working hours may have a fraction"),
        ("P,5,days,,,,,,", "column 'unit': 'days' is not one of working_days, working_hours"),
        ("P,5,working_days,phone,,,,,", "column 'channel': 'phone' is not one of direct, online, postal"),
        ("P,5,working_days,,district,,,,", "column 'level': 'district' is not one of country, province"),
        ("P,5,working_days,,,01/07/2026,,,", "column 'valid_from': '01/07/2026' is not a date"),
        ("P,5,working_days,,,,maybe,,", "column 'same_time': 'maybe' is neither yes nor no"),
        ("P,0,same_day,,,,,25:00,", "column 'cut_off': '25:00' is not a time of day"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_row_and_column(row: str, words: str) -> None:
    with pytest.raises(LimitsError) as refused:
        table(row)
    assert words in str(refused.value)
    assert "limits.csv" in str(refused.value)


def test_two_rows_for_the_same_dossiers_are_refused() -> None:
    with pytest.raises(LimitsError, match="rows 1 and 2 both set the limit of 'P'"):
        table("P,5,working_days,,,,,,", "P,6,working_days,,,,,,")


def test_a_table_without_a_column_or_with_an_unknown_one_is_refused() -> None:
    with pytest.raises(LimitsError, match="no column 'unit'"):
        read_limits(["procedure,count", "P,1"], "limits.csv")
    with pytest.raises(LimitsError, match="unknown column 'days'"):
        read_limits(["procedure,count,unit,days", "P,1,working_days,3"], "limits.csv")
