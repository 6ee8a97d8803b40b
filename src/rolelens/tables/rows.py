"""Tables of postings, row by row: CSV, TSV, JSONL and Parquet in, the same out."""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from rolelens.errors import OutputError, TableError
from rolelens.tables.column_detection import MOST_TITLE_ROWS, is_title_row
from rolelens.tables.excel import sheet_rows

FORMATS = ("csv", "tsv", "jsonl", "json", "xlsx", "parquet")
_ENDINGS = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json"}
_ENDINGS |= {".xlsx": "xlsx", ".parquet": "parquet"}
_DELIMITERS = (",", ";", "\t", "|")  # of a CSV: the one that parts its header into most columns
_SEPARATOR = "sep="  # a first line that tells Excel the delimiter
_COMPRESSIONS = (".gz", ".zst", ".bz2", ".xz", ".zip")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLOCK = 1 << 16  # bytes; more would not stay in the cache between decoding and parsing
_TELLING = 1000  # letters beyond ASCII tell the encoding
_LINE_END = re.compile(r"\r\n?|\n")
_MAX_JSON = 1 << 28  # bytes of an array, which is read at once
_MAX_CELL = 1 << 25  # characters; a larger cell is a quote that was never closed
DAMAGED = "\ufffd"  # what stands for bytes that are no letter of the encoding
SURPLUS_ERROR = "the row has more cells than the header; they follow the last column"
QUOTE_ERROR = "a quote in the row is never closed; its first line was read as it stands"
LINE_ERROR = "the line is no JSON object; it is kept as it stands"

csv.field_size_limit(_MAX_CELL)


@dataclass(slots=True)
class Row:
    """One row: its cells in the order of the columns, what was wrong with it, cells beyond the last column."""

    cells: list[Any]
    error: str = ""
    surplus: list[str] = field(default_factory=list)

    @property
    def is_damaged(self) -> bool:
        """Whether a character of it could not be read, here or by whoever made the table."""
        return any(isinstance(cell, str) and DAMAGED in cell for cell in self.cells)


