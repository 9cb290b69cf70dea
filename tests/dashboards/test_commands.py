import csv
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner, Result

from dashboards.conservation import conservation_of
from dashboards.digests import NoDigest, compare, digest_of_facts, digest_of_run, figures_of_run
from dashboards.outputs import read_figures, read_ledgers
from dashboards.report import Report
from dashboards.schemas import SCHEMAS
from simulators.outbox import Outbox
from simulators.replay import Replay
from simulators.rows import Table
from simulators.workers import Workers, environment
from streams import topic_admin
from streams.cli import main
from streams.cli.playing import wait_for_figures
from streams.cli.showing import Bar
from streams.core.civil import MICROS
from streams.core.facts import Batch, Fact
from streams.core.index import RUN_KEY, RunStatus, UnitIndex
from streams.core.tallies import ClockValue, Kind, encode, sign_key
from streams.core.watchlist import WatchEntry
from streams.listed import read_watched
from streams.reading import NoSuchRun, RunReader, committed
from streams.schemas import text_of
from streams.settings import Settings
from streams.sources.mappings import load_mapping
from streams.sources.rejections import Reason, Rejection
from streams.topics import group_of, topic_name
from tests.dashboards.boston import REGISTER, RULES, SAMPLE, ZONE, at, batches, facts, rows
from tests.dashboards.stages_by_hand import write_facts, write_outputs

SettingsFor = Callable[..., Settings]
CLOCK = at("2023-05-04T00:00:00")
pytestmark = pytest.mark.integration


@pytest.fixture
def settings(settings_for: SettingsFor, run_name: str) -> Settings:
    return settings_for(run_name, partitions=3, zone=ZONE, units=Path("boston311"))


def motcua(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments], env=environment(settings, {}))


def written(settings: Settings) -> Settings:
    write_facts(settings, batches(SAMPLE, 3), CLOCK)
    write_outputs(settings, batches(SAMPLE, 3), CLOCK, RULES, REGISTER)
    return settings


def report(settings: Settings, *arguments: str) -> dict[str, object]:
    result = motcua(settings, "report", "--json", *arguments)
    assert result.exit_code == 0, result.output
    whole: dict[str, object] = json.loads(result.stdout)
    return whole


def counts(whole: dict[str, object]) -> dict[str, dict[str, int]]:
    read = msgspec.convert({key: value for key, value in whole.items() if key != "rejections"}, Report)
    return {unit.unit: unit.counts for unit in read.units}


def test_what_the_workers_say_and_what_the_facts_say_are_one(settings: Settings) -> None:
    written(settings)
    comparison = compare(settings)
    assert comparison.different == ()
    assert comparison.pipeline.cases == 300
    assert digest_of_run(settings) == digest_of_facts(settings, CLOCK)
    told, folded = report(settings), report(settings, "--as-of", "2023-05-04")
    assert counts(told) == counts(folded)
    assert (told["source"], folded["source"]) == ("unit-index", "facts")
    assert told["complete"] is folded["complete"] is True
    jsonschema.validate(told, json.loads(text_of(SCHEMAS[0])))
    figures = figures_of_run(settings)
    assert figures["all", REGISTER.root]["received"] == 300
    checked = motcua(settings, "digest", "--check")
    assert checked.exit_code == 0
    assert checked.stdout.startswith(f"{comparison.pipeline.whole}  equal")
    assert motcua(settings, "digest").stdout.split()[0] == comparison.pipeline.whole
    assert json.loads(motcua(settings, "digest", "--as-of", "2023-05-04", "--json").stdout)["cases"] == 300


def test_a_fact_that_no_worker_has_folded_shows_in_the_check(settings: Settings) -> None:
    written(settings)
    [(partition, batch), *_] = batches(SAMPLE, 3)
    more = msgspec.structs.replace(batch.facts[0], case=batch.facts[0].case + "9", id="other")
    write_facts(settings, [(partition, Batch(0, [more], ["replay:boston"]))], CLOCK)
    checked = motcua(settings, "digest", "--check")
    assert checked.exit_code == 1
    assert "differ from the facts in: verdicts, cells, index" in checked.stdout


def test_a_report_by_what_was_known_then_and_of_a_period_and_unit(settings: Settings) -> None:
    write_facts(settings, batches(SAMPLE, 3), CLOCK)
    found = counts(report(settings, "--as-of", "2011-09-01", "--known-at", "2011-09-01T00:00-04:00"))
    received = [row for row in rows(SAMPLE) if row["received"] < "2011-09-01"]
    assert found[REGISTER.root]["received"] == len(received)
    july = counts(report(settings, "--as-of", "2023-05-04", "--period", "2011-07", "--unit", "PWDx"))
    assert july == {
        "PWDx": july["PWDx"],
    }
    own = [row for row in rows(SAMPLE) if row["unit"] == "PWDx" and row["received"].startswith("2011-07")]
    assert july["PWDx"]["received"] == len(own)
    later = report(settings, "--as-of", "2024-01-01")
    assert later["complete"] is False
    assert "3 of 3 partitions have been written only up to 2023-05-04 00:00:00-04:00" in str(later["why"])


