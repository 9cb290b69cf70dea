"""A replay beside live, or two replays: the same figures of two runs, and what changed under them."""

from __future__ import annotations

from dashboards.grafana import names, shared, variables
from dashboards.grafana.expressions import series
from dashboards.grafana.records import Board, Column, Kind, Panel, Query, Row, Step, Text, Unit, by
from dashboards.grafana.shared import joined, row, version
from streams.core.indicators.records import Catalogue

_OF = {"period": "$period", "unit": "$unit"}


def runs_board(catalogue: Catalogue) -> Board:
    """The board of two runs."""
    return Board(
        key="runs",
        title=Text("Một cửa: các lượt chạy", "One-stop: runs"),
        what=Text(
            "Hai lượt chạy cạnh nhau: thật và phát lại, hoặc hai lượt phát lại.",
            "Two runs beside each other: live and a replay, or two replays.",
        ),
        first=(
            Text("Bảng “Lượt chạy nào, tính đến khi nào”.", "“Which runs, as of when”."),
            Text("Rồi cột “Chênh” của bảng chỉ số.", "Then the column “Difference” of the indicators."),
        ),
        then=(
            Text(
                "Có chênh: vạch chú thích cho biết lịch, thời hạn hay số liệu đã công bố có đổi không.",
                "A difference: the marks say whether calendar, limits or published figures changed.",
            ),
            Text(
                "`motcua compare LƯỢT_A LƯỢT_B` so từng con số.", "`motcua compare RUN_A RUN_B` compares every figure."
            ),
        ),
        variables=(
            variables.RUN,
            variables.OTHER_RUN,
            variables.PERIOD,
            variables.PROVINCES,
            variables.UNIT,
        ),
        rows=(_which(), _course(catalogue), _indicators(catalogue)),
        annotations=shared.ANNOTATIONS,
    )


def _which() -> Row:
    return row(
        "Lượt chạy nào?",
        "Which runs?",
        shared.age(),
        _runs(),
        _definitions(),
    )


def _runs() -> Panel:
    return Panel(
        title=Text("Lượt chạy nào, tính đến khi nào", "Which runs, as of when"),
        what=Text("Mọi lượt chạy mà Prometheus đọc được.", "Every run that Prometheus reads."),
        formula=Text("đồng hồ của lượt chạy; số hồ sơ; đủ phân vùng", "clock; cases; complete"),
        empty=shared.NO_WORKER,
        queries=(
            Query(f"1000 * max by (run) ({names.AS_OF})"),
            Query(f"max by (run) ({names.CASES})"),
            Query(f"min by (run) ({names.COMPLETE})"),
        ),
        kind=Kind.TABLE,
        unit=Unit.COUNT,
        size=(10, 6),
        link="pipeline",
        columns=(
            Column("run", Text("Lượt chạy", "Run")),
            Column("A", Text("Tính đến", "As of"), Unit.MOMENT),
            Column("B", Text("Hồ sơ", "Cases"), Unit.COUNT),
            Column("C", Text("Đủ", "Complete"), Unit.SWITCH),
        ),
        sort="-A",
    )


def _definitions() -> Panel:
    return Panel(
        title=Text("Các bản đang dùng", "Definitions in force"),
        what=Text(
            "Bản của danh mục đơn vị, lịch, thời hạn, bộ chỉ số mà mỗi lượt chạy dùng.",
            "The editions of register, calendar, limits and index that each run goes by.",
        ),
        formula=Text("như lượt chạy tự báo", "as the run says"),
        empty=shared.NO_WORKER,
        queries=(Query(f"max by (run, kind, version) ({series(names.DEFINITIONS, run='~$run|$other')})"),),
        kind=Kind.TABLE,
        unit=Unit.COUNT,
        size=(10, 6),
        link="pipeline",
        columns=(
            Column("run", Text("Lượt chạy", "Run")),
            Column("kind", Text("Cái gì", "What")),
            Column("version", Text("Bản", "Edition")),
        ),
        sort="kind",
    )


def _both(name: str, reduce: str, kind: Unit, title: Text, formula: Text) -> Panel:
    legend = by("run")
    return Panel(
        title=title,
        what=Text("Cùng một con số ở hai lượt chạy.", "The same figure of both runs."),
        formula=formula,
        empty=shared.NO_UNIT_DATA,
        queries=(Query(f"{reduce} by (run) ({series(name, run='~$run|$other', **_OF)})", legend, instant=False),),
        kind=Kind.LINES,
        unit=kind,
        size=(12, 8),
        link="unit",
    )


def _course(catalogue: Catalogue) -> Row:
    return row(
        "Khác nhau khi nào?",
        "When do they differ?",
        _both(
            names.TOTAL,
            "max",
            Unit.POINTS,
            Text("Tổng điểm", "Total"),
            joined(Text("tổng các nhóm.", "sum of the groups."), version(catalogue)),
        ),
        _both(
            names.RATE_766,
            "max",
            Unit.SHARE,
            Text("Đúng hạn theo QĐ 766", "On time, Decision 766"),
            Text("(đúng hạn + đang trong hạn) ÷ tiếp nhận", "(on time + within due) ÷ received"),
        ),
        _both(names.RECEIVED, "max", Unit.DOSSIERS, Text("Tiếp nhận", "Received"), Text("đếm", "count")),
        _both(
            names.REPORT_RATE,
            "max",
            Unit.SHARE,
            Text("Đúng hạn theo báo cáo", "On time, report"),
            Text("(trước hạn + đúng hạn + không có hạn) ÷ đã trả", "(early + on the day + no due date) ÷ finished"),
        ),
    )


def _indicators(catalogue: Catalogue) -> Row:
    one, other = (f"max by (indicator) ({series(names.POINTS, run=run, **_OF)})" for run in ("$run", "$other"))
    return row(
        "Khác nhau ở đâu?",
        "Where do they differ?",
        Panel(
            title=Text("Điểm từng chỉ số ở hai lượt chạy", "Points of both runs"),
            what=Text("Chênh = lượt chạy đang chọn − lượt chạy kia.", "Difference = the chosen run − the other."),
            formula=joined(Text("điểm − điểm.", "points − points."), version(catalogue)),
            empty=shared.NO_UNIT_DATA,
            queries=(Query(one), Query(other), Query(f"{one} - on (indicator) {other}")),
            kind=Kind.TABLE,
            unit=Unit.POINTS,
            size=(24, 12),
            link="unit",
            columns=(
                Column("indicator", Text("Chỉ số", "Indicator"), codes=shared.indicator_names(catalogue.indicators)),
                Column("A", Text("Đang chọn", "Chosen"), Unit.POINTS),
                Column("B", Text("Kia", "Other"), Unit.POINTS),
                Column(
                    "C",
                    Text("Chênh", "Difference"),
                    Unit.POINTS,
                    (Step(None, shared.RED), Step(-0.005, shared.PLAIN), Step(0.005, shared.GREEN)),
                ),
            ),
            sort="indicator",
        ),
    )
