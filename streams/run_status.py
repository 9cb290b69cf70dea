"""By which definitions a run counts, as its own record says: whatever versions that names, now or later."""

from __future__ import annotations

from typing import Final

import msgspec

from streams.core.index import RUN_KEY
from streams.errors import MotcuaError
from streams.reading import RunReader

_NO_DEFINITIONS: Final = frozenset(
    {"run", "as_of", "generation", "complete", "partitions", "cases", "accounts", "version"}
)
Versions = dict[str, str]


def said_of_run(reader: RunReader) -> dict[str, object]:
    """The record ``@run`` of `unit-index` as it stands; empty while no worker has told."""
    value = reader.latest("unit-index", RUN_KEY.encode())
    if value is None:
        return {}
    try:
        return msgspec.json.decode(value, type=dict[str, object])
    except msgspec.MsgspecError as error:
        raise MotcuaError(f"The record {RUN_KEY} of unit-index is not readable: {error}.") from error


def versions_of(reader: RunReader) -> Versions:
    """Names and versions of the definitions: zone, register, and what else the record names."""
    return versions_in(said_of_run(reader))


def versions_in(said: dict[str, object]) -> Versions:
    """The definitions among the fields of such a record, as text."""
    found = {}
    for name, value in said.items():
        if name not in _NO_DEFINITIONS and value is not None:
            found[name] = value if isinstance(value, str) else msgspec.json.encode(value, order="sorted").decode()
    return found
