"""Everything of one unit: points and what is lost, both rates, stock, each group of the index, and its peers."""

from __future__ import annotations

from dashboards.grafana import expressions, names, shared, variables
from dashboards.grafana.expressions import before, chosen, ratio, series
from dashboards.grafana.records import Board, Column, Kind, Panel, Query, Row, Step, Text, Unit, by
from dashboards.grafana.shared import joined, row, version
from streams.core.indicators.records import Basis, Catalogue, Group, Indicator
from streams.core.indicators.records import Kind as Counted

_BASES = {
    Basis.MEASURED: Text("đo được", "measured"),
    Basis.DECLARED: Text("khai báo", "declared"),
    Basis.ESTIMATED: Text("ước tính", "estimated"),
}


def unit_board(catalogue: Catalogue) -> Board:
    """The board of one unit."""
    return Board(
        key="unit",
        title=Text("Một cửa: đơn vị", "One-stop: unit"),
        what=Text(
            "Mọi điều về một đơn vị: điểm mất ở đâu, hai tỷ lệ đúng hạn, tồn, từng nhóm chỉ số, so với nhóm.",
            "Everything of one unit: points lost, both on-time rates, stock, each group, its peers.",
        ),
        first=(
            Text("Bảng “Mất điểm ở đâu”, dòng trên cùng.", "The top line of “Where points are lost”."),
            Text("Rồi hai tỷ lệ đúng hạn: chúng đếm hồ sơ khác nhau.", "Then both rates: they count other dossiers."),
        ),
        then=(
            Text(
                "Xử lý chỉ số đứng đầu trước: cột “còn thiếu” là điểm lấy lại được nếu đạt tối đa.",
                "Work on the leading indicator first: “lost” is what reaching its maximum brings back.",
            ),
            Text(
                "`motcua report --unit MÃ --gain` cho biết cần thêm bao nhiêu hồ sơ.",
                "`motcua report --unit CODE --gain` says how many dossiers that takes.",
            ),
        ),
        variables=(variables.RUN, variables.PERIOD, variables.PROVINCES, variables.UNIT, variables.PEERS_OF_UNIT),
        rows=(
            _overview(catalogue),
            _lost(catalogue),
            _work(),
            *(_group(catalogue, group) for group in catalogue.groups),
            _peers(catalogue),
        ),
        annotations=shared.ANNOTATIONS,
        span="now-30d",
    )


def _stat(title: Text, what: Text, formula: Text, expr: str, *, unit: Unit, steps: tuple[Step, ...]) -> Panel:
    return Panel(
        title=title,
        what=what,
        formula=formula,
        empty=shared.NO_UNIT_DATA,
        queries=(Query(expr),),
        kind=Kind.STAT,
        unit=unit,
        size=(4, 4),
        link="ranking",
        steps=steps,
    )


def _overview(catalogue: Catalogue) -> Row:
    return row(
        "Đơn vị này thế nào?",
        "How is this unit?",
        shared.age(),
        _total(catalogue),
        _reachable(catalogue),
        _stat(
            Text("Đúng hạn theo QĐ 766", "On time, Decision 766"),
            Text("Trên hồ sơ tiếp nhận trong kỳ; được chấm điểm.", "Of those received in the period; scored."),
            Text("(đúng hạn + đang trong hạn) ÷ tiếp nhận", "(on time + within due) ÷ received"),
            f"max ({expressions.unit(names.RATE_766)})",
            unit=Unit.SHARE,
            steps=shared.SHARES,
        ),
        _stat(
            Text("Đúng hạn theo báo cáo", "On time, report"),
            Text("Trên hồ sơ giải quyết xong trong kỳ, theo ngày.", "Of those finished in the period, by day."),
            Text("(trước hạn + đúng hạn + không có hạn) ÷ đã trả", "(early + on the day + no due date) ÷ finished"),
            f"max ({expressions.unit(names.REPORT_RATE)})",
            unit=Unit.SHARE,
            steps=shared.SHARES,
        ),
        _stat(
            Text("Tiếp nhận trong kỳ", "Received"),
            Text("Hồ sơ tiếp nhận trong kỳ.", "Dossiers received in the period."),
            Text("đếm hồ sơ", "count"),
            f"max ({expressions.unit(names.RECEIVED)})",
            unit=Unit.DOSSIERS,
            steps=shared.NEUTRAL,
        ),
    )


