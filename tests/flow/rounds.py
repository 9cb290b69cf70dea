"""One round: the same rows by some way through the whole pipeline, with faults on the way, and what it said at rest."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

import msgspec

from simulators.outbox import Outbox
from simulators.replay import Replay
from simulators.sending import begin, send
from streams import topic_admin
from streams.local_kafka import LocalCluster, LocalKafka
from streams.settings import Settings, load
from tests.flow.fleet import SESSION_S, Fleet
from tests.flow.known import ZONE, Row, at, mixed, write
from tests.flow.rest import Said, figures, said_at, wait_for_rest, write_tick

LAST: Final = at("2030-01-01 00:00:00")
STEPS: Final = 10
_FIRST: Final = at("2011-07-01 00:00:00")
_LATEST: Final = at("2013-01-01 00:00:00")


class Fault(StrEnum):
    """What befalls a round."""

    KILLED = "worker killed"
    FROZEN = "worker frozen beyond its session and woken"
    REPLACED = "worker ended in order, another started"
    BROKER = "broker killed and started again"


class Way(StrEnum):
    """How the rows come in."""

    REPLAY = "replay"
    IMPORT = "import"


@dataclass(frozen=True)
class Blow:
    """A fault that falls when `step` of STEPS parts of the rows are in, `after_s` seconds later, on worker `place`."""

    fault: Fault
    step: int
    after_s: float = 0.0
    place: int = 0


@dataclass(frozen=True)
class Plan:
    """The choices of a round; equal plans with one seed feed the same bytes."""

    way: Way = Way.REPLAY
    partitions: int = 4
    workers: int = 1
    shuffled: bool = False
    doubled: bool = False
    blows: tuple[Blow, ...] = ()
    seed: int = 0

    def words(self) -> str:
        """In a line."""
        rows = ", ".join(word for word, is_so in (("shuffled", self.shuffled), ("twice", self.doubled)) if is_so)
        blows = "; ".join(f"{blow.fault} at {blow.step}+{blow.after_s:.1f}s" for blow in self.blows)
        sizes = f"{self.partitions} partitions, {self.workers} workers"
        return " | ".join(part for part in (self.way.value, sizes, rows, blows) if part)


class Brokers(Protocol):
    """The brokers of a round, and the blow that can befall them."""

    addresses: tuple[str, ...]
    replication: int

    def blow(self, dice: random.Random) -> None:
        """Kill one, and start it again some seconds later."""


class One:
    """One broker."""

    replication = 1

    def __init__(self, kafka: LocalKafka) -> None:
        self._kafka = kafka
        self.addresses: tuple[str, ...] = (kafka.brokers,)

    def blow(self, dice: random.Random) -> None:
        self._kafka.kill()
        time.sleep(dice.uniform(0.5, 4.0))
        self._kafka.start()


class Three:
    """Three brokers in one cluster."""

    replication = 3

    def __init__(self, cluster: LocalCluster) -> None:
        self._cluster = cluster
        self.addresses = tuple(cluster.brokers.split(","))

    def blow(self, dice: random.Random) -> None:
        node = dice.choice(self._cluster.running)
        self._cluster.kill_node(node)
        time.sleep(dice.uniform(4.0, 10.0))
        self._cluster.start_node(node)


def settings_of(run: str, brokers: Brokers, folder: Path, plan: Plan) -> Settings:
    """Settings of a round's run."""
    return msgspec.structs.replace(
        load({"HOME": str(folder)}),
        brokers=brokers.addresses,
        run=run,
        data=folder / "data",
        zone=ZONE,
        units=Path("boston311"),
        partitions=plan.partitions,
        replication=brokers.replication,
        min_insync=2 if brokers.replication > 2 else 1,
        session_timeout_s=SESSION_S,
        heartbeat_s=1.0,
        http_port=0,
    )


