"""How the pipeline itself is: lag, each stage, what is rejected, whether all is accounted for, workers."""

from __future__ import annotations

from typing import Final

from dashboards.grafana import names, shared, variables
from dashboards.grafana.expressions import RATE_SPAN, per_second, ratio, series
from dashboards.grafana.pipeline_panels import lines, stat, workers
from dashboards.grafana.records import Board, Panel, Query, Row, Step, Text, Unit, by
from dashboards.grafana.shared import row

_RUN: Final = {"run": "$run"}


def pipeline_board() -> Board:
    """The board of whoever operates the workers."""
    return Board(
        key="pipeline",
        title=Text("Một cửa: đường dữ liệu", "One-stop: pipeline"),
        what=Text(
            "Bộ xử lý, ba chặng, độ trễ, tin bị từ chối, đối soát.",
            "Workers, the three stages, lag, rejections, accounts.",
        ),
        first=(
            Text("Tuổi của số liệu, rồi “Bộ xử lý sẵn sàng”.", "The age of the figures, then “Workers ready”."),
            Text("“Bị từ chối theo lý do” phải gần 0.", "“Rejected by reason” must be near 0."),
        ),
        then=(
            Text(
                "Tuổi tăng mà không có bộ xử lý sẵn sàng: xem nhật ký của bộ xử lý; Kafka có trả lời không?",
                "Age rises and no worker is ready: read the log of the worker; does Kafka answer?",
            ),
            Text(
                "Từ chối tăng: `motcua report --rejected` cho biết tin nào, vì sao; báo hệ thống gửi.",
                "Rejections rise: `motcua report --rejected` says which and why; tell the sending system.",
            ),
            Text(
                "Đối soát lệch: `motcua digest --check`, rồi `motcua report --count-items`.",
                "Accounts differ: `motcua digest --check`, then `motcua report --count-items`.",
            ),
        ),
        variables=(variables.RUN,),
        rows=(_health(), _stages(), _accounts(), workers()),
        annotations=shared.ANNOTATIONS,
        span="now-6h",
    )


def _health() -> Row:
    one = (Step(None, shared.RED), Step(1, shared.GREEN))
    return row(
        "Có chạy không?",
        "Does it run?",
        shared.age("runs"),
        _ready(one),
        _holder(),
        stat(
            Text("Đủ phân vùng", "Complete"),
            Text("1 khi mọi phân vùng đã báo số liệu.", "1 when every partition has told its figures."),
            Text("nhỏ nhất", "lowest"),
            f"min ({series(names.COMPLETE, **_RUN)})",
            unit=Unit.SWITCH,
            steps=one,
        ),
        stat(
            Text("Phân vùng đang giữ", "Partitions owned"),
            Text("Tổng phân vùng mà các bộ xử lý đang giữ.", "Partitions that workers own."),
            Text("tổng", "sum"),
            f"sum ({series(names.OWNED, **_RUN)})",
        ),
        stat(
            Text("Hồ sơ đang giữ", "Cases held"),
            Text("Hồ sơ trong bộ nhớ của mọi bộ xử lý.", "Cases in the memory of all workers."),
            Text("tổng", "sum"),
            f"sum ({series(names.HELD, **_RUN)})",
        ),
    )


def _ready(one: tuple[Step, ...]) -> Panel:
    return stat(
        Text("Bộ xử lý sẵn sàng", "Workers ready"),
        Text("Số bộ xử lý đã nạp xong phân vùng của mình.", "Workers that have loaded their partitions."),
        Text("đếm bộ xử lý sẵn sàng", "workers that say ready"),
        f"sum ({series(names.READY, **_RUN)})",
        steps=one,
    )


def _holder() -> Panel:
    return stat(
        Text("Ai giữ chỉ số", "Index held"),
        Text("Phải đúng một bộ xử lý giữ chỉ số.", "Exactly one worker holds the index."),
        Text("đếm", "count"),
        f"sum ({series(names.INDEX_HELD, **_RUN)})",
        steps=(Step(None, shared.RED), Step(1, shared.GREEN), Step(2, shared.ORANGE)),
    )


def _stages() -> Row:
    stage = by("stage")
    seconds, messages = (per_second(name, "stage") for name in (names.STAGE_SECONDS, names.STAGE_MESSAGES))
    return row(
        "Nhanh không?",
        "Is it fast?",
        _throughput(),
        _latency(stage, seconds, messages),
        _behind(),
        lines(
            Text("Đổi chủ phân vùng", "Take-overs"),
            Text("Số lần bộ xử lý nhận phân vùng; tăng liên tục là không ổn.", "Partitions taken over; rising is bad."),
            Text("tăng thêm trong khoảng", "increase over the span"),
            (
                Query(
                    f"sum (increase({series(names.TAKE_OVERS, **_RUN)}[{RATE_SPAN}]))",
                    Text("lần", "times"),
                    instant=False,
                ),
            ),
            Unit.COUNT,
        ),
    )


