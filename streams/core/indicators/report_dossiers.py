"""Report indicators of dossiers: what was finished, stock, settlement time, filed online."""

from typing import Final

from streams.core.indicators.records import Amount, Indicator, Kind
from streams.core.indicators.report_forms import FINISHED, RECEIVED, count, procedures, share

IN_SCOPE: Final = Amount(("received_in_scope",))

OUTCOME: Final = (
    share(
        "early",
        "finished",
        ("Tỷ lệ trả trước hạn", "early"),
        (Amount(("finished_early",)), FINISHED),
        "early ÷ finished",
    ),
    share(
        "in_time",
        "finished",
        ("Tỷ lệ trả trước và đúng hạn", "early and on time (report rate)"),
        (Amount(("finished_early", "finished_on_time", "finished_no_due")), FINISHED),
        "(early + on the due day + without due date) ÷ finished; by calendar date",
    ),
    share("late", "finished", ("Tỷ lệ trả quá hạn", "late"), (Amount(("finished_late",)), FINISHED), "late ÷ finished"),
    share(
        "completion",
        "stock",
        ("Tỷ lệ giải quyết", "completion"),
        (Amount(("ends",)), Amount(("carried_over", "received"))),
        "ended ÷ (carried over + received)",
    ),
    count(
        "carried_over",
        "stock",
        ("Kỳ trước chuyển sang", "carried over"),
        Amount(("carried_over",)),
        "open when the period began",
    ),
    share(
        "settled",
        "stock",
        ("Tỷ lệ đã rõ kết quả", "settled"),
        (Amount(("received",), ("open_within", "open_no_due")), RECEIVED),
        "(received − in process within due or without one) ÷ received: how far an open period is decided",
    ),
    count(
        "stock",
        "stock",
        ("Tồn cuối kỳ", "stock"),
        Amount(("carried_over", "received"), ("ends",)),
        "carried over + received − ended",
    ),
    Indicator(
        id="settlement_hours",
        group="time",
        vi="Thời gian giải quyết trung bình",
        en="average settlement time",
        numerator=Amount(("timed_minutes",)),
        denominator=Amount(("timed",)),
        kind=Kind.HOURS,
        formula="working time used ÷ finished",
    ),
    share(
        "faster",
        "time",
        ("Rút ngắn so với quy định", "faster than regulated"),
        (Amount(("allowed_minutes",), ("compared_minutes",)), Amount(("allowed_minutes",))),
        "(working time allowed − used) ÷ allowed, of what had a due date; below 0 when it took longer",
    ),
)

CHANNELS: Final = (
    share(
        "online",
        "online",
        ("Tỷ lệ nộp trực tuyến", "filed online"),
        (Amount(("online",)), RECEIVED),
        "online ÷ received",
    ),
    share(
        "online_postal",
        "online",
        ("Tỷ lệ trực tuyến và bưu chính", "filed online or by post"),
        (Amount(("online", "postal")), RECEIVED),
        "(online + by post) ÷ received",
    ),
    share(
        "online_in_scope",
        "online",
        ("Tỷ lệ trực tuyến trên thủ tục cung cấp trực tuyến", "filed online, of procedures offered online"),
        (Amount(("online_in_scope",)), IN_SCOPE),
        "online ÷ received, of procedures that are offered online",
    ),
    share(
        "online_postal_in_scope",
        "online",
        (
            "Tỷ lệ trực tuyến và bưu chính trên thủ tục cung cấp trực tuyến",
            "filed online or by post, of procedures offered online",
        ),
        (Amount(("online_in_scope", "postal_in_scope")), IN_SCOPE),
        "(online + by post) ÷ received, of procedures that are offered online",
    ),
    share(
        "online_full",
        "online",
        ("Tỷ lệ hồ sơ trực tuyến toàn trình (mức 4)", "filed at the full-process level (formerly 4)"),
        (Amount(("online_full",)), Amount(("online_full", "online_partial"))),
        "at the full level ÷ (full + partial)",
    ),
    share(
        "online_partial",
        "online",
        ("Tỷ lệ hồ sơ trực tuyến một phần (mức 3)", "filed at the partial level (formerly 3)"),
        (Amount(("online_partial",)), Amount(("online_full", "online_partial"))),
        "at the partial level ÷ (full + partial)",
    ),
    procedures(
        "services_full",
        "online",
        ("Dịch vụ công toàn trình", "services at the full-process level"),
        ("services_full", "services"),
        "at the full level ÷ offered online",
    ),
    procedures(
        "services_used_online",
        "online",
        ("Dịch vụ công có hồ sơ trực tuyến", "services that had online dossiers"),
        ("services_used_online", "services"),
        "with an online dossier ÷ offered online",
    ),
    procedures(
        "services_integrated",
        "online",
        ("Dịch vụ công tích hợp Cổng quốc gia", "services integrated with the national portal"),
        ("services_integrated", "services"),
        "integrated ÷ offered online",
    ),
)
