"""Labelled postings, read from CSV or JSONL tables."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rolelens.errors import LabelledDataError
from rolelens.posting import Posting
from rolelens.reading.language import language_of

CSV_ENCODINGS = ("utf-8-sig", "cp949")  # what spreadsheets write, tried in this order


@dataclass(frozen=True, slots=True)
class LabelledPosting:
    """A posting with the role a reader gave it.

    `second` is the role that reader could also defend. `judged` is False for postings picked because they are hard:
    they train the model, and figures leave them out. `clear` marks labels given with high confidence.
    """

    posting: Posting
    role: str
    second: str | None
    language: str
    judged: bool
    clear: bool

    @property
    def headline(self) -> str:
        """The title on one line, or the first line of a posting that has none."""
        return " ".join((self.posting.title or self.posting.text.strip().partition("\n")[0]).split())


def read_labelled(
    path: Path,
    roles: Sequence[str],
    *,
    text_column: str = "text",
    title_column: str = "title",
    label_column: str = "label",
    second_column: str = "second",
) -> list[LabelledPosting]:
    """Return the labelled postings of a .csv, .jsonl or .jsonl.gz file.

    The text and label columns must be there; title, second, lang, confidence and sampling are used where they are.

    Raises:
        LabelledDataError: the file cannot be read, or a row lacks its text or a known label; the message names the row.
    """
    rows = list(_rows(path))
    if not rows:
        raise LabelledDataError(f"{path}: no rows; give a table with the columns {text_column} and {label_column}")
    labelled = []
    for number, row in rows:
        text, role, second = (_text(row, column) for column in (text_column, label_column, second_column))
        for column, value in ((text_column, text), (label_column, role)):
            if not value:
                raise LabelledDataError(
                    f"{path}: row {number}: {column} is empty; fill it, or name another column "
                    f"(there are {', '.join(map(str, row))})"
                )
        for value in filter(None, (role, second)):
            if value not in roles:
                raise LabelledDataError(f"{path}: row {number}: {value!r} is not a role; use one of {', '.join(roles)}")
        labelled.append(
            LabelledPosting(
                posting=Posting(text, _text(row, title_column), f"{_text(row, 'source')}"),
                role=role,
                second=second or None,
                language=_text(row, "lang") or language_of(text),
                judged=_text(row, "sampling") in ("", "random"),
                clear=_text(row, "confidence") == "high",
            )
        )
    return labelled


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None or value != value else str(value).strip()


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    suffixes = "".join(path.suffixes[-2:])
    try:
        if path.suffix == ".csv":
            yield from _csv_rows(path)
        elif suffixes.endswith(".jsonl"):
            yield from _json_rows(path, path.read_text(encoding="utf-8").split("\n"))
        elif suffixes.endswith(".jsonl.gz"):
            yield from _json_rows(path, gzip.decompress(path.read_bytes()).decode("utf-8").split("\n"))
        else:
            raise LabelledDataError(f"{path}: unknown kind of table; use .csv, .jsonl or .jsonl.gz")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise LabelledDataError(f"{path}: {error}; check the path and the encoding (UTF-8)") from error


def _csv_rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import pandas as pd

    for encoding in CSV_ENCODINGS:
        try:
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
        except UnicodeDecodeError:
            continue
        except ValueError as error:
            raise LabelledDataError(f"{path}: not a CSV table ({error}); export it again") from error
        yield from enumerate(frame.to_dict("records"), 2)
        return
    raise LabelledDataError(f"{path}: neither UTF-8 nor cp949; save it as UTF-8")


def _json_rows(path: Path, lines: Iterable[str]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise LabelledDataError(f"{path}: row {number}: not JSON ({error}); write one object a line") from error
            if not isinstance(row, dict):
                raise LabelledDataError(f"{path}: row {number}: not a JSON object; write one object a line")
            yield number, row
