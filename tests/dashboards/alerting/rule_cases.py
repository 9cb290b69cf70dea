"""For each rule of Prometheus: series in which it fires, and series that look alike in which it does not."""

from __future__ import annotations

from typing import NamedTuple

ALERT = 'run="live",alert="late-rising",unit="X1",name="Xã Một",audience="commune",above="P"'
W1, W2 = 'run="live",job="motcua",instance="w1:6067"', 'run="live",job="motcua",instance="w2:6067"'


class Case(NamedTuple):
    """Series by name with their values in promtool's words, one a minute; what fires at an instant, in minutes."""

    alert: str
    says: str
    series: dict[str, str]
    fires: dict[str, str] | None  # labels, beside those of the rule; None: nothing
    at: int = 10
    others: tuple[str, ...] = ()


def _active(severity: str, values: str) -> dict[str, str]:
    labels = f'{ALERT},severity="{severity}",job="motcua",instance="w1:6067"'
    return {f"motcua_alert_active{{{labels}}}": values, f"motcua_index_held{{{W1}}}": values}


_LABELS = {
    "run": "live",
    "alert": "late-rising",
    "unit": "X1",
    "name": "Xã Một",
    "audience": "commune",
    "above": "P",
    "kind": "service",
}


def _services() -> list[Case]:
    found = []
    for severity in ("info", "warning", "critical"):
        alert = f"Motcua{severity.capitalize()}"
        fires = {**_LABELS, "severity": severity}
        found += [
            Case(alert, "an alert is active", _active(severity, "1x30"), fires),
            Case(alert, "not for long enough yet", _active(severity, "_x7 1x30"), None),
            Case(
                alert,
                "it is over, and INDEX is held",
                {next(iter(_active(severity, "1"))): "1x8 stale", f"motcua_index_held{{{W1}}}": "1x30"},
                None,
                12,
            ),
            Case(
                alert,
                "nobody holds INDEX: it stands as it was told last",
                dict.fromkeys(_active(severity, "1"), "1x8 stale"),
                fires,
                12,
            ),
            Case(
                alert,
                "a replay wakes nobody",
                {key.replace('run="live"', 'run="old"'): "1x30" for key in _active(severity, "1")},
                None,
            ),
        ]
    return found


def _aged(alert: str, age: int, above: str = "P") -> dict[str, str]:
    labels = f'run="live",alert="{alert}",unit="X1",name="Xã Một",severity="warning",audience="commune",above="{above}"'
    return {f'motcua_alert_age_working_days{{{labels},job="motcua",instance="w1:6067"}}': f"{age}x30"}


_ESCALATED = [
    Case(
        "MotcuaEscalated",
        "late for two working days",
        _aged("late-rising", 2),
        {**_LABELS, "severity": "warning", "kind": "escalation"},
    ),
    Case("MotcuaEscalated", "for one", _aged("late-rising", 1), None),
    Case("MotcuaEscalated", "what nobody above need hear of", _aged("due-today", 9), None),
    Case("MotcuaEscalated", "nobody is above", _aged("late-rising", 9, above=""), None),
]

_UP1, _UP2 = 'up{job="motcua",instance="w1:6067"}', 'up{job="motcua",instance="w2:6067"}'
_READ = f"motcua_intake_items_read_total{{{W1}}}"
_IGNORED = f"motcua_intake_items_ignored_total{{{W1}}}"
_REJECTED = f'motcua_items_rejected_total{{{W1},reason="not_json"}}'
_TOLD = f'motcua_items{{{W1},outcome="applied"}}'
_READY = f"motcua_ready{{{W1}}}"

