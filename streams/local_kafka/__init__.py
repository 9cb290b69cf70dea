"""A real Kafka on this machine, for trying things out, for tests and for small installations.

Jars come by Maven (`pom.xml` here, once, into a cache); needs Java 17 or newer. One node, or three in one cluster.
"""

from streams.local_kafka.cluster import LocalCluster
from streams.local_kafka.jars import DEFAULT_VERSION, VERSIONS
from streams.local_kafka.node import LocalKafka

__all__ = ["DEFAULT_VERSION", "VERSIONS", "LocalCluster", "LocalKafka"]
