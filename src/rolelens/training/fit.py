"""A corpus becomes a model: one linear model a view, mixed by another, folded into one table of weights."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse
from sklearn.feature_selection import chi2
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from rolelens.errors import LabelledDataError
from rolelens.model.bloom import filter_of
from rolelens.model.model_file import model_bytes
from rolelens.model.settings import Settings, View
from rolelens.reading.lexicon import keyword_table
from rolelens.reading.phrases import SUBSTRING
from rolelens.reading.sections import TITLE
from rolelens.roles.definitions import Role
from rolelens.training.corpus import Corpus, Counts, duty_phrases, role_aliases

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Sections that weigh less are background: their words are scored, never learnt from as if they were the posting.
LEARNT_SECTION_WEIGHT = 0.5
WEIGHT_DECIMALS = 4  # coarse enough that another processor's last bits do not change the file
TARGET_ACCEPTABLE = 0.985  # share of acceptable answers among those not flagged for review, out of fold
# Newton steps reach the optimum to the last digits, so that rounding hides which processor computed it.
_SOLVER_TOLERANCE = 1e-12
_SOLVER_ITERATIONS = 500


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fitted model over the columns of a corpus.

    Shapes: idf (phrases,), weights (phrases, views, roles), keyword_weights (duties, roles), bias (roles,),
    calibration (judged postings,).
    """

    columns: Integers
    idf: Floats
    weights: Floats
    keyword_weights: Floats
    bias: Floats
    temperature: float
    review_below: float
    calibration: Floats

    def narrowed(self) -> Fitted:
        """Return the same model over a corpus that has the chosen columns only."""
        return replace(self, columns=np.arange(len(self.columns)))


def fit(corpus: Corpus, titles: Corpus, settings: Settings) -> Fitted:
    """Return the model of a corpus, `titles` being the bare names of the roles.

    Every view gets a multinomial logistic regression; a further one mixes their out-of-fold scores. All are linear,
    so their product is one weight for each phrase, view and role. The mixture also sees every posting under the name
    of another role, so that it learns how little a title alone is worth.

    Unlabelled postings help the views by self-training (Lee 2013, "Pseudo-Label"): a model of the labelled ones
    labels those of which it is sure. Phrases, mixture and temperature come from labelled postings only.

    Raises:
        LabelledDataError: a role has fewer postings than there are inner folds.
    """
    labelled, unlabelled = corpus.labelled, corpus.unlabelled
    _require_enough(labelled, settings.inner_folds)
    fitted = _fit(labelled, None, titles, settings)
    if len(unlabelled) == 0 or settings.pseudo_weight == 0:
        return fitted
    certainty = probabilities(decision_function(fitted, unlabelled, settings), fitted.temperature)
    sure = np.flatnonzero(certainty.max(axis=1) >= settings.pseudo_confidence)
    return _fit(labelled, replace(unlabelled.rows(sure), label=certainty[sure].argmax(axis=1)), titles, settings)


def _fit(corpus: Corpus, pseudo: Corpus | None, titles: Corpus, settings: Settings) -> Fitted:
    everyone = np.arange(len(corpus))
    retitled = _under_other_names(corpus, titles)
    out_of_fold = np.zeros((len(corpus), len(settings.views) * len(corpus.roles)))
    out_of_fold_retitled = np.zeros_like(out_of_fold)
    folds = list(_folds(corpus, settings))
    for train, held_out in folds:
        models = _ViewModels(corpus.rows(train), pseudo, settings)
        out_of_fold[held_out] = models.scores(corpus.rows(held_out))
        out_of_fold_retitled[held_out] = models.scores(retitled.rows(held_out))
    mixed = np.zeros((len(corpus), len(corpus.roles)))
    for train, held_out in folds:
        both = (out_of_fold[train], out_of_fold_retitled[train])
        coefficients, intercept = _mix(both, corpus.rows(train), settings)
        mixed[held_out] = out_of_fold[held_out] @ coefficients + intercept
    judged = corpus.judged if corpus.judged.any() else np.ones(len(corpus), dtype=bool)
    temperature = fit_temperature(mixed[judged], targets(corpus, settings.second_share)[judged])
    certainty = probabilities(mixed[judged], temperature)
    of_label = np.take_along_axis(certainty, corpus.label[judged, None], axis=1).ravel()
    mixture = _mix((out_of_fold, out_of_fold_retitled), corpus, settings)
    return Fitted(
        **_ViewModels(corpus, pseudo, settings).folded(*mixture),
        temperature=temperature,
        review_below=review_threshold(certainty, corpus.rows(everyone[judged])),
        calibration=np.sort(np.round(of_label, WEIGHT_DECIMALS)),
    )


