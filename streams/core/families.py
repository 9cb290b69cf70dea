"""The metrics that are exported, as data: names, help, labels.  `streams.metrics` exports them, boards and rules read.

Names follow Prometheus' conventions; every family of units carries `UNIT_LABELS` first.  Codes of dossiers are never
labels.
"""

from typing import Final

import msgspec

from streams.core.counters import VERDICT_NAMES

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
