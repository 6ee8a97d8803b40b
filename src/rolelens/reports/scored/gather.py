"""What a report shows, counted in one pass over a scored table."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rolelens.errors import TableError
from rolelens.tables.column_detection import DATES, MONTH, TITLES, column_key
from rolelens.tables.result_columns import PREFIX
from rolelens.tables.rows import Row, format_of, opened

POSTINGS_SHOWN = 100  # those to look at first
GROUPS_SHOWN = 15
PHRASES_SHOWN = 8
BINS = 20
_NEEDED = ("role", "confidence", "title_role", "duty_role", "conflict", "needs_review", "evidence")
_COMPANIES = "company companyname employer hiringorganization 회사 회사명 기업 기업명".split()


@dataclass(frozen=True, slots=True)
class Shown:
    """One posting in the list of those to look at."""

    row: int
    title: str
    company: str
    role: str
    title_role: str
    confidence: float
    conflict: bool
    evidence: str


@dataclass(slots=True)
class Report:
    """The counts behind a report."""

    source: str
    rows: int = 0
    errors: int = 0
    conflicts: int = 0
    review: int = 0
    model: str = ""
    roles: Counter[str] = field(default_factory=Counter)
    readings: Counter[tuple[str, str]] = field(default_factory=Counter)
    confidence: list[int] = field(default_factory=lambda: [0] * BINS)
    phrases: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_company: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    by_month: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    postings: list[Shown] = field(default_factory=list)

    def marking(self, role: str) -> list[tuple[str, int]]:
        """Return the phrases that mark a role here: found in its postings far more often than in the others."""
        total: Counter[str] = Counter()
        for counts in self.phrases.values():
            total.update(counts)
        own = self.phrases[role]
        ranked = sorted(own, key=lambda phrase: (-(own[phrase] ** 2) / total[phrase], phrase))
        return [(phrase, own[phrase]) for phrase in ranked[:PHRASES_SHOWN]]

    def companies(self) -> list[tuple[str, Counter[str]]]:
        """Return the companies with the most postings."""
        largest = sorted(self.by_company.items(), key=lambda item: (-item[1].total(), item[0]))
        return largest[:GROUPS_SHOWN]

    def months(self) -> list[tuple[str, Counter[str]]]:
        """Return the months in order."""
        return sorted(self.by_month.items())


def gather(source: Path, kind: str | None = None) -> Report:
    """Return the counts of a scored table.

    Raises:
        TableError: the table cannot be read, or has not the columns that `rolelens score` adds.
    """
    report = Report(source.name)
    waiting: list[tuple[tuple[bool, float, int], Shown]] = []
    with opened(source, format_of(str(source), kind), None) as rows:
        places = _places(rows.columns, source)
        for number, row in enumerate(rows, 1):
            shown = _count(row, number, places, report)
            if shown is not None:
                # The most doubtful stay: conflicts first, then those the model is least sure of.
                entry = ((shown.conflict, -shown.confidence, -number), shown)
                (heapq.heappush if len(waiting) < POSTINGS_SHOWN else heapq.heappushpop)(waiting, entry)
    report.postings = [shown for _, shown in sorted(waiting, reverse=True)]
    return report


def _places(columns: Sequence[str], source: Path) -> Mapping[str, int]:
    """Return where the columns stand that a report reads; ours may carry a prefix."""
    prefix = PREFIX if f"{PREFIX}role" in columns else ""
    places = {name: list(columns).index(prefix + name) for name in _NEEDED if prefix + name in columns}
    if missing := [name for name in _NEEDED if name not in places]:
        raise TableError(f"{source}: no column {missing[0]}; score the table first with `rolelens score`")
    for name in ("model", "error"):
        if prefix + name in columns:
            places[name] = list(columns).index(prefix + name)
    keys = [column_key(column) for column in columns]
    for name, known in (("title", TITLES), ("company", _COMPANIES), ("date", DATES)):
        found = next((keys.index(key) for key in known if key in keys), None)
        if found is not None:
            places[name] = found
    return places


def _count(row: Row, number: int, places: Mapping[str, int], report: Report) -> Shown | None:
    """Count a row; return it if a reader should look at it."""

    def cell(name: str) -> str:
        return _text(row.cells[places[name]]) if name in places else ""

    report.rows += 1
    report.errors += bool(cell("error"))
    role = cell("role")
    if not role:
        return None
    report.model = report.model or cell("model")
    conflict, review = (cell(name).lower() == "true" for name in ("conflict", "needs_review"))
    confidence = float(cell("confidence"))
    report.conflicts += conflict
    report.review += review
    report.roles[role] += 1
    report.readings[cell("title_role"), cell("duty_role")] += 1
    report.confidence[min(int(confidence * BINS), BINS - 1)] += 1
    report.phrases[role].update(filter(None, cell("evidence").split("; ")))
    if cell("company"):
        report.by_company[cell("company")][role] += 1
    if month := MONTH.search(cell("date")):
        report.by_month[f"{month.group(1)}-{int(month.group(2)):02}"][role] += 1
    if not (conflict or review):
        return None
    title_role = cell("title_role")
    return Shown(number, cell("title"), cell("company"), role, title_role, confidence, conflict, cell("evidence"))


def _text(cell: Any) -> str:  # noqa: ANN401
    return "" if cell is None else str(cell).strip()
