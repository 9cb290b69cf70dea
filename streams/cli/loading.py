"""Settings for commands: from the process environment and the option `--settings`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from streams.settings import Loaded, Settings, load_with_origins
from streams.settings_catalogue import BY_NAME, read_value

Command = TypeVar("Command", bound=Callable[..., Any])


def settings_option(command: Command) -> Command:
    """Give a command the option `--settings FILE` (parameter `settings_file`)."""
    return click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        help="TOML file of settings (else variable MOTCUA_SETTINGS).",
    )(command)


def run_option(command: Command) -> Command:
    """Give a command the option `--run NAME` (parameter `run`, None when not given)."""
    return click.option("--run", "run", help="Run to work on (else the setting run).")(command)


def loaded(settings_file: Path | None) -> Loaded:
    """The settings of this process with their origins."""
    return load_with_origins(os.environ, settings_file)


def settings_of(settings_file: Path | None, run: str | None = None) -> Settings:
    """The settings of this process, with the run of the option where one is given."""
    settings = loaded(settings_file).settings
    if run is None:
        return settings
    try:
        return msgspec.structs.replace(settings, run=read_value(BY_NAME["run"], run))
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--run") from error
