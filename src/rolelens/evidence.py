"""The words of a posting behind its scores: contributions gathered into quotable mentions, duties and statements."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

from rolelens.artifact import Model
from rolelens.features import Features
from rolelens.records import TITLE, DutyCoverage, Mention, Posting, Span, Statement
from rolelens.scoring import Contribution
from rolelens.text import tokens

COVERING_SECTION_WEIGHT = 0.5  # words in lighter sections, the company blurb say, cover no duty
LEAN_STRENGTH = 0.05  # log-odds a statement must add to a role to speak for it; less is noise
MIXED_SHARE = 0.5  # of what it adds to the strongest role: a statement that adds so much to another speaks for both
_EDGES = " \t\r\n-–—*+•·●▪■◆▶○ㆍ"  # bullets and blanks around a statement


def quoted(posting: Posting, span: Span) -> str:
    """Return the words of a posting at a span, on one line."""
    return " ".join(_source(posting, span)[span.start : span.end].split())


def _source(posting: Posting, span: Span) -> str:
    return posting.title if span.section == TITLE and posting.title else posting.text


def gather_mentions(posting: Posting, found: Sequence[Contribution], model: Model) -> tuple[Mention, ...]:
    """Return what every place of a posting adds to the scores: overlapping hits under the longest words they touch."""
    roles = range(len(model.roles))
    home = _homes(posting, {span for each in found for span in each.spans})
    totals: dict[Span, list[float]] = {}
    duties: dict[Span, dict[str, list[float]]] = {}
    for each in found:
        for span in each.spans:
            place = home[span]
            sums = [totals.setdefault(place, [0.0] * len(roles))]
            if each.duty is not None:
                of_duties = duties.setdefault(place, {})
                sums.append(of_duties.setdefault(model.duties[each.duty].id, [0.0] * len(roles)))
            for values in sums:
                for role in roles:
                    values[role] += each.per_occurrence[role]
    return tuple(
        Mention(
            phrase=quoted(posting, place).casefold(),
            span=place,
            contributions=tuple(values),
            duties={duty: tuple(part) for duty, part in duties.get(place, {}).items()},
        )
        for place, values in totals.items()
    )


def _homes(posting: Posting, spans: Iterable[Span]) -> Mapping[Span, Span]:
    """Return the longest hit that contains each hit, after widening pieces of words to whole words."""
    words: dict[str, list[tuple[int, int]]] = {}
    for text in (posting.text, posting.title):
        words[text] = [(token.start, token.end) for token in tokens(text)]
    beyond = len(posting.text) + len(posting.title) + 1
    widened: dict[Span, Span] = {}
    for span in spans:
        bounds = words[_source(posting, span)]
        first = bisect_right(bounds, (span.start, beyond)) - 1
        last = bisect_left(bounds, (span.end, 0)) - 1
        widened[span] = Span(span.section, bounds[first][0], bounds[last][1])
    containing: dict[Span, Span] = {}
    current: Span | None = None
    for span in sorted(
        set(widened.values()), key=lambda span: (span.section == TITLE, span.start, -span.end, span.section)
    ):
        if current is None or span.section != current.section or span.end > current.end:
            current = span
        containing[span] = current
    return {span: containing[wide] for span, wide in widened.items()}


def duty_coverage(
    posting: Posting, features: Features, role: str, model: Model, language: str
) -> tuple[DutyCoverage, ...]:
    """Return every documented duty of a role with the words of the posting that speak of it."""
    wanted = [number for number, duty in enumerate(model.duties) if model.roles[duty.role] == role]
    quotes: dict[int, dict[str, Span]] = {number: {} for number in wanted}
    for (number, section), spans in features.keywords.items():
        if (
            number in quotes
            and section != TITLE
            and model.settings.keyword_sections.get(section, 0.0) >= COVERING_SECTION_WEIGHT
        ):
            for span in spans:
                quotes[number].setdefault(quoted(posting, span), span)
    return tuple(
        DutyCoverage(
            duty=model.duties[number].id,
            title=model.duties[number].title[language],
            quotes=tuple(quotes[number]),
            spans=tuple(quotes[number].values()),
        )
        for number in wanted
    )


def gather_statements(
    posting: Posting, features: Features, found: Iterable[Contribution], model: Model
) -> tuple[Statement, ...]:
    """Return the statements of a posting in order, each with its share of the scores; they add up with the bias."""
    totals = [[0.0] * len(model.roles) for _ in features.statements]
    starts = [_place(span) for span in features.statements]
    for each in found:
        for span in each.spans:
            values = totals[bisect_right(starts, _place(span)) - 1]
            for role, value in enumerate(each.per_occurrence):
                values[role] += value
    gathered = []
    for span, values in zip(features.statements, totals, strict=True):
        strength = max(values)
        gathered.append(
            Statement(
                text=quoted(posting, span).strip(_EDGES),
                span=span,
                contributions=tuple(values),
                lean=model.roles[values.index(strength)] if strength >= LEAN_STRENGTH else None,
                strength=strength,
            )
        )
    return tuple(gathered)


def _place(span: Span) -> tuple[bool, int]:
    return span.section != TITLE, span.start  # the title comes first, wherever its characters are counted


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
