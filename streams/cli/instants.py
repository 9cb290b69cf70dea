"""Instants as people write them on the command line."""

from __future__ import annotations

import time
from datetime import datetime

import click

from streams.core.civil import micros
from streams.settings import Settings


def instant(text: str | None, settings: Settings, option: str) -> int | None:
    """Micros of a day, a time (civil where it has no offset) or `now`; None for no text."""
    if text is None:
        return None
    if text == "now":
        return time.time_ns() // 1000
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(
            "write a day such as 2026-11-24, a time such as 2026-11-24T08:30 (civil) or "
            "2026-11-24T08:30+07:00, or `now`",
            param_hint=option,
        ) from None
    return micros(moment if moment.tzinfo else moment.replace(tzinfo=settings.civil_zone))
