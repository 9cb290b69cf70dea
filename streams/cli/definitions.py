"""`motcua calendar` and `motcua limits`: look at a definition, check a file, tell a run that it changes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.cli.instants import instant
from streams.cli.loading import run_option, settings_of, settings_option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.core.calendar import Calendar
    from streams.core.editions import EditionRecord
    from streams.core.limits import Limits


@click.group("calendar")
def calendar() -> None:
    """The working calendar: show it, check a file, tell a run that it changes."""


@click.group("limits")
def limits() -> None:
    """The limits of procedures: show them, check a file, tell a run that they change."""


def _commands(group: click.Group, word: str) -> None:
    """The same three commands for both kinds."""

    @group.command("show")
    @settings_option
    @run_option
    def show(settings_file: Path | None, run: str | None) -> None:
        """What holds in a run, and from when."""
        _show(settings_file, run, word)

    @group.command("check")
    @settings_option
    @click.argument("file", type=click.Path(path_type=Path))
    def check(settings_file: Path | None, file: Path) -> None:
        """Read a file and say what it holds, or what is wrong with it."""
        edition = _edition(settings_file, None, word, file, 0)
        for line in _described(edition, settings_of(settings_file).civil_zone.key):
            click.echo(line)

    @group.command("set")
    @settings_option
    @run_option
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--holds", required=True, help="From this instant on: a day, a time, or `now`.")
    def set_(settings_file: Path | None, run: str | None, file: Path, holds: str) -> None:
        """Tell a run that FILE holds from an instant on: computed due dates of open dossiers are computed anew."""
        from simulators.telling import tell

        settings = settings_of(settings_file, run)
        begins = instant(holds, settings, "--holds")
        assert begins is not None
        edition = _edition(settings_file, run, word, file, begins)
        tell(settings, edition)
        for line in _described(edition, settings.zone):
            click.echo(line)
        click.echo(f"told to run {settings.run}; `motcua moved` says which due dates moved")


def _edition(settings_file: Path | None, run: str | None, word: str, file: Path, holds: int) -> EditionRecord:
    """The record of a file; CalendarError or LimitsError when it cannot be read."""
    from streams.core.civil import Civil
    from streams.core.editions import EditionRecord, Kind, read_content
    from streams.definitions import read_text

    kind = Kind(word)
    edition = EditionRecord(kind, holds, time.time_ns() // 1000, str(file), read_text(file, kind))
    read_content(edition, Civil(settings_of(settings_file, run).zone))
    return edition


def _described(edition: EditionRecord, zone: str) -> Iterator[str]:
    from streams.core.civil import MICROS, Civil
    from streams.core.editions import read_content

    civil = Civil(zone)
    since = f", holds from {civil.text(edition.holds // MICROS)}" if edition.holds else ""
    yield f"{edition.name}: {_content(read_content(edition, civil))}{since}"


def _content(found: Calendar | Limits) -> str:
    from streams.core.limits import Limits

    if isinstance(found, Limits):
        procedures = len({row.procedure for row in found.rows})
        return f"{len(found):,} limits of {procedures:,} procedures, version {found.version}"
    years = ", ".join(f"{year} {status.value}" for year, status in found.years.items())
    return f"calendar of {years}; {len(found.exceptions)} days unlike their weekday, version {found.version}"


def _show(settings_file: Path | None, run: str | None, word: str) -> None:
    from dashboards.outputs import definitions_of
    from streams.core.civil import MICROS
    from streams.core.editions import Kind
    from streams.reading import RunReader

    settings, kind = settings_of(settings_file, run), Kind(word)
    with RunReader(settings) as reader:
        definitions = definitions_of(reader)
    terms, civil = definitions.rules.terms, definitions.rules.civil
    for edition in terms.calendars if kind is Kind.CALENDAR else terms.limits:
        since = f"from {civil.text(edition.holds // MICROS)}" if edition.holds else "from the beginning (settings)"
        click.echo(f"{since}: {_content(edition.definition)}")
    for one in definitions.refused():
        click.echo(f"passed over: {one.key}: {one.reason}")
    if not (terms.calendars if kind is Kind.CALENDAR else terms.limits):
        click.echo(f"none: name a file by the setting {word}, or tell the run one: `motcua {word} set FILE --holds T`")


@click.command("moved")
@settings_option
@run_option
@click.option("--list", "listed", is_flag=True, help="Every dossier too.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON (schema: docs/printed/moved.schema.json).")
def moved(settings_file: Path | None, run: str | None, listed: bool, as_json: bool) -> None:
    """Say which computed due dates each change of calendar or limits moved, from when to when."""
    import msgspec

    from dashboards.moving import moved_lines, what_moved

    found = what_moved(settings_of(settings_file, run))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    for line in moved_lines(found, listed=listed):
        click.echo(line)


_commands(calendar, "calendar")
_commands(limits, "limits")
