"""The postings of a table, whatever else is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rolelens.errors import TableError
from rolelens.posting import Posting
from rolelens.tables.column_detection import choose_fields
from rolelens.tables.rows import format_of, opened


def read_table_postings(path: Path, texts: Sequence[str] = (), title: str | None = None) -> list[Posting]:
    """Return the postings of a CSV, TSV, JSONL or Parquet table; rows without a text are left out.

    Args:
        path: the table.
        texts: the columns of the texts, which are joined; by default those with usual names.
        title: the column of the titles, likewise.

    Raises:
        TableError: the table cannot be read, or no row has a text.
    """
    with opened(path, format_of(str(path), None), None) as rows:
        fields = choose_fields(rows.columns, texts, title)
        found = [fields.posting(row.cells, str(path)) for row in rows]
    postings = [posting for posting in found if posting.text.strip()]
    if not postings:
        raise TableError(f"{path}: no row has a text; name the column of the texts")
    return postings
