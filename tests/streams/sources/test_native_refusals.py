"""Why native events that cannot be read are refused, and that no value that was sent is repeated."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.core.civil import MICROS
from streams.core.events import Accepted, Event
from streams.sources.decoding import MAX_ITEM
from streams.sources.rejections import EXPLAINED, Reason, Refused, Rejection
from tests.streams.sources.test_native import AT, GOOD, NOW, READER, read


def rejection_of(payload: bytes) -> Rejection:
    [rejection] = read(payload)
    assert isinstance(rejection, Rejection), rejection
    return rejection


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in GOOD.items() if key != name}


BAD = {
    "not JSON": (b"accepted", Reason.UNREADABLE, "not JSON"),
    "JSON that was cut short": (json.dumps(GOOD).encode()[:-9], Reason.UNREADABLE, "cut short"),
    "not UTF-8": (b'{"kind":"accepted","dossier":"\xff\xfe","at":"' + AT.encode() + b'"}', Reason.UNREADABLE, "UTF-8"),
    "half a surrogate": (b'{"kind":"accepted","dossier":"\\ud800","at":"' + AT.encode() + b'"}', Reason.UNREADABLE, ""),
    "a number": (b"17", Reason.WRONG_TYPE, "`object`"),
    "a list": (json.dumps([GOOD]).encode(), Reason.WRONG_TYPE, "`object`"),
    "nested deeply": (b'{"x":' + b"[" * 30_000 + b"]" * 30_000 + b"}", Reason.UNREADABLE, "nested too deeply"),
    "no kind": (without("kind"), Reason.UNKNOWN_KIND, "`kind`"),
    "an unknown kind": ({**GOOD, "kind": "vanished"}, Reason.UNKNOWN_KIND, "`kind`"),
    "a kind that is a number": ({**GOOD, "kind": 9}, Reason.UNKNOWN_KIND, "`kind`"),
    "no dossier": (without("dossier"), Reason.MISSING_FIELD, "`dossier`"),
    "no time": (without("at"), Reason.MISSING_FIELD, "`at`"),
    "no payer's way": ({**GOOD, "kind": "payment_paid"}, Reason.MISSING_FIELD, "`by`"),
    "a dossier that is a number": ({**GOOD, "dossier": 9}, Reason.WRONG_TYPE, "`dossier`"),
    "an empty dossier code": ({**GOOD, "dossier": ""}, Reason.WRONG_TYPE, "`dossier`"),
    "a dossier code of 121 letters": ({**GOOD, "dossier": "x" * 121}, Reason.WRONG_TYPE, "`dossier`"),
    "a dossier code that begins with NUL": ({**GOOD, "dossier": "\x00ledger"}, Reason.WRONG_TYPE, "`dossier`"),
    "a dossier code with a line break": ({**GOOD, "dossier": "H1\n2"}, Reason.WRONG_TYPE, "`dossier`"),
    "a byte order mark in a code": ({**GOOD, "dossier": "\ufeffH1"}, Reason.WRONG_TYPE, "`dossier`"),
    "an event id with NUL": ({**GOOD, "id": "a\x00b"}, Reason.WRONG_TYPE, "`id`"),
    "an event id with a C1 control character": ({**GOOD, "id": "a\x85b"}, Reason.WRONG_TYPE, "`id`"),
    "an event id that is a number": ({**GOOD, "id": 7}, Reason.WRONG_TYPE, "`id`"),
    "an unknown channel": ({**GOOD, "channel": "pigeon"}, Reason.WRONG_TYPE, "`channel`"),
    "a score of 6": ({**GOOD, "kind": "rated", "score": 6}, Reason.WRONG_TYPE, "`score`"),
    "a time without offset": ({**GOOD, "at": "2026-11-24T08:30:00"}, Reason.NAIVE_TIME, "`at`"),
    "a recording time without offset": ({**GOOD, "recorded": "2026-11-24T08:30:00"}, Reason.NAIVE_TIME, "`recorded`"),
    "a due time without offset": ({**GOOD, "due": "2026-11-30T17:00:00"}, Reason.NAIVE_TIME, "`due`"),
    "a time that is a number": ({**GOOD, "at": 1_790_000_000}, Reason.WRONG_TYPE, "`at`"),
    "a date as time": ({**GOOD, "at": "2026-11-24"}, Reason.WRONG_TYPE, "`at`"),
    "a day that does not exist": ({**GOOD, "due": "2026-02-30"}, Reason.WRONG_TYPE, "`due`"),
    "a due date in words": ({**GOOD, "due": "next Monday"}, Reason.WRONG_TYPE, "`due`"),
    "a due date in ten letters": ({**GOOD, "due": "tomorrow !"}, Reason.WRONG_TYPE, "`due`"),
    "a due date before 1900": ({**GOOD, "due": "1899-12-30"}, Reason.OUT_OF_RANGE, "`due`"),
    "a due date after 2999": ({**GOOD, "due": "3000-01-02"}, Reason.OUT_OF_RANGE, "`due`"),
    "the last day that a calendar knows": ({**GOOD, "due": "9999-12-31"}, Reason.OUT_OF_RANGE, "`due`"),
    "a time before 1900": ({**GOOD, "at": "0001-01-01T00:00:00+14:00"}, Reason.OUT_OF_RANGE, "`at`"),
    "more than an hour ahead": ({**GOOD, "at": "2026-11-24T09:30:00.000001+07:00"}, Reason.AHEAD_OF_CLOCK, "`at`"),
    "recorded much ahead": ({**GOOD, "recorded": "2026-11-24T09:30:01+07:00"}, Reason.AHEAD_OF_CLOCK, "`recorded`"),
    "corrected to more than an hour ahead": (
        {"kind": "corrected", "dossier": "H1", "at": AT, "moments": {"finished": "2027-01-01T00:00:00Z"}},
        Reason.AHEAD_OF_CLOCK,
        "`finished`",
    ),
    "an unknown milestone": (
        {"kind": "corrected", "dossier": "H1", "at": AT, "moments": {"vanished": AT}}, Reason.WRONG_TYPE, "not allowed"
    ),
    "an unknown word to clear": (
        {"kind": "corrected", "dossier": "H1", "at": AT, "clear": ["name"]}, Reason.WRONG_TYPE, "`clear[0]`"
    ),
    "a string of a megabyte": ({**GOOD, "note": "x" * 1_000_000}, Reason.TOO_LARGE, f"{MAX_ITEM}"),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "reason", "detail"), BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_refused_with_its_reason_and_its_field(
    sent: bytes | dict[str, Any], reason: Reason, detail: str
) -> None:
    rejection = rejection_of(sent if isinstance(sent, bytes) else json.dumps(sent).encode())
    assert rejection.reason == reason
    assert detail in rejection.detail
    assert (rejection.input, rejection.offset, rejection.index, rejection.at) == ("dossier-events/3", 41, 0, NOW)


@pytest.mark.parametrize("where", ["dossier", "id", "unit", "channel", "due", "at", "recorded", "kind", "source"])
@given(
    name=st.text("abcdefghijklmnopqrstuvwxyzăâđêôơư ", min_size=8, max_size=150).filter(str.strip),
    wrap=st.sampled_from(
        [lambda name: name, lambda name: [name], lambda name: {name: name}, lambda name: "\x00" + name]
    ),
)
def test_no_value_that_was_sent_appears_in_a_rejection(where: str, name: str, wrap: Callable[[str], object]) -> None:
    planted = f"Nguyễn {name}"
    for answer in read(json.dumps({**GOOD, where: wrap(planted)}, ensure_ascii=False).encode()):
        if isinstance(answer, Rejection):
            assert planted not in answer.detail
            assert name.strip() not in answer.detail


@pytest.mark.parametrize("place", ["moments", "clear", "clear_moments"])
def test_no_name_that_was_sent_as_a_key_appears_in_a_rejection(place: str) -> None:
    for planted in ({"Nguyen Van A": AT}, ["Nguyen Van A"], {"finished": {"Nguyen Van A": 1}}):
        sent = {"kind": "corrected", "dossier": "H1", "at": AT, place: planted}
        assert "Nguyen" not in rejection_of(json.dumps(sent).encode()).detail


@pytest.mark.parametrize("name", ["dossier", "id"])
def test_events_from_tables_are_held_to_the_same_codes(name: str) -> None:
    event: Event = Accepted(dossier="H1", at=datetime.fromtimestamp(NOW // MICROS, UTC))
    with pytest.raises(Refused, match=f"`{name}`"):
        READER.translate(msgspec.structs.replace(event, **{name: "a\x00b"}), NOW)


def test_every_reason_is_explained_in_both_languages() -> None:
    assert set(EXPLAINED) == set(Reason)
    assert all(vi and en for vi, en in EXPLAINED.values())
