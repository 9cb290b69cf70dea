"""A worker with INTAKE alone, so that its rate is not that of the stages after it."""

from __future__ import annotations

import os
import sys

from streams.app import build
from streams.registers import register_of
from streams.settings import load
from streams.worker_log import arrange_logging


def main() -> None:
    """Run it until SIGTERM."""
    arrange_logging("info")
    settings = load(os.environ)
    app = build(settings, register_of(settings)).app
    for name in ("dossiers", "index"):
        del app.agents[name]
    worker = app.Worker(loglevel="INFO", override_logging=False, redirect_stdouts=False, quiet=True)
    sys.exit(worker.execute_from_commandline())


if __name__ == "__main__":
    main()
