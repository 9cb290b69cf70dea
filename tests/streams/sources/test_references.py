"""References as they come in: what is read, and why what cannot be is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from streams.core.civil import HOUR, MICROS, seconds
from streams.core.facts import Fact
from streams.core.petitions import Petition
from streams.core.procedures import OnlineLevel, Procedure
from streams.core.references import standing
from streams.sources.references import KINDS, AnyReference, ReferenceReader, petition_facts
from streams.sources.rejections import EXPLAINED, Reason, Rejection
from tests.streams.sources.test_native import AT, NOW
from tests.streams.test_schemas import validator

READER = ReferenceReader(HOUR, {"H44", "H44.100"}.__contains__)
PROCEDURE: dict[str, Any] = {"kind": "procedure", "recorded": AT, "unit": "H44.100", "procedure": "1.001193"}
DECLARED: dict[str, Any] = {"kind": "declared_total", "recorded": AT, "unit": "H44", "period": "2026-10", "received": 5}
PETITION: dict[str, Any] = {
    "kind": "petition",
    "recorded": AT,
    "unit": "H44.100",
    "petition": "PA-1",
    "received": "2026-11-20T08:00:00+07:00",
}
FULL: list[dict[str, Any]] = [
    PROCEDURE
    | {
        "announced": "2026-10-01",
        "announce_by": "2026-10-05",
        "published": "2026-10-02",
        "publish_by": "2026-10-06",
        "complete": True,
        "online": "full",
        "integrated": True,
        "fee": True,
        "payment": True,
        "population_data": True,
        "certified_copies": True,
        "citizens": True,
        "sets": ["essential-25"],
        "valid_from": "2025-07-01",
        "valid_to": "2030-01-01",
        "source": "portal",
        "id": "p-1",
    },
    DECLARED | {"period": "2025"},
    PETITION
    | {
        "answered": "2026-11-21T08:00:00+07:00",
        "disliked": "2026-11-22T08:00:00+07:00",
        "repeated": "2026-11-23T08:00:00+07:00",
        "topic": "extra_trips",
        "about": "H44.100-7",
    },
]


def read(payload: bytes | None, reader: ReferenceReader = READER) -> list[AnyReference | Rejection]:
    return list(reader.references(payload, NOW, "procedures/0", 7))


def one(said: dict[str, Any]) -> AnyReference | Rejection:
    [found] = read(json.dumps(said).encode())
    return found


@pytest.mark.parametrize("said", [PROCEDURE, DECLARED, PETITION, *FULL], ids=lambda said: said["kind"])
def test_every_kind_is_read_and_is_valid_by_its_schema(said: dict[str, Any]) -> None:
    found = one(said)
    assert not isinstance(found, Rejection), found
    assert type(found).__struct_config__.tag == said["kind"]
    validator("reference.schema.json").validate(said)


def test_there_is_an_example_of_every_kind() -> None:
    assert {said["kind"] for said in FULL} == {kind.__struct_config__.tag for kind in KINDS}


WRONG: list[tuple[dict[str, Any], Reason, str]] = [
    (DECLARED | {"received": -1}, Reason.IMPOSSIBLE, "`received`"),
    (DECLARED | {"period": "2026-W48"}, Reason.WRONG_TYPE, "`period`"),
    (DECLARED | {"unit": "H99"}, Reason.UNKNOWN_NAME, "`unit`"),
    (PROCEDURE | {"unit": "H99"}, Reason.UNKNOWN_NAME, "`unit`"),
    (PROCEDURE | {"online": "mostly"}, Reason.WRONG_TYPE, "`online`"),
    (PROCEDURE | {"valid_from": "2026-01-02", "valid_to": "2026-01-02"}, Reason.IMPOSSIBLE, "`valid_to`"),
    (PROCEDURE | {"complete": True}, Reason.IMPOSSIBLE, "`complete`"),
    (PROCEDURE | {"announced": "0001-01-01"}, Reason.OUT_OF_RANGE, "`announced`"),
    (PROCEDURE | {"procedure": "a\nb"}, Reason.WRONG_TYPE, "`procedure`"),
    (PROCEDURE | {"procedure": "a\n"}, Reason.WRONG_TYPE, "`procedure`"),
    (PROCEDURE | {"recorded": "2026-11-24T08:30:00"}, Reason.NAIVE_TIME, "`recorded`"),
    (PROCEDURE | {"recorded": "2026-11-24T09:30:01+07:00"}, Reason.AHEAD_OF_CLOCK, "`recorded`"),
    (PROCEDURE | {"kind": "rumour"}, Reason.UNKNOWN_KIND, "`kind`"),
    (PETITION | {"answered": "2026-11-20T07:59:59+07:00"}, Reason.IMPOSSIBLE, "`answered`"),
    (PETITION | {"repeated": "2026-11-19T08:00:00+07:00"}, Reason.IMPOSSIBLE, "`repeated`"),
    (PETITION | {"answered": "2027-01-01T08:00:00+07:00"}, Reason.AHEAD_OF_CLOCK, "`answered`"),
    (PETITION | {"received": "1800-01-01T08:00:00+07:00"}, Reason.OUT_OF_RANGE, "`received`"),
    (PETITION | {"topic": "weather"}, Reason.WRONG_TYPE, "`topic`"),
    (PETITION | {"answered": PETITION["received"], "clear": ["answered"]}, Reason.CONFLICT, "`clear`"),
    ({name: value for name, value in PETITION.items() if name != "received"}, Reason.MISSING_FIELD, "`received`"),
]


@pytest.mark.parametrize(("said", "reason", "field"), WRONG)
def test_what_cannot_be_is_refused_with_its_reason_and_field(said: dict[str, Any], reason: Reason, field: str) -> None:
    found = one(said)
    assert isinstance(found, Rejection), found
    assert found.reason is reason
    assert field in found.detail
    assert (found.input, found.offset, found.at) == ("procedures/0", 7, NOW)


def test_a_detail_quotes_nothing_that_was_sent() -> None:
    for said, _, _ in WRONG:
        found = one(said | {"unit": "Nguyễn Văn A"})
        assert isinstance(found, Rejection)
        assert "Nguyễn" not in found.detail


@pytest.mark.parametrize(
    ("payload", "reason"), [(None, Reason.TOMBSTONE), (b"{", Reason.UNREADABLE), (b"[]", Reason.WRONG_TYPE)]
)
def test_what_is_not_json_of_one_is_refused(payload: bytes | None, reason: Reason) -> None:
    [found] = read(payload)
    assert isinstance(found, Rejection)
    assert found.reason is reason


def test_one_bad_line_leaves_the_others() -> None:
    lines = [json.dumps(PROCEDURE), "nonsense", json.dumps(DECLARED)]
    found = read("\n".join(lines).encode())
    assert [isinstance(one, Rejection) for one in found] == [False, True, False]
    assert isinstance(found[1], Rejection)
    assert found[1].index == 1


def test_the_same_content_is_the_same_statement() -> None:
    first, second = one(PROCEDURE), one(dict(reversed(PROCEDURE.items())))
    assert isinstance(first, Procedure)
    assert isinstance(second, Procedure)
    assert (first.key, first.stamp) == (second.key, second.stamp)
    assert len(standing([first, second])) == 1


def test_personal_fields_never_get_in() -> None:
    with_name = one(PETITION | {"NguoiPhanAnh": "Nguyễn Văn A", "phone": "0912345678"})
    assert with_name == one(PETITION)


def test_levels_of_before_2022_are_read() -> None:
    found = one(PROCEDURE | {"online": "level_4"})
    assert isinstance(found, Procedure)
    assert found.online is OnlineLevel.LEVEL_4


def test_a_petition_makes_a_fact_of_its_own_and_marks_the_dossier_uncounted() -> None:
    found = one(PETITION | {"about": "H44.100-7", "id": "e1"})
    assert isinstance(found, Petition)
    own, about = petition_facts(found, (0, 7, 0))
    assert (own.case, own.recorded, own.id, own.counted) == ("petition/PA-1", NOW, "e1", True)
    assert (about.case, about.set, about.counted) == (
        "H44.100-7",
        {"complained": seconds(found.received)},
        False,
    )
    assert all(isinstance(fact, Fact) and fact.origin == (0, 7, 0) for fact in (own, about))
    assert own.recorded // MICROS == seconds(found.recorded)


def test_every_reason_is_explained_in_both_languages() -> None:
    assert set(EXPLAINED) == set(Reason)
