from dataclasses import replace

import pytest

from rolelens import Posting, read_posting
from rolelens.explaining.counterfactual import MOST_STATEMENTS
from support import EXAMPLES


def role_without(classifier, posting, statements):
    text = posting.text
    for statement in statements:
        text = (
            text[: statement.span.start]
            + " " * len(text[statement.span.start : statement.span.end])
            + text[statement.span.end :]
        )
    scores = classifier.decision_function(replace(posting, text=text))
    return classifier.roles[scores.index(max(scores))]


def test_removing_the_statements_changes_the_role_and_none_of_them_is_idle(classifier, example):
    posting = read_posting(example)
    prediction = classifier.predict(posting)
    found = classifier.counterfactual(prediction)
    if found.becomes is None:
        assert found.removal == ()
        return
    assert 1 <= len(found.removal) <= MOST_STATEMENTS
    assert role_without(classifier, posting, found.removal) == found.becomes != prediction.role
    for idle in found.removal:
        fewer = [each for each in found.removal if each is not idle]
        assert role_without(classifier, posting, fewer) == prediction.role


def test_the_sufficient_statements_keep_the_role_alone_and_none_of_them_is_idle(classifier, example):
    posting = read_posting(example)
    prediction = classifier.predict(posting)
    found = classifier.counterfactual(prediction)
    movable = [each for each in prediction.statements if each.span.section != "heading"]

    def role_with(kept):
        return role_without(classifier, posting, [each for each in movable if each not in kept])

    assert found.sufficient is not None
    assert role_with(found.sufficient) == prediction.role
    assert all(each.span.section != "title" for each in found.sufficient)
    for idle in found.sufficient:
        assert role_with([each for each in found.sufficient if each is not idle]) != prediction.role


def test_the_search_is_deterministic(classifier):
    prediction = classifier.predict(read_posting(EXAMPLES / "en-hybrid.txt"))
    assert classifier.counterfactual(prediction) == classifier.counterfactual(prediction)


def test_a_title_given_apart_can_be_what_the_role_hangs_on(classifier):
    posting = Posting("We look for a friendly colleague who writes documents and answers mail.", "Prompt Engineer")
    prediction = classifier.predict(posting)
    found = classifier.counterfactual(prediction)
    assert prediction.role == "prompt_engineer"
    assert [each.span.section for each in found.removal] == ["title"]


def test_a_role_no_statement_speaks_against_hangs_on_none(classifier):
    prediction = classifier.predict(read_posting(EXAMPLES / "ko-flattering-title.txt"))
    found = classifier.counterfactual(prediction)
    assert prediction.role == "other"
    assert found.sufficient == ()


@pytest.mark.parametrize("text", ["Train models", "hello"])
def test_a_posting_of_one_statement_is_no_problem(classifier, text):
    found = classifier.counterfactual(classifier.predict(text))
    assert len(found.removal) <= 1
