"""What the README and the pages say: events that are read, links that lead somewhere, settings that there are."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from streams.cli import COMMANDS
from streams.core.civil import MICROS, Civil
from streams.core.facts import Fact
from streams.settings import FILE_VARIABLE, variable
from streams.settings_catalogue import SETTINGS
from streams.sources.native import Reader, items

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/boards.md", "docs/demo.md", "docs/install.md", "docs/replay.md")


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def test_the_events_in_the_readme_are_read_as_they_stand() -> None:
    block = re.search(r"```json\n(.*?)```", text("README.md"), re.DOTALL)
    assert block is not None
    payload = block[1].encode()
    reader = Reader(Civil("Asia/Ho_Chi_Minh"), 3600)
    read = list(reader.read(payload, int(time.time()) * MICROS, "dossier-events/0", 0, 0))
    assert len(read) == len(items(payload)) == 3
    assert all(isinstance(one, Fact) for one in read), read


@pytest.mark.parametrize("page", PAGES)
def test_links_and_paths_lead_somewhere(page: str) -> None:
    here = (ROOT / page).parent
    links = re.findall(r"\]\(([^)#:]+)\)", text(page))
    assert [link for link in links if not (here / link).exists()] == []
    paths = re.findall(r"`((?:docs|tests|deploy|dashboards|streams|simulators)/[\w./-]+)`", text(page))
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_variables_and_commands_named_are_there(page: str) -> None:
    known = {variable(setting) for setting in SETTINGS} | {FILE_VARIABLE}
    assert set(re.findall(r"MOTCUA_[A-Z_]+", text(page))) <= known
    commands = {entry.name for entry in COMMANDS}
    assert set(re.findall(r"(?:^|`)motcua ([a-z]+)", text(page), re.MULTILINE)) <= commands


@pytest.mark.parametrize("page", PAGES)
def test_targets_of_make_that_are_named_are_there(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)(?=\s+(?:#|a |ends|the |ARGS)|`)", text(page))) <= targets
