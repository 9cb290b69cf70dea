"""Making a report of a run: from what its workers say, or from its facts as of any instant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dashboards.conservation import COUNTED_AT_ONCE, conservation
from dashboards.folding import Gathered, figures_at, gather
from dashboards.outputs import read_batches, read_figures, read_rejections, rules_of
from dashboards.ranking import among_peers
from dashboards.report import Chosen, Items, Report, UnitFigures, Versions, chosen_figures
from dashboards.scoring import Scores, ToldScores, UnitScore, unit_score
from streams.core.civil import MICROS, Civil
from streams.core.facts import Batch
from streams.core.index import INDEX_VERSION, EntryKey, RunStatus
from streams.core.ranking import Place
from streams.core.register import Register
from streams.core.scoring import Scoring, today_of
from streams.core.tallies import Totals
from streams.definitions import versions_of
from streams.reading import RunReader
from streams.registers import register_of
from streams.settings import Settings
from streams.sources.rejections import IGNORED, Rejection


class Asked(NamedTuple):
    """What a report is asked for; instants in micros.  Without `as_of` it is what the workers say.

    With `scored` it has the index of every unit; with `least` those are ranked that have received so many dossiers.
    """

    chosen: Chosen = Chosen()
    as_of: int | None = None
    known_at: int | None = None
    count_items: bool = False
    scored: bool = False
    least: int | None = None


@dataclass(frozen=True)
class _Source:
    """Where the figures of a report come from, and how far to trust them."""

    name: str
    as_of: int
    index: Mapping[EntryKey, Mapping[str, int]]
    why: list[str]
    register: str
    accounts: Mapping[str, Totals]
    scores: Scores
    terms: tuple[str, str, str] = ("", "", "")  # versions of calendar, limits and what was stated


def make_report(settings: Settings, asked: Asked) -> tuple[Report, list[Rejection]]:
    """The report, and the items that were rejected or ignored, in the order of their origins."""
    register = register_of(settings)
    with RunReader(settings) as reader:
        if asked.as_of is None:
            source = _told(settings, reader, register)
        else:
            source = _folded(settings, reader, register, asked.as_of, asked.known_at)
        rejections = read_rejections(reader)
        most = None if asked.count_items else COUNTED_AT_ONCE
        # What a report counts of facts known at some instant cannot be held against all that was read.
        rows = [] if asked.known_at is not None else conservation(reader, source.accounts, rejections, most)
    civil = Civil(settings.zone)
    units = chosen_figures(source.index, register, asked.chosen)
    scoring = source.scores
    report = Report(
        run=settings.run,
        source=source.name,
        period=asked.chosen.period,
        as_of=_text(civil, source.as_of),
        as_of_micros=source.as_of,
        known_at=None if asked.known_at is None else _text(civil, asked.known_at),
        complete=not source.why,
        why=source.why,
        versions=Versions(INDEX_VERSION, source.register, settings.zone, *source.terms),
        items=items_of(source.accounts, rejections),
        inputs=rows,
        units=units,
        index=_scores(scoring, asked.chosen.period, units) if asked.scored else None,
        ranking=None if asked.least is None else _ranking(scoring, units, asked.chosen, asked.least),
    )
    return report, rejections


def _scores(scoring: Scores, period: str, units: Sequence[UnitFigures]) -> list[UnitScore]:
    catalogue = scoring.catalogue(period)
    return [
        unit_score(catalogue, one.unit, scoring.counts(period, one.unit), scoring.score(period, one.unit))
        for one in units
    ]


def _ranking(scoring: Scores, units: Sequence[UnitFigures], chosen: Chosen, least: int) -> dict[str, list[Place]]:
    """Ranks of the units of the report among their peers; without a level, the unit above them all has none."""
    ranked = units if chosen.level is not None else units[1:]
    return among_peers(scoring, chosen.period, [one.unit for one in ranked], least)


def items_of(accounts: Mapping[str, Totals], rejections: Sequence[Rejection]) -> Items:
    """Sums over all inputs."""
    reasons = Counter(one.reason for one in rejections)
    return Items(
        sum(totals.applied for totals in accounts.values()),
        sum(totals.repeated for totals in accounts.values()),
        sum(count for reason, count in reasons.items() if reason not in IGNORED),
        sum(count for reason, count in reasons.items() if reason in IGNORED),
        {reason.value: count for reason, count in sorted(reasons.items())},
    )


def _told(settings: Settings, reader: RunReader, register: Register) -> _Source:
    """What the workers say in `unit-index`."""
    figures = read_figures(reader)
    status = figures.status
    index = {key: entry.every for key, entry in figures.entries.items()}
    today = today_of(0 if status is None else status.as_of, Civil(settings.zone))
    scores = ToldScores(register, figures.entries, today)
    if status is None:
        why = ["no worker has told any figures yet (`motcua worker`)"]
        return _Source("unit-index", 0, index, why, register.version, {}, scores)
    why = _doubts(settings, status, register)
    terms = status.calendar, status.limits, status.stated
    return _Source("unit-index", status.as_of, index, why, status.register, status.accounts, scores, terms)


def _doubts(settings: Settings, status: RunStatus, register: Register) -> list[str]:
    why = []
    if not status.complete or status.as_of == 0:
        why.append(
            f"not each of its {status.partitions} partitions has told all its counts: "
            "a worker is starting, or a partition has no clock yet"
        )
    if status.register != register.version:
        why.append(
            f"the workers count by register {status.register}, names here are of {register.version} (setting units)"
        )
    if status.zone != settings.zone:
        why.append(f"the workers count days in {status.zone}, times here are shown in {settings.zone} (setting zone)")
    return why


def _folded(settings: Settings, reader: RunReader, register: Register, as_of: int, known_at: int | None) -> _Source:
    """The run's facts, folded as of an instant."""
    first: dict[int, int] = {}
    begins = reader.begins("dossier-facts")

    def batches(partition: int, batch: Batch) -> tuple[int, Batch]:
        first.setdefault(partition, batch.clock)
        return partition, batch

    rules = rules_of(reader, known_at)
    gathered = gather((batches(partition, batch) for partition, _, batch in read_batches(reader)), known_at)
    folded = figures_at(gathered.states, rules, register, as_of)
    civil = Civil(settings.zone)
    upto = as_of if known_at is None else min(as_of, known_at)
    why = _unsaid(gathered, len(begins), upto, civil)
    cut = [first.get(partition, 0) for partition, begin in begins.items() if begin > 0]
    if cut:
        why.append(
            f"facts from before {_text(civil, max(cut))} are not all kept any more (setting retention_dossier_facts_h)"
        )
    terms = (*versions_of(rules, as_of), folded.stated.version)
    scores = Scoring(folded.sums, today_of(as_of, civil))
    return _Source("facts", as_of, folded.every, why, register.version, gathered.accounts, scores, terms)


def _unsaid(gathered: Gathered, partitions: int, upto: int, civil: Civil) -> list[str]:
    """Whether everything up to an instant has been said in every partition."""
    silent = partitions - len(gathered.clocks)
    why = [f"{silent} of {partitions} partitions hold no facts and no tick yet"] if silent else []
    behind = [clock for clock in gathered.clocks.values() if clock < upto]
    if behind:
        why.append(f"{len(behind)} of {partitions} partitions have been written only up to {_text(civil, min(behind))}")
    return why


def _text(civil: Civil, instant: int) -> str:
    """An instant (micros) for people: civil, with its offset; empty for none."""
    return civil.text(instant // MICROS) if instant else ""
