"""Petitions through Kafka: late by a tick alone, answered, disliked, corrected; and the cells of procedures."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec import convert

from simulators.outbox import Outbox
from streams.core.civil import MICROS, seconds
from streams.core.facts import Batch, Fact
from streams.core.petitions import Petition
from streams.core.routing import partition_of
from streams.settings import Settings
from streams.sources.references import petition_facts
from streams.topics import topic_name
from tests.conftest import SettingsFor
from tests.dashboards.stages_by_hand import write_facts
from tests.flow.fleet import Worker, until
from tests.flow.rest import Said, figures, said_at, wait_for_rest, write_tick
from tests.streams.core.scenarios import at

PARTITIONS = 2
NOW, LATER = (seconds(at(text)) * MICROS for text in ("10-12 08:00", "10-30 08:00"))
CODE, DOSSIER = "U1-P1", "U1-1"


def petition(recorded: str, **said: Any) -> dict[str, Any]:
    base = {"petition": CODE, "unit": "U1", "received": at("10-01 08:00").isoformat()}
    return {"kind": "petition", "recorded": at(recorded).isoformat(), **base, **said}


def first() -> list[tuple[int, Batch]]:
    """A petition about a dossier, and the dossier, finished at the counter after its steps at the centre."""
    facts = petition_facts(convert(petition("10-01 09:00", about=DOSSIER, topic="behaviour"), Petition), (0, 0, 0))
    begun, done = seconds(at("10-01 07:30")), seconds(at("10-02 08:00"))
    said: dict[str, Any] = {"unit": "U1", "procedure": "1/2%", "channel": 2, "accepted": begun, "due_first": done}
    said |= {"finished": done, "returned": done, "returned_how": 1}
    said |= {"step": [[begun + 60, "appraised@centre"], [begun + 90, "approved,stamped@centre"]]}
    facts.append(Fact(DOSSIER, "table", begun, begun * MICROS, "e1", said, (0, 1, 0)))
    by_case: dict[int, list[Fact]] = {partition_of(one.case, PARTITIONS): [] for one in facts}
    for one in facts:
        by_case[partition_of(one.case, PARTITIONS)].append(one)
    return [(number, Batch(NOW, held, ["replay/petitions/0"])) for number, held in by_case.items()]


def send(settings: Settings, *said: dict[str, Any]) -> None:
    with Outbox(settings) as outbox:
        payload = "\n".join(json.dumps(one) for one in said).encode()
        outbox.send(topic_name(settings.run, "petitions"), payload, partition=0)
        outbox.flush()


def of_petitions(settings: Settings) -> dict[str, int]:
    counts = figures(settings)["U1"]
    return {name: count for name, count in counts.items() if name.startswith("petitions")}


def at_rest(settings: Settings, instant: int, worker: Worker) -> Said:
    wait_for_rest(settings, instant, 60, worker.words)
    said = said_at(settings, instant)
    assert said.pipeline == said.facts
    return said


@pytest.mark.integration
def test_a_petition_turns_late_with_no_event_and_follows_what_is_said_of_it_also_after_a_restart(
    settings_for: SettingsFor, run_name: str, tmp_path: Path
) -> None:
    settings = settings_for(run_name, partitions=PARTITIONS)
    write_facts(settings, first(), NOW)
    worker = Worker(settings, tmp_path / "worker.log")
    worker.launch()
    late = {"petitions": 1, "petitions_behaviour": 1, "petitions_open": 1, "petitions_overdue": 1}
    in_time = {"petitions": 1, "petitions_behaviour": 1, "petitions_in_time": 1}
    try:
        at_rest(settings, NOW, worker)
        assert of_petitions(settings) == in_time | {"petitions_open": 1, "petitions_well": 1}
        assert {"complained", "five_on_the_spot"} <= figures(settings)["U1"].keys()
        write_tick(settings, LATER)
        at_rest(settings, LATER, worker)
        assert of_petitions(settings) == late

        ahead = (int(time.time()) + 3600) * MICROS  # INTAKE stamps the time of the day
        send(settings, petition("10-21 08:00", answered=at("10-20 08:00").isoformat()))
        write_tick(settings, ahead)
        at_rest(settings, ahead, worker)
        assert of_petitions(settings) == in_time | {"petitions_well": 1}
        send(settings, petition("10-22 08:00", disliked=at("10-22 08:00").isoformat()))
        at_rest(settings, ahead, worker)
        assert of_petitions(settings) == in_time
        bad = petition("10-23 08:00", answered=at("09-20 08:00").isoformat())
        send(settings, petition("10-23 08:00", clear=["answered"]), bad)
        said = at_rest(settings, ahead, worker)
        assert of_petitions(settings) == late
        [row] = [row for row in said.inputs if row.input.endswith(".petitions/0")]
        assert (row.read, row.applied, row.rejected, row.holds) == (4, 3, 1, True)

        worker.end()
        worker.launch()
        until(lambda: worker.words().count("ready:") == 2, 60, worker.words)
        assert at_rest(settings, ahead, worker).pipeline == said.pipeline
    finally:
        worker.end()
