"""One dossier explained: its facts in order, what of them stands, its verdict and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from dashboards.explain_deadline import Deadline, Settlement, deadline_of, settlement_of
from dashboards.explain_reasons import Standing, ToldRule, rules_applied, text, why
from dashboards.explain_words import CLASSES, Lang
from dashboards.outputs import read_batches, rules_of
from streams.core.cases import Case, Stamp, fresh
from streams.core.civil import MICROS, PERIOD_KINDS, Civil, periods_of
from streams.core.contributions import effect, unit_of
from streams.core.counters import BIT, VERDICT_NAMES
from streams.core.event_words import CHANNEL_CODES, RETURNED_CODES
from streams.core.facts import Batch, Fact
from streams.core.fields import (
    APPOINTMENT,
    ASKED,
    CHANNEL,
    DUE_CORRECTED,
    DUE_CURRENT,
    DUE_FIRST,
    FIELD_OF,
    RECEIVED_UNIT,
    RETURNED_HOW,
    SPAN,
    Key,
    Value,
    keyed,
)
from streams.core.findings import found
from streams.core.routing import partition_of
from streams.core.rules import Rules
from streams.core.verdicts import Judgement, Verdict, before, judge, rounds
from streams.errors import MotcuaError
from streams.reading import RunReader
from streams.settings import Settings

EXPLANATION_VERSION: Final = 1
_CODES: Final[dict[int, dict[int, str]]] = {
    CHANNEL: {code: word.value for word, code in CHANNEL_CODES.items()},
    RETURNED_HOW: {code: word.value for word, code in RETURNED_CODES.items()},
}


class UnknownCase(MotcuaError):
    """No fact of the dossier is there."""


class Said(NamedTuple):
    """One fact of the dossier, the name of the input that it came from, and where it stands in `dossier-facts`."""

    fact: Fact
    input: str
    offset: int


class Assignment(msgspec.Struct, frozen=True):
    """What a fact sets: a field, for a set field the moment in it, the value, and whether that stands."""

    field: str
    moment: str | None
    value: Any
    stands: bool


class Told(msgspec.Struct, frozen=True):
    """One fact: when it happened and was recorded, where it came from (``input/offset/index``), what it sets.

    `repeats` is how many times more the same was sent; `offset` where it stands in its partition of `dossier-facts`.
    """

    kind: str
    at: str
    recorded: str
    id: str
    source: str
    origin: str
    offset: int
    counted: bool
    repeats: int
    sets: list[Assignment]


class ToldRound(msgspec.Struct, frozen=True):
    """One round of supplement; `closed` is None while it waits."""

    asked: str
    closed: str | None
    appointment: str | None


class Dues(msgspec.Struct, frozen=True):
    """The due dates as they stand, the one that scores, and the last instant at which the dossier is in time."""

    first: str | None
    corrected: str | None
    current: str | None
    scoring: str | None
    last_in_time: str | None


class AtEnd(msgspec.Struct, frozen=True):
    """The verdict as of the end of a period of reception; None while that lasts."""

    kind: str
    period: str
    end: str
    verdict: str | None


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """One dossier as of an instant.  Times are ISO 8601 in civil time."""

    version: int = EXPLANATION_VERSION
    run: str
    dossier: str
    as_of: str
    as_of_micros: int
    partition: int
    facts_read: int
    unit: str
    facts: list[Told]
    accepted: str | None
    rounds: list[ToldRound]
    due: Dues
    ended: str | None
    ended_as: str | None
    verdict: str | None
    paused: bool
    at_period_ends: list[AtEnd]
    report_class: str | None
    why: dict[Lang, list[str]]
    received_by: str = ""
    computed: Deadline | None = None
    settlement: Settlement = Settlement()
    findings: list[str] = []
    rules: list[ToldRule] = []


def explain_case(settings: Settings, case: str, as_of: int | None = None) -> Explanation:
    """The dossier as of an instant (micros), or of its partition's clock; UnknownCase when there is no fact of it."""
    with RunReader(settings) as reader:
        partition = partition_of(case, reader.partitions("dossier-facts"))
        said, clock, read = sift(read_batches(reader, partition), case)
        rules = rules_of(reader)
        cut = reader.begins("dossier-facts")[partition]
    if not said:
        kept = f" Messages before offset {cut} are not kept any more." if cut else ""
        raise UnknownCase(
            f"There is no fact of dossier '{case}' in run {settings.run}: {read:,} facts of partition {partition}, "
            f"the one of that code, were looked through.{kept} Check the code and --run (`motcua run list`)."
        )
    explanation = explain(said, rules, clock if as_of is None else as_of)
    return msgspec.structs.replace(explanation, run=settings.run, partition=partition, facts_read=read)


