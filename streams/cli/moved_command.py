"""`motcua moved`: see `streams.cli.definitions`."""

from streams.cli.definitions import moved as command

__all__ = ["command"]
