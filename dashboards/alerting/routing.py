"""The configuration of Alertmanager: who hears of what, when, in how many messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from dashboards.alerting.intervals import MORNING, WORKING, intervals
from dashboards.alerting.plan import Plan, Receiver
from dashboards.alerting.rules import ESCALATED, dumped
from streams.core.alerting.catalogue import ALERTED, CONDITIONS
from streams.core.calendar import Calendar
from streams.core.register import Level

_HEAD: Final = "# Made by `make pages` from dashboards/alerting/ and the working calendar. Change it there.\n"
OPERATORS: Final = "operators"
TEMPLATES: Final = "motcua.tmpl"
_NEVER_AGAIN: Final = "240h"  # longer than anything is kept by Alertmanager: said once
_DAILY: Final = "20h"
_STALE: Final = ['kind="pipeline"', 'stale="yes"']
_SERVICES: Final = ['kind=~"service|escalation"']
_NO_WORKER: Final = "MotcuaNoWorker"


def configuration(plan: Plan, calendar: Calendar) -> str:
    """The whole file."""
    whole = {
        "global": _mail(plan),
        "templates": [TEMPLATES],
        "time_intervals": intervals(calendar, plan.digest_minutes),
        "route": _route(plan),
        "inhibit_rules": _inhibitions(),
        "receivers": list(_receivers(plan)),
    }
    return _HEAD + dumped(whole)


def receivers_of(plan: Plan) -> dict[str, Receiver]:
    """Receivers by name: of the operators, of each audience, of single units."""
    audiences = {
        Level.COMMUNE.value: plan.communes,
        Level.DEPARTMENT.value: plan.departments,
        Level.PROVINCE.value: plan.provinces,
    }
    return {OPERATORS: plan.operators, **audiences, **{f"unit {code}": one for code, one in plan.offices.items()}}


def _route(plan: Plan) -> dict[str, Any]:
    """At once in office hours, each once; every morning, in one message, what still stands; the rest to operators."""
    return {
        "receiver": OPERATORS,
        "group_by": ["run", "kind"],
        "group_wait": plan.group_wait,
        "group_interval": plan.group_interval,
        "repeat_interval": _DAILY,
        "routes": [
            {"matchers": ['kind="pipeline"'], "receiver": OPERATORS, "group_by": ["kind", "alertname", "run"]},
            *_escalations(plan),
            *(route for code in plan.offices for route in _audience(plan, f"unit {code}", f'unit="{code}"')),
            *(route for level in ALERTED for route in _audience(plan, level.value, f'audience="{level.value}"')),
        ],
    }


def _escalations(plan: Plan) -> Iterator[dict[str, Any]]:
    """What has grown old is for the level above, every morning in one message."""
    for code in plan.offices:
        yield _morning(plan, f"unit {code}", [f'alertname="{ESCALATED}"', f'above="{code}"'], ["run", "above"])
    yield _morning(plan, Level.PROVINCE.value, [f'alertname="{ESCALATED}"'], ["run", "above"])


def _audience(plan: Plan, name: str, which: str) -> Iterator[dict[str, Any]]:
    quiet = f'alert=~"{"|".join(one.id for one in CONDITIONS if not one.tells_end)}"'
    yield _at_once(plan, _quiet(name), [which, quiet])
    yield _at_once(plan, name, [which, quiet.replace("=~", "!~")])
    if not plan.always:
        yield _morning(plan, _quiet(name), ['kind="service"', which], ["run", "audience", "unit"])


def _at_once(plan: Plan, name: str, matchers: list[str]) -> dict[str, Any]:
    route = {
        "matchers": ['kind="service"', *matchers, 'severity=~"critical|warning"'],
        "receiver": name,
        "group_by": ["run", "audience", "unit"],
        "repeat_interval": _NEVER_AGAIN,
    }
    return route if plan.always else {**route, "continue": True, "active_time_intervals": [WORKING]}


def _morning(plan: Plan, name: str, matchers: list[str], group_by: list[str]) -> dict[str, Any]:
    route = {"matchers": matchers, "receiver": name, "group_by": group_by, "repeat_interval": _DAILY}
    return route if plan.always else {**route, "active_time_intervals": [MORNING]}


def _quiet(name: str) -> str:
    """Is told what stands, not what is over."""
    return f"{name}, no ends"


def _inhibitions() -> list[dict[str, Any]]:
    """While figures are old nothing is said of services; while no worker is up nothing else of the pipeline."""
    return [
        {"source_matchers": _STALE, "target_matchers": _SERVICES, "equal": ["run"]},
        {"source_matchers": [f'alertname="{_NO_WORKER}"'], "target_matchers": _SERVICES},
        {
            "source_matchers": [f'alertname="{_NO_WORKER}"'],
            "target_matchers": ['kind="pipeline"', f'alertname!="{_NO_WORKER}"'],
        },
    ]


def _receivers(plan: Plan) -> Iterator[dict[str, Any]]:
    for name, one in receivers_of(plan).items():
        yield {"name": name, **_channels(one, resolved=True)}
        if name != OPERATORS:  # a digest says what stands; what is over no longer does
            yield {"name": _quiet(name), **_channels(one, resolved=False)}


def _channels(one: Receiver, *, resolved: bool) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if one.email:
        words = {"html": "", "text": '{{ template "motcua.text" . }}'}
        headers = {"Subject": '{{ template "motcua.subject" . }}'}
        found["email_configs"] = [{"to": one.email, "send_resolved": resolved, "headers": headers, **words}]
    if one.webhook:
        webhook: dict[str, Any] = {"url": one.webhook, "send_resolved": resolved}
        if one.token_file:
            webhook["http_config"] = {"authorization": {"credentials_file": one.token_file}}
        found["webhook_configs"] = [webhook]
    return found


def _mail(plan: Plan) -> dict[str, Any]:
    mail = plan.mail
    found: dict[str, Any] = {"resolve_timeout": "10m", "smtp_smarthost": mail.server, "smtp_from": mail.sender}
    found["smtp_require_tls"] = mail.tls
    if mail.user:
        found |= {"smtp_auth_username": mail.user, "smtp_auth_password_file": mail.password_file}
    return found
