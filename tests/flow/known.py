"""The Boston table and its known answer: whole where it lies beside the project, else the sample counted by hand."""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from dashboards.digests import digest_of
from dashboards.folding import fold_run
from simulators.log_order import LogOrder
from simulators.rows import FAR, Said, Table, reader_of
from streams.core.civil import Civil, micros
from streams.core.digest import RunDigest
from streams.core.facts import Batch
from streams.core.rules import Rules
from streams.registers import shipped
from streams.settings import load
from streams.sources.mappings import load_mapping

ROOT: Final = Path(__file__).parents[2]
SAMPLE: Final = ROOT / "tests" / "data" / "boston311-sample.csv"
FOLDER: Final = ROOT.parent / "shared" / "data" / "boston311"
WHOLE: Final = FOLDER / "requests-2011h2.csv.gz"
ZONE: Final = "America/New_York"
CIVIL: Final = Civil(ZONE)
ONLINE: Final = {"Self Service", "Citizens Connect App", "Twitter"}
Row = dict[str, str]
Figures = dict[str, int]


def boston() -> Path:
    """The whole table, or the sample where there is no other."""
    return WHOLE if WHOLE.is_file() else SAMPLE


def at(text: str) -> int:
    """Micros of a local time as text."""
    return micros(datetime.fromisoformat(text).replace(tzinfo=CIVIL.zone))


def rows_of(path: Path) -> list[Row]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return list(csv.DictReader(io.StringIO(text)))


def slice_of(count: int) -> list[Row]:
    """`count` rows spread evenly over the table, in its order."""
    rows = rows_of(boston())
    step = max(1, len(rows) // count)
    return rows[::step][:count]


def write(rows: Iterable[Row], path: Path) -> Table:
    """The rows as a table of dossiers in `path`."""
    rows = list(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return table(path)


def table(path: Path) -> Table:
    return Table(path, load_mapping("boston311"))


def mixed(rows: list[Row], dice: random.Random, *, shuffled: bool, doubled: bool) -> list[Row]:
    """The rows, twice each where wanted, in another order where wanted."""
    found = rows * 2 if doubled else list(rows)
    if shuffled:
        dice.shuffle(found)
    return found


def instants() -> list[str]:
    """The instants of the known answer, or as many chosen ones for the sample."""
    if WHOLE.is_file():
        return [row["asof_T"] for row in rows_of(FOLDER / "expected-as-of.csv")]
    return [f"{day} 00:00:00" for day in ("2011-08-01", "2011-10-01", "2012-01-01", "2012-07-01", "2023-05-04")]


def expected_as_of(instant: str) -> Figures:
    """The figures of the whole table as of an instant, from the known answer or counted from the rows as texts."""
    if WHOLE.is_file():
        [row] = [row for row in rows_of(FOLDER / "expected-as-of.csv") if row["asof_T"] == instant]
        return {name: int(value or 0) for name, value in row.items() if name != "asof_T"}
    return counted(rows_of(SAMPLE), instant)


def expected_by_unit() -> dict[str, Figures]:
    """The figures by unit as of the last instant, likewise."""
    if WHOLE.is_file():
        rows = rows_of(FOLDER / "expected-by-unit.csv")
        return {row["unit"]: {name: int(row[name] or 0) for name in row if name != "unit"} for row in rows}
    held: dict[str, list[Row]] = {}
    for row in rows_of(SAMPLE):
        held.setdefault(row["unit"], []).append(row)
    return {unit: _by_unit(rows, counted(rows, instants()[-1])) for unit, rows in held.items()}


def _by_unit(rows: list[Row], figures: Figures) -> Figures:
    return {
        "total": len(rows),
        "closed": figures["closed<T"],
        "open": figures["open"],
        "with_due": sum(1 for row in rows if row["due"]),
        "both": figures["closed_on_time"] + figures["closed_late"],
        "on_time": figures["closed_on_time"],
        "late": figures["closed_late"],
        "open_overdue_asof_2023-05-04": figures["open_overdue(due<T)"],
    }


def counted(rows: Iterable[Row], instant: str) -> Figures:
    """The figures from the rows themselves: local times without offset compare as the texts they are."""
    found = dict.fromkeys(told({}), 0)
    for row in rows:
        if row["received"] >= instant:
            continue
        due, closed = row["due"], row["closed"] if row["closed"] and row["closed"] < instant else ""
        found["received<T"] += 1
        found["online_received"] += row["channel"] in ONLINE
        found["closed<T" if closed else "open"] += 1
        if closed:
            name = "closed_no_due" if not due else "closed_on_time" if closed <= due else "closed_late"
        else:
            name = "open_no_due" if not due else "open_overdue(due<T)" if due < instant else "open_not_due"
        found[name] += 1
    return found


def told(counts: Mapping[str, int]) -> Figures:
    """Counts of a record of `unit-index` under the names of the known answer."""

    def of(*names: str) -> int:
        return sum(counts.get(name, 0) for name in names)

    return {
        "received<T": of("received"),
        "closed<T": of("ended"),
        "closed_on_time": of("on_time"),
        "closed_late": of("late"),
        "closed_no_due": of("ended_no_due"),
        "open": of("open_within", "open_overdue", "open_no_due"),
        "open_overdue(due<T)": of("open_overdue"),
        "open_not_due": of("open_within"),
        "open_no_due": of("open_no_due"),
        "online_received": of("online"),
    }


def told_of_unit(counts: Mapping[str, int]) -> Figures:
    """The same for the known answer by unit."""

    def of(*names: str) -> int:
        return sum(counts.get(name, 0) for name in names)

    return {
        "total": of("received"),
        "closed": of("ended"),
        "open": of("open_within", "open_overdue", "open_no_due"),
        "with_due": of("on_time", "late", "open_within", "open_overdue"),
        "both": of("on_time", "late"),
        "on_time": of("on_time"),
        "late": of("late"),
        "open_overdue_asof_2023-05-04": of("open_overdue"),
    }


def reference(rows: list[Row], folder: Path, as_of: int) -> RunDigest:
    """The digest of the rows as of an instant (micros), folded in this process, without Kafka and stages."""
    path = folder / "reference.csv"
    facts = []
    with LogOrder() as order:
        table = write(rows, path)
        with table.open() as file:
            for said in table.said(file, reader_of(load({"HOME": str(folder)}), table.mapping), FAR):
                assert isinstance(said, Said)
                order.add(said.number, said.facts)
        facts = list(order.read())
    batch = Batch(as_of, facts, ["reference"])
    return digest_of(fold_run([(0, batch)], Rules(CIVIL), shipped("boston311"), as_of))
