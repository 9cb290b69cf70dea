"""`motcua worker`: one worker with the three stages."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import click

from streams.cli.loading import run_option, settings_of, settings_option
from streams.parent import end_with_parent


@click.command("worker")
@run_option
@settings_option
@click.option("--log-level", type=click.Choice(["info", "warning", "error"]), default="info", show_default=True)
@click.option("--with-parent", is_flag=True, hidden=True, help="End when standard input does: the starter has gone.")
def command(run: str | None, settings_file: Path | None, log_level: str, with_parent: bool) -> None:
    """Run one worker until SIGTERM or Ctrl-C; start more for more throughput, they share the partitions."""
    from streams import topic_admin
    from streams.app import build
    from streams.connection import wait_for_broker
    from streams.registers import register_of
    from streams.worker_log import arrange_logging

    if with_parent:
        end_with_parent()
    settings = settings_of(settings_file, run)
    arrange_logging(log_level)
    logger = logging.getLogger("streams.worker")
    register = register_of(settings)
    wait_for_broker(settings, timeout_s=600.0, say=logger.warning)
    created = topic_admin.create(settings, settings.run)
    if created:
        logger.info("created topics %s", ", ".join(created))
    runtime = build(settings, register)
    worker = runtime.app.Worker(loglevel=log_level.upper(), override_logging=False, redirect_stdouts=False, quiet=True)
    sys.exit(worker.execute_from_commandline())


if __name__ == "__main__":
    command()
