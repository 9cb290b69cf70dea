import gzip
import io
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import seconds
from streams.core.events import Accepted, Channel, Event, Finished, Registered, ResultReturned, Withdrawn
from streams.sources.mappings import Mapping, load_mapping, parse_mapping
from streams.sources.native import event_of
from streams.sources.rejections import Reason, Rejection
from streams.sources.tables import Row, TableError, read_table

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "tests" / "data" / "boston311-sample.csv"
WHOLE = ROOT.parent / "shared" / "data" / "boston311" / "requests-2011h2.csv.gz"
MAPPING = parse_mapping(
    """
source = "s"
zone = "Asia/Ho_Chi_Minh"
date_forms = ["iso", "%d/%m/%Y %H:%M", "%d/%m/%Y", "excel"]
decimal = ","
absent = ["NULL"]
placeholder_dates = ["1900-01-01"]
required = ["unit"]
[columns]
dossier = "Code"
unit = "Unit"
channel = "How"
registered = "Registered"
accepted = "Received"
due = "Due"
ended = "End"
status = "Status"
returned = "Returned"
[channels]
"Trực tuyến" = "online"
"Trực tiếp" = "direct"
[status]
"Xong" = "finished"
"Rút" = "withdrawn"
"Đang xử lý" = "open"
""",
    "test",
)
HEADER = "Code,Unit,How,Registered,Received,Due,End,Status,Returned"
GOOD = "H1,U1,Trực tuyến,,2026-11-24 08:30:00,2026-11-30,,Đang xử lý,"


def read(text: str | bytes, mapping: Mapping = MAPPING, after: int = 0) -> list[Row | Rejection]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_table(io.BytesIO(data), mapping, after=after))


def events(line: str) -> list[Event]:
    [row] = read(f"{HEADER}\n{line}\n")
    assert isinstance(row, Row), row
    return row.events


def rejected(line: str) -> Rejection:
    first, second = read(f"{HEADER}\n{GOOD}\n{line}\n")
    assert isinstance(first, Row)
    assert isinstance(second, Rejection), second
    assert second.offset == 2
    assert second.detail.startswith("row 2 (line 3): ")
    return second


def at(text: str) -> int:
    return seconds(datetime.fromisoformat(text))


def test_a_row_becomes_one_event_for_each_milestone_with_its_description_on_the_reception() -> None:
    accepted, returned, finished = events(
        "H1,U1,Trực tuyến,,2026-11-24 08:30:00,2026-11-30,2026-11-25 10:00:00,Xong,2026-11-26"
    )
    assert isinstance(accepted, Accepted)
    assert (accepted.dossier, accepted.unit, accepted.channel, accepted.due) == (
        "H1",
        "U1",
        Channel.ONLINE,
        "2026-11-30",
    )
    assert accepted.source == "s"
    assert seconds(accepted.at) == at("2026-11-24T08:30:00+07:00")
    assert isinstance(returned, ResultReturned)
    assert seconds(returned.at) == at("2026-11-26T00:00:00+07:00")
    assert isinstance(finished, Finished)


def test_the_status_word_says_which_end_it_was() -> None:
    assert isinstance(events("H1,U1,,,2026-11-24,,2026-11-25,Rút,")[1], Withdrawn)


def test_a_dossier_that_is_only_registered_carries_its_description_there() -> None:
    [registered] = events("H1,U1,,2026-11-24,,,,Đang xử lý,")
    assert isinstance(registered, Registered)
    assert registered.unit == "U1"


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-11-24 08:30:00", "2026-11-24T08:30:00+07:00"),
        ("2026-11-24T08:30:00Z", "2026-11-24T08:30:00+00:00"),
        ("24/11/2026 08:30", "2026-11-24T08:30:00+07:00"),
        ("24/11/2026", "2026-11-24T00:00:00+07:00"),
        ("46350", "2026-11-24T00:00:00+07:00"),
        ('"46350,5"', "2026-11-24T12:00:00+07:00"),
    ],
)
def test_dates_are_read_in_every_form_that_the_mapping_lists(cell: str, moment: str) -> None:
    assert seconds(events(f"H1,U1,,,{cell},,,Đang xử lý,")[0].at) == at(moment)


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        ("2026-11-30", "2026-11-30"),
        ("30/11/2026", "2026-11-30"),
        ("46356", "2026-11-30"),
        ("30/11/2026 17:00", "2026-11-30T17:00:00+07:00"),
        ("1900-01-01", None),
        ("1900-01-01 00:00:00", None),
        ("01/01/1900", None),
        ("NULL", None),
        ("", None),
    ],
)
def test_a_due_date_without_a_time_stays_a_day_and_a_placeholder_is_none(cell: str, due: str | None) -> None:
    accepted = events(f"H1,U1,,,2026-11-24,{cell},,Đang xử lý,")[0]
    assert isinstance(accepted, Accepted)
    assert accepted.due == due


