"""`motcua record`: what a run was told, into files that `motcua replay` plays."""

from __future__ import annotations

from pathlib import Path

import click

from streams.cli.loading import run_option, settings_of, settings_option
from streams.core.civil import MICROS, Civil


@click.command("record")
@settings_option
@run_option
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--after", type=click.Path(path_type=Path), help="Only what came after this recording of the same run.")
@click.option("--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait for a broker.")
def command(settings_file: Path | None, run: str | None, out: Path, after: Path | None, wait_s: float) -> None:
    """Record the facts, ticks, rejections and definitions of a run into the folder OUT, up to now.

    Nothing personal is in it. What was interrupted goes on when called again.
    """
    from simulators.recording import record
    from streams.cli.showing import Bar
    from streams.connection import wait_for_broker

    settings = settings_of(settings_file, run)
    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    with Bar(f"record {settings.run}") as bar:
        made = record(
            settings,
            out,
            after=after,
            shown=lambda done, total: bar.show(done, total, f"{done:,} of {total:,} messages"),
        )
    counts, civil = made.counts, Civil(made.zone)
    size = sum(piece.bytes for piece in made.pieces)
    click.echo(
        f"{out}: {counts.facts:,} facts in {counts.batches:,} batches, {counts.ticks:,} ticks, "
        f"{counts.rejected:,} rejections, {counts.references:,} definitions of run {made.run}, "
        f"{civil.text(made.first // MICROS)} to {civil.text(made.last // MICROS)}; "
        f"{len(made.pieces)} files, {size:,} bytes."
    )
    if counts.left_out:
        click.echo(
            f"{counts.left_out:,} messages were no batches of facts (the run had rejected them) and are left out."
        )
