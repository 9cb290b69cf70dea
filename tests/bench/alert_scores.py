"""How good alerts are on a world with injected incidents beside the same world without them.

Definitions.  An incident is *visible* from the first closed hour at which the figures of its unit are beyond chance:
for a surge, more dossiers are overdue than at any hour of the world without it, and 5 more than there at that hour; for
a silence, 12 dossiers have come or gone there since it began.  It is *announced* when an alert of the unit becomes
active (for a silence, also the one of the province on several silent units) after it began and at most one working hour
after it is visible.  A *notification* is one message to one receiver: of the alerts of a unit that begin or end in the
same working hour, and one in the morning where any is active; to the province those of its own alerts, and one in the
morning where any has grown old.  It *belongs* to an incident when one of its alerts became active at the unit of that
incident (of any, for an alert of the province) after it had begun and at most ten working days after it had ended.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from simulators.happenings import SURGE, Incident
from streams.core.alerting.catalogue import BY_ID
from streams.core.alerting.office import Office
from streams.core.alerting.records import Severity, State, Transition
from streams.core.civil import HOUR, MICROS

BEYOND: Final = 5
MOVED: Final = 12
AFTERMATH_DAYS: Final = 10
_SILENT: Final = frozenset({"source-silent", "sources-silent"})


class Figures(NamedTuple):
    """Of one unit at one closed hour: overdue now; how many came and went since the beginning."""

    overdue: int
    moved: int


@dataclass
class Seen:
    """A world as it was seen: figures by closed working hour (micros) and unit, and the transitions of alerts."""

    office: Office
    units: tuple[str, ...]
    province: str
    figures: dict[int, dict[str, Figures]] = field(default_factory=dict)
    transitions: list[Transition] = field(default_factory=list)


class Message(NamedTuple):
    """One notification: to whom, in which hour (micros), about which alerts, by the transitions that began them."""

    receiver: str
    at: int
    about: tuple[Transition, ...]


@dataclass(frozen=True)
class Scores:
    """What was found; shares are None where there is nothing to divide by."""

    incidents: int
    visible: int
    announced: int
    messages: int
    belonging: int
    unit_days: int
    unit_messages: int
    province_days: int
    province_messages: int
    missed: tuple[str, ...]


def scores(seen: Seen, ordinary: Seen, incidents: Iterable[Incident]) -> Scores:
    """How the alerts of a world did, by the incidents that happened there."""
    told = tuple(incidents)
    visible = {one: at for one in told if (at := visible_at(one, seen, ordinary)) is not None}
    announced = {one for one, at in visible.items() if _announced(one, at, seen)}
    sent = messages(seen)
    belonging = [one for one in sent if any(_belongs(one, incident, seen) for incident in told)]
    days = len({seen.office.day(at // MICROS) for at in seen.figures})
    to_province = [one for one in sent if one.receiver == seen.province]
    return Scores(
        incidents=len(told),
        visible=len(visible),
        announced=len(announced),
        messages=len(sent),
        belonging=len(belonging),
        unit_days=days * len(seen.units),
        unit_messages=len(sent) - len(to_province),
        province_days=days,
        province_messages=len(to_province),
        missed=tuple(f"{one.kind} at {one.unit}" for one in visible if one not in announced),
    )


def visible_at(one: Incident, seen: Seen, ordinary: Seen) -> int | None:
    """The closed hour (micros) from which an incident is visible; None where it never is."""
    hours = [at for at in sorted(seen.figures) if at > one.begins * MICROS]
    if one.kind == SURGE:
        highest = max(figures[one.unit].overdue for figures in ordinary.figures.values())
        return next(
            (
                at
                for at in hours
                if (overdue := seen.figures[at][one.unit].overdue) > highest
                and overdue >= ordinary.figures[at][one.unit].overdue + BEYOND
            ),
            None,
        )
    before = max((at for at in ordinary.figures if at <= one.begins * MICROS), default=None)
    since = 0 if before is None else ordinary.figures[before][one.unit].moved
    within = (at for at in hours if at <= one.ends * MICROS)
    return next((at for at in within if ordinary.figures[at][one.unit].moved - since >= MOVED), None)


def messages(seen: Seen) -> list[Message]:
    """What Alertmanager would send, by the routes of `dashboards.alerting.routing`."""
    by_hour: dict[int, list[Transition]] = defaultdict(list)
    for one in seen.transitions:
        by_hour[one.at].append(one)
    active: dict[tuple[str, str], Transition] = {}
    found: list[Message] = []
    day = -1
    for at in sorted(seen.figures):
        if (today := seen.office.day(at // MICROS)) != day:
            day = today
            found += _mornings(active.values(), at, seen)
        said: dict[str, list[Transition]] = defaultdict(list)
        for one in by_hour.get(at, ()):
            if _is_told(one):
                said[one.unit].append(active.get((one.unit, one.alert), one))
            if one.state is State.ACTIVE:
                active[one.unit, one.alert] = one
            elif one.state is State.OVER:
                active.pop((one.unit, one.alert), None)
        found += [Message(unit, at, tuple(about)) for unit, about in said.items()]
    return found


def _is_told(one: Transition) -> bool:
    if one.severity is Severity.INFO:
        return False
    return one.state is State.ACTIVE or (one.state is State.OVER and BY_ID[one.alert].tells_end)


def _mornings(active: Collection[Transition], at: int, seen: Seen) -> list[Message]:
    """One message a unit of which anything is active, and one to the province of what has grown old."""
    by_unit: dict[str, list[Transition]] = defaultdict(list)
    for one in active:
        by_unit[one.unit].append(one)
    old = tuple(one for one in active if one.unit != seen.province and _is_old(one, at, seen.office))
    found = [Message(unit, at, tuple(about)) for unit, about in sorted(by_unit.items())]
    return [*found, Message(seen.province, at, old)] if old else found


def _is_old(one: Transition, at: int, office: Office) -> bool:
    days = BY_ID[one.alert].escalates
    return days > 0 and office.days(one.active, at) >= days


def _announced(one: Incident, visible: int, seen: Seen) -> bool:
    for told in seen.transitions:
        mine = told.unit == one.unit or (told.unit == seen.province and told.alert in _SILENT)
        fits = one.kind == SURGE or told.alert in _SILENT
        if mine and fits and told.state is State.ACTIVE and told.at > one.begins * MICROS:
            return seen.office.worked(visible // MICROS, told.at // MICROS) <= HOUR
    return False


def _belongs(message: Message, one: Incident, seen: Seen) -> bool:
    return any(_caused(alert, one, seen) for alert in message.about)


def _caused(alert: Transition, one: Incident, seen: Seen) -> bool:
    """Whether an alert became active at the unit of an incident (any, for the province) in it or soon after it."""
    ended = one.ends * MICROS
    if alert.unit not in {one.unit, seen.province} or alert.active <= one.begins * MICROS:
        return False
    return alert.active <= ended or seen.office.days(ended, alert.active) < AFTERMATH_DAYS


def share(part: int, whole: int) -> float | None:
    """A part in percent; None of nothing."""
    return None if not whole else 100 * part / whole


def warned_before(late: Mapping[str, tuple[int, int, int]], office: Office) -> tuple[int, int]:
    """Of the dossiers that became late and had more than a working day: how many stood on the list that long before.

    Instants in seconds, by dossier: received, due, and when it came onto the list.
    """
    had = [
        (due, listed) for received, due, listed in late.values() if office.days(received * MICROS, due * MICROS) >= 1
    ]
    early = [due for due, listed in had if office.days(listed * MICROS, due * MICROS) >= 1]
    return len(early), len(had)
