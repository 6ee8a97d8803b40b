"""A whole table is scored: a chunk at a time, resumable, in its order."""

from __future__ import annotations

import contextlib
import gc
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from rolelens.classifier import RoleClassifier
from rolelens.errors import OutputError, TableError
from rolelens.model.decision import RowResult
from rolelens.posting import Posting
from rolelens.reading.reader import is_compiled
from rolelens.tables.column_detection import Fields, choose_fields
from rolelens.tables.excel import ExcelOutput
from rolelens.tables.result_columns import FLAGS, NUMBERS, outcome_columns, outcome_values, renamed
from rolelens.tables.rows import Encoder, ParquetOutput, Row, Rows, format_of, opened, pyarrow

CHUNK_ROWS = 500  # what is in memory at once, and lost at most when a run is killed
_OBJECTS_BETWEEN_SEARCHES = 100_000
STANDARD = "-"


@dataclass(frozen=True, slots=True)
class Job:
    """What to score, where to and how. `-` is standard input or output."""

    source: str
    target: str
    model: Path | None = None
    input_format: str | None = None
    output_format: str | None = None
    encoding: str | None = None
    output_encoding: str | None = None
    text_columns: tuple[str, ...] = ()
    title_column: str | None = None
    id_column: str | None = None
    stop_on_error: bool = False
    resume: bool = False
    workers: int = 1


@dataclass(slots=True)
class Summary:
    """What came of a job so far."""

    rows: int = 0
    roles: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    review: int = 0
    errors: int = 0
    damaged: int = 0

    def add(self, scored: Sequence[RowResult], rows: Sequence[Row]) -> None:
        """Count some rows."""
        self.rows += len(scored)
        for each, row in zip(scored, rows, strict=True):
            self.errors += bool(each.error or row.error)
            self.damaged += row.is_damaged
            if each.verdict is not None:
                self.roles[each.verdict.role] = self.roles.get(each.verdict.role, 0) + 1
                self.conflicts += each.verdict.conflict
                self.review += each.verdict.review_reason is not None


Progress = Callable[[int, int], None]  # bytes read of the input, rows done


def score_table(
    job: Job,
    *,
    note: Callable[[str], None] = lambda _: None,
    progress: Progress = lambda _bytes, _rows: None,
    chunk_rows: int = CHUNK_ROWS,
) -> Summary:
    """Score every row of a table and write it, which then appears whole or not at all.

    Args:
        job: what to score.
        note: told what a user should know, a line at a time.
        progress: told after each chunk how many bytes were read and rows done.
        chunk_rows: rows that are in memory at once.

    Raises:
        TableError: the table cannot be read, or a row cannot be scored and the job says to stop there.
        OutputError: the result cannot be written.
    """
    with _spooled(job) as source:
        kind = format_of(job.source, job.input_format or ("csv" if job.source == STANDARD else None))
        with opened(source, kind, job.encoding) as rows:
            if not rows.columns:
                raise TableError(f"{job.source}: no rows; give a table with a header line")
            fields = choose_fields(rows.columns, job.text_columns, job.title_column, job.id_column)
            note(str(fields))
            run = _Run(job, source, kind, rows, fields, note)
            with _settled_memory():
                return run.through(progress, chunk_rows)


@contextlib.contextmanager
def _settled_memory() -> Iterator[None]:
    """Have garbage searched for seldom, as rows leave next to none, and never among what is loaded."""
    ours = gc.get_freeze_count() == 0  # else whoever called has settled it, and for longer
    often, *rarely = gc.get_threshold()
    if ours:
        gc.freeze()
    if often:  # else the search is off
        gc.set_threshold(max(often, _OBJECTS_BETWEEN_SEARCHES), *rarely)
    try:
        yield
    finally:
        gc.set_threshold(often, *rarely)
        if ours:
            gc.unfreeze()


@contextlib.contextmanager
def _spooled(job: Job) -> Iterator[Path]:
    """Yield the path of the input; standard input goes to a temporary file first, to be read twice."""
    if job.source != STANDARD:
        yield Path(job.source)
        return
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "input"
        with path.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield path


