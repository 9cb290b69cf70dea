"""Tables of figures that others publish: what is read, and what is refused with row and column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from streams.core.published import UnitKind
from streams.sources.published import COLUMNS, NEEDED, PublishedTable, read_published
from streams.sources.rejections import Reason
from streams.sources.tables import TableError
from tests.streams.core.indicators.published import provinces

HEAD = "index,component,kind,unit,period,score,maximum,rank,of,group,numerator,denominator,source,date"
GOOD = "QD766,2.1,province,H44,2026,17.68,20,19,34,,528684,597918,portal,2026-09-26"


def read(*rows: str, head: str = HEAD, more: tuple[str, ...] = ()) -> PublishedTable:
    return read_published("\n".join([head, *rows]).encode(), {"H44", "H45"}.__contains__, more)


def changed(column: str, text: str) -> str:
    cells = GOOD.split(",")
    cells[HEAD.split(",").index(column)] = text
    return ",".join(cells)


def test_a_row_is_read_with_exact_numbers() -> None:
    [figure], rejections = read(GOOD)
    assert rejections == []
    assert (figure.score, figure.maximum, figure.rank, figure.of) == (Decimal("17.68"), Decimal(20), 19, 34)
    assert (figure.kind, figure.numerator, figure.date) == (UnitKind.PROVINCE, 528684, date(2026, 9, 26))


def test_the_published_totals_of_the_provinces_are_read_as_they_were_printed() -> None:
    rows = [
        f"QD766,,province,{row.province},2026,{row.total / 100:.2f},100,{row.rank},34,,,,portal,2026-10-10"
        for row in provinces()
    ]
    table = read_published("\n".join([HEAD, *rows]).encode(), lambda _: True)
    assert table.rejections == []
    assert [int((figure.score or 0) * 100) for figure in table.figures] == [row.total for row in provinces()]


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("index", "PARINDEX", Reason.UNKNOWN_NAME),
        ("component", "9.9", Reason.UNKNOWN_NAME),
        ("kind", "planet", Reason.UNKNOWN_NAME),
        ("kind", "district", Reason.UNKNOWN_NAME),
        ("unit", "H99", Reason.UNKNOWN_NAME),
        ("unit", "", Reason.MISSING_FIELD),
        ("source", "", Reason.MISSING_FIELD),
        ("period", "all", Reason.WRONG_TYPE),
        ("period", "26", Reason.WRONG_TYPE),
        ("date", "26/09/2026", Reason.WRONG_TYPE),
        ("date", "0026-09-26", Reason.OUT_OF_RANGE),
        ("score", "20.01", Reason.IMPOSSIBLE),
        ("score", "-1", Reason.IMPOSSIBLE),
        ("score", "1_0", Reason.WRONG_TYPE),
        ("score", "nan", Reason.WRONG_TYPE),
        ("score", "1e3", Reason.WRONG_TYPE),
        ("maximum", "1000000", Reason.OUT_OF_RANGE),
        ("rank", "35", Reason.IMPOSSIBLE),
        ("rank", "0", Reason.IMPOSSIBLE),
        ("rank", "1.5", Reason.WRONG_TYPE),
        ("numerator", "-1", Reason.IMPOSSIBLE),
        ("group", "x" * 301, Reason.WRONG_TYPE),
    ],
)
def test_a_cell_that_cannot_be_is_refused_with_row_and_column(column: str, text: str, reason: Reason) -> None:
    figures, [rejection] = read(GOOD.replace("H44", "H45"), changed(column, text))
    assert len(figures) == 1
    assert (rejection.reason, rejection.offset) == (reason, 2)
    assert rejection.detail.startswith(f"row 2 (line 3), column '{column}': ")


def test_two_values_for_one_cell_are_both_refused_whichever_comes_first() -> None:
    for rows in ([GOOD, changed("score", "17.67")], [changed("score", "17.67"), GOOD]):
        figures, rejections = read(*rows)
        assert figures == []
        assert [(one.reason, one.offset) for one in rejections] == [(Reason.CONFLICT, 1), (Reason.CONFLICT, 2)]
        assert "column 'score': rows 1, 2" in rejections[0].detail


def test_the_same_value_twice_is_one_figure() -> None:
    figures, rejections = read(GOOD, GOOD, changed("source", "another"))
    assert (len(figures), rejections) == (1, [])


def test_another_date_is_another_cell() -> None:
    figures, _ = read(GOOD, changed("date", "2026-09-27"))
    assert len(figures) == 2


def test_former_provinces_are_not_looked_up_in_the_register() -> None:
    row = changed("kind", "former_province").replace("H44", "Vĩnh Phúc")
    [figure], _ = read(row)
    assert (figure.kind, figure.unit) == (UnitKind.FORMER_PROVINCE, "Vĩnh Phúc")


def test_an_index_by_another_name_is_taken_where_it_is_named() -> None:
    row = changed("index", "Chỉ số tỉnh").replace(",2.1,", ",Trụ cột 1,")
    assert read(row).figures == []
    [figure], _ = read(row, more=("Chỉ số tỉnh",))
    assert (figure.index, figure.component) == ("Chỉ số tỉnh", "Trụ cột 1")


def test_a_rank_or_a_group_alone_is_a_figure_and_none_of_the_three_is_not() -> None:
    bare = "PAPI,,province,H44,2025,{},,{},,{},,,ceco,2026-03-01"
    figures, _ = read(bare.format("", "7", ""))
    assert figures[0].score is None
    assert read(bare.format("", "", "cao")).figures[0].group == "cao"
    assert [one.reason for one in read(bare.format("", "", "")).rejections] == [Reason.MISSING_FIELD]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_tables_of_other_countries_spreadsheets_are_read(delimiter: str) -> None:
    head, row = (line.replace(",", delimiter) for line in (HEAD, GOOD))
    [figure], rejections = read_published(
        f"\ufeff{head}\r\n{row.replace('17.68', '17,68')}\r\n".encode(), lambda _: True
    )
    assert (figure.score, rejections) == (Decimal("17.68"), [])


def test_a_row_with_more_cells_than_columns_is_refused() -> None:
    _, [rejection] = read(f"{GOOD},68")
    assert rejection.reason is Reason.UNREADABLE


@pytest.mark.parametrize("column", NEEDED)
def test_a_table_without_a_needed_column_says_which(column: str) -> None:
    head = ",".join(name for name in COLUMNS if name != column)
    with pytest.raises(TableError, match=f"no column '{column}'"):
        read(head=head)


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "empty"), (b"\xff\xfe", "UTF-8"), ((HEAD + ",index\n").encode(), "twice"), (b'index,"', "CSV")],
)
def test_what_is_no_table_at_all_is_said(data: bytes, says: str) -> None:
    with pytest.raises(TableError, match=says):
        read_published(data, lambda _: True)
