"""What could not be read: the reasons, as a catalogue, and the record that is kept of each item."""

from enum import StrEnum
from typing import Final

import msgspec


class Reason(StrEnum):
    """Why an item did not become facts.  `TOMBSTONE` is ignored, not rejected: it carried no item to read."""

    UNREADABLE = "unreadable"
    UNKNOWN_KIND = "unknown_kind"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    NAIVE_TIME = "naive_time"
    AHEAD_OF_CLOCK = "ahead_of_clock"
    OUT_OF_RANGE = "out_of_range"
    TOO_LARGE = "too_large"
    IMPOSSIBLE = "impossible"
    UNKNOWN_NAME = "unknown_name"
    CONFLICT = "conflict"
    TOMBSTONE = "tombstone"


EXPLAINED: Final = {
    Reason.UNREADABLE: ("không đọc được", "not readable JSON or not the columns that the mapping names"),
    Reason.UNKNOWN_KIND: ("loại sự kiện không biết", "the kind of event, status or channel is not known"),
    Reason.MISSING_FIELD: ("thiếu trường bắt buộc", "a required field is missing"),
    Reason.WRONG_TYPE: ("sai kiểu dữ liệu", "a field has another type or form than it must have"),
    Reason.NAIVE_TIME: ("thời điểm không có múi giờ", "a time has no offset from UTC"),
    Reason.AHEAD_OF_CLOCK: ("thời điểm ở tương lai", "a moment lies more than the allowed time ahead of the clock"),
    Reason.OUT_OF_RANGE: ("ngày ngoài phạm vi", "a date lies outside 1900 to 2999"),
    Reason.TOO_LARGE: ("quá lớn", "the item is larger than one item may be"),
    Reason.IMPOSSIBLE: ("mâu thuẫn", "what is stated cannot be: a negative total, an answer before its petition"),
    Reason.UNKNOWN_NAME: ("tên không biết", "a unit, index, component or level is not known by that name"),
    Reason.CONFLICT: ("hai giá trị khác nhau", "two values are given for the same thing"),
    Reason.TOMBSTONE: ("bản ghi rỗng", "the message has no value; nothing to read"),
}
IGNORED: Final = frozenset({Reason.TOMBSTONE})


class Refused(Exception):
    """They sent something that cannot be read; never raised for a bug of ours."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Rejection(msgspec.Struct, frozen=True, omit_defaults=True):
    """One item that was refused whole.

    The text of the item is not kept, since it may hold personal data: `input`, `offset` and `index` say where it can
    be looked up for as long as the input keeps it.  `detail` names fields and expectations, never values.
    """

    reason: Reason
    detail: str
    input: str = ""
    offset: int = 0
    index: int = 0
    at: int = 0  # micros: timestamp of the input record

    @property
    def key(self) -> str:
        """The item's origin; sending it twice keeps one record."""
        return f"{self.input}/{self.offset}/{self.index}"
