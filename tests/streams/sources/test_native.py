"""Native events as they come in: what each kind says, and why what cannot be read is refused."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import HOUR, MICROS, Civil, seconds
from streams.core.events import KINDS
from streams.core.facts import Batch, Fact, decode_batch, encode_batch
from streams.core.fields import CODE_OF, FIELDS, keyed
from streams.sources.native import Reader, event_of, items
from streams.sources.rejections import IGNORED, Rejection

CIVIL = Civil("Asia/Ho_Chi_Minh")
NOW = seconds(datetime.fromisoformat("2026-11-24T08:30:00+07:00")) * MICROS
READER = Reader(CIVIL, max_ahead=HOUR)
AT = "2026-11-24T08:30:00+07:00"
GOOD: dict[str, Any] = {"kind": "accepted", "dossier": "H44.100-1", "at": AT, "unit": "H44.100", "due": "2026-11-30"}
EXAMPLES: dict[str, dict[str, Any]] = {
    "registered": {"unit": "U", "received_by": "R", "procedure": "P", "channel": "online", "due": AT},
    "accepted": {"unit": "U", "channel": "postal", "due": "2026-11-30"},
    "step": {"at_centre": True, "done": ["stamped", "approved"], "unit": "U"},
    "supplement_requested": {"due": "2026-11-30"},
    "supplement_received": {"due": "2026-11-30"},
    "payment_requested": {"amount_class": 3},
    "payment_paid": {"by": "national_portal", "amount_class": 3},
    "extended": {"due": "2026-12-30"},
    "returned": {"by": "post"},
    "rated": {"score": 5},
    "corrected": {
        "unit": "V",
        "due": "2026-12-24",
        "clear": ["channel"],
        "moments": {"finished": AT},
        "clear_moments": {"asked": [AT], "completed": ["2026-11-20T08:00:00+07:00"]},
    },
}
TAGS = [str(kind.__struct_config__.tag) for kind in KINDS]


def read(payload: bytes | None, stamp: int = NOW) -> list[Fact | Rejection]:
    return list(READER.read(payload, stamp, "dossier-events/3", 41, 0))


def fact_of(**said: object) -> Fact:
    [fact] = read(json.dumps({**GOOD, **said}).encode())
    assert isinstance(fact, Fact), fact
    return fact


@pytest.mark.parametrize("tag", TAGS)
def test_fields_that_no_kind_knows_never_reach_a_fact(tag: str) -> None:
    personal = {"ChuHoSo": "Nguyễn Văn A", "SoDienThoai": "0912345678", "Email": "a@b.vn", "payer": {"name": "Nguyễn"}}
    sent = {"kind": tag, "dossier": "H1", "at": AT, **EXAMPLES.get(tag, {})}
    [with_names] = read(json.dumps({**personal, **sent, **personal}, ensure_ascii=False).encode())
    [bare] = read(json.dumps(sent).encode())
    assert with_names == bare
    wire = msgspec.json.encode(with_names).decode()
    assert not any(word in wire for word in ("Nguyễn", "0912345678", "a@b.vn", "ChuHoSo"))


@pytest.mark.parametrize("tag", TAGS)
def test_every_kind_is_read_and_comes_through_the_wire_of_facts_as_it_was(tag: str) -> None:
    sent = {"kind": tag, "dossier": "H1", "at": AT, "source": "S", **EXAMPLES.get(tag, {})}
    [fact] = read(json.dumps(sent).encode())
    assert isinstance(fact, Fact)
    assert (fact.case, fact.kind, fact.at, fact.recorded, fact.source) == ("H1", tag, NOW // MICROS, NOW, "S")
    assert fact.set
    batch = Batch(NOW, [fact], ["dossier-events/3"])
    assert decode_batch(encode_batch(batch)) == batch
    assert list(keyed(fact.set)) == sorted(keyed(fact.set))


@pytest.mark.parametrize("tag", TAGS)
def test_every_kind_is_written_as_it_is_read(tag: str) -> None:
    event = event_of(json.dumps({"kind": tag, "dossier": "H1", "at": AT, **EXAMPLES.get(tag, {})}).encode())
    assert event_of(msgspec.json.encode(event)) == event


@pytest.mark.parametrize("tag", TAGS)
def test_assignments_of_a_fact_stand_in_the_order_of_their_codes(tag: str) -> None:
    [fact] = read(json.dumps({"kind": tag, "dossier": "H1", "at": AT, **EXAMPLES.get(tag, {})}).encode())
    assert isinstance(fact, Fact)
    codes = [CODE_OF[name] for name in fact.set]
    assert codes == sorted(codes)


def test_every_field_of_a_case_is_said_by_some_kind() -> None:
    said: set[str] = set()
    for tag in TAGS:
        [fact] = read(json.dumps({"kind": tag, "dossier": "H1", "at": AT, **EXAMPLES.get(tag, {})}).encode())
        assert isinstance(fact, Fact)
        said |= set(fact.set)
    of_others = {field.name for field in FIELDS if field.name.startswith("petition_")} | {"stated"}
    assert said == {field.name for field in FIELDS} - of_others


# -- messages and items ---------------------------------------------------------------------------------------------


def lines(*said: dict[str, Any], end: bytes = b"\n") -> bytes:
    return end.join(json.dumps(one).encode() for one in said)


def test_a_message_of_many_lines_holds_an_item_a_line_and_bad_ones_keep_no_good_one_back() -> None:
    answers = read(lines(GOOD, {**GOOD, "kind": "vanished"}, {**GOOD, "dossier": "H2"}) + b'\n{"kind":"acc')
    assert [type(answer) for answer in answers] == [Fact, Rejection, Fact, Rejection]
    assert [answer.origin for answer in answers if isinstance(answer, Fact)] == [(0, 41, 0), (0, 41, 2)]
    assert [answer.index for answer in answers if isinstance(answer, Rejection)] == [1, 3]
    assert len({answer.key for answer in answers if isinstance(answer, Rejection)}) == 2


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n", b"\n  \n"])
def test_blank_lines_and_other_line_ends_are_no_items(end: bytes) -> None:
    assert len(items(lines(GOOD, GOOD, end=end) + end)) == 2
    assert all(isinstance(answer, Fact) for answer in read(lines(GOOD, GOOD, end=end) + end))


def test_one_event_printed_over_several_lines_is_one_item() -> None:
    [fact] = read(json.dumps(GOOD, indent=2).encode())
    assert fact == fact_of()


def test_an_empty_message_holds_no_item() -> None:
    assert read(b"") == read(b" \n \r\n") == []


def test_a_message_without_a_value_is_ignored_and_said() -> None:
    [answer] = read(None)
    assert isinstance(answer, Rejection)
    assert answer.reason in IGNORED


@given(
    st.binary(max_size=200)
    | st.lists(st.sampled_from([json.dumps(GOOD).encode(), b"{", b"[", b"}", b""])).map(b"\n".join)
)
def test_whatever_bytes_come_every_item_is_a_fact_or_a_rejection(payload: bytes) -> None:
    assert len(read(payload)) == len(items(payload))


names = st.sampled_from([*GOOD, "id", "recorded", "moments", "clear"])
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
)


@given(json_values, st.sampled_from(TAGS))
def test_whatever_values_come_an_item_is_a_fact_or_a_rejection(value: object, tag: str) -> None:
    said = value if isinstance(value, dict) else {"due": value}
    assert len(read(json.dumps({"dossier": "H1", "at": AT, **said, "kind": tag}).encode())) == 1


# -- what a fact says -----------------------------------------------------------------------------------------------


def test_a_time_exactly_an_hour_ahead_is_read() -> None:
    assert fact_of(at="2026-11-24T09:30:00+07:00").at == NOW // MICROS + HOUR


def test_due_dates_may_lie_anywhere_from_1900_to_2999() -> None:
    assert fact_of(due="1900-01-02").set["due_first"] < 0
    assert fact_of(due="2999-12-30").set["due_first"] > NOW // MICROS


@pytest.mark.parametrize(
    ("due", "means"),
    [
        ("2026-11-30", "2026-11-30T23:59:59+07:00"),
        ("2026-11-30T17:00:00+07:00", "2026-11-30T17:00:00+07:00"),
        ("2026-11-30T10:00:00Z", "2026-11-30T17:00:00+07:00"),
        ("2026-11-30 17:00:00.9+07:00", "2026-11-30T17:00:00+07:00"),
    ],
)
def test_a_due_date_is_the_last_second_of_a_bare_date_or_the_whole_second_of_a_moment(due: str, means: str) -> None:
    meant = seconds(datetime.fromisoformat(means))
    assert fact_of(due=due).set["due_first"] == fact_of(due=due).set["due_current"] == meant


def test_what_is_not_said_to_be_recorded_later_was_recorded_when_it_happened() -> None:
    assert fact_of().recorded == NOW
    assert fact_of(recorded="2026-11-24T08:45:00.5+07:00").recorded == NOW + 900 * MICROS + MICROS // 2


@given(st.permutations(list(GOOD)), st.integers(-14 * 60, 14 * 60))
def test_the_same_content_has_the_same_id_whatever_the_order_of_keys_and_the_offset(
    names: list[str], east: int
) -> None:
    moved = datetime.fromtimestamp(NOW // MICROS, timezone(timedelta(minutes=east))).isoformat()
    [fact] = read(json.dumps({**{name: GOOD[name] for name in names}, "at": moved}).encode())
    assert fact == fact_of()


@pytest.mark.parametrize(
    "other",
    [
        {"dossier": "H44.100-2"},
        {"kind": "registered"},
        {"unit": "V"},
        {"due": "2026-12-01"},
        {"at": "2026-11-24T08:30:00.5+07:00"},
        {"recorded": "2026-11-24T08:30:01+07:00"},
    ],
)
def test_other_content_has_another_id(other: dict[str, Any]) -> None:
    assert fact_of(**other).id != fact_of().id


def test_an_id_that_was_sent_is_kept_and_an_empty_one_is_none() -> None:
    assert fact_of(id="e-1").id == "e-1"
    assert fact_of(id="").id == fact_of().id


def test_steps_are_named_alike_whatever_the_order_and_repetition_of_what_was_done() -> None:
    one = fact_of(kind="step", done=["stamped", "approved", "stamped"], at_centre=True)
    other = fact_of(kind="step", done=["approved", "stamped"], at_centre=True)
    assert one.set["step"] == other.set["step"] == [[NOW // MICROS, "approved,stamped@centre"]]
