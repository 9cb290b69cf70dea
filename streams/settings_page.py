"""The page of settings in the documents, made from the catalogue: `python -m streams.settings_page`."""

from __future__ import annotations

import itertools
import sys

from streams.settings import FILE_VARIABLE, shown, variable
from streams.settings_catalogue import SETTINGS, Setting

_INTRODUCTION = f"""<!-- Made by `make pages` from streams/settings_catalogue.py. Change it there. -->

# Settings

A value comes from the default, from a TOML file (option `--settings`, or variable `{FILE_VARIABLE}`), or from the
variable of the setting, the later winning. Unknown names and wrong values end the start with a message.
`motcua settings` shows what is in force and where each value comes from.
"""


def page() -> str:
    """The whole page in Markdown."""
    parts = [_INTRODUCTION]
    for group, settings in itertools.groupby(SETTINGS, key=lambda setting: setting.group):
        rows = "\n".join(_row(setting) for setting in settings)
        head = "| key | variable | default | unit | meaning |\n|---|---|---|---|---|"
        parts.append(f"## {group.capitalize()}\n\n{head}\n{rows}\n")
    return "\n".join(parts)


def _row(setting: Setting) -> str:
    default = setting.derived_words or shown(setting, setting.default)
    return f"| `{setting.name}` | `{variable(setting)}` | {default} | {setting.unit} | {setting.meaning} |"


if __name__ == "__main__":
    sys.stdout.write(page())
