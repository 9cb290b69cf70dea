"""The committed JSON Schemas are the ones of the types, and what the examples say is valid under them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from streams.core.facts import Batch, encode_batch
from streams.schemas import SCHEMAS, Schema, text_of, write
from tests.streams.sources.test_native import AT, EXAMPLES, GOOD, NOW, TAGS, fact_of

COMMITTED = Path(__file__).parents[2] / "docs" / "schemas"


@cache
def validator(file: str) -> Any:
    schema = json.loads((COMMITTED / file).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.file)
def test_a_committed_schema_is_as_fresh_as_its_type(schema: Schema) -> None:
    assert (COMMITTED / schema.file).read_text(encoding="utf-8") == text_of(schema), "stale: run `make pages`"


def test_all_schemas_are_written_into_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "schemas")
    assert {path.name for path in (tmp_path / "schemas").iterdir()} == {schema.file for schema in SCHEMAS}


@pytest.mark.parametrize("tag", TAGS)
def test_an_event_of_every_kind_is_valid(tag: str) -> None:
    validator("native-event.schema.json").validate({"kind": tag, "dossier": "H1", "at": AT, **EXAMPLES.get(tag, {})})


@pytest.mark.parametrize(
    "wrong", [{"kind": "vanished"}, {"dossier": 9}, {"dossier": ""}, {"id": "a\x00b"}, {"channel": "x"}]
)
def test_an_event_that_intake_refuses_for_its_form_is_not_valid(wrong: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        validator("native-event.schema.json").validate({**GOOD, **wrong})


def test_a_batch_is_valid_as_it_is_written() -> None:
    validator("fact-batch.schema.json").validate(
        json.loads(encode_batch(Batch(NOW, [fact_of()], ["dossier-events/3"])))
    )
    validator("fact-batch.schema.json").validate(json.loads(encode_batch(Batch(NOW))))
