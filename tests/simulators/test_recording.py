from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from simulators.outbox import Outbox
from simulators.recording import record
from simulators.recording_files import (
    MANIFEST,
    PROGRESS,
    Line,
    Manifest,
    PieceFile,
    RecordingError,
    line_of,
    lines_of,
    measured,
    read_json,
)
from simulators.recording_played import Recording
from simulators.replay import Replay
from simulators.run_control import order
from simulators.workers import environment
from streams import topic_admin
from streams.cli import main
from streams.core.facts import Batch, Fact, decode_batch, encode_batch
from streams.settings import Settings
from streams.sources.rejections import Reason, Rejection
from streams.topics import topic_name
from tests.simulators.test_replay import ZONE, table
from tests.simulators.topics_read import messages

SettingsFor = Callable[..., Settings]


@pytest.fixture
def run(settings_for: SettingsFor, run_name: str) -> Settings:
    """A run with a small table in it, two rejections, a definition, an order, and a message that is no batch."""
    settings = settings_for(run_name, partitions=3, zone=ZONE)
    with Replay(settings, table()) as replay:
        replay.finish()
    facts, rejected, references = (topic_name(run_name, base) for base in ("dossier-facts", "rejected", "references"))
    with Outbox(settings) as outbox:
        outbox.send(facts, b"no batch", partition=1)
        for partition, name in enumerate((f"{facts}/1", "dossier-events/0")):
            refused = Rejection(Reason.UNREADABLE, "not JSON", name, 7)
            outbox.send(rejected, msgspec.json.encode(refused), key=refused.key.encode(), partition=partition)
        outbox.send(references, b'{"days": ["2011-07-04"]}', key=b"calendar/2011", partition=0)
        outbox.send(references, b"null", key=b"odd", partition=0)
        outbox.flush()
    order(settings, "pause")
    return settings


@pytest.mark.integration
def test_a_recording_holds_every_batch_as_it_stood_and_says_what_it_holds(run: Settings, tmp_path: Path) -> None:
    made = record(run, tmp_path / "out", piece_bytes=20_000)
    assert read_json(tmp_path / "out" / MANIFEST, Manifest) == made
    assert not (tmp_path / "out" / PROGRESS).exists()
    assert (made.counts.facts, made.counts.left_out) == (552, 1)
    assert (made.counts.rejected, made.counts.references) == (1, 2)
    assert made.items == {f"replay:{table().sending()}": 300, "dossier-events/0": 1}
    said = messages(run, topic_name(run.run, "dossier-facts"), 3)
    for partition in range(3):
        lines = [
            line
            for piece in made.pieces_of("dossier-facts", partition)
            for line in lines_of(tmp_path / "out" / piece.file)
        ]
        assert lines == [one.value for one in said if one.partition == partition and one.value != b"no batch"]
    assert len(made.pieces_of("dossier-facts", 0)) > 1
    assert sum(len(decode_batch(line).facts) for line in every_line(tmp_path / "out", made, "dossier-facts")) == 552
    for piece in made.pieces:
        assert measured(tmp_path / "out" / piece.file) == (piece.bytes, piece.sha256)


@pytest.mark.integration
def test_definitions_are_recorded_and_what_concerns_the_playing_is_not(run: Settings, tmp_path: Path) -> None:
    made = record(run, tmp_path / "out")
    lines = [msgspec.json.decode(line, type=Line) for line in every_line(tmp_path / "out", made, "references")]
    assert [(one.key, one.content()) for one in lines] == [
        ("calendar/2011", b'{"days": ["2011-07-04"]}'),
        ("odd", b"null"),
    ]


