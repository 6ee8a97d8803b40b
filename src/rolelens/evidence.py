"""The words of a posting behind a score: contributions gathered into quotable evidence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from rolelens.artifact import Model
from rolelens.features import Features
from rolelens.records import TITLE, DutyCoverage, Evidence, Posting, Span
from rolelens.scoring import Contribution
from rolelens.text import tokens

LEARNED = "learned"
COVERING_SECTION_WEIGHT = 0.5  # words in lighter sections, the company blurb say, cover no duty


def _source(posting: Posting, span: Span) -> str:
    return posting.title if span.section == TITLE and posting.title else posting.text


def gather_evidence(posting: Posting, found: Iterable[Contribution], role: int, model: Model) -> list[Evidence]:
    """Return the evidence for a role, strongest first: overlapping hits gathered under the longest words they touch."""
    occurrences = [
        (span, each.per_occurrence[role], each.duty)
        for each in found
        for span in each.spans
        if any(each.per_occurrence)
    ]
    words: dict[str, list[tuple[int, int]]] = {}
    for text in (posting.text, posting.title):
        words[text] = [(token.start, token.end) for token in tokens(text)]
    gathered: dict[str, tuple[dict[Span, float], dict[int, float]]] = {}
    for span, value, duty in _gather(occurrences, posting, words):
        phrase = " ".join(_source(posting, span)[span.start : span.end].split()).casefold()
        spans, duties = gathered.setdefault(phrase, ({}, {}))
        spans[span] = spans.get(span, 0.0) + value
        if duty is not None:
            duties[duty] = duties.get(duty, 0.0) + abs(value)
    evidence = []
    for phrase, (spans, duties) in gathered.items():
        duty = max(duties, key=lambda number: (model.duties[number].role == role, duties[number]), default=None)
        evidence.append(
            Evidence(
                phrase=phrase,
                contribution=sum(spans.values()),
                duty=LEARNED if duty is None else model.duties[duty].id,
                spans=tuple(sorted(spans, key=lambda span: (-abs(spans[span]), span.section, span.start))),
            )
        )
    return sorted(evidence, key=lambda each: (-abs(each.contribution), each.phrase))


def _gather(
    occurrences: Iterable[tuple[Span, float, int | None]],
    posting: Posting,
    words: dict[str, list[tuple[int, int]]],
) -> Iterable[tuple[Span, float, int | None]]:
    """Move every hit to the longest hit that contains it, after widening pieces of words to whole words."""
    widened = []
    for span, value, duty in occurrences:
        bounds = words[_source(posting, span)]
        first = bisect_right(bounds, (span.start, len(posting.text) + len(posting.title) + 1)) - 1
        last = bisect_left(bounds, (span.end, 0)) - 1
        widened.append((Span(span.section, bounds[first][0], bounds[last][1]), value, duty))
    longest_first = sorted({span for span, _, _ in widened}, key=lambda s: (s.section == TITLE, s.start, -s.end))
    home: dict[Span, Span] = {}
    current: Span | None = None
    for span in longest_first:
        if current is None or span.section != current.section or span.end > current.end:
            current = span
        home[span] = current
    return [(home[span], value, duty) for span, value, duty in widened]


def duty_coverage(
    posting: Posting, features: Features, role: int, model: Model, language: str
) -> tuple[DutyCoverage, ...]:
    """Return every documented duty of a role with the words of the posting that speak of it."""
    quotes: dict[int, dict[str, None]] = {}
    for (duty, section), spans in features.keywords.items():
        if (
            model.duties[duty].role == role
            and model.settings.keyword_sections.get(section, 0.0) >= COVERING_SECTION_WEIGHT
        ):
            for span in spans:
                quoted = " ".join(_source(posting, span)[span.start : span.end].split())
                quotes.setdefault(duty, {}).setdefault(quoted)
    return tuple(
        DutyCoverage(duty.id, duty.title[language], tuple(quotes.get(number, ())))
        for number, duty in enumerate(model.duties)
        if duty.role == role
    )
