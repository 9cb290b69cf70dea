"""How hard a worker packs what it writes: zstd at its lightest, since what it spends on packing it cannot fold in."""

from importlib import import_module
from typing import Final

from aiokafka.codec import zstd_encode
from aiokafka.record.default_records import DefaultRecordBatchBuilder

LEVEL: Final = 1


def pack_lightly() -> None:
    """Let the producers of this process pack with zstd at level 1.

    aiokafka takes level 3, the broker's default, and has no setting for it.  States of cases come out 5 % larger at
    level 1 and take half the CPU; lz4 takes more than either here, and more bytes.
    """
    module = import_module(DefaultRecordBatchBuilder.__module__)  # the compiled one where there is one
    vars(module)["zstd_encode"] = _zstd_light


def _zstd_light(data: bytes) -> bytes:
    return bytes(zstd_encode(data, LEVEL))