def _total(catalogue: Catalogue) -> Panel:
    return _stat(
        Text("Tổng điểm (ước tính)", "Total (estimate)"),
        Text("Tổng điểm của đơn vị trong kỳ.", "The total of the unit in the period."),
        joined(Text("tổng các nhóm như hiển thị.", "sum of the groups as shown."), version(catalogue)),
        f"max ({expressions.unit(names.TOTAL)})",
        unit=Unit.POINTS,
        steps=shared.band_steps(catalogue),
    )


def _reachable(catalogue: Catalogue) -> Panel:
    return _stat(
        Text("Tối đa đạt được", "Reachable"),
        Text(
            "Điểm tối đa của các chỉ số có dữ liệu. Thấp hơn 100 nghĩa là chưa đủ dữ liệu.",
            "The maxima of the indicators that have a value. Below 100: not all have data.",
        ),
        joined(Text("tổng tối đa của chỉ số có giá trị.", "sum of those maxima."), version(catalogue)),
        f"max ({expressions.unit(names.REACHABLE)})",
        unit=Unit.POINTS,
        steps=shared.NEUTRAL,
    )


def _lost(catalogue: Catalogue) -> Row:
    scored = tuple(one for one in catalogue.indicators if one.scored)
    points = f"max by (indicator) ({expressions.unit(names.POINTS)})"
    maximum = f"max by (indicator) ({names.MAXIMUM})"
    panel = Panel(
        title=Text("Mất điểm ở đâu", "Where points are lost"),
        what=Text(
            "Mỗi dòng một chỉ số: điểm, tối đa, còn thiếu, tử số và mẫu số. Không có dữ liệu thì trống, không phải 0.",
            "One indicator a line: points, maximum, lost, and its counts. No data is blank, not 0.",
        ),
        formula=joined(
            Text("còn thiếu = tối đa − điểm.", "lost = maximum − points."), version(catalogue), _list(scored)
        ),
        empty=shared.NO_UNIT_DATA,
        queries=(
            Query(points),
            Query(f"{maximum} and on (indicator) {points}"),
            Query(f"{maximum} - on (indicator) {points}"),
            Query(f"max by (indicator) ({expressions.unit(names.NUMERATOR)})"),
            Query(f"max by (indicator) ({expressions.unit(names.DENOMINATOR)})"),
        ),
        kind=Kind.TABLE,
        unit=Unit.POINTS,
        size=(24, 14),
        link="ranking",
        columns=(
            Column("indicator", Text("Chỉ số", "Indicator"), codes=shared.indicator_names(catalogue.indicators)),
            Column("C", Text("Còn thiếu", "Lost"), Unit.POINTS, (Step(None, shared.GREEN), Step(0.5, shared.ORANGE))),
            Column("A", Text("Điểm", "Points"), Unit.POINTS),
            Column("B", Text("Tối đa", "Maximum"), Unit.POINTS),
            Column("D", Text("Tử số", "Above the line"), Unit.COUNT),
            Column("E", Text("Mẫu số", "Below the line"), Unit.COUNT),
        ),
        sort="-C",
    )
    return row("Mất điểm ở đâu?", "Where are points lost?", panel)


def _list(indicators: tuple[Indicator, ...]) -> Text:
    return Text(f"\n\n{shared.formulas(indicators).vi}", f"\n\n{shared.formulas(indicators).en}")


def _work() -> Row:
    standing = series(names.STANDING, run="$run", period="all", unit="$unit", state="~open_.*")
    return row(
        "Việc đang làm",
        "Work in hand",
        Panel(
            title=Text("Tồn: đang giải quyết", "Stock: in process"),
            what=Text("Hồ sơ chưa xong của mọi kỳ, theo tình trạng hạn.", "Open dossiers of all periods, by due date."),
            formula=Text("đang trong hạn, quá hạn, không có hạn", "within due, overdue, without due date"),
            empty=shared.NO_UNIT_DATA,
            queries=(Query(f"max by (state) ({standing})", by("state"), instant=False),),
            kind=Kind.LINES,
            unit=Unit.DOSSIERS,
            size=(12, 8),
            link="late",
            codes=shared.STATES,
        ),
        Panel(
            title=Text("Đã trả trong kỳ, so với hạn", "Finished in the period, against the due date"),
            what=Text(
                "Theo ngày: trước hạn, đúng hạn, quá hạn, không có hạn.", "By day: early, on the day, late, none."
            ),
            formula=Text("đếm hồ sơ đã trả", "count of finished dossiers"),
            empty=shared.NO_UNIT_DATA,
            queries=(
                Query(
                    f"max by (outcome) ({expressions.unit(names.FINISHED)})",
                    by("outcome"),
                    instant=False,
                ),
            ),
            kind=Kind.LINES,
            unit=Unit.DOSSIERS,
            size=(12, 8),
            link="late",
            codes=shared.OUTCOMES,
        ),
    )


