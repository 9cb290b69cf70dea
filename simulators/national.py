"""The same dossiers as the national messages say them: snapshots of whole dossiers in arrays, and single steps.

Which fields there are, and the codes of statuses and channels: Decision 766/QĐ-TTg's synchronisation services
`DongBoHoSoMC` and `CapNhatTienDoHoSoMC`.  Nothing in them is personal but what the dirt of that name plants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from simulators.sent import Item, Sender
from simulators.world.desk import ENDS, Dossier, Stated, Told, moment
from simulators.world.dice import Dice
from simulators.world.units import Office
from streams.core.civil import DAY, HOUR
from streams.core.events import Channel, PaidBy
from streams.core.events import Step as StepDone
from streams.sources.rejections import Reason

SYNCHRONISES: Final = "DongBoHoSoMC"
PROGRESS: Final = "CapNhatTienDoHoSoMC"
AT_ONCE: Final = 100  # dossiers of a message
_PLANTED: Final = {
    "ChuHoSo": "Nguyễn Văn Thử",
    "SoGiayToChuHoSo": "THU 000 000",
    "Email": "nguyen.van.thu@example.com",
    "SoDienThoai": "+84 900 000 000",
    "DinhDanhCHS": "THU-0000",
}
"""Nobody's: invented, and to be found nowhere behind the door."""
_CHANNELS: Final = {Channel.DIRECT: "1", Channel.ONLINE: "2", Channel.POSTAL: "3"}
_PAID: Final[dict[str, str]] = {PaidBy.NATIONAL: "1", PaidBy.LOCAL: "2"}
_PRICES: Final = (0, 10_000, 50_000, 200_000, 600_000, 2_000_000)  # đồng, by class of the fee
_ENDED: Final = {"finished": "9", "returned": "10", "stopped": "8", "withdrawn": "7"}
_encode: Final = msgspec.json.Encoder().encode


