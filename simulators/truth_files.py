"""The truth as files in a folder, written while the events are made."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final, TypeVar, cast

import msgspec
import zstandard

from simulators.event_files import FileError
from simulators.happenings import CALENDAR, MERGER
from simulators.pieces import Line
from simulators.sent import DECLARATION, PETITION, PROCEDURE, RECORD
from simulators.simulation import Simulation
from simulators.truth import DossierTruth, ItemTruth, PetitionTruth, Sums
from simulators.world.working_time import CALENDAR_NAME, day_of, shipped_calendar, shipped_text
from streams.core.civil import date_of
from streams.core.register import Register, Unit

DOSSIERS: Final = "dossiers.ndjson.zst"
ITEMS: Final = "items.ndjson.zst"
PETITIONS: Final = "petitions.ndjson.zst"
REFERENCES: Final = "references.ndjson.zst"
INCIDENTS: Final = "incidents.ndjson"
OFFICES: Final = "units.ndjson"
SUMS: Final = "sums.json"
REGISTER: Final = "register.csv"
CALENDAR_FILE: Final = "calendar.csv"
_SWAPPED: Final = ("hoán đổi ngày làm việc (giả lập)", "office days exchanged (simulated)")
_SUFFIX: Final = ".new"
Meant = TypeVar("Meant", DossierTruth, PetitionTruth)
_encode: Final = msgspec.json.Encoder().encode


@contextmanager
def truth_written(
    played: Simulation, folder: Path, register: Register
) -> Iterator[Callable[[Iterator[Line]], Iterator[Line]]]:
    """What takes the records of the truth out of the lines and writes them; files appear whole when the block ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for left in folder.glob(f"*{_SUFFIX}"):
            left.unlink()
        sums = Sums(simulation=played.name, identity=played.sending(), begins=played.begins, ends=played.ends)
        with ExitStack() as stack:
            names = (DOSSIERS, PETITIONS, REFERENCES, ITEMS)
            files = {name: stack.enter_context(_packed(folder / f"{name}{_SUFFIX}")) for name in names}
            yield lambda lines: _sorted_out(lines, files, sums)
        _whole(folder, played, register, sums)
        for new in sorted(folder.glob(f"*{_SUFFIX}")):
            new.replace(new.with_name(new.name.removesuffix(_SUFFIX)))
    except OSError as error:
        raise FileError(
            f"The truth cannot be written into {folder}: {error.strerror}. "
            "Make room there or name another folder with --truth."
        ) from error


def read_dossiers(folder: Path) -> Iterator[DossierTruth]:
    """What was meant of each dossier; FileError where it cannot be read."""
    return _read(folder, DOSSIERS, DossierTruth)


def read_petitions(folder: Path) -> Iterator[PetitionTruth]:
    """What was meant of each petition; FileError where it cannot be read."""
    return _read(folder, PETITIONS, PetitionTruth)


def _read(folder: Path, name: str, kind: type[Meant]) -> Iterator[Meant]:
    decode = msgspec.json.Decoder(kind).decode
    try:
        with zstandard.open(folder / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                yield decode(line)
    except (OSError, zstandard.ZstdError, msgspec.DecodeError) as error:
        raise FileError(
            f"The truth in {folder} cannot be read: {error}. Write it anew: `motcua simulate … --truth {folder}`."
        ) from error


def _sorted_out(lines: Iterator[Line], files: Mapping[str, BinaryIO], sums: Sums) -> Iterator[Line]:
    """The lines that are sent; what is known of them goes into the files and the sums."""
    for line in lines:
        if line.dirt == RECORD:
            _recorded(line, files, sums)
            continue
        sums.items += 1
        sums.topics[line.topic] = number = sums.topics.get(line.topic, 0) + 1
        if line.dirt:
            sums.dirty[line.dirt] = sums.dirty.get(line.dirt, 0) + 1
            if line.reason:
                sums.rejected[line.reason] = sums.rejected.get(line.reason, 0) + 1
            record = ItemTruth(number, line.dirt, line.unit, line.dossier, line.at, line.reason, line.topic)
            files[ITEMS].write(_encode(record) + b"\n")
        yield line


def _recorded(line: Line, files: Mapping[str, BinaryIO], sums: Sums) -> None:
    """A record of the truth goes into its file."""
    if line.topic in (PROCEDURE, DECLARATION):
        name = REFERENCES
    elif line.topic == PETITION:
        name = PETITIONS
        sums.petitions += 1
    else:
        name = DOSSIERS
        sums.dossiers += 1
    files[name].write(line.data + b"\n")


@contextmanager
def _packed(path: Path) -> Iterator[BinaryIO]:
    with path.open("wb") as plain, zstandard.ZstdCompressor().stream_writer(plain, closefd=False) as squeezed:
        yield cast(BinaryIO, squeezed)


def _whole(folder: Path, played: Simulation, register: Register, sums: Sums) -> None:
    texts = {
        INCIDENTS: b"".join(_encode(one) + b"\n" for one in played.incidents),
        OFFICES: b"".join(_encode(one) + b"\n" for one in played.offices),
        SUMS: msgspec.json.format(msgspec.json.encode(sums, order="deterministic")) + b"\n",
    }
    kinds = {one.kind for one in played.incidents}
    if MERGER in kinds:
        texts[REGISTER] = register_text(register, played).encode()
    if CALENDAR in kinds:
        texts[CALENDAR_FILE] = calendar_text(played).encode()
    for name, text in texts.items():
        (folder / f"{name}{_SUFFIX}").write_bytes(text)


def register_text(register: Register, played: Simulation) -> str:
    """The register as the scenario leaves it: a unit that has merged is valid up to that day."""
    ended = {one.unit: day_of(one.begins) for one in played.incidents if one.kind == MERGER}
    head = ("code", "name", "level", "parent", "valid_from", "valid_to", "aliases")
    return _csv([head, *(_row(unit, ended.get(unit.code)) for unit in register.units)])


def calendar_text(played: Simulation) -> str:
    """The shipped calendar with the days that the scenario changes, and who said so."""
    head, *rows = csv.reader(shipped_text(CALENDAR_NAME).splitlines())
    known = dict(shipped_calendar(CALENDAR_NAME).rows())
    for day, kind in played.calendar.rows():
        if day not in known:
            said = {"date": day, "weekday": f"{date.fromisoformat(day):%a}", "kind": kind, "source": played.name}
            said["name_vi"], said["name_en"] = _SWAPPED
            rows.append([said.get(column, "") for column in head])
    return _csv([tuple(head), *sorted(map(tuple, rows), key=lambda row: row[0])])


def _row(unit: Unit, ended: int | None) -> tuple[str, ...]:
    until = unit.valid_to if ended is None else ended
    dates = (_date(unit.valid_from), _date(until))
    return (unit.code, unit.name, unit.level.value, unit.parent, *dates, " ".join(unit.aliases))


def _date(day: int) -> str:
    return date_of(day).isoformat() if abs(day) < 1 << 20 else ""


def _csv(rows: Sequence[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
