"""`python -m streams.cli`: the command `motcua` where it is not installed on the path."""

from streams.cli import main

main(prog_name="motcua")
