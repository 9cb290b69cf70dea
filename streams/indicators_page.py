"""The page of indicators in the documents, made from the catalogues: `python -m streams.indicators_page`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Final

from streams.core.counters import READ_AS
from streams.core.indicators.catalogues import CATALOGUES
from streams.core.indicators.quantities import QUANTITIES, Family, Quantity
from streams.core.indicators.records import Catalogue, Indicator
from streams.core.indicators.reports import REPORT_CATALOGUES
from streams.core.procedures import CELL_COUNTERS
from streams.core.published import INDEXES, UnitKind
from streams.sources.published import NEEDED, OPTIONAL

_INTRODUCTION: Final = """<!-- Made by `make pages` from streams/core/indicators/. Change it there. -->

# Indicators

Every indicator is a record: counts above and below the line, maximum, threshold, and what an empty denominator
means. A figure says which catalogue made it; the civil day decides which one holds (days before the first are
judged by the first). Points come from the unrounded ratio: `min(maximum, maximum × ratio ÷ threshold)`. A group is
the sum of its unrounded points, rounded half up to two decimals; the total is the sum of the groups as shown. "No
data" is not 0: group and total then say that they are incomplete and what could be reached.

*Merge*: how units become the unit above. `sum`: counts are added; `union`: a procedure counts once, however many
units have it, and the higher online level counts; `units`: units are counted; `per_unit`: the rule of maximum and
fallback in each unit, then sums. *Basis*: measured from events, declared by authorities, or estimated (the portal
knows more than the monitor). *Inherited*: a unit below a province shows its province's. Weeks have no value for
what is counted by procedure and month.
"""
_FAMILY_WORDS: Final = {
    Family.DAY: "Counters of dossiers and petitions, by unit and civil day",
    Family.STOCK: "From the same cells, of all days before the period",
    Family.PROCEDURE: "From cells of a unit, procedure and month, with procedures (`streams/core/procedures.py`)",
    Family.REFERENCE: "From the procedures as stated, alone",
    Family.DECLARED: "From declared totals, in each unit (`streams/core/declarations.py`)",
    Family.REGISTER: "From the register of units",
}
_READINGS: Final = """## Readings that are ours

Where the decision's text could not be read, this is what the figures mean:

- 3.2 counts a service as used by a dossier of any channel; by online dossiers alone it is `services_used_online`.
- A procedure of which it is not known by when it had to be announced is in neither count of 1.1; one that is to be
  published later in a period that still runs is in neither count of 1.2.
- A declared total is of the unit's own dossiers, without those of units below it. What is declared for a part of a
  quarter or year stands for it until the whole is declared.
- A dossier is satisfied with when its latest rating is 4 or 5.
- Units are those without units below them, as registered at the end of the period.
"""
_PUBLISHED: Final = """## Figures that others publish

A CSV table (UTF-8; comma, semicolon or tab) with a row for each figure, read by `streams/sources/published.py`. A row
is refused whole, with its row and column; of several values for one cell (index, component, kind, unit, period, date)
none is taken. `component` is empty for the whole; of the national index it is an indicator or a group. Scores of
different catalogues or maxima are never subtracted.
"""
_TOGETHER: Final = """## From cells to a score

For one unit of any level and one period, counts by name come together from these, and `scores.score` does the rest:

1. cells of the unit and all units below it by civil day: the counters of family *day*, verdicts as of the period's end;
2. `carried_over`: `received` less `ends` over all days before the period, of the same units;
3. per unit `procedures.sets_of` (its procedures, its cells by procedure and month), then `procedures.rolled_up`;
4. `declarations.synchronisation` over the same units.

`Counts.known` is `quantities.KNOWN_IN_A_WEEK` for a week, `procedures.KNOWN_BY_PROCEDURE` under a filter by procedure
(with `procedures.filtered` in place of 1, 2 and 4); a source that a deployment does not have (a calendar for petitions,
declared totals) takes its names out of it. `Counts.province` holds the counts of the unit's province.
"""
_MISSING: Final = """## What the stream does not count yet

