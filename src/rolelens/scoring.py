"""The scores of one posting, phrase by phrase: bias plus contributions, calibrated into probabilities."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rolelens.artifact import Model
from rolelens.features import Features
from rolelens.records import TITLE, Span
from rolelens.settings import View


class Contribution(NamedTuple):
    """What each occurrence of a phrase in one section adds to the score of every role, in log-odds."""

    per_occurrence: tuple[float, ...]
    spans: Sequence[Span]
    duty: int | None  # the number of a documented duty, or None for a learned phrase

    @property
    def in_title(self) -> bool:
        """Whether the phrase stands in the title."""
        return self.spans[0].section == TITLE


def softmax(scores: Iterable[float], temperature: float = 1.0) -> list[float]:
    """Return probabilities proportional to exp(score / temperature).

    >>> softmax([0.0, 0.0])
    [0.5, 0.5]
    """
    scaled = [score / temperature for score in scores]
    highest = max(scaled)
    powers = [math.exp(score - highest) for score in scaled]
    total = sum(powers)
    return [power / total for power in powers]


def contributions(features: Features, model: Model) -> list[Contribution]:
    """Return what every phrase and keyword of a posting adds to the scores.

    For each role, the model's bias plus the sum of `per_occurrence` over all spans is the decision function.
    """
    roles, views = len(model.roles), model.settings.views
    coefficients: dict[tuple[int, str], list[float]] = {key: [0.0] * len(views) for key in features.phrases}
    for place, view in enumerate(views):
        for key, value in _view_values(features, view, model):
            coefficients[key][place] = value
    found = []
    for key, spans in features.phrases.items():
        scores = [0.0] * roles
        base = key[0] * len(views) * roles
        for place, coefficient in enumerate(coefficients[key]):
            if coefficient:
                weights = model.weights[base + place * roles : base + (place + 1) * roles]
                for role, weight in enumerate(weights):
                    scores[role] += coefficient * weight
        if any(scores):
            found.append(Contribution(tuple(scores), spans, None))
    found.extend(_keyword_contributions(features, model))
    return found


def decision_function(found: Iterable[Contribution], bias: Sequence[float]) -> list[float]:
    """Return the score of every role in log-odds: the bias plus all contributions."""
    scores = list(bias)
    for contribution in found:
        count = len(contribution.spans)
        for role, value in enumerate(contribution.per_occurrence):
            scores[role] += count * value
    return scores


def role_set(probabilities: Mapping[str, float], calibration: Sequence[float], coverage: float) -> tuple[str, ...]:
    """Return the fewest roles, most probable first, that hold the right one in at least a share of postings.

    `calibration` holds, in ascending order, the probability that each of n postings like these was given for its label
    by a model that had not seen it. The roles kept are those above its k-th entry, k = floor((n + 1)(1 - coverage)):
    split conformal prediction with least ambiguous sets (Sadinle, Lei and Wasserman 2019,
    doi:10.1080/01621459.2017.1395341). The guarantee is over postings exchangeable with those n, on average.

    >>> role_set({"a": 0.7, "b": 0.2, "c": 0.1}, [0.15, 0.4, 0.6, 0.8], coverage=0.8)
    ('a', 'b')
    """
    place = math.floor((len(calibration) + 1) * (1 - coverage) + 1e-9)  # 1 - 0.8 is a little short of 0.2
    threshold = calibration[place - 1] if place else 0.0
    ordered = sorted(probabilities, key=lambda role: -probabilities[role])
    return tuple(role for place, role in enumerate(ordered) if place == 0 or probabilities[role] >= threshold)


def _view_values(features: Features, view: View, model: Model) -> Iterator[tuple[tuple[int, str], float]]:
    """Yield the share of a view's vector that each occurrence of a (phrase, section) carries."""
    vectors: dict[str, dict[int, float]] = {}  # weighted counts of phrases, by vector
    weighted = [(key, len(spans), view.sections.get(key[1], 0.0)) for key, spans in features.phrases.items()]
    weighted = [entry for entry in weighted if entry[2] > 0]
    for (phrase, section), count, weight in weighted:
        counts = vectors.setdefault(section if view.by_section else "", {})
        counts[phrase] = counts.get(phrase, 0.0) + (count if view.by_section else count * weight)
    if not vectors:
        return
    most = model.settings.most_counted
    values = {
        name: {phrase: math.log1p(min(count, most)) * model.idf[phrase] for phrase, count in counts.items()}
        for name, counts in vectors.items()
    }
    lengths = {name: math.sqrt(sum(value * value for value in vector.values())) for name, vector in values.items()}
    pool = sum(view.sections[section] for section in vectors) if view.by_section else 1.0
    for (phrase, section), _, weight in weighted:
        name = section if view.by_section else ""
        yield (phrase, section), weight * values[name][phrase] / (lengths[name] * pool * vectors[name][phrase])


def _keyword_contributions(features: Features, model: Model) -> Iterator[Contribution]:
    settings, roles = model.settings, len(model.roles)
    totals: dict[int, float] = {}
    for (duty, section), spans in features.keywords.items():
        totals[duty] = totals.get(duty, 0.0) + settings.keyword_sections.get(section, 0.0) * len(spans)
    for (duty, section), spans in features.keywords.items():
        weight = settings.keyword_sections.get(section, 0.0)
        if weight > 0:
            damped = math.log1p(min(totals[duty], settings.most_counted))
            value = settings.keyword_scale * damped * weight / totals[duty]
            weights = model.keyword_weights[duty * roles : (duty + 1) * roles]
            yield Contribution(tuple(value * each for each in weights), spans, duty)
