"""The ranking of a level or a peer group: points, what changed and why, and who is not ranked."""

from __future__ import annotations

from typing import Final

from dashboards.grafana import names, shared, variables
from dashboards.grafana.expressions import before, change, chosen, each, named, within
from dashboards.grafana.records import Board, Column, Kind, Panel, Query, Row, Step, Text, Unit
from dashboards.grafana.shared import joined, row, version
from streams.core.indicators.gains import LITTLE
from streams.core.indicators.records import Catalogue
from streams.core.ranking import LEAST_VOLUME

_AGO: Final = "1w"
_TOTAL: Final = chosen(names.TOTAL, level="$level")
_RANK: Final = chosen(names.RANK, level="$level", peers="~$peers")
_RECEIVED: Final = chosen(names.RECEIVED, level="$level")
_ENOUGH: Final = f"({_TOTAL} and on (run, unit) {_RECEIVED} >= {LEAST_VOLUME})"
_UNIT: Final = Column("unit", Text("Mã", "Code"), to_unit=True)
_NAME: Final = Column("name", Text("Đơn vị", "Unit"))
_SMALL: Final = (Step(None, shared.ORANGE), Step(LITTLE, shared.PLAIN))
_UP_AND_DOWN: Final = (Step(None, shared.RED), Step(-0.005, shared.PLAIN), Step(0.005, shared.GREEN))


def ranking_board(catalogue: Catalogue) -> Board:
    """The board of ranks."""
    return Board(
        key="ranking",
        title=Text("Một cửa: xếp hạng", "One-stop: ranking"),
        what=Text(
            "Điểm và hạng của các đơn vị cùng cấp, thay đổi so với tuần trước và chỉ số gây ra thay đổi.",
            "Points and ranks of the units of a level, the change since last week and the indicator behind it.",
        ),
        first=(
            Text("Cột “So với tuần trước”, rồi cột “Chỉ số đổi nhiều nhất”.", "The change, then what changed most."),
            Text(
                f"Số hồ sơ màu cam (dưới {LITTLE}): một hồ sơ cũng đổi được hạng.",
                f"Dossiers in orange (below {LITTLE}): a single dossier may move the rank.",
            ),
        ),
        then=(
            Text("Bấm vào mã đơn vị để xem vì sao.", "Follow the code of a unit to see why."),
            Text(
                "Đơn vị ở bảng “Chưa xếp hạng” không so được: chờ đủ hồ sơ hoặc kiểm tra kết nối.",
                "Units under “Not ranked” cannot be compared: wait for volume, or look at their connection.",
            ),
        ),
        variables=(variables.RUN, variables.PERIOD, variables.LEVEL, variables.PROVINCES, variables.PEERS_OF_LEVEL),
        rows=(
            row("Số liệu", "Figures", shared.age(), shared.as_of(), *_counts()),
            _ranked(catalogue),
            _others(catalogue),
        ),
        annotations=shared.ANNOTATIONS,
    )


def _counts() -> tuple[Panel, ...]:
    return (
        Panel(
            title=Text("Được xếp hạng", "Ranked"),
            what=Text("Số đơn vị đủ hồ sơ để so sánh.", "Units with enough dossiers to be compared."),
            formula=Text(
                f"đếm đơn vị có điểm và ít nhất {LEAST_VOLUME} hồ sơ", f"units with points and {LEAST_VOLUME} dossiers"
            ),
            empty=Text("Chưa đơn vị nào được xếp hạng.", "No unit has a rank."),
            queries=(Query(f"count ({within(each(_ENOUGH, 'run'))})"),),
            kind=Kind.STAT,
            unit=Unit.COUNT,
            size=(8, 4),
            link="ranking",
            steps=shared.NEUTRAL,
            required=False,
        ),
        Panel(
            title=Text("Chưa xếp hạng", "Not ranked"),
            what=Text(
                f"Đơn vị có điểm nhưng dưới {LEAST_VOLUME} hồ sơ trong kỳ: tạm thời, không xếp hạng.",
                f"Units with points but fewer than {LEAST_VOLUME} dossiers in the period: provisional.",
            ),
            formula=Text("đơn vị có điểm − đơn vị được xếp hạng", "units with points − those ranked"),
            empty=Text("Mọi đơn vị đều được xếp hạng.", "Every unit has a rank."),
            queries=(Query(f"count ({within(_unranked())})"),),
            kind=Kind.STAT,
            unit=Unit.COUNT,
            size=(8, 4),
            link="ranking",
            steps=shared.NEUTRAL,
            required=False,
        ),
    )