def _throughput() -> Panel:
    return lines(
        Text("Thông lượng mỗi giây", "Throughput a second"),
        Text("Tin đọc, dữ kiện gộp, mục chỉ số ghi ra.", "Items read, facts folded, index entries written."),
        Text("tốc độ tăng của bộ đếm", "rate of the counters"),
        (
            Query(per_second(names.READ), Text("tin đọc vào", "items read"), instant=False),
            Query(per_second(names.FOLDED), Text("dữ kiện gộp", "facts folded"), instant=False),
            Query(per_second(names.WRITTEN), Text("trạng thái ghi", "states written"), instant=False),
            Query(per_second(names.TOLD), Text("mục chỉ số ghi", "index entries"), instant=False),
        ),
        Unit.PER_SECOND,
    )


def _latency(stage: Text, seconds: str, messages: str) -> Panel:
    return lines(
        Text("Thời gian qua từng chặng", "Latency of each stage"),
        Text(
            "Từ lúc tin vào Kafka đến khi chặng đó ghi bền xong.",
            "From the record in Kafka until the stage has made it durable.",
        ),
        Text("tổng giây ÷ số tin, trong cùng khoảng", "seconds ÷ messages, of the same span"),
        (Query(ratio(seconds, messages), stage, instant=False),),
        Unit.SECONDS,
        empty=Text("Không có tin nào trong khoảng này.", "No message in this span."),
    )


def _behind() -> Panel:
    return lines(
        Text("Chậm so với giờ thật", "Behind real time"),
        Text("Đồng hồ của lượt chạy chậm bao lâu.", "How far the clock of the run is behind."),
        Text("giờ hiện tại − đồng hồ", "now − clock"),
        (Query(f"time() - max ({series(names.AS_OF, **_RUN)})", Text("chậm", "behind"), instant=False),),
        Unit.SECONDS,
    )


def _accounts() -> Row:
    items = series(names.ITEMS, **_RUN)
    return row(
        "Có mất gì không?",
        "Is anything lost?",
        _rejected(),
        _accounted(items),
        lines(
            Text("Áp dụng và lặp lại", "Applied and repeated"),
            Text("Tin đã đổi được gì đó, và tin không đổi gì.", "Items that changed something, and that did not."),
            Text("giá trị tuyệt đối của lượt chạy", "absolute, of the run"),
            (Query(f"max by (outcome) ({items})", by("outcome"), instant=False),),
            Unit.COUNT,
        ),
        lines(
            Text("Giao lại", "Redelivered"),
            Text("Dữ kiện nhận lại sau sự cố; không đổi con số nào.", "Facts seen again; they change nothing."),
            Text("tốc độ tăng", "rate"),
            (Query(per_second(names.REDELIVERED), Text("giao lại", "redelivered"), instant=False),),
            Unit.PER_SECOND,
        ),
    )


def _rejected() -> Panel:
    return lines(
        Text("Bị từ chối theo lý do", "Rejected by reason"),
        Text("Tin không đọc được, mỗi giây; tất cả được giữ lại.", "Items that could not be read; all are kept."),
        Text("tốc độ tăng theo lý do", "rate by reason"),
        (Query(per_second(names.REJECTED, "reason"), by("reason"), instant=False),),
        Unit.PER_SECOND,
        empty=Text("Không tin nào bị từ chối.", "Nothing was rejected."),
        required=False,
    )


def _accounted(items: str) -> Panel:
    return lines(
        Text("Đối soát: đã vào và đã có kết cục", "Accounts: in, and accounted for"),
        Text(
            "Hai đường phải đi cùng nhau: tin đọc vào = áp dụng + lặp lại + từ chối + bỏ qua. Bộ đếm bắt đầu lại "
            "khi bộ xử lý khởi động; con số tuyệt đối: motcua report --count-items.",
            "The two go together: items read = applied + repeated + rejected + ignored. Counters begin again with "
            "a worker; the absolute figures: motcua report --count-items.",
        ),
        Text("tốc độ tăng, hai bên", "rates of both sides"),
        (
            Query(per_second(names.READ), Text("đọc vào", "read"), instant=False),
            Query(
                f"sum (deriv({items}[{RATE_SPAN}])) + ({per_second(names.REJECTED)} or vector(0))"
                f" + ({per_second(names.IGNORED)} or vector(0))",
                Text("có kết cục", "accounted for"),
                instant=False,
            ),
        ),
        Unit.PER_SECOND,
    )
