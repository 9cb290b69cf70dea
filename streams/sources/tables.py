"""Tables of dossiers (CSV, also compressed with gzip): bytes -> native events of each row, or why there are none.

Rows are read one after another; what is held in memory does not grow with the file.
"""

import codecs
import csv
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, BinaryIO, Final, NamedTuple

from streams.core.events import Channel, Event
from streams.errors import MotcuaError
from streams.sources.dates import Dates
from streams.sources.mappings import DESCRIPTIONS, ENDED, MILESTONES, OPEN, RECEPTIONS, Mapping
from streams.sources.rejections import Reason, Refused, Rejection

CHUNK: Final = 1 << 16
MAX_LINE: Final = 1 << 20  # characters; a line without end must not fill the memory
MAX_CODE: Final = 120  # characters, as in native events
_GZIP: Final = b"\x1f\x8b"
_AS_GZIP: Final = 31  # zlib's word for "with gzip's header and checksum"
_NOT_DECODED: Final = "�"
_CACHED: Final = 100_000  # codes and words seen; more are checked again


class TableError(MotcuaError):
    """A table that cannot be read at all; the text says what is wrong and what would be right."""


class Row(NamedTuple):
    """The events of one row.  `number` counts rows of data from 1, `line` the lines of the file."""

    number: int
    line: int
    events: list[Event]


def read_table(
    file: BinaryIO, mapping: Mapping, *, name: str = "the table", after: int = 0
) -> Iterator[Row | Rejection]:
    """Every row of a table after row `after`, in order; a row is refused whole.

    A rejection has the row's number as its offset.  TableError when there is no header or it lacks a column.
    """
    end = _End()
    lines = _lines(_decoded(_chunks(file, end), mapping.encoding))
    cells = csv.reader(lines, delimiter=mapping.delimiter, strict=True)
    translator = _Translator(mapping, _header(cells, name, end), name)
    number = 0
    while True:
        try:
            row = next(cells)
        except StopIteration:
            break
        except csv.Error as error:
            number += 1
            if number > after:
                yield _rejection(number, cells.line_num, Refused(Reason.UNREADABLE, f"not readable as CSV: {error}"))
            continue
        if not row:
            continue
        number += 1
        if number <= after:
            continue
        try:
            yield Row(number, cells.line_num, translator.events(row))
        except Refused as refused:
            yield _rejection(number, cells.line_num, refused)
    if end.cut:
        yield _rejection(number + 1, cells.line_num + 1, Refused(Reason.UNREADABLE, f"{end.cut}; send the whole file"))


def _rejection(number: int, line: int, refused: Refused) -> Rejection:
    return Rejection(refused.reason, f"row {number} (line {line}): {refused.detail}", offset=number)


class _End:
    """How the bytes of a file ended: `cut` says what is missing, and is empty when nothing is."""

    cut = ""


def _chunks(file: BinaryIO, end: _End) -> Iterator[bytes]:
    data = file.read(CHUNK)
    if not data.startswith(_GZIP):
        while data:
            yield data
            data = file.read(CHUNK)
        return
    unpack = zlib.decompressobj(_AS_GZIP)
    while data:
        try:
            out = unpack.decompress(data, CHUNK * 4)
        except zlib.error:
            end.cut = "the compressed file is damaged from here on"
            return
        if out:
            yield out
        data = unpack.unconsumed_tail
        if unpack.eof:
            data = unpack.unused_data.lstrip(b"\0") or file.read(CHUNK)
            unpack = zlib.decompressobj(_AS_GZIP) if data else unpack
        elif not data:
            data = file.read(CHUNK)
    if not unpack.eof:
        end.cut = "the compressed file ends in the middle"


