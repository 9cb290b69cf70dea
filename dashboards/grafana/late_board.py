"""What is late and about to be: by unit, newly late, due today, alerts."""

from __future__ import annotations

from typing import Final

from dashboards.grafana import names, shared, variables
from dashboards.grafana.expressions import change, each, named, ratio, series, within
from dashboards.grafana.records import Board, Column, Kind, Panel, Query, Row, Step, Text, Unit, by
from dashboards.grafana.shared import row

_OVERDUE: Final = series(names.WATCHED, run="$run", level="$level", state=names.LATE)
_TODAY: Final = series(names.WATCHED, run="$run", level="$level", state=names.DUE_TODAY)
_SOON: Final = series(names.WATCHED, run="$run", level="$level", state=names.DUE_SOON)
_OPEN: Final = series(names.STANDING, run="$run", period="all", level="$level", state="~open_.*")
_DAY: Final = "1d"
_AHEAD_S: Final = 3 * 86_400


def late_board() -> Board:
    """The board of late dossiers."""
    return Board(
        key="late",
        title=Text("Một cửa: quá hạn", "One-stop: late"),
        what=Text(
            "Hồ sơ quá hạn và sắp quá hạn, theo đơn vị; mới quá hạn; cảnh báo. Không bao giờ có mã hồ sơ.",
            "What is late and about to be, by unit; newly late; alerts. Never a code of a dossier.",
        ),
        first=(
            Text("“Đến hạn hôm nay”: còn cứu được.", "“Due today”: these can still be saved."),
            Text("Rồi “Mới quá hạn trong 24 giờ”: nơi vừa hỏng.", "Then “Newly late”: where it just went wrong."),
        ),
        then=(
            Text(
                "`motcua late --unit MÃ --lang vi` liệt kê từng hồ sơ, cho người được phép xem mã hồ sơ.",
                "`motcua late --unit CODE` lists the dossiers, for those who may see their codes.",
            ),
            Text("Xin lỗi người dân trước khi hẹn lại.", "Apologise before promising another date."),
        ),
        variables=(variables.RUN, variables.PERIOD, variables.LEVEL, variables.PROVINCES),
        rows=(_totals(), _by_unit(), _course(), _alerts()),
        annotations=shared.ANNOTATIONS,
    )


def _count(title: Text, what: Text, expr: str, steps: tuple[Step, ...]) -> Panel:
    return Panel(
        title=title,
        what=what,
        formula=Text("đếm hồ sơ của cấp đang chọn", "count over the chosen level"),
        empty=shared.NO_UNIT_DATA,
        queries=(Query(f"sum ({within(each(expr, 'run'))})"),),
        kind=Kind.STAT,
        unit=Unit.DOSSIERS,
        size=(5, 4),
        link="ranking",
        steps=steps,
    )


def _totals() -> Row:
    return row(
        "Bao nhiêu?",
        "How many?",
        shared.age(),
        _count(
            Text("Đang quá hạn", "Late now"),
            Text("Chưa xong, đã quá hạn.", "Open and past due."),
            _OVERDUE,
            shared.FEWER_IS_BETTER,
        ),
        _count(
            Text("Đến hạn hôm nay", "Due today"),
            Text("Chưa xong, hạn trong hôm nay.", "Open, due within today."),
            _TODAY,
            (Step(None, shared.GREEN), Step(1, shared.BLUE)),
        ),
        _count(
            Text("Sắp đến hạn", "Due soon"),
            Text("Đã vào danh sách theo dõi, chưa đến ngày hạn.", "On the watch list, not due today."),
            _SOON,
            shared.NEUTRAL,
        ),
        Panel(
            title=Text("Thêm so với hôm qua", "More than yesterday"),
            what=Text(
                "Số đang quá hạn nay trừ đúng lúc này hôm qua; dưới 0 là đang giảm.",
                "Late now less late at this time yesterday; below 0 it shrinks.",
            ),
            formula=Text("nay − 24 giờ trước", "now − 24 hours ago"),
            empty=Text("Chưa có số liệu của hôm qua.", "No figures of yesterday."),
            queries=(Query(f"sum ({within(change(_OVERDUE, _DAY))})"),),
            kind=Kind.STAT,
            unit=Unit.DOSSIERS,
            size=(5, 4),
            link="runs",
            steps=(Step(None, shared.GREEN), Step(1, shared.ORANGE)),
            required=False,
        ),
    )


