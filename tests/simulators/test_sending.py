import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from simulators.outbox import Outbox
from simulators.rows import Table
from simulators.sending import Progress, Sending, begin, send
from simulators.workers import environment
from streams import topic_admin
from streams.cli import main
from streams.core.routing import partition_of
from streams.settings import Settings
from streams.sources.mappings import load_mapping
from streams.sources.native import event_of, items
from streams.sources.rejections import Reason, Rejection
from streams.topics import topic_name
from tests.simulators.topics_read import Message, messages

SAMPLE = Path(__file__).parents[1] / "data" / "boston311-sample.csv"
EVENTS_IN_SAMPLE = 552
SettingsFor = Callable[..., Settings]


def nobody(_: Sending, __: int) -> None:
    """Nobody looks at the progress."""


def table(path: Path = SAMPLE) -> Table:
    return Table(path, load_mapping("boston311"))


def with_faults(folder: Path) -> Path:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    lines[5] = lines[5].replace("2011", "2O11")
    lines.insert(9, "1,Self Service")
    future = lines[7].split(",")
    future[0], future[6] = "77", "2999-01-01 00:00:00"
    lines.append(",".join(future))
    path = folder / "faults.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def sent(settings: Settings) -> list[Message]:
    return messages(settings, topic_name(settings.run, "dossier-events"), settings.partitions)


def rejected(settings: Settings) -> list[Rejection]:
    found = messages(settings, topic_name(settings.run, "rejected"), settings.partitions)
    kept = [(message.key, msgspec.json.decode(message.value, type=Rejection)) for message in found]
    assert all(key == one.key.encode() for key, one in kept)
    return sorted((one for _, one in kept), key=lambda one: one.offset)


def test_a_dry_run_lists_what_would_be_rejected_and_needs_no_broker(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main,
        ["import", str(with_faults(tmp_path)), "--mapping", "boston311", "--dry-run"],
        env={"HOME": str(tmp_path), "MOTCUA_BROKERS": "127.0.0.1:1"},
    )
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("row 5 (line 6): column `received` is not a date")
    assert lines[1].startswith("row 9 (line 10): 2 columns instead of 9 (cut short?)")
    assert "column `closed`: `at` lies more than 3600 s ahead of the clock [ahead_of_clock]" in lines[2]
    assert lines[3].startswith("302 rows read, ")
    assert "3 rows rejected (ahead_of_clock 1, unreadable 1, wrong_type 1). Nothing was sent." in lines[3]


def test_a_dry_run_of_a_clean_table_ends_well(tmp_path: Path) -> None:
    arguments = ["import", str(SAMPLE), "--mapping", "boston311", "--dry-run"]
    result = CliRunner().invoke(main, arguments, env={"HOME": str(tmp_path)})
    assert (result.exit_code, result.stdout) == (
        0,
        f"300 rows read, {EVENTS_IN_SAMPLE} events would be sent, 0 rows rejected. Nothing was sent.\n",
    )


@pytest.mark.parametrize(
    ("file", "mapping", "words"),
    [
        ("none.csv", "boston311", "cannot be read"),
        ("empty.csv", "boston311", "There is nothing in"),
        ("sample.csv", "boston3111", "boston311"),
        ("other.csv", "boston311", "Its columns are: a, b"),
    ],
)
def test_what_cannot_be_imported_at_all_is_said_in_a_word(tmp_path: Path, file: str, mapping: str, words: str) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "sample.csv").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    result = CliRunner().invoke(
        main, ["import", str(tmp_path / file), "--mapping", mapping, "--dry-run"], env={"HOME": str(tmp_path)}
    )
    assert result.exit_code == 2
    assert words in result.stderr


def test_an_import_without_a_broker_says_so(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        main,
        ["import", str(SAMPLE), "--mapping", "boston311", "--wait", "0"],
        env={"HOME": str(tmp_path), "MOTCUA_BROKERS": "127.0.0.1:1"},
    )
    assert result.exit_code == 2
    assert "No Kafka broker answers at 127.0.0.1:1" in result.stderr


