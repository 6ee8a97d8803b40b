import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks as checks

from rolelens import Posting
from rolelens.model.settings import Settings
from rolelens.training.estimators import PostingVectorizer, RoleEstimator
from support import EXAMPLES, EXPECTED

SMALL = Settings(phrase_count=400, title_phrase_count=50, min_postings=2, inner_folds=2)
NAMES = sorted(EXPECTED)
TEXTS = [(EXAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES] * 3
ROLES = [EXPECTED[name]["role"] for name in NAMES] * 3
# `check_estimator` runs the checks that need no numbers only when told that X is a table, so they are run one by one.
# Left out are those that fit on arrays of numbers, which estimators of texts refuse: fit_score_takes_y,
# estimators_overwrite_params, dont_overwrite_parameters, estimators_fit_returns_self, readonly_memmap_input,
# estimators_unfitted, n_features_in_after_fitting, positive_only_tag_during_fit, and all that scikit-learn runs for
# classifiers and transformers of tables. The tests below hold the same of texts.
WITHOUT_NUMBERS = [
    checks.check_estimator_cloneable,
    checks.check_estimator_tags_renamed,
    checks.check_valid_tag_types,
    checks.check_estimator_repr,
    checks.check_no_attributes_set_in_init,
    checks.check_mixin_order,
    checks.check_do_not_raise_errors_in_init_or_set_params,
    checks.check_parameters_default_constructible,
    checks.check_get_params_invariance,
    checks.check_set_params,
]


@pytest.mark.filterwarnings("ignore:Can't test estimator")
@pytest.mark.parametrize("estimator", [PostingVectorizer(), RoleEstimator()], ids=lambda each: type(each).__name__)
def test_scikit_learns_own_checks_hold_where_texts_allow(estimator):
    checks.check_estimator(estimator)
    for check in WITHOUT_NUMBERS:
        check(type(estimator).__name__, clone(estimator))


@pytest.mark.parametrize("estimator", [PostingVectorizer(settings=SMALL), RoleEstimator(settings=SMALL)])
def test_fitting_keeps_parameters_returns_itself_and_repeats(estimator):
    before, pickled = estimator.get_params(), joblib.hash(TEXTS)
    with pytest.raises(NotFittedError):
        getattr(estimator, "predict", getattr(estimator, "transform", None))(TEXTS)
    assert estimator.fit(TEXTS, ROLES) is estimator
    assert estimator.get_params() == before
    assert joblib.hash(TEXTS) == pickled
    again = clone(estimator).fit(TEXTS, ROLES)
    result = "decision_function" if hasattr(estimator, "predict") else "transform"
    one, two, part = (
        getattr(each, result)(rows) for each, rows in ((estimator, TEXTS), (again, TEXTS), (again, TEXTS[:5]))
    )
    one, two, part = (each.toarray() if hasattr(each, "toarray") else each for each in (one, two, part))
    assert np.array_equal(one, two)
    assert np.allclose(one[:5], part, atol=1e-12)


def test_the_vectorizer_names_what_it_counts():
    vectorizer = PostingVectorizer(settings=SMALL).fit(TEXTS, ROLES)
    matrix = vectorizer.transform(TEXTS[:3])
    names = vectorizer.get_feature_names_out()
    assert matrix.shape == (3, len(names))
    assert "ml_ai_engineer.lifecycle" in names or names[0].count(".") == 1
    text = "Responsibilities: train models"
    counted = vectorizer.transform([text])
    assert {name for name, value in zip(names, counted.toarray()[0], strict=True) if value}


def test_the_vectorizer_works_without_labels_and_in_a_pipeline():
    assert PostingVectorizer(settings=SMALL).fit(TEXTS).transform(TEXTS).shape[0] == len(TEXTS)
    pipeline = make_pipeline(PostingVectorizer(settings=SMALL), LogisticRegression(C=10))
    assert cross_val_score(pipeline, TEXTS, ROLES, cv=3).mean() > 0.9  # the same texts three times


@pytest.fixture(scope="module")
def estimator():
    return RoleEstimator(settings=SMALL).fit(TEXTS, ROLES)


def test_the_compiled_estimator_scores_the_same(estimator):
    compiled = estimator.compile()
    expected = estimator.decision_function(TEXTS[: len(NAMES)])
    for text, scores in zip(TEXTS, expected, strict=False):
        assert compiled.decision_function(Posting(text)) == pytest.approx(list(scores), abs=1e-9)
        found = compiled.predict(text).probabilities
        assert list(found.values()) == pytest.approx(list(estimator.predict_proba([text])[0]), abs=1e-9)


def test_the_estimator_is_one_of_scikit_learns(estimator):
    assert estimator.score(TEXTS, ROLES) > 0.9
    assert clone(estimator).get_params()["settings"] == SMALL
    assert not hasattr(clone(estimator), "classes_")
    assert set(estimator.predict(TEXTS)) <= set(estimator.classes_)
    assert np.allclose(estimator.predict_proba(TEXTS).sum(axis=1), 1)
    search = GridSearchCV(
        RoleEstimator(), {"settings": [SMALL, Settings(phrase_count=50, min_postings=2, inner_folds=2)]}, cv=3
    )
    assert search.fit(TEXTS, ROLES).best_score_ > 0.7


def test_frames_and_postings_are_taken_too(estimator):
    frame = pd.DataFrame({"title": ["AI Developer", None], "text": [TEXTS[0], TEXTS[1]]})
    titled = [Posting(TEXTS[0], "AI Developer"), Posting(TEXTS[1])]
    assert np.array_equal(estimator.decision_function(frame), estimator.decision_function(titled))


@pytest.mark.parametrize(
    ("given", "labels", "complaint"),
    [
        ([1, 2], ["other", "other"], "a posting is a text"),
        ("one text", ["other"], "give a list of texts"),
        (pd.DataFrame({"body": ["x"]}), ["other"], "no column text"),
        (["x"], ["chef"], "unknown roles chef"),
        (["x", "y"], ["other"], "2 postings but 1 labels"),
        ([], [], "at least one posting"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(given, labels, complaint):
    with pytest.raises(ValueError, match=complaint):
        RoleEstimator().fit(given, labels)
