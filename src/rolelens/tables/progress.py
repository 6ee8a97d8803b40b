"""How far the scoring of a table has come, on a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from rolelens.tables.rows import DAMAGED

if TYPE_CHECKING:
    from rolelens.tables.scoring import Summary


class Progress:
    """A bar over the bytes of a table with the rows done, their rate and the time left; lines go above it."""

    def __init__(self, source: str, *, shown: bool) -> None:
        path = Path(source)
        size = path.stat().st_size if path.is_file() else None
        self._started = time.perf_counter()
        self._bar = tqdm(
            total=size, unit="B", unit_scale=True, disable=not shown, leave=False, dynamic_ncols=True, mininterval=0.2
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def say(self, line: str) -> None:
        """Print a line to stderr without breaking the bar."""
        self._bar.clear()
        click.echo(f"rolelens: {line}", err=True)

    def move(self, read: int, rows: int) -> None:
        """Say that so many bytes are read and rows done."""
        seconds = time.perf_counter() - self._started
        self._bar.set_postfix_str(f"{rows:,} rows, {rows / seconds:,.0f}/s", refresh=False)
        self._bar.update(min(read, self._bar.total or read) - self._bar.n)

    def told(self, summary: Summary) -> str:
        """Return what came of it, in a few lines."""
        return "\n".join(self._lines(summary))

    def _lines(self, summary: Summary) -> Iterator[str]:
        seconds = time.perf_counter() - self._started
        yield f"{summary.rows:,} rows in {seconds:.1f} s"
        for role, count in sorted(summary.roles.items(), key=lambda item: -item[1]):
            yield f"  {role:18} {count:>9,}  {count / summary.rows:6.1%}"
        yield f"  conflicts {summary.conflicts:,}, to review {summary.review:,}, with an error {summary.errors:,}"
        if summary.damaged:
            yield f"  with {DAMAGED} {summary.damaged:,}: a character was lost, before or for want of --encoding"
