"""What a deployment decides about its alerts: whom they reach, when, in which language, after which waits."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

import msgspec

from streams.errors import MotcuaError

Lang = Literal["vi", "en"]


class Receiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where messages for an audience go; what is empty is not sent.

    `email` is an address; `webhook` a URL that takes Alertmanager's JSON, `motcua notify` for example, which says it in
    Telegram or Zalo.  `token_file` holds the token that the webhook asks for.
    """

    email: str = ""
    webhook: str = ""
    token_file: str = ""


class Mail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The server for e-mail; its password stands in a file."""

    server: str = "127.0.0.1:25"
    sender: str = "motcua@localhost"
    user: str = ""
    password_file: str = ""
    tls: bool = True


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that may be set; durations in Prometheus' words.

    Of `runs` (a regular expression) alerts are made: a replay must not wake anybody.  `pipeline_for` is shorter than
    `service_for`, so that what follows from a stale pipeline finds it told already.  While nobody exports an alert it
    counts as before for `hold`.  `offices` are single units with receivers of their own, by code.  `always` lets
    messages go at any hour, for tests.
    """

    runs: str = "live"
    language: Lang = "vi"
    job: str = "motcua"
    pipeline_for: str = "2m"
    service_for: str = "5m"
    hold: str = "1h"
    stale_s: int = 300
    lag_s: int = 120
    stuck_s: int = 20
    interval: str = "15s"
    group_wait: str = "30s"
    group_interval: str = "10m"
    digest_minutes: int = 30
    board_url: str = "http://127.0.0.1:3000/d/motcua-late"
    runbook_url: str = "docs/runbooks"
    operators: Receiver = Receiver()
    communes: Receiver = Receiver()
    departments: Receiver = Receiver()
    provinces: Receiver = Receiver()
    offices: dict[str, Receiver] = {}
    mail: Mail = Mail()
    always: bool = False


DEFAULT: Final = Plan()


class PlanError(MotcuaError):
    """A plan that cannot be: says what is wrong, where, and what may be written."""


def read_plan(file: Path) -> Plan:
    """The plan in a TOML file; tables `operators`, `communes` … hold receivers, `offices."CODE"` those of a unit."""
    try:
        return msgspec.toml.decode(file.read_bytes(), type=Plan)
    except OSError as error:
        raise PlanError(f"the plan {file} cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError) as error:
        raise PlanError(f"{file}: {error}. What may stand there: docs/alerts.md") from error
