"""The procedures of the simulated world: real kinds, with codes of the simulator's own so that none is mistaken."""

from __future__ import annotations

from typing import Final

import msgspec

from simulators.world.terms import Counts, Term
from streams.core.civil import HOUR
from streams.core.events import Channel


class Procedure(msgspec.Struct, frozen=True, kw_only=True):
    """One procedure.

    `terms` are its limits, `share` its part of what arrives at a unit (relative), `minutes` the work of staff on the
    mean, `fee` the class of the amount (0: free), `online` how far it is offered online: 0 not, 1 in part, 2 wholly;
    `citizens` says that it is for citizens, `essential` that it is one of a named set.
    """

    code: str
    name: str
    terms: tuple[Term, ...]
    share: float
    minutes: float
    fee: int = 0
    online: int = 2
    citizens: bool = True
    essential: bool = False

    def term(self, channel: Channel, day: str) -> Term:
        """The limit of what comes in by a channel on a day (ISO): its own before all others', the latest of them."""
        held = [one for one in self.terms if one.channel in ("", channel.value) and one.since <= day]
        return max(held, key=lambda one: (one.channel != "", one.since))


def _days(count: int, *, channel: str = "", since: str = "", same_time: bool = False) -> Term:
    return Term(unit=Counts.WORKING_DAYS, count=count, channel=channel, since=since, same_time=same_time)


def _hours(count: int, channel: str = "") -> Term:
    return Term(unit=Counts.WORKING_HOURS, count=count, channel=channel)


_DAY: Final = Term(unit=Counts.SAME_DAY)
_DAY_UNTIL_FOUR: Final = Term(unit=Counts.SAME_DAY, cut_off=16 * HOUR)
_FORTNIGHT: Final = Term(unit=Counts.CALENDAR_DAYS, count=15)
_MONTH: Final = Term(unit=Counts.CALENDAR_MONTHS)
_P = Procedure
COMMUNE: Final = (
    _P(code="SX.01", name="Chứng thực bản sao từ bản chính", terms=(_DAY,), share=22, minutes=14, fee=1, online=1),
    _P(code="SX.02", name="Chứng thực chữ ký", terms=(_DAY_UNTIL_FOUR,), share=8, minutes=16, fee=1, online=0),
    _P(code="SX.03", name="Cấp bản sao trích lục hộ tịch", terms=(_hours(8),), share=13, minutes=18, essential=True),
    _P(code="SX.04", name="Đăng ký khai sinh", terms=(_days(1),), share=8, minutes=35, essential=True),
    _P(
        code="SX.05", name="Đăng ký khai tử", terms=(_days(1), _hours(4, "direct")), share=3, minutes=30, essential=True
    ),
    _P(code="SX.06", name="Đăng ký kết hôn", terms=(_days(2),), share=4, minutes=45, online=1, essential=True),
    _P(code="SX.07", name="Cấp giấy xác nhận tình trạng hôn nhân", terms=(_days(3),), share=9, minutes=40, fee=1),
    _P(
        code="SX.08",
        name="Đăng ký thành lập hộ kinh doanh",
        terms=(_days(3), _days(2, channel="online")),
        share=7,
        minutes=60,
        fee=2,
        citizens=False,
    ),
    _P(code="SX.09", name="Trợ cấp xã hội hằng tháng", terms=(_days(12),), share=6, minutes=90),
    _P(code="SX.10", name="Chế độ đối với người có công", terms=(_days(12),), share=3, minutes=90),
    _P(
        code="SX.11",
        name="Đăng ký biến động đất đai",
        terms=(_days(10), _days(8, channel="online"), _days(12, channel="postal")),
        share=12,
        minutes=100,
        fee=4,
        online=1,
    ),
    _P(
        code="SX.12",
        name="Cấp giấy phép xây dựng nhà ở riêng lẻ",
        terms=(_FORTNIGHT,),
        share=3,
        minutes=150,
        fee=3,
    ),
    _P(
        code="SX.13",
        name="Xác nhận thông tin hộ nghèo, cận nghèo",
        terms=(_days(7), _days(5, since="2026-07-01")),
        share=2,
        minutes=45,
        online=0,
    ),
)
DEPARTMENT: Final = (
    _P(
        code="SD.01",
        name="Đăng ký thay đổi nội dung đăng ký doanh nghiệp",
        terms=(_days(3), _hours(20, "online")),
        share=22,
        minutes=60,
        fee=2,
        citizens=False,
    ),
    _P(
        code="SD.02",
        name="Đăng ký thành lập doanh nghiệp",
        terms=(_days(3),),
        share=12,
        minutes=70,
        fee=2,
        citizens=False,
    ),
    _P(code="SD.03", name="Cấp chứng chỉ hành nghề", terms=(_days(10),), share=14, minutes=110, fee=3),
    _P(code="SD.04", name="Cấp giấy phép môi trường", terms=(_MONTH,), share=4, minutes=240, fee=5, citizens=False),
    _P(
        code="SD.05",
        name="Thẩm định báo cáo nghiên cứu khả thi",
        terms=(Term(unit=Counts.CALENDAR_DAYS, count=20),),
        share=8,
        minutes=260,
        fee=5,
        online=1,
        citizens=False,
    ),
    _P(
        code="SD.06",
        name="Cấp giấy chứng nhận đủ điều kiện kinh doanh",
        terms=(_days(8),),
        share=12,
        minutes=120,
        fee=3,
        citizens=False,
    ),
    _P(code="SD.07", name="Thông báo hoạt động khuyến mại", terms=(_hours(8),), share=18, minutes=25, citizens=False),
    _P(
        code="SD.08",
        name="Cấp bản sao văn bằng, chứng chỉ",
        terms=(_days(1, same_time=True),),
        share=10,
        minutes=25,
    ),
)
