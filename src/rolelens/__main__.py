"""`python -m rolelens` is the command line."""

from rolelens.cli import run

run()
