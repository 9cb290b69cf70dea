"""`motcua simulate`: a scenario into a file, into a run of its own, or as its time comes into the live one."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from streams.cli.instants import instant
from streams.cli.loading import settings_of, settings_option
from streams.core.civil import MICROS, Civil
from streams.settings import Settings

if TYPE_CHECKING:
    from simulators.replay import Replay
    from simulators.simulation import Simulation
    from streams.cli.showing import Bar

PROVINCE = "25"
NATIVE = "native"
NATIONAL = "national"
LOOK_S = 1.0
RATE_S = 0.1  # so often a feed at a rate sends


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asks for, by the names of its options."""

    settings_file: Path | None
    scenario: str | None
    listed: bool
    seed: int
    province: str | None
    units: int | None
    start: str | None
    days: int | None
    dirt: tuple[str, ...]
    speed: str | None
    rate: float | None
    out: Path | None
    truth: Path | None
    processes: int
    form: str
    run: str | None
    since: str | None
    workers: int
    keep_worker: bool
    wait_s: float

    @property
    def is_live(self) -> bool:
        """Into the live run, each event in its time."""
        return self.out is None and self.run is None and self.rate is None and self.truth is None


@click.command("simulate")
@settings_option
@click.argument("scenario", required=False)
@click.option("--list", "listed", is_flag=True, help="List the scenarios, and the kinds of dirt.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same events, byte for byte.")
@click.option("--province", help=f"Its code in the unit register, or `all`. [default: {PROVINCE}, or the scenario's]")
@click.option("--units", type=click.IntRange(1), help="How many of its units (else all).")
@click.option(
    "--from", "start", help="First day, as 2026-11-09 (else the scenario's, or so that the last day is yesterday)."
)
@click.option("--days", type=click.IntRange(1, 1500), help="How many days (else those of the scenario).")
@click.option(
    "--dirt", multiple=True, metavar="NAME[=RATE]", help="A kind of dirt, or `all`, and how often; repeatable."
)
@click.option("--speed", help="`max`, or how many times as fast as real time; with --run. [default: max]")
@click.option(
    "--rate", type=click.FloatRange(1), help="Send so many events a second through INTAKE, whatever their time."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Write NDJSON into this file and beside it (.gz, .zst: packed)."
)
@click.option(
    "--truth", type=click.Path(path_type=Path), help="Write what is meant into this folder; with --out or alone."
)
@click.option(
    "--processes",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Made by so many; with --out, --truth.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice([NATIVE, NATIONAL]),
    default=NATIVE,
    show_default=True,
    help="What --out holds: native events, or the national messages that say the same.",
)
@click.option("--run", "run", help="Replay it into this run, which is its own; with --rate: the run to send into.")
@click.option("--since", help="Live: leave out what happened before this instant: a day, a time, or `now`.")
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(0, 64), help="Workers of the run; 0: none."
)
@click.option("--keep-worker", is_flag=True, help="Leave the workers of the run running at the end.")
@click.option("--wait", "wait_s", default=30.0, show_default=True, help="Seconds to wait for a broker.")
def command(**options: object) -> None:
    """Simulate the dossiers of a province. Without --out and --run they go into the live run, each in its time."""
    from streams.registers import as_simulated

    asked = msgspec.convert(options, Asked)
    if asked.listed:
        _list()
        return
    _refuse_contradictions(asked)
    settings = as_simulated(settings_of(asked.settings_file, asked.run))
    played = _simulation(settings, asked)
    if asked.out is not None or asked.truth is not None:
        _write(settings, played, asked)
    elif asked.rate is not None:
        _at_rate(settings, played, asked.rate, asked.wait_s)
    elif asked.run is not None:
        _replay(settings, played, asked)
    else:
        _live(settings, played, instant(asked.since, settings, "--since"), asked.wait_s)


def _list() -> None:
    from simulators.dirt import DIRT
    from simulators.scenarios import SCENARIOS

    width = max(len(one.name) for one in SCENARIOS)
    for scenario in SCENARIOS:
        click.echo(f"{scenario.name:{width}}  {scenario.days} days. {scenario.says}")
    click.echo("\nDirt (--dirt):")
    for kind in DIRT:
        click.echo(f"{kind.name:{width}}  {kind.says}")


def _refuse_contradictions(asked: Asked) -> None:
    filed = asked.out is not None or asked.truth is not None
    if asked.scenario is None:
        raise click.UsageError("name a scenario; `motcua simulate --list` shows those that there are")
    if filed and asked.run is not None:
        raise click.UsageError("either --out or --truth, which write files, or --run, which needs Kafka: not both")
    if asked.form == NATIONAL and asked.out is None:
        raise click.UsageError("--format national is for files: give --out FILE")
    if asked.rate is not None and (filed or asked.speed is not None):
        raise click.UsageError("--rate sends through INTAKE: without --out, --truth and --speed")
    if asked.run is None and asked.speed not in (None, "max" if filed else "1"):
        raise click.UsageError(
            "the live run goes at the speed of the clock, and a file is written at once: give --run NAME with --speed"
        )
    if asked.since is not None and not asked.is_live:
        raise click.UsageError("--since is for the live run: files and runs of their own hold all days from --from on")


