"""The Boston rows as batches of facts, in the order of a log; the whole file where it is beside the project."""

import csv
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from simulators.log_order import LogOrder
from simulators.rows import FAR, Said, Table, reader_of
from streams.core.civil import MICROS, Civil, micros
from streams.core.facts import Batch, Fact
from streams.core.routing import partition_of
from streams.core.rules import Rules
from streams.registers import shipped
from streams.settings import load
from streams.sources.mappings import load_mapping

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
SAMPLE = DATA / "boston311-sample.csv"
WHOLE = ROOT.parent / "shared" / "data" / "boston311" / "requests-2011h2.csv.gz"
ZONE = "America/New_York"
CIVIL = Civil(ZONE)
RULES = Rules(CIVIL)
REGISTER = shipped("boston311")


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text).replace(tzinfo=CIVIL.zone))


@lru_cache(maxsize=2)
def facts(path: Path) -> tuple[Fact, ...]:
    table = Table(path, load_mapping("boston311"))
    with table.open() as file, LogOrder() as order:
        for said in table.said(file, reader_of(load({"HOME": "~"}), table.mapping), FAR):
            assert isinstance(said, Said)
            order.add(said.number, said.facts)
        return tuple(order.read())


def batches(path: Path, partitions: int = 1) -> list[tuple[int, Batch]]:
    found = []
    for partition in range(partitions):
        own = [fact for fact in facts(path) if partition_of(fact.case, partitions) == partition]
        for start in range(0, len(own), 500):
            chunk = own[start : start + 500]
            found.append((partition, Batch(chunk[-1].recorded, chunk, ["replay:boston"])))
    return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


LAST = at("2023-05-04T00:00:00") + MICROS
