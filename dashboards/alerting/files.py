"""Everything that is generated, as files: `python -m dashboards.alerting.files`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from dashboards.alerting.messages import templates
from dashboards.alerting.plan import DEFAULT, Plan
from dashboards.alerting.routing import TEMPLATES, configuration
from dashboards.alerting.rules import rules
from streams.core.calendar import Calendar, read_calendar
from streams.core.civil import Civil

RULES: Final = Path("prometheus/alerts.yml")
CONFIGURATION: Final = Path("alertmanager/alertmanager.yml")
MESSAGES: Final = Path("alertmanager") / TEMPLATES
_FOLDER: Final = Path(__file__).parents[1]


def files(plan: Plan, calendar: Calendar) -> Mapping[Path, str]:
    """Each file by its place below a folder."""
    return {
        RULES: rules(plan),
        CONFIGURATION: configuration(plan, calendar),
        MESSAGES: templates(plan.language),
    }


def write(folder: Path, plan: Plan, calendar: Calendar) -> list[Path]:
    """Write them; where they stand now."""
    written = []
    for place, text in files(plan, calendar).items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def shipped_calendar() -> Calendar:
    """Viet Nam's, as the package has it."""
    text = resources.files("streams").joinpath("data/calendars/vietnam.csv").read_text(encoding="utf-8")
    return read_calendar(text.splitlines(), "vietnam.csv", Civil("Asia/Ho_Chi_Minh"))


if __name__ == "__main__":
    write(_FOLDER, DEFAULT, shipped_calendar())
