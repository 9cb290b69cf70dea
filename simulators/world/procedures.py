"""The procedures of the simulated world: real kinds, with codes of the simulator's own so that none is mistaken."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.world.working_time import WORKING_DAY, WorkingTime
from streams.core.civil import HOUR


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure.

    `days` (working days) or `hours` (working hours) is its limit, `share` its part of what arrives at a unit
    (relative), `minutes` the work of staff on the mean, `fee` the class of the amount (0: free), `online` how far it is
    offered online: 0 not, 1 in part, 2 wholly.
    """

    code: str
    name: str
    days: int = 0
    hours: int = 0
    share: float
    minutes: float
    fee: int = 0
    online: int = 2

    @property
    def limit(self) -> int:
        """The limit in seconds of working time."""
        return self.days * WORKING_DAY + self.hours * HOUR

    def due(self, accepted: int, time: WorkingTime) -> int:
        """The due date that is promised at acceptance (both seconds)."""
        return time.close_after(accepted, self.days) if self.days else time.after(accepted, self.limit)


_P = Procedure
COMMUNE: Final = (
    _P(code="SX.01", name="Chứng thực bản sao từ bản chính", hours=4, share=22, minutes=14, fee=1, online=1),
    _P(code="SX.02", name="Chứng thực chữ ký", hours=4, share=8, minutes=16, fee=1, online=0),
    _P(code="SX.03", name="Cấp bản sao trích lục hộ tịch", hours=8, share=13, minutes=18),
    _P(code="SX.04", name="Đăng ký khai sinh", days=1, share=8, minutes=35),
    _P(code="SX.05", name="Đăng ký khai tử", days=1, share=3, minutes=30),
    _P(code="SX.06", name="Đăng ký kết hôn", days=2, share=4, minutes=45, online=1),
    _P(code="SX.07", name="Cấp giấy xác nhận tình trạng hôn nhân", days=3, share=9, minutes=40, fee=1),
    _P(code="SX.08", name="Đăng ký thành lập hộ kinh doanh", days=3, share=7, minutes=60, fee=2),
    _P(code="SX.09", name="Trợ cấp xã hội hằng tháng", days=12, share=6, minutes=90),
    _P(code="SX.10", name="Chế độ đối với người có công", days=12, share=3, minutes=90),
    _P(code="SX.11", name="Đăng ký biến động đất đai", days=10, share=12, minutes=100, fee=4, online=1),
    _P(code="SX.12", name="Cấp giấy phép xây dựng nhà ở riêng lẻ", days=15, share=3, minutes=150, fee=3),
    _P(code="SX.13", name="Xác nhận thông tin hộ nghèo, cận nghèo", days=5, share=2, minutes=45, online=0),
)
DEPARTMENT: Final = (
    _P(code="SD.01", name="Đăng ký thay đổi nội dung đăng ký doanh nghiệp", days=3, share=22, minutes=60, fee=2),
    _P(code="SD.02", name="Đăng ký thành lập doanh nghiệp", days=3, share=12, minutes=70, fee=2),
    _P(code="SD.03", name="Cấp chứng chỉ hành nghề", days=10, share=14, minutes=110, fee=3),
    _P(code="SD.04", name="Cấp giấy phép môi trường", days=20, share=4, minutes=240, fee=5),
    _P(code="SD.05", name="Thẩm định báo cáo nghiên cứu khả thi", days=15, share=8, minutes=260, fee=5, online=1),
    _P(code="SD.06", name="Cấp giấy chứng nhận đủ điều kiện kinh doanh", days=8, share=12, minutes=120, fee=3),
    _P(code="SD.07", name="Thông báo hoạt động khuyến mại", hours=8, share=18, minutes=25),
    _P(code="SD.08", name="Cấp bản sao văn bằng, chứng chỉ", days=1, share=10, minutes=25),
)
