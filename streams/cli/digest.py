"""`motcua digest`: a checksum over every figure of a run, and whether the figures are what the facts say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from streams.cli.instants import instant
from streams.cli.loading import run_option, settings_of, settings_option
from streams.core.civil import MICROS, Civil

if TYPE_CHECKING:
    from dashboards.digests import Comparison
    from streams.core.digest import HistoryDigest, RunDigest


@click.command("digest")
@settings_option
@run_option
@click.option("--as-of", "as_of", help="Of the facts as of this instant (else of what the workers wrote).")
@click.option("--known-at", "known_at", help="Of the facts only those recorded before this instant; with --as-of.")
@click.option("--check", is_flag=True, help="Compare what the workers wrote with the facts; status 1 when different.")
@click.option(
    "--history",
    is_flag=True,
    help="Of daily closes, restatements and alerts instead; equal for runs with the same log order.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(
    *,
    settings_file: Path | None,
    run: str | None,
    as_of: str | None,
    known_at: str | None,
    check: bool,
    history: bool,
    as_json: bool,
) -> None:
    """Print a checksum over every figure of a run; equal facts give equal checksums."""
    from dashboards.digests import compare, digest_of_facts, digest_of_history, pipeline_digest

    settings = settings_of(settings_file, run)
    if history:
        if check or as_of is not None:
            raise click.UsageError("--history is of what the workers wrote; leave --check and --as-of out")
        _show_history(digest_of_history(settings), settings.run, as_json)
        return
    if check and as_of is not None:
        raise click.UsageError("--check compares as of the clock of the run; leave --as-of out")
    if known_at is not None and as_of is None:
        raise click.UsageError("--known-at needs --as-of")
    civil = Civil(settings.zone)
    if check:
        _show_comparison(compare(settings), civil, as_json)
        return
    at = instant(as_of, settings, "--as-of")
    if at is None:
        clock, digest = pipeline_digest(settings)
    else:
        clock, digest = at, digest_of_facts(settings, at, instant(known_at, settings, "--known-at"))
    _show(
        digest,
        settings.run,
        "the workers' figures" if at is None else "the facts",
        civil.text(clock // MICROS),
        as_json,
    )


def _show(digest: RunDigest, run: str, source: str, as_of: str, as_json: bool) -> None:
    if as_json:
        record = {"run": run, "source": source, "as_of": as_of, **msgspec.to_builtins(digest)}
        click.echo(msgspec.json.format(msgspec.json.encode(record), indent=2).decode())
        return
    click.echo(f"{digest.whole}  run {run}, {source}, as of {as_of}, {digest.cases:,} cases")
    for part in ("verdicts", "cells", "index", "late"):
        click.echo(f"{getattr(digest, part)}  {part}")


def _show_history(digest: HistoryDigest, run: str, as_json: bool) -> None:
    if as_json:
        record = {"run": run, **msgspec.to_builtins(digest)}
        click.echo(msgspec.json.format(msgspec.json.encode(record), indent=2).decode())
        return
    click.echo(f"{digest.whole}  run {run}, the history, {digest.records:,} records")
    for part in ("closes", "restatements", "alerts"):
        click.echo(f"{getattr(digest, part)}  {part}")


def _show_comparison(comparison: Comparison, civil: Civil, as_json: bool) -> None:
    different = comparison.different
    as_of = civil.text(comparison.as_of // MICROS)
    if as_json:
        record = {**msgspec.to_builtins(comparison), "as_of": as_of, "different": different}
        click.echo(msgspec.json.format(msgspec.json.encode(record), indent=2).decode())
    elif different:
        click.echo(f"As of {as_of} the workers' figures differ from the facts in: {', '.join(different)}")
        for part in different:
            click.echo(
                f"  {part}: {getattr(comparison.pipeline, part)}, by the facts {getattr(comparison.facts, part)}"
            )
    else:
        click.echo(f"{comparison.pipeline.whole}  equal: the workers' figures are what the facts say as of {as_of}")
    if different:
        sys.exit(1)