_PIPELINE = [
    Case("MotcuaNoWorker", "the only worker is down", {_UP1: "1x2 0x30"}, {}),
    Case("MotcuaNoWorker", "none is known", {"something_else": "1x30"}, {"job": "motcua"}),
    Case("MotcuaNoWorker", "one of two is up", {_UP1: "0x30", _UP2: "1x30"}, None, others=("MotcuaWorkerDown",)),
    Case("MotcuaWorkerDown", "one of two", {_UP1: "0x30", _UP2: "1x30"}, {"job": "motcua", "instance": "w1:6067"}),
    Case("MotcuaWorkerDown", "all: that is another alert", {_UP1: "0x30", _UP2: "0x30"}, None),
    Case("MotcuaWorkerDown", "a restart of a minute", {_UP1: "1x8 0 1x20", _UP2: "1x30"}, None),
    Case("MotcuaIndexHolders", "none", {f"motcua_index_held{{{W1}}}": "0x30"}, {"run": "live"}),
    Case(
        "MotcuaIndexHolders",
        "two",
        {f"motcua_index_held{{{W1}}}": "1x30", f"motcua_index_held{{{W2}}}": "1x30"},
        {"run": "live"},
    ),
    Case(
        "MotcuaIndexHolders",
        "one of two, by turns",
        {f"motcua_index_held{{{W1}}}": "1x5 0x30", f"motcua_index_held{{{W2}}}": "0x5 1x30"},
        None,
    ),
    Case("MotcuaIndexStale", "it stands still", {f"motcua_index_as_of_seconds{{{W1}}}": "0x30"}, {"run": "live"}),
    Case("MotcuaIndexStale", "it goes with time", {f"motcua_index_as_of_seconds{{{W1}}}": "0+60x30"}, None),
    Case(
        "MotcuaIndexStale",
        "a replay shows old time",
        {'motcua_index_as_of_seconds{run="old"}': "0x30"},
        None,
    ),
    Case(
        "MotcuaLagging",
        "its clock stands",
        {f"motcua_clock_seconds{{{W1}}}": "1x30"},
        {"run": "live", "instance": "w1:6067"},
    ),
    Case("MotcuaLagging", "its clock goes", {f"motcua_clock_seconds{{{W1}}}": "1+60x30"}, None),
    Case("MotcuaLagging", "it owns no partition", {f"motcua_clock_seconds{{{W1}}}": "0x30"}, None),
    Case("MotcuaNoProgress", "stuck", {f"motcua_standstill_seconds{{{W1}}}": "25x30"}, {"run": "live"}),
    Case("MotcuaNoProgress", "busy", {f"motcua_standstill_seconds{{{W1}}}": "5x30"}, None),
    Case(
        "MotcuaRejecting",
        "one in ten",
        {_READ: "0+100x60", _REJECTED: "0+10x60"},
        {"run": "live"},
        40,
    ),
    Case("MotcuaRejecting", "one in a hundred", {_READ: "0+100x60", _REJECTED: "0+1x60"}, None, 40),
    Case(
        "MotcuaRejecting",
        "half, of hardly any",
        {_READ: "0 0x20 2 4 6 8 8x60", _REJECTED: "0 0x20 1 2 3 4 4x60"},
        None,
        40,
    ),
    Case(
        "MotcuaConservationBroken",
        "one in ten vanishes",
        {_READ: "0+100x60", _IGNORED: "0x60", _REJECTED: "0+5x60", _TOLD: "0+85x60", _READY: "1x60"},
        {"run": "live"},
        40,
    ),
    Case(
        "MotcuaConservationBroken",
        "all are counted or rejected",
        {_READ: "0+100x60", _IGNORED: "0+1x60", _REJECTED: "0+9x60", _TOLD: "0+90x60", _READY: "1x60"},
        None,
        40,
    ),
    Case(
        "MotcuaConservationBroken",
        "none was ever rejected",
        {_READ: "0+100x60", _IGNORED: "0x60", _TOLD: "0+100x60", _READY: "1x60"},
        None,
        40,
    ),
    Case(
        "MotcuaConservationBroken",
        "a worker has joined meanwhile",
        {
            _READ: "0+100x60",
            _IGNORED: "0x60",
            _TOLD: "0+200x60",
            _READY: "1x60",
            f"motcua_ready{{{W2}}}": "_x20 1x60",
        },
        None,
        40,
    ),
]

CASES = (*_services(), *_ESCALATED, *_PIPELINE)
