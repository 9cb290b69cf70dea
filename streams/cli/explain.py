"""`motcua explain`: the facts of one dossier, its verdict and why."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click

from streams.cli.instants import instant
from streams.cli.loading import run_option, settings_of, settings_option


@click.command("explain")
@settings_option
@run_option
@click.argument("dossier")
@click.option("--as-of", "as_of", help="As of this instant: a day, a time, or `now` (else the clock of the facts).")
@click.option("--lang", type=click.Choice(("vi", "en")), default="en", show_default=True, help="Language.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: docs/printed/explanation.schema.json).")
def command(
    *,
    settings_file: Path | None,
    run: str | None,
    dossier: str,
    as_of: str | None,
    lang: Literal["vi", "en"],
    as_json: bool,
) -> None:
    """Show the facts of one dossier in order, its verdict and why."""
    from dashboards import explain_text
    from dashboards.explaining import explain_case

    settings = settings_of(settings_file, run)
    explanation = explain_case(settings, dossier, instant(as_of, settings, "--as-of"))
    if as_json:
        click.echo(explain_text.as_json(explanation))
    else:
        click.echo("\n".join(explain_text.as_lines(explanation, lang)))
