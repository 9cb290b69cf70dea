from __future__ import annotations

import pytest

from streams.core.alerting.records import Target
from streams.core.alerting.targets import TargetsError, read_targets
from tests.streams.core.alerting.hours import REGISTER


def read(*rows: str) -> dict[str, Target]:
    return read_targets(["unit,on_time,points", *rows], "targets.csv", REGISTER)


def test_targets_are_of_units_or_of_levels_in_hundredths() -> None:
    assert read("commune,95,", "X1,97.5,80", "P,,85.25") == {
        "commune": Target(9_500, None),
        "X1": Target(9_750, 8_000),
        "P": Target(None, 8_525),
    }


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (("X9,95,",), "row 1: the register has no commune, department or province 'X9'"),
        ((",95,",), "no commune, department or province ''"),
        (("VN,95,",), "'VN'"),
        (("X1,95,", "X1,96,"), "row 2: 'X1' has a target already"),
        (("X1,95%,",), "column 'on_time': '95%' is no number"),
        (("X1,101,",), "'101'"),
        (("X1,,8.125",), "column 'points': '8.125'"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(rows: tuple[str, ...], words: str) -> None:
    with pytest.raises(TargetsError, match=words):
        read(*rows)


def test_a_table_without_its_columns_says_which_is_missing() -> None:
    with pytest.raises(TargetsError, match="no column 'points'"):
        read_targets(["unit,on_time", "X1,95"], "targets.csv", REGISTER)
