"""`motcua compare`: two runs unit by unit and figure by figure."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.loading import settings_of, settings_option
from streams.core.civil import MICROS, Civil

if TYPE_CHECKING:
    from dashboards.comparing import RunComparison


@click.command("compare")
@settings_option
@click.argument("run_a")
@click.argument("run_b")
@click.option("--unit", help="Only the unit of this code.")
@click.option("--period", help="Only this period: 2026-W48, 2026-11, 2026-Q4, 2026 or all.")
@click.option("--most", default=40, show_default=True, type=click.IntRange(0), help="Rows of the table for people.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: docs/printed/comparison.schema.json).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def command(
    *,
    settings_file: Path | None,
    run_a: str,
    run_b: str,
    unit: str | None,
    period: str | None,
    most: int,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Compare the figures of RUN_A and RUN_B; status 0 only when all are equal as of the same instant, else 1.

    For the same input under other definitions (what if) it says which of these differ.
    """
    from dashboards import comparing

    if as_json and as_csv:
        raise click.UsageError("give --json or --csv, not both")
    a, b = settings_of(settings_file, run_a), settings_of(settings_file, run_b)
    found = comparing.compare_runs(a, b, unit=unit, period=period)
    if as_json:
        click.echo(comparing.as_json(found))
    elif as_csv:
        click.echo(comparing.as_csv(found), nl=False)
    else:
        _show(found, Civil(a.zone), most)
    sys.exit(0 if found.equal else 1)


def _show(found: RunComparison, civil: Civil, most: int) -> None:
    from dashboards import comparing, report_text

    for run, as_of in ((found.a, found.as_of_a), (found.b, found.as_of_b)):
        click.echo(f"run {run} as of {civil.text(as_of / MICROS)}")
    if found.as_of_a != found.as_of_b:
        click.echo("These are not the same instant, so their figures need not agree.")
    for one in found.definitions:
        click.echo(f"counted by another {one.definition}: {one.a or '(none)'} and {one.b or '(none)'}")
    if not found.definitions:
        click.echo("counted by the same definitions")
    count = len(found.differences)
    click.echo(f"{found.compared:,} figures compared, {count:,} differ.")
    if count and most:
        click.echo("\n" + "\n".join(report_text.plain_table(*comparing.table_rows(found, most))))
        if count > most:
            click.echo(f"… and {count - most:,} more: --most N, --json, --csv")
