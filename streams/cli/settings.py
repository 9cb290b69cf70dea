"""`motcua settings`: every setting, its value, where it comes from, what it means."""

from __future__ import annotations

import json
from pathlib import Path

import click

from streams.cli.loading import loaded, settings_option
from streams.settings import MASK, Loaded, shown, variable
from streams.settings_catalogue import SETTINGS, Setting


@click.command("settings")
@settings_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def command(settings_file: Path | None, as_json: bool) -> None:
    """Show every setting, its value, where it comes from and what it means. Secrets are masked."""
    found = loaded(settings_file)
    if as_json:
        click.echo(json.dumps([_record(setting, found) for setting in SETTINGS], ensure_ascii=False, indent=2))
    else:
        _print_table(found)


def _record(setting: Setting, found: Loaded) -> dict[str, object]:
    value = getattr(found.settings, setting.name)
    return {
        "name": setting.name,
        "variable": variable(setting),
        "value": _plain(setting, value),
        "from": found.origins[setting.name].words,
        "meaning": setting.meaning,
        "unit": setting.unit or None,
    }


def _plain(setting: Setting, value: object) -> object:
    if value is not None and setting.secret:
        return MASK
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


def _print_table(found: Loaded) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("Setting", "Value", "From", "Meaning", title="Settings of motcua", title_justify="left")
    for position, setting in enumerate(SETTINGS):
        last_of_group = position + 1 == len(SETTINGS) or SETTINGS[position + 1].group != setting.group
        unit = f" [{setting.unit}]" if setting.unit else ""
        value = shown(setting, getattr(found.settings, setting.name))
        cells = (setting.name, value, found.origins[setting.name].words, setting.meaning + unit)
        # Escaped by rich's own function: values and units hold square brackets.
        table.add_row(*map(_escaped, cells), end_section=last_of_group)
    Console().print(table)


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
