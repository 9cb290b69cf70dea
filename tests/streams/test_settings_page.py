from __future__ import annotations

from pathlib import Path

from streams.settings_page import page

COMMITTED = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_page_of_settings_is_as_fresh_as_the_catalogue() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == page(), "stale: run `make pages`"
