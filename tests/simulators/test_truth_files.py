import hashlib
from pathlib import Path

import msgspec
import pytest
import zstandard
from click.testing import CliRunner

from simulators.event_files import beside
from simulators.pieces import PIECE, lines
from simulators.scenarios import scenario_named
from simulators.sent import EVENT, TOPICS
from simulators.truth import DossierTruth, ItemTruth, PetitionTruth, Sums
from simulators.world.working_time import day_of, midnight, read_calendar
from streams.cli import main
from streams.core.calendar import read_calendar as monitors_calendar
from streams.core.register import read_register
from streams.registers import SIMULATED, shipped
from streams.sources.native import event_of
from streams.sources.references import ReferenceReader, reference_of
from streams.sources.rejections import Refused
from tests.simulators.test_truth import ALL, small
from tests.simulators.worlds import CIVIL, READER

Files = dict[str, str]
REFERENCES = ReferenceReader(3600, lambda unit: shipped(SIMULATED).unit(unit) is not None)


def simulate(home: Path, folder: Path, *arguments: str) -> Files:
    """Checksums of what `motcua simulate` writes."""
    command = ["simulate", *arguments, "--seed", "3", "--from", "2026-11-09", "--units", "6"]
    command += ["--out", str(folder / "events.ndjson.zst"), "--truth", str(folder)]
    folder.mkdir()
    result = CliRunner().invoke(main, command, env={"HOME": str(home)})
    assert result.exit_code == 0, result.output
    return {one.name: hashlib.blake2b(one.read_bytes()).hexdigest() for one in folder.iterdir()}


def unpacked(path: Path) -> list[bytes]:
    with zstandard.open(path, "rb") as squeezed:
        return list(squeezed.read().splitlines())


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Files]:
    home = tmp_path_factory.mktemp("home")
    return home, simulate(home, home / "one", "normal-fortnight", "--dirt", "all=0.02")


@pytest.mark.parametrize("processes", ["2", "3"])
def test_any_number_of_processes_writes_the_same_bytes(written: tuple[Path, Files], processes: str) -> None:
    home, files = written
    arguments = ("normal-fortnight", "--dirt", "all=0.02", "--processes", processes)
    assert simulate(home, home / processes, *arguments) == files


def test_the_truth_names_every_dirty_line_of_the_file(written: tuple[Path, Files]) -> None:
    home, files = written
    assert set(files) == {
        *(f"events{name}.ndjson.zst" for name in ("", ".petitions", ".procedures", ".declarations")),
        *("dossiers.ndjson.zst", "petitions.ndjson.zst", "references.ndjson.zst", "items.ndjson.zst"),
        *("incidents.ndjson", "units.ndjson", "sums.json"),
    }
    folder = home / "one"
    sent = {topic: unpacked(beside(folder / "events.ndjson.zst", topic)) for topic in TOPICS}
    items = [msgspec.json.decode(line, type=ItemTruth) for line in unpacked(folder / "items.ndjson.zst")]
    sums = msgspec.json.decode((folder / "sums.json").read_bytes(), type=Sums)
    assert sums.topics == {topic: len(found) for topic, found in sent.items() if found}
    assert sums.items == sum(map(len, sent.values()))
    assert sum(sums.dirty.values()) == len(items)
    reasons = {(item.topic, item.line): item.reason for item in items}
    for topic, found in sent.items():
        for number, line in enumerate(found, 1):
            assert _refusal(topic, line) == reasons.get((topic, number), ""), line
    for item in items:
        if not item.reason and item.topic == EVENT:
            assert event_of(sent[EVENT][item.line - 1]).dossier == item.dossier
    dossiers = [msgspec.json.decode(line, type=DossierTruth) for line in unpacked(folder / "dossiers.ndjson.zst")]
    assert len({one.dossier for one in dossiers}) == len(dossiers) == sums.dossiers
    petitions = [msgspec.json.decode(line, type=PetitionTruth) for line in unpacked(folder / "petitions.ndjson.zst")]
    assert len({one.petition for one in petitions}) == len(petitions) == sums.petitions
    stated = [reference_of(line) for line in unpacked(folder / "references.ndjson.zst")]
    assert len(stated) == sums.topics["procedures"] + sums.topics["declarations"] - _more_than_meant(items)


def _more_than_meant(items: list[ItemTruth]) -> int:
    """Copies that dirt has made of procedures and declared totals."""
    copied = ("duplicated", "corrected", "malformed")
    return sum(item.dirt in copied and item.topic in ("procedures", "declarations") for item in items) // 2


def _refusal(topic: str, line: bytes) -> str:
    try:
        if topic == EVENT:
            READER.translate(event_of(line), 1 << 61)
        else:
            REFERENCES.checked(reference_of(line), 1 << 61)
    except Refused as refused:
        return refused.reason.value
    return ""


def test_pieces_of_many_processes_are_many() -> None:
    """Else the test of equal bytes would not see a piece end."""
    with lines(small(scenario_named("normal-fortnight"), ALL)) as made:
        assert sum(1 for _ in made) > 4 * PIECE


def test_a_merger_comes_with_the_register_as_changed(tmp_path: Path) -> None:
    simulate(tmp_path, tmp_path / "merger", "communes-merge")
    played = small(scenario_named("communes-merge"))
    [merger] = [one for one in played.incidents if one.kind == "merger"]
    before = shipped(SIMULATED)
    after = read_register((tmp_path / "merger" / "register.csv").read_text(encoding="utf-8").splitlines(), "changed")
    assert [one for one in after.units if one not in before.units] == [
        msgspec.structs.replace(one, valid_to=day_of(merger.begins)) for one in before.units if one.code == merger.unit
    ]


def test_a_changed_calendar_comes_with_the_truth(tmp_path: Path) -> None:
    simulate(tmp_path, tmp_path / "changed", "calendar-changed")
    text = (tmp_path / "changed" / "calendar.csv").read_text(encoding="utf-8")
    calendar = read_calendar(text.splitlines(), "changed")
    [change] = small(scenario_named("calendar-changed")).incidents
    assert not calendar.works(int(change.amount))
    monitors = monitors_calendar(text.splitlines(), "changed", CIVIL)
    assert all(calendar.works(day) == monitors.is_working(day) for day in range(20_500, 21_000))
    assert midnight(int(change.amount)) > change.begins


def test_a_truth_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = ["simulate", "normal-fortnight", "--units", "1", "--days", "1", "--truth", str(tmp_path / "file")]
    result = CliRunner().invoke(main, command, env={"HOME": str(tmp_path)})
    assert result.exit_code == 2
    assert "The truth cannot be written into" in result.stderr
