"""The calendar's file: what it says, and how each mistake is named."""

from __future__ import annotations

from collections import Counter
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from streams.core.calendar import Calendar, CalendarError, Kind, Status, Week, read_calendar
from streams.core.calendar_rows import RowKind
from streams.core.civil import Civil, day_number

CIVIL = Civil("Asia/Ho_Chi_Minh")
SHIPPED = (resources.files("streams") / "data" / "calendars" / "vietnam.csv").read_text(encoding="utf-8").splitlines()
HEADER = "date,weekday,kind,value,name_vi,name_en,source"
WEEK = ("2026-01-01,Thu,weekdays,Mon-Fri,,,law", "2026-01-01,,hours,07:30-11:30 13:00-17:00,,,province")
YEAR = "2026-01-01,,confirmed_year,,,,notice"
TET = "2026-02-17,Tue,holiday,,Tết,Tết,law"


def read(*rows: str) -> Calendar:
    return read_calendar([HEADER, *rows], "mine.csv", CIVIL)


def at(text: str) -> int:
    return day_number(date.fromisoformat(text))


def test_the_shipped_calendar_says_years_week_and_the_source_of_every_row() -> None:
    calendar = read_calendar(SHIPPED, "vietnam.csv", CIVIL)
    assert calendar.years == {**dict.fromkeys((2024, 2025, 2026), Status.CONFIRMED), 2027: Status.PROVISIONAL}
    assert list(calendar.weeks.values()) == [Week()]
    assert all(one.source and one.name and one.name_en for one in calendar.exceptions.values())


def test_every_worked_saturday_that_ships_stands_for_one_weekday_that_is_off() -> None:
    calendar = read_calendar(SHIPPED, "vietnam.csv", CIVIL)
    worked = {one.name[-10:] for one in calendar.exceptions.values() if one.kind is Kind.WORKING_SATURDAY}
    swapped = [one for one in calendar.exceptions.values() if one.name.startswith("nghỉ hoán đổi")]
    assert worked == {f"{day:%d/%m/%Y}" for day in (date.fromordinal(one.day + 719_163) for one in swapped)}
    assert {one.name[-10:] for one in swapped} == {
        f"{date.fromordinal(one.day + 719_163):%d/%m/%Y}"
        for one in calendar.exceptions.values()
        if one.kind is Kind.WORKING_SATURDAY
    }


def test_the_law_gives_eleven_paid_holidays_a_year_and_twelve_since_the_culture_day() -> None:
    # Labour Code 2019 art. 112: 1 + 5 + 1 + 1 + 1 + 2 days; Resolution 28/2026/QH16 adds one from 2026 on.  Days made
    # up for (`nghỉ bù`, Tết days on a weekend) and exchanged ones are apart: here weekdays off by no exchange.
    calendar = read_calendar(SHIPPED, "vietnam.csv", CIVIL)
    off = Counter(
        date.fromordinal(day + 719_163).year
        for day, one in calendar.exceptions.items()
        if one.kind is Kind.HOLIDAY
        and not one.name.startswith("nghỉ hoán đổi")
        and date.fromordinal(day + 719_163).weekday() < 5
    )
    assert off == {2024: 11, 2025: 11, 2026: 12, 2027: 12}


def test_a_week_may_change_on_any_day_and_rows_may_stand_in_any_order() -> None:
    calendar = read(
        "2026-07-01,Wed,hours,07:00-11:30 13:30-17:00,,,province",
        TET,
        *WEEK,
        "2026-10-01,Thu,weekdays,Mon-Sat,,,province",
        YEAR,
    )
    assert calendar.week_of(at("2026-06-30")) == Week()
    assert calendar.week_of(at("2026-07-01")).hours == ((25_200, 41_400), (48_600, 61_200))
    assert calendar.week_of(at("2026-10-03")).weekdays == (0, 1, 2, 3, 4, 5)
    assert calendar.is_working(at("2026-10-03"))
    assert not calendar.is_working(at("2026-09-26"))


