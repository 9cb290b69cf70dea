"""Petitions as an input: facts of two cases, one of them counted; what cannot be is refused with its reason."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from streams.core.civil import MICROS, seconds
from streams.core.facts import Fact
from streams.sources.petitions import PetitionReader
from streams.sources.rejections import Reason, Rejection

NOW = seconds(datetime(2026, 11, 24, 1, tzinfo=UTC)) * MICROS
SAID = {
    "kind": "petition",
    "petition": "PA-1",
    "unit": "not registered",
    "received": "2026-11-23T08:00:00+07:00",
    "recorded": "2026-11-23T09:00:00+07:00",
}


def read(*said: object) -> list[Fact | Rejection]:
    payload = b"\n".join(json.dumps(one).encode() for one in said)
    return list(PetitionReader(3600).read(payload, NOW, "petitions/0", 7, 2))


def test_every_item_makes_one_counted_fact_with_its_origin_and_the_dossier_that_it_names_one_more() -> None:
    facts = read(SAID, SAID | {"petition": "PA-2", "about": "H1-1"})
    assert [(one.case, one.counted, one.origin) for one in facts if isinstance(one, Fact)] == [
        ("petition/PA-1", True, (2, 7, 0)),
        ("petition/PA-2", True, (2, 7, 1)),
        ("H1-1", False, (2, 7, 1)),
    ]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"answered": "2026-11-22T08:00:00+07:00"}, Reason.IMPOSSIBLE),
        ({"answered": "2026-11-23T10:00:00+07:00", "clear": ["answered"]}, Reason.CONFLICT),
        ({"received": "2026-12-23T10:00:00+07:00"}, Reason.AHEAD_OF_CLOCK),
        ({"about": "petition/PA-1"}, Reason.WRONG_TYPE),
        ({"kind": "declared_total", "period": "2026-10", "received": 3}, Reason.UNKNOWN_KIND),
    ],
)
def test_what_cannot_be_is_refused_alone(said: dict[str, object], reason: Reason) -> None:
    bad, good = read(SAID | said, SAID)
    assert isinstance(bad, Rejection)
    assert isinstance(good, Fact)
    assert (bad.reason, bad.input, bad.offset, bad.index) == (reason, "petitions/0", 7, 0)


def test_a_tombstone_is_ignored() -> None:
    [only] = PetitionReader(3600).read(None, NOW, "petitions/0", 7, 0)
    assert isinstance(only, Rejection)
    assert only.reason is Reason.TOMBSTONE
