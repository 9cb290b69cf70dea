"""The active alerts on /metrics: kept in the event loop, rendered in the thread that serves the page."""

import threading
from collections.abc import Sequence
from typing import Final

from streams.core.alerting.records import ActiveAlert
from streams.core.families import ALERT_FAMILIES, ALERT_LABELS

BUDGET: Final = 4_000
"""Series of alerts of one worker, at most: eight hundred alerts at once, the most severe first."""
_RANK: Final = {"critical": 0, "warning": 1, "info": 2}


class AlertScreen:
    """What is active while this worker holds INDEX."""

    def __init__(self, run: str, budget: int = BUDGET) -> None:
        self._run, self._most = run, budget // len(ALERT_FAMILIES)
        self._lock = threading.Lock()
        self._alerts: list[ActiveAlert] = []
        self._left_out = 0
        self._hidden = False

    def show(self, alerts: Sequence[ActiveAlert]) -> None:
        """These are active, and no others."""
        ordered = sorted(alerts, key=lambda one: (_RANK[one.severity], one.since, one.unit, one.alert))
        with self._lock:
            self._alerts, self._left_out = ordered[: self._most], max(len(ordered) - self._most, 0)

    def hide(self, *, hidden: bool) -> None:
        """Show nothing while it is not sure who holds INDEX."""
        with self._lock:
            self._hidden = hidden

    def text(self) -> str:
        """The exposition of all of them; for one thread at a time."""
        with self._lock:
            alerts, left_out = ([], 0) if self._hidden else (self._alerts, self._left_out)
        labels = [self._labels(one) for one in alerts]
        parts = []
        for family in ALERT_FAMILIES:
            parts.append(f"# HELP {family.name} {family.help}\n# TYPE {family.name} gauge\n")
            parts += [f"{family.name}{{{own}}} {family.value(one)}\n" for own, one in zip(labels, alerts, strict=True)]
        name, words = "motcua_alerts_left_out", "Active alerts beyond those that are exported."
        parts.append(f'# HELP {name} {words}\n# TYPE {name} gauge\n{name}{{run="{self._run}"}} {left_out}\n')
        return "".join(parts)

    def _labels(self, one: ActiveAlert) -> str:
        values = {"run": self._run, **{name: str(getattr(one, name)) for name in ALERT_LABELS if name != "run"}}
        return ",".join(f'{name}="{escaped(values[name])}"' for name in ALERT_LABELS)


def escaped(value: str) -> str:
    """A label value as the exposition format wants it."""
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
