import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from simulators.workers import WorkerFailed, Workers, environment, run_folder
from streams.settings import load


def test_another_process_gets_the_same_settings_by_its_environment(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("secret\n", encoding="utf-8")
    settings = load(
        {
            "HOME": str(tmp_path),
            "MOTCUA_BROKERS": "a:1,b:2",
            "MOTCUA_RUN": "trial",
            "MOTCUA_EMBEDDED": "true",
            "MOTCUA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "MOTCUA_SASL_USERNAME": "me",
            "MOTCUA_SASL_PASSWORD_FILE": str(secret),
        }
    )
    given = environment(settings, {"HOME": "/", "MOTCUA_SETTINGS": "elsewhere.toml"}, http_port="0")
    assert "MOTCUA_SETTINGS" not in given
    assert load(given) == msgspec.structs.replace(settings, http_port=0)


def test_a_worker_that_ends_again_and_again_is_given_up_with_the_end_of_its_log(tmp_path: Path) -> None:
    # No broker answers at this port, so a worker cannot live.
    settings = load({"HOME": str(tmp_path), "MOTCUA_BROKERS": "127.0.0.1:1", "MOTCUA_RUN": "trial"})
    said: list[str] = []
    workers = Workers(settings, 1, said.append)
    run_folder(settings).mkdir(parents=True)
    workers._environment["MOTCUA_PARTITIONS"] = "none"  # a wrong setting ends it at once
    workers.start()
    try:
        with pytest.raises(
            WorkerFailed, match=r"(?s)Worker 1 of run trial ended with status \d+\. Its log .* ends with:\n  .*\w"
        ):
            check_until_given_up(workers)
    finally:
        workers.stop()
    assert len(said) == 3


def check_until_given_up(workers: Workers) -> None:
    while workers.pids():
        workers.check()


def test_a_worker_ends_with_the_command_that_started_it_also_when_that_is_killed(tmp_path: Path) -> None:
    with parent(tmp_path) as (process, worker):
        process.kill()
        process.wait()
        assert ended(worker), "the worker goes on without its parent"


def test_a_worker_that_is_left_running_goes_on_without_its_command(tmp_path: Path) -> None:
    with parent(tmp_path, "workers.leave()") as (process, worker):
        process.wait()
        assert not ended(worker, within_s=1.0)


PARENT = """
import sys, time
from pathlib import Path
from simulators.workers import Workers
from streams.settings import load
workers = Workers(load({"HOME": sys.argv[1], "MOTCUA_BROKERS": "127.0.0.1:1", "MOTCUA_RUN": "trial"}), 1, print)
workers.start()
log = Path(sys.argv[1]) / ".local/share/motcua/runs/trial/worker-1.log"
while "Waiting for Kafka" not in log.read_text():  # it is up, and waits for a broker
    time.sleep(0.05)
print(workers.pids()[0], flush=True)
"""


@contextmanager
def parent(folder: Path, then: str = "time.sleep(60)") -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A process that starts a worker and then does something, and the id of that worker."""
    command = [sys.executable, "-c", PARENT + then, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        try:
            yield process, worker
        finally:
            process.kill()
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


def ended(pid: int, within_s: float = 10.0) -> bool:
    """Whether a process that is no child of ours has ended (or is a zombie that nobody waits for)."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
