"""What is packed lightly is what would have been packed, a little larger."""

from aiokafka.codec import zstd_decode, zstd_encode
from aiokafka.record.default_records import DefaultRecordBatch, DefaultRecordBatchBuilder

from streams.packing import LEVEL, pack_lightly

_HEADER = 61  # bytes before the records of a batch
VALUES = [f"{place * 7919 % 1000:03d}".encode() * 40 + f"{place**7:x}".encode() for place in range(500)]


def built() -> bytes:
    builder = DefaultRecordBatchBuilder(2, 4, 0, -1, -1, -1, 1 << 20)
    for place, value in enumerate(VALUES):
        builder.append(place, 1_790_560_000_000, b"k", value, [])
    return bytes(builder.build())


def test_batches_are_packed_at_the_light_level_and_read_back_as_they_were() -> None:
    pack_lightly()
    batch = built()
    packed = batch[_HEADER:]
    assert packed == zstd_encode(zstd_decode(packed), LEVEL)
    assert packed != zstd_encode(zstd_decode(packed), 3)
    assert [record.value for record in DefaultRecordBatch(batch)] == VALUES