def _group(catalogue: Catalogue, group: Group) -> Row:
    mine = tuple(one for one in catalogue.indicators if one.group == group.id and one.kind is Counted.SHARE)
    ids = "~" + "|".join(one.id.replace(".", "\\\\.") for one in mine)
    share = ratio(
        f"max by (indicator) ({expressions.unit(names.NUMERATOR, indicator=ids)})",
        f"max by (indicator) ({expressions.unit(names.DENOMINATOR, indicator=ids)})",
    )
    bases = joined(*(_basis(one) for one in mine))
    lines = f"max by (indicator) ({expressions.unit(names.POINTS, indicator=ids)})"
    return row(
        group.vi,
        group.en,
        _shares(catalogue, group, mine, share, bases),
        _points(catalogue, group, mine, lines),
    )


def _shares(catalogue: Catalogue, group: Group, mine: tuple[Indicator, ...], share: str, bases: Text) -> Panel:
    return Panel(
        title=Text(f"{group.vi}: tỷ lệ", f"{group.en}: shares"),
        what=joined(Text("Tỷ lệ của từng chỉ số, từ số đếm.", "The share of each indicator, from counts."), bases),
        formula=joined(version(catalogue), _list(mine)),
        empty=shared.NO_UNIT_DATA,
        queries=(Query(share, by("indicator")),),
        kind=Kind.BARS,
        unit=Unit.SHARE,
        size=(12, 8),
        link="ranking",
        steps=shared.SHARES,
        codes=shared.indicator_names(mine),
        maximum=1,
        required=group.id in shared.ALWAYS_COUNTED,
    )


def _points(catalogue: Catalogue, group: Group, mine: tuple[Indicator, ...], lines: str) -> Panel:
    return Panel(
        title=Text(f"{group.vi}: điểm theo thời gian", f"{group.en}: points over time"),
        what=Text("Điểm của từng chỉ số trong kỳ đang chọn.", "Points of each indicator in the chosen period."),
        formula=joined(version(catalogue), _list(mine)),
        empty=shared.NO_UNIT_DATA,
        queries=(Query(lines, by("indicator"), instant=False),),
        kind=Kind.LINES,
        unit=Unit.POINTS,
        size=(12, 8),
        link="runs",
        codes=shared.indicator_names(mine),
        required=group.id in shared.ALWAYS_COUNTED,
    )


def _basis(one: Indicator) -> Text:
    word = _BASES[one.basis]
    return Text(f"{one.id}: {word.vi}.", f"{one.id}: {word.en}.")


def _peers(catalogue: Catalogue) -> Row:
    total = chosen(names.TOTAL)
    among = (
        f"(max by (run, unit) ({total}) and on (run, unit) max by (run, unit) ({chosen(names.RANK, peers='$peers')}))"
    )
    own = expressions.unit(names.TOTAL)
    return row(
        "So với nhóm",
        "Beside its peers",
        Panel(
            title=Text("Điểm của đơn vị và của nhóm", "The unit and its peers"),
            what=Text(
                "Đơn vị này, và điểm cao nhất, ở giữa, thấp nhất của nhóm so sánh.",
                "This unit, and the highest, middle and lowest total of its peer group.",
            ),
            formula=joined(
                Text("trung vị là điểm ở giữa, không phải trung bình.", "the median, not a mean."), version(catalogue)
            ),
            empty=Text("Chưa đơn vị nào của nhóm được xếp hạng.", "No unit of the group has a rank."),
            queries=(
                Query(f"max ({own})", Text("đơn vị này", "this unit"), instant=False),
                Query(f"max ({before(own, '1w')})", Text("tuần trước", "last week"), instant=False),
                Query(f"max ({among})", Text("cao nhất", "highest"), instant=False),
                Query(f"quantile (0.5, {among})", Text("ở giữa", "middle"), instant=False),
                Query(f"min ({among})", Text("thấp nhất", "lowest"), instant=False),
            ),
            kind=Kind.LINES,
            unit=Unit.POINTS,
            size=(24, 9),
            link="ranking",
        ),
    )