def test_a_report_for_people_and_as_csv(settings: Settings) -> None:
    written(settings)
    shown = motcua(settings, "report").stdout
    assert f"Run {settings.run}, period all, as of 2023-05-04 00:00:00-04:00 (as its workers say)" in shown
    assert "\ncomplete\n" in shown
    assert "items: 300 applied, 0 repeated, 0 rejected, 0 ignored" in shown
    lines = list(csv.DictReader(motcua(settings, "report", "--csv").stdout.splitlines()))
    assert lines[0]["received"] == "300"
    assert sum(int(line["received"]) for line in lines[1:]) == 300


def test_wrong_units_periods_and_instants_are_refused_with_near_ones(settings: Settings) -> None:
    written(settings)
    unit = motcua(settings, "report", "--unit", "PWD")
    assert (unit.exit_code, "Near it: PWDx" in unit.stderr) == (2, True)
    period = motcua(settings, "report", "--period", "2011-06")
    assert "Nothing was received or ended in 2011-06. Of its kind there are 2011-07 to" in period.stderr
    assert "write a day such as" in motcua(settings, "report", "--as-of", "yesterday").stderr
    assert "--known-at needs --as-of" in motcua(settings, "report", "--known-at", "now").stderr


def test_a_dossier_is_explained_from_its_own_partition(settings: Settings) -> None:
    write_facts(settings, batches(SAMPLE, 3), CLOCK)
    case = facts(SAMPLE)[0].case
    own = [fact for fact in facts(SAMPLE) if fact.case == case]
    whole = json.loads(motcua(settings, "explain", case, "--json").stdout)
    assert [told["id"] for told in whole["facts"]] == [fact.id for fact in own]
    assert whole["facts_read"] < len(facts(SAMPLE))
    assert whole["as_of"] == "2023-05-04 00:00:00-04:00"
    vietnamese = motcua(settings, "explain", case, "--lang", "vi", "--as-of", "2011-07-01").stdout
    assert f"Hồ sơ {case}" in vietnamese
    unknown = motcua(settings, "explain", "no-such-dossier")
    assert unknown.exit_code == 2
    assert "There is no fact of dossier 'no-such-dossier'" in unknown.stderr
    assert "were looked through" in unknown.stderr


def test_a_run_that_is_not_there_is_refused_with_those_that_are(settings: Settings, run_name: str) -> None:
    topic_admin.create(settings, run_name)
    other = msgspec.structs.replace(settings, run=f"{run_name}-none")
    with RunReader(other) as reader, pytest.raises(NoSuchRun, match=rf"no run {run_name}-none.*{run_name}"):
        list(reader.read("dossier-facts"))
    assert "motcua replay FILE" in motcua(other, "report").stderr


def test_without_a_broker_the_report_says_so(settings: Settings) -> None:
    away = msgspec.structs.replace(settings, brokers=("127.0.0.1:1",))
    result = motcua(away, "report")
    assert result.exit_code == 2
    assert "No Kafka broker answers at 127.0.0.1:1" in result.stderr


def test_a_run_that_no_worker_has_told_of_is_not_complete_and_has_no_digest(settings: Settings) -> None:
    write_facts(settings, [], CLOCK)
    whole = report(settings)
    assert (whole["complete"], whole["as_of"]) == (False, "")
    assert "no worker has told any figures yet" in str(whole["why"])
    with pytest.raises(NoDigest, match="no figures as of any instant yet"):
        digest_of_run(settings)


def test_partitions_at_different_clocks_have_no_digest(settings: Settings) -> None:
    written(settings)
    ahead = ClockValue(CLOCK + 3600 * MICROS, 99, 100, {})
    with Outbox(settings) as outbox:
        key = sign_key(1, 1, Kind.CLOCK).encode()
        outbox.send(topic_name(settings.run, "unit-tallies"), encode(ahead), key=key, partition=0)
        outbox.flush()
    with pytest.raises(NoDigest, match="different clocks, from 2023-05-04 00:00:00-04:00 to 2023-05-04 01:00:00-04:00"):
        digest_of_run(settings)


def test_what_a_superseded_writer_says_is_passed_over(settings: Settings) -> None:
    topic_admin.create(settings, settings.run)
    index, watch = (topic_name(settings.run, name) for name in ("unit-index", "watchlist"))

    def entry(generation: int, received: int) -> bytes:
        return encode(UnitIndex("PARK", "all", "department", CLOCK, generation, {"received": received}))

    def listed(generation: int, due: int) -> bytes:
        return encode(
            WatchEntry(
                "PARK", "", due, due, late=False, paused=False, apologised=False, generation=generation, received=0
            )
        )

    status = RunStatus(settings.run, CLOCK, 7, True, 3, 0, {}, ZONE, REGISTER.version)
    with Outbox(settings) as outbox:
        for generation, received in ((3, 1), (7, 2), (3, 9)):
            outbox.send(index, entry(generation, received), key=b"all/PARK", partition=0)
            outbox.send(watch, listed(generation, received), key=b"case", partition=1)
        outbox.send(index, encode(status), key=RUN_KEY.encode(), partition=0)
        outbox.flush()
    with RunReader(settings) as reader:
        figures = read_figures(reader)
        assert figures.entries["all", "PARK"].counts == {"received": 2}
        assert figures.status == status
        assert read_watched(reader)["case"].due == 2


