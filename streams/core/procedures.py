"""Administrative procedures of a unit as stated, and the sets of them that indicators count.

A set is counted over units as a union: a procedure that many units have counts once, with the highest level that one of
them offers.  Source: the procedure indicators of Decision 766/QĐ-TTg (1.1 to 1.3, 3.1, 3.2, 3.5, 3.5b, 4.5a, 4.6).
"""

from collections.abc import Container, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import Meta, field

from streams.core.event_words import Code, Word
from streams.core.indicators.quantities import OF_FAMILY, Family
from streams.core.references import Reference, joined
from streams.core.spans import Span

Uses: TypeAlias = Mapping[str, Mapping[str, int]]  # procedure -> counters of its cells in the period
SetNames: TypeAlias = Annotated[list[Word], Meta(max_length=50)]


class OnlineLevel(StrEnum):
    """How far a procedure is offered online; level 3 and level 4 of before 2022 are partial and full."""

    NONE = "none"
    PARTIAL = "partial"
    FULL = "full"
    LEVEL_3 = "level_3"
    LEVEL_4 = "level_4"


_COUNTED: Final = sorted(OF_FAMILY[Family.PROCEDURE] | OF_FAMILY[Family.REFERENCE])
FULL_LEVELS: Final = frozenset({OnlineLevel.FULL, OnlineLevel.LEVEL_4})


