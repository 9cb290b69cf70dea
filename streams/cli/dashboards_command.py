"""`motcua dashboards`: boards, rules and provisioning for Grafana and Prometheus."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from streams.cli.loading import settings_of, settings_option
from streams.errors import MotcuaError

if TYPE_CHECKING:
    from dashboards.grafana.notes import Note
    from dashboards.grafana.records import Language
    from streams.core.history import Restatement
    from streams.settings import Settings

TOKEN_VARIABLE = "GRAFANA_TOKEN"


class StaleFiles(MotcuaError):
    """Generated files are not what the catalogues make now."""


class BoardsKept(MotcuaError):
    """Boards that somebody changed by hand were left as they are."""


class NoToken(MotcuaError):
    """There is no token, or its file cannot be read."""


@click.group("dashboards")
def command() -> None:
    """Build boards, rules and provisioning, or push boards to a Grafana."""


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


@command.command("push")
@settings_option
@click.option("--url", required=True, help="Grafana's address, such as https://grafana.example.vn")
@click.option("--token-file", type=click.Path(path_type=Path), help=f"File with the token (else {TOKEN_VARIABLE}).")
@click.option("--language", type=click.Choice(("vi", "en")), default="vi", show_default=True, help="Of the boards.")
@click.option("--source-url", help="Also make a data source for the Prometheus at this address, as Grafana reaches it.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--force", is_flag=True, help="Also replace boards that somebody changed by hand.")
@click.option("--annotate", is_flag=True, help="Also write notes for replays and restatements (reads Kafka).")
@click.option("--timeout", "timeout_s", type=click.FloatRange(0.1), default=10.0, show_default=True, help="Seconds.")
def push(
    *,
    settings_file: Path | None,
    url: str,
    token_file: Path | None,
    language: str,
    source_url: str | None,
    dry_run: bool,
    force: bool,
    annotate: bool,
    timeout_s: float,
) -> None:
    """Write folder, data source and boards into a Grafana; what is as it should be is left alone."""
    from dashboards.grafana import provisioning
    from dashboards.grafana.boards import boards
    from dashboards.grafana.drawing import board_json
    from dashboards.grafana.grafana_http import Grafana
    from dashboards.grafana.notes import write_notes
    from dashboards.grafana.pushing import Asked
    from dashboards.grafana.pushing import push as push_all

    notes = _notes(settings_file) if annotate else []
    grafana = Grafana(url, _token(token_file), timeout_s)
    click.echo(f"Grafana {grafana.version()} at {url}")
    source = provisioning.source(source_url) if source_url else None
    asked = Asked(provisioning.FOLDER, provisioning.FOLDER_UID, source, dry_run, force)
    drawn = (board_json(board, cast("Language", language)) for board in boards())
    pushed = push_all(grafana, drawn, asked, click.echo)
    write_notes(grafana, notes, click.echo, dry_run=dry_run)
    if pushed.kept:
        raise BoardsKept(f"Changed by hand and kept: {', '.join(pushed.kept)}. --force replaces them.")


def _token(file: Path | None) -> str:
    if file is None:
        if found := os.environ.get(TOKEN_VARIABLE, ""):
            return found
        raise NoToken(f"Give the token of a service account: --token-file FILE, or the variable {TOKEN_VARIABLE}.")
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NoToken(f"The file {file} of the token cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise NoToken(f"The file {file} holds no token: it is not text.") from None


def _notes(settings_file: Path | None) -> list[Note]:
    """A note for each replay that has begun, and for each period restated, of every run."""
    import msgspec

    from dashboards.grafana.notes import Note, restatement_notes
    from simulators.runs import runs
    from streams.core.civil import Civil

    settings, found = settings_of(settings_file), []
    for run in runs(settings):
        if (replay := run.replay) is not None and replay.last is not None:
            start = replay.last if replay.since is None else replay.since
            words = f"{run.name}: {replay.source} {Path(replay.file).name}"
            found.append(Note(run.name, f"replay-{replay.id}", start, max(start, replay.last), words))
        restated = _restated(msgspec.structs.replace(settings, run=run.name))
        found += restatement_notes(run.name, restated, Civil(settings.zone))
    return found


def _restated(settings: Settings) -> Iterator[Restatement]:
    """The restatements that a run's history holds."""
    from streams.core.history import decode_restatement, is_restatement
    from streams.reading import RunReader

    with RunReader(settings) as reader:
        for message in reader.read("index-history"):
            if message.key is not None and message.value is not None and is_restatement(message.key):
                yield decode_restatement(message.value)