def _by_unit() -> Row:
    share = ratio(f"{each(within(_OVERDUE))}", f"sum by (unit) ({within(_OPEN)})")
    return row(
        "Ở đâu?",
        "Where?",
        Panel(
            title=Text("Theo đơn vị", "By unit"),
            what=Text(
                "Mỗi dòng một đơn vị có hồ sơ quá hạn hoặc đến hạn hôm nay.",
                "One unit a row that has a dossier late or due today.",
            ),
            formula=Text(
                "phần quá hạn = quá hạn ÷ đang giải quyết; mới quá hạn = nay − 24 giờ trước",
                "share = late ÷ in process; newly late = now − 24 hours ago",
            ),
            empty=Text("Không đơn vị nào có hồ sơ quá hạn hoặc đến hạn hôm nay.", "No unit has any."),
            queries=(
                Query(f"{each(named(within(_OVERDUE)), 'name')} > 0"),
                Query(f"{each(within(change(_OVERDUE, _DAY)))} > 0"),
                Query(f"{each(within(_TODAY))} > 0"),
                Query(f"{each(within(_SOON))} > 0"),
                Query(f"{share} > 0"),
            ),
            kind=Kind.TABLE,
            unit=Unit.DOSSIERS,
            size=(24, 14),
            link="unit",
            columns=(
                Column("unit", Text("Mã", "Code"), to_unit=True),
                Column("name", Text("Đơn vị", "Unit")),
                Column("A", Text("Đang quá hạn", "Late now"), Unit.DOSSIERS, shared.FEWER_IS_BETTER),
                Column("B", Text("Mới quá hạn 24 giờ", "Newly late, 24 h"), Unit.DOSSIERS),
                Column("C", Text("Đến hạn hôm nay", "Due today"), Unit.DOSSIERS),
                Column("D", Text("Sắp đến hạn", "Due soon"), Unit.DOSSIERS),
                Column("E", Text("Phần quá hạn", "Share late"), Unit.SHARE),
            ),
            sort="-A",
            required=False,
        ),
    )


def _course() -> Row:
    return row(
        "Đang tốt lên hay xấu đi?",
        "Better or worse?",
        _over_time(),
        _forecast(),
    )


def _over_time() -> Panel:
    return Panel(
        title=Text("Quá hạn theo thời gian", "Late over time"),
        what=Text(
            "Tổng đang quá hạn của cấp đang chọn; nét đứt là đúng lúc này tuần trước.",
            "Late in all of the chosen level; dashed: at this time last week.",
        ),
        formula=Text("tổng số hồ sơ", "sum of dossiers"),
        empty=shared.NO_UNIT_DATA,
        queries=(
            Query(f"sum ({within(_OVERDUE)})", Text("đang quá hạn", "late now"), instant=False),
            Query(f"sum ({within(f'{_OVERDUE} offset 1w')})", Text("tuần trước", "last week"), instant=False),
        ),
        kind=Kind.LINES,
        unit=Unit.DOSSIERS,
        size=(12, 9),
        link="runs",
    )


def _forecast() -> Panel:
    later = within(f"predict_linear ({_OVERDUE}[1d], {_AHEAD_S})")
    return Panel(
        title=Text("Nếu cứ như hiện nay", "If it goes on like this"),
        what=Text(
            "Số quá hạn ba ngày tới nếu tốc độ của ngày vừa qua không đổi; chỉ để so sánh. Dự báo theo từng hồ sơ và "
            "lịch làm việc: `motcua late --forecast`.",
            "Late in three days if the pace of the past day goes on; only for comparison. A forecast by dossiers and "
            "the working calendar: `motcua late --forecast`.",
        ),
        formula=Text("đường thẳng qua 24 giờ vừa qua, kéo dài 3 ngày", "the line through 24 hours, 3 days on"),
        empty=Text("Chưa đủ 24 giờ số liệu.", "Less than 24 hours of figures."),
        queries=(
            Query(f"sum ({within(_OVERDUE)})", Text("bây giờ", "now")),
            Query(f"sum (clamp_min ({later}, 0))", Text("sau 3 ngày", "in 3 days")),
        ),
        kind=Kind.STAT,
        unit=Unit.DOSSIERS,
        size=(12, 9),
        link="runs",
        steps=shared.FEWER_IS_BETTER,
    )


def _alerts() -> Row:
    return row(
        "Cảnh báo nào đang bật?",
        "Which alerts are on?",
        Panel(
            title=Text("Cảnh báo đang bật", "Alerts that are on"),
            what=Text("Số cảnh báo đang bật, theo loại.", "Alerts that are on, by kind."),
            formula=Text("đếm", "count"),
            empty=Text("Không có cảnh báo.", "No alert."),
            queries=(
                Query(
                    f"sum by (alert) ({series(names.ALERT, run='$run')}) > 0",
                    by("alert"),
                    instant=False,
                ),
            ),
            kind=Kind.STATES,
            unit=Unit.COUNT,
            size=(24, 7),
            link="runs",
            steps=(Step(None, shared.GREEN), Step(1, shared.ORANGE)),
            required=False,
        ),
    )