def decision_function(fitted: Fitted, corpus: Corpus, settings: Settings) -> Floats:
    """Return the scores of every posting of a corpus, of shape (postings, roles), in log-odds."""
    counts = _columns(corpus.phrase_counts, fitted.columns)
    scores = np.tile(fitted.bias, (len(corpus), 1))
    for place, view in enumerate(settings.views):
        for matrix, pool in _vectors(counts, view, fitted.idf, settings.most_counted):
            scores += pool[:, None] * (matrix @ fitted.weights[:, place])
    return scores + keyword_features(corpus, settings) @ fitted.keyword_weights


def probabilities(scores: Floats, temperature: float) -> Floats:
    """Return the softmax of scores divided by the temperature, of the same shape."""
    powers = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_temperature(scores: Floats, targets: Floats) -> float:
    """Return the temperature with the least cross-entropy (Guo et al. 2017, doi:10.48550/arXiv.1706.04599)."""

    def loss(log_temperature: float) -> float:
        return -float(np.mean(np.sum(targets * np.log(probabilities(scores, np.exp(log_temperature))), axis=1)))

    found = optimize.minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded", options={"xatol": 1e-6})
    return round(float(np.exp(found.x)), 3)


def export(
    fitted: Fitted,
    corpus: Corpus,
    roles: Sequence[Role],
    headings: Mapping[str, str],
    settings: Settings,
    name: str,
) -> bytes:
    """Return the model file of a fitted model."""
    owners = [place for place, role in enumerate(roles) for _ in role.duties]
    titles = [dict(duty.title) for role in roles for duty in role.duties]
    header: dict[str, Any] = {
        "name": name,
        "roles": list(corpus.roles),
        "names": {role.id: dict(role.name) for role in roles},
        "aliases": role_aliases(roles),
        "duties": [
            {"id": id_, "role": owner, "title": title}
            for id_, owner, title in zip(corpus.duties, owners, titles, strict=True)
        ],
        "keywords": keyword_table(duty_phrases(roles)),
        "settings": settings.to_dict(),
        "headings": dict(headings),
        "temperature": fitted.temperature,
        "review_below": fitted.review_below,
        "training": {
            "postings": len(corpus.labelled),
            "unlabelled": len(corpus.unlabelled),
            "sha256": corpus_hash(corpus),
        },
    }
    arrays = {
        "vocabulary": np.frombuffer("\n".join(corpus.phrases[i] for i in fitted.columns).encode(), dtype=np.uint8),
        "idf": fitted.idf.astype(np.float32),
        "weights": fitted.weights.astype(np.float32),
        "keyword_weights": fitted.keyword_weights.astype(np.float32),
        "bias": fitted.bias,
        "calibration": fitted.calibration,
        "checksum": np.zeros(4, dtype=np.uint8),
        "familiar": np.frombuffer(
            filter_of([each for each in corpus.phrases if not each.startswith(SUBSTRING)]), dtype=np.uint8
        ),
    }
    return model_bytes(header, arrays)


def corpus_hash(corpus: Corpus) -> str:
    """Return the SHA-256 of the counts and labels that trained a model."""
    digest = hashlib.sha256("\n".join((*corpus.roles, *corpus.duties, *corpus.phrases)).encode())
    for matrices in (corpus.phrase_counts, corpus.keyword_counts):
        for section in sorted(matrices):
            for part in (matrices[section].indptr, matrices[section].indices, matrices[section].data):
                digest.update(np.asarray(part, dtype=np.int64).tobytes())
    for labels in (corpus.label, corpus.second):
        digest.update(labels.astype(np.int64).tobytes())
    return digest.hexdigest()