def test_a_week_that_began_before_the_first_year_holds_in_it() -> None:
    calendar = read("2020-03-01,,weekdays,Mon-Fri,,,law", "2021-05-01,,hours,08:00-12:00,,,province", YEAR)
    assert calendar.week_of(at("2026-01-01")).hours == ((28_800, 43_200),)


def test_a_year_of_provisional_rows_alone_is_provisional() -> None:
    assert read(*WEEK, YEAR.replace("confirmed", "provisional")).years == {2026: Status.PROVISIONAL}


def test_spreadsheets_put_a_mark_before_the_header() -> None:
    assert read_calendar(["\ufeff" + HEADER, *WEEK, YEAR], "mine.csv", CIVIL).years == {2026: Status.CONFIRMED}


WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "unknown kind": ((*WEEK, YEAR, "2026-05-01,,feast,,x,x,law"), r"row 5, column 'kind': 'feast' is not one of"),
    "bad date": ((*WEEK, YEAR, "01/05/2026,,holiday,,x,x,law"), r"row 5, column 'date': '01/05/2026' is not a date"),
    "a date that does not exist": ((*WEEK, YEAR, "2026-02-29,,holiday,,x,x,law"), r"row 5, column 'date'"),
    "another weekday": (
        (*WEEK, YEAR, "2026-05-01,Thu,holiday,,x,x,law"),
        r"row 5, column 'weekday': 2026-05-01 is a Fri, not 'Thu'",
    ),
    "the same day off twice": (
        (*WEEK, YEAR, TET, TET),
        r"row 6, column 'date': 2026-02-17 is holiday in mine.csv, row 5",
    ),
    "a Saturday worked twice": (
        (*WEEK, YEAR, *["2026-08-22,Sat,working_saturday,,x,x,n"] * 2),
        r"row 6, column 'date': 2026-08-22 is working_saturday in mine.csv, row 5 already",
    ),
    "a day both worked and off": (
        (*WEEK, YEAR, "2026-08-22,Sat,holiday,,x,x,n", "2026-08-22,Sat,working_saturday,,x,x,n"),
        r"row 6, column 'date': 2026-08-22 is holiday",
    ),
    "a year with two statuses": (
        (*WEEK, YEAR, YEAR.replace("confirmed", "provisional")),
        r"row 5, column 'date': 2026-01-01 is confirmed_year in mine.csv, row 4 already",
    ),
    "hours given twice": ((*WEEK, WEEK[1], YEAR), r"row 4, column 'date': 2026-01-01 is hours in"),
    "a Sunday as worked Saturday": (
        (*WEEK, YEAR, "2026-08-23,,working_saturday,,x,x,n"),
        r"row 5, column 'date': 2026-08-23 is a Sun, not a Saturday",
    ),
    "a Saturday that is worked anyway": (
        (WEEK[0].replace("Mon-Fri", "Mon-Sat"), WEEK[1], YEAR, "2026-08-22,,working_saturday,,x,x,n"),
        r"row 5, column 'kind': 2026-08-22 is worked anyway",
    ),
    "hours that overlap": (
        (WEEK[0], "2026-01-01,,hours,07:30-13:30 13:00-17:00,,,p", YEAR),
        r"row 3, column 'value': office hours .* overlap",
    ),
    "hours that touch": (
        (WEEK[0], "2026-01-01,,hours,07:30-13:00 13:00-17:00,,,p", YEAR),
        r"row 3, column 'value': .*touch",
    ),
    "hours that are no hours": (
        (WEEK[0], "2026-01-01,,hours,7h30-11h30,,,p", YEAR),
        r"row 3, column 'value': '7h30-11h30' is not an interval; write 07:30-11:30",
    ),
    "hours past midnight": ((WEEK[0], "2026-01-01,,hours,22:00-25:00,,,p", YEAR), r"'22:00-25:00' is not an interval"),
    "hours that are missing": ((WEEK[0], "2026-01-01,,hours,,,,p", YEAR), r"row 3, column 'value': office hours ''"),
    "a weekday nobody knows": (("2026-01-01,,weekdays,T2-T6,,,p", WEEK[1], YEAR), r"row 2, column 'value': 'T2-T6'"),
    "weekdays twice": (("2026-01-01,,weekdays,Mon-Wed Wed,,,p", WEEK[1], YEAR), r"must name weekdays once each"),
    "weekdays backwards": (("2026-01-01,,weekdays,Fri-Mon,,,p", WEEK[1], YEAR), r"must name weekdays once each"),
    "no week": ((YEAR, TET), r"the working week of 2026-01-01 is not given; write rows"),
    "a week that holds too late": (
        (WEEK[0], WEEK[1].replace("2026-01-01", "2026-01-02"), YEAR),
        r"the working week of 2026-01-01 is not given",
    ),
    "a week of a year that is not there": (
        (*WEEK, YEAR, "2027-01-01,,hours,08:00-12:00,,,p"),
        r"row 5, column 'date': 2027 is not a year of this calendar",
    ),
    "a day of a year without status": (
        (*WEEK, YEAR, "2027-01-01,Fri,holiday,,x,x,law"),
        r"row 5, column 'date': 2027 has no status; add 2027-01-01,confirmed_year",
    ),
    "a year between that is missing": (
        (*WEEK, YEAR, YEAR.replace("2026", "2028")),
        r"mine.csv: 2027 is missing between others",
    ),
    "no year": ((*WEEK,), r"mine.csv: no year; write a row such as"),
    "a status inside a year": (
        (*WEEK, "2026-02-01,,confirmed_year,,,,n"),
        r"row 4, column 'date': 2026-02-01 is no first day of a year",
    ),
    "no source": ((*WEEK, YEAR, "2026-05-01,,holiday,,x,x,"), r"row 5, column 'source': empty; name the law"),
    "no name": ((*WEEK, YEAR, "2026-05-01,,holiday,,,,law"), r"row 5, column 'name_vi': empty"),
    "a value that means nothing": ((*WEEK, YEAR, "2026-05-01,,holiday,1,x,x,law"), r"row 5, column 'value': '1'"),
    "a comma without quotes": ((*WEEK, YEAR, "2026-05-01,,holiday,,x,x,law, art. 112"), r"row 5: more cells than"),
}


