"""Which partition a case lives in: murmur2 of a routing key, as Kafka's own clients hash keys.

The key is the part of the case code before the first ``-`` (the receiving agency, so a unit's cases mostly share a
partition), else the whole code.  This is for locality only; nothing may depend on it.
"""

from functools import lru_cache

_MASK = 0xFFFFFFFF
_M = 0x5BD1E995


def murmur2(data: bytes) -> int:
    """Kafka's murmur2 of `data`, as an unsigned 32-bit number."""
    length = len(data)
    h = 0x9747B28C ^ length
    whole = length & ~3
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * _M & _MASK
        k = (k ^ (k >> 24)) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    if tail := data[whole:]:
        h = (h ^ int.from_bytes(tail, "little")) * _M & _MASK
    h = (h ^ (h >> 13)) * _M & _MASK
    return h ^ (h >> 15)


def routing_key(case: str) -> str:
    """The part of a case code that decides its partition."""
    head, dash, _ = case.partition("-")
    return head if dash and head else case


@lru_cache(maxsize=65536)
def _of_key(key: str, partitions: int) -> int:
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def partition_of(case: str, partitions: int) -> int:
    """The partition of a case among `partitions`."""
    return _of_key(routing_key(case), partitions)
