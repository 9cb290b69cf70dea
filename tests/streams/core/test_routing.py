"""Where a case lives: as Kafka's own clients hash keys."""

from aiokafka.partitioner import murmur2 as of_aiokafka
from hypothesis import example, given
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2 as of_kafka_python

from streams.core.routing import murmur2, partition_of, routing_key


@given(st.binary(max_size=64))
@example(b"")
@example(b"\xff\xff\xff")
@example(b"H44.100")
def test_the_hash_is_the_one_of_both_clients(data: bytes) -> None:
    assert murmur2(data) & 0x7FFFFFFF == of_kafka_python(data) & 0x7FFFFFFF == of_aiokafka(data) & 0x7FFFFFFF


def test_the_routing_key_is_the_part_before_the_first_dash_when_there_is_one() -> None:
    assert routing_key("H44.100-261124-0001") == "H44.100"
    assert routing_key("101001234") == "101001234"
    assert routing_key("-1") == "-1"
    assert routing_key("H44-") == "H44"


@given(st.text(min_size=1, max_size=20).filter(lambda code: "-" not in code), st.integers(1, 64))
def test_cases_of_one_agency_share_a_partition_that_exists(agency: str, partitions: int) -> None:
    [place] = {partition_of(f"{agency}-{number}", partitions) for number in range(5)}
    assert place == partition_of(agency, partitions)
    assert 0 <= place < partitions


def test_places_are_the_ones_that_were_ever_given_out() -> None:
    assert [partition_of(f"H{agency}-1", 12) for agency in range(40, 48)] == PLACES


PLACES = [3, 6, 2, 2, 3, 3, 3, 1]
