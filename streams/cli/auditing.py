"""`motcua audit`: every figure of a run once more, in SQL, from its facts."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.instants import instant
from streams.cli.loading import run_option, settings_of, settings_option
from streams.core.civil import MICROS, Civil

if TYPE_CHECKING:
    from dashboards.audit.comparing import Difference
    from dashboards.auditing import Audit
    from dashboards.told import Cells, Truth
    from streams.settings import Settings

SHOWN = 20


@click.command("audit")
@settings_option
@run_option
@click.option("--truth", type=click.Path(path_type=Path, exists=True, file_okay=False), help="What a simulation meant.")
@click.option("--as-of", "as_of", help="As of this instant (else as of the run's clock, of what the workers wrote).")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("audit-differences.csv"),
    show_default=True,
    help="Where the differences go.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: docs/printed/audit.schema.json).")
def command(
    *, settings_file: Path | None, run: str | None, truth: Path | None, as_of: str | None, out: Path, as_json: bool
) -> None:
    """Count a run once more, in SQL, from its recorded facts; status 0 only when every figure agrees, else 1.

    For a run at rest.  What is compared, and what a difference means: docs/audit.md.
    """
    from dashboards import auditing
    from dashboards.audit import comparing

    settings = settings_of(settings_file, run)
    meant = None if truth is None else _truth(settings, truth)
    at = instant(as_of, settings, "--as-of")
    found, different = auditing.audit_run(settings, at, meant, lambda text: click.echo(text, err=True))
    comparing.write(different, out)
    if as_json:
        click.echo(auditing.as_json(found))
    else:
        _show(found, different, settings, out)
    sys.exit(0 if found.agrees else 1)


def _show(found: Audit, different: list[Difference], settings: Settings, out: Path) -> None:
    from dashboards import auditing, report_text
    from dashboards.audit.comparing import COLUMNS

    where = Civil(settings.zone).text(found.as_of / MICROS)
    click.echo(f"run {found.run} as of {where}")
    rows = [[one.figures, f"{one.compared:,}", f"{one.different:,}"] for one in found.lines]
    click.echo("\n".join(report_text.plain_table(["figures", "compared", "different"], rows)))
    sums = auditing.totals(found.lines)
    if found.agrees:
        click.echo(f"All {sums['compared']:,} figures agree.")
        return
    shown = [one for one in different if one.figures != "late list"][:SHOWN]
    rows = [[one.figures, one.subject, one.period, one.name, one.said or "", one.audit or ""] for one in shown]
    click.echo("\n".join(report_text.plain_table(list(COLUMNS), rows)))
    click.echo(f"{sums['different']:,} of {sums['compared']:,} figures differ; all of them: {out}")


def _truth(settings: Settings, folder: Path) -> Truth:
    from dashboards.told import Truth
    from simulators.expected import MEANT, Expected
    from simulators.truth_files import read_dossiers, read_petitions

    knows_limits = settings.limits is not None and str(settings.limits) != "none"

    def meant(as_of: int) -> Cells:
        petitions = read_petitions(folder)
        expected = Expected(read_dossiers(folder), as_of, petitions=petitions, limits=knows_limits)
        try:
            return expected.cells()
        finally:
            expected.close()

    return Truth(meant, MEANT)