def _simulation(settings: Settings, asked: Asked) -> Simulation:
    from simulators.dirt import national_only, rates
    from simulators.scenarios import scenario_named
    from simulators.simulation import simulation
    from simulators.world.working_time import ZONE
    from streams.registers import register_of

    named = scenario_named(asked.scenario or "")
    length = named.days if asked.days is None else asked.days
    today = datetime.now(ZONE).date()
    if asked.start is not None or (named.starts and not asked.is_live):
        first = _day(asked.start or named.starts)
    else:
        first = today if asked.is_live else today - timedelta(days=length)
    province, register = asked.province or named.province or PROVINCE, register_of(settings)
    dirt, national = rates(asked.dirt), asked.form == NATIONAL
    if national:
        national_only(dirt)
    return simulation(
        named, asked.seed, register, province, asked.units, start=first, days=length, dirt=dirt, national=national
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter("write a day such as 2026-11-09", param_hint="--from") from None


def _write(settings: Settings, played: Simulation, asked: Asked) -> None:
    from simulators.event_files import write_lines
    from simulators.pieces import lines
    from simulators.sent import EVENT, SYNC
    from simulators.truth_files import truth_written
    from streams.registers import register_of

    begun, truth, main = time.monotonic(), asked.truth, SYNC if played.national else EVENT
    with ExitStack() as stack:
        made = stack.enter_context(lines(played, asked.processes, truth=truth is not None))
        if truth is not None:
            made = stack.enter_context(truth_written(played, truth, register_of(settings)))(made)
        written = sum(1 for _ in made) if asked.out is None else write_lines(made, asked.out, main)
    click.echo(f"{asked.out or truth}: {written:,} items of {played.name}, in {time.monotonic() - begun:.1f} s.")


def _replay(settings: Settings, played: Simulation, asked: Asked) -> None:
    from simulators.replay import Replay
    from simulators.replay_record import refuse_live
    from streams.cli.playing import factor_of, play, staff, wait_for_figures
    from streams.cli.showing import Bar
    from streams.connection import wait_for_broker

    refuse_live(settings)
    factor, workers = factor_of(asked.speed or "max"), asked.workers
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that our workers end with us
    wait_for_broker(settings, asked.wait_s, lambda text: click.echo(text, err=True))
    with (
        Bar(f"simulate {settings.run}") as bar,
        Replay(settings, played, say=bar.say) as replay,
        staff(settings, workers, asked.keep_worker, bar) as check,
    ):
        replay.watched = lambda: _watch(replay, played, bar, check)
        if not play(settings, replay, factor, played.ends * MICROS, bar, check):
            bar.say("Stopped as ordered; the same command goes on from here.")
            return
        replay.advance(played.ends * MICROS)
        replay.finish()  # nothing is left, and the run says so
        if workers:
            wait_for_figures(settings, replay.record.ticked, bar, check)
    where = Civil(settings.zone).text(replay.record.ticked // MICROS)
    click.echo(f"Run {settings.run}: {replay.record.seq:,} events of {played.name}, as of {where}.")
    tool = f"motcua report --run {settings.run}" if workers else f"motcua worker --run {settings.run}"
    click.echo(f"Its figures: `{tool}`." if workers else f"No worker was started: `{tool}`.")


def _watch(replay: Replay, played: Simulation, bar: Bar, check: Callable[[], None]) -> None:
    check()
    reached = (replay.record.last or 0) // MICROS
    bar.show(max(reached - played.begins, 0), played.ends - played.begins, f"{replay.record.seq:,} events written")


def _live(settings: Settings, played: Simulation, since: int | None, wait_s: float) -> None:
    from simulators.live import LiveFeed
    from simulators.outbox import Outbox
    from simulators.pieces import lines
    from streams import topic_admin
    from streams.connection import wait_for_broker

    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    topic_admin.create(settings, settings.run)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    click.echo(
        f"Into the run {settings.run}, each event in its time, until Ctrl-C or the last day: {played.name}. "
        f"To go on with the same dossiers later, give --seed {played.seed} --from {played.start} again."
    )
    with Outbox(settings) as outbox, lines(played) as made:
        first = 0 if since is None else since / MICROS
        feed = LiveFeed(settings, outbox, (line for line in made if line.when >= first))
        try:
            while (coming := feed.next_at) is not None:
                if sent := feed.send_until(time.time_ns() // 1000):
                    click.echo(f"{datetime.now(settings.civil_zone):%H:%M:%S}  {sent:,} sent, {feed.sent:,} in all")
                time.sleep(min(max(coming - time.time(), LOOK_S), 60.0))
        except KeyboardInterrupt:
            click.echo(f"Stopped after {feed.sent:,} events.")
            return
    click.echo(f"The simulation is at its end: {feed.sent:,} events sent.")


def _at_rate(settings: Settings, played: Simulation, rate: float, wait_s: float) -> None:
    """As many as should have been sent by now, a few times a second: a slow moment is made good in the next."""
    from simulators.live import LiveFeed
    from simulators.outbox import Outbox
    from simulators.pieces import lines
    from streams import topic_admin
    from streams.connection import wait_for_broker

    wait_for_broker(settings, wait_s, lambda text: click.echo(text, err=True))
    topic_admin.create(settings, settings.run)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Outbox(settings) as outbox, lines(played) as made:
        feed, begun = LiveFeed(settings, outbox, made), time.monotonic()
        try:
            while feed.next_at is not None:
                feed.send_some(int((time.monotonic() - begun) * rate) - feed.sent)
                time.sleep(RATE_S)
        except KeyboardInterrupt:
            click.echo("Stopped.")
        took = time.monotonic() - begun
    click.echo(
        f"{feed.sent:,} events of {played.name} sent into the run {settings.run}, {feed.sent / took:,.0f} a second."
    )
