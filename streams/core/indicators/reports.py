"""Indicators that reports ask for and nobody scores: the same records, computed by the same code."""

from datetime import date
from typing import Final

from streams.core.indicators.records import Catalogue, Group
from streams.core.indicators.report_dossiers import CHANNELS, OUTCOME
from streams.core.indicators.report_services import DIGITAL, SERVICE

_GROUPS: Final = (
    Group("finished", "Kết quả giải quyết", "What was finished"),
    Group("stock", "Tồn và hoàn thành", "Stock and completion"),
    Group("time", "Thời gian giải quyết", "Settlement time"),
    Group("online", "Nộp trực tuyến", "Filed online"),
    Group("payment", "Thanh toán và định danh", "Payment and identification"),
    Group("digital", "Chuỗi số hóa", "The chain of digitisation"),
    Group("service", "Phục vụ", "How people are served"),
    Group("coverage", "Kết nối", "Coverage"),
)
REPORTS_2026: Final = Catalogue(
    id="reports-2026",
    holds_from=date(2026, 1, 1),
    vi="Chỉ tiêu báo cáo",
    en="Report indicators",
    source="periodic reports of one-stop centres (Circular 01/2018/TT-VPCP and later forms of provinces)",
    groups=_GROUPS,
    indicators=OUTCOME + CHANNELS + DIGITAL + SERVICE,
)
REPORT_CATALOGUES: Final[tuple[Catalogue, ...]] = (REPORTS_2026,)
"""In the order of the days from which they hold; `catalogues.catalogue_at` chooses."""
