"""Rules of Prometheus: one a severity from `motcua_alert_active`, one for what grows old, and those of the pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import yaml

from dashboards.alerting.pipeline import PIPELINE, PipelineAlert
from dashboards.alerting.plan import Plan
from streams.core.alerting.catalogue import CONDITIONS
from streams.core.alerting.records import Severity

_HEAD: Final = (
    "# Made by `make pages` from dashboards/alerting/ and streams/core/alerting/catalogue.py. Change it there.\n"
)
ALERT_OF: Final = {severity: f"Motcua{severity.value.capitalize()}" for severity in Severity}
ESCALATED: Final = "MotcuaEscalated"
_ZONE_S: Final = 7 * 3600  # Viet Nam's civil time, which has no summer


def rules(plan: Plan) -> str:
    """The file of rules in Prometheus' YAML."""
    groups = [
        {"name": "motcua-services", "interval": plan.interval, "rules": [*_services(plan), _escalated(plan)]},
        {"name": "motcua-pipeline", "interval": plan.interval, "rules": [_pipeline(one, plan) for one in PIPELINE]},
    ]
    return _HEAD + dumped({"groups": groups}, 10_000)


def dumped(whole: dict[str, Any], width: int = 120) -> str:
    """YAML in the order as given, without references."""
    return yaml.dump(whole, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=width)  # type: ignore[no-any-return]


class _Plain(yaml.SafeDumper):  # type: ignore[misc]
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  YAML passes it
        """Each value stands where it is used."""
        return True


def _services(plan: Plan) -> Iterator[dict[str, Any]]:
    for severity, alert in ALERT_OF.items():
        yield {
            "alert": alert,
            "expr": _held("motcua_alert_active", plan, "== 1", f"severity={severity.value!r}"),
            "for": plan.service_for,
            "labels": {"kind": "service"},
            "annotations": _annotations(plan),
        }


def _escalated(plan: Plan) -> dict[str, Any]:
    terms = []
    for age in sorted({one.escalates for one in CONDITIONS if one.escalates}):
        which = "|".join(one.id for one in CONDITIONS if one.escalates == age)
        matchers = (f"alert=~{which!r}", "above!=''")
        terms.append(_held("motcua_alert_age_working_days", plan, f">= {age}", *matchers))
    return {
        "alert": ESCALATED,
        "expr": " or ".join(terms),
        "for": plan.service_for,
        "labels": {"kind": "escalation"},
        "annotations": _annotations(plan),
    }


def _held(metric: str, plan: Plan, bound: str, *matchers: str) -> str:
    """The series of whoever holds INDEX; while nobody does, those told last: a silent pipeline ends no alert."""
    chosen = ", ".join([f"run=~{plan.runs!r}", *matchers]).replace("'", '"')
    now = f"max without (instance, job) ({metric}{{{chosen}}}) {bound}"
    before = f"max without (instance, job) (last_over_time({metric}{{{chosen}}}[{plan.hold}])) {bound}"
    return f"({now} or ({before} unless on (run) motcua_index_held == 1))"


def _annotations(plan: Plan) -> dict[str, str]:
    return {
        "count": _asked("motcua_alert_count", plan.hold, 'value | printf "%.0f"'),
        "of": _asked("motcua_alert_reference", plan.hold, 'value | printf "%.0f"'),
        "since": _asked(
            "motcua_alert_since_seconds", plan.hold, 'value | humanizeTimestamp | reReplaceAll ":[0-9]+ .*" ""', _ZONE_S
        ),
        "list": f"{plan.board_url}?var-unit={{{{ $labels.unit }}}}",
        "runbook": f"{plan.runbook_url}/{{{{ $labels.alert }}}}.md",
    }


def _asked(metric: str, hold: str, shown: str, plus: int = 0) -> str:
    """What another metric says of the same alert, for the text alone: it may change while the alert stands."""
    asked = f'printf "last_over_time({metric}{{run=%q,alert=%q,unit=%q}}[{hold}]){f" + {plus}" if plus else ""}"'
    labels = "$labels.run $labels.alert $labels.unit"
    return f"{{{{ with {asked} {labels} | query }}}}{{{{ . | first | {shown} }}}}{{{{ end }}}}"


def _pipeline(one: PipelineAlert, plan: Plan) -> dict[str, Any]:
    vietnamese = plan.language == "vi"
    return {
        "alert": one.alert,
        "expr": one.expression(plan),
        "for": plan.pipeline_for,
        "labels": {"kind": "pipeline", "severity": "critical", "stale": "yes" if one.stale else "no"},
        "annotations": {
            "name": one.vi if vietnamese else one.en,
            "says": one.says_vi if vietnamese else one.says_en,
            "runbook": f"{plan.runbook_url}/{one.id}.md",
        },
    }
