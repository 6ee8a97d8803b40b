import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolelens import Posting, RoleClassifier, read_posting
from rolelens.model.decision import role_set
from rolelens.model.scorer import softmax
from rolelens.reading.sections import ALL_SECTIONS, TITLE
from rolelens.roles.definitions import read_roles
from rolelens.support.packaged import data_path
from rolelens.training.corpus import Corpus, count_postings
from rolelens.training.fit import Fitted
from rolelens.training.fit import decision_function as corpus_decision_function
from support import EXAMPLES, EXPECTED

CLASSIFIER = RoleClassifier.load()
MODEL = CLASSIFIER.model
ROLES = read_roles(data_path("roles"))
PIECES = [
    *"\n".join((EXAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in sorted(EXPECTED)).split("\n"),
    "Responsibilities", "자격요건", "Benefits:", "딥러닝모델을 학습", "LLM기반", "tuning, serving", "", "•", "~", "C++",
]  # fmt: skip
posting_texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=25).map("\n".join)


def as_corpus(postings: list[Posting]) -> Corpus:
    """Count postings over the model's own vocabulary."""
    nobody = np.zeros(len(postings), dtype=np.int64)
    phrase_counts, keyword_counts = count_postings(postings, tuple(MODEL.vocabulary), ROLES, MODEL.headings)
    return Corpus(
        MODEL.roles,
        tuple(MODEL.vocabulary),
        tuple(duty.id for duty in MODEL.duties),
        phrase_counts,
        keyword_counts,
        nobody,
        nobody - 1,
        nobody > 0,
        nobody == 0,
        nobody > 0,
    )


def as_fitted() -> Fitted:
    phrases, views, roles = len(MODEL.vocabulary), len(MODEL.settings.views), len(MODEL.roles)
    return Fitted(
        np.arange(phrases),
        np.array(MODEL.idf, dtype=float),
        np.array(MODEL.weights, dtype=float).reshape(phrases, views, roles),
        np.array(MODEL.keyword_weights, dtype=float).reshape(len(MODEL.duties), roles),
        np.array(MODEL.bias),
        MODEL.temperature,
        MODEL.review_below,
        np.array(MODEL.calibration),
    )


@given(posting_texts, st.sampled_from(["", "AI Developer", "데이터 사이언티스트", "Chef"]))
@settings(max_examples=60, deadline=None)
def test_bias_and_contributions_are_the_score(text, title):
    prediction = CLASSIFIER.predict(Posting(text + "\nx", title), language="en")
    total = prediction.bias + sum(each.contribution for each in prediction.evidence) + prediction.left_out
    assert total == pytest.approx(prediction.score, abs=1e-9)
    scores = CLASSIFIER.decision_function(prediction.posting)
    assert max(scores) == pytest.approx(prediction.score, abs=1e-9)


@given(
    st.lists(
        st.tuples(posting_texts, st.sampled_from(["", "ML Engineer", "프롬프트 엔지니어"])), min_size=1, max_size=4
    )
)
@settings(max_examples=25, deadline=None)
def test_training_and_prediction_score_alike(drawn):
    postings = [Posting(text, title) for text, title in drawn]
    expected = corpus_decision_function(as_fitted(), as_corpus(postings), MODEL.settings)
    for posting, row in zip(postings, expected, strict=True):
        assert CLASSIFIER.decision_function(posting) == pytest.approx(row.tolist(), abs=1e-9)


def test_the_order_of_statements_does_not_matter():
    posting = read_posting(EXAMPLES / "en-ml-platform.txt")
    head, _, duties = posting.text.partition("Responsibilities\n")
    lines = duties.split("\n\n")[0].split("\n")
    shuffled = random.Random(0).sample(lines, len(lines))
    scores = [
        CLASSIFIER.decision_function(Posting(head + "Responsibilities\n" + "\n".join(order)))
        for order in (lines, shuffled)
    ]
    assert scores[0] == pytest.approx(scores[1], abs=1e-9)


def test_weights_are_centred_so_that_contributions_are_against_the_average_role():
    roles = len(MODEL.roles)
    sums = np.array(MODEL.weights).reshape(-1, roles).sum(axis=1)
    assert np.abs(sums).max() <= roles * 1e-4  # each weight is rounded to four decimals


def test_every_section_of_a_corpus_is_known_to_the_settings():
    weighted = {section for view in MODEL.settings.views for section in view.sections}
    assert weighted <= set(ALL_SECTIONS)
    assert TITLE in weighted


@given(st.lists(st.floats(-50, 50), min_size=2, max_size=6), st.floats(0.1, 5))
def test_probabilities_add_up_and_keep_the_order(scores, temperature):
    probabilities = softmax(scores, temperature)
    assert sum(probabilities) == pytest.approx(1)
    assert probabilities[scores.index(max(scores))] == max(probabilities)


@pytest.mark.parametrize("coverage", [0.7, 0.9, 0.95])
def test_the_set_of_roles_holds_the_right_one_as_often_as_promised(coverage):
    """On average over many draws of calibration and test postings, as the conformal guarantee says."""
    generator = np.random.default_rng(7)
    covered = []
    for _ in range(300):
        logits = generator.normal(size=(60, 4)) * 2
        certainty = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        label = np.array([generator.choice(4, p=row) for row in certainty])
        of_label = certainty[np.arange(60), label]
        calibration = np.sort(of_label[:40])
        for row, right in zip(certainty[40:], label[40:], strict=True):
            chosen = role_set(dict(zip("abcd", row, strict=True)), calibration, coverage)
            covered.append("abcd"[right] in chosen)
    assert np.mean(covered) >= coverage - 0.01