def test_a_ledger_is_found_from_the_end_backwards(settings: Settings) -> None:
    written(settings)
    with Outbox(settings) as outbox:
        for number in range(400):
            outbox.send(topic_name(settings.run, "dossier-state"), b"-", key=str(number).encode(), partition=0)
        outbox.flush()
    with RunReader(settings) as reader:
        ledgers = read_ledgers(reader)
        assert {ledger.clock for ledger in ledgers.values()} == {CLOCK}
        assert len(ledgers) == 3


def test_every_row_of_a_replay_is_accounted_for_and_the_workers_figures_are_what_the_facts_say(
    settings: Settings, tmp_path: Path
) -> None:
    faulty = tmp_path / "rows.csv"
    faulty.write_text(SAMPLE.read_text(encoding="utf-8") + "cut,short\n", encoding="utf-8")
    with Replay(settings, Table(faulty, load_mapping("boston311"))) as replay, Bar("replay") as bar:
        workers = Workers(settings, 1, bar.say)
        workers.start()
        try:
            replay.advance(at("2012-01-01T00:00:00"))
            [row], holds = conservation_of(settings)
            assert (row.read, row.holds, holds) == (None, None, False)
            replay.finish()
            wait_for_figures(settings, replay.record.ticked, bar, workers.check)
        finally:
            workers.stop()
    [row], holds = conservation_of(settings)
    assert (row.read, row.applied, row.repeated, row.rejected, row.holds) == (301, 300, 0, 1, True)
    assert holds
    assert compare(settings).different == ()
    assert motcua(settings, "audit", "--out", str(tmp_path / "different.csv")).exit_code == 0
    whole = report(settings, "--rejected")
    assert whole["complete"] is True
    assert [one["reason"] for one in msgspec.convert(whole["rejections"], list[dict[str, object]])] == ["unreadable"]
    assert "conservation: 301 items read in 1 inputs, each accounted for" in motcua(settings, "report").stdout


def test_items_of_native_events_are_counted_up_to_what_the_workers_acknowledged(settings: Settings) -> None:
    topic_admin.create(settings, settings.run)
    events = topic_name(settings.run, "dossier-events")
    name = f"{events}/1"
    fact = Fact("H1-1", "accepted", 0, 0, "a", {"accepted": 1}, (0, 0, 0))
    log = [(0, Batch(CLOCK, [fact, msgspec.structs.replace(fact, origin=(0, 0, 1))], [name]))]
    refused = [Rejection(Reason.WRONG_TYPE, "-", name, 0, 2), Rejection(Reason.TOMBSTONE, "-", name, 1, 0)]
    send_events(settings, events, (b"{}\n{}\n\n{}\n", None, b"{}"))
    with Outbox(settings) as outbox:
        for one in [*refused, *refused]:
            outbox.send(topic_name(settings.run, "rejected"), encode(one), key=one.key.encode(), partition=0)
        outbox.flush()
    write_facts(settings, log, CLOCK)
    write_outputs(settings, log, CLOCK, RULES, REGISTER)
    acknowledge(settings, 1, 2)
    [row], holds = conservation_of(settings)
    assert (row.input, row.read, row.applied, row.repeated, row.rejected, row.ignored) == (name, 4, 1, 1, 1, 1)
    assert holds
    acknowledge(settings, 1, 3)
    [row], holds = conservation_of(settings)
    assert (row.read, row.holds, holds) == (5, False, False)


def send_events(settings: Settings, topic: str, values: tuple[bytes | None, ...]) -> None:
    from kafka import KafkaProducer

    from streams.connection import kafka_python_options

    producer = KafkaProducer(**kafka_python_options(settings))
    for value in values:
        producer.send(topic, value, key=b"any", partition=1)
    producer.flush()
    producer.close()


def acknowledge(settings: Settings, partition: int, offset: int) -> None:
    from kafka import KafkaConsumer, TopicPartition
    from kafka.structs import OffsetAndMetadata

    from streams.connection import kafka_python_options

    group = group_of(settings.run)
    consumer = KafkaConsumer(**kafka_python_options(settings), group_id=group, enable_auto_commit=False)
    place = TopicPartition(topic_name(settings.run, "dossier-events"), partition)
    consumer.assign([place])
    consumer.commit({place: OffsetAndMetadata(offset, "", -1)})
    consumer.close()
    assert committed(settings, group, "dossier-events") == {partition: offset}
