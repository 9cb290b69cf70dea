"""What a case is made of: one entry per field, as registers and as sets keyed by their own moment.

A fact assigns values to fields.  A *register* keeps the value that was recorded latest; a *set* field is one
register per moment (the rounds of supplement, the payments, the steps), so that two systems that tell of the same
moment tell of one element.  In the state of a case a register's key is its code, an element's key is
``moment * 256 + code``; on the wire both go by name.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Final, TypeAlias

import msgspec

Key: TypeAlias = int
Value: TypeAlias = Any  # None (cleared), bool, int, str or a list of these


class Merge(IntEnum):
    """How two values of one field become one."""

    LATEST = 0  # the later recorded wins, ties by the greater event id
    FIRST = 1  # the earlier recorded wins, ties by the lower event id
    SET = 2  # one LATEST register per moment


class Field(msgspec.Struct, frozen=True):
    """One field: its code in stored states (never reused), its name on the wire, and what it says."""

    code: int
    name: str
    merge: Merge
    vi: str
    en: str


RECEIVED_UNIT: Final = 1
UNIT: Final = 2
PROCEDURE: Final = 3
CHANNEL: Final = 4
REGISTERED: Final = 5
ACCEPTED: Final = 6
NOT_ACCEPTED: Final = 7
DUE_FIRST: Final = 8
DUE_CORRECTED: Final = 9
DUE_CURRENT: Final = 10
FINISHED: Final = 11
RETURNED: Final = 12
STOPPED: Final = 13
WITHDRAWN: Final = 14
REOPENED: Final = 15
RETURNED_HOW: Final = 16
APOLOGISED: Final = 17
DIGITISED: Final = 18
RESULT_ISSUED: Final = 19
REUSED: Final = 20
LINKED: Final = 21
POPULATION_DATA: Final = 22
IDENTIFIED: Final = 23
SYNCHRONISED: Final = 24
COMPLAINED: Final = 25
PETITION_RECEIVED: Final = 26
PETITION_ANSWERED: Final = 27
PETITION_DISLIKED: Final = 28
PETITION_REPEATED: Final = 29
PETITION_TOPIC: Final = 30
PETITION_ABOUT: Final = 31
STATED: Final = 32
ASKED: Final = 40
COMPLETED: Final = 41
APPOINTMENT: Final = 42
STEP: Final = 43
PAYMENT_ASKED: Final = 44
PAID: Final = 45
RATED: Final = 46

_L, _F, _S = Merge.LATEST, Merge.FIRST, Merge.SET
FIELDS: Final = (
    Field(RECEIVED_UNIT, "received_unit", _L, "đơn vị tiếp nhận", "unit that received it"),
    Field(UNIT, "unit", _L, "đơn vị giải quyết", "unit that decides"),
    Field(PROCEDURE, "procedure", _L, "thủ tục hành chính", "administrative procedure"),
    Field(CHANNEL, "channel", _L, "kênh thực hiện", "channel: 1 direct, 2 online, 3 postal"),
    Field(REGISTERED, "registered", _L, "mới đăng ký", "newly registered"),
    Field(ACCEPTED, "accepted", _L, "được tiếp nhận", "accepted, the reception that counts"),
    Field(NOT_ACCEPTED, "not_accepted", _L, "không được tiếp nhận", "not accepted, or refused after acceptance"),
    Field(DUE_FIRST, "due_first", _F, "ngày hẹn trả đầu tiên", "due date promised first"),
    Field(DUE_CORRECTED, "due_corrected", _L, "ngày hẹn trả đã sửa", "due date as corrected; cleared means none"),
    Field(DUE_CURRENT, "due_current", _L, "ngày hẹn trả hiện tại", "due date as last stated"),
    Field(FINISHED, "finished", _L, "đã xử lý xong", "finished"),
    Field(RETURNED, "returned", _L, "đã trả kết quả", "result returned"),
    Field(STOPPED, "stopped", _L, "dừng xử lý", "stopped"),
    Field(WITHDRAWN, "withdrawn", _L, "công dân rút hồ sơ", "withdrawn by the citizen"),
    Field(REOPENED, "reopened", _L, "xử lý lại", "a status that goes back from an end"),
    Field(RETURNED_HOW, "returned_how", _L, "hình thức trả", "returned by: 1 counter, 2 post, 3 online"),
    Field(APOLOGISED, "apologised", _L, "thư xin lỗi", "apologised for a delay"),
    Field(DIGITISED, "digitised", _L, "đã số hóa", "dossier digitised"),
    Field(RESULT_ISSUED, "result_issued", _L, "cấp kết quả điện tử", "electronic result issued"),
    Field(REUSED, "reused", _L, "tái sử dụng dữ liệu", "digitised data reused"),
    Field(LINKED, "linked", _L, "kết nối kho dữ liệu công dân", "linked to the citizen's store"),
    Field(POPULATION_DATA, "population_data", _L, "khai thác CSDL dân cư", "population data used"),
    Field(IDENTIFIED, "identified", _L, "định danh điện tử", "e-identified"),
    Field(SYNCHRONISED, "synchronised", _L, "đồng bộ Cổng DVCQG", "synchronised with the national portal"),
    Field(COMPLAINED, "complained", _L, "bị phản ánh, kiến nghị", "complained about"),
    Field(PETITION_RECEIVED, "petition_received", _L, "tiếp nhận phản ánh", "petition received"),
    Field(PETITION_ANSWERED, "petition_answered", _L, "trả lời phản ánh", "petition answered"),
    Field(PETITION_DISLIKED, "petition_disliked", _L, "không hài lòng", "answer disliked"),
    Field(PETITION_REPEATED, "petition_repeated", _L, "phản ánh lại", "petition repeated"),
    Field(PETITION_TOPIC, "petition_topic", _L, "nội dung phản ánh", "topic of the petition"),
    Field(PETITION_ABOUT, "petition_about", _L, "hồ sơ bị phản ánh", "dossier that it is about"),
    Field(STATED, "stated", _L, "nội dung kê khai", "what is stated of a procedure, or declared"),
    Field(ASKED, "asked", _S, "yêu cầu bổ sung", "supplement requested"),
    Field(COMPLETED, "completed", _S, "đã bổ sung", "supplement received"),
    Field(APPOINTMENT, "appointment", _S, "hẹn trả mới", "new appointment stated with a supplement"),
    Field(STEP, "step", _S, "bước xử lý", "a step of processing"),
    Field(PAYMENT_ASKED, "payment_asked", _S, "yêu cầu nghĩa vụ tài chính", "payment requested"),
    Field(PAID, "paid", _S, "đã thanh toán", "paid"),
    Field(RATED, "rated", _S, "đánh giá", "rated"),
)
CODE_OF: Final = {field.name: field.code for field in FIELDS}
FIELD_OF: Final = {field.code: field for field in FIELDS}
SET_CODES: Final = frozenset(field.code for field in FIELDS if field.merge is Merge.SET)
FIRST_CODES: Final = frozenset(field.code for field in FIELDS if field.merge is Merge.FIRST)
SPAN: Final = 256  # room for codes below a moment


def elements(flat: Mapping[Key, Value], code: int) -> list[tuple[int, Value]]:
    """The standing elements of one set field, by moment (seconds); cleared ones are left out."""
    return sorted((key // SPAN, value) for key, value in flat.items() if key % SPAN == code and value is not None)


def keyed(assigned: Mapping[str, Value]) -> dict[Key, Value]:
    """Wire assignments by name as assignments by key, in ascending order.

    A set field holds ``moment`` or ``[[moment, detail], …]``; registers stand in the order of their codes, sets last.
    ValueError where a name is unknown or a set value has no moment.
    """
    keys: dict[Key, Value] = {}
    code = 0
    for name, value in assigned.items():
        code = CODE_OF.get(name, 0)
        if not code:
            raise ValueError(f"unknown field '{name}'")
        if code < ASKED:
            keys[code] = value
        elif isinstance(value, list):
            for moment, detail in value:
                keys[moment * SPAN + code] = detail
        else:
            keys[value * SPAN + code] = True
    return dict(sorted(keys.items())) if code >= ASKED and len(keys) > 1 else keys


def name_of(key: Key) -> tuple[str, int | None]:
    """Name and moment (None for a register) of a state key."""
    code = key % SPAN
    return FIELD_OF[code].name, (key // SPAN if code >= ASKED else None)
