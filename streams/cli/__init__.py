"""The command `motcua`: one line a command here, its module imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import NamedTuple

import click

from streams import __version__
from streams.errors import MotcuaError

EXIT_KNOWN_ERROR = 2


class Entry(NamedTuple):
    """One command: what it is called, the module that has it as `command`, and what `--help` says in the list."""

    name: str
    module: str
    help: str


COMMANDS: tuple[Entry, ...] = (
    Entry("demo", "streams.cli.demo", "Show it at work on a simulated province, with nothing to install."),
    Entry("settings", "streams.cli.settings", "Show every setting, its value, where it comes from and what it means."),
    Entry("kafka", "streams.cli.kafka", "Run a real Kafka on this machine until Ctrl-C (needs Java 17 and Maven)."),
    Entry("topics", "streams.cli.topics", "Create or check the topics of a run."),
    Entry("worker", "streams.cli.worker", "Run a worker: intake, dossiers and index."),
    Entry("import", "streams.cli.importing", "Send a table of dossiers (CSV) into Kafka."),
    Entry("replay", "streams.cli.replaying", "Play a recording or a table in its own time, in an isolated run."),
    Entry("record", "streams.cli.recording", "Record what a run was told, to be played again."),
    Entry("simulate", "streams.cli.simulating", "Simulate the dossiers of a province: a file, a run, or live."),
    Entry("run", "streams.cli.runs", "List or remove runs; pause, resume, step or stop a replay."),
    Entry("report", "streams.cli.report", "Show the figures of units."),
    Entry("late", "streams.cli.late", "List dossiers that are late or about to be; acknowledge, note, snooze, assign."),
    Entry("alerts", "streams.cli.alerts_command", "Show the alerts of a run, and build what tells people of them."),
    Entry("explain", "streams.cli.explain", "Show the facts of one dossier, its verdict and why."),
    Entry("calendar", "streams.cli.calendar_command", "Show, check or change the working calendar."),
    Entry("limits", "streams.cli.limits_command", "Show, check or change the limits of procedures."),
    Entry("moved", "streams.cli.moved_command", "Say which due dates a changed calendar or limit moved."),
    Entry("compare", "streams.cli.comparing", "Compare two runs unit by unit and figure by figure."),
    Entry("dashboards", "streams.cli.dashboards_command", "Build boards and rules, or push boards to a Grafana."),
    Entry("audit", "streams.cli.auditing", "Count every figure of a run once more, in SQL, from its facts."),
    Entry("digest", "streams.cli.digest", "Print a checksum over every figure of a run."),
)


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and prints known errors as one message."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click passes it
        """Names in the order of `COMMANDS`."""
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  as above
        """Import the command; None when there is none of that name."""
        for entry in COMMANDS:
            if entry.name == cmd_name:
                command = importlib.import_module(entry.module).command
                assert isinstance(command, click.Command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in COMMANDS])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a known error becomes a message and exit status 2."""
        try:
            return super().invoke(ctx)
        except MotcuaError as error:
            click.secho(str(error), fg="red", err=True)
            sys.exit(EXIT_KNOWN_ERROR)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="motcua")
def main() -> None:
    """Streaming service-quality monitor for one-stop administrative centres."""