class Rows(Protocol):
    """A table that is being read: its columns, its rows, and how much of the file has been read."""

    columns: list[str]

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows."""

    def position(self) -> int:
        """Return how many bytes of the file have been read."""


def format_of(name: str, given: str | None) -> str:
    """Return the format of a file: the one given, or the one its ending says.

    Raises:
        TableError: the ending says nothing.
    """
    if given:
        return given
    path = Path(name)
    ending = Path(path.stem).suffix if path.suffix in _COMPRESSIONS else path.suffix
    if ending.lower() not in _ENDINGS:
        raise TableError(f"{name}: no ending that says what it is; name the format, one of {', '.join(FORMATS)}")
    return _ENDINGS[ending.lower()]


@contextmanager
def opened(path: Path, kind: str, encoding: str | None) -> Iterator[Rows]:
    """Open a table for reading.

    Raises:
        TableError: the file cannot be read, or its encoding or compression is not what it says.
    """
    try:
        if kind == "parquet":
            yield _ParquetRows(path)
            return
        if kind == "xlsx":
            yield _SheetRows(path)
            return
        with path.open("rb") as raw, _decompressed(raw, path) as plain:
            found = encoding or detected_encoding(path)
            if kind == "json":
                yield _JsonArrayRows(plain.read(_MAX_JSON + 1), found, path)
            elif kind == "jsonl":
                text = io.TextIOWrapper(plain, encoding=found, errors="replace", newline="")
                yield _JsonRows(text, raw)
                text.detach()
            else:
                yield _CsvRows(plain, found, raw, "\t" if kind == "tsv" else "")
    except FileNotFoundError as error:
        raise TableError(f"{path}: no such file; check the path") from error
    except (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        raise TableError(f"{path}: the compressed file is damaged or cut short ({error})") from error
    except OSError as error:
        raise TableError(f"{path}: {error.strerror or error}; check the path") from error
    except LookupError as error:
        raise TableError(f"{path}: unknown encoding {encoding!r}; try utf-8, utf-16 or cp949") from error


def detected_encoding(path: Path) -> str:
    """Return the encoding of a text table: by its mark, else UTF-8 if its letters beyond ASCII are, else cp949.

    A thousand such letters tell. A few damaged ones among them do not turn the others into cp949.
    """
    with path.open("rb") as raw, _decompressed(raw, path) as plain:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        block = plain.read(_BLOCK)
        for mark, encoding in _MARKS:
            if block.startswith(mark):
                return encoding
        beyond = damaged = 0
        while block and beyond < _TELLING:
            text = decoder.decode(block)
            beyond += len(text) - len(text.encode("ascii", "ignore"))
            damaged += text.count(DAMAGED)
            block = plain.read(_BLOCK)
        return "cp949" if 2 * damaged > beyond else "utf-8"


@contextmanager
def _decompressed(raw: IO[bytes], path: Path) -> Iterator[IO[bytes]]:
    if path.suffix == ".gz":
        with gzip.open(raw) as plain:
            yield plain  # type: ignore[misc]
    elif path.suffix == ".zst":
        zstandard = _zstandard()
        try:
            with zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True) as plain:
                yield io.BufferedReader(plain)
        except zstandard.ZstdError as error:
            raise TableError(f"{path}: the compressed file is damaged ({error})") from error
    elif path.suffix == ".bz2":
        with bz2.open(raw) as plain:
            yield plain
    elif path.suffix == ".xz":
        with lzma.open(raw) as plain:
            yield plain
    elif path.suffix == ".zip":
        with zipfile.ZipFile(raw) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/") and not name.startswith("__MACOSX")]
            if len(names) != 1:
                raise TableError(f"{path}: an archive of {len(names)} files; give it one table, or unpack it")
            with archive.open(names[0]) as plain:
                yield plain
    else:
        yield raw


def _zstandard() -> Any:  # noqa: ANN401
    try:
        import zstandard
    except ImportError as error:
        raise TableError('.zst files need zstandard; pip install "rolelens[tables]"') from error
    return zstandard


class _CsvRows:
    """Rows of a CSV: short ones are filled up, long ones keep their surplus, a quote left open costs one line.

    A row as wide as the header is found by one pattern, which is sooner done than `csv.reader`'s look at every letter
    of a long text by itself; the reader is asked of all others.
    """

    def __init__(self, plain: IO[bytes], encoding: str, raw: IO[bytes], delimiter: str) -> None:
        self._raw, self._buffer = raw, _Buffer(plain, encoding)
        self._delimiter = delimiter = delimiter or self._told_delimiter()
        first = self._row_by_reader()
        for _ in range(MOST_TITLE_ROWS):
            if first is None or not is_title_row(first.cells):
                break
            first = self._row_by_reader()
        self.columns: list[str] = first.cells if first else []
        delimiter = re.escape(delimiter)
        cell = rf'("[^"]*+(?:""[^"]*+)*+"|[^"{delimiter}\r\n]*+)'
        self._regular = re.compile(rf"(?=[^\r\n]){delimiter.join([cell] * len(self.columns))}(?:\r\n?|\n)")

    def _told_delimiter(self) -> str:
        """Return what parts the cells: what a first line says, or what makes most columns of the first lines."""
        buffer = self._buffer
        buffer.fill()
        lines = buffer.text.lstrip("\ufeff").splitlines()[: MOST_TITLE_ROWS + 1] or [""]
        if lines[0].lower().startswith(_SEPARATOR) and len(lines[0]) == len(_SEPARATOR) + 1:
            next(buffer.lines())
            buffer.row = buffer.line
            return lines[0][-1]
        widest = {
            mark: max(len(next(csv.reader([line], delimiter=mark), [])) for line in lines) for mark in _DELIMITERS
        }
        return max(_DELIMITERS, key=widest.__getitem__)

    def position(self) -> int:
        return self._raw.tell()

    def __iter__(self) -> Iterator[Row]:
        width = len(self.columns)
        while row := self._regular_row() or self._row_by_reader():
            count = len(row.cells)
            if count == 0:
                continue  # a blank line is no row
            if count < width:
                row.cells += [""] * (width - count)
            elif count > width:
                row.cells, row.surplus = row.cells[:width], row.cells[width:]
                row.error = row.error or SURPLUS_ERROR
            yield row

    def _regular_row(self) -> Row | None:
        """Return the next row if it has a cell for each column and ends in what is read at once."""
        buffer = self._buffer
        found = self._regular.match(buffer.text, buffer.row)
        if found is None and buffer.is_short() and buffer.fill():
            found = self._regular.match(buffer.text, buffer.row)
        if found is None:
            return None
        buffer.row, cells = found.end(), list(found.groups())
        if buffer.text.find('"', *found.span()) >= 0:
            cells = [cell[1:-1] if cell.startswith('"') else cell for cell in cells]
            cells = [cell.replace('""', '"') if '"' in cell else cell for cell in cells]
        return Row(cells)

    def _row_by_reader(self) -> Row | None:
        """Return the next row, None if there is none."""
        buffer = self._buffer
        try:
            cells = next(csv.reader(buffer.lines(), delimiter=self._delimiter, strict=True), None)
            row = None if cells is None else Row(cells)
        except csv.Error:
            row = self._as_it_stands(next(buffer.lines()))
        buffer.row = buffer.line
        return row

    def _as_it_stands(self, line: str) -> Row:
        """Return the first line of a row that cannot be parsed."""
        lenient = next(csv.reader([line], delimiter=self._delimiter), [])
        if any("\n" in cell for cell in lenient[-1:]):  # the quote swallowed the end of the line
            lenient = next(csv.reader([line], delimiter=self._delimiter, quoting=csv.QUOTE_NONE), [])
            lenient = [cell.rstrip("\r\n") for cell in lenient]
        return Row(lenient, QUOTE_ERROR)


class _Buffer:
    """The part of a text that is being read: `row` is where the next row starts, `line` where the next line does."""

    def __init__(self, plain: IO[bytes], encoding: str) -> None:
        self._plain, self._decoder = plain, codecs.getincrementaldecoder(encoding)(errors="replace")
        self.text = ""
        self.row = self.line = 0

    def is_short(self) -> bool:
        """Return whether so little is left that a row of usual length may go on behind it."""
        return len(self.text) - self.row < _BLOCK

    def fill(self) -> bool:
        """Drop what is before the row and read on, as much as there is already; return whether there was more."""
        self.text, self.line, self.row = self.text[self.row :], self.line - self.row, 0
        while block := self._plain.read(max(_BLOCK, len(self.text))):
            if more := self._decoder.decode(block):
                self.text += more
                return True
        more = self._decoder.decode(b"", final=True)
        self.text += more
        return bool(more)

    def lines(self) -> Iterator[str]:
        """Yield the lines from the row on."""
        self.line = self.row
        while True:
            end = _LINE_END.search(self.text, self.line)
            if end is None and self.fill():
                continue
            line = self.text[self.line : end.end() if end else None]
            if not line:
                return
            self.line += len(line)
            yield line


class _JsonRows:
    """Rows of JSON lines; the columns are the keys of the first object, other keys are surplus."""

    def __init__(self, text: io.TextIOWrapper, raw: IO[bytes]) -> None:
        self._raw, self._text = raw, text
        self._first = next(self._parsed(), None)
        self.columns: list[str] = list(self._first) if isinstance(self._first, dict) else []

    def position(self) -> int:
        return self._raw.tell()

    def __iter__(self) -> Iterator[Row]:
        if self._first is None:
            return
        yield self._row(self._first)
        for value in self._parsed():
            yield self._row(value)

    def _parsed(self) -> Iterator[dict[str, Any] | str]:
        for line in self._text:
            if line.strip():
                try:
                    value = json.loads(line.removeprefix("\ufeff"))
                except ValueError:
                    value = None
                yield value if isinstance(value, dict) else line.rstrip("\r\n")

    def _row(self, value: dict[str, Any] | str) -> Row:
        if isinstance(value, str):
            return Row([None] * len(self.columns), LINE_ERROR, [value])
        others = {key: each for key, each in value.items() if key not in self.columns}
        surplus = [json.dumps(others, ensure_ascii=False)] if others else []
        return Row([value.get(column) for column in self.columns], surplus=surplus)


class _SheetRows:
    """Rows of an Excel file."""

    def __init__(self, path: Path) -> None:
        self._rows, self._bytes = sheet_rows(path), path.stat().st_size
        self.columns: list[str] = [_as_text(cell) for cell in next(self._rows, [])]
        self._done = False

    def position(self) -> int:
        return self._bytes if self._done else 0

    def __iter__(self) -> Iterator[Row]:
        width = len(self.columns)
        for cells in self._rows:
            surplus = [_as_text(cell) for cell in cells[width:] if cell is not None]
            yield Row([*cells[:width], *[None] * (width - len(cells))], SURPLUS_ERROR if surplus else "", surplus)
        self._done = True


class _JsonArrayRows:
    """Rows of a JSON array of objects, or of what pandas writes: numbered rows by column, or lists of cells."""

    def __init__(self, data: bytes, encoding: str, path: Path) -> None:
        if len(data) > _MAX_JSON:
            raise TableError(f"{path}: more than {_MAX_JSON:,} bytes of JSON; write one object a line, as .jsonl")
        try:
            value = json.loads(data.decode(encoding, "replace"))
        except (ValueError, RecursionError) as error:
            raise TableError(f"{path}: not JSON ({error}); write an array of objects, or one object a line") from error
        if isinstance(value, dict):
            value = _records(value)
        if not isinstance(value, list) or not value:
            raise TableError(f"{path}: no array of objects; write one, or one object a line as .jsonl")
        self._values, self._bytes = value, len(data)
        self.columns = list(dict.fromkeys(key for each in value if isinstance(each, dict) for key in each))

    def position(self) -> int:
        return self._bytes

    def __iter__(self) -> Iterator[Row]:
        for value in self._values:
            if isinstance(value, dict):
                yield Row([value.get(column) for column in self.columns])
            else:
                yield Row([None] * len(self.columns), LINE_ERROR, [json.dumps(value, ensure_ascii=False)])


def _records(value: Mapping[str, Any]) -> list[Any]:
    """Return the rows in what pandas writes as JSON, or in the first array of objects that an object holds."""
    columns, data = value.get("columns"), value.get("data")
    if isinstance(columns, list) and isinstance(data, list):
        return [dict(zip(map(str, columns), row, strict=False)) for row in data if isinstance(row, list)]
    if value and all(isinstance(column, dict) for column in value.values()):
        numbers = dict.fromkeys(number for column in value.values() for number in column)
        return [{name: column.get(number) for name, column in value.items()} for number in numbers]
    arrays = (each for each in value.values() if isinstance(each, list) and each and isinstance(each[0], dict))
    return next(arrays, [])


class _ParquetRows:
    """Rows of a Parquet file, a batch at a time."""

    _BATCH = 1000

    def __init__(self, path: Path) -> None:
        arrow = pyarrow()
        try:
            self._file = arrow.parquet.ParquetFile(path)
        except arrow.ArrowInvalid as error:
            raise TableError(f"{path}: not a Parquet file, or a damaged one ({error})") from error
        self.columns: list[str] = list(self._file.schema_arrow.names)
        self.schema = self._file.schema_arrow
        self._rows, self._bytes = 0, path.stat().st_size

    def position(self) -> int:
        return int(self._bytes * self._rows / max(1, self._file.metadata.num_rows))

    def __iter__(self) -> Iterator[Row]:
        for batch in self._file.iter_batches(self._BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                self._rows += 1
                yield Row(list(cells))


class Encoder:
    """Turns rows into the bytes of a CSV, TSV or JSONL file, piece by piece; the pieces put together are the file.

    Every piece is a gzip member or zstd frame of its own, so that a file can be continued where it broke off.
    """

    def __init__(self, kind: str, columns: Sequence[str], encoding: str, compression: str) -> None:
        self._kind, self._columns = kind, list(columns)
        self._encoding, self._compression = encoding, compression

    def header(self) -> bytes:
        """Return the header line, with the encoding's mark."""
        return self._bytes("" if self._kind == "jsonl" else self._lines([self._columns]), first=True)

    def rows(self, rows: Sequence[Sequence[Any]]) -> bytes:
        """Return the lines of some rows; cells beyond the columns follow the others.

        Raises:
            OutputError: a letter does not exist in the encoding.
        """
        return self._bytes(self._objects(rows) if self._kind == "jsonl" else self._lines(rows), first=False)

    def _lines(self, rows: Sequence[Sequence[Any]]) -> str:
        """Return rows as `csv.writer` writes them, but sooner: it looks at every letter of a long text by itself."""
        delimiter, lines = ("\t" if self._kind == "tsv" else ","), []
        for row in rows:
            cells = []
            for cell in row:
                if isinstance(cell, (float, int)):
                    cells.append(str(cell))
                    continue
                text = cell if isinstance(cell, str) else _as_text(cell)
                if '"' in text:
                    text = '"' + text.replace('"', '""') + '"'
                elif delimiter in text or "\n" in text or "\r" in text:
                    text = f'"{text}"'
                cells.append(text)
            lines.append(delimiter.join(cells) + "\r\n")
        return "".join(lines)

    def _objects(self, rows: Sequence[Sequence[Any]]) -> str:
        lines = []
        for row in rows:
            value = dict(zip(self._columns, row, strict=False))
            if surplus := row[len(self._columns) :]:
                value["surplus"] = list(surplus)
            lines.append(json.dumps(value, ensure_ascii=False, default=str))
        return "".join(f"{line}\n" for line in lines)

    def _bytes(self, text: str, *, first: bool) -> bytes:
        name = self._encoding
        if not first:  # one mark is enough
            name = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(name, name)
        try:
            data = text.encode(name)
            if first and name == "utf-16":
                data = codecs.BOM_UTF16_LE + text.encode("utf-16-le")
        except UnicodeEncodeError as error:
            raise OutputError(f"{error.object[error.start]!r} does not exist in {self._encoding}; use utf-8") from error
        if not data or not self._compression:
            return data
        if self._compression == ".gz":
            return gzip.compress(data, mtime=0)
        return bytes(_zstandard().ZstdCompressor().compress(data))


