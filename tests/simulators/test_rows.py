import csv
import gzip
from pathlib import Path

import pytest

from simulators.rows import FAR, Said, Table, reader_of
from streams.core.facts import Fact
from streams.settings import load
from streams.sources.mappings import load_mapping
from streams.sources.rejections import Rejection

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "tests" / "data" / "boston311-sample.csv"
WHOLE = ROOT.parent / "shared" / "data" / "boston311" / "requests-2011h2.csv.gz"
FILES = [SAMPLE, *([WHOLE] if WHOLE.is_file() else [])]  # the whole file is not part of the project


def facts(path: Path) -> dict[str, list[Fact]]:
    table = Table(path, load_mapping("boston311"))
    with table.open() as file:
        rows = list(table.said(file, reader_of(load({"HOME": "~"}), table.mapping), FAR))
    assert not any(isinstance(row, Rejection) for row in rows)
    return {row.facts[0].case: row.facts for row in rows if isinstance(row, Said)}


def verdicts(path: Path) -> dict[str, str]:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = csv.DictReader(data.decode().splitlines())
    return {row["id"]: row["source_verdict"] for row in rows if row["source_verdict"]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_finished_by_the_due_date_is_what_the_city_itself_calls_on_time(path: Path) -> None:
    said = facts(path)
    compared = 0
    for case, verdict in verdicts(path).items():
        accepted, *ends = said[case]
        if ends and "due_first" in accepted.set:
            assert (ends[0].at <= accepted.set["due_first"]) == (verdict == "ONTIME"), case
            compared += 1
    assert compared == (43_664 if path == WHOLE else COMPARED_IN_SAMPLE)


COMPARED_IN_SAMPLE = 180
