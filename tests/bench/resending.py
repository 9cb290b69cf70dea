"""How fast a run is recorded, and a recording sent again."""

from __future__ import annotations

import shutil
import time

from simulators.outbox import Outbox
from simulators.recording import record
from simulators.recording_played import Recording
from simulators.replay import Replay
from streams.topics import topic_name
from tests.bench import traffic
from tests.bench.figures import Figure
from tests.bench.ground import Ground


def measure(ground: Ground) -> list[Figure]:
    """Facts a second into files, and from files into another run until the broker has all of them; no worker runs."""
    settings = ground.settings(ground.kafka)
    messages = traffic.batches(ground.sized(100_000, 1_000), settings.partitions)
    with Outbox(settings) as outbox:
        for partition, message in messages:
            outbox.send(topic_name(settings.run, "dossier-facts"), message, partition=partition)
        outbox.flush()
    out = ground.folder / f"recording-{settings.run}"
    began = time.monotonic()
    facts = record(settings, out).counts.facts
    recorded_s = time.monotonic() - began
    began = time.monotonic()
    recording = Recording(out)
    checked_s = time.monotonic() - began
    with Replay(ground.settings(ground.kafka), recording) as replay:
        began = time.monotonic()
        replay.finish()
        sent_s = time.monotonic() - began
    shutil.rmtree(out)
    return [
        Figure("events sent again", facts / sent_s, "/s", at_least=100_000),
        Figure("events recorded", facts / recorded_s, "/s"),
        Figure("checksums of what is played", facts / checked_s, "/s"),
    ]
