"""`motcua alerts`: what is active, what has been, and the files that make Prometheus and Alertmanager tell people."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from streams.cli.loading import run_option, settings_of, settings_option

if TYPE_CHECKING:
    from streams.core.late import State


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


@command.command("notify")
@settings_option
@run_option
@click.option("--to-file", type=click.Path(dir_okay=False, path_type=Path), required=True,
              help="File that holds nothing but the URL of the receiver.")  # fmt: skip
@click.option("--form", type=click.Choice(("plain", "telegram", "zalo")), default="plain", show_default=True)
@click.option("--recipient", default="", help="Chat of Telegram, or user of Zalo.")
@click.option("--token-file", type=click.Path(dir_okay=False, path_type=Path), help="Token that callers must have.")
@click.option("--port", type=int, default=9099, show_default=True, help="On loopback; 0 takes any free one.")
@click.option("--lang", type=click.Choice(("vi", "en")), default="vi", show_default=True, help="Language.")
def notify(
    *,
    settings_file: Path | None,
    run: str | None,
    to_file: Path,
    form: str,
    recipient: str,
    token_file: Path | None,
    port: int,
    lang: Literal["vi", "en"],
) -> None:
    """Hand Alertmanager's messages on to Telegram, Zalo or any webhook, until Ctrl-C.

    Codes of dossiers are named where the setting list_codes allows it.
    """
    from dashboards.late_list import Asked, late_list
    from dashboards.notifying import Form, Notifier, Target, no_codes

    settings = settings_of(settings_file, run)
    target = Target(_secret(to_file), Form(form), recipient)

    def listed(unit: str, state: State) -> list[str]:
        return [line.dossier for line in late_list(settings, Asked(unit, state.value)).dossiers]

    token = "" if token_file is None else _secret(token_file)
    notifier = Notifier("127.0.0.1", port, target, lang, listed if settings.list_codes else no_codes, token)
    click.echo(f"takes Alertmanager's messages on {notifier.address}")
    with suppress(KeyboardInterrupt):
        notifier.serve()


def _secret(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{file} cannot be read: {error}") from error
