"""Tables in Excel files: the first sheet that has rows, values as they are, in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rolelens.errors import TableError
from rolelens.tables.column_detection import MOST_TITLE_ROWS, is_title_row

LONGEST_CELL = 32_767  # characters, which is Excel's own limit
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def openpyxl() -> Any:  # noqa: ANN401
    """Return the openpyxl package.

    Raises:
        TableError: it is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise TableError(
            '.xlsx files need openpyxl; pip install openpyxl, or rolelens with its extra "tables"'
        ) from error
    return openpyxl


def sheet_rows(path: Path) -> Iterator[list[Any]]:
    """Yield the rows of an Excel file, its header first: values, with nothing for empty cells.

    Raises:
        TableError: it is no Excel file, or a damaged one.
    """
    excel = openpyxl()
    try:
        book = excel.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = (list(row) for row in sheet.iter_rows(values_only=True))
            header = next(rows, None)
            for _ in range(MOST_TITLE_ROWS):
                if header is None or not is_title_row(header):
                    break
                header = next(rows, None)
            if header is not None and any(cell is not None for cell in header):
                yield header
                yield from (row for row in rows if any(cell is not None for cell in row))
                return
    except (OSError, ValueError, KeyError, TypeError, EOFError, excel.utils.exceptions.InvalidFileException) as error:
        raise TableError(f"{path}: not an Excel file, or a damaged one ({error})") from error
    except Exception as error:  # a damaged archive raises what its parts raise
        raise TableError(f"{path}: a damaged Excel file ({type(error).__name__}: {error})") from error


class ExcelOutput:
    """An Excel file being written: numbers and dates stay what they are, and no text becomes a formula."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        excel = openpyxl()
        self._path, self._book = path, excel.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("postings")
        self._cell = excel.cell.WriteOnlyCell
        self.write([columns])

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows."""
        for row in rows:
            self._sheet.append([self._value(cell) for cell in row])

    def _value(self, value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, list | dict):
            value = str(value)
        if not isinstance(value, str):
            return value
        cell = self._cell(self._sheet, _NOT_IN_XML.sub("\ufffd", value)[:LONGEST_CELL])
        cell.data_type = "s"  # else a text that begins with = would be a formula
        return cell

    def close(self) -> None:
        """Finish the file."""
        self._book.save(self._path)
