"""`motcua audit` on a real Kafka: what the stages wrote agrees, and what was tampered with is named."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner, Result

from dashboards.outputs import read_figures
from dashboards.schemas import SCHEMAS
from simulators.outbox import Outbox
from simulators.workers import environment
from streams.cli import main
from streams.core.index import UnitIndex
from streams.core.tallies import encode
from streams.core.watchlist import encode_entry
from streams.listed import read_watched
from streams.reading import RunReader
from streams.schemas import text_of
from streams.settings import Settings
from streams.topics import topic_name
from tests.dashboards.boston import REGISTER, RULES, SAMPLE, ZONE, at, batches
from tests.dashboards.stages_by_hand import GENERATION, write_facts, write_outputs

CLOCK = at("2011-08-09T00:00:00")
pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings_for: Callable[..., Settings], run_name: str) -> Settings:
    made = settings_for(run_name, partitions=3, zone=ZONE, units=Path("boston311"), list_codes=True)
    early = [(number, msgspec.structs.replace(batch, clock=CLOCK)) for number, batch in batches(SAMPLE, 3)]
    write_facts(made, early, CLOCK)
    write_outputs(made, early, CLOCK, RULES, REGISTER)
    return made


def motcua(settings: Settings, folder: Path, *arguments: str) -> Result:
    out = folder / "different.csv"
    return CliRunner().invoke(main, ["audit", "--out", str(out), *arguments], env=environment(settings, {}))


def test_what_the_stages_wrote_agrees_now_and_as_of_any_instant(settings: Settings, tmp_path: Path) -> None:
    told = motcua(settings, tmp_path)
    assert told.exit_code == 0, told.output
    assert f"run {settings.run} as of 2011-08-09 00:00:00-04:00" in told.stdout
    assert "figures agree." in told.stdout
    assert (tmp_path / "different.csv").read_text(encoding="utf-8").count("\n") == 1
    folded = motcua(settings, tmp_path, "--as-of", "2011-07-20T13:45", "--json")
    whole = json.loads(folded.stdout)
    assert (folded.exit_code, whole["agrees"], whole["differences"]) == (0, True, [])
    schema = next(one for one in SCHEMAS if one.file == "audit.schema.json")
    jsonschema.validate(whole, json.loads(text_of(schema)))


def test_a_wrong_count_and_a_wrong_entry_of_the_late_list_are_named(settings: Settings, tmp_path: Path) -> None:
    with RunReader(settings) as reader:
        entry = read_figures(reader).entries["2011-07", "PWDx"]
        case, watch = next(iter(sorted(read_watched(reader).items())))
    wrong = msgspec.structs.replace(entry, counts={**entry.counts, "received": entry.counts["received"] + 1})
    write(settings, wrong, case, encode_entry(watch._replace(late=not watch.late), GENERATION))
    told = motcua(settings, tmp_path)
    assert told.exit_code == 1, told.output
    with (tmp_path / "different.csv").open(encoding="utf-8") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file)]
    received = entry.counts["received"]
    assert ("counts", "PWDx", "2011-07", "received", str(received + 1), str(received)) in rows
    assert ("late list", case, "", "late", str(not watch.late).lower(), str(watch.late).lower()) in rows
    assert {row[0] for row in rows} == {"digest", "counts", "late list"}
    assert case not in told.stdout


def test_codes_of_dossiers_are_written_only_where_the_setting_allows_it(settings: Settings, tmp_path: Path) -> None:
    with RunReader(settings) as reader:
        case, watch = next(iter(sorted(read_watched(reader).items())))
        entry = read_figures(reader).entries["2011-07", "PWDx"]
    write(settings, entry, case, encode_entry(watch._replace(late=not watch.late), GENERATION))
    closed = msgspec.structs.replace(settings, list_codes=False)
    assert motcua(closed, tmp_path).exit_code == 1
    text = (tmp_path / "different.csv").read_text(encoding="utf-8")
    assert case not in text
    assert "late list,dossier 1,,late," in text


def write(settings: Settings, entry: UnitIndex, case: str, listed: bytes | None) -> None:
    assert listed is not None
    with Outbox(settings) as outbox:
        key = f"{entry.period}/{entry.unit}".encode()
        outbox.send(topic_name(settings.run, "unit-index"), encode(entry), key=key, partition=0)
        for number in range(3):  # wherever it is
            outbox.send(topic_name(settings.run, "watchlist"), listed, key=case.encode(), partition=number)
        outbox.flush()
