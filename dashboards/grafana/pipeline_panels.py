"""Forms of panels on the pipeline board, and its row of workers."""

from __future__ import annotations

from dashboards.grafana import names, shared
from dashboards.grafana.expressions import RATE_SPAN, series
from dashboards.grafana.records import Kind, Panel, Query, Row, Step, Text, Unit, by
from dashboards.grafana.shared import NO_WORKER, row


def stat(
    title: Text,
    what: Text,
    formula: Text,
    expr: str,
    *,
    unit: Unit = Unit.COUNT,
    steps: tuple[Step, ...] = shared.NEUTRAL,
) -> Panel:
    """One number of the workers."""
    return Panel(
        title=title,
        what=what,
        formula=formula,
        empty=NO_WORKER,
        queries=(Query(expr),),
        kind=Kind.STAT,
        unit=unit,
        size=(4, 4),
        link="runs",
        steps=steps,
    )


def lines(
    title: Text,
    what: Text,
    formula: Text,
    queries: tuple[Query, ...],
    unit: Unit,
    *,
    empty: Text = NO_WORKER,
    required: bool = True,
) -> Panel:
    """A course of the workers over time."""
    return Panel(
        title=title,
        what=what,
        formula=formula,
        empty=empty,
        queries=queries,
        kind=Kind.LINES,
        unit=unit,
        size=(12, 8),
        link="runs",
        required=required,
    )


def workers() -> Row:
    """Memory, CPU, reach and load of each worker."""
    mine = f" and on (instance, job) {series(names.READY, run='$run')}"
    who = by("instance")
    return row(
        "Máy thế nào?",
        "How are the machines?",
        lines(
            Text("Bộ nhớ", "Memory"),
            Text("Bộ nhớ thường trú của mỗi bộ xử lý.", "Resident memory of each worker."),
            Text("như hệ điều hành báo", "as the system says"),
            (Query(f"{names.MEMORY}{mine}", who, instant=False),),
            Unit.BYTES,
        ),
        lines(
            Text("CPU", "CPU"),
            Text("Phần một nhân mà mỗi bộ xử lý dùng.", "Share of one core that each worker uses."),
            Text("giây CPU mỗi giây", "CPU seconds a second"),
            (Query(f"rate({names.CPU}[{RATE_SPAN}]){mine}", who, instant=False),),
            Unit.SHARE,
        ),
        lines(
            Text("Prometheus đọc được", "Read by Prometheus"),
            Text(
                "1 khi Prometheus đọc được bộ xử lý, của mọi lượt chạy. Mất Kafka thì bộ xử lý tự kết thúc, về 0.",
                "1 while Prometheus reads a worker, of any run. A worker that loses Kafka ends itself, and this is 0.",
            ),
            Text("up", "up"),
            (Query(f'{names.UP}{{job="motcua"}}', who, instant=False),),
            Unit.SWITCH,
        ),
        lines(
            Text("Hồ sơ theo bộ xử lý", "Cases by worker"),
            Text("Cỡ trạng thái mà mỗi bộ xử lý giữ.", "Size of the state that each worker holds."),
            Text("đếm", "count"),
            (Query(f"max by (instance) ({series(names.HELD, run='$run')})", who, instant=False),),
            Unit.COUNT,
        ),
    )
