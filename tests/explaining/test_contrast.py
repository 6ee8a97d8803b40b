from itertools import permutations

import pytest

from rolelens import read_posting
from rolelens.explaining.contrast import LEARNED
from support import EXAMPLES

SUMS = {"abs": 1e-9}


@pytest.fixture
def prediction(classifier, example):
    return classifier.predict(read_posting(example))


def test_every_contrast_adds_up_by_phrase_section_and_duty(classifier, prediction):
    for role, against in permutations(classifier.roles, 2):
        why = prediction.explain(role, against=against)
        scores = dict(zip(classifier.roles, classifier.decision_function(prediction.posting), strict=True))
        assert why.score == pytest.approx(scores[role] - scores[against], **SUMS)
        for parts in ([each.contribution for each in why.evidence], why.sections.values(), why.duties.values()):
            assert why.bias + sum(parts) == pytest.approx(why.score, **SUMS)


def test_a_contrast_is_the_reverse_of_its_reverse(prediction):
    there = prediction.explain("ml_ai_engineer", against="data_scientist")
    back = prediction.explain("data_scientist", against="ml_ai_engineer")
    assert {each.phrase: each.contribution for each in there.evidence} == pytest.approx(
        {each.phrase: -each.contribution for each in back.evidence}
    )


def test_without_a_rival_the_explanation_is_the_predictions_own(prediction):
    why = prediction.explain()
    assert why.against is None
    assert why.evidence[: len(prediction.evidence)] == prediction.evidence
    assert why.score == prediction.score


def test_evidence_of_a_contrast_names_duties_of_the_roles_compared_where_it_can(classifier):
    prediction = classifier.predict(read_posting(EXAMPLES / "en-lying-title.txt"))
    why = prediction.explain(against="data_scientist")
    owners = {duty.partition(".")[0] for duty in why.duties if duty != LEARNED}
    assert owners <= {"ml_ai_engineer", "data_scientist"} | set(classifier.roles)
    assert "ml_ai_engineer.life_cycle" in why.duties or "ml_ai_engineer" in owners


@pytest.mark.parametrize(
    ("role", "against", "complaint"),
    [("wizard", None, "unknown role 'wizard'"), ("researcher", "researcher", "itself"), (None, "nobody", "nobody")],
)
def test_a_contrast_that_makes_no_sense_is_refused(classifier, role, against, complaint):
    prediction = classifier.predict("Train and deploy deep learning models on our GPU cluster.")
    with pytest.raises(ValueError, match=complaint):
        prediction.explain(role, against=against)


def test_statements_add_up_to_the_scores(classifier, prediction):
    scores = classifier.decision_function(prediction.posting)
    for place, bias in enumerate(classifier.model.bias):
        total = sum(statement.contributions[place] for statement in prediction.statements)
        assert bias + total == pytest.approx(scores[place], **SUMS)


def test_statements_quote_the_posting_in_order(prediction):
    text = prediction.posting.text
    starts = [statement.span.start for statement in prediction.statements]
    assert starts == sorted(starts)
    for statement in prediction.statements:
        assert statement.text in " ".join(text[statement.span.start : statement.span.end].split())


def test_a_statement_leans_to_the_role_it_adds_most_to(classifier, prediction):
    for statement in prediction.statements:
        if statement.lean is not None:
            assert statement.strength == max(statement.contributions)
            assert statement.contributions[classifier.roles.index(statement.lean)] == statement.strength


def test_the_role_mix_follows_from_the_statements_under_the_title(prediction):
    assert sum(prediction.role_mix.values()) == pytest.approx(1)
    leans = {each.lean for each in prediction.statements if each.lean and each.span.section != "title"}
    assert leans <= set(prediction.role_mix)


def test_a_hybrid_shows_both_of_its_roles(classifier):
    mix = classifier.predict(read_posting(EXAMPLES / "en-hybrid.txt")).role_mix
    assert list(mix)[:2] == ["ml_ai_engineer", "ai_developer"]


def test_deciding_statements_are_quoted_when_title_and_work_differ(classifier, prediction):
    title, duties = prediction.title_reading, prediction.duty_reading
    if title is None or title.role == duties.role:
        assert prediction.deciding == ()
        return
    assert 1 <= len(prediction.deciding) <= 3
    plus, minus = classifier.roles.index(duties.role), classifier.roles.index(title.role)
    for statement in prediction.deciding:
        assert statement.span.section != "title"
        assert statement.contributions[plus] > statement.contributions[minus]


def test_the_runner_up_has_its_duties_covered_or_not_too(prediction):
    assert {each.duty.partition(".")[0] for each in prediction.second_duties} == {prediction.second_role}
    for duty in (*prediction.duties, *prediction.second_duties):
        assert len(duty.quotes) == len(duty.spans)
        for quote, span in zip(duty.quotes, duty.spans, strict=True):
            assert " ".join(prediction.posting.text[span.start : span.end].split()) == quote
            assert span.section != "title"