class National:
    """The messages of one unit: what has changed since the last sending, by the interval of its software."""

    def __init__(self, office: Office, dice: Dice, rates: dict[str, float], sender: Sender, ends: int) -> None:
        self._office, self._dice, self._rates, self._sender, self._ends = office, dice, rates, sender, ends
        self._changed: dict[str, Dossier] = {}
        self._known: set[str] = set()
        self._next = self._number = 0

    def items(self, told: Iterable[Told | Stated]) -> Iterator[Item]:
        """Messages in the order of sending, with what is stated beside the dossiers."""
        for one in told:
            yield from self._sender.ready(one.at)
            if isinstance(one, Stated):
                self._sender.pass_on(one)
                continue
            self._changed[one.dossier.code] = one.dossier
            if isinstance(one.event, StepDone):
                self._send(one.at, PROGRESS, [self._step(one)], updating=True)
            if one.at >= self._next:
                self._synchronise(one.at)
        self._synchronise(self._ends - 1)
        yield from self._sender.ready(self._ends + 1)  # records of the truth come at the end itself

    def _synchronise(self, at: int) -> None:
        self._next = at + self._office.software.interval
        changed, self._changed = list(self._changed.values()), {}
        for updating in (False, True):
            some = [one for one in changed if (one.code in self._known) == updating]
            for first in range(0, len(some), AT_ONCE):
                data = [self._soiled(snapshot(one)) for one in some[first : first + AT_ONCE]]
                self._send(at, SYNCHRONISES, data, updating=updating)
        for one in changed:
            self._known.add(one.code)
            if not one.laid and not one.beyond:  # nothing more will be said of it
                self._known.discard(one.code)

    def _step(self, told: Told) -> dict[str, Any]:
        said = {
            "MaHoSo": told.dossier.code,
            "ThoiDiemXuLy": _date(told.at + self._office.clock),
            "TrangThai": status(told.dossier),
            "PhongBanXuLy": told.dossier.unit,
            "NgayBatDau": _date(told.dossier.accepted),
        }
        if told.dossier.promised is not None:
            said["NgayKetThucTheoQuyDinh"] = _date(told.dossier.promised)
        return self._soiled(said, {"NguoiXuLy": _PLANTED["ChuHoSo"]})

    def _soiled(self, said: dict[str, Any], planted: dict[str, str] = _PLANTED) -> dict[str, Any]:
        rate = self._rates.get("personal", 0.0)
        return said | planted if rate and self._dice.chance(rate) else said

    def _send(self, at: int, service: str, data: list[dict[str, Any]], *, updating: bool) -> None:
        self._number += 1
        session = f"{self._office.code}-{at}-{self._number}"
        message = {"session": session, "madonvi": self._office.code, "service": service}
        whole = _encode(message | {"isUpdating": str(updating), "data": data})
        soiled = any(one.keys() & {*_PLANTED, "NguoiXuLy"} for one in data)
        dirt, dice = self._drawn(), self._dice
        send = self._sender.send
        if dirt == "malformed":
            send(at, whole[: len(whole) // 2], dirt, Reason.UNREADABLE.value)
            send(at + dice.whole(60, 2 * HOUR), whole, dirt)
        elif dirt == "duplicated":
            send(at, whole, dirt)
            send(at + dice.whole(1, DAY), whole, dirt)
        elif dirt == "out_of_order":
            send(at + dice.whole(60, 2 * HOUR), whole, dirt)
        else:
            send(at, whole, "personal" if soiled else "")

    def _drawn(self) -> str:
        drawn = self._dice.share()
        for name in ("malformed", "duplicated", "out_of_order"):
            if drawn < (rate := self._rates.get(name, 0.0)):
                return name
            drawn -= rate
        return ""


def snapshot(dossier: Dossier) -> dict[str, Any]:
    """All that is known of a dossier by now, in the fields of `DongBoHoSoMC`; what is not known is left out."""
    told, procedure = dossier.moments, dossier.procedure
    said: dict[str, Any] = {
        "MaHoSo": dossier.code,
        "MaTTHC": procedure.code,
        "MaLinhVuc": procedure.code.partition(".")[0],
        "DonViXuLy": dossier.unit,
        "TrangThaiHoSo": status(dossier),
        "KenhThucHien": _CHANNELS[dossier.channel],
    }
    dates = {"NgayNopHoSo": "registered", "NgayTiepNhan": "accepted", "NgayTuChoi": "not_accepted"}
    dates["NgayTra"] = "returned"
    said |= {name: _date(told[kind]) for name, kind in dates.items() if kind in told}
    if dossier.promised is not None and "accepted" in told:
        said["NgayHenTra"] = _date(dossier.promised)
    ends = [told[kind] for kind in ENDS if kind != "returned" and kind in told]
    if ends and dossier.ended() is not None:
        said["NgayKetThucXuLy"] = _date(ends[0])
    return said | _marks(dossier) | _lists(dossier)


def status(dossier: Dossier) -> str:
    """The national code of where it stands."""
    told, rounds = dossier.moments, dossier.rounds
    if dossier.ended() is not None:
        kinds = [kind for kind in ENDS if kind in told]
        return _ENDED["returned" if kinds[0] == "finished" and "returned" in kinds else kinds[0]]
    if "accepted" not in told:
        return "3" if "not_accepted" in told else "1"
    if rounds and rounds[-1].completed is None:
        return "5"
    if "payment_requested" in told and "payment_paid" not in told:
        return "6"
    return "4" if "step" in told else "2"


def _marks(dossier: Dossier) -> dict[str, Any]:
    told = dossier.moments
    paid_by = str(dossier.details.get("paid_by", ""))
    return {
        "HoSoCoThanhPhanSoHoa": "1" if "digitised" in told else "0",
        "TaiKhoanDuocXacThucVoiVNeID": "1" if "identified" in told else "0",
        "DuocThanhToanTrucTuyen": _PAID.get(paid_by, "0"),
    }


def _lists(dossier: Dossier) -> dict[str, Any]:
    told = dossier.moments
    paper = {"DuocSoHoa": "digitised", "DuocTaiSuDung": "data_reused", "DuocLayTuKhoDMQG": "linked"}
    said: dict[str, Any] = {
        "DSKetNoiCSDL": [{"MaCSDL": "CSDLQGDC"}] if "population_data_used" in told else [],
        "TaiLieuNop": [{name: "1" if kind in told else "0" for name, kind in paper.items()}],
        "DanhSachLePhi": [{"Gia": str(_PRICES[dossier.procedure.fee])}],
        "DanhSachHoSoBoSung": [_round(dossier, number) for number in range(len(dossier.rounds))],
    }
    if "result_issued" in told:
        result = {"MaGiayToKetQua": f"{dossier.procedure.code}.KQ", "DuongDanTepTinKetQua": f"/{dossier.code}.pdf"}
        said["DanhSachGiayToKetQua"] = [result]
    return said


def _round(dossier: Dossier, number: int) -> dict[str, str]:
    one = dossier.rounds[number]
    said = {"NgayBoSung": _date(one.asked)}
    if dossier.promised is not None:
        said["NgayHenTraTruoc"] = _date(dossier.promised)
    if one.completed is not None:
        said["NgayTiepNhanBoSung"] = _date(one.completed)
    if one.appointment is not None:
        said["NgayHenTraMoi"] = _date(one.appointment)
    return said


def _date(instant: int) -> str:
    return f"{moment(instant):%Y%m%d%H%M%S}"
