"""The alerts of a run from its topic: what is active, and every transition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from dashboards.report import find_unit
from streams.core.alerting.catalogue import BY_ID
from streams.core.alerting.consumer import MEMORY, TOPIC, decode_transition
from streams.core.alerting.records import State, Transition
from streams.core.civil import MICROS, Civil
from streams.core.register import Register
from streams.reading import RunReader
from streams.registers import register_of
from streams.run_status import said_of_run
from streams.settings import Settings

ALERTS_VERSION: Final = 1
_LATEST: Final = 1 << 20  # a day after every other


class AlertLine(msgspec.Struct, frozen=True, kw_only=True):
    """One alert at a unit, or one transition of it; times are ISO 8601 in civil time.

    `active` and `over` are empty where it has not come to that.  `runbook` is the page below docs/.
    """

    alert: str
    name: str
    says: str
    unit: str
    unit_name: str
    level: str
    severity: str
    state: str
    at: str
    since: str
    active: str
    over: str = ""
    count: int
    of: int
    figures: dict[str, int]
    runbook: str


class AlertList(msgspec.Struct, frozen=True, kw_only=True):
    """What `motcua alerts` shows: alerts that are active, or with `history` every transition in the order of time."""

    version: int = ALERTS_VERSION
    run: str
    as_of: str
    unit: str | None
    history: bool
    alerts: list[AlertLine]


def alert_list(settings: Settings, unit: str | None, lang: str, *, history: bool) -> AlertList:
    """The alerts of the run of the settings, of a unit and all below it, or of all."""
    civil, register = Civil(settings.zone), register_of(settings)
    with RunReader(settings) as reader:
        as_of = said_of_run(reader).get("as_of")
        found = read_transitions(reader)
    code = None if unit is None else find_unit(unit, set(), register)
    chosen = [one for one in found if code is None or code in register.chain(one.unit, _LATEST)]
    shown = chosen if history else active_of(chosen)
    lines = [line_of(one, register, civil, lang) for one in shown]
    return AlertList(
        run=settings.run,
        as_of=civil.text(as_of // MICROS) if isinstance(as_of, int) else "",
        unit=code,
        history=history,
        alerts=lines,
    )


def read_transitions(reader: RunReader) -> list[Transition]:
    """Every transition once, in the order of time."""
    found: dict[bytes, Transition] = {}
    for message in reader.read(TOPIC):
        if message.key is not None and not message.key.startswith(MEMORY) and message.value is not None:
            found[message.key] = decode_transition(message.value)
    return sorted(found.values(), key=lambda one: (one.at, one.unit, one.alert, one.since))


def active_of(transitions: Iterable[Transition]) -> list[Transition]:
    """Of each alert at a unit the last transition, where it is the one that made it active."""
    last: Mapping[tuple[str, str], Transition] = {(one.alert, one.unit): one for one in transitions}
    return [one for one in last.values() if one.state is State.ACTIVE]


def line_of(one: Transition, register: Register, civil: Civil, lang: str) -> AlertLine:
    """A transition for people."""
    condition = BY_ID.get(one.alert)
    name = says = one.alert
    if condition is not None:
        over = one.state in {State.OVER, State.DROPPED}
        vi, en = (condition.over_vi, condition.over_en) if over else (condition.says_vi, condition.says_en)
        name = condition.vi if lang == "vi" else condition.en
        says = (vi if lang == "vi" else en).format(count=one.count, of=one.of)
    return AlertLine(
        alert=one.alert,
        name=name,
        says=says,
        unit=one.unit,
        unit_name=register.name(one.unit),
        level=one.level,
        severity=one.severity.value,
        state=one.state.value,
        at=civil.text(one.at // MICROS),
        since=civil.text(one.since // MICROS),
        active=civil.text(one.active // MICROS) if one.active else "",
        over=civil.text(one.at // MICROS) if one.state is State.OVER else "",
        count=one.count,
        of=one.of,
        figures=one.figures,
        runbook=f"runbooks/{one.alert}.md",
    )


def text_lines(found: AlertList) -> Iterator[str]:
    """What the command prints."""
    what = "transitions" if found.history else "active alerts"
    yield f"run {found.run}, as of {found.as_of}: {len(found.alerts)} {what}" + (
        f" of {found.unit}" if found.unit else ""
    )
    for one in found.alerts:
        when = one.at if found.history else f"since {one.active}"
        yield ""
        yield f"{when}  {one.severity.upper()}  {one.state}  {one.unit_name} ({one.unit}): {one.name}"
        yield f"    {one.says}.  docs/{one.runbook}"
