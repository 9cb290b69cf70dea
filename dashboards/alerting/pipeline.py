"""The alerts on the pipeline itself, one record each: what is wrong with it, by its own metrics alone."""

from __future__ import annotations

from typing import Final

import msgspec

from dashboards.alerting.plan import Plan


class PipelineAlert(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of Prometheus.

    `expr` is PromQL with {runs}, {job}, {stale_s}, {lag_s}, {stuck_s} of the plan; `stale` says that figures are old
    while it fires, so alerts on services are held back.  `id` names the page in docs/runbooks.
    """

    id: str
    alert: str
    expr: str
    stale: bool
    vi: str
    en: str
    says_vi: str
    says_en: str

    def expression(self, plan: Plan) -> str:
        """The expression with what the plan says."""
        words = {"runs": plan.runs, "job": plan.job, "stale_s": plan.stale_s}
        return self.expr.format(**words, lag_s=plan.lag_s, stuck_s=plan.stuck_s)


_READ: Final = (
    'sum by (run) (motcua_intake_items_read_total{{run=~"{runs}"}} - motcua_intake_items_read_total offset 30m)'
)
_NONE: Final = f"{_READ} * 0"
_REFUSED: Final = (
    '(sum by (run) (motcua_items_rejected_total{{run=~"{runs}"}}'
    f" - (motcua_items_rejected_total offset 30m or motcua_items_rejected_total * 0)) or {_NONE})"
)
_IGNORED: Final = (
    'sum by (run) (motcua_intake_items_ignored_total{{run=~"{runs}"}} - motcua_intake_items_ignored_total offset 30m)'
)
_TOLD: Final = (
    'sum by (run) (max without (instance) (motcua_items{{run=~"{runs}"}})'
    " - max without (instance) (motcua_items offset 30m))"
)
_APART: Final = f"abs({_READ} - {_REFUSED} - {_IGNORED} - {_TOLD})"

PIPELINE: Final = (
    PipelineAlert(
        id="no-worker",
        alert="MotcuaNoWorker",
        expr='sum(up{{job="{job}"}}) == 0 or absent(up{{job="{job}"}})',
        stale=True,
        vi="Không có tiến trình nào hoạt động",
        en="No worker is up",
        says_vi="Prometheus không đọc được tiến trình nào: mọi số liệu đang đứng yên",
        says_en="Prometheus reaches no worker: every figure stands still",
    ),
    PipelineAlert(
        id="worker-down",
        alert="MotcuaWorkerDown",
        expr='up{{job="{job}"}} == 0 and on () sum(up{{job="{job}"}}) > 0',
        stale=False,
        vi="Một tiến trình ngừng hoạt động",
        en="A worker is down",
        says_vi="Không đọc được tiến trình {{ $labels.instance }}; các tiến trình khác làm thay",
        says_en="The worker {{ $labels.instance }} cannot be reached; the others do its work",
    ),
    PipelineAlert(
        id="index-holders",
        alert="MotcuaIndexHolders",
        expr='sum by (run) (motcua_index_held{{run=~"{runs}"}}) != 1',
        stale=True,
        vi="Chỉ số không có đúng một nơi tính",
        en="INDEX is held by none or two",
        says_vi="Có {{ $value }} tiến trình tính chỉ số, phải là một",
        says_en="{{ $value }} workers compute the index; it must be one",
    ),
    PipelineAlert(
        id="index-stale",
        alert="MotcuaIndexStale",
        expr='time() - max by (run) (last_over_time(motcua_index_as_of_seconds{{run=~"{runs}"}}[1h])) > {stale_s}',
        stale=True,
        vi="Chỉ số đã cũ",
        en="The index is stale",
        says_vi="Chỉ số chậm {{ $value | humanizeDuration }} so với hiện tại",
        says_en="The index is {{ $value | humanizeDuration }} behind",
    ),
    PipelineAlert(
        id="lagging",
        alert="MotcuaLagging",
        expr='time() - min by (run, instance) (motcua_clock_seconds{{run=~"{runs}"}} > 0) > {lag_s}',
        stale=False,
        vi="Xử lý chậm",
        en="A worker lags behind",
        says_vi="{{ $labels.instance }} xử lý chậm {{ $value | humanizeDuration }}",
        says_en="{{ $labels.instance }} is {{ $value | humanizeDuration }} behind",
    ),
    PipelineAlert(
        id="no-progress",
        alert="MotcuaNoProgress",
        expr='max by (run) (motcua_standstill_seconds{{run=~"{runs}"}}) > {stuck_s}',
        stale=True,
        vi="Có dữ liệu chờ nhưng không xử lý",
        en="Work waits and nothing moves",
        says_vi="Một phân vùng có dữ liệu chờ mà đã đứng yên {{ $value | humanizeDuration }}",
        says_en="A partition has input and has stood still for {{ $value | humanizeDuration }}",
    ),
    PipelineAlert(
        id="rejecting",
        alert="MotcuaRejecting",
        expr=(
            'sum by (run) (increase(motcua_items_rejected_total{{run=~"{runs}"}}[30m]))'
            ' / sum by (run) (increase(motcua_intake_items_read_total{{run=~"{runs}"}}[30m])) > 0.05'
            ' and sum by (run) (increase(motcua_items_rejected_total{{run=~"{runs}"}}[30m])) >= 20'
        ),
        stale=False,
        vi="Nhiều bản ghi bị từ chối",
        en="Many items are rejected",
        says_vi="{{ $value | humanizePercentage }} bản ghi trong 30 phút qua không đọc được",
        says_en="{{ $value | humanizePercentage }} of the items of the last 30 minutes could not be read",
    ),
    PipelineAlert(
        id="conservation-broken",
        alert="MotcuaConservationBroken",
        # Workers that started within the time are not compared; what is on its way is allowed for.
        expr=(
            f"{_APART} > 50 and {_APART} > 0.02 * {_READ}"
            ' and on (run) count by (run) (motcua_ready{{run=~"{runs}"}})'
            ' == on (run) count by (run) (motcua_ready{{run=~"{runs}"}} offset 30m)'
        ),
        stale=False,
        vi="Bản ghi đã đọc không khớp bản ghi đã tính",
        en="Items read are not accounted for",
        says_vi="Trong 30 phút qua lệch {{ $value }} bản ghi giữa đã đọc và đã tính",
        says_en="Over 30 minutes {{ $value }} items read are neither counted nor rejected",
    ),
)