@pytest.mark.parametrize(("rows", "says"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named_with_row_column_and_what_would_be_right(rows: tuple[str, ...], says: str) -> None:
    with pytest.raises(CalendarError, match=says):
        read(*rows)


@pytest.mark.parametrize("column", ["date", "kind", "value", "name_vi", "source"])
def test_a_column_that_is_missing_is_named(column: str) -> None:
    with pytest.raises(CalendarError, match=rf"mine.csv: no column '{column}'; a calendar has date,kind,value"):
        read_calendar([HEADER.replace(column, "other", 1), *WEEK, YEAR], "mine.csv", CIVIL)


def test_a_file_that_is_set_off_by_semicolons_is_told_to_use_commas() -> None:
    with pytest.raises(CalendarError, match=r"no column 'date'.*set off by commas"):
        read_calendar([HEADER.replace(",", ";")], "mine.csv", CIVIL)


def test_the_example_in_the_documents_is_a_calendar() -> None:
    page = (Path(__file__).parents[3] / "docs" / "deadlines.md").read_text(encoding="utf-8")
    example = page.split("```\n")[1].splitlines()
    assert example[0] == HEADER
    calendar = read_calendar(example, "deadlines.md", CIVIL)
    assert calendar.is_working(at("2026-08-22"))
    assert calendar.reason_off(at("2026-09-02"), english=True) == "National Day"


@pytest.mark.parametrize("kind", RowKind)
def test_every_kind_of_row_stands_in_the_documents(kind: RowKind) -> None:
    page = (Path(__file__).parents[3] / "docs" / "deadlines.md").read_text(encoding="utf-8")
    assert f"| `{kind}` |" in page