def test_a_repeated_hour_is_read_as_the_mapping_says() -> None:
    table = "id,in\nA,2011-11-06 01:30:00\n"
    first = parse_mapping('source="s"\nzone="America/New_York"\n[columns]\ndossier="id"\naccepted="in"', "m")
    second = msgspec.structs.replace(first, fold="second")
    moments = [seconds(row.events[0].at) for m in (first, second) for row in read(table, m) if isinstance(row, Row)]
    assert moments == [at("2011-11-06T01:30:00-04:00"), at("2011-11-06T01:30:00-05:00")]


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        (",U1,,,2026-11-24,,,Đang xử lý,", Reason.MISSING_FIELD, "column `Code` is empty"),
        ("H2,,,,2026-11-24,,,Đang xử lý,", Reason.MISSING_FIELD, "column `Unit` is empty"),
        ("H2,U1,Bồ câu,,2026-11-24,,,Đang xử lý,", Reason.UNKNOWN_KIND, "column `How`"),
        ("H2,U1,,,2026-11-24,,,Ngủ,", Reason.UNKNOWN_KIND, "column `Status`"),
        ("H2,U1,,,2026-11-24,,,,", Reason.MISSING_FIELD, "column `Status` is empty"),
        ("H2,U1,,,2026-11-24,,,Xong,", Reason.MISSING_FIELD, "column `End` is empty"),
        ("H2,U1,,,2026-02-30,,,Đang xử lý,", Reason.WRONG_TYPE, "column `Received` is not a date"),
        ("H2,U1,,,2026-11-24,soon,,Đang xử lý,", Reason.WRONG_TYPE, "column `Due` is not a date"),
        ("H2,U1,,,2026-11-24,,soon,Xong,", Reason.WRONG_TYPE, "column `End` is not a date"),
        ("H2,U1,,,,2026-11-30,,Đang xử lý,", Reason.MISSING_FIELD, "nobody knows when it was received"),
        ("H2,U1,,,2026-11-24", Reason.UNREADABLE, "5 columns instead of 9 (cut short?)"),
        (GOOD + ",more", Reason.UNREADABLE, "10 columns instead of 9"),
        (f"{'x' * 121},U1,,,2026-11-24,,,Đang xử lý,", Reason.TOO_LARGE, "121 characters"),
        ("H\x002,U1,,,2026-11-24,,,Đang xử lý,", Reason.WRONG_TYPE, "control characters"),
        (f"{'x' * 200_000},U1,,,2026-11-24,,,Đang xử lý,", Reason.UNREADABLE, "field larger than field limit"),
        ('"H2,U1,,,2026-11-24,,,Đang xử lý,', Reason.UNREADABLE, "not readable as CSV"),
    ],
)
def test_a_row_that_cannot_be_read_is_refused_whole_with_row_column_and_reason(
    line: str, reason: Reason, words: str
) -> None:
    refused = rejected(line)
    assert refused.reason is reason
    assert words in refused.detail


def test_a_rejection_never_quotes_a_cell() -> None:
    secret = "Nguyễn Văn A"
    for place in range(9):
        cells = GOOD.split(",")
        cells[place] = secret
        for row in read(f"{HEADER}\n{','.join(cells)}\n"):
            assert not isinstance(row, Rejection) or secret not in row.detail


def test_bytes_that_are_not_in_the_encoding_cost_their_row_only() -> None:
    lines = f"{HEADER}\nH\xff,U1,,,2026-11-24,,,NULL,\n".encode("latin-1") + f"{GOOD}\n".encode()
    bad, good = read(lines)
    assert isinstance(bad, Rejection)
    assert isinstance(good, Row)


def test_the_file_goes_on_after_a_row_that_is_no_csv() -> None:
    long = "x" * 200_000
    rows = read(f"{HEADER}\n{long},U1\n{GOOD}\n")
    assert [type(row) for row in rows] == [Rejection, Row]


