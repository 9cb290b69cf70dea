"""Several nodes of Kafka on this machine, forming one cluster."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path

from streams.local_kafka.jars import DEFAULT_VERSION
from streams.local_kafka.node import READY_S, STOP_S, NodeProcess, new_cluster_id
from streams.local_kafka.ports import free_port
from streams.local_kafka.properties import HOST, Node


class LocalCluster:
    """Kafka on several nodes (three, unless told otherwise), each broker and controller, data under `folder`.

    `port` is the first node's; the others follow it. Port 0 takes free ones. Nodes are numbered from 1.
    """

    def __init__(
        self,
        folder: Path,
        *,
        nodes: int = 3,
        port: int = 0,
        version: str = DEFAULT_VERSION,
        cache: Path | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        ids = range(1, nodes + 1)
        ports: list[int] = [port + i for i in range(nodes)] if port else []
        while len(ports) < 2 * nodes:
            ports.append(free_port(tuple(ports)))
        voters = {id_: ports[nodes + id_ - 1] for id_ in ids}
        self._nodes = {
            id_: NodeProcess(
                Node(
                    id=id_,
                    port=ports[id_ - 1],
                    voters=voters,
                    folder=folder.absolute() / f"node-{id_}",
                    extra=dict(extra or {}),
                ),
                version,
                cache,
            )
            for id_ in ids
        }

    @property
    def brokers(self) -> str:
        """`host:port` of every node, for the setting `brokers`."""
        return ",".join(f"{HOST}:{process.node.port}" for process in self._nodes.values())

    @property
    def running(self) -> tuple[int, ...]:
        """Numbers of the nodes that live."""
        return tuple(id_ for id_, process in self._nodes.items() if process.running)

    def start(self, timeout_s: float = READY_S) -> None:
        """Start all nodes and return when each knows all others."""
        cluster_id = new_cluster_id()
        for process in self._nodes.values():
            process.format(cluster_id)
        for process in self._nodes.values():
            process.launch()
        for process in self._nodes.values():
            process.wait_until_ready(len(self._nodes), timeout_s)

    def stop(self) -> None:
        """End all nodes in order."""
        # All at once: the last ones could not leave in order without a quorum.
        for process in self._nodes.values():
            process.send(signal.SIGCONT)
            process.send(signal.SIGTERM)
        for process in self._nodes.values():
            process.wait_until_ended(STOP_S)

    def stop_node(self, id_: int) -> None:
        """End one node in order (SIGTERM)."""
        self._nodes[id_].stop()

    def kill_node(self, id_: int) -> None:
        """End one node at once (SIGKILL)."""
        self._nodes[id_].kill()

    def pause_node(self, id_: int) -> None:
        """Freeze one node (SIGSTOP)."""
        self._nodes[id_].send(signal.SIGSTOP)

    def resume_node(self, id_: int) -> None:
        """Wake one node (SIGCONT)."""
        self._nodes[id_].send(signal.SIGCONT)

    def start_node(self, id_: int, timeout_s: float = READY_S) -> None:
        """Start one node again with its data, and return when it answers."""
        process = self._nodes[id_]
        process.launch()
        process.wait_until_ready(len(self.running), timeout_s)

    def ended_by_itself(self) -> str | None:
        """What to say when a node is no longer there, or None while all live."""
        fates = (process.ended_by_itself() for process in self._nodes.values())
        return next((fate for fate in fates if fate is not None), None)

    def __enter__(self) -> LocalCluster:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
