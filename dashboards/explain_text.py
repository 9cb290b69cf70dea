"""An explanation as text, in Vietnamese or English."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dashboards.explain_deadline import Settlement
from dashboards.explain_words import CLASSES, ENDS, LABELS, VERDICTS, Lang, working
from dashboards.explaining import Assignment, Explanation, Told
from streams.core.counters import VERDICT_NAMES
from streams.core.fields import CODE_OF, FIELD_OF
from streams.core.findings import FINDINGS
from streams.core.verdicts import Verdict

_FINDING_OF = {finding.name: finding for finding in FINDINGS}
_VERDICT_OF = {name: verdict for verdict, name in VERDICT_NAMES.items()}


def as_json(explanation: Explanation) -> str:
    """The explanation as JSON by its schema."""
    return msgspec.json.format(msgspec.json.encode(explanation), indent=2).decode()


def as_lines(explanation: Explanation, lang: Lang) -> Iterator[str]:
    """The explanation for people, line by line."""
    shown = explanation
    yield _label("dossier", lang, case=shown.dossier, as_of=shown.as_of)
    read, own = f"{shown.facts_read:,}", sum(1 + told.repeats for told in shown.facts)
    yield _label("run", lang, run=shown.run, partition=shown.partition, read=read, own=own)
    yield ""
    yield _label("facts", lang)
    for told in shown.facts:
        yield from _fact(told, lang)
    yield ""
    yield from _course(shown, lang)
    yield from _computed(shown, lang)
    yield ""
    yield f"{_label('now', lang)}: {_verdict(shown.verdict, lang)}"
    for reason in shown.why[lang]:
        yield f"  {_label('why', lang)}: {reason}"
    for rule in shown.rules:
        yield f"  {_label('rule', lang)}: {rule.applies[lang]} → {rule.makes[lang]} ({rule.source})"
    for at_end in shown.at_period_ends:
        passed = _label("to_come", lang) if at_end.verdict is None else _verdict(at_end.verdict, lang)
        yield f"{_label(at_end.kind, lang)} {at_end.period} ({at_end.end}): {passed}"
    class_ = CLASSES[shown.report_class][lang] if shown.report_class else _label("none", lang)
    yield f"{_label('report_class', lang)}: {class_}"


def _fact(told: Told, lang: Lang) -> Iterator[str]:
    repeated = f", {_label('repeated', lang)} {told.repeats}×" if told.repeats else ""
    yield f"  {told.at}  {told.kind}  ({_label('recorded', lang)} {told.recorded}{repeated})"
    source = f"{_label('source', lang)} {told.source}, " if told.source else ""
    yield f"      {source}{_label('origin', lang)} {told.origin}, id {told.id}"
    for assignment in told.sets:
        yield f"      {_assigned(assignment, lang)}"


def _assigned(assignment: Assignment, lang: Lang) -> str:
    field = FIELD_OF[CODE_OF[assignment.field]]
    name = field.vi if lang == "vi" else field.en
    value = _label("cleared", lang) if assignment.value is None else assignment.value
    if assignment.moment is not None:
        value = assignment.moment if value is True else f"{assignment.moment}: {value}"
    mark = "" if assignment.stands else f"  [{_label('superseded', lang)}]"
    return f"{name} = {value}{mark}"


def _course(shown: Explanation, lang: Lang) -> Iterator[str]:
    """Acceptance, rounds of supplement, due dates, end."""
    none = _label("none", lang)
    yield f"{_label('accepted', lang)}: {shown.accepted or none}"
    places = (("received_by", shown.received_by), ("decided_by", shown.unit))
    yield ", ".join(f"{_label(name, lang)} {unit or none}" for name, unit in places)
    for number, one in enumerate(shown.rounds, 1):
        closed = _label("closed", lang, at=one.closed) if one.closed else _label("waiting", lang)
        parts = [_label("asked", lang, at=one.asked), closed]
        if one.appointment:
            parts.append(_label("appointed", lang, at=one.appointment))
        yield f"{_label('round', lang, number=number)}: {', '.join(parts)}"
    due = shown.due
    named = (
        ("first", due.first),
        ("corrected", due.corrected),
        ("current", due.current),
        ("scoring", due.scoring),
        ("last_in_time", due.last_in_time),
    )
    stated = ", ".join(f"{_label(name, lang)} {at}" for name, at in named if at)
    yield f"{_label('due', lang)}: {stated or none}"
    end = f"{shown.ended} ({ENDS[CODE_OF[shown.ended_as]][lang]})" if shown.ended and shown.ended_as else none
    yield f"{_label('ended', lang)}: {end}"


def _computed(shown: Explanation, lang: Lang) -> Iterator[str]:
    """The computed due date with its trail, the working time, and what needs a look."""
    computed = shown.computed
    if computed is not None:
        yield ""
        scores = _label("computed_scores" if computed.scores else "computed_beside", lang)
        missing = _label("missing_year", lang, year=computed.missing_year)
        yield f"{_label('computed', lang)}: {computed.due or missing} ({scores})"
        source = computed.source or _label("none", lang)
        yield "  " + _label(
            "row", lang, limits=computed.limits, row=computed.row, source=source, calendar=computed.calendar
        )
        yield from (f"  {line}" for line in computed.text.get(lang, ()))
    yield from _working_time(shown.settlement, lang)
    for name in shown.findings:
        finding = _FINDING_OF[name]
        yield f"{_label('finding', lang)}: {finding.vi if lang == 'vi' else finding.en}"


def _working_time(settlement: Settlement, lang: Lang) -> Iterator[str]:
    if settlement.used_minutes is not None:
        line = _label("used", lang, used=working(settlement.used_minutes, lang))
        if settlement.allowed_minutes is not None:
            allowed, faster = working(settlement.allowed_minutes, lang), f"{settlement.faster_percent:.2f}"
            line += "; " + _label("allowed", lang, allowed=allowed, faster=faster)
        yield line
    if settlement.left_minutes is not None:
        name = "left" if settlement.left_minutes >= 0 else "overdue_by"
        yield _label(name, lang, left=working(settlement.left_minutes, lang))


def _verdict(name: str | None, lang: Lang) -> str:
    return VERDICTS[Verdict.NONE if name is None else _VERDICT_OF[name]][lang]


def _label(name: str, lang: Lang, **parts: object) -> str:
    return LABELS[name][lang].format(**parts)
