"""`motcua late`: dossiers that are late or about to be, and what people say of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

import click

from streams.cli.instants import instant
from streams.cli.loading import run_option, settings_of, settings_option

if TYPE_CHECKING:
    from simulators.acknowledging import Change
    from streams.settings import Settings

STATES = ("soon", "today", "late", "new")
_MICROS = 1_000_000


@click.group("late", invoke_without_command=True)
@settings_option
@run_option
@click.option("--unit", help="This unit and all below it: code, alias or whole name.")
@click.option("--state", type=click.Choice(STATES), help="Only these; new: late since the last working day began.")
@click.option("--sort", type=click.Choice(("due", "age", "points")), default="due", show_default=True)
@click.option("--by", type=click.Choice(("unit", "procedure", "stage")), default="unit", show_default=True,
              help="Where they gather.")  # fmt: skip
@click.option("--forecast", "foreseen", is_flag=True, help="How many turn late by when, which, and the month's index.")
@click.option("--lang", type=click.Choice(("vi", "en")), default="en", show_default=True, help="Language.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schemas: docs/printed/late, …/forecast).")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.pass_context
def command(
    context: click.Context,
    *,
    settings_file: Path | None,
    run: str | None,
    unit: str | None,
    state: str | None,
    sort: Literal["due", "age", "points"],
    by: Literal["unit", "procedure", "stage"],
    foreseen: bool,
    lang: Literal["vi", "en"],
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the dossiers that are due soon, due today or late, and say what is known of them.

    Codes are shown where the setting list_codes allows it; else counts alone.
    """
    context.obj = (settings_file, run)
    if context.invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise click.UsageError("give --json or --csv, not both")
    if foreseen:
        if as_csv or state is not None:
            raise click.UsageError("--forecast is for the tables or --json, of all states")
        _foresee(settings_of(settings_file, run), unit, lang, as_json=as_json)
        return
    from dashboards import late_text
    from dashboards.late_list import Asked, late_list

    found = late_list(settings_of(settings_file, run), Asked(unit, state, sort, by))
    if as_json:
        click.echo(late_text.as_json(found))
    elif as_csv:
        click.echo(late_text.as_csv(found), nl=False)
    else:
        click.echo("\n".join(late_text.heading(found, lang)))
        for table in (late_text.gathered_table(found, lang), late_text.lines_table(found, lang)):
            if table[1]:
                click.echo()
                _show(*table)


def _foresee(settings: Settings, unit: str | None, lang: Literal["vi", "en"], *, as_json: bool) -> None:
    from dashboards import forecast_text
    from dashboards.forecasting import run_forecast

    found = run_forecast(settings, unit)
    if as_json:
        click.echo(forecast_text.forecast_json(found))
        return
    click.echo("\n".join(forecast_text.forecast_heading(found, lang)) + "\n")
    for table in (forecast_text.forecast_table(found, lang), forecast_text.likeliest_table(found, lang)):
        if table[1]:
            _show(*table)
            click.echo()


def _show(titles: list[str], rows: list[list[str]]) -> None:
    from rich.console import Console

    from dashboards import report_text

    console = Console()
    if console.is_terminal:
        console.print(report_text.rich_table(titles, rows))
    else:
        click.echo("\n".join(report_text.plain_table(titles, rows)))


_dossiers = click.argument("dossiers", nargs=-1, required=True, metavar="DOSSIER…")
_dossier = click.argument("dossier")
Told: TypeAlias = tuple[Path | None, str | None]


@command.command("ack")
@settings_option
@run_option
@_dossiers
@click.pass_obj
def ack(obj: Told, settings_file: Path | None, run: str | None, dossiers: tuple[str, ...]) -> None:
    """Say that they are known: not new any more, until they turn late or are due at another time."""
    from streams.core.acknowledgements import acknowledged

    _say(_settings(obj, settings_file, run), dossiers, acknowledged, "acknowledged")


@command.command("snooze")
@settings_option
@run_option
@_dossiers
@click.option("--until", required=True, help="A day, or a time; it comes back then.")
@click.pass_obj
def snooze(obj: Told, settings_file: Path | None, run: str | None, dossiers: tuple[str, ...], until: str) -> None:
    """Let them rest until an instant, or until they turn late."""
    from streams.core.acknowledgements import acknowledged

    settings = _settings(obj, settings_file, run)
    end = instant(until, settings, "--until")
    assert end is not None
    _say(settings, dossiers, partial(acknowledged, until=end // _MICROS), f"rests until {until}")


@command.command("note")
@settings_option
@run_option
@_dossier
@click.argument("text")
@click.pass_obj
def note(obj: Told, settings_file: Path | None, run: str | None, dossier: str, text: str) -> None:
    """Keep a note of one line, in place of the one before; nothing about persons."""
    from streams.core.acknowledgements import noted

    click.secho("Everybody who sees the list sees its notes: nothing about persons.", fg="yellow", err=True)
    _say(_settings(obj, settings_file, run), (dossier,), lambda held, _, __: noted(held, text), "noted")


@command.command("assign")
@settings_option
@run_option
@_dossiers
@click.option("--post", required=True, help="Code of the post that acts: desk, officer, head, leader, partner …")
@click.pass_obj
def assign(obj: Told, settings_file: Path | None, run: str | None, dossiers: tuple[str, ...], post: str) -> None:
    """Name the post that acts; a post, not a person."""
    from streams.core.acknowledgements import assigned

    _say(_settings(obj, settings_file, run), dossiers, lambda held, _, __: assigned(held, post), f"{post} acts")


@command.command("clear")
@settings_option
@run_option
@_dossiers
@click.pass_obj
def clear(obj: Told, settings_file: Path | None, run: str | None, dossiers: tuple[str, ...]) -> None:
    """Take back all that is said of them."""
    _say(_settings(obj, settings_file, run), dossiers, None, "cleared")


def _settings(obj: Told, settings_file: Path | None, run: str | None) -> Settings:
    """Settings and run may stand before the word or after it."""
    return settings_of(settings_file or obj[0], run or obj[1])


def _say(settings: Settings, dossiers: tuple[str, ...], change: Change | None, done: str) -> None:
    from simulators.acknowledging import say

    say(settings, dossiers, change)
    for dossier in dossiers:
        click.echo(f"{dossier}: {done}")
