"""`motcua import`: a table of dossiers into Kafka, or what of it would be rejected."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.loading import run_option, settings_of, settings_option
from streams.settings import Settings

if TYPE_CHECKING:
    from simulators.rows import Table
    from simulators.sending import Sending

EXIT_REJECTED = 1


@click.command("import")
@settings_option
@run_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--mapping", required=True, help="TOML file that says what the columns mean, or the name of a shipped one."
)
@click.option(
    "--dry-run", is_flag=True, help="List what would be rejected; send nothing. Exit status 1 if anything is."
)
@click.option("--batch", default=200, show_default=True, type=click.IntRange(1, 1000), help="Events in one message.")
@click.option("--again", is_flag=True, help="Send anew what was sent before.")
@click.option("--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait for a broker.")
def command(
    *,
    settings_file: Path | None,
    run: str | None,
    file: Path,
    mapping: str,
    dry_run: bool,
    batch: int,
    again: bool,
    wait_s: float,
) -> None:
    """Send a table of dossiers (CSV, gzip) as events. A killed import continues when called again."""
    from simulators.rows import Table
    from streams.sources.mappings import load_mapping

    settings = settings_of(settings_file, run)
    table = Table(file, load_mapping(mapping))
    if dry_run:
        _dry_run(settings, table)
    else:
        _send(settings, table, batch=batch, again=again, wait_s=wait_s)


def _dry_run(settings: Settings, table: Table) -> None:
    from simulators.rows import reader_of
    from streams.sources.rejections import Rejection

    rows, events, rejected = 0, 0, Counter[str]()
    with table.open() as opened:
        for said in table.said(opened, reader_of(settings, table.mapping), time.time_ns() // 1000):
            rows += 1
            if isinstance(said, Rejection):
                rejected[said.reason.value] += 1
                click.echo(f"{said.detail} [{said.reason.value}]")
            else:
                events += len(said.events)
    click.echo(f"{rows:,} rows read, {events:,} events would be sent, {_counted(rejected)}. Nothing was sent.")
    if rejected:
        sys.exit(EXIT_REJECTED)


def _send(settings: Settings, table: Table, *, batch: int, again: bool, wait_s: float) -> None:
    from simulators import sending as importing
    from simulators.outbox import Outbox
    from streams import topic_admin
    from streams.connection import wait_for_broker

    sending = importing.begin(settings, table, again=again)
    if sending.done:
        click.echo(f"This file was sent before: {_summary(sending)} Use --again to send it anew.")
        return
    if sending.rows:
        click.echo(f"Continuing after row {sending.rows:,}, up to which everything had been sent.", err=True)
    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    topic_admin.create(settings, settings.run)
    from streams.cli.showing import Bar

    with Outbox(settings) as outbox, Bar(f"import {table.path.name}") as bar:
        importing.send(
            settings,
            table,
            sending,
            outbox,
            batch=batch,
            shown=lambda state, at: bar.show(at, table.size, f"{state.rows:,} rows, {state.events:,} events"),
        )
    click.echo(_summary(sending))


def _summary(sending: Sending) -> str:
    return f"{sending.rows:,} rows read, {sending.events:,} events sent, {_counted(sending.rejected)}."


def _counted(rejected: Mapping[str, int]) -> str:
    total = sum(rejected.values())
    reasons = ", ".join(f"{reason} {count:,}" for reason, count in sorted(rejected.items()))
    return f"{total:,} rows rejected" + (f" ({reasons})" if reasons else "")
