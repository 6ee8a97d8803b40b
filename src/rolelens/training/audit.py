"""What an unlabelled table of postings has in store: drift, words that no role knows, what is worth labelling."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rolelens.classifier import RoleClassifier
from rolelens.errors import TableError
from rolelens.model.bloom import is_familiar
from rolelens.model.decision import RowResult
from rolelens.posting import Posting
from rolelens.reading.lexicon import reader_of
from rolelens.reading.phrases import SUBSTRING
from rolelens.tables.column_detection import DATES, MONTH, choose_fields, column_key
from rolelens.tables.result_columns import harmless
from rolelens.tables.rows import format_of, opened
from rolelens.training.counting import PhraseCounts, every_phrase, known_phrases

TO_LABEL = 50
NEW_PHRASES = 40
LEAST_SHARE = 0.005  # of the postings; a new phrase of fewer is no news
_CHUNK = 500
_CANDIDATES = 20  # times as many as are chosen: the least certain, from which different ones are taken


@dataclass(slots=True)
class Audit:
    """What was found in n postings."""

    rows: int = 0
    errors: int = 0
    known_words: int = 0
    words: int = 0
    roles: Counter[str] = field(default_factory=Counter)
    by_month: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    new_phrases: list[tuple[str, int]] = field(default_factory=list)
    worth_labelling: list[tuple[int, Posting, RowResult]] = field(default_factory=list)


def audit_table(path: Path, classifier: RoleClassifier, texts: Sequence[str] = (), title: str | None = None) -> Audit:
    """Return the audit of a CSV, TSV, JSONL or Parquet table.

    The postings most worth labelling are the least certain ones (the smallest margin between the first two roles)
    that differ most from each other: from the candidates, each next one is the farthest from those already taken, by
    the cosine of their phrases (Brinker 2003; k-center greedy, Sener and Savarese 2018, doi:10.48550/arXiv.1708.00489).

    Raises:
        TableError: the table cannot be read or has no column of texts.
    """
    audit, counts = Audit(), Counter[str]()
    uncertain: list[tuple[float, int, Posting, RowResult]] = []
    words = _Words(classifier)
    for start, chunk, months in _chunks(path, texts, title):
        scored = classifier.predict_many([each.text for each in chunk], [each.title for each in chunk])
        for place, (posting, each, month) in enumerate(zip(chunk, scored, months, strict=True)):
            audit.rows += 1
            if each.verdict is None:
                audit.errors += 1
                continue
            audit.roles[each.verdict.role] += 1
            if month:
                audit.by_month[month][each.verdict.role] += 1
            first, second = sorted(each.verdict.probabilities)[-1:-3:-1]
            uncertain.append((first - second, start + place, posting, each))
        readable = [posting for posting, each in zip(chunk, scored, strict=True) if each.verdict is not None]
        if readable:
            _count_words(readable, words, counts, audit)
        uncertain = sorted(uncertain, key=lambda entry: entry[:2])[: TO_LABEL * _CANDIDATES]
    least = max(2, LEAST_SHARE * audit.rows)
    fresh = [(phrase, count) for phrase, count in counts.most_common() if count >= least]
    audit.new_phrases = fresh[:NEW_PHRASES]
    audit.worth_labelling = _different(uncertain, classifier)
    return audit


def _chunks(path: Path, texts: Sequence[str], title: str | None) -> Iterator[tuple[int, list[Posting], list[str]]]:
    """Yield rows by the number of the first, with their months where the table has a column of dates."""
    with opened(path, format_of(str(path), None), None) as rows:
        if not rows.columns:
            raise TableError(f"{path}: no rows; give a table with a header line")
        fields = choose_fields(rows.columns, texts, title)
        dates = next((place for place, name in enumerate(rows.columns) if column_key(name) in DATES), None)
        chunk: list[Posting] = []
        months: list[str] = []
        number = 1
        for row in rows:
            chunk.append(fields.posting(row.cells, ""))
            found = MONTH.search(str(row.cells[dates])) if dates is not None else None
            months.append(f"{found[1]}-{int(found[2]):02}" if found else "")
            if len(chunk) == _CHUNK:
                yield number, chunk, months
                number, chunk, months = number + len(chunk), [], []
        yield number, chunk, months


def _count_words(postings: Sequence[Posting], words: _Words, counts: Counter[str], audit: Audit) -> None:
    """Count the words that the model met, and the phrases that it did not, in how many postings each."""
    found = every_phrase(postings, words.reader)
    told = [words.tell(found, phrase) for phrase in range(len(found.keys))]
    for phrase in found.phrase.tolist():
        if " " not in told[phrase][0] and not told[phrase][0].startswith(SUBSTRING):
            audit.words += 1
            audit.known_words += told[phrase][1]
    pairs = np.unique(found.phrase * len(postings) + found.posting) // len(postings)
    for phrase, count in zip(*np.unique(pairs, return_counts=True), strict=True):
        text, known = told[phrase]
        if not known and len(text) > 2 and not text.startswith(SUBSTRING):
            counts[text] += int(count)


class _Words:
    """What is known of each phrase: its text, and whether the model met it in training."""

    def __init__(self, classifier: RoleClassifier) -> None:
        model = classifier.model
        self.reader = reader_of(None, {}, model.headings, model.aliases, model.roles)
        self._familiar = model.familiar
        self._told: dict[int, tuple[str, bool]] = {}

    def tell(self, found: PhraseCounts, phrase: int) -> tuple[str, bool]:
        key = int(found.keys[phrase])
        if key not in self._told:
            text = found.text(phrase)
            self._told[key] = text, is_familiar(text, self._familiar)
        return self._told[key]


def _different(
    uncertain: Sequence[tuple[float, int, Posting, RowResult]], classifier: RoleClassifier
) -> list[tuple[int, Posting, RowResult]]:
    """Return up to TO_LABEL of the uncertain postings, each far from those before it."""
    if not uncertain:
        return []
    model = classifier.model
    reader = reader_of(model.phrases, {}, model.headings, model.aliases, model.roles)
    counted, _ = known_phrases([posting for _, _, posting, _ in uncertain], reader, len(model.idf), 0)
    present = sum(counted.values()).toarray() > 0
    vectors = present.astype(np.float32) * np.array(model.idf, dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    taken = [0]
    nearest: npt.NDArray[np.float32] = vectors @ vectors[0]
    while len(taken) < min(TO_LABEL, len(uncertain)):
        nearest[taken] = np.inf
        farthest = int(nearest.argmin())
        taken.append(farthest)
        nearest = np.maximum(nearest, vectors @ vectors[farthest])
    return [uncertain[place][1:] for place in taken]


def lines_of(audit: Audit, names: Mapping[str, str]) -> Iterator[str]:
    """Yield the audit as lines of at most 80 columns."""
    yield f"{audit.rows:,} postings, {audit.errors:,} of them not readable"
    yield f"words that the model met in training: {audit.known_words / max(audit.words, 1):.1%}"
    yield from ("", "Roles")
    scored = sum(audit.roles.values())
    for role, count in audit.roles.most_common():
        yield f"  {names[role]:24} {count:>9,}  {count / scored:6.1%}"
    if audit.by_month:
        shown = [role for role, _ in audit.roles.most_common(6)]
        yield from ("", "By month, in per cent", f"  {'':8}{''.join(f'{role[:10]:>11}' for role in shown)}{'n':>6}")
        for month, counts in sorted(audit.by_month.items()):
            total = sum(counts.values())
            yield f"  {month:8}{''.join(f'{100 * counts[role] / total:>11.1f}' for role in shown)}{total:>6}"
    if audit.new_phrases:
        yield from ("", "Frequent phrases that the model never met, with the postings that have them")
        yield from (f"  {phrase:40} {count:>9,}" for phrase, count in audit.new_phrases)


def labelling_sheet(audit: Audit) -> str:
    """Return a CSV of the postings most worth labelling: fill in label (and second), then train on it."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(("row", "title", "text", "label", "second", "suggested", "confidence", "next"))
    for number, posting, scored in audit.worth_labelling:
        if scored.verdict is not None:
            verdict = scored.verdict
            title, text = harmless(posting.title), harmless(posting.text)
            writer.writerow(
                (number, title, text, "", "", verdict.role, f"{verdict.confidence:.3f}", verdict.second_role)
            )
    return file.getvalue()
