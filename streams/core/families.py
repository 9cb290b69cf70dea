"""The metrics that are exported, as data: names, help, labels.  `streams.metrics` exports them, boards and rules read.

Names follow Prometheus' conventions; every family of units carries `UNIT_LABELS` first.  Codes of dossiers are never
labels.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Final

import msgspec

from streams.core.alerting.records import ActiveAlert
from streams.core.civil import MICROS
from streams.core.counters import VERDICT_NAMES
from streams.core.told import ToldFigure, ToldPlace, ToldScore

UNIT_LABELS: Final = ("run", "unit", "level", "period")
"""`period` is week, month, quarter, year (the one that holds the clock of the run) or all."""


class Family(msgspec.Struct, frozen=True):
    """A family of unit gauges of counts: its name, help, and label values with the counter that each shows."""

    name: str
    help: str
    label: str
    shows: tuple[tuple[str, str], ...]  # label value, counter name


UNIT_FAMILIES: Final = (
    Family("motcua_dossiers_received", "Dossiers received in the period.", "", (("", "received"),)),
    Family(
        "motcua_dossiers_channel",
        "Dossiers received in the period, by channel.",
        "channel",
        (("direct", "direct"), ("online", "online"), ("postal", "postal")),
    ),
    Family(
        "motcua_dossiers",
        "Dossiers received in the period, by how they stand under Decision 766.",
        "state",
        tuple((name, name) for name in VERDICT_NAMES.values()),
    ),
    Family("motcua_dossiers_ended", "Dossiers received in the period that have ended.", "", (("", "ended"),)),
    Family(
        "motcua_dossiers_finished",
        "Dossiers finished in the period, by civil date against the due date.",
        "outcome",
        (
            ("early", "finished_early"),
            ("on_time", "finished_on_time"),
            ("late", "finished_late"),
            ("no_due", "finished_no_due"),
        ),
    ),
    Family(
        "motcua_dossiers_closed_without_result",
        "Dossiers withdrawn, stopped or refused in the period.",
        "",
        (("", "closed_without_result"),),
    ),
)


WATCHLIST: Final = Family(
    "motcua_watchlist",
    "Open dossiers by where they stand on the watch list, as of now (no label period).",
    "state",
    (("due_soon", "due_soon"), ("due_today", "due_today"), ("late", "open_overdue"), ("paused", "due_paused")),
)
"""Of all dossiers held, whenever they were received: from the entry of the period `all`."""
UNIT_INFO: Final = "motcua_unit_info"
"""1 for every unit that is shown; labels `name` and `province` (empty for the country) instead of `period`."""
UNIT_INFO_HELP: Final = "1; name and province of a unit that has dossiers."


class Of(StrEnum):
    """What a family of the index shows."""

    TOTAL = "total"
    REACHABLE = "reachable"
    GROUP = "group"
    POINTS = "points"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    RANK = "rank"
    RANKED = "ranked"


Values = Iterable[tuple[str, int | None]]


class IndexFamily(msgspec.Struct, frozen=True):
    """A family of gauges of the index; without data there is no series, which is not 0.

    `values` gives label value and number of each series, points in hundredths where it is `in_points`.
    """

    name: str
    help: str
    label: str
    of: Of
    values: Callable[[ToldScore, ToldPlace | None], Values]
    in_points: bool = False


def _figures(told: ToldScore, which: Callable[[ToldFigure], int | None]) -> Values:
    figures: Mapping[str, ToldFigure] = told.figures
    return [(id_, which(figure)) for id_, figure in figures.items()]


INDEX_FAMILIES: Final = (
    IndexFamily(
        "motcua_index_score",
        "Points of the index, of 100: an estimate of the national one.",
        "",
        Of.TOTAL,
        lambda told, _: [("", told.total)],
        in_points=True,
    ),
    IndexFamily(
        "motcua_index_reachable",
        "Points that the indicators with data can give.",
        "",
        Of.REACHABLE,
        lambda told, _: [("", told.reachable)],
        in_points=True,
    ),
    IndexFamily(
        "motcua_index_group_points",
        "Points of a group of indicators.",
        "group",
        Of.GROUP,
        lambda told, _: told.groups.items(),
        in_points=True,
    ),
    IndexFamily(
        "motcua_index_points",
        "Points of an indicator.",
        "indicator",
        Of.POINTS,
        lambda told, _: _figures(told, lambda figure: figure.points),
        in_points=True,
    ),
    IndexFamily(
        "motcua_index_numerator",
        "Count above the line of an indicator.",
        "indicator",
        Of.NUMERATOR,
        lambda told, _: _figures(told, lambda figure: figure.numerator),
    ),
    IndexFamily(
        "motcua_index_denominator",
        "Count below the line of an indicator.",
        "indicator",
        Of.DENOMINATOR,
        lambda told, _: _figures(told, lambda figure: figure.denominator),
    ),
    IndexFamily(
        "motcua_index_rank",
        "Rank by points among the units of `peers`; none below the minimum volume.",
        "peers",
        Of.RANK,
        lambda _, place: [] if place is None else [(place.peers, place.rank)],
    ),
    IndexFamily(
        "motcua_index_ranked",
        "How many units of `peers` have a rank.",
        "peers",
        Of.RANKED,
        lambda _, place: [] if place is None else [(place.peers, place.of)],
    ),
)

ALERT_LABELS: Final = ("run", "alert", "unit", "name", "audience", "above", "severity")
"""`audience` is the level whose people it is for, `above` the unit that hears of it when it grows old, `name` the
unit's."""


class AlertFamily(msgspec.Struct, frozen=True):
    """A family of gauges of active alerts; there is no series of an alert that is not active."""

    name: str
    help: str
    value: Callable[[ActiveAlert], int]


ALERT_FAMILIES: Final = (
    AlertFamily("motcua_alert_active", "1 while an alert is active.", lambda _: 1),
    AlertFamily(
        "motcua_alert_count", "How many dossiers, hours or units an active alert is about.", lambda one: one.count
    ),
    AlertFamily(
        "motcua_alert_reference", "What that is held against: what is usual, or of how many.", lambda one: one.of
    ),
    AlertFamily("motcua_alert_since_seconds", "When it became active (unix time).", lambda one: one.since // MICROS),
    AlertFamily("motcua_alert_age_working_days", "Whole working days since it became active.", lambda one: one.age),
)
