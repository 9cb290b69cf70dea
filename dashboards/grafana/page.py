"""The page of boards in the documents, made of the boards."""

from __future__ import annotations

from typing import Final

from dashboards.grafana.boards import LATEST, boards
from dashboards.grafana.records import Board, Panel, Text
from dashboards.rates import RATES
from dashboards.recording import record_name
from streams.core.indicators.records import Catalogue

_INTRODUCTION: Final = """<!-- Made by `motcua dashboards build` from dashboards/grafana/. Change it there. -->

# Boards

Six boards of Grafana 11 or 12, in Vietnamese and English. They read Prometheus alone, which reads the workers'
`/metrics` ([metrics.md](metrics.md)). Every panel says in its description what it shows, by which formula and which
version of the index, and why it may be empty. Where “Tuổi của số liệu” (age of the figures), the first panel of every
board, is red, all figures are old.

There is no picture of them here: Grafana's server is not among the programs that this project is tested with. Tested
is what it is given: the JSON against Grafana's own types, and every expression on a real Prometheus that has read a
real worker (`tests/dashboards/grafana/`).

## Getting them

| | |
|---|---|
| with Docker | `docker compose up -d` has them in the folder “Một cửa”; English: mount `dashboards/grafana/json/en` |
| an own Grafana, from files | `deploy/grafana/provisioning/` and `dashboards/grafana/json/vi` |
| an own Grafana, over HTTP | `motcua dashboards push --url URL --token-file FILE --dry-run` first |
| as files elsewhere | `motcua dashboards build --language en --out FOLDER` |

`motcua dashboards push` makes the folder and the boards, and with `--source-url` the data source; it changes only what
differs, and says what that is. A board that somebody changed by hand is named and kept, unless `--force`: known by
the message of its newest version. `--annotate` writes a note for each replay and each period that was restated. The
token of a service account needs the role Editor, Admin for the data source; it is read from a file or from the
variable `GRAFANA_TOKEN` and never printed.
This was tested against a server that answers as Grafana's documented interface does, not against Grafana.

Chosen above a board: run, period (`week` … `all`, the current ones), level, province, unit, peer group.
"""
_HOW: Final = """
## A new board, a new panel

A panel is a record `Panel` in one of `dashboards/grafana/*_board.py` or `wall*.py`: title, what it shows, formula, why
it may be empty (each in both languages), queries, kind, unit, size, and the board that says more. A board is a function
that makes a `Board` of a catalogue, and a line in `BOARDS` in `dashboards/grafana/boards.py`. Names of metrics stand in
`dashboards/grafana/names.py`. Then `make pages`; the tests hold every panel to the same rules. A new indicator in the
catalogue needs nothing here: its panels, rules and this page follow.

What the boards do not have: published figures beside ours (nothing exports them yet), late dossiers by field of
procedure and by age (`motcua late --by procedure` has them; as labels they would be too many), and, of the communes of
a whole country, indicators and ranks (within the budget of series there is room for their totals alone).

Figures above units come from the index, which adds up counts. No expression averages ratios or points; a test looks.
"""


def page(catalogue: Catalogue = LATEST) -> str:
    """The whole page in Markdown."""
    parts = [_INTRODUCTION, *(_board(board) for board in boards(catalogue)), _recorded(catalogue), _HOW]
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _board(board: Board) -> str:
    lines = [
        f"## {board.title.en} ({board.title.vi})",
        "",
        f"{board.what.en} `dashboards/grafana/json/vi/{board.key}.json`",
    ]
    lines += ["", "Look first:", "", *(f"- {text.en}" for text in board.first)]
    lines += ["", "Then:", "", *(f"- {text.en}" for text in board.then), ""]
    lines += ["| panel | shows | formula |", "|---|---|---|"]
    for row in board.rows:
        lines.append(f"| **{row.title.en}** | | |")
        lines += [_panel(panel) for panel in row.panels]
    return "\n".join(lines)


def _panel(panel: Panel) -> str:
    return f"| {panel.title.en}<br>{panel.title.vi} | {_cell(panel.what)} | {_cell(panel.formula)} |"


def _cell(text: Text) -> str:
    return text.en.replace("|", "\\|").replace("\n\n", " ").replace("\n", "<br>")


def _recorded(catalogue: Catalogue) -> str:
    rates = "".join(f"| `{record_name(rate)}` | {rate.en}; {rate.vi} |\n" for rate in RATES)
    return f"""## What rules record

`dashboards/prometheus/rules.yml`; levels of units as exported, unless said otherwise.

| series | is |
|---|---|
{rates}| `motcua:indicator:maximum`, `motcua:group:maximum` | what {catalogue.id} gives at most |
| `motcua:indicator:ratio` | counts over counts of each indicator; country and provinces |
| `motcua:indicator:points` | points from that share: a second way to `motcua_index_points`; country and provinces |
"""
