"""The local web app is started."""

from __future__ import annotations

from pathlib import Path

import click

from rolelens.cli.options import model_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Any other than this machine asks for a token.")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True)
@click.option("--token", envvar="ROLELENS_TOKEN", help="What visitors must show; made up where one is needed.")
@model_option
def serve(host: str, port: int, token: str | None, model: Path | None) -> None:
    """Open a page to drop postings on, at an address of this machine.

    \b
    Examples:
      rolelens serve
      ROLELENS_TOKEN=... rolelens serve --host 0.0.0.0
    """
    from rolelens.web.server import run_server

    run_server(host, port, token, model, say=click.echo)
