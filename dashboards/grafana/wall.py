"""The wall board: how are we, against whom, why, and what now, without a click."""

from __future__ import annotations

from typing import Final

from dashboards.grafana import names, shared, variables
from dashboards.grafana.expressions import below, chosen, place, series
from dashboards.grafana.records import Board, Kind, Panel, Query, Row, Step, Text, Unit
from dashboards.grafana.shared import joined, row, version
from dashboards.grafana.wall_reasons import now, whom, why
from streams.core.indicators.records import Catalogue

_BELOW: Final = "~commune|department"
_RECEIVED: Final = chosen(names.RECEIVED, level=_BELOW)
_REGISTERED: Final = series(names.REGISTERED, run="$run", level=_BELOW, province="$province")
_REGISTERED_IN_ALL: Final = f"{series(names.REGISTERED, run='$run', level=_BELOW)} and on (run) " + series(
    names.UNIT_INFO, run="$run", unit="$province", level="country"
)


def wall(catalogue: Catalogue) -> Board:
    """The board for the screen on the wall of a province or the country."""
    return Board(
        key="wall",
        title=Text("Một cửa: bảng tường", "One-stop: wall board"),
        what=Text(
            "Chúng ta phục vụ thế nào, so với ai, vì sao, và làm gì ngay.",
            "How well we serve, against whom, why, and what to do now.",
        ),
        first=(
            Text("Tuổi của số liệu phải màu xanh.", "The age of the figures must be green."),
            Text("Rồi đến tổng điểm, xếp loại và hạng.", "Then total, band and rank."),
        ),
        then=(
            Text(
                "Nhóm chỉ số thấp so với tối đa: bấm vào để mở bảng đơn vị, xem chỉ số mất nhiều điểm nhất.",
                "A group far below its maximum: open the unit board there, and see which indicator loses most.",
            ),
            Text(
                "Hồ sơ quá hạn hoặc đến hạn hôm nay: mở bảng quá hạn, gọi các đơn vị đứng đầu danh sách.",
                "Late or due today: open the late board and call the units that lead its list.",
            ),
        ),
        variables=(variables.RUN, variables.PERIOD, variables.PLACE, variables.PEERS_OF_PLACE),
        rows=(_how(catalogue), whom(catalogue), why(catalogue), now()),
        annotations=shared.ANNOTATIONS,
        span="now-90d",
    )


def _how(catalogue: Catalogue) -> Row:
    total = Query(f"max ({place(names.TOTAL)})")
    return row(
        "Chúng ta thế nào?",
        "How are we?",
        _total(catalogue, total),
        _band(catalogue, total),
        _rank(),
        shared.age(),
        shared.as_of(),
        _connected(),
        *_rates(),
    )


def _total(catalogue: Catalogue, total: Query) -> Panel:
    return Panel(
        title=Text("Tổng điểm (ước tính)", "Total (estimate)"),
        what=Text(
            "Tổng điểm bộ chỉ số trong kỳ, tối đa 100. Ước tính: cổng quốc gia biết nhiều hơn hệ thống này.",
            "The total of the index in the period, of 100. An estimate: the national portal knows more.",
        ),
        formula=joined(Text("tổng các nhóm như hiển thị.", "sum of the groups as shown."), version(catalogue)),
        empty=shared.NO_UNIT_DATA,
        queries=(total,),
        kind=Kind.STAT,
        unit=Unit.POINTS,
        size=(6, 6),
        link="unit",
        steps=shared.band_steps(catalogue),
        large=True,
    )


def _band(catalogue: Catalogue, total: Query) -> Panel:
    return Panel(
        title=Text("Xếp loại", "Band"),
        what=Text("Loại theo tổng điểm.", "The band of the total."),
        formula=joined(_bands(catalogue), version(catalogue)),
        empty=shared.NO_UNIT_DATA,
        queries=(total,),
        kind=Kind.STAT,
        unit=Unit.POINTS,
        size=(5, 6),
        link="unit",
        steps=shared.band_steps(catalogue),
        meanings=shared.band_meanings(catalogue),
        large=True,
    )


