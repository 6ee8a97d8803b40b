"""What several commands are asked alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

LANGUAGE = click.Choice(["auto", "en", "ko"])
SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
FORMATS = click.Choice(["csv", "tsv", "jsonl", "json", "xlsx", "parquet"])
STYLES = click.Choice(["text", "json", "markdown", "html"])
Command = TypeVar("Command", bound=Callable[..., Any])


def model_option(command: Command) -> Command:
    """Ask for a model folder."""
    return click.option("--model", type=click.Path(path_type=Path), help="A model folder instead of the bundled one.")(
        command
    )
