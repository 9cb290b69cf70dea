"""Random rounds over the Boston table with faults: `python -m tests.soak --rounds 30`."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from streams.core.digest import RunDigest
from streams.local_kafka import DEFAULT_VERSION, VERSIONS, LocalCluster, LocalKafka
from tests.flow.known import Figures, Row, counted, reference, slice_of, told
from tests.flow.rounds import LAST, Brokers, One, Plan, Three, Way, play, random_plan

CITY: Final = "BOS"
SIZES: Final = (2_000, 10_000, 58_251)
_MOST_ROUNDS: Final = 1000


@dataclass(frozen=True)
class Choice:
    """What one seed chooses: how many rows, on which Kafka, and the plan."""

    size: int
    version: str
    three: bool
    plan: Plan

    def words(self) -> str:
        """In a line."""
        where = f"Kafka {self.version}, {'three brokers' if self.three else 'one broker'}"
        return f"{self.size:,} rows | {where} | {self.plan.words()}"


@dataclass(frozen=True)
class Answer:
    """What must come out of so many rows."""

    rows: list[Row]
    digest: RunDigest
    figures: Figures


def choose(seed: int, version: str | None) -> Choice:
    """The choices of a seed."""
    dice = random.Random(seed)
    size = dice.choices(SIZES, (4, 4, 2))[0]
    drawn = dice.choice(VERSIONS)
    three = dice.random() < 0.25
    return Choice(size, version or drawn, three, random_plan(dice, blows=dice.randint(1, 4)))


def differences(choice: Choice, answer: Answer, brokers: Brokers, run: str, folder: Path) -> list[str]:
    """Play the round and say what is not as it must be."""
    rows, plan = answer.rows, choice.plan
    said, by_unit, _ = play(plan, rows, run, brokers, folder, rest_s=300.0)
    found = []
    if told(by_unit.get(CITY, {})) != answer.figures:
        found.append(f"figures {told(by_unit.get(CITY, {}))}, not {answer.figures}")
    if said.facts != answer.digest:
        found.append(f"the facts' digest is {said.facts}, not {answer.digest}")
    if said.pipeline != answer.digest:
        found.append(f"the stages' digest is {said.pipeline}, not {answer.digest}")
    if not said.conserved:
        found.append(f"not every item is accounted for: {said.inputs}")
    events = len(rows) if plan.way is Way.REPLAY else sum(1 + bool(row["closed"]) for row in rows)
    items = events * (1 + plan.doubled)
    outcome = said.outcome
    if not items == outcome["read"] == outcome["applied"] + outcome["repeated"]:
        found.append(f"{items} items were sent, and these are told: {outcome}")
    return found


@contextmanager
def brokers_of(choice: Choice, folder: Path) -> Iterator[Brokers]:
    """The brokers that a round wants."""
    if choice.three:
        with LocalCluster(folder / "kafka", version=choice.version) as cluster:
            yield Three(cluster)
    else:
        with LocalKafka(folder / "kafka", version=choice.version) as kafka:
            yield One(kafka)


def one_round(seed: int, version: str | None, answers: dict[int, Answer]) -> bool:
    """Play the round of a seed and print its row; True when everything was as it must be."""
    choice, began = choose(seed, version), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as scratch:
        folder = Path(scratch)
        if choice.size not in answers:
            rows = slice_of(choice.size)
            answers[choice.size] = Answer(rows, reference(rows, folder, LAST), counted(rows, "2030-01-01 00:00:00"))
        try:
            with brokers_of(choice, folder) as brokers:
                wrong = differences(choice, answers[choice.size], brokers, f"soak-{seed}", folder)
        except Exception as error:  # noqa: BLE001 - a round that breaks is a row of the table, and the exit status
            wrong = [f"{type(error).__name__}: {error}"]
    print(
        f"{seed:>12}  {'ok   ' if not wrong else 'WRONG'}  {time.monotonic() - began:6.1f} s  {choice.words()}",
        flush=True,
    )
    for line in wrong:
        print(f"              {line}", flush=True)
    return not wrong


@click.command()
@click.option("--rounds", default=30, show_default=True, type=click.IntRange(1, _MOST_ROUNDS))
@click.option("--seed", type=int, help="Seed of the first round, the others follow it; else by chance.")
@click.option("--minutes", type=float, help="Begin no round after so many minutes.")
@click.option("--kafka-version", type=click.Choice(VERSIONS), help="Only this version; else each seed chooses one.")
def main(rounds: int, seed: int | None, minutes: float | None, kafka_version: str | None) -> None:
    """Play random rounds; exit status 1 when anything was not as it must be."""
    first = random.SystemRandom().randrange(1 << 30) if seed is None else seed
    answers: dict[int, Answer] = {}
    began, played, failed = time.monotonic(), 0, []
    print(f"versions {', '.join(VERSIONS)} (default {DEFAULT_VERSION}); seeds {first} to {first + rounds - 1}")
    for number in range(first, first + rounds):
        if minutes is not None and time.monotonic() - began > minutes * 60:
            break
        played += 1
        if not one_round(number, kafka_version, answers):
            failed.append(number)
    print(f"{played} rounds in {time.monotonic() - began:.0f} s, {len(failed)} with differences {failed or ''}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
