"""Free ports that stay ours over a restart."""

from __future__ import annotations

import random
import socket

from streams.errors import LocalKafkaFailed
from streams.local_kafka.properties import HOST

# From 32768 on, the kernel gives ports to outgoing connections, and one may sit on ours when the broker comes back.
_LOW, _HIGH = 15_000, 32_700


def free_port(taken: tuple[int, ...] = ()) -> int:
    """A port on loopback, below 32768, that nobody listens on and that is not in `taken`."""
    # Started at random, so that two test runs on one machine rarely ask for the same.
    for _ in range(500):
        port = random.randint(_LOW, _HIGH)
        if port not in taken and is_free(port):
            return port
    raise LocalKafkaFailed(f"No free port between {_LOW} and {_HIGH} on {HOST}.")


def is_free(port: int) -> bool:
    """Whether a listener may be opened on that port of loopback now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
