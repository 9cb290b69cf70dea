"""Words, colours and panels that several boards have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dashboards.grafana import names
from dashboards.grafana.expressions import series
from dashboards.grafana.records import Annotation, Kind, Meaning, Named, Panel, Query, Row, Step, Text, Unit
from streams.core.indicators.records import Catalogue, Indicator

RED: Final = "red"
ORANGE: Final = "orange"
YELLOW: Final = "yellow"
GREEN: Final = "green"
BLUE: Final = "blue"
PLAIN: Final = "text"

STALE_S: Final = 120
OLD_S: Final = 900
BAND_COLORS: Final = (RED, ORANGE, YELLOW, GREEN, BLUE)
"""From the lowest band upwards; the last one for all that are above."""
NO_UNIT_DATA: Final = Text(
    "Chưa có dữ liệu: chưa có hồ sơ của đơn vị trong kỳ này, hoặc không có bộ xử lý nào đang giữ chỉ số.",
    "No data: no dossier of the unit in this period, or no worker holds the index.",
)
NO_WORKER: Final = Text(
    "Chưa có dữ liệu: Prometheus chưa đọc được bộ xử lý nào của lượt chạy này.",
    "No data: Prometheus reads no worker of this run.",
)
NOTHING_WRONG: Final = Text("Không có.", "None.")
SHARES: Final = (Step(None, RED), Step(0.8, ORANGE), Step(0.9, YELLOW), Step(0.95, GREEN))
FEWER_IS_BETTER: Final = (Step(None, GREEN), Step(1, ORANGE))
NEUTRAL: Final = (Step(None, PLAIN),)


def band_steps(catalogue: Catalogue) -> tuple[Step, ...]:
    """The colour of a total by its band."""
    return tuple(
        Step(None if place == 0 else band.least, BAND_COLORS[min(place, len(BAND_COLORS) - 1)])
        for place, band in enumerate(_bands(catalogue))
    )


def band_meanings(catalogue: Catalogue) -> tuple[Meaning, ...]:
    """The name of the band that a total is in; points have two decimals."""
    bands = _bands(catalogue)
    ends = [*(band.least - 0.005 for band in bands[1:]), None]
    return tuple(
        Meaning(None if place == 0 else band.least - 0.005, end, Text(band.vi, band.en))
        for place, (band, end) in enumerate(zip(bands, ends, strict=True))
    )


def _bands(catalogue: Catalogue) -> list:  # type: ignore[type-arg]
    return sorted(catalogue.bands, key=lambda band: band.least)


def group_names(catalogue: Catalogue) -> tuple[Named, ...]:
    """The groups by their names, each with its maximum."""
    return tuple(
        Named(one.id, Text(f"{one.vi} (tối đa {one.maximum})", f"{one.en} (of {one.maximum})"), one.maximum)
        for one in catalogue.groups
        if one.maximum
    )


def indicator_names(indicators: Iterable[Indicator]) -> tuple[Named, ...]:
    """The indicators by their names, each with its maximum."""
    return tuple(Named(one.id, Text(f"{one.id} {one.vi}", f"{one.id} {one.en}"), one.maximum) for one in indicators)


def version(catalogue: Catalogue) -> Text:
    """Which catalogue a formula is of."""
    return Text(f"Bộ chỉ số {catalogue.id}.", f"Catalogue {catalogue.id}.")


def joined(*texts: Text) -> Text:
    """Sentences one after the other."""
    return Text(" ".join(one.vi for one in texts if one.vi), " ".join(one.en for one in texts if one.en))


def formulas(indicators: Iterable[Indicator]) -> Text:
    """The formulas of indicators as a list."""
    held = tuple(indicators)
    return Text(
        "\n".join(f"- {one.id} {one.vi}: {one.formula}" for one in held),
        "\n".join(f"- {one.id} {one.en}: {one.formula}" for one in held),
    )


def age(link: str = "pipeline") -> Panel:
    """How old the figures are: the panel that every board begins with."""
    return Panel(
        title=Text("Tuổi của số liệu", "Age of the figures"),
        what=Text(
            f"Đồng hồ của lượt chạy chậm hơn giờ thật bao lâu. Dưới {STALE_S // 60} phút là bình thường; quá "
            f"{OLD_S // 60} phút thì mọi con số trên bảng này đã CŨ. Lượt phát lại có đồng hồ riêng, luôn “cũ”.",
            f"How far the clock of the run is behind. Below {STALE_S // 60} minutes all is well; beyond "
            f"{OLD_S // 60} minutes every figure on this board is OLD. A replay has its own clock and is always old.",
        ),
        formula=Text("giờ hiện tại − đồng hồ của lượt chạy", "now − clock of the run"),
        empty=Text(
            "KHÔNG CÓ SỐ LIỆU: không bộ xử lý nào đang giữ chỉ số của lượt chạy này.",
            "NO FIGURES: no worker holds the index of this run.",
        ),
        queries=(Query(f"time() - max ({series(names.AS_OF, run='$run')})"),),
        kind=Kind.STAT,
        unit=Unit.SECONDS,
        size=(4, 4),
        link=link,
        steps=(Step(None, GREEN), Step(STALE_S, ORANGE), Step(OLD_S, RED)),
    )


def as_of() -> Panel:
    """As of when the figures are."""
    return Panel(
        title=Text("Số liệu tính đến", "As of"),
        what=Text("Đồng hồ của lượt chạy: mọi con số là của thời điểm này.", "The clock of the run: all is as of it."),
        formula=Text("đồng hồ thấp nhất của các phân vùng", "the lowest clock of the partitions"),
        empty=age().empty,
        queries=(Query(f"1000 * max ({series(names.AS_OF, run='$run')})"),),
        kind=Kind.STAT,
        unit=Unit.MOMENT,
        size=(4, 4),
        link="pipeline",
        steps=NEUTRAL,
    )


_ALERT: Final = series(names.ALERT, run="$run")
_STEP: Final = "1m"  # that of the queries of marks
ANNOTATIONS: Final = (
    Annotation(
        Text("Lịch và thời hạn thay đổi", "Calendar and limits changed"),
        f"count by (kind) ({series(names.DEFINITIONS, run='$run')} unless {series(names.DEFINITIONS, run='$run')}"
        " offset 5m) and on () (count (" + series(names.DEFINITIONS, run="$run") + " offset 5m) > 0)",
        BLUE,
        Text("{{kind}} đổi bản", "another edition of {{kind}}"),
        "kind",
    ),
    Annotation(
        Text("Số liệu đã công bố được tính lại", "Restatements"),
        f"sum by (run) (increase({series(names.RESTATEMENTS, run='$run')}[$__interval])) > 0",
        "purple",
        Text("có số liệu được tính lại", "figures were restated"),
        "run",
    ),
    Annotation(
        Text("Cảnh báo bật", "Alerts begin"),
        f"count by (alert, name) ({_ALERT} unless {_ALERT} offset {_STEP})",
        RED,
        Text("{{alert}}: {{name}}", "{{alert}}: {{name}}"),
        "alert",
    ),
    Annotation(
        Text("Cảnh báo tắt", "Alerts end"),
        f"count by (alert, name) ({_ALERT} offset {_STEP} unless {_ALERT})",
        GREEN,
        Text("hết: {{alert}}: {{name}}", "over: {{alert}}: {{name}}"),
        "alert",
    ),
)


def row(vi: str, en: str, *panels: Panel) -> Row:
    """A row with its question."""
    return Row(Text(vi, en), panels)


STATES: Final = (
    Named("open_within", Text("đang trong hạn", "within due")),
    Named("open_overdue", Text("quá hạn", "overdue")),
    Named("open_no_due", Text("không có hạn", "without due date")),
)
OUTCOMES: Final = (
    Named("early", Text("trước hạn", "early")),
    Named("on_time", Text("đúng hạn", "on the due day")),
    Named("late", Text("quá hạn", "late")),
    Named("no_due", Text("không có hạn", "without due date")),
)
ALWAYS_COUNTED: Final = frozenset({"TDGQ", "CLGQ", "MDSH"})
"""Groups whose indicators are counted from dossiers alone: they have a value as soon as one was received."""
