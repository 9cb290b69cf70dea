"""One item's bytes as one of the types that may come in, or the reason why not, without quoting what was sent."""

import re
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from streams.sources.rejections import Reason, Refused

MAX_ITEM: Final = 65_536  # bytes; an event is some hundred
_PLACE: Final = re.compile(r" - at `\$([^`]*)`$")
T = TypeVar("T")


def decoded(item: bytes, decode: Callable[[bytes], T], what: str) -> T:
    """The value that `decode` makes of an item; `what` is what a message calls the whole of it.  Refused says why."""
    if len(item) > MAX_ITEM:
        raise Refused(Reason.TOO_LARGE, f"{len(item)} bytes, an item may have {MAX_ITEM}")
    try:
        return decode(item)
    except msgspec.ValidationError as error:
        raise _explained(str(error), what) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(Reason.UNREADABLE, "not JSON, cut short, or not UTF-8") from None
    except RecursionError:
        raise Refused(Reason.UNREADABLE, "nested too deeply") from None


def _explained(message: str, what: str) -> Refused:
    place = _PLACE.search(message)
    field = f"`{place.group(1).lstrip('.')}`" if place else what
    expectation = _PLACE.sub("", message)
    if field == "`kind`" or "missing required field `kind`" in expectation:
        return Refused(Reason.UNKNOWN_KIND, "`kind` is missing or none of the known kinds")
    if "missing required field" in expectation:
        return Refused(Reason.MISSING_FIELD, expectation.replace("Object", what) if not place else expectation)
    if "timezone component" in expectation:
        return Refused(Reason.NAIVE_TIME, f"{field} has no offset from UTC")
    if expectation.startswith("Expected `int` >= 0"):
        return Refused(Reason.IMPOSSIBLE, f"{field} is below 0")
    if expectation.startswith("Invalid"):  # msgspec quotes the value here, which may be anybody's name
        return Refused(Reason.WRONG_TYPE, f"{field} has a value that is not allowed there")
    return Refused(Reason.WRONG_TYPE, f"{field}: {expectation}")
