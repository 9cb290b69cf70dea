"""`motcua demo`: simulated days of one province that end now, then real time; nothing to install, nothing left."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.loading import settings_of, settings_option
from streams.core.civil import Civil, date_of

if TYPE_CHECKING:
    from simulators.simulation import Simulation
    from streams.core.register import Register

AHEAD_DAYS = 3  # simulated beyond now, for what is then shown at real speed


@click.command("demo")
@settings_option
@click.option("--scenario", default="commune-overwhelmed", show_default=True, help="What happens (motcua simulate).")
@click.option("--province", default="46", show_default=True, help="Code of the province that is simulated.")
@click.option("--seed", default=1, show_default=True, help="Another seed is another fortnight.")
@click.option("--units", default=40, show_default=True, type=click.IntRange(1), help="Units of the province.")
@click.option("--days", default=14, show_default=True, type=click.IntRange(1, 60), help="Days before now.")
@click.option("--minutes", default=1.0, show_default=True, type=click.FloatRange(0.05, 600), help="… shown in so long.")
@click.option("--once", is_flag=True, help="End after the checks instead of going on live; status 0 if they hold.")
@click.option("--broker", metavar="HOST:PORT", help="Run on this Kafka instead of the embedded broker.")
@click.option("--run", "run", default="demo", show_default=True, help="Name of the run, with --broker.")
@click.option("--keep", is_flag=True, help="Leave the worker's log, and the run on --broker, where they are.")
@click.option(
    "--picture", type=click.Path(path_type=Path, dir_okay=False), help="Write the screen of the busiest moment as SVG."
)
def command(
    *,
    settings_file: Path | None,
    scenario: str,
    province: str,
    seed: int,
    units: int,
    days: int,
    minutes: float,
    once: bool,
    broker: str | None,
    run: str,
    keep: bool,
    picture: Path | None,
) -> None:
    """Show the monitor at work on a simulated province: first a fortnight in a minute, then live until Ctrl-C."""
    from simulators.demo import ZONE, ground
    from streams.cli.demo_show import Show
    from streams.registers import SIMULATED, shipped

    base = settings_of(settings_file, run)
    register = shipped(SIMULATED)
    today = Civil(ZONE).day(int(time.time()))
    played = _played(scenario, seed, register, province, units, first=today - days, days=days + AHEAD_DAYS)
    for number in (signal.SIGINT, signal.SIGTERM):  # so that our worker ends with us, also where a shell ignores one
        signal.signal(number, signal.default_int_handler)
    with (
        ground(base, broker, run, lambda text: click.echo(text, err=True), keep=keep) as place,
        Show(place, played, register, province, minutes * 60) as show,
    ):
        holds = show.fortnight()
        if picture is not None:
            show.write_picture(picture)
        if not once:
            show.live()
    if not holds:
        sys.exit(1)


def _played(
    scenario: str, seed: int, register: Register, province: str, units: int, *, first: int, days: int
) -> Simulation:
    from simulators.scenarios import scenario_named
    from simulators.simulation import simulation

    return simulation(scenario_named(scenario), seed, register, province, units, start=date_of(first), days=days)
