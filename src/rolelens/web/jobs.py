"""Tables that are being scored for the page."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from rolelens.errors import RolelensError
from rolelens.tables.scoring import Job, Summary, score_table

KEPT_SECONDS = 900  # a finished table waits so long to be fetched
MOST_JOBS = 4  # at a time


@dataclass
class TableJob:
    """One table, how far its scoring is and where the result waits."""

    name: str
    folder: Path
    size: int
    read: int = 0
    rows: int = 0
    summary: Summary | None = None
    error: str = ""
    notes: list[str] = field(default_factory=list)
    ended: float | None = None

    @property
    def scored(self) -> Path:
        """The scored table."""
        return self.folder / f"scored-{self.name}"

    @property
    def report(self) -> Path:
        """The page about it."""
        return self.folder / "report.html"

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return 1.0 if self.ended else min(self.read / max(self.size, 1), 0.99)


class Jobs:
    """The tables under way, in temporary folders that go with the server, or when a table was not fetched for long."""

    def __init__(self, model: Path | None) -> None:
        self._model = model
        self._jobs: dict[str, TableJob] = {}

    def __getitem__(self, id_: str) -> TableJob:
        """Return a job; KeyError if it is over or never was."""
        self._forget_old()
        return self._jobs[id_]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Delete all that is left at the end."""
        try:
            yield
        finally:
            for job in self._jobs.values():
                shutil.rmtree(job.folder, ignore_errors=True)

    def start(self, name: str, content: BinaryIO) -> str:
        """Begin to score a table in the background; return the id of the job, which cannot be guessed.

        Raises:
            BusyError: there are as many under way as this server takes.
        """
        self._forget_old()
        if sum(job.ended is None for job in self._jobs.values()) >= MOST_JOBS:
            raise BusyError(f"{MOST_JOBS} tables are being scored already; try again in a minute")
        folder = Path(tempfile.mkdtemp(prefix="rolelens-"))
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in Path(name).name)[-80:]
        with (folder / safe).open("wb") as file:
            shutil.copyfileobj(content, file)
        job = TableJob(safe, folder, (folder / safe).stat().st_size)
        id_ = secrets.token_urlsafe(16)
        self._jobs[id_] = job
        threading.Thread(target=self._run, args=(job,), daemon=True).start()
        return id_

    def _run(self, job: TableJob) -> None:
        def move(read: int, rows: int) -> None:
            job.read, job.rows = read, rows

        source = job.folder / job.name
        try:
            job.summary = score_table(
                Job(str(source), str(job.scored), model=self._model), note=job.notes.append, progress=move
            )
            self._report(job)
        except RolelensError as error:
            job.error = str(error).replace(str(source), job.name).replace(str(job.folder), "")
        finally:
            source.unlink(missing_ok=True)
            job.ended = time.monotonic()

    def _report(self, job: TableJob) -> None:
        from rolelens.reports.scored import write_report

        try:
            write_report(job.scored, job.report)
        except RolelensError as error:  # the table is scored all the same
            job.notes.append(str(error))

    def _forget_old(self) -> None:
        now = time.monotonic()
        for id_, job in list(self._jobs.items()):
            if job.ended is not None and now - job.ended > KEPT_SECONDS:
                shutil.rmtree(job.folder, ignore_errors=True)
                del self._jobs[id_]


class BusyError(RolelensError):
    """As many tables are being scored as the server takes."""
