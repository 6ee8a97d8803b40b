import json

import pytest
from click.testing import CliRunner

from rolelens.cli import main
from rolelens.rendering.model_weights import learnt_role


def run(*arguments):
    return CliRunner().invoke(main, ["explain-model", *arguments])


def test_every_role_has_phrases_in_both_languages(classifier):
    for role in classifier.roles:
        learnt = learnt_role(classifier.model, role, 5)
        for phrases in (*learnt.phrases.values(), *learnt.against.values()):
            assert len(phrases) == 5
            assert abs(phrases[0].worth) == pytest.approx(1)
            assert [abs(each.worth) for each in phrases] == sorted((abs(each.worth) for each in phrases), reverse=True)


def test_the_worth_of_a_duty_is_what_one_mention_adds(classifier):
    text = "Responsibilities\n- Fine-tune"
    mentions = classifier.predict(text).arithmetic.mentions
    place = classifier.roles.index("ml_ai_engineer")
    found = {duty: part[place] for each in mentions for duty, part in each.duties.items()}
    learnt = learnt_role(classifier.model, "ml_ai_engineer", 1).duties
    assert found
    for duty in set(found) & set(learnt):
        assert found[duty] == pytest.approx(learnt[duty])


def test_one_role_or_all_as_text_or_json():
    assert "prompt engineer" in run("prompt_engineer").output
    assert len(json.loads(run("--format", "json").output)) == 6
    assert len(json.loads(run("researcher", "--format", "json", "--count", "3").output)[0]["phrases"]["ko"]) == 3


def test_an_unknown_role_is_a_usage_error():
    result = run("wizard")
    assert result.exit_code == 2
    assert "ml_ai_engineer" in result.stderr
