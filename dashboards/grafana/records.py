"""What a board is: frozen records, no JSON.  `drawing` makes Grafana's JSON of them, `page` the documents."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal, TypeAlias

import msgspec

Language: TypeAlias = Literal["vi", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")
WIDTH: Final = 24
"""Columns of Grafana's grid."""


class Text(msgspec.Struct, frozen=True):
    """Words for people, in both languages."""

    vi: str
    en: str

    def of(self, language: Language) -> str:
        """The words in one language."""
        return self.vi if language == "vi" else self.en


SAME: Final = Text("", "")


def by(label: str) -> Text:
    """A legend that is the value of a label."""
    return Text(f"{{{{{label}}}}}", f"{{{{{label}}}}}")


class Kind(StrEnum):
    """How a panel is drawn: the id of Grafana's plug-in."""

    STAT = "stat"
    LINES = "timeseries"
    BARS = "bargauge"
    TABLE = "table"
    STATES = "state-timeline"


class Unit(StrEnum):
    """In what a panel counts: `drawing` knows Grafana's id for each."""

    POINTS = "points"
    SHARE = "share"  # 0 to 1, shown in percent
    DOSSIERS = "dossiers"
    COUNT = "count"
    PLACE = "place"
    SECONDS = "seconds"
    MOMENT = "moment"  # unix seconds
    PER_SECOND = "per_second"
    BYTES = "bytes"
    SWITCH = "switch"  # 0 or 1


class Query(msgspec.Struct, frozen=True):
    """One expression; `legend` in Grafana's form, `{{label}}` standing for a label.

    `instant` asks for the newest value alone.
    """

    expr: str
    legend: Text = SAME
    instant: bool = True


class Step(msgspec.Struct, frozen=True):
    """From `least` upwards (None: from below) this colour, of those that Grafana draws on dark and on light."""

    least: float | None
    color: str


class Meaning(msgspec.Struct, frozen=True):
    """Values from `least` up to `most` are shown as these words."""

    least: float | None
    most: float | None
    text: Text


class Named(msgspec.Struct, frozen=True):
    """What a series is called that bears only a code, and, for bars, where its scale ends."""

    code: str
    text: Text
    maximum: float | None = None


class Column(msgspec.Struct, frozen=True):
    """A column of a table: a label, or `A`, `B` … for the value of that query; other labels are left out."""

    field: str
    title: Text
    unit: Unit | None = None
    steps: tuple[Step, ...] = ()
    codes: tuple[Named, ...] = ()
    to_unit: bool = False  # leads to the board of the unit in this row


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """One panel.  `what` says what it shows, `formula` how that is counted, `empty` why there may be nothing.

    `link` is the key of the board that says more.  `size` is width (of 24) and height.  `required` is False where a
    healthy run may have nothing to show.
    """

    title: Text
    what: Text
    formula: Text
    empty: Text
    queries: tuple[Query, ...]
    kind: Kind
    unit: Unit
    size: tuple[int, int]
    link: str
    steps: tuple[Step, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    codes: tuple[Named, ...] = ()
    columns: tuple[Column, ...] = ()
    sort: str = ""  # the column by which a table is sorted; `-` before it: downwards
    large: bool = False  # to be read from five metres
    maximum: float | None = None
    required: bool = True


class Row(msgspec.Struct, frozen=True):
    """A question that a board answers, and the panels that answer it."""

    title: Text
    panels: tuple[Panel, ...]


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """What can be chosen above a board.

    Either `values` (value, words) or a `query` in Grafana's form, with `regex` naming `text` and `value` in it.
    """

    name: str
    label: Text
    values: tuple[tuple[str, Text], ...] = ()
    query: str = ""
    regex: str = ""
    start: str = ""  # the value chosen at first
    all_of_them: bool = False


class Annotation(msgspec.Struct, frozen=True):
    """A mark over all panels, where the expression has a value."""

    name: Text
    expr: str
    color: str
    title: Text
    tags: str = ""


class Board(msgspec.Struct, frozen=True, kw_only=True):
    """One board.  `first` says what to look at first, `then` what to do."""

    key: str
    title: Text
    what: Text
    first: tuple[Text, ...]
    then: tuple[Text, ...]
    variables: tuple[Variable, ...]
    rows: tuple[Row, ...]
    annotations: tuple[Annotation, ...] = ()
    span: str = "now-7d"
    refresh: str = "30s"

    @property
    def uid(self) -> str:
        """By what Grafana knows it."""
        return f"motcua-{self.key}"

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All panels in their order."""
        return tuple(panel for row in self.rows for panel in row.panels)
