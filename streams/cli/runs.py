"""`motcua run list|remove|control`: the runs beside the live one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.loading import settings_of, settings_option
from streams.core.civil import MICROS, Civil

if TYPE_CHECKING:
    from simulators.runs import Run


@click.group("run")
def command() -> None:
    """List or remove runs; give orders to their replays."""


@command.command("list")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def list_(settings_file: Path | None, as_json: bool) -> None:
    """Show every run that has topics, and what it replays."""
    from simulators.runs import runs

    settings = settings_of(settings_file)
    found = runs(settings)
    if as_json:
        import msgspec

        records = [{"run": run.name, "replay": run.replay and msgspec.to_builtins(run.replay)} for run in found]
        click.echo(msgspec.json.format(msgspec.json.encode(records), indent=2).decode())
        return
    for run in found:
        click.echo(f"{run.name}  {_described(run, Civil(settings.zone))}".rstrip())
    if not found:
        click.echo("There are no runs yet.")


@command.command("remove")
@settings_option
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(settings_file: Path | None, name: str, yes: bool) -> None:
    """Remove all of a run: topics, consumer groups, files on this machine."""
    from simulators import runs as removing

    settings = settings_of(settings_file, name)
    if name == "live":
        raise removing.RunError("The run `live` holds the real events and is never removed by this command.")
    if not yes:
        click.confirm(f"Remove all topics, figures and files of run {name}?", abort=True)
    removed = removing.remove(settings)
    for what, names in (("topic", removed.topics), ("group", removed.groups), ("folder", removed.folders)):
        for removed_name in names:
            click.echo(f"removed {what} {removed_name}")
    if not any(removed):
        click.echo(f"There is no run {name}; `motcua run list` shows those there are.")


@command.command("control")
@settings_option
@click.argument("name")
@click.argument("what", type=click.Choice(["pause", "resume", "step", "speed", "stop"]))
@click.argument("speed", required=False)
def control(settings_file: Path | None, name: str, what: str, speed: str | None) -> None:
    """Tell the replay of run NAME to stand still, go on, play a day, go at another SPEED, or end.

    It heeds within a second, on whatever machine it runs. One that stands still does so also when it is killed and
    called again; one that was told to stop goes on when its command is given again.
    """
    from simulators.replay_record import ReplayError, load_record
    from simulators.run_control import order
    from streams.cli.playing import factor_of

    if (speed is None) == (what == "speed"):
        raise click.UsageError("`speed` needs how fast, as `max` or 3600; the others need nothing more")
    settings = settings_of(settings_file, name)
    if name == "live" or load_record(settings) is None:
        raise ReplayError(f"Run {name} has no replay to give orders to; `motcua run list` shows those that have.")
    ordered = order(settings, what, None if speed is None else factor_of(speed, "SPEED"))
    state = "stands still" if ordered.paused else "goes on"
    click.echo(
        f"Run {name}: ordered to {what}{f' {speed}' if speed else ''}; it {'ends' if what == 'stop' else state}."
    )


def _described(run: Run, civil: Civil) -> str:
    record = run.replay
    if record is None:
        return ""
    where = f"as of {civil.text(record.ticked // MICROS)}" if record.ticked else "not begun"
    state = "finished" if record.finished else "can be continued"
    return f"replay of {record.file} ({record.source}): {record.seq:,} of {record.facts:,} facts, {where}, {state}"
