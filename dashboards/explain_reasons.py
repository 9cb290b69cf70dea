"""Why a dossier stands as it does: the reason of its verdict, and what else bears on it."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from dashboards.explain_words import FROZEN, REMARKS, WHY, Lang, span
from streams.core.cases import Case, fresh
from streams.core.civil import MICROS, Civil
from streams.core.fields import DUE_CORRECTED, DUE_CURRENT, PROCEDURE, REOPENED
from streams.core.on_time import applied
from streams.core.rules import Rules
from streams.core.verdicts import FOREVER, Judgement, Verdict, before, judge, promised, rounds


class Standing(NamedTuple):
    """A dossier as of an instant (micros), by the rules of its run."""

    case: Case
    judged: Judgement
    as_of: int
    rules: Rules


class ToldRule(msgspec.Struct, frozen=True):
    """One rule of "on time" that the dossier came by: its stable code, what it applies to and makes, its source."""

    code: str
    applies: dict[Lang, str]
    makes: dict[Lang, str]
    source: str


def rules_applied(standing: Standing) -> list[ToldRule]:
    """The rules by which the dossier is judged, in order; the last decides."""
    case, judged, as_of, rules = standing
    return [
        ToldRule(
            rule.code,
            {"vi": rule.applies.vi, "en": rule.applies.en},
            {"vi": rule.makes.vi, "en": rule.makes.en},
            rule.source,
        )
        for rule in applied(case, judged, as_of, rules)
    ]


def why(standing: Standing, lang: Lang) -> list[str]:
    """The reason of the verdict as of now, then what else bears on it."""
    _, judged, as_of, rules = standing
    civil = rules.civil
    if judged.verdict is Verdict.NONE:
        return [WHY[Verdict.NONE][lang]]
    other = judged.ended if judged.ended is not None else as_of // MICROS
    texts = {
        "ended": text(civil, judged.ended),
        "late_at": text(civil, judged.late_at),
        "between": "" if judged.late_at is None else span(other - judged.late_at, lang),
    }
    frozen = judged.paused and judged.late_at is not None and judged.late_at >= FOREVER
    reason = FROZEN[lang] if frozen else WHY[judged.verdict][lang].format(**texts)
    return [reason, *(REMARKS[name][lang] for name in remarks(standing))]


def remarks(standing: Standing) -> list[str]:
    """Names (of REMARKS) of what bears on the verdict beside the due date and the end."""
    case, judged, _, rules = standing
    flat = case.flat
    named = _about_supplements(standing)
    if flat.get(DUE_CORRECTED) is not None and judged.due == flat[DUE_CORRECTED]:
        named.append("corrected")
    if flat.get(DUE_CURRENT) is not None and judged.due is not None and flat[DUE_CURRENT] != judged.due:
        named.append("moved")
    if judged.term is not None:
        named.append("no_calendar" if judged.term.due is None else "computed")
    elif judged.due is None and rules.terms.active:
        named.append("no_limit" if flat.get(PROCEDURE) else "no_procedure")
    if flat.get(REOPENED) is not None and judged.ended is None and _has_end(standing):
        named.append("voided")
    return named


def _about_supplements(standing: Standing) -> list[str]:
    case, judged, as_of, rules = standing
    asked = rounds(case.flat, judged.accepted, before(as_of), judged.ended)
    if len(asked) > 1:
        return ["two_rounds"]
    if not asked or judged.due is None:
        return []
    if asked[0].appointment is not None and judged.due == asked[0].appointment:
        return ["appointment"]
    due = promised(case.flat, rules) if judged.term is None else judged.term.unpaused
    if asked[0].asked > (judged.due if due is None else due):
        return ["asked_late"]
    return ["one_round"] if asked[0].closed is not None else []


def _has_end(standing: Standing) -> bool:
    without = fresh()
    for recorded, event, assigned in standing.case.groups():
        without.fold(recorded, event, {key: value for key, value in assigned.items() if key != REOPENED})
    return judge(without, standing.as_of, standing.rules).ended is not None


def text(civil: Civil, instant: int | None) -> str | None:
    """An instant (seconds) in civil time; None for none, and for one that never comes."""
    return None if instant is None or instant >= FOREVER else civil.text(instant)