def _decoded(chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    name = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    decoder = codecs.getincrementaldecoder(name)(errors="replace")  # a bad byte costs its row, not the file
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _lines(texts: Iterator[str]) -> Iterator[str]:
    rest = ""
    for text in texts:
        pieces = (rest + text).split("\n")
        rest = pieces.pop()
        for piece in pieces:
            yield piece + "\n"
        if len(rest) > MAX_LINE:
            yield rest
            rest = ""
    if rest:
        yield rest


def _header(cells: Iterator[list[str]], name: str, end: _End) -> list[str]:
    try:
        header = next((row for row in cells if row), None)
    except csv.Error as error:
        raise TableError(f"The first line of {name} is not readable as CSV: {error}.") from error
    if header is None:
        why = f": {end.cut}" if end.cut else ""
        raise TableError(f"There is nothing in {name}{why}. A table begins with a line that names its columns.")
    return [cell.strip() for cell in header]


class _Translator:
    """Rows of cells into events, by one mapping and one header."""

    def __init__(self, mapping: Mapping, header: list[str], name: str) -> None:
        places = _places(mapping, header, name)
        self._width = len(header)
        self._dates = Dates(mapping)
        self._absent = frozenset(("", *mapping.absent))
        self._source = mapping.source
        self._columns = {meaning: f"column `{column}`" for meaning, column in mapping.columns.items()}
        self._dossier = places["dossier"]
        self._required = [(places[meaning], self._columns[meaning]) for meaning in mapping.required]
        described = [meaning for meaning in DESCRIPTIONS if meaning in places]
        self._described = [(places[meaning], meaning, self._reader(meaning)) for meaning in described]
        self._receptions = [(places[name], name) for name in RECEPTIONS if name in places]
        self._milestones = [(places[name], name) for name in MILESTONES if name in places and name not in RECEPTIONS]
        self._ended = (places[ENDED], places["status"]) if ENDED in places else None
        self._channels = mapping.channels
        self._status = mapping.status
        self._codes: dict[str, str] = {}

    def events(self, row: list[str]) -> list[Event]:
        """The events of one row; Refused says which column is not as it must be, without quoting it."""
        if len(row) != self._width:
            cut = " (cut short?)" if len(row) < self._width else ""
            raise Refused(Reason.UNREADABLE, f"{len(row)} columns instead of {self._width}{cut}")
        cells = [cell.strip() for cell in row]
        for place, column in self._required:
            if cells[place] in self._absent:
                raise Refused(Reason.MISSING_FIELD, f"{column} is empty")
        if cells[self._dossier] in self._absent:
            raise Refused(Reason.MISSING_FIELD, f"{self._columns['dossier']} is empty: the code of the dossier")
        dossier = _code(cells[self._dossier], self._columns["dossier"])
        found = self._received(cells, dossier)
        for place, meaning in self._milestones:
            found += self._milestone(cells[place], meaning, meaning, dossier)
        if self._ended is not None:
            found += self._end(cells[self._ended[0]], cells[self._ended[1]], dossier)
        if not found:
            raise Refused(Reason.MISSING_FIELD, "no milestone has a date: nothing has happened to this dossier")
        return found

    def _received(self, cells: list[str], dossier: str) -> list[Event]:
        about: dict[str, Any] = {}
        for place, meaning, read in self._described:
            if (cell := cells[place]) not in self._absent:
                about[meaning] = read(cell)
        found: list[Event] = []
        for place, reception in self._receptions:
            found += self._milestone(cells[place], reception, reception, dossier, about)
        if about and not found:
            columns = " and ".join(self._columns[meaning] for _, meaning in self._receptions)
            raise Refused(Reason.MISSING_FIELD, f"{columns}: empty, so nobody knows when it was received")
        return found

    def _milestone(
        self, cell: str, meaning: str, column: str, dossier: str, about: dict[str, Any] | None = None
    ) -> list[Event]:
        if cell in self._absent:
            return []
        at = self._moment(cell, column)
        if at is None:
            return []
        return [MILESTONES[meaning](dossier=dossier, at=at, source=self._source, **(about or {}))]

    def _end(self, cell: str, word: str, dossier: str) -> list[Event]:
        if word in self._absent:
            raise Refused(Reason.MISSING_FIELD, f"{self._columns['status']} is empty")
        meaning = self._status.get(word)
        if meaning is None:
            raise Refused(Reason.UNKNOWN_KIND, f"{self._columns['status']} holds a word that [status] does not list")
        if meaning == OPEN:
            return []
        found = self._milestone(cell, meaning, ENDED, dossier)
        if not found:
            raise Refused(Reason.MISSING_FIELD, f"{self._columns[ENDED]} is empty though the status says it has ended")
        return found

    def _moment(self, cell: str, meaning: str) -> datetime | None:
        try:
            found = self._dates.read(cell)
        except (ValueError, OverflowError):
            raise self._no_date(meaning) from None
        return found.moment if found else None

    def _reader(self, meaning: str) -> Callable[[str], Any]:
        if meaning == "due":
            return self._due
        if meaning == "channel":
            return self._channel
        column = self._columns[meaning]
        return lambda cell: self._known_code(cell, column)

    def _due(self, cell: str) -> str | None:
        try:
            return self._dates.due(cell)
        except (ValueError, OverflowError):
            raise self._no_date("due") from None

    def _no_date(self, meaning: str) -> Refused:
        return Refused(Reason.WRONG_TYPE, f"{self._columns[meaning]} is not a date of the form {self._dates.wanted}")

    def _channel(self, cell: str) -> Channel:
        channel = self._channels.get(cell)
        if channel is None:
            raise Refused(Reason.UNKNOWN_KIND, f"{self._columns['channel']} holds a word that [channels] does not list")
        return channel

    def _known_code(self, cell: str, column: str) -> str:
        code = self._codes.get(cell)
        if code is None:
            code = _code(cell, column)
            if len(self._codes) < _CACHED:
                self._codes[cell] = code
        return code


def _code(cell: str, column: str) -> str:
    if len(cell) > MAX_CODE:
        raise Refused(Reason.TOO_LARGE, f"{column} has {len(cell)} characters, a code may have {MAX_CODE}")
    if _NOT_DECODED in cell:
        raise Refused(Reason.UNREADABLE, f"{column} holds bytes that are not in the encoding of the mapping")
    if not cell.isprintable():
        raise Refused(Reason.WRONG_TYPE, f"{column} holds control characters")
    return cell


def _places(mapping: Mapping, header: list[str], name: str) -> dict[str, int]:
    counts = Counter(header)
    for meaning, column in mapping.columns.items():
        if counts[column] != 1:
            there = "is missing" if not counts[column] else "stands there more than once"
            raise TableError(
                f"The mapping takes `{meaning}` from the column `{column}`, which {there} in {name}. "
                f"Its columns are: {', '.join(header)}. Correct [columns], or the delimiter ({mapping.delimiter!r})."
            )
    return {meaning: header.index(column) for meaning, column in mapping.columns.items()}
