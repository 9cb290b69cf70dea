"""The wire between the stages: facts in batches, each batch with a clock."""

import hashlib
from operator import attrgetter
from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import Meta

from streams.errors import MotcuaError

FACTS_VERSION: Final = 1

Place: TypeAlias = Annotated[int, Meta(ge=0)]
Origin: TypeAlias = tuple[Place, int, int]  # index into the batch's inputs, offset, index within the message


class Fact(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What one event says of one case: assignments under one stamp.

    `at` is when it happened (seconds), `recorded` when that was stated (micros), `set` the assignments by field
    name: times in seconds; a set field holds its moment, or ``[[moment, detail], …]`` (detail null clears).
    A fact that is not `counted` belongs to an item that is counted elsewhere: with another case, or earlier in a
    replay.
    """

    case: str
    kind: str
    at: int
    recorded: int
    id: str
    set: dict[str, Any]
    origin: Origin = (0, 0, 0)
    source: str = ""
    counted: bool = True


class Batch(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Facts of cases of one partition, in order; without facts it is a tick.

    `clock` (micros): everything before it that this input will ever say in order has been said.  `inputs` names the
    input partitions (``dossier-events/3``) or the sending of a replay that the origins count in.  In an `ordered` batch
    the facts come in the order of `recorded`, and each full hour before a fact passes before that fact.  Before the
    batch counts, the topic `references` must be known up to the offset `references`.
    """

    clock: Annotated[int, Meta(ge=0)]
    facts: list[Fact] = []
    inputs: list[str] = []
    ordered: bool = False
    version: int = FACTS_VERSION
    references: Place = 0


class WrongVersion(MotcuaError):
    """A batch of another wire format: not bad input, but a worker of the wrong version."""


_origin = attrgetter("origin")
_decode = msgspec.json.Decoder(Batch).decode
_encode = msgspec.json.Encoder().encode


def decode_batch(data: bytes) -> Batch:
    """The batch behind one message of `dossier-facts`.

    msgspec.DecodeError when it is none; WrongVersion when it is one that only another version can read.
    """
    try:
        batch = _decode(data)
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None
    if batch.version != FACTS_VERSION:
        raise WrongVersion(
            f"dossier-facts holds a batch of version {batch.version}, this worker reads {FACTS_VERSION}:"
            " run workers of one version"
        )
    if batch.facts and max(map(_origin, batch.facts))[0] >= len(batch.inputs):
        raise msgspec.ValidationError("a fact names an input that the batch does not have")
    return batch


def encode_batch(batch: Batch) -> bytes:
    """One message of `dossier-facts`."""
    return _encode(batch)


def content_id(*content: Any) -> str:
    """An event id for a message that brings none: the same content is the same event."""
    digest = hashlib.blake2b(msgspec.msgpack.encode(content), digest_size=9).digest()
    return digest.hex()
