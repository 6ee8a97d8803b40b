"""A scored table as one page to look at."""

from __future__ import annotations

from pathlib import Path

from rolelens.reports.scored.gather import gather
from rolelens.support.atomic_write import atomic_write


def write_report(source: Path, target: Path, kind: str | None = None) -> None:
    """Write the page about a scored table, which appears whole or not at all.

    Raises:
        TableError: the table cannot be read, or was not scored by rolelens.
        OutputError: the page cannot be written.
    """
    from rolelens.reports.scored.page import as_html

    content = as_html(gather(source, kind))
    with atomic_write(target) as unfinished:
        unfinished.write_text(content, encoding="utf-8")
