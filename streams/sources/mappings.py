"""How a table of dossiers is to be read: which column says what, in which zone, with which words.

A mapping is a TOML file; `docs/import.md` explains every key.  It is checked whole before the first row is read.
"""

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from streams.core import events
from streams.core.events import Channel, Event
from streams.errors import MotcuaError

SHIPPED: Final = Path(__file__).parent.parent / "data" / "mappings"
ISO: Final = "iso"
EXCEL: Final = "excel"
ENDED: Final = "ended"
OPEN: Final = "open"
DESCRIPTIONS: Final = ("unit", "received_by", "procedure", "channel", "due")
RECEPTIONS: Final[dict[str, type[Event]]] = {"registered": events.Registered, "accepted": events.Accepted}
MILESTONES: Final[dict[str, type[Event]]] = {
    **RECEPTIONS,
    "not_accepted": events.NotAccepted,
    "supplement_requested": events.SupplementRequested,
    "supplement_received": events.SupplementReceived,
    "apologised": events.Extended,
    "withdrawn": events.Withdrawn,
    "stopped": events.Stopped,
    "finished": events.Finished,
    "returned": events.ResultReturned,
    "reopened": events.Reopened,
    "digitised": events.Digitised,
    "result_issued": events.ResultIssued,
    "reused": events.DataReused,
    "linked": events.Linked,
    "population_data": events.PopulationDataUsed,
    "identified": events.Identified,
    "synchronised": events.Synchronised,
    "complained": events.Complained,
}
ENDS: Final = ("finished", "returned", "withdrawn", "stopped", "not_accepted")
COLUMNS: Final = ("dossier", *DESCRIPTIONS, *MILESTONES, ENDED, "status")


class MappingError(MotcuaError):
    """A mapping that cannot be found or used; the text says where and what would be right."""


class Mapping(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one TOML file says.

    `columns` goes from what is meant (`COLUMNS`) to the name of the column in the table.  `zone` holds for times
    without an offset, `fold` decides which pass of a repeated hour they lie in.
    """

    source: str
    zone: str
    columns: dict[str, str]
    fold: str = "first"
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal: str = "."
    date_forms: tuple[str, ...] = (ISO,)
    absent: tuple[str, ...] = ()
    placeholder_dates: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    channels: dict[str, Channel] = {}
    status: dict[str, str] = {}

    @property
    def civil_zone(self) -> ZoneInfo:
        """The zone of times without an offset."""
        return ZoneInfo(self.zone)


def shipped() -> list[str]:
    """Names of the mappings that come with the package."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def load_mapping(named: str) -> Mapping:
    """The mapping in the file `named`, or the shipped one of that name; MappingError says what is wrong."""
    path = Path(named)
    if not path.is_file() and named in shipped():
        path = SHIPPED / f"{named}.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise MappingError(
            f"The mapping {named} cannot be read: {why}. Give the path of a TOML file, "
            f"or the name of a shipped mapping: {', '.join(shipped())}."
        ) from error
    return parse_mapping(text, str(named))


def parse_mapping(text: str, where: str) -> Mapping:
    """The mapping that a TOML text says; `where` names it in errors.  MappingError says what is wrong."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"The mapping {where} is not valid TOML: {error}.") from error
    _known(content, Mapping.__struct_fields__, where, "key")
    for key in ("source", "zone", "columns"):
        if key not in content:
            raise MappingError(f"The mapping {where} lacks `{key}`. docs/import.md shows a whole mapping.")
    channels = content.get("channels")
    if isinstance(channels, dict):
        _known(channels.values(), [channel.value for channel in Channel], where, "channel")
    try:
        mapping = msgspec.convert(content, Mapping)
    except msgspec.ValidationError as error:
        raise MappingError(f"The mapping {where} is not usable: {error}.") from error
    _check(mapping, where)
    return mapping


def _check(mapping: Mapping, where: str) -> None:
    _known(mapping.columns, COLUMNS, where, "column")
    _known(mapping.required, COLUMNS, where, "required column")
    _known(mapping.status.values(), (*ENDS, OPEN), where, "status")
    for wrong, advice in _contradictions(mapping):
        if wrong:
            raise MappingError(f"The mapping {where} is not usable: {advice}.")
    try:
        ZoneInfo(mapping.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise MappingError(
            f"The mapping {where} names the zone {mapping.zone!r}: write an IANA name such as Asia/Ho_Chi_Minh."
        ) from None
    try:
        "a".encode(mapping.encoding)
    except LookupError:
        raise MappingError(
            f"The mapping {where} names the encoding {mapping.encoding!r}, which is not known: write utf-8 or cp1258."
        ) from None


def _contradictions(mapping: Mapping) -> tuple[tuple[bool, str], ...]:
    columns = mapping.columns
    described = [name for name in DESCRIPTIONS if name in columns]
    unlisted = [name for name in mapping.required if name not in columns]
    odd = [form for form in mapping.date_forms if form not in (ISO, EXCEL) and "%" not in form]
    return (
        (not mapping.source, "`source` is empty"),
        ("dossier" not in columns, "`columns` lacks `dossier`, the code of the dossier"),
        (not any(name in columns for name in (*MILESTONES, ENDED)), "`columns` names no milestone, such as `accepted`"),
        (
            bool(described) and not any(name in columns for name in RECEPTIONS),
            f"`columns` names {', '.join(described)} but neither `accepted` nor `registered` that would carry them",
        ),
        ("channel" in columns and not mapping.channels, "`columns` names `channel` but [channels] is missing"),
        ("status" in columns and not mapping.status, "`columns` names `status` but [status] is missing"),
        (
            (ENDED in columns) != ("status" in columns),
            "`ended` and `status` belong together: the status says which end",
        ),
        (bool(unlisted), f"`required` names {', '.join(unlisted)}, which `columns` does not"),
        (mapping.fold not in ("first", "second"), '`fold` must be "first" or "second"'),
        (len(mapping.delimiter) != 1, "`delimiter` must be one character"),
        (mapping.decimal not in (".", ","), '`decimal` must be "." or ","'),
        (not mapping.date_forms, "`date_forms` is empty"),
        (bool(odd), f'`date_forms` holds {odd}: write "iso", "excel" or a form such as "%d/%m/%Y %H:%M"'),
    )


def _known(given: Iterable[Any], known: Iterable[str], where: str, what: str) -> None:
    allowed = list(known)
    for name in given:
        if name not in allowed:
            near = difflib.get_close_matches(str(name), allowed, n=1)
            advice = f"Did you mean `{near[0]}`?" if near else f"Known are {', '.join(allowed)}."
            raise MappingError(f"The mapping {where} has the unknown {what} `{name}`. {advice}")
