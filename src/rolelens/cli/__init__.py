"""The command line: parse, call, print."""

from __future__ import annotations

import gc
import io
import sys
from typing import TextIO

import click

from rolelens.cli.classify import classify
from rolelens.cli.models import evaluate, explain_model, train
from rolelens.cli.roles import roles
from rolelens.cli.serve import serve
from rolelens.cli.tables import audit, report, score
from rolelens.errors import RolelensError

_OBJECTS_BETWEEN_SEARCHES = 100_000  # for garbage: a start makes many objects and keeps nearly all


class _Commands(click.Group):
    """Commands whose errors are one line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except RolelensError as error:
            click.echo(f"rolelens: {error}", err=True)
            ctx.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rolelens", message="%(prog)s %(version)s")
def main() -> None:
    """Say which documented AI role a job posting really describes, and why."""


for command in (classify, score, report, serve, roles, explain_model, train, evaluate, audit):
    main.add_command(command)


def _utf8(stream: TextIO) -> None:
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="replace")


def run() -> None:
    """Run the command line with UTF-8 output, whatever the console's own encoding."""
    _utf8(sys.stdout)
    _utf8(sys.stderr)
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES)
    main()
