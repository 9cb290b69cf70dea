"""`motcua dashboards`: boards, rules and provisioning for Grafana and Prometheus."""

from __future__ import annotations

from pathlib import Path

import click

from streams.errors import MotcuaError


class StaleFiles(MotcuaError):
    """Generated files are not what the catalogues make now."""


@click.group("dashboards")
def command() -> None:
    """Build boards, rules and provisioning."""


@command.command("build")
@click.option("--language", type=click.Choice(("vi", "en")), help="Boards in this language alone (else both).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), help="Below this folder.")
@click.option("--check", is_flag=True, help="Write nothing; fail when something is stale.")
def build(*, language: str | None, out: Path, check: bool) -> None:
    """Write boards, recording rules, scrape configuration, provisioning and their page of the documents."""
    from dashboards.grafana import building
    from dashboards.grafana.records import LANGUAGES

    made = building.files(tuple(one for one in LANGUAGES if language in {None, one}))
    if check:
        if found := building.stale(out, made):
            raise StaleFiles(f"stale, run `motcua dashboards build`: {', '.join(found)}")
        click.echo(f"{len(made)} files are as fresh as the catalogues")
        return
    written = building.write(out, made)
    click.echo("\n".join(written) or "nothing changed")
