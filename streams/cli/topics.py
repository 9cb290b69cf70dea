"""`motcua topics create|check`: the topics of a run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from streams.cli.loading import run_option, settings_of, settings_option

EXIT_DIFFERENT = 1


@click.group("topics")
def command() -> None:
    """Create or check the topics of a run."""


@command.command("create")
@settings_option
@run_option
@click.option("--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait for a broker.")
def create(settings_file: Path | None, run: str | None, wait_s: float) -> None:
    """Create the topics that are missing; what is there stays as it is."""
    from streams import topic_admin
    from streams.connection import wait_for_broker

    settings = settings_of(settings_file, run)
    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    created = topic_admin.create(settings, settings.run)
    for name in created:
        click.echo(f"created {name}")
    if not created:
        click.echo(f"All topics of run {settings.run} were there already.")


@command.command("check")
@settings_option
@run_option
def check(settings_file: Path | None, run: str | None) -> None:
    """Compare the topics with the settings; exit status 1 when they differ."""
    from streams import topic_admin

    settings = settings_of(settings_file, run)
    differences = topic_admin.check(settings, settings.run)
    for difference in differences:
        click.echo(str(difference))
    if differences:
        sys.exit(EXIT_DIFFERENT)
    click.echo(f"All topics of run {settings.run} are as the settings say.")