def play(
    plan: Plan, rows: list[Row], run: str, brokers: Brokers, folder: Path, *, rest_s: float = 240.0
) -> tuple[Said, dict[str, dict[str, int]], list[list[int]]]:
    """Play a round: what the run said at rest, its counts by unit, and the statuses with which workers ended."""
    settings = settings_of(run, brokers, folder, plan)
    dice = random.Random(plan.seed)
    fed = mixed(rows, dice, shuffled=plan.shuffled, doubled=plan.doubled)
    topic_admin.create(settings, run)
    with Fleet(settings, plan.workers, folder) as fleet, _Blows(plan, fleet, brokers) as blows:
        feed = _replayed if plan.way is Way.REPLAY else imported
        for step in feed(settings, fed, folder):
            blows.reach(step)
            time.sleep(dice.uniform(0.0, 0.3))
        blows.wait()
        wait_for_rest(settings, LAST, rest_s, fleet.words)
        said, by_unit = said_at(settings, LAST), figures(settings)
        fleet.check()
    return said, by_unit, [worker.statuses for worker in fleet.workers]


def random_plan(dice: random.Random, *, blows: int, most_workers: int = 3) -> Plan:
    """A plan by chance."""
    workers = dice.choice((1, most_workers))
    return Plan(
        way=dice.choice(tuple(Way)),
        partitions=dice.choice((1, 12, 16)),
        workers=workers,
        shuffled=dice.random() < 0.5,
        doubled=dice.random() < 0.5,
        blows=tuple(
            sorted(
                (
                    Blow(
                        dice.choice(tuple(Fault)),
                        dice.randrange(STEPS),
                        dice.uniform(0.0, 1.5),
                        dice.randrange(workers),
                    )
                    for _ in range(blows)
                ),
                key=lambda blow: blow.step,
            )
        ),
        seed=dice.randrange(1 << 30),
    )


def _replayed(settings: Settings, rows: list[Row], folder: Path) -> Iterator[int]:
    with Replay(settings, write(rows, folder / f"{settings.run}.csv")) as replay:
        for step in range(STEPS):
            replay.advance(_FIRST + (_LATEST - _FIRST) * step // STEPS)
            yield step
        replay.advance(LAST)


def imported(settings: Settings, rows: list[Row], folder: Path) -> Iterator[int]:
    """Send the rows to INTAKE in STEPS parts, then a tick at LAST; yields after each part."""
    size = -(-len(rows) // STEPS)
    with Outbox(settings) as outbox:
        for step in range(STEPS):
            part = rows[step * size : (step + 1) * size]
            if part:
                table = write(part, folder / f"{settings.run}-{step}.csv")
                send(settings, table, begin(settings, table, again=True), outbox, shown=lambda *_: None)
            yield step
    write_tick(settings, LAST)


class _Blows:
    """Lets the blows of a plan fall from a thread of their own, while the rows go in."""

    def __init__(self, plan: Plan, fleet: Fleet, brokers: Brokers) -> None:
        self._plan, self._fleet, self._brokers = plan, fleet, brokers
        self._dice = random.Random(plan.seed + 1)
        self._threads: list[threading.Thread] = []
        self._one_at_a_time = threading.Lock()
        self._errors: list[BaseException] = []

    def reach(self, step: int) -> None:
        """So many parts of the rows are in."""
        for blow in self._plan.blows:
            if blow.step == step:
                thread = threading.Thread(target=self._fall, args=(blow,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def wait(self) -> None:
        """Return when all blows have fallen and what can be undone is undone."""
        for thread in self._threads:
            thread.join(120)
        if self._errors:
            raise self._errors[0]

    def _fall(self, blow: Blow) -> None:
        try:
            time.sleep(blow.after_s)
            if blow.fault is Fault.BROKER:
                with self._one_at_a_time:
                    self._brokers.blow(self._dice)
            else:
                self._on_worker(blow)
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            self._errors.append(error)

    def _on_worker(self, blow: Blow) -> None:
        if blow.fault is Fault.KILLED:
            self._fleet.kill(blow.place)
        elif blow.fault is Fault.REPLACED:
            self._fleet.replace(blow.place)
        else:
            with self._fleet.frozen(blow.place):
                time.sleep(SESSION_S + 2)

    def __enter__(self) -> _Blows:
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join(60)
