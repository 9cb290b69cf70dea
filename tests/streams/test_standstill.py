from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

PROGRAM = """
import sys, time
from streams.standstill import Standstill
guard = Standstill(1.0)
guard.start()
print("ready", flush=True)
end = time.monotonic() + 20
while time.monotonic() < end:
    guard.look()
    print("writes", flush=True)
    time.sleep(0.05)
"""
BUSY = """
import time
from streams.standstill import Standstill
guard = Standstill(1.0)
guard.start()
end = time.monotonic() + 2.5
while time.monotonic() < end:
    pass
guard.look()
print("alive", flush=True)
"""


def test_a_process_that_was_stopped_for_long_ends_before_it_writes_again() -> None:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.3)
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(2.0)
    os.kill(process.pid, signal.SIGCONT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 75
    assert set(out.split()) == {b"writes"}


def test_a_busy_process_is_not_taken_for_one_that_stood_still() -> None:
    done = subprocess.run([sys.executable, "-c", BUSY], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, b"alive\n"), done.stderr
