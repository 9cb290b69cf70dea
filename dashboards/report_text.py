"""A report as text: a table for people, CSV and JSON for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
from rich.cells import cell_len
from rich.table import Table

from dashboards.conservation import InputRow
from dashboards.rates import RATES, percent_text
from dashboards.report import COUNTS, Report, UnitFigures
from streams.sources.rejections import EXPLAINED, Rejection

COLUMNS: Final = (
    ("received", "received"),
    ("online", "online"),
    ("on_time", "on time"),
    ("late", "late"),
    ("ended_no_due", "ended, no due"),
    ("open_within", "open within"),
    ("open_overdue", "open overdue"),
    ("open_no_due", "open, no due"),
)
"""Counters of the table and what stands above them; JSON and CSV have them all."""

Row = list[str]


def heading(report: Report) -> list[str]:
    """What the figures are of, and how far to trust them."""
    as_of = report.as_of or "no instant yet"
    known = f", known at {report.known_at}" if report.known_at else ""
    items, versions = report.items, report.versions
    origin = "as its workers say" if report.source == "unit-index" else "folded from its facts"
    lines = [
        f"Run {report.run}, period {report.period}, as of {as_of}{known} ({origin})",
        "complete" if report.complete else f"NOT COMPLETE: {'; '.join(report.why)}",
        f"versions: index {versions.index}, register {versions.register}, calendar {versions.calendar or 'none'}, "
        f"limits {versions.limits or 'none'}, stated {versions.stated or 'nothing'}, days of {versions.zone}",
        f"items: {items.applied:,} applied, {items.repeated:,} repeated, "
        f"{items.rejected:,} rejected, {items.ignored:,} ignored",
    ]
    return lines + list(conserved(report.inputs))


def conserved(rows: Sequence[InputRow]) -> Iterator[str]:
    """Whether every item is accounted for, in a line; and a line for each input where it is not, or not known."""
    known = [row for row in rows if row.holds is not None]
    if known and all(row.holds for row in known):
        total = sum(row.read or 0 for row in known)
        yield f"conservation: {total:,} items read in {len(known)} inputs, each accounted for"
    for row in rows:
        if row.holds is None:
            yield f"conservation of {row.input}: not known, {row.why}"
        elif not row.holds:
            told = row.applied + row.repeated + row.rejected + row.ignored
            yield (
                f"conservation of {row.input}: {row.read:,} items read, {told:,} accounted for "
                f"(right only when its workers are at rest)"
            )


def table_rows(units: Iterable[UnitFigures]) -> tuple[Row, list[Row]]:
    """Titles and rows of the table; a rate without data is blank."""
    titles = ["unit", "name", *(title for _, title in COLUMNS), *(f"{rate.en} %" for rate in RATES)]
    rows = [
        [
            unit.unit or "-",
            unit.name,
            *(f"{unit.counts[name]:,}" for name, _ in COLUMNS),
            *(percent_text(unit.rates[rate.name]) for rate in RATES),
        ]
        for unit in units
    ]
    return titles, rows


def rich_table(titles: Row, rows: list[Row]) -> Table:
    """The table for a terminal."""
    table = Table(show_edge=False, header_style="bold")
    for place, title in enumerate(titles):
        table.add_column(title, justify="left" if place < 2 else "right", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


def plain_table(titles: Row, rows: list[Row]) -> list[str]:
    """The table as lines in columns, without colours and lines."""
    widths = [max(cell_len(row[place]) for row in [titles, *rows]) for place in range(len(titles))]
    return [_line(row, widths) for row in [titles, *rows]]


def rejected_lines(rejections: Iterable[Rejection]) -> Iterator[str]:
    """Origin, reason and detail of each rejected or ignored item."""
    for one in rejections:
        yield f"{one.key}  {one.reason.value} ({EXPLAINED[one.reason][0]}): {one.detail}"


def as_csv(report: Report) -> str:
    """A line per unit: every counter, and for each rate its percent (empty where there are no data)."""
    text = io.StringIO()
    rates = [f"{rate.name}_percent" for rate in RATES]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["run", "period", "as_of", "complete", "unit", "name", "level", "parent", *COUNTS, *rates])
    for unit in report.units:
        named = [unit.unit, unit.name, unit.level, unit.parent]
        counts = [unit.counts[name] for name in COUNTS]
        shares = [percent_text(unit.rates[rate.name]) for rate in RATES]
        complete = "true" if report.complete else "false"
        writer.writerow([report.run, report.period, report.as_of, complete, *named, *counts, *shares])
    return text.getvalue()


def as_json(report: Report, rejections: Sequence[Rejection] | None = None) -> str:
    """The report as JSON by its schema; with rejections, these are the member `rejections` beside the others."""
    whole = msgspec.to_builtins(report)
    if rejections is not None:
        whole["rejections"] = [{"origin": one.key, **msgspec.to_builtins(one)} for one in rejections]
    return msgspec.json.format(msgspec.json.encode(whole), indent=2).decode()


def _line(row: Row, widths: list[int]) -> str:
    cells = []
    for place, (text, width) in enumerate(zip(row, widths, strict=True)):
        gap = " " * (width - cell_len(text))
        cells.append(text + gap if place < 2 else gap + text)
    return "  ".join(cells).rstrip()
