"""The real Prometheus and Alertmanager on loopback, for as long as a test needs them."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from streams.local_kafka.ports import free_port

_READY_S: Final = 60.0
_STOP_S: Final = 20.0
_NAMES: Final = {"prometheus-alertmanager": ("prometheus-alertmanager", "alertmanager")}  # Debian's, and everybody's
# Alertmanager alone also opens a port for others of its kind unless told not to; compose tells it.


class Server:
    """One of them that runs, by its HTTP interface."""

    def __init__(self, address: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.address = address
        self._process, self._log = process, log

    def ask(self, path: str, **query: str) -> Any:
        """What it answers, as JSON."""
        words = f"?{urlencode(query)}" if query else ""
        with urlopen(f"http://{self.address}{path}{words}", timeout=30) as answer:
            return json.loads(answer.read())

    def until(self, path: str, look: Callable[[Any], Any], timeout_s: float = _READY_S, **query: str) -> Any:
        """What `look` finds in the answer once it finds something."""
        end = time.monotonic() + timeout_s
        while not (found := look(self.ask(path, **query))):
            if time.monotonic() > end:
                raise AssertionError(f"{path} {query} does not say it within {timeout_s:.0f} s\n{self.words()}")
            time.sleep(0.2)
        return found

    def query(self, expression: str, at: float | None = None) -> list[dict[str, Any]]:
        """The result of an instant query; AssertionError with what Prometheus says against it."""
        when = {} if at is None else {"time": f"{at:.3f}"}
        said = self.ask("/api/v1/query", query=expression, **when)
        assert said["status"] == "success", said
        found: list[dict[str, Any]] = said["data"]["result"]
        return found

    def words(self) -> str:
        """The end of its log."""
        return "\n".join(self._log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def wait_until_ready(self) -> None:
        """Return once it says so."""
        end = time.monotonic() + _READY_S
        while time.monotonic() < end and self._process.poll() is None:
            try:
                with urlopen(f"http://{self.address}/-/ready", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"{self._process.args!r} is not ready\n{self.words()}")


def program(name: str) -> str:
    """Where it is; AssertionError where it is not."""
    found = next((path for one in _NAMES.get(name, (name,)) if (path := shutil.which(one))), None)
    assert found is not None, f"{name} is missing: make programs"
    return found


@contextmanager
def running(name: str, arguments: list[str], folder: Path) -> Iterator[Server]:
    """The server with its arguments on a free port of loopback, and an own log; ended afterwards."""
    address = f"127.0.0.1:{free_port()}"
    log = folder / f"{name}.log"
    with log.open("ab") as out:
        words = [program(name), *arguments, f"--web.listen-address={address}"]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    try:
        server = Server(address, process, log)
        server.wait_until_ready()
        yield server
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
