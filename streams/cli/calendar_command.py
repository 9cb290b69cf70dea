"""`motcua calendar`: see `streams.cli.definitions`."""

from streams.cli.definitions import calendar as command

__all__ = ["command"]
