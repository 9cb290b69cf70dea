"""The run counted in SQL: facts of one partition after the other go in, figures of all units and periods come out."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import duckdb
import msgspec

from dashboards.audit.definitions import Definitions, calendar_rows, limit_rows, register_rows

_encode: Final = msgspec.json.Encoder().encode
_PREPARED: Final = ("civil", "tables", "calendar", "register", "catalogue")
_SUMMED: Final = ("figures", "stated", "points")
_OF_A_PARTITION: Final = (
    "statements",
    "standing",
    "ends",
    "rounds",
    "terms",
    "verdicts",
    "minutes",
    "judged",
    "petitions",
    "listed",
    "cells",
)
_TABLES: Final = {
    "register_rows": "place BIGINT, code VARCHAR, level VARCHAR, parent VARCHAR, since BIGINT, until BIGINT,"
    " saturday BOOLEAN",
    "register_aliases": "place BIGINT, alias VARCHAR, code VARCHAR",
    "calendars": "edition INTEGER, holds_us BIGINT",
    "calendar_years": "edition INTEGER, year INTEGER, provisional BOOLEAN",
    "calendar_weekdays": "edition INTEGER, since DATE, weekdays INTEGER[]",
    "calendar_hours": "edition INTEGER, since DATE, hours INTEGER[][]",
    "calendar_unusual": "edition INTEGER, date DATE, worked BOOLEAN",
    "limit_tables": "edition INTEGER, holds_us BIGINT",
    "limit_rules": "edition INTEGER, procedure VARCHAR, channel INTEGER, level VARCHAR, since BIGINT, counts VARCHAR,"
    " count DOUBLE, same_time BOOLEAN, cut_off BIGINT",
    "inputs": "input VARCHAR, refused BIGINT",
    "meant": "name VARCHAR",
    "asked": "figures VARCHAR",
    "said": "figures VARCHAR, subject VARCHAR, period VARCHAR, told MAP(VARCHAR,VARCHAR)",
}
"""Tables that are filled from here, with their columns."""


class Counting:
    """One run as of an instant (micros), in a data base of its own in a temporary folder; to be closed.

    Of facts only those recorded before `known_at` (micros) count, if given.  `memory` is what the data base may take;
    what does not fit goes to the folder.
    """

    def __init__(self, definitions: Definitions, as_of: int, known_at: int | None = None, memory: str = "1GB") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="motcua-audit-"))
        self.sql = duckdb.connect(str(self.folder / "audit.duckdb"), config={"memory_limit": memory, "threads": 2})
        self.sql.execute(f"SET temp_directory = '{self.folder / 'spilled'}'")
        variables: dict[str, Any] = {
            "zone": definitions.zone,
            "scores": definitions.scores,
            "warning_share": definitions.warning_share,
            "warning_days": definitions.warning_days,
            "warning_least": definitions.warning_least,
            "least_volume": definitions.least_volume,
            "t_us": as_of,
            "known_at_us": known_at,
        }
        for name, value in variables.items():
            self._set(name, value)
        self._define(definitions)

    def take(self, partition: int, messages: Iterable[bytes]) -> None:
        """Count all messages of one partition of `dossier-facts`, each a batch as JSON."""
        lines = self.folder / "facts.ndjson"
        with lines.open("wb") as file:
            file.writelines(message + b"\n" for message in messages)
        self._set("partition", partition)
        self._set("path", str(lines))
        self._run(*_OF_A_PARTITION)
        lines.unlink()

    def sum_up(self) -> None:
        """Make the figures of all units and periods of what was counted."""
        self._run(*_SUMMED)

    def refuse(self, inputs: Iterable[tuple[str, int]]) -> None:
        """Inputs of which all items were read, and how many of these were rejected or ignored."""
        self._insert("inputs", inputs)

    def mean(self, names: Iterable[str]) -> None:
        """The names of the counters that a truth knows of."""
        self._insert("meant", ((name,) for name in names))

    def say(self, kinds: Iterable[tuple[str]], said: Iterable[tuple[Any, ...]]) -> None:
        """Take in what the stream says (kind of figures, subject, period, values by name), and what differs."""
        for table in ("asked", "said", "compared", "differences"):
            self.sql.execute(f"DELETE FROM {table}")
        self._insert("asked", kinds)
        self._insert("said", said)
        self._run("differences")

    def ask(self, question: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of an answer."""
        found: list[tuple[Any, ...]] = self.sql.execute(question, values).fetchall()
        return found

    def close(self) -> None:
        """Give up the data base and its folder."""
        self.sql.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Counting:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _set(self, name: str, value: Any) -> None:
        self.sql.execute(f"SET VARIABLE {name} = ?", [value])

    def _run(self, *names: str) -> None:
        for name in names:
            self.sql.execute(_text_of(name))

    def _define(self, definitions: Definitions) -> None:
        for table, columns in _TABLES.items():
            self.sql.execute(f"CREATE TABLE {table} ({columns})")
        rows, aliases = register_rows(definitions.register)
        self._insert("register_rows", rows)
        self._insert("register_aliases", aliases)
        # of two editions that hold from one instant the later told holds
        calendars = {edition.holds: edition.text for edition in definitions.calendars}
        for number, (holds, text) in enumerate(calendars.items()):
            told = calendar_rows(number, text)
            self._insert("calendars", [(number, holds)])
            for name, part in told._asdict().items():
                self._insert(f"calendar_{name}", part)
        limits = {edition.holds: edition.text for edition in definitions.limits}
        for number, (holds, text) in enumerate(limits.items()):
            self._insert("limit_tables", [(number, holds)])
            self._insert("limit_rules", limit_rows(number, text))
        self._run(*_PREPARED)

    def _insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Rows in bulk, by way of a file: one at a time they take a thousand times as long."""
        columns = [column.split(" ", 1) for column in _TABLES[table].split(", ")]
        lines = self.folder / f"{table}.ndjson"
        with lines.open("wb") as file:
            for row in rows:
                file.write(_encode({name: value for (name, _), value in zip(columns, row, strict=True)}) + b"\n")
        types = ", ".join(f"{name}: '{kind}'" for name, kind in columns)
        self.sql.execute(f"INSERT INTO {table} FROM read_ndjson('{lines}', columns = {{{types}}})")
        lines.unlink()


def _text_of(name: str) -> str:
    return (resources.files("dashboards.audit") / "sql" / f"{name}.sql").read_text(encoding="utf-8")