def sift(batches: Iterable[tuple[int, int, Batch]], case: str) -> tuple[list[Said], int, int]:
    """The facts of one case, the latest clock (micros), and how many facts were looked through."""
    said, clock, read = [], 0, 0
    for _, offset, batch in batches:
        clock = max(clock, batch.clock)
        read += len(batch.facts)
        said += [Said(fact, batch.inputs[fact.origin[0]], offset) for fact in batch.facts if fact.case == case]
    return said, clock, read


def explain(said: list[Said], rules: Rules, as_of: int) -> Explanation:
    """The dossier that these facts make, as of an instant (micros)."""
    case = fresh()
    for one in said:
        case.fold(one.fact.recorded, one.fact.id, keyed(one.fact.set))
    civil, judged = rules.civil, judge(case, as_of, rules)
    standing = Standing(case, judged, as_of, rules)
    accepted = None if judged.verdict is Verdict.NONE else judged.accepted
    return Explanation(
        run="",
        dossier=said[0].fact.case,
        as_of=civil.text(as_of // MICROS),
        as_of_micros=as_of,
        partition=0,
        facts_read=len(said),
        unit=unit_of(case.flat),
        facts=list(_told(said, case, civil)),
        accepted=text(civil, accepted),
        rounds=_rounds(case, judged, as_of, civil),
        due=_dues(case, judged, civil),
        ended=text(civil, judged.ended),
        ended_as=FIELD_OF[judged.ended_as].name if judged.ended_as else None,
        verdict=VERDICT_NAMES.get(judged.verdict),
        paused=judged.paused,
        at_period_ends=list(_at_ends(standing)),
        report_class=_report_class(effect(case, as_of, rules).ended),
        why={"vi": why(standing, "vi"), "en": why(standing, "en")},
        received_by=case.flat.get(RECEIVED_UNIT) or unit_of(case.flat),
        computed=deadline_of(standing),
        rules=rules_applied(standing),
        settlement=settlement_of(standing),
        findings=[] if accepted is None else [finding.name for finding in found(case, judged, before(as_of))],
    )


def _told(said: list[Said], case: Case, civil: Civil) -> Iterator[Told]:
    """The facts by (recorded, id), the same one once, with how often it was repeated."""
    standing: dict[Stamp, Mapping[Key, Any]] = {(at, id_): flat for at, id_, flat in case.groups()}
    by_fact: dict[tuple[int, str, bytes], list[Said]] = {}
    for one in said:
        content = msgspec.msgpack.encode(one.fact.set)
        by_fact.setdefault((one.fact.recorded, one.fact.id, content), []).append(one)
    for (recorded, id_, _), alike in sorted(by_fact.items()):
        first = alike[0]
        fact, stands = first.fact, standing.get((recorded, id_), {})
        yield Told(
            fact.kind,
            civil.text(fact.at),
            civil.text(recorded // MICROS),
            id_,
            fact.source,
            f"{first.input}/{fact.origin[1]}/{fact.origin[2]}",
            first.offset,
            fact.counted,
            len(alike) - 1,
            [_assignment(key, value, stands, civil) for key, value in keyed(fact.set).items()],
        )


def _assignment(key: Key, value: Value, stands: Mapping[Key, Value], civil: Civil) -> Assignment:
    code = key % SPAN
    moment = civil.text(key // SPAN) if code >= ASKED else None
    shown = value
    if code in _CODES:
        shown = _CODES[code].get(value, value)
    elif isinstance(value, int) and not isinstance(value, bool) and (code < ASKED or code == APPOINTMENT):
        shown = civil.text(value)
    return Assignment(FIELD_OF[code].name, moment, shown, key in stands and stands[key] == value)


def _rounds(case: Case, judged: Judgement, as_of: int, civil: Civil) -> list[ToldRound]:
    if judged.verdict is Verdict.NONE:
        return []
    told = rounds(case.flat, judged.accepted, before(as_of), judged.ended)
    return [ToldRound(civil.text(one.asked), text(civil, one.closed), text(civil, one.appointment)) for one in told]


def _dues(case: Case, judged: Judgement, civil: Civil) -> Dues:
    flat = case.flat
    first, corrected, current = (text(civil, flat.get(code)) for code in (DUE_FIRST, DUE_CORRECTED, DUE_CURRENT))
    return Dues(first, corrected, current, text(civil, judged.due), text(civil, judged.late_at))


def _at_ends(standing: Standing) -> Iterator[AtEnd]:
    case, judged, as_of, rules = standing
    if judged.verdict is Verdict.NONE:
        return
    day = rules.civil.day(judged.accepted)
    for kind, period, end in zip(PERIOD_KINDS, periods_of(day), rules.civil.period_ends(day)[1:], strict=True):
        past = judge(case, end * MICROS, rules).verdict if end * MICROS <= as_of else None
        yield AtEnd(kind, period, rules.civil.text(end), None if past is None else VERDICT_NAMES.get(past))


def _report_class(bits: int) -> str | None:
    return next((name for name in CLASSES if bits & BIT[name]), None)