def test_blank_lines_and_the_mark_of_a_spreadsheet_are_no_rows() -> None:
    [row] = read(f"\ufeff{HEADER}\r\n\r\n{GOOD}\r\n\r\n")
    assert isinstance(row, Row)
    assert (row.number, row.line) == (1, 3)


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", gzip.compress(b"", mtime=0), gzip.compress(b"x" * 999, mtime=0)[:8]],
    ids=["nothing", "blank lines", "nothing, compressed", "a cut header"],
)
def test_a_file_without_a_header_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(TableError, match="There is nothing in"):
        read(data)


def test_a_column_that_the_table_lacks_is_named_beside_those_it_has() -> None:
    with pytest.raises(TableError, match=r"`received_at`.*Its columns are: Code, Unit") as caught:
        read(f"{HEADER}\n", msgspec.structs.replace(MAPPING, columns={**MAPPING.columns, "accepted": "received_at"}))
    assert "[columns]" in str(caught.value)


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(TableError, match="more than once"):
        read(f"{HEADER},Code\n")


def test_a_compressed_file_that_ends_in_the_middle_gives_its_rows_and_then_says_so() -> None:
    text = HEADER + "\n" + "".join(f"H{n},U1,,,2026-11-24,,,Đang xử lý,\n" for n in range(5000))
    cut = gzip.compress(text.encode())[:-3000]
    *rows, last = read(cut)
    assert isinstance(last, Rejection)
    assert "ends in the middle; send the whole file" in last.detail
    whole = [row for row in rows if isinstance(row, Row)]
    assert len(whole) >= len(rows) - 1 > 100


def test_a_damaged_compressed_file_says_from_where() -> None:
    data = bytearray(gzip.compress((f"{HEADER}\n" + f"{GOOD}\n" * 10_000).encode()))
    data[-6] ^= 0xFF  # the checksum
    *rows, last = read(bytes(data))
    assert len(rows) > 1000
    assert isinstance(last, Rejection)
    assert "damaged" in last.detail


def test_gzip_is_recognised_by_content_and_may_have_several_parts() -> None:
    data = gzip.compress(f"{HEADER}\n".encode()) + gzip.compress(f"{GOOD}\n".encode())
    assert [type(row) for row in read(data)] == [Row]


def test_reading_can_go_on_after_a_row() -> None:
    text = f"{HEADER}\n{GOOD}\nbad\n{GOOD}\n"
    assert read(text, after=1) == read(text)[1:]


def test_every_event_of_a_table_is_a_native_event_that_intake_reads() -> None:
    for row in sample():
        for event in row.events:
            sent = event_of(msgspec.json.encode(event))
            # Python holds times of a repeated hour unequal between zones, so the instants are compared.
            assert seconds(sent.at) == seconds(event.at)
            assert msgspec.structs.replace(sent, at=event.at) == event


def sample(path: Path = SAMPLE) -> list[Row]:
    with path.open("rb") as file:
        rows = list(read_table(file, load_mapping("boston311")))
    found = [row for row in rows if isinstance(row, Row)]
    assert len(found) == len(rows)
    return found


def test_the_city_s_sample_is_read_without_a_rejection() -> None:
    rows = sample()
    assert len(rows) == 300
    dues = [row.events[0].due for row in rows if isinstance(row.events[0], Accepted)]
    assert any(due is not None and due.startswith("2059") for due in dues)
    assert None in dues
    assert {len(row.events) for row in rows} == {1, 2}


def test_the_city_s_requests_are_counted_as_published() -> None:
    # The whole file is not part of the project; where it lies beside it, all of it is read.
    path, expected, online = (WHOLE, 58_251, 12_070) if WHOLE.is_file() else (SAMPLE, 300, ONLINE_IN_SAMPLE)
    channels = [row.events[0].channel for row in sample(path) if isinstance(row.events[0], Accepted)]
    assert len(channels) == expected
    assert channels.count(Channel.ONLINE) == online


ONLINE_IN_SAMPLE = 62


@given(st.binary(max_size=400))
def test_no_bytes_whatever_make_the_reader_fail(data: bytes) -> None:
    numbers = [row.offset if isinstance(row, Rejection) else row.number for row in read(f"{HEADER}\n".encode() + data)]
    assert numbers == list(range(1, len(numbers) + 1))


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 - a table writes civil times
def test_a_civil_time_is_the_same_instant_whatever_its_form(civil: datetime) -> None:
    whole = civil.replace(microsecond=0) - timedelta(seconds=civil.second)
    forms = (whole.isoformat(), whole.strftime("%d/%m/%Y %H:%M"))
    moments = {seconds(events(f"H1,U1,,,{form},,,Đang xử lý,")[0].at) for form in forms}
    assert len(moments) == 1