class _Run:
    """One job under way."""

    def __init__(
        self, job: Job, source: Path, kind: str, rows: Rows, fields: Fields, note: Callable[[str], None]
    ) -> None:
        self._job, self._source, self._rows, self._fields, self._note = job, source, rows, fields, note
        self._kind = format_of(job.target, job.output_format or (kind if job.target == STANDARD else None))
        self._classifier = RoleClassifier.load(job.model)
        ours = outcome_columns(self._classifier.model)
        named = renamed(ours, rows.columns)
        for before, after in zip(ours, named, strict=True):
            if before != after:
                note(f"the table has a column {before} already; ours is {after}")
        if not is_compiled():
            note(
                "the reader was not compiled here, which makes it a hundred times slower; install a C compiler and "
                "install rolelens again"
            )
        self._columns, self._ours = [*rows.columns, *named], named
        self._summary = Summary()
        self._identity = self._what_must_stay()

    def through(self, progress: Progress, chunk_rows: int) -> Summary:
        """Score all rows."""
        with self._output() as write:
            remaining = iter(self._rows)
            done = sum(1 for _ in islice(remaining, self._summary.rows))
            if done < self._summary.rows:
                raise TableError(f"{self._job.source}: it has become shorter; run without --resume to start over")
            for chunk, scored in self._scored(_chunks(remaining, chunk_rows)):
                self._summary.add(scored, chunk)
                model = self._classifier.model
                write(
                    [
                        [*row.cells, *outcome_values(each, model, row.error), *row.surplus]
                        for row, each in zip(chunk, scored, strict=True)
                    ]
                )
                progress(self._rows.position(), self._summary.rows)
        return self._summary

    def _scored(self, chunks: Iterable[list[Row]]) -> Iterator[tuple[list[Row], list[RowResult]]]:
        """Yield chunks of rows with their outcomes, in order whatever the number of workers."""
        number = self._summary.rows
        for chunk, scored in _in_parallel(self._with_postings(chunks), self._classifier, self._job):
            for row, each in zip(chunk, scored, strict=True):
                number += 1
                if self._job.stop_on_error and (each.error or row.error):
                    name = self._fields.name(row.cells, number)
                    raise TableError(f"{self._job.source}: {name}: {each.error or row.error}")
            yield chunk, scored

    def _with_postings(self, chunks: Iterable[list[Row]]) -> Iterator[tuple[list[Row], list[Posting]]]:
        for chunk in chunks:
            yield chunk, [self._fields.posting(row.cells, "") for row in chunk]

    @contextlib.contextmanager
    def _output(self) -> Iterator[Callable[[list[list[Any]]], None]]:
        """Yield what takes rows; the target appears when all are written."""
        target = self._job.target
        if target == STANDARD:
            encoder = Encoder(self._kind, self._columns, self._job.output_encoding or "utf-8", "")
            with self._told():
                sys.stdout.buffer.write(encoder.header())
            yield lambda rows: self._to_stdout(encoder, rows)
        elif self._kind in ("parquet", "xlsx"):
            yield from self._whole_output(Path(target))
        elif self._kind == "json":
            raise OutputError(f"{target}: a JSON array is read and not written; choose .jsonl")
        else:
            yield from self._text_output(Path(target))

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Say of a failure to write how far the run came; failures to read are the table's to tell."""
        try:
            yield
        except BrokenPipeError as error:
            raise OutputError(f"whoever reads the output went away after {self._summary.rows:,} rows") from error
        except OSError as error:
            after = f"after {self._summary.rows:,} rows; make room and run it again with --resume"
            raise OutputError(f"{self._job.target}: {error.strerror or error}, {after}") from error

    def _to_stdout(self, encoder: Encoder, rows: list[list[Any]]) -> None:
        data = encoder.rows(rows)
        with self._told():
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()

    def _whole_output(self, target: Path) -> Iterator[Callable[[list[list[Any]]], None]]:
        if self._job.resume:
            self._note("a Parquet or Excel file cannot be continued; starting over")
        unfinished = target.with_name(f".{target.name}.part")
        try:
            with self._told():
                output = (
                    ExcelOutput(unfinished, self._columns)
                    if self._kind == "xlsx"
                    else ParquetOutput(unfinished, self._columns, self._types())
                )

            def write(rows: list[list[Any]]) -> None:
                with self._told():
                    output.write([self._within_columns(row) for row in rows])

            yield write
            with self._told():
                output.close()
                unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)

    def _within_columns(self, row: list[Any]) -> list[Any]:
        """Return a row for a format that has no cells beyond its columns: they are told in the error."""
        width, place = len(self._columns), self._columns.index(self._ours[-2])
        if len(row) > width:
            row[place] = f"{row[place]}: {json.dumps(row[width:], ensure_ascii=False)}"
        return row[:width]

    def _types(self) -> dict[str, Any]:
        arrow = pyarrow()
        kept = getattr(self._rows, "schema", None)
        types = {} if kept is None else {name: kept.field(name).type for name in kept.names}
        for ours, name in zip(outcome_columns(self._classifier.model), self._ours, strict=True):
            if ours in FLAGS:
                types[name] = arrow.bool_()
            elif NUMBERS.match(ours):
                types[name] = arrow.float64()
        return types

    def _text_output(self, target: Path) -> Iterator[Callable[[list[list[Any]]], None]]:
        part, state = target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.state")
        marked = "utf-8" if self._kind == "jsonl" else "utf-8-sig"  # the mark tells Excel that it is UTF-8
        compression = target.suffix if target.suffix in (".gz", ".zst") else ""
        if target.suffix in (".bz2", ".xz", ".zip"):
            raise OutputError(f"{target}: {target.suffix} is read and not written; choose .gz or .zst")
        encoder = Encoder(self._kind, self._columns, self._job.output_encoding or marked, compression)
        written = self._resumed(state) if self._job.resume and part.exists() else 0
        with contextlib.ExitStack() as stack:
            with self._told():
                file = part.open("r+b" if written else "wb")
                stack.callback(self._close, file)
                log = stack.enter_context(state.open("ab" if written else "wb", buffering=0))
                if written:
                    file.seek(written)
                    file.truncate()
                    log.write(b"\n")  # ends the line that a kill may have broken off
                else:
                    file.write(encoder.header())
                    log.write(_json_line(self._identity))

            def write(rows: list[list[Any]]) -> None:
                data = encoder.rows(rows)
                with self._told():
                    file.write(data)
                    file.flush()
                    log.write(_json_line({"written": file.tell(), "summary": asdict(self._summary)}))

            try:
                yield write
            except TableError:  # going on would meet the same row
                part.unlink()
                state.unlink(missing_ok=True)
                raise
        with self._told():
            part.replace(target)
            state.unlink(missing_ok=True)

    def _close(self, file: BinaryIO) -> None:
        with self._told():  # what is still in its buffer may find the disk full
            file.close()

    def _what_must_stay(self) -> dict[str, Any]:
        """Return what must be the same for a run to go on."""
        job = asdict(replace(self._job, resume=False, workers=1, model=None))
        size = self._source.stat().st_size
        return {"job": json.loads(json.dumps(job)), "size": size, "model": self._classifier.model.id}

    def _resumed(self, state: Path) -> int:
        """Take up an unfinished run from its log; return how many bytes of it are good."""
        identity, *steps = _json_lines(state) or [None]
        if not steps:
            return 0  # it was killed before its first chunk
        if identity != self._identity:
            raise TableError(
                f"{self._job.target}: the unfinished run had another input, model or other options; "
                "run without --resume to start over"
            )
        self._summary = Summary(**steps[-1]["summary"])
        self._note(f"going on after {self._summary.rows:,} rows")
        return int(steps[-1]["written"])


def _json_line(value: object) -> bytes:
    return json.dumps(value).encode() + b"\n"


def _json_lines(path: Path) -> list[Any]:
    """Return the values in the whole lines of a file, none if there is no file."""
    found = []
    for line in path.read_bytes().splitlines() if path.exists() else []:
        with contextlib.suppress(ValueError):
            found.append(json.loads(line))
    return found


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(islice(rows, size)):
        yield chunk


def _in_parallel(
    chunks: Iterable[tuple[list[Row], list[Posting]]], classifier: RoleClassifier, job: Job
) -> Iterator[tuple[list[Row], list[RowResult]]]:
    if job.workers == 1:
        for chunk, postings in chunks:
            yield chunk, classifier.score(postings)
        return
    from joblib import Parallel, delayed

    # Threads share what they read and score, as the compiled loop runs while others hold the interpreter.
    score = delayed(classifier.score)
    waiting: deque[list[Row]] = deque()

    def tasks() -> Iterator[Any]:
        for chunk, postings in chunks:
            waiting.append(chunk)
            yield score(postings)

    prefer = "threads" if is_compiled() else "processes"
    for scored in Parallel(job.workers, return_as="generator", prefer=prefer)(tasks()):
        yield waiting.popleft(), scored
