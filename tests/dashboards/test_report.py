import csv
import json
from pathlib import Path

import jsonschema
import pytest

from dashboards import report_text
from dashboards.conservation import InputRow
from dashboards.folding import fold_run
from dashboards.report import (
    COUNTS,
    Chosen,
    Items,
    NotFound,
    Report,
    Versions,
    chosen_figures,
    find_unit,
)
from dashboards.reporting import items_of
from dashboards.schemas import SCHEMAS
from streams.core.civil import date_of
from streams.core.register import Level, Register, Unit
from streams.core.spans import rolling_day
from streams.core.tallies import Totals
from streams.faust_app import faust_app
from streams.schemas import Schema, text_of
from streams.settings import load
from streams.sources.rejections import Reason, Rejection
from streams.topics import group_of
from tests.dashboards.boston import REGISTER, ROOT, RULES, SAMPLE, at, batches

FOLDED = fold_run(batches(SAMPLE), RULES, REGISTER, at("2012-01-01T00:00:00"))
SMALL = Register(
    [
        Unit("VN", "Việt Nam", Level.COUNTRY, ""),
        Unit("01", "Thành phố Hà Nội", Level.PROVINCE, "VN", aliases=("HN",)),
        Unit("48", "Thành phố Đà Nẵng", Level.PROVINCE, "VN"),
        Unit("00004", "Phường Ba Đình", Level.COMMUNE, "01"),
        Unit("20194", "Phường Hải Châu", Level.COMMUNE, "48"),
    ]
)
INDEX = {
    ("all", "VN"): {"received": 7},
    ("all", "01"): {"received": 3},
    ("all", "48"): {"received": 2},
    ("all", "00004"): {"received": 3},
    ("all", "20194"): {"received": 2},
    ("all", "unregistered"): {"received": 2},
    ("all", "XX"): {"received": 2},
    ("2026-11", "VN"): {"received": 7},
    ("2026-09", "VN"): {"received": 1},
}


def report(**over: object) -> Report:
    given: dict[str, object] = {
        "run": "trial",
        "source": "facts",
        "period": "all",
        "as_of": "2012-01-01 00:00:00-05:00",
        "as_of_micros": FOLDED.as_of,
        "complete": True,
        "why": [],
        "versions": Versions(1, REGISTER.version, "America/New_York"),
        "items": Items(300, 2, 1, 0, {"wrong_type": 1}),
        "inputs": [InputRow("replay:x", 303, 300, 2, 1, 0, True)],
        "units": chosen_figures(FOLDED.index, REGISTER, Chosen()),
    }
    return Report(**{**given, **over})  # type: ignore[arg-type]


def units(chosen: Chosen) -> list[str]:
    return [one.unit for one in chosen_figures(INDEX, SMALL, chosen)]


def test_the_top_two_levels_are_shown_and_what_the_register_does_not_know() -> None:
    assert units(Chosen()) == ["VN", "01", "48", "unregistered"]


def test_a_unit_is_shown_with_what_is_directly_below_it() -> None:
    assert units(Chosen(unit="01")) == ["01", "00004"]
    assert units(Chosen(unit="HN")) == ["01", "00004"]
    assert units(Chosen(unit="phường ba đình")) == ["00004"]
    assert units(Chosen(unit="unregistered")) == ["unregistered", "XX"]


def test_a_level_is_shown_below_a_unit_or_everywhere() -> None:
    assert units(Chosen(level=Level.COMMUNE)) == ["00004", "20194"]
    assert units(Chosen(level=Level.COMMUNE, unit="48")) == ["20194"]
    assert units(Chosen(level=Level.UNREGISTERED)) == ["XX", "unregistered"]


def test_a_unit_without_counts_has_zeros_and_no_rates() -> None:
    [country, *rest] = chosen_figures({("2026-11", "01"): {"received": 1}}, SMALL, Chosen(unit="48"))
    assert rest == []
    assert set(country.counts.values()) == {0}
    assert {share.percent for share in country.rates.values()} == {None}


def test_an_unknown_unit_is_refused_with_near_names() -> None:
    known = {unit for _, unit in INDEX}
    with pytest.raises(NotFound, match=r"no unit 'Phuong Ba Dinh'.*Near it: .*Phường Ba Đình"):
        find_unit("Phuong Ba Dinh", known, SMALL)
    with pytest.raises(NotFound, match=r"no unit '0004'.*00004 \(Phường Ba Đình\)"):
        find_unit("0004", known, SMALL)


