"""Every item in is accounted for: applied, repeated, rejected or ignored, exactly, after crashes too."""

from typing import Final

import msgspec


class Account(msgspec.Struct, array_like=True):
    """What one facts partition has accounted for of one input partition.

    `offset` and `index` are the highest origin seen; what arrives again at or below it is a redelivery.
    """

    offset: int = -1
    index: int = -1
    applied: int = 0
    repeated: int = 0

    def admit(self, offset: int, index: int, applied: bool) -> bool:
        """Count an item, once: False for an origin that is not above all seen before, which is a redelivery."""
        if offset < self.offset or (offset == self.offset and index <= self.index):
            return False
        self.offset, self.index = offset, index
        if applied:
            self.applied += 1
        else:
            self.repeated += 1
        return True


class Ledger(msgspec.Struct):
    """The last record of each commit of state: what the states before it in the log reflect.

    `clock` in micros; `offset` is the last message of the facts partition that was folded.
    """

    clock: int
    offset: int
    generation: int
    accounts: dict[str, Account]


LEDGER_KEY: Final = "\x00ledger"  # no case code begins so: intake demands a printable first character
_decoder: Final = msgspec.json.Decoder(Ledger)


def encode_ledger(ledger: Ledger) -> bytes:
    """One value of the state topic, under LEDGER_KEY."""
    return msgspec.json.encode(ledger)


def decode_ledger(data: bytes) -> Ledger:
    """The ledger behind a value of the state topic."""
    return _decoder.decode(data)


def merge_accounts(into: dict[str, Account], other: dict[str, Account]) -> None:
    """For every input the account that has seen more; both come from the same log, so it includes the other."""
    for name, account in other.items():
        held = into.get(name)
        if held is None or (held.offset, held.index) < (account.offset, account.index):
            into[name] = account
