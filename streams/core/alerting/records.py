"""What alerts are made of: what a condition sees, what it says, how it stands at a unit, and what is told of it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

import msgspec

from streams.core.register import Level

ALERT_VERSION: Final = 1


class Severity(StrEnum):
    """How much it presses: said with the morning's digest, or at once in working hours."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class State(StrEnum):
    """The transitions of an alert at a unit."""

    PENDING = "pending"  # the condition holds, not for long enough yet
    DROPPED = "dropped"  # it no longer holds, and never was active
    ACTIVE = "active"
    OVER = "over"


class Opening(msgspec.Struct, frozen=True, array_like=True):
    """How a unit stood at the first closed hour of a working day.

    Totals since the beginning: `received`, `ends`, and `ever_late` (ended late, or overdue now); `overdue` now; of the
    month before (`closed`) the received and the late; `gap` is the longest silence of the day before, working seconds;
    `due` were due on the day.
    """

    day: int
    received: int
    ends: int
    overdue: int
    ever_late: int
    closed: str = ""
    closed_received: int = 0
    closed_late: int = 0
    gap: int = 0
    due: int = 0


class Target(NamedTuple):
    """What a unit should reach in a month; None where nothing is asked.

    `on_time` in hundredths of a percent of the dossiers with a due date, `points` in hundredths of points.
    """

    on_time: int | None = None
    points: int | None = None


NO_TARGET: Final = Target()


class Seen(NamedTuple):
    """What a condition looks at: one unit at one closed hour, as plain figures.

    Counters `now` (of all time), of the current `month` and of the `closed` one before it; openings of working days,
    the latest last (today's, where it has come); `left` of the `office` seconds of today; `days_left` working days of
    the month after today; `silent` working seconds with nothing new; units below it that are `silent_units`, of
    `units`; the month's total in hundredths of points; what the unit should reach.
    """

    now: Mapping[str, int]
    month: Mapping[str, int]
    closed: Mapping[str, int]
    closed_name: str
    openings: tuple[Opening, ...]
    left: int
    office: int
    days_left: int
    silent: int
    silent_units: int = 0
    units: int = 0
    points: int | None = None
    target: Target = NO_TARGET


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """What a condition says: `count` of what there is, the value `of` which it is held against, and further figures."""

    count: int
    of: int
    figures: dict[str, int] = {}


Holds: TypeAlias = Callable[[Seen, Reading | None], Reading | None]
"""The reading where the condition holds, None where it does not.

The second argument is the reading with which it began to hold, None while it does not: what ends it lies apart from
what begins it.
"""


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """One alert: at which levels it is looked for (whose people it is for), and when it is so.

    `pending` and `calm` are the working minutes for which it must hold before it is active, and must not hold before
    it is over.  From `escalates` working days on, people of the level above hear of it (0: never); `tells_end` says
    whether anybody is told when it is over.  `vi`/`en` are names, `says_vi`/`says_en` sentences with {count}, {of} and
    the names of figures; `id` names the page in docs/runbooks.
    """

    id: str
    severity: Severity
    levels: tuple[Level, ...]
    pending: int
    calm: int
    escalates: int
    vi: str
    en: str
    says_vi: str
    says_en: str
    over_vi: str
    over_en: str
    holds: Holds
    tells_end: bool = True


class Standing(msgspec.Struct, frozen=True, array_like=True):
    """How an alert stands at a unit; instants in micros, 0 where they have not come.

    `since` it holds, `active` since; `calm` since it no longer holds, while it is not over.
    """

    since: int
    active: int
    calm: int
    began: Reading
    now: Reading


class Memory(msgspec.Struct, array_like=True):
    """What the evaluator must know of a unit beside the figures of the hour.

    `hour` (micros) is the last one evaluated; `activity` a number that changes when anything comes in, and `heard` the
    instant of its last change; `gap` the longest silence of today in working seconds.
    """

    hour: int = 0
    openings: list[Opening] = []
    activity: int = -1
    heard: int = 0
    gap: int = 0
    standings: dict[str, Standing] = {}


class Transition(msgspec.Struct, frozen=True, kw_only=True):
    """One record of `alerts`: an alert at a unit begins to hold, becomes active, or is over.

    Instants in micros: `at` the closed hour, `since` when it began to hold, `active` when it became active (0: not).
    `count` is how many, `of` what that is held against; further figures by name.
    """

    alert: str
    unit: str
    level: str
    severity: Severity
    state: State
    at: int
    since: int
    active: int
    count: int
    of: int
    figures: dict[str, int] = {}
    version: int = ALERT_VERSION

    @property
    def key(self) -> str:
        """Key of the record: the same transition found again has the same."""
        return f"{self.alert}/{self.unit}/{self.since}/{self.state.value}"


class ActiveAlert(msgspec.Struct, frozen=True):
    """An alert that is active as of the last closed hour, as screens show it.

    `audience` is the level whose people it is for, `above` the unit whose people hear of it when it grows old (empty:
    none); `since` in micros, `age` in working days since it became active.
    """

    alert: str
    unit: str
    name: str
    audience: str
    above: str
    severity: str
    since: int
    age: int
    count: int
    of: int
