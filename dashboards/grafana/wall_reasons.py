"""The rows of the wall board that say against whom, why, and what now."""

from __future__ import annotations

from typing import Final

from dashboards.grafana import names, shared
from dashboards.grafana.expressions import before, below, named, place, series
from dashboards.grafana.records import Kind, Panel, Query, Row, Step, Text, Unit, by
from dashboards.grafana.shared import joined, row, version
from streams.core.indicators.records import Catalogue

_LATE: Final = series(names.WATCHED, run="$run", level="~commune|department", state=names.LATE)
_LAST_WEEK: Final = "1w"
_LAST_YEAR: Final = "364d"


def whom(catalogue: Catalogue) -> Row:
    """Against whom, and against before."""
    total = place(names.TOTAL)
    peers = (
        f"(max by (run, unit) ({series(names.TOTAL, run='$run', period='$period')}) and on (run, unit) "
        f"max by (run, unit) ({series(names.RANK, run='$run', period='$period', peers='$peers')}))"
    )
    return row(
        "So với ai, so với trước kia?",
        "Against whom, and against before?",
        _trend(catalogue, total),
        _among(catalogue, peers),
    )


def _trend(catalogue: Catalogue, total: str) -> Panel:
    return Panel(
        title=Text("Tổng điểm: nay, tuần trước, năm trước", "Total: now, last week, last year"),
        what=Text(
            "Diễn biến tổng điểm của kỳ đang chọn; nét đứt là đúng lúc này tuần trước và năm trước.",
            "How the total of the chosen period moves; dashed: at this time last week and last year.",
        ),
        formula=joined(Text("như “Tổng điểm”.", "as “Total”."), version(catalogue)),
        empty=Text(
            "Chưa có lịch sử: Prometheus chưa giữ số liệu của lúc đó.",
            "No history: Prometheus does not hold that time.",
        ),
        queries=(
            Query(f"max ({total})", Text("nay", "now"), instant=False),
            Query(f"max ({before(total, _LAST_WEEK)})", Text("tuần trước", "last week"), instant=False),
            Query(f"max ({before(total, _LAST_YEAR)})", Text("năm trước", "last year"), instant=False),
        ),
        kind=Kind.LINES,
        unit=Unit.POINTS,
        size=(16, 9),
        link="runs",
    )


def _among(catalogue: Catalogue, peers: str) -> Panel:
    return Panel(
        title=Text("Trong nhóm so sánh", "Among peers"),
        what=Text(
            "Điểm cao nhất, ở giữa và thấp nhất của các đơn vị được xếp hạng cùng nhóm.",
            "Highest, middle and lowest total of the ranked units of the peer group.",
        ),
        formula=Text("cao nhất, trung vị, thấp nhất (không lấy trung bình)", "highest, median, lowest (never a mean)"),
        empty=Text("Chưa đơn vị nào của nhóm được xếp hạng.", "No unit of the group has a rank."),
        queries=(
            Query(f"max ({peers})", Text("cao nhất", "highest")),
            Query(f"quantile (0.5, {peers})", Text("ở giữa", "middle")),
            Query(f"min ({peers})", Text("thấp nhất", "lowest")),
        ),
        kind=Kind.STAT,
        unit=Unit.POINTS,
        size=(8, 9),
        link="ranking",
        steps=shared.band_steps(catalogue),
        required=False,
    )


def why(catalogue: Catalogue) -> Row:
    """Which groups and indicators cost points."""
    lost = f"topk (5, {names.MAXIMUM} - on (indicator) group_right () max by (indicator) ({place(names.POINTS)}) > 0)"
    return row(
        "Vì sao?",
        "Why?",
        Panel(
            title=Text("Điểm các nhóm so với tối đa", "Groups against their maxima"),
            what=Text(
                "Điểm của từng nhóm; thanh đầy là điểm tối đa.", "Points of each group; a full bar is its maximum."
            ),
            formula=joined(
                Text("tổng điểm chưa làm tròn của các chỉ số trong nhóm.", "the unrounded points of its indicators."),
                version(catalogue),
            ),
            empty=shared.NO_UNIT_DATA,
            queries=(Query(f"max by (group) ({place(names.GROUP_POINTS)})", by("group")),),
            kind=Kind.BARS,
            unit=Unit.POINTS,
            size=(12, 10),
            link="unit",
            codes=shared.group_names(catalogue),
        ),
        Panel(
            title=Text("Năm chỉ số mất nhiều điểm nhất", "Five indicators that lose most"),
            what=Text("Điểm còn thiếu so với tối đa của chỉ số.", "Points missing to the maximum of the indicator."),
            formula=joined(Text("tối đa − điểm.", "maximum − points."), version(catalogue)),
            empty=Text("Không chỉ số nào mất điểm, hoặc chưa có dữ liệu.", "No indicator loses points, or no data."),
            queries=(Query(lost, by("indicator")),),
            kind=Kind.BARS,
            unit=Unit.POINTS,
            size=(12, 10),
            link="unit",
            steps=(Step(None, shared.YELLOW), Step(1, shared.ORANGE), Step(3, shared.RED)),
            codes=shared.indicator_names(one for one in catalogue.indicators if one.scored),
        ),
    )


def now() -> Row:
    """What is late and what is due."""
    return row(
        "Làm gì ngay?",
        "What now?",
        _late(),
        *_watched(),
        _worst(),
    )


def _late() -> Panel:
    return Panel(
        title=Text("Đang quá hạn", "Late now"),
        what=Text("Hồ sơ chưa xong đã quá hạn, của mọi kỳ.", "Open dossiers past due, of all periods."),
        formula=Text("đang giải quyết và đồng hồ đã qua hạn", "in process, and the clock is past the due date"),
        empty=shared.NO_UNIT_DATA,
        queries=(Query(f"max ({series(names.WATCHED, run='$run', unit='$province', state=names.LATE)})"),),
        kind=Kind.STAT,
        unit=Unit.DOSSIERS,
        size=(6, 7),
        link="late",
        steps=shared.FEWER_IS_BETTER,
        large=True,
    )


def _worst() -> Panel:
    return Panel(
        title=Text("Đơn vị có nhiều hồ sơ quá hạn nhất", "Units with most late dossiers"),
        what=Text("Mười đơn vị dẫn đầu; gọi từ trên xuống.", "The ten that lead; call from the top."),
        formula=Text("số hồ sơ đang quá hạn", "open dossiers past due"),
        empty=Text("Không đơn vị nào có hồ sơ quá hạn.", "No unit has a late dossier."),
        queries=(Query(f"topk (10, {named(f'{below(_LATE)} > 0')})", by("name")),),
        kind=Kind.BARS,
        unit=Unit.DOSSIERS,
        size=(12, 7),
        link="late",
        steps=shared.FEWER_IS_BETTER,
        required=False,
    )


def _watched() -> tuple[Panel, ...]:
    return (
        Panel(
            title=Text("Đến hạn hôm nay", "Due today"),
            what=Text("Hồ sơ chưa xong phải trả trong hôm nay.", "Open dossiers whose due date is today."),
            formula=Text("đang giải quyết, hạn trong hôm nay", "in process, due within today"),
            empty=shared.NO_UNIT_DATA,
            queries=(Query(f"max ({series(names.WATCHED, run='$run', unit='$province', state=names.DUE_TODAY)})"),),
            kind=Kind.STAT,
            unit=Unit.DOSSIERS,
            size=(6, 7),
            link="late",
            steps=(Step(None, shared.GREEN), Step(1, shared.BLUE)),
            large=True,
        ),
    )
