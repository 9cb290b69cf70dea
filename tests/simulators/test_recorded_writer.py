import random
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.recorded_log import Place
from simulators.recorded_writer import BEGINNING, RecordedWriter
from simulators.recording_files import MANIFEST, PROGRESS, RecordingError
from simulators.recording_played import Recording
from streams.core.civil import HOUR, MICROS
from streams.core.facts import Batch, Fact
from streams.sources.rejections import Reason, Rejection
from tests.simulators.recordings import Sent, player, recorded
from tests.simulators.test_log_writer import CIVIL, START, Times, Written, fact, moments, ordered, tables, writer

PARTITIONS = 3


def log_of_a_replay(times: Times) -> list[tuple[int, Batch]]:
    log = Written()
    writer(ordered(times).read(), log, PARTITIONS).finish()
    return log.batches


@st.composite
def live_logs(draw: st.DrawFn) -> list[tuple[int, Batch]]:
    """Batches as INTAKE writes them: facts in no order, said at the clock of the batch; and ticks."""
    clock, batches = START, []
    for number, (partition, ages) in enumerate(
        draw(st.lists(st.tuples(st.integers(0, 2), st.lists(st.integers(0, 10**10), max_size=3)), max_size=20))
    ):
        clock += draw(st.integers(0, 3 * HOUR * MICROS))
        facts = [
            msgspec.structs.replace(fact(number, clock - age), origin=(0, number, place))
            for place, age in enumerate(ages)
        ]
        batches.append((partition, Batch(clock, facts, ["dossier-events/0"] if facts else [])))
    return batches


logs = tables.map(log_of_a_replay) | live_logs()


def said_at(batch: Batch, one: Fact) -> int:
    return one.recorded if batch.ordered else batch.clock


