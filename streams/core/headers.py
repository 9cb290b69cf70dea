"""The header of a case: what it adds to the tallies now, in fixed places before its state."""

from struct import Struct
from typing import Final, TypeAlias

from streams.core.contributions import NEVER, NO_DAY
from streams.core.counters import BIT, COUNTERS

# bits low and high, day received, day ended, next change, watch entry, working minutes used and allowed
HEADER: Final = Struct("<QQiiqIII")
Header: TypeAlias = tuple[int, ...]
SIZE: Final = HEADER.size
NEW: Final = HEADER.pack(0, 0, NO_DAY, NO_DAY, NEVER, 0, 0, 0)
LOW: Final = (1 << 64) - 1
ENDED_MASK: Final = sum(BIT[counter.name] for counter in COUNTERS if counter.day == "ended")
RECEIVED_MASK: Final = sum(BIT[counter.name] for counter in COUNTERS if counter.day != "ended")
UNUSUAL: Final = 1 << 127  # in a header's bits: the shortcuts do not hold for this case
