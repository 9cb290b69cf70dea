"""All files of boards, rules, scraping and provisioning: their content, written, and whether they are stale."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dashboards import recording
from dashboards.grafana import provisioning
from dashboards.grafana.boards import LATEST, boards
from dashboards.grafana.drawing import board_json
from dashboards.grafana.page import page
from dashboards.grafana.records import LANGUAGES, Language
from streams.core.indicators.records import Catalogue
from streams.settings_catalogue import BY_NAME

JSON_FOLDER: Final = "dashboards/grafana/json"
RULES: Final = "dashboards/prometheus/rules.yml"
PAGE: Final = "docs/boards.md"
PROMETHEUS: Final = "deploy/prometheus.yml"
DATASOURCES: Final = "deploy/grafana/provisioning/datasources/prometheus.yml"
PROVIDERS: Final = "deploy/grafana/provisioning/dashboards/motcua.yml"
DEFAULT_LANGUAGE: Final[Language] = "vi"
Files = dict[str, str]


def files(languages: Iterable[Language] = LANGUAGES, catalogue: Catalogue = LATEST) -> Files:
    """Content by path below the project; the first language is the one that Grafana is told to show."""
    told = tuple(languages)
    port = BY_NAME["http_port"].default
    assert isinstance(port, int)
    made = {
        f"{JSON_FOLDER}/{language}/{board.key}.json": _text(board_json(board, language))
        for language in told
        for board in boards(catalogue)
    }
    return made | {
        RULES: recording.rules(catalogue),
        PAGE: page(catalogue),
        PROMETHEUS: provisioning.prometheus(port),
        DATASOURCES: provisioning.datasources(),
        PROVIDERS: provisioning.providers(told[0]),
    }


def write(root: Path, made: Files) -> list[str]:
    """Write what differs; the paths written.  A board that is no longer there is deleted."""
    written = stale(root, made)
    for name in written:
        path = root / name
        if name in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[name], encoding="utf-8")
        else:
            path.unlink()
    return written


def stale(root: Path, made: Files) -> list[str]:
    """Paths whose content is another, or that are missing, or boards that nobody makes any more."""
    differing = [name for name, text in made.items() if _read(root / name) != text]
    folders = {str(Path(name).parent) for name in made if name.startswith(JSON_FOLDER)}
    left = [
        f"{folder}/{path.name}"
        for folder in sorted(folders)
        for path in sorted((root / folder).glob("*.json"))
        if f"{folder}/{path.name}" not in made
    ]
    return differing + left


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _text(board: dict[str, object]) -> str:
    return json.dumps(board, ensure_ascii=False, indent=1) + "\n"
