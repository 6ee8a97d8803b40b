"""A few labelled postings turn a model into another: its scores and the documented keywords are weighed anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize
from sklearn.model_selection import StratifiedKFold

from rolelens.errors import LabelledDataError
from rolelens.model.model_file import Model
from rolelens.training.corpus import Corpus
from rolelens.training.fit import (
    WEIGHT_DECIMALS,
    Fitted,
    decision_function,
    fit_temperature,
    keyword_features,
    probabilities,
    review_threshold,
    stored,
    targets,
)

Floats = npt.NDArray[np.float64]

STRENGTHS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)  # of the pull towards the model begun with; chosen out of fold
FOLDS = 5
LEAST = 2  # labelled postings of a role, to leave one out
_KEYWORD_PULL = 0.01  # keyword features are a tenth of the size of scores, and what is squared a hundredth


@dataclass(frozen=True, slots=True)
class _Prior:
    """The model begun with, as weights of its own phrase scores (old roles, roles) and of keywords (duties, roles)."""

    scores: Floats
    keywords: Floats


def fit_from(model: Model, corpus: Corpus) -> Fitted:
    """Return a model begun with another, from the few labelled postings of a corpus over its phrases.

    The new scores are a linear map of the old phrase scores plus weights of the documented keywords. Both are drawn
    towards where they begin (ridge towards a prior, as in Chelba and Acero 2006, "Adaptation of maximum entropy
    capitalizer"): an old role's score for the role of the same name, a duty's phrases for its own role. How strongly is
    chosen by the cross-entropy of postings left out.

    Raises:
        LabelledDataError: a role has fewer than two labelled postings.
    """
    settings, roles = model.settings, len(corpus.roles)
    for role, count in zip(corpus.roles, np.bincount(corpus.label, minlength=roles), strict=True):
        if count < LEAST:
            raise LabelledDataError(f"role {role} has {count} labelled postings; give it at least {LEAST}")
    scores, keywords, prior = _phrase_scores(model, corpus), keyword_features(corpus, settings), _prior(model, corpus)
    wanted = targets(corpus, settings.second_share)
    splitter = StratifiedKFold(
        min(FOLDS, int(np.bincount(corpus.label).min())), shuffle=True, random_state=settings.seed
    )
    folds = list(splitter.split(scores, corpus.label))
    best: tuple[float, float, Floats] | None = None
    for strength in STRENGTHS:
        held_out = np.zeros_like(wanted)
        for train, test in folds:
            found = _solve(scores[train], keywords[train], wanted[train], prior, strength)
            held_out[test] = scores[test] @ found[0] + keywords[test] @ found[1] + found[2]
        loss = -float(np.mean(np.sum(wanted * np.log(probabilities(held_out, 1.0)), axis=1)))
        if best is None or loss < best[0]:
            best = loss, strength, held_out
    assert best is not None  # noqa: S101
    mapped, keyword_weights, intercept = _solve(scores, keywords, wanted, prior, best[1])
    temperature = fit_temperature(best[2], wanted)
    certainty = probabilities(best[2], temperature)
    bias = np.array(model.bias) @ mapped + intercept
    return Fitted(
        columns=np.arange(len(model.idf)),
        idf=np.array(model.idf),
        weights=stored(_weights(model) @ mapped),
        keyword_weights=stored(keyword_weights),
        bias=np.round(bias - bias.mean(), WEIGHT_DECIMALS),
        temperature=temperature,
        review_below=review_threshold(certainty, corpus),
        calibration=np.sort(np.round(certainty[np.arange(len(corpus)), corpus.label], WEIGHT_DECIMALS)),
    )


def _phrase_scores(model: Model, corpus: Corpus) -> Floats:
    """Return the old scores without the documented keywords, of shape (postings, old roles)."""
    phrases_only = Fitted(
        columns=np.arange(len(model.idf)),
        idf=np.array(model.idf),
        weights=_weights(model),
        keyword_weights=np.zeros((len(corpus.duties), len(model.roles))),
        bias=np.array(model.bias),
        temperature=1.0,
        review_below=0.0,
        calibration=np.zeros(1),
    )
    return decision_function(phrases_only, corpus, model.settings)


def _weights(model: Model) -> Floats:
    return np.array(model.weights).reshape(len(model.idf), len(model.settings.views), len(model.roles))


def _prior(model: Model, corpus: Corpus) -> _Prior:
    """Return what is begun with: same names mean the same; a duty unknown to the model speaks for its own role."""
    same = np.array([[float(old == new) for new in corpus.roles] for old in model.roles])
    old = np.array(model.keyword_weights).reshape(len(model.duties), len(model.roles))
    own = float(np.mean([old[place, duty.role] for place, duty in enumerate(model.duties)]))
    places = {duty.id: place for place, duty in enumerate(model.duties)}
    rows = []
    for duty in corpus.duties:
        role = duty.partition(".")[0]
        alone = np.array([own if each == role else -own / max(len(corpus.roles) - 1, 1) for each in corpus.roles])
        rows.append(old[places[duty]] @ same if duty in places and role in model.roles else alone)
    return _Prior(same, np.array(rows))


def _solve(
    scores: Floats, keywords: Floats, wanted: Floats, prior: _Prior, strength: float
) -> tuple[Floats, Floats, Floats]:
    """Return the map of scores, the weights of keywords and the intercept of least penalised cross-entropy."""
    shapes = prior.scores.shape, prior.keywords.shape, (wanted.shape[1],)
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    start = np.concatenate([prior.scores.ravel(), prior.keywords.ravel(), np.zeros(wanted.shape[1])])
    pull = np.full(int(ends[2]), strength)
    pull[int(ends[0]) : int(ends[1])] *= _KEYWORD_PULL

    def parts(values: Floats) -> tuple[Floats, Floats, Floats]:
        one, two, three = np.split(values, ends[:-1].astype(int))
        return one.reshape(shapes[0]), two.reshape(shapes[1]), three

    def loss(values: Floats) -> tuple[float, Floats]:
        mapped, weights, intercept = parts(values)
        given = probabilities(scores @ mapped + keywords @ weights + intercept, 1.0)
        error = given - wanted
        away = values - start
        gradient = np.concatenate([(scores.T @ error).ravel(), (keywords.T @ error).ravel(), error.sum(axis=0)])
        value = -np.sum(wanted * np.log(np.maximum(given, 1e-300))) + 0.5 * np.sum(pull * away * away)
        return float(value), gradient + pull * away

    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 500})
    return parts(found.x)
