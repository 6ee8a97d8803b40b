"""The words of a posting behind its scores: contributions gathered into quotable mentions, duties and statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rolelens.model.model_file import Model
from rolelens.model.read_posting import ReadPosting
from rolelens.posting import DutyCoverage, Mention, Span, Statement
from rolelens.reading.sections import TITLE

COVERING_SECTION_WEIGHT = 0.5  # words in lighter sections, the company blurb say, cover no duty
LEAN_STRENGTH = 0.05  # log-odds a statement must add to a role to speak for it; less is noise
MIXED_SHARE = 0.5  # of what it adds to the strongest role: a statement that adds so much to another speaks for both
_NONE: dict[str, tuple[float, ...]] = {}
_EDGES = " \t\r\n-–—*+•·●▪■◆▶○ㆍ"  # bullets and blanks around a statement


def gather_mentions(read: ReadPosting, model: Model) -> tuple[Mention, ...]:
    """Return what every place of a posting adds to the scores: overlapping hits under the longest words they touch."""
    roles, shares, columns = len(model.roles), read.shares, read.columns
    phrases: dict[int, str] = {}
    duties: dict[int, dict[str, tuple[float, ...]]] = {}
    known = len(model.idf)
    for hit, key in enumerate(columns.hit_key):
        if key >= known:
            spoken = duties.setdefault(shares.home[columns.hit_first[hit]], {})
            duty, part = model.duties[key - known].id, shares.added[hit * roles : (hit + 1) * roles]
            before = spoken.get(duty)
            spoken[duty] = tuple(part) if before is None else tuple(map(float.__add__, before, part))
    mentions, keys = [], shares.mention_key
    for number, (first, last) in enumerate(zip(shares.mention_first, shares.mention_last, strict=True)):
        span, key = read.span(columns.word_line[first], columns.word_start[first], columns.word_end[last]), keys[number]
        if key not in phrases:
            phrases[key] = read.plain(first, last)
        added = tuple(shares.mention_added[number * roles : (number + 1) * roles])
        mentions.append(Mention(phrases[key], span, added, duties.get(number, _NONE)))
    return tuple(mentions)


def duty_coverage(read: ReadPosting, role: str, model: Model, language: str) -> tuple[DutyCoverage, ...]:
    """Return every documented duty of a role with the words of the posting that speak of it."""
    wanted = [number for number, duty in enumerate(model.duties) if model.roles[duty.role] == role]
    quotes: dict[int, dict[str, Span]] = {number: {} for number in wanted}
    weights, known, columns = model.settings.keyword_sections, len(model.idf), read.columns
    for hit, key in enumerate(columns.hit_key):
        if key - known in quotes:
            first = columns.hit_first[hit]
            section = read.section_of(first)
            if section != TITLE and weights.get(section, 0.0) >= COVERING_SECTION_WEIGHT:
                span = read.word_span(first, columns.hit_last[hit])
                quotes[key - known].setdefault(read.quoted(span), span)
    return tuple(
        DutyCoverage(
            duty=model.duties[number].id,
            title=model.duties[number].title[language],
            quotes=tuple(quotes[number]),
            spans=tuple(quotes[number].values()),
        )
        for number in wanted
    )


def gather_statements(read: ReadPosting, model: Model) -> tuple[Statement, ...]:
    """Return the statements of a posting in order, each with its share of the scores; they add up with the bias."""
    roles, added = len(model.roles), read.shares.line_added
    gathered = []
    for line in range(len(read.columns.line_section)):
        span, values = read.line_span(line), tuple(added[line * roles : (line + 1) * roles])
        strength = max(values)
        gathered.append(
            Statement(
                text=read.quoted(span).strip(_EDGES),
                span=span,
                contributions=values,
                lean=model.roles[values.index(strength)] if strength >= LEAN_STRENGTH else None,
                strength=strength,
            )
        )
    return tuple(gathered)


def role_mix(statements: Iterable[Statement], roles: Sequence[str]) -> dict[str, float]:
    """Return each role's share of what the statements under the title speak for, largest first; the sum is 1.

    A statement speaks for every role to which it adds at least MIXED_SHARE of what it adds to the one it leans to.
    Where no statement leans, nothing is returned.
    """
    totals = dict.fromkeys(roles, 0.0)
    for statement in statements:
        if statement.lean is not None and statement.span.section != TITLE:
            for role, value in zip(roles, statement.contributions, strict=True):
                if value >= MIXED_SHARE * statement.strength:
                    totals[role] += value
    whole = sum(totals.values())
    return {role: totals[role] / whole for role in sorted(roles, key=lambda r: -totals[r]) if totals[role] > 0}