def test_the_sending_of_a_file_is_known_by_its_content_and_mapping(tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    copy.write_bytes(SAMPLE.read_bytes())
    assert table(copy).sending() == table().sending()
    copy.write_bytes(SAMPLE.read_bytes() + b"\n")
    assert table(copy).sending() != table().sending()
    other = msgspec.structs.replace(load_mapping("boston311"), fold="second")
    assert Table(SAMPLE, other).sending() != table().sending()


@pytest.mark.integration
def test_every_event_arrives_in_the_partition_of_its_dossier_and_rejections_are_kept(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=4)
    topic_admin.create(settings, run_name)
    faulty = table(with_faults(tmp_path))
    sending = begin(settings, faulty, again=False)
    with Outbox(settings) as outbox:
        send(settings, faulty, sending, outbox, batch=50, shown=nobody)
    found = sent(settings)
    assert all(message.key is None for message in found)
    events = [(message.partition, event_of(item)) for message in found for item in items(message.value)]
    assert all(partition == partition_of(event.dossier, 4) for partition, event in events)
    assert max(len(items(message.value)) for message in found) <= 50
    assert (len(events), sending.rows, sending.done) == (sending.events, 302, True)
    kept = rejected(settings)
    assert [one.reason for one in kept] == [Reason.WRONG_TYPE, Reason.UNREADABLE, Reason.AHEAD_OF_CLOCK]
    assert {one.input for one in kept} == {f"import:{sending.id}"}


@pytest.mark.integration
def test_an_import_that_was_sent_is_not_sent_again_unless_asked(settings_for: SettingsFor, run_name: str) -> None:
    settings = settings_for(run_name, partitions=2)
    first = imported(settings)
    assert f"300 rows read, {EVENTS_IN_SAMPLE} events sent, 0 rows rejected." in first
    count = len(sent(settings))
    assert "This file was sent before" in imported(settings)
    assert len(sent(settings)) == count
    imported(settings, "--again")
    assert len(sent(settings)) > count
    kept = Progress(settings, table().sending()).load()
    assert kept is not None
    assert kept.input == f"import:{kept.id}.2"


@pytest.mark.integration
def test_a_killed_import_continues_where_it_was_and_nothing_is_missing(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=3)
    header, *rows = SAMPLE.read_text(encoding="utf-8").splitlines()
    big = tmp_path / "big.csv"
    many = [f"{n}{row[1:]}" for n in range(300) for row in rows]
    big.write_text("\n".join([header, *many]) + "\n", encoding="utf-8")
    variables = environment(settings, {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"})
    command = [sys.executable, "-m", "streams.cli", "import", str(big), "--mapping", "boston311"]
    killed = subprocess.Popen(command, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    progress = Progress(settings, table(big).sending())
    deadline = time.monotonic() + 180
    while progress.load() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    kept = progress.load()
    assert kept is not None
    assert 0 < kept.rows < len(many)
    again = subprocess.run(command, env=variables, capture_output=True, text=True, check=True, timeout=120)
    assert f"Continuing after row {kept.rows:,}" in again.stderr
    assert f"{len(many):,} rows read, {300 * EVENTS_IN_SAMPLE:,} events sent" in again.stdout
    distinct = {item for message in sent(settings) for item in items(message.value)}
    expected = {msgspec.json.encode(event) for event in _events(big)}
    assert distinct == expected


def _events(path: Path) -> list[object]:
    from streams.sources.tables import Row, read_table

    with path.open("rb") as file:
        rows = list(read_table(file, load_mapping("boston311")))
    return [event for row in rows if isinstance(row, Row) for event in row.events]


def imported(settings: Settings, *more: str) -> str:
    result = CliRunner().invoke(
        main, ["import", str(SAMPLE), "--mapping", "boston311", *more], env=environment(settings, {})
    )
    assert result.exit_code == 0, result.output
    return result.output
