"""`motcua alerts`: what is active, what has been, and the files that make Prometheus and Alertmanager tell people."""

from __future__ import annotations

from pathlib import Path

import click

from streams.cli.loading import run_option, settings_of, settings_option


@click.group("alerts", invoke_without_command=True)
@settings_option
@run_option
@click.option("--active", "which", flag_value="active", default=True, help="Those that are active (as by default).")
@click.option("--history", "which", flag_value="history", help="Every transition, in the order of time.")
@click.option("--unit", help="Of this unit and all below it: code, alias or whole name.")
@click.option("--lang", type=click.Choice(("vi", "en")), default="en", show_default=True, help="Language.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: docs/printed/alerts.schema.json).")
@click.pass_context
def command(
    context: click.Context,
    *,
    settings_file: Path | None,
    run: str | None,
    which: str,
    unit: str | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show the alerts of a run, in the time of its log."""
    if context.invoked_subcommand is not None:
        return
    import msgspec

    from dashboards.alert_list import alert_list, text_lines

    found = alert_list(settings_of(settings_file, run), unit, lang, history=which == "history")
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        click.echo("\n".join(text_lines(found)))


@command.command("build")
@settings_option
@click.option("--plan", type=click.Path(dir_okay=False, path_type=Path), help="Receivers and waits (TOML).")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Below this folder.")
def build(*, settings_file: Path | None, plan: Path | None, out: Path) -> None:
    """Write Prometheus' rules and Alertmanager's configuration and templates for a deployment (docs/alerts.md)."""
    from dashboards.alerting.files import write
    from dashboards.alerting.plan import DEFAULT, read_plan
    from streams.core.calendar import CalendarError
    from streams.core.civil import Civil
    from streams.definitions import calendar_of

    settings = settings_of(settings_file)
    made = DEFAULT if plan is None else read_plan(plan)
    calendar = calendar_of(settings, Civil(settings.zone))
    if calendar is None:
        raise CalendarError("messages go in working hours: give a working calendar (setting calendar)")
    for path in write(out, made, calendar):
        click.echo(path)
