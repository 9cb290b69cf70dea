"""What the import contracts cannot say: names that the pure core must not call, and modules that may not exist yet."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE = ("streams/core", "streams/sources")
BANNED_CALLS = {
    "datetime.now": "time comes with the event",
    "datetime.utcnow": "time comes with the event",
    "datetime.today": "time comes with the event",
    "date.today": "time comes with the event",
    "time.time": "time comes with the event",
    "time.monotonic": "time comes with the event",
    "os.environ": "settings are arguments",
    "os.getenv": "settings are arguments",
    "os.urandom": "nothing is random",
}
BANNED_MODULES = {"random": "nothing is random", "secrets": "nothing is random", "os": "settings are arguments"}
WIRE = (
    "dashboards.audit",
    "streams.core.facts",
    "streams.errors",
    "streams.reading",
    "streams.settings",
    "streams.sources.rejections",
    "streams.topics",
)
"""All of ours that the audit may share with the stream: wire types, settings, and reading a topic."""
OUT_OF_REACH = ("streams.stages", "streams.app", "streams.state")


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def violations(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            name = ".".join(ast.unparse(node).split(".")[-2:])
            found += [f"line {node.lineno}: {name}: {BANNED_CALLS[name]}"] if name in BANNED_CALLS else []
        for name in imported(node):
            top = name.partition(".")[0]
            found += [f"import of {name}: {BANNED_MODULES[top]}"] if top in BANNED_MODULES else []
    return found


def imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


@pytest.mark.parametrize("path", modules(*PURE), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_reads_no_clock_no_environment_and_no_dice(path: Path) -> None:
    assert violations(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\ndatetime.datetime.now()",
        "from datetime import datetime\ndatetime.now(tz=None)",
        "import time\ntime.time()",
        "import random",
        "from random import choice",
        "import os\nos.environ['A']",
    ],
)
def test_the_check_itself_sees_what_is_banned(source: str) -> None:
    assert violations(source) != []


@pytest.mark.parametrize("path", modules("dashboards", "simulators"), ids=lambda path: str(path.relative_to(ROOT)))
def test_screens_and_simulators_do_not_reach_into_the_stages(path: Path) -> None:
    names = [name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for name in imported(node)]
    assert [name for name in names if name.startswith(OUT_OF_REACH)] == []


@pytest.mark.parametrize("path", modules("dashboards/audit"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_audit_shares_nothing_that_computes_with_the_stream(path: Path) -> None:
    assert shared(path.read_text(encoding="utf-8")) == []


def shared(source: str) -> list[str]:
    names = [name for node in ast.walk(ast.parse(source)) for name in imported(node)]
    ours = [name for name in names if name.split(".")[0] in {"streams", "dashboards", "simulators"}]
    return [name for name in ours if not any(name == one or name.startswith(f"{one}.") for one in WIRE)]


@pytest.mark.parametrize(
    "source",
    [
        "from streams.core.civil import Civil",
        "import streams.core.counters",
        "from streams.core import verdicts",
        "from dashboards.folding import fold_run",
        "def f():\n    from streams.core.calendar import read_calendar",
    ],
)
def test_the_check_sees_what_the_audit_must_not_share(source: str) -> None:
    assert shared(source) != []


def test_no_module_has_grown_beyond_three_hundred_lines() -> None:
    longest = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in modules("streams", "dashboards", "simulators")
    }
    assert {name: lines for name, lines in longest.items() if lines > 300} == {}