@settings(max_examples=60, deadline=None)
@given(logs)
def test_played_at_once_every_partition_gets_the_very_bytes_that_were_recorded(log: list[tuple[int, Batch]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recording, sent = recorded(log, PARTITIONS, Path(folder) / "r"), Sent()
        playing = player(recording, sent, CIVIL)
        last = playing.finish()
        assert last == max((batch.clock for _, batch in log), default=0)
        for partition in range(PARTITIONS):
            told = [batch for place, batch in log if place == partition]
            played = sent.batches(partition)
            assert played[: len(told)] == told
            assert all(batch == Batch(last) for batch in played[len(told) :])
            assert last == 0 or played[-1].clock == last
        assert playing.seq == sum(len(batch.facts) for _, batch in log)
        assert playing.next_at is None


@settings(max_examples=100, deadline=None)
@given(logs, st.lists(moments, max_size=4), moments)
def test_up_to_an_instant_all_is_played_that_was_said_before_it_and_nothing_else(
    log: list[tuple[int, Batch]], stops: list[int], since: int
) -> None:
    since = since if since % 2 else BEGINNING
    with tempfile.TemporaryDirectory() as folder:
        recording, sent = recorded(log, PARTITIONS, Path(folder) / "r"), Sent()
        playing = player(recording, sent, CIVIL, since)
        for stop in sorted({max(stop, 1) for stop in stops}):
            playing.advance(stop)
            expected = {one.origin for _, b in log for one in b.facts if since <= said_at(b, one) < stop}
            assert {one.origin for one in sent.facts()} == expected
            assert all(max(b.clock for b in sent.batches(n)) == stop for n in range(PARTITIONS))
            coming = [said_at(b, one) for _, b in log for one in b.facts if said_at(b, one) >= max(stop, since)]
            assert not coming or (playing.next_at is not None and playing.next_at <= min(coming))
        playing.finish()
        for partition in range(PARTITIONS):
            kept = [one for n, b in log if n == partition for one in b.facts if said_at(b, one) >= since]
            assert sent.facts(partition) == kept
            clocks = [batch.clock for batch in sent.batches(partition)]
            assert clocks == sorted(clocks)


@settings(max_examples=60, deadline=None)
@given(logs, st.lists(moments, max_size=3), st.randoms(use_true_random=False))
def test_a_playing_that_was_killed_anywhere_goes_on_and_no_fact_is_missing(
    log: list[tuple[int, Batch]], stops: list[int], dice: random.Random
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        recording, begun, rest = recorded(log, PARTITIONS, Path(folder) / "r"), Sent(), Sent()
        first = player(recording, begun, CIVIL)
        kept = msgspec.json.encode(first.places), first.seq, first.ticked, first.last
        for stop in sorted({max(stop, 1) for stop in stops}):
            first.advance(stop)
            if dice.random() < 0.5:
                kept = msgspec.json.encode(first.places), first.seq, first.ticked, first.last
        places = msgspec.json.decode(kept[0], type=list[Place])
        again = RecordedWriter(
            recording, rest, "trial", CIVIL, places=places, seq=kept[1], ticked=kept[2], last=kept[3]
        )
        again.finish()
        every = {one.origin for _, batch in log for one in batch.facts}
        assert {one.origin for one in [*begun.facts(), *rest.facts()]} == every
        assert again.seq == sum(len(batch.facts) for _, batch in log)
        last = max((batch.clock for _, batch in log), default=0)
        assert again.ticked == max(last, kept[2])
        if log:
            assert all(rest.batches(n)[-1].clock == again.ticked for n in range(PARTITIONS) if rest.batches(n))


def test_definitions_come_before_all_facts_and_rejections_when_they_were_said(tmp_path: Path) -> None:
    late = Rejection(Reason.UNREADABLE, "not JSON", "dossier-events/0", 9, 0, START + 5)
    log = [(0, Batch(START + n, [fact(n, START + n)], ["dossier-events/0"])) for n in range(8)]
    recording = recorded(log, 1, tmp_path / "r", rejections=[late], references=[(b"calendar/2026", b"{}")])
    sent = Sent()
    playing = player(recording, sent, CIVIL)
    playing.begin(lambda: 1)
    assert [message[:3] for message in sent.messages] == [("references", 0, b"calendar/2026")]
    playing.advance(START + 5)
    assert sent.of("rejected") == []
    playing.advance(START + 6)
    assert [message[2] for message in sent.messages if message[0] == "rejected"] == [b"dossier-events/0/9/0"]
    playing.begin(lambda: 1)
    assert len(sent.of("references")) == 1


def test_a_batch_waits_for_the_definitions_of_its_own_run_not_for_offsets_of_the_recorded_one(tmp_path: Path) -> None:
    log = [(0, Batch(START + n, [fact(n, START + n)], ["x"], ordered=n == 2)) for n in range(3)]
    recording, sent = recorded(log, 1, tmp_path / "r", barrier=70), Sent()
    playing = player(recording, sent, CIVIL)
    playing.begin(lambda: 5)
    playing.finish()
    barriers = [msgspec.json.decode(value).get("references") for value in sent.of("dossier-facts")]
    assert barriers == [5, 5, 5]
    assert [batch.facts for batch in sent.batches()] == [batch.facts for _, batch in log]


def test_recorded_definitions_may_be_left_out(tmp_path: Path) -> None:
    recording, sent = recorded([(0, Batch(START))], 1, tmp_path / "r", references=[(b"calendar/2026", b"{}")]), Sent()
    player(recording, sent, CIVIL).begin(lambda: 5, definitions=False)
    assert sent.messages == []


def test_a_log_is_not_played_backwards_but_may_be_asked_for_the_same_instant_again(tmp_path: Path) -> None:
    log = [(0, Batch(START, [fact(1, START)], ["x"])), (0, Batch(START + 9))]
    playing = player(recorded(log, 2, tmp_path / "r"), Sent(), CIVIL)
    playing.advance(START + 5)
    playing.advance(START + 5)
    with pytest.raises(ValueError, match="beyond"):
        playing.advance(START + 4)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    recorded([(0, Batch(START + n, [fact(n, START + n)], ["x"])) for n in range(9)], 1, tmp_path / "small")
    return tmp_path / "small"


def test_a_recording_that_is_cut_is_refused_with_the_file_named(small: Path) -> None:
    piece = sorted(small.glob("dossier-facts*"))[1]
    piece.write_bytes(piece.read_bytes()[:-5])
    with pytest.raises(RecordingError, match=rf"{piece.name} is cut: it has [\d,]+ bytes of [\d,]+"):
        Recording(small)
    piece.unlink()
    with pytest.raises(RecordingError, match=rf"{piece.name} cannot be read: No such file"):
        Recording(small)


def test_a_recording_of_which_one_bit_is_wrong_is_refused(small: Path) -> None:
    piece = sorted(small.glob("dossier-facts*"))[0]
    content = bytearray(piece.read_bytes())
    content[len(content) // 2] ^= 1
    piece.write_bytes(content)
    with pytest.raises(RecordingError, match=rf"{piece.name} is damaged: its SHA-256 is"):
        Recording(small)


def test_a_recording_that_is_not_finished_or_none_at_all_is_refused(small: Path, tmp_path: Path) -> None:
    (small / MANIFEST).rename(small / PROGRESS)
    with pytest.raises(RecordingError, match=r"is not finished.*goes on with it"):
        Recording(small)
    with pytest.raises(RecordingError, match="no recording of motcua"):
        Recording(tmp_path)


def test_recordings_that_do_not_follow_one_another_are_refused(small: Path) -> None:
    other = small.with_name("other")
    recorded([(0, Batch(START))], 1, other)
    text = (other / MANIFEST).read_text(encoding="utf-8")
    (other / MANIFEST).write_text(text.replace('"begins": {}', '"begins": {"dossier-facts": [9]}'), encoding="utf-8")
    with pytest.raises(RecordingError, match="does not go on where"):
        Recording(small, other)