def _unranked() -> str:
    return f"({each(_TOTAL, 'run')} unless on (run, unit) {each(_ENOUGH, 'run')})"


def _ranked(catalogue: Catalogue) -> Row:
    moved = change(chosen(names.POINTS, level="$level"), _AGO)
    most = f"topk by (unit) (1, abs ({within(moved)}) > 0.005)"
    panel = _table(catalogue, most)
    return row("Ai đứng đâu, và vì sao đổi?", "Who stands where, and why did it change?", panel)


def _table(catalogue: Catalogue, most: str) -> Panel:
    return Panel(
        title=Text("Bảng xếp hạng", "Ranking"),
        what=Text(
            "Mỗi dòng một đơn vị, theo điểm. “Đổi nhiều nhất” là chỉ số có điểm thay đổi nhiều nhất trong tuần. "
            "Hạng và chỉ số của cấp xã chỉ có khi theo dõi một tỉnh.",
            "One unit a row, by points. “Changed most” is the indicator whose points changed most in a week. "
            "Communes have ranks and indicators only where one province is followed.",
        ),
        formula=joined(
            Text(
                "hạng theo tổng điểm hiển thị; thay đổi = nay − đúng lúc này tuần trước.",
                "ranks by displayed totals; change = now − at this time last week.",
            ),
            version(catalogue),
        ),
        empty=Text("Chưa đơn vị nào được xếp hạng trong kỳ này.", "No unit has a rank in this period."),
        queries=(
            Query(each(within(_RANK))),
            Query(each(named(within(_ENOUGH)), "name")),
            Query(each(within(change(_TOTAL, _AGO)))),
            Query(f"max by (unit, indicator) ({most})"),
            Query(each(within(_RECEIVED))),
            Query(each(within(chosen(names.REACHABLE, level="$level")))),
            Query(each(within(before(_RANK, _AGO)))),
        ),
        kind=Kind.TABLE,
        unit=Unit.POINTS,
        size=(24, 18),
        link="unit",
        columns=_columns(catalogue),
        sort="-B",
    )


def _columns(catalogue: Catalogue) -> tuple[Column, ...]:
    return (
        Column("A", Text("Hạng", "Rank"), Unit.COUNT),
        _UNIT,
        _NAME,
        Column("B", Text("Tổng điểm", "Total"), Unit.POINTS, shared.band_steps(catalogue)),
        Column("C", Text("So với tuần trước", "Since last week"), Unit.POINTS, _UP_AND_DOWN),
        Column("G", Text("Hạng tuần trước", "Rank last week"), Unit.COUNT),
        Column(
            "indicator",
            Text("Chỉ số đổi nhiều nhất", "Changed most"),
            codes=shared.indicator_names(one for one in catalogue.indicators if one.scored),
        ),
        Column("D", Text("Đổi bao nhiêu", "By"), Unit.POINTS),
        Column("E", Text("Hồ sơ tiếp nhận", "Received"), Unit.DOSSIERS, _SMALL),
        Column("F", Text("Tối đa đạt được", "Reachable"), Unit.POINTS),
    )


def _others(catalogue: Catalogue) -> Row:
    panel = Panel(
        title=Text("Tạm thời, không xếp hạng", "Provisional, not ranked"),
        what=Text(
            f"Dưới {LEAST_VOLUME} hồ sơ trong kỳ thì điểm chưa nói lên điều gì; để riêng, không so với ai.",
            f"Below {LEAST_VOLUME} dossiers in the period points say little; kept apart, compared with nobody.",
        ),
        formula=joined(Text("như tổng điểm, không có hạng.", "as the total, without rank."), version(catalogue)),
        empty=Text("Không có đơn vị nào.", "None."),
        queries=(
            Query(f"max by (unit, name) ({named(within(_unranked()))})"),
            Query(each(within(_RECEIVED))),
        ),
        kind=Kind.TABLE,
        unit=Unit.POINTS,
        size=(24, 8),
        link="unit",
        columns=(
            _UNIT,
            _NAME,
            Column("A", Text("Tổng điểm", "Total"), Unit.POINTS),
            Column("B", Text("Hồ sơ tiếp nhận", "Received"), Unit.DOSSIERS, _SMALL),
        ),
        sort="-A",
        required=False,
    )
    return row("Ai chưa so được?", "Who cannot be compared yet?", panel)
