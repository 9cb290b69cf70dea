"""The inputs: one entry per topic that others write to, each with what reads its items."""

from collections.abc import Callable, Iterator
from typing import Final, Protocol

import msgspec

from streams.core.civil import Civil
from streams.core.declarations import DeclaredTotal
from streams.core.facts import Fact
from streams.core.procedures import Procedure
from streams.core.references import Reference
from streams.sources.native import Reader
from streams.sources.petitions import PetitionReader
from streams.sources.references import ReferenceReader, any_unit
from streams.sources.rejections import Rejection


class ItemReader(Protocol):
    """Reads the messages of one input."""

    def read(
        self, payload: bytes | None, stamp: int, input_: str, offset: int, place: int
    ) -> Iterator[Fact | Rejection]:
        """Facts and rejections of one message.

        `stamp` (micros) is the timestamp of the input record, `input_` and `offset` where it stands, `place` the
        index of `input_` among the inputs of the batch that the facts go to.  Of the facts of one item one is counted.
        """


class Reading(msgspec.Struct, frozen=True):
    """What a reader goes by: the civil zone, and how far (seconds) a moment may lie ahead of its input record.

    `knows` says of a unit's code whether the register has it: what is stated of others is refused.
    """

    civil: Civil
    max_ahead: int
    knows: Callable[[str], bool] = any_unit


class Input(msgspec.Struct, frozen=True):
    """One input: the topic, and how its reader is made."""

    topic: str
    reader: Callable[[Reading], ItemReader]


def _references(topic: str, *kinds: type[Reference]) -> Input:
    return Input(topic, lambda by: ReferenceReader(by.max_ahead, by.knows, kinds))


INPUTS: Final = (
    Input("dossier-events", lambda by: Reader(by.civil, by.max_ahead)),
    Input("petitions", lambda by: PetitionReader(by.max_ahead)),
    _references("procedures", Procedure),
    _references("declarations", DeclaredTotal),
)
