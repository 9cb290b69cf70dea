"""JSON Schemas of everything that enters or leaves, made from the types; the files in docs/schemas are committed."""

import inspect
import json
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from streams.core.acknowledgements import Acknowledgement
from streams.core.alerting.records import Transition
from streams.core.editions import EditionRecord
from streams.core.events import AnyEvent
from streams.core.facts import Batch
from streams.core.history import DayRecord, Restatement
from streams.core.index import RunStatus, UnitIndex
from streams.core.petitions import Petition
from streams.core.watchlist import WatchEntry
from streams.sources.references import AnyReference
from streams.sources.rejections import Rejection

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


class Schema(msgspec.Struct, frozen=True):
    """One file: its name, the type that it is made from, and what one value of it is."""

    file: str
    type: Any
    title: str


SCHEMAS: Final = (
    Schema(
        "native-event.schema.json",
        AnyEvent,
        "A native event on `dossier-events`: one a message, or many as NDJSON; fields that are not named are dropped",
    ),
    Schema(
        "petition.schema.json",
        Petition,
        "A petition on `petitions`: one a message, or many as NDJSON; fields that are not named are dropped",
    ),
    Schema(
        "fact-batch.schema.json", Batch, "A message of `dossier-facts`: a clock, and facts of cases of one partition"
    ),
    Schema(
        "unit-index.schema.json",
        UnitIndex,
        "A record of `unit-index`, keyed `period/unit`: counts of a unit in a period",
    ),
    Schema(
        "day-record.schema.json",
        DayRecord,
        "A record of `index-history`, keyed `day/period/unit/day`: how a unit stood at the end of a civil day",
    ),
    Schema(
        "restatement.schema.json",
        Restatement,
        "A record of `index-history`, keyed `restated/period/unit/indicator/day`: a period that was over came out anew",
    ),
    Schema("run-status.schema.json", RunStatus, "The record `@run` of `unit-index`: how far and how complete a run is"),
    Schema("watch-entry.schema.json", WatchEntry, "A record of `watchlist`, keyed by case: open and due soon, or late"),
    Schema(
        "acknowledgement.schema.json",
        Acknowledgement,
        "A record of `acknowledgements`, keyed by dossier: what people say of one on the watch list",
    ),
    Schema(
        "edition.schema.json",
        EditionRecord,
        "A record of `references`, keyed `calendar@micros` or `limits@micros`: a definition and from when it holds",
    ),
    Schema(
        "alert.schema.json", Transition, "A record of `alerts`: an alert at a unit is pending, active, over or dropped"
    ),
    Schema(
        "reference.schema.json",
        AnyReference,
        "A procedure, a declared total or a petition: one a message, or many as NDJSON; fields not named are dropped",
    ),
    Schema("rejection.schema.json", Rejection, "A record of `rejected`, keyed by the origin of the item"),
)


def text_of(schema: Schema) -> str:
    """The whole file."""
    [made], components = msgspec.json.schema_components([schema.type], ref_template="#/$defs/{name}")
    whole = {"$schema": DIALECT, "title": schema.title, **made, "$defs": components}
    return json.dumps(_plain(whole), indent=2, ensure_ascii=False) + "\n"


def _plain(made: Any) -> Any:
    """Descriptions come from docstrings, whose indentation is not the same in every version of Python."""
    if isinstance(made, dict):
        return {
            name: inspect.cleandoc(value) if name == "description" and isinstance(value, str) else _plain(value)
            for name, value in made.items()
        }
    return [_plain(one) for one in made] if isinstance(made, list) else made


def write(folder: Path) -> None:
    """Write every schema into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for schema in SCHEMAS:
        (folder / schema.file).write_text(text_of(schema), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schemas"))