class _ViewModels:
    """The phrases chosen for a training set and a linear model for each view of it and of pseudo-labelled postings."""

    def __init__(self, corpus: Corpus, pseudo: Corpus | None, settings: Settings) -> None:
        self._settings = settings
        self._trust = np.ones(len(corpus)) * _balance(corpus, settings.view_class_power)[corpus.label]
        self.columns = choose_phrases(corpus, settings)
        if pseudo is not None:
            balanced = _balance(corpus, settings.view_class_power)[pseudo.label]
            self._trust = np.concatenate([self._trust, settings.pseudo_weight * balanced])
            corpus = corpus.joined(pseudo)
        counts = _columns(corpus.phrase_counts, self.columns)
        self.idf = idf_of(corpus, self.columns)
        keywords = sparse.csr_matrix(keyword_features(corpus, settings))
        self.models = [
            self._fit_view(view, counts, corpus, keywords if place == 0 else None)
            for place, view in enumerate(settings.views)
        ]

    def _fit_view(
        self, view: View, counts: Counts, corpus: Corpus, keywords: sparse.csr_matrix | None
    ) -> tuple[Floats, Floats]:
        matrices, rows, weights = [], [], []
        vectors = _vectors(counts, view, self.idf, self._settings.most_counted)
        for section, (matrix, pool) in zip(_vector_sections(view), vectors, strict=True):
            if not view.by_section or view.sections[section] >= LEARNT_SECTION_WEIGHT:
                used = np.flatnonzero(pool > 0)
                matrices.append(matrix[used])
                rows.append(used)
                weights.append(pool[used])
        stacked, used = sparse.vstack(matrices).tocsr(), np.concatenate(rows)
        if keywords is not None:
            stacked = sparse.hstack([stacked, keywords[used]]).tocsr()
        trust = self._trust[used] * np.concatenate(weights)
        return _logistic(stacked, corpus, used, trust, view.inverse_ridge, self._settings.second_share)

    def scores(self, corpus: Corpus) -> Floats:
        """Return the scores of every view side by side, of shape (postings, views * roles)."""
        counts = _columns(corpus.phrase_counts, self.columns)
        keywords = keyword_features(corpus, self._settings)
        blocks = []
        for place, (view, (weights, bias)) in enumerate(zip(self._settings.views, self.models, strict=True)):
            block = np.tile(bias, (len(corpus), 1))
            for matrix, pool in _vectors(counts, view, self.idf, self._settings.most_counted):
                block += pool[:, None] * (matrix @ weights[: len(self.columns)])
            if place == 0:
                block += keywords @ weights[len(self.columns) :]
            blocks.append(block)
        return np.asarray(np.hstack(blocks), dtype=float)

    def folded(self, coefficients: Floats, intercept: Floats) -> dict[str, Any]:
        """Return the views and their mixture multiplied out into one table of weights, as the fields of `Fitted`."""
        roles = len(intercept)
        blocks = [coefficients[place * roles : (place + 1) * roles] for place in range(len(self.models))]
        products = [weights @ block for (weights, _), block in zip(self.models, blocks, strict=True)]
        count = len(self.columns)
        bias = intercept + sum(bias @ block for (_, bias), block in zip(self.models, blocks, strict=True))
        return {
            "columns": self.columns,
            "idf": self.idf,
            "weights": stored(np.stack([product[:count] for product in products], axis=1)),
            "keyword_weights": stored(products[0][count:]),
            "bias": np.round(bias - bias.mean(), WEIGHT_DECIMALS),
        }


def stored(weights: Floats) -> Floats:
    """Return weights as the model file keeps them: centred over the roles, rounded, in single precision."""
    centred: Floats = np.round(weights - weights.mean(axis=-1, keepdims=True), WEIGHT_DECIMALS)
    return (centred + 0.0).astype(np.float32).astype(float)  # + 0.0 turns -0.0 into 0.0


def idf_of(corpus: Corpus, columns: Integers) -> Floats:
    """Return the inverse document frequencies of phrases, smoothed, as the model file keeps them."""
    postings_with = sum(_columns(corpus.phrase_counts, columns).values()).astype(bool).sum(axis=0)
    idf = np.log((1 + len(corpus)) / (1 + np.asarray(postings_with).ravel())) + 1
    return np.asarray(idf.astype(np.float32).astype(float))


