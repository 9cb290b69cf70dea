"""Tables of figures that others publish: bytes (CSV) -> figures, and the rows that cannot be, with row and column."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from streams.core.civil import ALL, period_kind
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.published import FORMER, INDEXES, NATIONAL, Cell, PublishedFigure, UnitKind
from streams.core.spans import span_of
from streams.sources.rejections import Reason, Refused, Rejection
from streams.sources.tables import TableError

NEEDED: Final = ("index", "kind", "unit", "period", "source", "date")
OPTIONAL: Final = ("component", "score", "maximum", "rank", "of", "group", "numerator", "denominator")
COLUMNS: Final = NEEDED + OPTIONAL
MAX_BYTES: Final = 20_000_000  # such tables are small; the whole is held, to see two values for one cell
MAX_TEXT: Final = 300
_DECIMAL: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")
_COMPONENTS: Final = frozenset(
    id_ for one in CATALOGUES for id_ in ("", *(i.id for i in one.indicators), *(group.id for group in one.groups))
)


class PublishedTable(NamedTuple):
    """The figures of a table, each once, and what was refused."""

    figures: list[PublishedFigure]
    rejections: list[Rejection]


class _Row(NamedTuple):
    number: int
    line: int
    cells: dict[str, str]
    comma: bool  # numbers have a decimal comma
    longer: bool  # there are more cells than columns


def read_published(
    data: bytes, knows: Callable[[str], bool], more: Iterable[str] = (), name: str = "the table"
) -> PublishedTable:
    """Figures of a CSV table (UTF-8; comma, semicolon or tab; a decimal comma where the comma is no delimiter).

    `knows` says of a unit's code whether the register has it (former units are not looked up); `more` are names of
    indexes beside the known ones.  A row is refused whole; of several values for one cell none is taken.
    TableError where the table cannot be read at all or lacks a column.
    """
    indexes = {one.id for one in INDEXES} | set(more)
    found: dict[Cell, list[tuple[_Row, PublishedFigure]]] = {}
    rejections: list[Rejection] = []
    for row in _rows(data, name):
        try:
            figure = _figure(row, indexes, knows)
        except Refused as refused:
            rejections.append(_rejection(row, refused))
        else:
            found.setdefault(figure.cell, []).append((row, figure))
    figures = []
    for same in found.values():
        clash = _clash([figure for _, figure in same])
        if not clash:
            figures.append(same[0][1])
            continue
        rows = ", ".join(str(row.number) for row, _ in same)
        both = _wrong(Reason.CONFLICT, clash, f"rows {rows} give different values for one cell")
        rejections += [_rejection(row, both) for row, _ in same]
    return PublishedTable(figures, sorted(rejections, key=lambda one: one.offset))


def _rows(data: bytes, name: str) -> Iterator[_Row]:
    if len(data) > MAX_BYTES:
        raise TableError(f"{name} has {len(data)} bytes; a table of published figures may have {MAX_BYTES}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError(f"{name} is not UTF-8; save it as CSV UTF-8") from None
    delimiter = max(",;\t", key=text.strip().partition("\n")[0].count)
    cells = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [column.strip().lower() for column in next(row for row in cells if row)]
        _check_header(header, name)
        for number, row in enumerate((row for row in cells if any(cell.strip() for cell in row)), 1):
            texts = dict(zip(header, (cell.strip() for cell in row), strict=False))
            yield _Row(number, cells.line_num, texts, delimiter != ",", any(row[len(header) :]))
    except StopIteration:
        raise TableError(
            f"{name} is empty; a table of published figures has the columns {', '.join(COLUMNS)}"
        ) from None
    except csv.Error as error:
        raise TableError(f"{name}, line {cells.line_num}: not readable as CSV: {error}") from None


def _check_header(header: list[str], name: str) -> None:
    for column in NEEDED:
        if column not in header:
            raise TableError(
                f"{name}: no column '{column}'; there must be {', '.join(NEEDED)}, there may be {', '.join(OPTIONAL)}"
            )
    twice = [column for column in header if column and header.count(column) > 1]
    if twice:
        raise TableError(f"{name}: the column '{twice[0]}' stands there twice")


def _figure(row: _Row, indexes: set[str], knows: Callable[[str], bool]) -> PublishedFigure:
    if row.longer:
        raise Refused(Reason.UNREADABLE, "more cells than there are columns; is a comma not quoted?")
    index = _text(row, "index")
    if index not in indexes:
        raise _wrong(Reason.UNKNOWN_NAME, "index", "no known index; name it where the table is read, if it is right")
    component = _text(row, "component", needed=False)
    if index == NATIONAL and component not in _COMPONENTS:
        raise _wrong(Reason.UNKNOWN_NAME, "component", "neither an indicator nor a group of the catalogue")
    kind = _kind(row)
    unit = _text(row, "unit")
    if kind not in FORMER and not knows(unit):
        raise _wrong(Reason.UNKNOWN_NAME, "unit", "a code that the register does not hold; former units have a kind")
    figure = PublishedFigure(
        index=index,
        component=component,
        kind=kind,
        unit=unit,
        period=_period(row),
        score=_number(row, "score"),
        maximum=_number(row, "maximum"),
        rank=_count(row, "rank", 1),
        of=_count(row, "of", 1),
        group=_text(row, "group", needed=False),
        numerator=_count(row, "numerator", 0),
        denominator=_count(row, "denominator", 0),
        source=_text(row, "source"),
        date=_date(row),
    )
    _check(figure)
    return figure


def _check(figure: PublishedFigure) -> None:
    if figure.score is None and figure.rank is None and not figure.group:
        raise _wrong(Reason.MISSING_FIELD, "score", "neither score nor rank nor group is given")
    if figure.score is not None and figure.maximum is not None and figure.score > figure.maximum:
        raise _wrong(Reason.IMPOSSIBLE, "score", "greater than the maximum")
    if figure.rank is not None and figure.of is not None and figure.rank > figure.of:
        raise _wrong(Reason.IMPOSSIBLE, "rank", "greater than how many there are")


def _kind(row: _Row) -> UnitKind:
    try:
        return UnitKind(_text(row, "kind"))
    except ValueError:
        raise _wrong(Reason.UNKNOWN_NAME, "kind", f"none of {', '.join(UnitKind)}") from None


def _period(row: _Row) -> str:
    text = _text(row, "period")
    try:
        span_of(text)
        if period_kind(text) != ALL:
            return text
    except ValueError:
        pass
    raise _wrong(Reason.WRONG_TYPE, "period", "not a period: write 2026-W48, 2026-11, 2026-Q4 or 2026")


def _date(row: _Row) -> date:
    text = _text(row, "date")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise _wrong(Reason.WRONG_TYPE, "date", "not a date: write 2026-10-10") from None
    if not 1900 <= found.year < 3000:
        raise _wrong(Reason.OUT_OF_RANGE, "date", "outside 1900 to 2999")
    return found


def _text(row: _Row, column: str, *, needed: bool = True) -> str:
    text = row.cells.get(column, "")
    if needed and not text:
        raise _wrong(Reason.MISSING_FIELD, column, "empty")
    if len(text) > MAX_TEXT or not text.isprintable():
        raise _wrong(Reason.WRONG_TYPE, column, f"longer than {MAX_TEXT} characters, or not printable")
    return text


def _number(row: _Row, column: str) -> Decimal | None:
    text = _text(row, column, needed=False)
    if not text:
        return None
    plain = text.replace(",", ".") if row.comma else text
    if not _DECIMAL.fullmatch(plain):
        raise _wrong(Reason.WRONG_TYPE, column, "not a number")
    number = Decimal(plain)
    if abs(number) >= 1_000_000:
        raise _wrong(Reason.OUT_OF_RANGE, column, "a million or more")
    if number < 0:
        raise _wrong(Reason.IMPOSSIBLE, column, "below 0")
    return number


def _count(row: _Row, column: str, least: int) -> int | None:
    text = _text(row, column, needed=False)
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise _wrong(Reason.WRONG_TYPE, column, "not a whole number")
    if int(text) < least:
        raise _wrong(Reason.IMPOSSIBLE, column, f"below {least}")
    return int(text)


def _clash(same: list[PublishedFigure]) -> str:
    """The first column in which figures of one cell differ; empty where they say the same."""
    first = same[0]
    for column in ("score", "maximum", "rank", "of", "group", "numerator", "denominator"):
        if any(getattr(other, column) != getattr(first, column) for other in same[1:]):
            return column
    return ""


def _wrong(reason: Reason, column: str, what: str) -> Refused:
    return Refused(reason, f"column '{column}': {what}")


def _rejection(row: _Row, refused: Refused) -> Rejection:
    return Rejection(refused.reason, f"row {row.number} (line {row.line}), {refused.detail}", offset=row.number)
