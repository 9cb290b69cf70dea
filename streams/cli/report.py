"""`motcua report`: the figures of units, from the workers or from the facts as of any instant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.instants import instant
from streams.cli.loading import run_option, settings_of, settings_option

if TYPE_CHECKING:
    from dashboards.report import Report

LEVELS = ("country", "province", "department", "commune", "unregistered")


@click.command("report")
@settings_option
@run_option
@click.option("--unit", help="This unit and those directly below it: code, alias or whole name (else the top).")
@click.option("--level", type=click.Choice(LEVELS), help="All units of this level below it.")
@click.option("--period", default="all", show_default=True, help="2026-W48, 2026-11, 2026-Q4, 2026 or all.")
@click.option("--as-of", "as_of", help="Fold the facts as of this instant: a day, a time, or `now`.")
@click.option("--known-at", "known_at", help="Of the facts only those recorded before this instant; with --as-of.")
@click.option("--index", "with_index", is_flag=True, help="Points of every indicator, groups, total, band.")
@click.option("--gain", "with_gain", is_flag=True, help="Points lost by indicator, and what would gain most.")
@click.option("--ranking", "ranked", is_flag=True, help="Ranks of the units among their peers by points.")
@click.option("--min-volume", type=click.IntRange(0), default=10, show_default=True, help="Received, to have a rank.")
@click.option("--count-items", is_flag=True, help="Count the items of all inputs, however many there are.")
@click.option("--rejected", "with_rejected", is_flag=True, help="List rejected items with origin and reason.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: docs/printed/report.schema.json).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
def command(
    *,
    settings_file: Path | None,
    run: str | None,
    unit: str | None,
    level: str | None,
    period: str,
    as_of: str | None,
    known_at: str | None,
    with_index: bool,
    with_gain: bool,
    ranked: bool,
    min_volume: int,
    count_items: bool,
    with_rejected: bool,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the figures of units: counts, both on-time rates and the online rate."""
    from dashboards import report_text
    from dashboards.report import Chosen
    from dashboards.reporting import Asked, make_report
    from streams.core.register import Level

    if as_json and as_csv:
        raise click.UsageError("give --json or --csv, not both")
    if as_csv and (with_index or with_gain or ranked):
        raise click.UsageError("--index, --gain and --ranking are for the table or --json")
    if known_at is not None and as_of is None:
        raise click.UsageError("--known-at needs --as-of: what the workers say is by everything recorded so far")
    settings = settings_of(settings_file, run)
    chosen = Chosen(period, unit, None if level is None else Level(level))
    at, known = instant(as_of, settings, "--as-of"), instant(known_at, settings, "--known-at")
    report, rejections = make_report(
        settings, Asked(chosen, at, known, count_items, with_index or with_gain, min_volume if ranked else None)
    )
    if as_json:
        click.echo(report_text.as_json(report, rejections if with_rejected else None))
    elif as_csv:
        click.echo(report_text.as_csv(report), nl=False)
    else:
        click.echo("\n".join(report_text.heading(report)) + "\n")
        _show(*report_text.table_rows(report.units))
        _show_index(report, with_index=with_index, with_gain=with_gain)
        if with_rejected:
            click.echo("\n" + ("\n".join(report_text.rejected_lines(rejections)) or "nothing was rejected"))


def _show_index(report: Report, *, with_index: bool, with_gain: bool) -> None:
    from dashboards import score_text
    from streams.core.indicators.catalogues import CATALOGUES

    names = score_text.names_of(report.units)
    if report.index:
        catalogue = next(one for one in CATALOGUES if one.id == report.index[0].catalogue)
        if with_index:
            click.echo(f"\nIndex {catalogue.id} (an estimate of the national one; blank is no data)\n")
            _show(*score_text.groups_table(catalogue, report.index, names))
            for one in report.index:
                click.echo(f"\n{names[one.unit]} ({one.unit})\n")
                _show(*score_text.indicators_table(catalogue, one))
        if with_gain:
            click.echo("\nPoints lost, and what brings them back\n")
            _show(*score_text.gains_table(catalogue, report.index, names))
            click.echo("\nAt stake if every dossier in process within due turns late\n")
            _show(*score_text.stakes_table(report.index, names))
    for peers, places in (report.ranking or {}).items():
        click.echo(f"\nRanking of {peers} by points\n")
        _show(*score_text.ranks_table(places, names))


def _show(titles: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console

    from dashboards import report_text

    console = Console()
    if console.is_terminal:
        console.print(report_text.rich_table(titles, rows))
    else:
        click.echo("\n".join(report_text.plain_table(titles, rows)))