def _rank() -> Panel:
    return Panel(
        title=Text("Hạng", "Rank"),
        what=Text(
            "Hạng trong nhóm so sánh, theo tổng điểm hiển thị; bằng điểm thì cùng hạng.",
            "Rank in the peer group by displayed totals; equal totals share a rank.",
        ),
        formula=Text("1 + số đơn vị có điểm cao hơn", "1 + number of units with more points"),
        empty=Text(
            "Chưa xếp hạng: quá ít hồ sơ trong kỳ, hoặc không thuộc nhóm này.",
            "No rank: too few dossiers in the period, or not in this group.",
        ),
        queries=(Query(f"min ({place(names.RANK, peers='$peers')})"),),
        kind=Kind.STAT,
        unit=Unit.PLACE,
        size=(5, 6),
        link="ranking",
        steps=shared.NEUTRAL,
        large=True,
        required=False,
    )


def _connected() -> Panel:
    return Panel(
        title=Text("Đơn vị có hồ sơ trong kỳ", "Units with dossiers"),
        what=Text(
            "Số đơn vị của cấp dưới tỉnh có hồ sơ tiếp nhận trong kỳ, trên số đơn vị trong danh mục.",
            "Units below the province with dossiers received in the period, of those in the register.",
        ),
        formula=Text("đơn vị có hồ sơ; đơn vị trong danh mục", "with dossiers; registered"),
        empty=shared.NO_UNIT_DATA,
        queries=(
            Query(f"count ({below(_RECEIVED)} > 0)", Text("có hồ sơ", "with dossiers")),
            Query(f"sum ({_REGISTERED} or {_REGISTERED_IN_ALL})", Text("trong danh mục", "registered")),
        ),
        kind=Kind.STAT,
        unit=Unit.COUNT,
        size=(8, 4),
        link="ranking",
        steps=shared.NEUTRAL,
    )


def _bands(catalogue: Catalogue) -> Text:
    held = sorted(catalogue.bands, key=lambda band: -band.least)
    return Text(
        ", ".join(f"{band.vi} từ {band.least}" for band in held) + ".",
        ", ".join(f"{band.en} from {band.least}" for band in held) + ".",
    )


def _rates() -> tuple[Panel, ...]:
    return (
        _rate(
            Text("Đúng hạn theo QĐ 766", "On time, Decision 766"),
            Text(
                "Tính trên hồ sơ TIẾP NHẬN trong kỳ; là tỷ lệ được chấm điểm.",
                "Of the dossiers RECEIVED in the period; the one that is scored.",
            ),
            Text(
                "(giải quyết đúng hạn + đang giải quyết trong hạn) ÷ tiếp nhận trong kỳ",
                "(ended on time + in process within due) ÷ received in the period",
            ),
            names.RATE_766,
        ),
        _rate(
            Text("Đúng hạn theo báo cáo", "On time, report"),
            Text(
                "Tính trên hồ sơ GIẢI QUYẾT XONG trong kỳ, so theo ngày; không dùng để chấm điểm.",
                "Of the dossiers FINISHED in the period, compared by day; not scored.",
            ),
            Text("(trước hạn + đúng hạn + không có hạn) ÷ đã trả", "(early + on the day + no due date) ÷ finished"),
            names.REPORT_RATE,
        ),
        _online(),
    )


def _rate(title: Text, what: Text, formula: Text, recorded: str) -> Panel:
    return Panel(
        title=title,
        what=what,
        formula=formula,
        empty=shared.NO_UNIT_DATA,
        queries=(Query(f"max ({place(recorded)})"),),
        kind=Kind.STAT,
        unit=Unit.SHARE,
        size=(8, 6),
        link="unit",
        steps=shared.SHARES,
        large=True,
    )


def _online() -> Panel:
    return Panel(
        title=Text("Nộp trực tuyến", "Filed online"),
        what=Text("Phần hồ sơ nộp trực tuyến trong kỳ.", "Share of dossiers filed online in the period."),
        formula=Text("nộp trực tuyến ÷ tiếp nhận", "filed online ÷ received"),
        empty=shared.NO_UNIT_DATA,
        queries=(Query(f"max ({place(names.ONLINE_RATE)})"),),
        kind=Kind.STAT,
        unit=Unit.SHARE,
        size=(8, 6),
        link="unit",
        steps=(Step(None, shared.ORANGE), Step(0.5, shared.GREEN)),
        large=True,
    )
