"""`motcua limits`: see `streams.cli.definitions`."""

from streams.cli.definitions import limits as command

__all__ = ["command"]
