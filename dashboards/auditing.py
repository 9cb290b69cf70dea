"""Auditing a run: what its stages say, what a simulation meant, and what the audit counts, held against one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

import msgspec

from dashboards import digests
from dashboards.audit.comparing import Difference, Kind, Line, compare, differences
from dashboards.audit.counting import Counting
from dashboards.audit.definitions import definitions_of
from dashboards.conservation import conservation
from dashboards.folding import figures_at, gather
from dashboards.outputs import read_batches, read_figures, read_rejections, read_tallies, rules_of
from dashboards.told import NotComparable, Stream, Truth, closed_of, entries_of, meant_of, said_of
from streams.core.civil import MICROS, Civil
from streams.core.facts import decode_batch
from streams.core.history import DayRecord, decode_day, is_day
from streams.core.index import RunStatus
from streams.definitions import versions_of
from streams.listed import read_watched
from streams.reading import RunReader
from streams.registers import register_of
from streams.settings import Settings

AUDIT_VERSION: Final = 1
DIGEST: Final = "digest"
MOST: Final = 1000
"""Differences that are printed as JSON; the file has them all."""


class Audit(msgspec.Struct, frozen=True):
    """What `motcua audit --json` prints: of each kind of figures how many were compared and how many differ.

    `as_of` is in micros; `differences` are the first of them.
    """

    run: str
    as_of: int
    agrees: bool
    lines: list[Line]
    differences: list[Difference]
    version: int = AUDIT_VERSION


def audit_run(
    settings: Settings, as_of: int | None = None, truth: Truth | None = None, say: Callable[[str], None] = print
) -> tuple[Audit, list[Difference]]:
    """Audit what the workers wrote (a run at rest; NoDigest else), or what follows from the facts as of `as_of`."""
    found: list[Difference] = []
    lines: list[Line] = []
    at = as_of
    if at is None:
        say("the stream's own proof: digests of what the stages wrote and of the facts")
        told = digests.compare(settings)
        at = told.as_of
        found += _digests(told)
        lines.append(Line(DIGEST, len(digests.PARTS), len(found)))
    with RunReader(settings) as reader:
        definitions = definitions_of(settings, ((one.key, one.value) for one in reader.read("references")))
        with Counting(definitions, at) as counting:
            for partition in range(reader.partitions("dossier-facts")):
                say(f"counting partition {partition}")
                counting.take(partition, _messages(reader, partition))
            counting.sum_up()
            stream = _told(settings, reader) if as_of is None else _folded(settings, reader, as_of)
            rows = conservation(reader, stream.accounts, read_rejections(reader), most=None)
            counting.refuse((one.input, one.rejected + one.ignored) for one in rows if one.read is not None)
            closes = _closes(settings, reader, at) if as_of is None else None
            left_out = {Kind.TRUTH: truth is None, Kind.HISTORY: closes is None}
            kinds = [kind for kind in Kind if not left_out.get(kind, False)]
            if truth is not None:
                counting.mean(truth.names)
            say("comparing")
            meant = () if truth is None else meant_of(truth, at)
            lines += compare(counting, chain(said_of(stream, rows), closed_of(closes or ()), meant), kinds)
            found += differences(counting) if settings.list_codes else list(_without_codes(differences(counting)))
    return Audit(settings.run, at, not found, lines, found[:MOST]), found


def as_json(audit: Audit) -> str:
    """The audit as JSON by its schema."""
    return msgspec.json.format(msgspec.json.encode(audit), indent=2).decode()


def _messages(reader: RunReader, partition: int) -> Iterator[bytes]:
    """The batches of a partition as they are; what is none was rejected by the stream, too."""
    for message in reader.read("dossier-facts", partition):
        try:
            decode_batch(message.value or b"")
        except msgspec.DecodeError:
            continue
        if message.value is not None:
            yield message.value


def _without_codes(found: Iterable[Difference]) -> Iterator[Difference]:
    """The same with numbers for the codes of dossiers, which leave the system only where a setting allows it."""
    numbers: dict[str, str] = {}
    for one in found:
        if one.figures == Kind.LATE_LIST:
            yield one._replace(subject=numbers.setdefault(one.subject, f"dossier {len(numbers) + 1}"))
        else:
            yield one


def _digests(told: digests.Comparison) -> list[Difference]:
    return [
        Difference(DIGEST, "", "", part, str(getattr(told.pipeline, part)), str(getattr(told.facts, part)))
        for part in told.different
    ]


def _told(settings: Settings, reader: RunReader) -> Stream:
    """What the stages wrote; NotComparable where they count by other definitions than these settings name."""
    register = register_of(settings)
    status, entries = read_figures(reader)
    if status is None:
        raise NotComparable(f"Run {settings.run} has no figures yet: are its workers running (`motcua worker`)?")
    _refuse_other_definitions(settings, reader, status)
    tallies = read_tallies(reader, register)
    return Stream(tallies.cells(), entries.values(), read_watched(reader), status.accounts, status.cases)


def _closes(settings: Settings, reader: RunReader, at: int) -> list[DayRecord] | None:
    """Every daily close; None where the run stands at no civil midnight, or has not closed the hour before it yet."""
    status, civil = read_figures(reader).status, Civil(settings.zone)
    if status is None or status.closed < at or at != civil.midnight(civil.day(at // MICROS)) * MICROS:
        return None
    found = {one.key: one.value for one in reader.read("index-history") if is_day(one.key or b"")}
    return [decode_day(value) for value in found.values() if value is not None]


def _refuse_other_definitions(settings: Settings, reader: RunReader, status: RunStatus) -> None:
    terms = versions_of(rules_of(reader), status.as_of)
    ours = {"units": register_of(settings).version, "zone": settings.zone}
    ours |= {"calendar": terms.calendar, "limits": terms.limits}
    theirs = {"units": status.register, "zone": status.zone, "calendar": status.calendar, "limits": status.limits}
    others = [name for name, version in ours.items() if theirs[name] != version]
    if others:
        raise NotComparable(
            f"The workers of run {settings.run} count by other definitions than these settings name: "
            f"{', '.join(others)}. Give the audit the settings of the workers."
        )


def _folded(settings: Settings, reader: RunReader, as_of: int) -> Stream:
    """What the code of the stages makes of the facts as of an instant."""
    register = register_of(settings)
    gathered = gather((partition, batch) for partition, _, batch in read_batches(reader))
    run = figures_at(gathered.states, rules_of(reader), register, as_of)
    entries = entries_of(run.sums, run.every, as_of, Civil(settings.zone))
    return Stream(run.cell_lines(), entries, run.watched, gathered.accounts, len(gathered.states))


def totals(lines: Iterable[Line]) -> Counter[str]:
    """Figures compared and different in all."""
    sums: Counter[str] = Counter()
    for line in lines:
        sums.update(compared=line.compared, different=line.different)
    return sums
