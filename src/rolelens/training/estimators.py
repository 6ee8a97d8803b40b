"""The training of a role model as scikit-learn estimators, for pipelines, cross-validation and grid search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from rolelens.classifier import RoleClassifier
from rolelens.model.model_file import model_of
from rolelens.model.settings import Settings
from rolelens.posting import Posting
from rolelens.reading.language import language_of
from rolelens.roles.definitions import Role, read_roles
from rolelens.support.packaged import data_path
from rolelens.training.corpus import bare_titles, build_corpus, corpus_of
from rolelens.training.fit import choose_phrases, decision_function, export, fit, idf_of, probabilities, view_vectors
from rolelens.training.labelled import LabelledPosting
from rolelens.training.pipeline import read_headings

Floats = npt.NDArray[np.float64]


class _OfPostings(BaseEstimator):  # type: ignore[misc]
    """What both estimators share: texts in, and which roles and settings hold."""

    def __init__(self, roles: str | Path | None = None, settings: Settings | None = None) -> None:
        self.roles = roles
        self.settings = settings

    def __sklearn_tags__(self) -> Tags:
        """Say that the input is texts."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        return tags

    def _read_roles(self) -> tuple[Role, ...]:
        return read_roles(Path(self.roles) if self.roles is not None else data_path("roles"))


class PostingVectorizer(TransformerMixin, _OfPostings):  # type: ignore[misc]
    """Turns postings into the documented duties they speak of and the TF-IDF of their phrases, weighted by section.

    Given labels, `fit` keeps the phrases that tell them apart best, otherwise the most frequent ones.

    Args:
        roles: a folder of role files, by default the documented roles.
        settings: weights of sections, number of phrases and the rest, by default those of the shipped model.

    >>> texts = ["Responsibilities: train ranking models", "Responsibilities: train the sales team"] * 5
    >>> PostingVectorizer().fit_transform(texts).shape[0]
    10
    """

    def fit(self, X: Any, y: Any = None) -> PostingVectorizer:  # noqa: ANN401, N803
        """Choose the phrases of postings: texts, `Posting`s, or a frame with the columns text and title."""
        settings, roles = self.settings or Settings(), self._read_roles()
        postings = postings_of(X)
        labels = [""] * len(postings) if y is None else [str(each) for each in y]
        if len(labels) != len(postings):
            raise ValueError(f"{len(postings)} postings but {len(labels)} labels; give one for each posting")
        labelled = [
            LabelledPosting(each, label, None, "", True, True) for each, label in zip(postings, labels, strict=True)
        ]
        corpus = build_corpus(labelled, roles, read_headings(), settings.min_postings, names=sorted(set(labels)))
        columns = choose_phrases(corpus, settings)
        self.phrases_ = tuple(corpus.phrases[column] for column in columns)
        self.duties_ = corpus.duties
        self.idf_ = idf_of(corpus, columns)
        return self

    def transform(self, X: Any) -> sparse.csr_matrix:  # noqa: ANN401, N803
        """Return a sparse matrix of shape (postings, duties + phrases)."""
        check_is_fitted(self)
        settings, roles = self.settings or Settings(), self._read_roles()
        corpus = corpus_of(postings_of(X), self.phrases_, roles, read_headings())
        return view_vectors(corpus, self.idf_, settings)

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:  # noqa: ANN401, ARG002
        """Return "role.duty" of every documented duty, then the phrases."""
        check_is_fitted(self)
        return np.array([*self.duties_, *self.phrases_], dtype=object)


class RoleEstimator(ClassifierMixin, _OfPostings):  # type: ignore[misc]
    """The whole training of a role model: fit it on labelled postings, score it, compile it into a predictor.

    Args:
        roles: a folder of role files, by default the documented roles; labels are their ids.
        settings: by default those of the shipped model.
    """

    def fit(self, X: Any, y: Any) -> RoleEstimator:  # noqa: ANN401, N803
        """Fit the model of labelled postings: texts, `Posting`s, or a frame with the columns text and title.

        Raises:
            LabelledDataError: a role has too few postings.
            ValueError: a label is no role's id, or there are not as many as postings.
        """
        settings, roles = self.settings or Settings(), self._read_roles()
        postings, labels = postings_of(X), [str(each) for each in y]
        known = [role.id for role in roles]
        if len(labels) != len(postings):
            raise ValueError(f"{len(postings)} postings but {len(labels)} labels; give one for each posting")
        if unknown := sorted(set(labels) - set(known)):
            raise ValueError(f"unknown roles {', '.join(unknown)}; use {', '.join(known)}")
        headings = read_headings()
        labelled = [
            LabelledPosting(posting, label, None, language_of(posting.text), True, True)
            for posting, label in zip(postings, labels, strict=True)
        ]
        corpus = build_corpus(labelled, roles, headings, settings.min_postings)
        fitted = fit(corpus, bare_titles(corpus, roles, headings), settings)
        self.classes_ = np.array(known)
        self.phrases_ = tuple(corpus.phrases[column] for column in fitted.columns)
        self._fitted = fitted.narrowed()
        self._file = export(fitted, corpus, roles, headings, settings, "estimator")
        return self

    def decision_function(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the scores in log-odds, of shape (postings, roles)."""
        check_is_fitted(self)
        corpus = corpus_of(postings_of(X), self.phrases_, self._read_roles(), read_headings())
        return decision_function(self._fitted, corpus, self.settings or Settings())

    def predict_proba(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the calibrated probabilities, of shape (postings, roles)."""
        return probabilities(self.decision_function(X), self._fitted.temperature)

    def predict(self, X: Any) -> npt.NDArray[np.str_]:  # noqa: ANN401, N803
        """Return the role of each posting."""
        best = self.decision_function(X).argmax(axis=1)
        return np.asarray(self.classes_[best])

    def compile(self) -> RoleClassifier:
        """Return the predictor that needs no scikit-learn: the same scores to 1e-9, with explanations."""
        check_is_fitted(self)
        return RoleClassifier(model_of(self._file, "the estimator"))


def postings_of(X: Any) -> Sequence[Posting]:  # noqa: ANN401, N803
    """Return postings from texts, `Posting`s, or a frame with a column text and perhaps one title.

    Raises:
        ValueError: they are something else.
    """
    if isinstance(X, pd.DataFrame):
        if "text" not in X.columns:
            raise ValueError(f"the frame has no column text, only {', '.join(map(str, X.columns))}; rename one")
        titles = X["title"] if "title" in X.columns else [""] * len(X)
        return [Posting(_text(text), _text(title)) for text, title in zip(X["text"], titles, strict=True)]
    if isinstance(X, str) or getattr(X, "ndim", 1) != 1:
        raise ValueError("give a list of texts, of postings, or a frame with the columns text and title")
    found = []
    for each in X:
        if not isinstance(each, str | Posting):
            raise ValueError(f"a posting is a text or a Posting, not {type(each).__name__}")
        found.append(each if isinstance(each, Posting) else Posting(each))
    if not found:
        raise ValueError("Found array with 0 sample(s); give at least one posting")
    return found


def _text(cell: Any) -> str:  # noqa: ANN401
    return "" if cell is None or cell != cell else str(cell)