Made by comparing the vocabulary with `streams/core/counters.py`. Definitions are on the fields of
`streams/core/fields.py`; "before T" means strictly before the clock, as for every milestone. `received`: the cell
of the civil day of reception; `ended`: that of the end. A *verdict* counter is kept for every horizon (now, and the
ends of its week, month, quarter and year), as `on_time` is; *sum*: a dossier adds a number, not 0 or 1.
"""


def page() -> str:
    """The whole page in Markdown."""
    parts = [_INTRODUCTION]
    parts += [_catalogue(catalogue) for catalogue in CATALOGUES]
    parts += [_catalogue(catalogue) for catalogue in REPORT_CATALOGUES]
    parts += [_READINGS, _vocabulary(), _TOGETHER, _PUBLISHED, _published(), _missing()]
    return "\n".join(parts)


def missing() -> list[Quantity]:
    """Counts of dossiers and petitions by unit and day that no counter holds yet."""
    return [one for one in QUANTITIES if one.family is Family.DAY and one.name not in READ_AS]


def _table(head: str, rows: Iterable[Iterable[str]]) -> str:
    columns = head.count("|") + 1
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return f"| {head} |\n{'|---' * columns}|\n" + "\n".join(lines) + "\n"


def _catalogue(catalogue: Catalogue) -> str:
    parts = [
        f"## {catalogue.id}: {catalogue.en}\n",
        f"{catalogue.vi}. Holds from {catalogue.holds_from}. Source: {catalogue.source}.\n",
    ]
    for group in catalogue.groups:
        worth = f", {group.maximum} points" if group.maximum else ""
        mine = [_row(one) for one in catalogue.indicators if one.group == group.id]
        parts.append(f"### {group.en} ({group.vi}){worth}\n")
        parts.append(_table("id | indicator | formula | counts | points | when empty | merge | basis", mine))
    if catalogue.bands:
        bands = [f"{band.en} ({band.vi}) from {band.least}" for band in catalogue.bands]
        parts.append(f"Bands: {', '.join(bands)}.\n")
    return "\n".join(parts)


def _row(one: Indicator) -> tuple[str, ...]:
    below = one.denominator.text()
    counts = f"`{one.numerator.text()}`" + (f" ÷ `{below}`" if below else "")
    scored = f"{one.maximum} at {one.threshold} %" if one.scored else "–"
    basis = one.basis.value + (", inherited" if one.inherited else "")
    formula = one.formula + (f"; {one.note}" if one.note else "")
    empty = one.empty.value.replace("_", " ")
    return one.id, f"{one.en}<br>{one.vi}", formula, counts, scored, empty, one.merge.value, basis


def _vocabulary() -> str:
    parts = ["## The counts\n"]
    for family, words in _FAMILY_WORDS.items():
        mine = [one for one in QUANTITIES if one.family is family]
        parts.append(f"### {words}\n")
        parts.append(_table("count | definition", ((f"`{one.name}`", one.definition) for one in mine)))
    parts.append("### Counters of a unit, procedure and month\n")
    rows = ((f"`{one.name}`", one.on, "verdict" if one.verdict else "count", one.definition) for one in CELL_COUNTERS)
    parts.append(_table("counter | day | kind | definition", rows))
    return "\n".join(parts)


def _published() -> str:
    needed, optional = (", ".join(f"`{name}`" for name in names) for names in (NEEDED, OPTIONAL))
    kinds = ", ".join(f"`{kind}`" for kind in UnitKind)
    words = f"Columns: {needed}; where there is one, {optional}. Kinds of unit: {kinds}.\n"
    rows = ((one.id, f"{one.en}<br>{one.vi}") for one in INDEXES)
    return f"{words}\n{_table('index | what it is', rows)}\nA deployment may name more.\n"


def _missing() -> str:
    lacking = missing()
    rows = ((f"`{one.name}`", one.on, _kind(one), one.definition) for one in lacking)
    return "\n".join([_MISSING, _table("counter | day | kind | definition", rows) if lacking else "Nothing.\n"])


def _kind(one: Quantity) -> str:
    if one.sums:
        return "sum"
    return "verdict" if one.verdict else "count"


if __name__ == "__main__":
    sys.stdout.write(page())
