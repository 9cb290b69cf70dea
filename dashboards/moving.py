"""What a changed calendar or table of limits moved: the due dates of open dossiers that the monitor had computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from dashboards.folding import gather
from dashboards.outputs import definitions_of, read_batches
from streams.core.cases import decode
from streams.core.civil import MICROS, Civil
from streams.core.contributions import unit_of
from streams.core.editions import EditionRecord
from streams.core.rules import Rules
from streams.core.verdicts import judge
from streams.reading import RunReader
from streams.settings import Settings

MOVED_VERSION = 1


class Shift(msgspec.Struct, frozen=True):
    """One dossier whose due date moved; times are ISO 8601 in civil time, None where there is no due date."""

    dossier: str
    unit: str
    before: str | None
    after: str | None


class UnitShift(msgspec.Struct, frozen=True):
    """What moved in one unit: how many dossiers, and the earliest and latest due dates before and after."""

    unit: str
    dossiers: int
    before: tuple[str, str] | None
    after: tuple[str, str] | None


class EditionMoved(msgspec.Struct, frozen=True):
    """What one edition moved, as of the instant from which it holds, by all facts recorded so far."""

    kind: str
    name: str
    holds: str
    recorded: str
    open_computed: int
    moved: int
    units: list[UnitShift]
    dossiers: list[Shift]


class Moved(msgspec.Struct, frozen=True):
    """The report of what moved in a run, an edition after the other."""

    run: str
    editions: list[EditionMoved]
    version: int = MOVED_VERSION


def what_moved(settings: Settings) -> Moved:
    """What every edition told to the run moved, from its facts."""
    with RunReader(settings) as reader:
        definitions = definitions_of(reader)
        states = gather((partition, batch) for partition, _, batch in read_batches(reader)).states
    editions = [moved_by(edition, states, definitions.rules) for edition in definitions.editions()]
    return Moved(settings.run, editions)


def moved_by(edition: EditionRecord, states: Mapping[str, bytes], rules: Rules) -> EditionMoved:
    """What one edition moved among these cases."""
    computed, shifts = 0, []
    for had_due, shift in _compared(edition.holds, states, rules):
        computed += had_due
        if shift is not None:
            shifts.append(shift)
    by_unit: dict[str, list[Shift]] = {}
    for shift in shifts:
        by_unit.setdefault(shift.unit, []).append(shift)
    civil = rules.civil
    return EditionMoved(
        kind=edition.kind.value,
        name=edition.name,
        holds=civil.text(edition.holds // MICROS),
        recorded=civil.text(edition.recorded // MICROS),
        open_computed=computed,
        moved=len(shifts),
        units=[_of_unit(unit, found) for unit, found in sorted(by_unit.items())],
        dossiers=sorted(shifts, key=lambda shift: (shift.unit, shift.dossier)),
    )


def _compared(holds: int, states: Mapping[str, bytes], rules: Rules) -> Iterator[tuple[bool, Shift | None]]:
    """For every case open then without a promised due date: had it a computed one, and how it moved."""
    without = rules._replace(terms=rules.terms.until(holds))
    holding = rules._replace(terms=rules.terms.until(holds + 1))
    for dossier, state in states.items():
        case = decode(state)
        old, new = judge(case, holds, without), judge(case, holds, holding)
        if old.ended is not None or (old.term is None and new.term is None):
            continue
        had = old.term is not None and old.term.due is not None
        if old.due == new.due:
            yield had, None
            continue
        yield had, Shift(dossier, unit_of(case.flat), _text(rules.civil, old.due), _text(rules.civil, new.due))


def _of_unit(unit: str, shifts: list[Shift]) -> UnitShift:
    before = [shift.before for shift in shifts if shift.before]
    after = [shift.after for shift in shifts if shift.after]
    return UnitShift(unit, len(shifts), _ends(before), _ends(after))


def _ends(texts: list[str]) -> tuple[str, str] | None:
    return (min(texts), max(texts)) if texts else None


def _text(civil: Civil, instant: int | None) -> str | None:
    return None if instant is None else civil.text(instant)


def moved_lines(moved: Moved, *, listed: bool) -> Iterator[str]:
    """The report for people, with every dossier when `listed`."""
    if not moved.editions:
        yield f"Run {moved.run} was told no change of calendar or limits; it goes by those of the settings."
    for edition in moved.editions:
        yield f"{edition.kind} '{edition.name}', holds from {edition.holds}, recorded {edition.recorded}"
        yield f"  {edition.moved:,} due dates moved; {edition.open_computed:,} open dossiers had a computed one"
        for unit in edition.units:
            before, after = (" to ".join(dict.fromkeys(ends)) if ends else "none" for ends in (unit.before, unit.after))
            yield f"  {unit.unit or '-'}: {unit.dossiers:,} dossiers, due {before}, now {after}"
        if listed:
            for shift in edition.dossiers:
                yield f"    {shift.dossier}: {shift.before or 'none'} -> {shift.after or 'none'}"