def view_vectors(corpus: Corpus, idf: Floats, settings: Settings) -> sparse.csr_matrix:
    """Return what the first view learns from, of shape (postings, duties + phrases)."""
    ((matrix, _),) = _vectors(corpus.phrase_counts, settings.views[0], idf, settings.most_counted)
    return sparse.hstack([sparse.csr_matrix(keyword_features(corpus, settings)), matrix]).tocsr()


def choose_phrases(corpus: Corpus, settings: Settings) -> Integers:
    """Return the columns of the phrases that tell the roles apart best, by chi-squared on presence."""
    everywhere = sum(counts for section, counts in corpus.phrase_counts.items() if section != "heading").tocsr()
    return np.union1d(
        _best(everywhere, corpus.label, settings.phrase_count, settings.min_postings),
        _best(corpus.phrase_counts[TITLE], corpus.label, settings.title_phrase_count, settings.min_postings),
    )


def _best(counts: sparse.csr_matrix, label: Integers, most: int, min_postings: int) -> Integers:
    present = counts.astype(bool).astype(float)
    frequent = np.flatnonzero(np.asarray(present.sum(axis=0)).ravel() >= min_postings)
    if len(frequent) == 0:
        return np.array([], dtype=np.int64)
    if label.min() == label.max():  # nothing to tell apart: the most frequent ones
        statistic = np.asarray(present[:, frequent].sum(axis=0)).ravel()
    else:
        statistic = np.nan_to_num(chi2(present[:, frequent], label)[0])
    # Rounded, so that ties stay ties on every processor and fall to the phrase that sorts first.
    return np.sort(frequent[np.argsort(-np.round(statistic, 6), kind="stable")[:most]])


def _columns(counts: Counts, columns: Integers) -> dict[str, sparse.csr_matrix]:
    return {section: matrix[:, columns] for section, matrix in counts.items()}


def _vector_sections(view: View) -> list[str]:
    return [section for section, weight in view.sections.items() if weight > 0] if view.by_section else [""]


def _vectors(counts: Counts, view: View, idf: Floats, most: float) -> list[tuple[sparse.csr_matrix, Floats]]:
    """Return a view's unit vectors and their shares of the score, a matrix for each section it keeps apart."""
    if not view.by_section:
        total = sum(weight * counts[section] for section, weight in view.sections.items())
        matrix = _unit_vectors(total.tocsr(), idf, most)
        return [(matrix, (matrix.getnnz(axis=1) > 0).astype(float))]
    matrices = [_unit_vectors(counts[section], idf, most) for section in _vector_sections(view)]
    shares = np.stack(
        [
            view.sections[section] * (matrix.getnnz(axis=1) > 0)
            for section, matrix in zip(_vector_sections(view), matrices, strict=True)
        ]
    )
    total_share = np.maximum(shares.sum(axis=0), np.finfo(float).tiny)
    return [(matrix, share / total_share) for matrix, share in zip(matrices, shares, strict=True)]


def _unit_vectors(counts: sparse.csr_matrix, idf: Floats, most: float) -> sparse.csr_matrix:
    damped = counts.copy()
    damped.data = np.log1p(np.minimum(damped.data, most))
    return normalize(damped.multiply(idf).tocsr())


def keyword_features(corpus: Corpus, settings: Settings) -> Floats:
    """Return how much each posting speaks of each documented duty, of shape (postings, duties)."""
    total = sum(weight * corpus.keyword_counts[section] for section, weight in settings.keyword_sections.items())
    return np.asarray(settings.keyword_scale * np.log1p(np.minimum(total.toarray(), settings.most_counted)))


def targets(corpus: Corpus, second_share: float) -> Floats:
    """Return the target distribution of every posting, of shape (postings, roles)."""
    targets = np.eye(len(corpus.roles))[corpus.label]
    with_second = np.flatnonzero(corpus.second >= 0)
    targets[with_second] *= 1 - second_share
    targets[with_second, corpus.second[with_second]] += second_share
    return targets


def _balance(corpus: Corpus, power: float) -> Floats:
    """Return a weight for each role, larger for rare ones: 1 for all if `power` is 0, inverse to their shares if 1."""
    shares = np.bincount(corpus.label, minlength=len(corpus.roles)) * len(corpus.roles) / len(corpus)
    return np.asarray(shares**-power)