def _as_text(cell: Any) -> str:  # noqa: ANN401
    if cell is None:
        return ""
    if isinstance(cell, (dict, list)):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)


class ParquetOutput:
    """A Parquet file being written: the columns that come from one keep their types, the others are given theirs."""

    def __init__(self, path: Path, columns: Sequence[str], types: Mapping[str, Any]) -> None:
        self._arrow = pyarrow()
        self._schema = self._arrow.schema([(name, types.get(name, self._arrow.string())) for name in columns])
        self._writer = self._arrow.parquet.ParquetWriter(path, self._schema)

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows."""
        arrays = []
        for place, field_ in enumerate(self._schema):
            cells = [row[place] for row in rows]
            if field_.type == self._arrow.string():
                cells = [cell if cell is None or isinstance(cell, str) else _as_text(cell) for cell in cells]
            arrays.append(self._arrow.array(cells, type=field_.type))
        self._writer.write_table(self._arrow.table(arrays, schema=self._schema))

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()


def pyarrow() -> Any:  # noqa: ANN401
    """Return the pyarrow package with its Parquet part.

    Raises:
        TableError: it is not installed.
    """
    try:
        import pyarrow as arrow
        import pyarrow.parquet
    except ImportError as error:
        raise TableError('Parquet files need pyarrow; pip install "rolelens[tables]"') from error
    return arrow