class Procedure(Reference, frozen=True, kw_only=True, tag="procedure"):
    """A procedure of one unit.  Dates are civil days.

    `announce_by` and `publish_by` are the last days on which announcing and publishing are on time; `sets` names the
    sets that it belongs to, as "essential-25"; it is in force from `valid_from` up to, not including, `valid_to`.
    """

    unit: Code
    procedure: Code
    announced: date | None = None
    announce_by: date | None = None
    published: date | None = None
    publish_by: date | None = None
    complete: bool = False
    online: OnlineLevel = OnlineLevel.NONE
    integrated: bool = False
    fee: bool = False
    payment: bool = False
    population_data: bool = False
    certified_copies: bool = False
    citizens: bool = False
    sets: SetNames = field(default_factory=list)
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def key(self) -> str:
        """Unit and procedure."""
        return joined("procedure", self.unit, self.procedure)

    def in_force(self, day: date) -> bool:
        """True when it is in force on a civil day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)

    @property
    def offered(self) -> bool:
        """True when it is offered online, partially or in full."""
        return self.online is not OnlineLevel.NONE


class Counter(msgspec.Struct, frozen=True):
    """One counter of the cells of a unit, procedure and month: the day that it counts on, and its definition.

    With `verdict` it is kept for now and the ends of its month, quarter and year.  `day` says that a filter by
    procedure takes it in place of the counter of the same name in the cells of a unit and day.
    """

    name: str
    on: str
    definition: str
    day: bool = False
    verdict: bool = False


def _same(name: str, *, verdict: bool = False) -> Counter:
    return Counter(name, "received", f"as `{name}` by unit and day", day=True, verdict=verdict)


CELL_COUNTERS: Final = (
    _same("received"),
    _same("online"),
    _same("postal"),
    _same("on_time", verdict=True),
    _same("late", verdict=True),
    _same("open_within", verdict=True),
    _same("open_overdue", verdict=True),
    _same("unblamed", verdict=True),
    _same("with_obligation"),
    _same("paid_online"),
    _same("result_issued"),
    Counter("fee_synchronised", "received", "`with_obligation`, and `synchronised` has a moment before T"),
    Counter(
        "five_on_the_spot",
        "ended",
        "finished or returned, steps at the centre before T `appraised`, `approved`, `stamped` it, `returned_how` is 1",
    ),
)


KNOWN_BY_PROCEDURE: Final = (
    frozenset(counter.name for counter in CELL_COUNTERS if counter.day)
    | OF_FAMILY[Family.PROCEDURE]
    | OF_FAMILY[Family.REFERENCE]
)
"""What is known where only some procedures are looked at."""


def filtered(uses: Uses, only: Container[str]) -> dict[str, int]:
    """Counts of one unit over some procedures, under the names that they have by unit and day."""
    names = [counter.name for counter in CELL_COUNTERS if counter.day]
    cells = [cell for code, cell in uses.items() if code in only]
    return {name: sum(cell.get(name, 0) for cell in cells) for name in names}


class Sets(msgspec.Struct, frozen=True):
    """What one unit adds in one period: procedures by the name of the count, counts of dossiers, certified copies."""

    members: dict[str, frozenset[str]]
    sums: dict[str, int]
    certified: bool


def sets_of(
    procedures: Iterable[Procedure], uses: Uses, span: Span, today: date, only: Container[str] | None = None
) -> Sets:
    """The sets of one unit in the period of `span` as of `today`, from its procedures and from its cells.

    `only` restricts to some procedures.  A procedure that is used but was never stated counts as used, and in no set of
    what is in authority.
    """
    last = min(today, span.end - timedelta(days=1))
    stated = [one for one in procedures if only is None or one.procedure in only]
    active = [one for one in stated if one.in_force(last)]
    used = {code: cell for code, cell in uses.items() if code and (only is None or code in only)}
    members = {name: frozenset(codes) for name, codes in standing_sets(active, last).items()}
    members |= {name: frozenset(codes) for name, codes in dated_sets(stated, span, today).items()}
    members |= {name: frozenset(codes) for name, codes in _used(members, used).items()}
    return Sets(members, _sums(active, used), any(one.certified_copies for one in active))


def standing_sets(active: Iterable[Procedure], last: date) -> dict[str, set[str]]:
    """Sets of what is in force on the day `last`, by the name of their count."""
    active = list(active)
    published = [one for one in active if one.published is not None and one.published <= last]
    offered = [one for one in active if one.offered]
    citizens = [one for one in active if one.citizens]
    chosen = {
        "procedures": active,
        "procedures_published": published,
        "procedures_complete": [one for one in published if one.complete],
        "services": offered,
        "services_full": [one for one in offered if one.online in FULL_LEVELS],
        "services_integrated": [one for one in offered if one.integrated],
        "procedures_fee": [one for one in active if one.fee],
        "procedures_citizens": citizens,
        "procedures_population": [one for one in citizens if one.population_data],
    }
    return {name: {one.procedure for one in some} for name, some in chosen.items()}


def dated_sets(stated: Iterable[Procedure], span: Span, today: date) -> dict[str, set[str]]:
    """What was announced in the period, or was to be published in it; what is not due yet does not count as late."""
    found: dict[str, set[str]] = {
        "procedures_announced": set(),
        "procedures_announced_on_time": set(),
        "procedures_to_publish": set(),
        "procedures_published_on_time": set(),
    }
    for one in stated:
        announced, wanted = one.announced, one.announce_by
        if announced is not None and wanted is not None and span.holds(announced) and announced <= today:
            found["procedures_announced"].add(one.procedure)
            if announced <= wanted:
                found["procedures_announced_on_time"].add(one.procedure)
        if one.publish_by is not None and span.holds(one.publish_by):
            done = one.published is not None and one.published <= min(today, one.publish_by)
            if done or one.publish_by < today:
                found["procedures_to_publish"].add(one.procedure)
            if done:
                found["procedures_published_on_time"].add(one.procedure)
    return found


def _used(members: Mapping[str, frozenset[str]], used: Uses) -> dict[str, set[str]]:
    services, fee = members["services"], members["procedures_fee"]

    def with_(counter: str) -> set[str]:
        return {code for code, cell in used.items() if cell.get(counter, 0) > 0}

    return {
        "procedures_used": with_("received"),
        "services_used": with_("received") & services,
        "services_used_online": with_("online") & services,
        "procedures_fee_dossier": with_("fee_synchronised") & fee,
        "procedures_fee_online": with_("paid_online") & fee,
        "procedures_five_on_the_spot": with_("five_on_the_spot"),
    }


def _sums(active: list[Procedure], used: Uses) -> dict[str, int]:
    sums = dict.fromkeys(
        ("received_in_scope", "online_in_scope", "postal_in_scope", "online_full", "online_partial"), 0
    )
    for one in active:
        cell = used.get(one.procedure)
        if cell is None or not one.offered:
            continue
        for counter in ("received", "online", "postal"):
            sums[f"{counter}_in_scope"] += cell.get(counter, 0)
        sums["online_full" if one.online in FULL_LEVELS else "online_partial"] += cell.get("online", 0)
    return sums


def rolled_up(parts: Mapping[str, Sets], leaves: Container[str], units: int, connected: int) -> dict[str, int]:
    """Counts by name of a unit with all units below it: unions of sets, sums of dossiers, counts of units.

    `parts` by unit, `leaves` the units that count as units, `units` how many these are, `connected` how many of them
    reported anything.
    """
    members: dict[str, set[str]] = {}
    counts = dict.fromkeys(_COUNTED, 0)
    for sets in parts.values():
        for name, codes in sets.members.items():
            members.setdefault(name, set()).update(codes)
        for name, count in sets.sums.items():
            counts[name] = counts.get(name, 0) + count
    counts |= {name: len(codes) for name, codes in members.items()}
    certified = sum(1 for unit, sets in parts.items() if sets.certified and unit in leaves)
    return counts | {"units": units, "units_certified": certified, "units_connected": connected}