def _logistic(
    features: sparse.csr_matrix | Floats,
    corpus: Corpus,
    rows: Integers,
    weights: Floats,
    inverse_ridge: float,
    second_share: float,
) -> tuple[Floats, Floats]:
    """Return coefficients (features, roles) and intercept of a logistic regression on soft targets.

    A posting with a second role enters twice, once for each of its roles, with weights that add up to its own.
    """
    label, second = corpus.label[rows], corpus.second[rows]
    twice = np.flatnonzero(second >= 0)
    stack = sparse.vstack if sparse.issparse(features) else np.vstack
    weights_first = weights.copy()
    weights_first[twice] *= 1 - second_share
    model = LogisticRegression(C=inverse_ridge, solver="newton-cg", tol=_SOLVER_TOLERANCE, max_iter=_SOLVER_ITERATIONS)
    with threadpool_limits(1), warnings.catch_warnings():  # one thread adds up in one order
        # Where rounding alone keeps the gradient from zero, the line search says so; that is as far as we want.
        warnings.filterwarnings("ignore", message=".*line search")
        model.fit(
            stack([features, features[twice]]),
            np.concatenate([label, second[twice]]),
            sample_weight=np.concatenate([weights_first, weights[twice] * second_share]),
        )
    return _of_all_roles(model, len(corpus.roles))


def _of_all_roles(model: LogisticRegression, roles: int) -> tuple[Floats, Floats]:
    """Return coefficients (features, roles) and intercept, nothing for a role that no posting had."""
    coefficients, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # scikit-learn keeps only the difference of the two
        coefficients, intercept = np.vstack([-coefficients, coefficients]) / 2, np.append(-intercept, intercept) / 2
    if len(model.classes_) == roles:
        return coefficients.T, intercept
    whole, bias = np.zeros((coefficients.shape[1], roles)), np.zeros(roles)
    whole[:, model.classes_], bias[model.classes_] = coefficients.T, intercept
    return whole, bias


def _mix(scores: tuple[Floats, Floats], corpus: Corpus, settings: Settings) -> tuple[Floats, Floats]:
    """Return the mixture of view scores, given those of the postings and of the same ones under other names."""
    twice = np.tile(np.arange(len(corpus)), 2)
    weights = np.repeat([1.0, settings.retitled_weight], len(corpus))
    weights *= _balance(corpus, settings.mix_class_power)[corpus.label[twice]]
    return _logistic(np.vstack(scores), corpus, twice, weights, settings.mix_inverse_ridge, settings.second_share)


def _under_other_names(corpus: Corpus, titles: Corpus) -> Corpus:
    """Return the postings with the roles' names for titles, taken in turn."""
    turn = np.arange(len(corpus))
    picked = np.zeros(len(corpus), dtype=np.int64)
    for korean in (False, True):
        names = np.flatnonzero(titles.korean == korean)
        rows = np.flatnonzero(corpus.korean == korean)
        picked[rows] = names[turn[: len(rows)] % len(names)]
    return replace(
        corpus,
        phrase_counts={**corpus.phrase_counts, TITLE: titles.phrase_counts[TITLE][picked]},
        keyword_counts={**corpus.keyword_counts, TITLE: titles.keyword_counts[TITLE][picked]},
    )


def _folds(corpus: Corpus, settings: Settings) -> list[tuple[Integers, Integers]]:
    splitter = StratifiedKFold(settings.inner_folds, shuffle=True, random_state=settings.seed)
    return list(splitter.split(np.zeros(len(corpus)), corpus.label))


def _require_enough(corpus: Corpus, least: int) -> None:
    for role, count in zip(corpus.roles, np.bincount(corpus.label, minlength=len(corpus.roles)), strict=True):
        if count < least + 1:
            raise LabelledDataError(
                f"role {role} has {count} labelled postings; give it at least {least + 1}, or leave out its role file"
            )


def review_threshold(certainty: Floats, corpus: Corpus) -> float:
    """Return the lowest confidence at which answers are acceptable often enough to go unreviewed."""
    best, confidence = certainty.argmax(axis=1), certainty.max(axis=1)
    acceptable = (best == corpus.label) | (best == corpus.second)
    order = np.argsort(-confidence, kind="stable")
    share = np.cumsum(acceptable[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= TARGET_ACCEPTABLE)
    return round(float(confidence[order[enough[-1]]]), 3) if len(enough) else 1.0