def test_an_unknown_period_is_refused_with_near_ones() -> None:
    with pytest.raises(NotFound, match=r"'2026-13' is not a period: write 2026-W48"):
        units(Chosen(period="2026-13"))
    with pytest.raises(NotFound, match=r"Nothing was received or ended in 2026-10\..*2026-09 to 2026-11"):
        units(Chosen(period="2026-10"))


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2026", "2026-12-31"),
        ("2026-12", "2026-12-31"),
        ("2024-02", "2024-02-29"),
        ("2026-Q1", "2026-03-31"),
        ("2026-Q4", "2026-12-31"),
        ("2026-W53", "2027-01-03"),
    ],
)
def test_units_roll_up_by_the_last_day_of_a_period(period: str, day: str) -> None:
    assert date_of(rolling_day(period)).isoformat() == day


def test_json_is_what_its_schema_says_and_has_every_counter_with_counts_behind_each_rate() -> None:
    whole = json.loads(report_text.as_json(report()))
    jsonschema.validate(whole, json.loads(text_of(SCHEMAS[0])))
    top = whole["units"][0]
    assert list(top["counts"]) == list(COUNTS)
    assert top["counts"]["received"] == 300
    rate = top["rates"]["rate_766"]
    assert rate["denominator"] == 300
    assert rate["numerator"] == top["counts"]["on_time"] + top["counts"]["open_within"]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.file)
def test_the_schemas_in_docs_are_those_of_the_types(schema: Schema) -> None:
    kept = (ROOT / "docs" / "printed" / schema.file).read_text(encoding="utf-8")
    assert kept == text_of(schema), "make them anew: python -m dashboards.schemas"


def test_csv_has_a_line_per_unit_and_no_data_is_an_empty_cell() -> None:
    units_ = chosen_figures({**FOLDED.index, ("all", "PARK"): {}}, REGISTER, Chosen())
    lines = list(csv.DictReader(report_text.as_csv(report(units=units_)).splitlines()))
    assert [line["unit"] for line in lines] == [unit.unit for unit in units_]
    empty = next(line for line in lines if line["unit"] == "PARK")
    assert (empty["received"], empty["rate_766_percent"]) == ("0", "")
    assert lines[0]["received"] == "300"


def test_every_report_says_of_what_and_when_and_how_far_to_trust_it() -> None:
    text = "\n".join(report_text.heading(report()))
    for words in ("Run trial", "period all", "as of 2012-01-01 00:00:00-05:00", "complete", REGISTER.version):
        assert words in text
    assert "300 applied, 2 repeated, 1 rejected, 0 ignored" in text
    assert "conservation: 303 items read in 1 inputs, each accounted for" in text
    doubtful = "\n".join(report_text.heading(report(complete=False, why=["a worker is starting"])))
    assert "NOT COMPLETE: a worker is starting" in doubtful


def test_an_input_that_does_not_add_up_or_is_not_known_is_said() -> None:
    rows = [InputRow("a/0", 5, 1, 1, 1, 1, False), InputRow("a/1", None, 1, 0, 0, 0, None, "nobody counted")]
    assert list(report_text.conserved(rows)) == [
        "conservation of a/0: 5 items read, 4 accounted for (right only when its workers are at rest)",
        "conservation of a/1: not known, nobody counted",
    ]


def test_the_plain_table_stands_in_columns_also_with_vietnamese_names() -> None:
    titles, rows = report_text.table_rows(chosen_figures(INDEX, SMALL, Chosen()))
    lines = report_text.plain_table(titles, rows)
    assert lines[0].startswith("unit          name")
    assert lines[2].split()[:4] == ["01", "Thành", "phố", "Hà"]
    assert {line.index(" 7 ") for line in lines[1:2]} == {lines[2].index(" 3 ")}


def test_ignored_items_are_not_rejected_ones() -> None:
    refused = [Rejection(Reason.TOMBSTONE, "-", "a", 1), Rejection(Reason.WRONG_TYPE, "-", "a", 2)]
    items = items_of({"a": Totals(3, 1), "b": Totals(1, 0)}, refused)
    assert items == Items(4, 1, 1, 1, {"tombstone": 1, "wrong_type": 1})


def test_rejected_items_are_listed_by_origin_with_the_reason_in_words() -> None:
    [line] = report_text.rejected_lines([Rejection(Reason.NAIVE_TIME, "`at` has no offset", "dossier-events/3", 12, 1)])
    assert line == "dossier-events/3/12/1  naive_time (thời điểm không có múi giờ): `at` has no offset"


def test_the_group_whose_offsets_are_asked_for_is_that_of_the_workers(tmp_path: Path) -> None:
    settings = load({"MOTCUA_RUN": "trial", "MOTCUA_DATA": str(tmp_path)})
    assert group_of("trial") == faust_app(settings).conf.id