@pytest.mark.integration
def test_a_recording_on_a_full_disk_says_so_and_goes_on_when_there_is_room(run: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    full = out / "dossier-facts-001-00000.ndjson.zst.new"
    with pytest.raises(RecordingError, match=r"No space left on device.*not complete.*goes on"):
        with_full_disk(run, out, full)
    assert not (out / MANIFEST).exists()
    assert (out / PROGRESS).exists()
    assert not full.is_symlink()
    made = record(run, out)
    whole = record(run, tmp_path / "other")
    assert made == whole
    assert not list(out.glob("*.new"))


def with_full_disk(run: Settings, out: Path, full: Path) -> None:
    """Record until the second partition, whose file lies on a disk without room."""
    begun = record(run, out.with_name("begun"))
    only = msgspec.structs.replace(begun, pieces=[], counts=type(begun.counts)(), items={}, first=0, last=0)
    (out / PROGRESS).write_bytes(msgspec.json.encode(only))
    full.symlink_to("/dev/full")
    record(run, out)


@pytest.mark.integration
def test_where_something_else_lies_nothing_is_recorded(run: Settings, tmp_path: Path) -> None:
    (tmp_path / "letters").write_text("dear", encoding="utf-8")
    with pytest.raises(RecordingError, match="holds something that is no recording"):
        record(run, tmp_path)
    record(run, tmp_path / "out")
    result = CliRunner().invoke(main, ["record", "--run", run.run, str(tmp_path / "out")], env=environment(run, {}))
    assert result.exit_code == 2
    assert "finished recording already" in result.stderr


@pytest.mark.integration
def test_the_command_says_what_it_recorded_and_that_an_empty_run_has_nothing(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=1, zone=ZONE)
    topic_admin.create(settings, run_name)
    command = ["record", "--run", run_name, str(tmp_path / "out")]
    empty = CliRunner().invoke(main, command, env=environment(settings, {}))
    assert (empty.exit_code, "holds no facts" in empty.stderr) == (2, True)
    with Outbox(settings) as outbox:
        batch = Batch(5_000_000, [Fact("H1", "accepted", 4, 4_000_000, "1", {"accepted": 4})], ["dossier-events/0"])
        outbox.send(topic_name(run_name, "dossier-facts"), encode_batch(batch), partition=0)
        outbox.flush()
    done = CliRunner().invoke(main, command, env=environment(settings, {}))
    assert done.exit_code == 0, done.stderr
    assert "1 facts in 1 batches, 0 ticks" in done.output


def every_line(folder: Path, made: Manifest, base: str) -> list[bytes]:
    return [line for piece in made.pieces if piece.topic == base for line in lines_of(folder / piece.file)]


@pytest.mark.parametrize("value", [None, b'{"a": 1}', b"null", b"\xff\x00", b"{\n1", b'{"a":\n 1}', b""])
def test_a_record_comes_back_from_its_line_as_it_was(value: bytes | None) -> None:
    line = line_of(7, b"key", value)
    assert b"\n" not in line
    read = msgspec.json.decode(line, type=Line)
    if value == b'{"a":\n 1}':  # JSON may be laid out in another way
        value = b'{"a":1}'
    assert (read.offset, read.key, read.content()) == (7, "key", value)


def test_a_piece_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    piece = PieceFile(tmp_path / "one")
    piece.add(b"line")
    piece.discard()
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_of_another_version_is_refused_with_both_named(tmp_path: Path) -> None:
    path = tmp_path / MANIFEST
    path.write_bytes(b'{"format": "motcua-recording", "version": 9, "facts_version": 1}')
    with pytest.raises(RecordingError, match="version 9 with facts of version 1; this motcua reads 1 with 1"):
        read_json(path, Manifest)
    path.write_bytes(b'{"format": "motcua-rec')
    with pytest.raises(RecordingError, match="damaged"):
        read_json(path, Manifest)
    path.write_bytes(b'{"pieces": []}')
    with pytest.raises(RecordingError, match="not the manifest of a recording"):
        read_json(path, Manifest)


@pytest.mark.integration
def test_what_came_after_a_recording_is_recorded_alone_and_played_with_it_as_one(run: Settings, tmp_path: Path) -> None:
    first = record(run, tmp_path / "first")
    batch = Batch(2_000_000_000_000_000, [Fact("H1", "accepted", 4, 4_000_000, "1", {"accepted": 4})], ["x"])
    with Outbox(run) as outbox:
        outbox.send(topic_name(run.run, "dossier-facts"), encode_batch(batch), partition=2)
        outbox.flush()
    later = record(run, tmp_path / "later", after=tmp_path / "first")
    assert (first.counts.facts, later.counts.facts, later.begins) == (552, 1, first.ends)
    both = Recording(tmp_path / "first", tmp_path / "later")
    assert both.facts == 553
    assert list(both.lines("dossier-facts", 2))[-1] == encode_batch(batch)
    assert list(
        both.lines("dossier-facts", 2, after=len(list(Recording(tmp_path / "first").lines("dossier-facts", 2))))
    )
    other = msgspec.structs.replace(run, run=f"{run.run}-b")
    with Replay(other, both) as replay:
        replay.finish()
    assert record(other, tmp_path / "whole").counts.facts == 553
    with pytest.raises(RecordingError, match="recording of run"):
        record(other, tmp_path / "none", after=tmp_path / "first")
