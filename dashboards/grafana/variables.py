"""What can be chosen above the boards."""

from __future__ import annotations

from typing import Final

import msgspec

from dashboards.grafana import names
from dashboards.grafana.expressions import series
from dashboards.grafana.records import Text, Variable
from streams.core.civil import ALL, MONTH, QUARTER, WEEK, YEAR

_WITH_NAME: Final = '/name="(?<text>[^"]+)|unit="(?<value>[^"]+)/g'
"""Grafana takes text and value from the labels of the series that `query_result` gives."""

RUN: Final = Variable(
    name="run",
    label=Text("Lượt chạy", "Run"),
    query=f"label_values({names.AS_OF}, run)",
    start="live",
)
PERIOD: Final = Variable(
    name="period",
    label=Text("Kỳ", "Period"),
    values=(
        (WEEK, Text("Tuần này", "This week")),
        (MONTH, Text("Tháng này", "This month")),
        (QUARTER, Text("Quý này", "This quarter")),
        (YEAR, Text("Năm nay", "This year")),
        (ALL, Text("Từ đầu", "All time")),
    ),
    start=MONTH,
)
LEVEL: Final = Variable(
    name="level",
    label=Text("Cấp", "Level"),
    values=(
        ("commune", Text("Xã, phường, đặc khu", "Communes")),
        ("department", Text("Sở, ban, ngành", "Departments")),
        ("province", Text("Tỉnh, thành phố", "Provinces")),
    ),
    start="commune",
)
PLACE: Final = Variable(
    name="province",
    label=Text("Tỉnh hoặc cả nước", "Province or country"),
    query=f"query_result({series(names.UNIT_INFO, run='$run', level='~country|province')})",
    regex=_WITH_NAME,
)
PROVINCES: Final = Variable(
    name="province",
    label=Text("Tỉnh", "Province"),
    query=f"query_result({series(names.UNIT_INFO, run='$run', level='province')})",
    regex=_WITH_NAME,
    all_of_them=True,
)
UNIT: Final = Variable(
    name="unit",
    label=Text("Đơn vị", "Unit"),
    query=f"query_result({series(names.UNIT_INFO, run='$run', province='~$province')})",
    regex=_WITH_NAME,
)


def _peers(**labels: str) -> Variable:
    return Variable(
        name="peers",
        label=Text("Nhóm so sánh", "Peer group"),
        query=f"label_values({series(names.RANK, run='$run', **labels)}, peers)",
    )


PEERS_OF_PLACE: Final = _peers(unit="$province")
PEERS_OF_UNIT: Final = _peers(unit="$unit")
PEERS_OF_LEVEL: Final = msgspec.structs.replace(_peers(level="$level"), all_of_them=True)
OTHER_RUN: Final = Variable(
    name="other",
    label=Text("So với lượt chạy", "Beside run"),
    query=f"label_values({names.AS_OF}, run)",
    start="live",
)
