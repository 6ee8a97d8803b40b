"""Why one role rather than another: the arithmetic of a prediction, gathered by phrase, section and duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rolelens.posting import Evidence, Mention, Span

LEARNED = "learned"  # in the place of a duty, where the words were learnt from labelled postings


class Arithmetic(NamedTuple):
    """Everything that adds up to the scores of a posting: `scores[r] == bias[r] + sum of contributions[r]`."""

    roles: tuple[str, ...]
    bias: tuple[float, ...]
    scores: tuple[float, ...]
    mentions: tuple[Mention, ...]


class Explanation(NamedTuple):
    """Why a posting is given one role rather than another, in log-odds.

    `score == bias + sum(e.contribution for e in evidence)`, and so do the values of `sections` and of `duties` add up
    with the bias, each to 1e-9. `against` is None where the role is held against the average of all roles.
    """

    role: str
    against: str | None
    score: float
    bias: float
    evidence: tuple[Evidence, ...]
    sections: Mapping[str, float]
    duties: Mapping[str, float]


def explain(arithmetic: Arithmetic, role: str, against: str | None = None) -> Explanation:
    """Return why a posting would be given `role` rather than `against`.

    Raises:
        ValueError: a role is unknown, or both are the same.
    """
    for name in filter(None, (role, against)):
        if name not in arithmetic.roles:
            raise ValueError(f"unknown role {name!r}; the model knows {', '.join(arithmetic.roles)}")
    if role == against:
        raise ValueError(f"{role} cannot be held against itself; name another role")
    plus = arithmetic.roles.index(role)
    minus = None if against is None else arithmetic.roles.index(against)

    def difference(values: Sequence[float]) -> float:
        return values[plus] if minus is None else values[plus] - values[minus]

    places: dict[str, list[tuple[float, Span]]] = {}
    spoken: dict[str, dict[str, float]] = {}
    sections: dict[str, float] = {}
    for mention in arithmetic.mentions:
        value = difference(mention.contributions)
        places.setdefault(mention.phrase, []).append((value, mention.span))
        sections[mention.span.section] = sections.get(mention.span.section, 0.0) + value
        if mention.duties:
            weighed = spoken.setdefault(mention.phrase, {})
            for duty, part in mention.duties.items():
                weighed[duty] = weighed.get(duty, 0.0) + abs(difference(part))
    compared = (role, against)
    evidence: list[Evidence] = []
    duties: dict[str, float] = {}
    for phrase, found in places.items():
        duty = LEARNED
        if known := spoken.get(phrase):
            # Words may speak of several duties; the one shown is of a role that is compared, if any.
            duty = max(known, key=lambda id_: (id_.partition(".")[0] in compared, known[id_]))
        if len(found) > 1:
            found.sort(key=lambda place: (-abs(place[0]), place[1].section, place[1].start))
        value = sum([value for value, _ in found])
        duties[duty] = duties.get(duty, 0.0) + value
        evidence.append(Evidence(phrase, value, duty, tuple([span for _, span in found])))
    evidence.sort(key=lambda each: (-abs(each.contribution), each.phrase))
    return Explanation(
        role=role,
        against=against,
        score=difference(arithmetic.scores),
        bias=difference(arithmetic.bias),
        evidence=tuple(evidence),
        sections=_strongest_first(sections),
        duties=_strongest_first(duties),
    )


def _strongest_first(values: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(values.items(), key=lambda item: (-abs(item[1]), item[0])))
