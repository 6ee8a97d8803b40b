import json

import numpy as np
import pytest
from click.testing import CliRunner
from measure import flips

from rolelens import Posting
from rolelens.cli import main
from rolelens.model.settings import Settings
from rolelens.support.packaged import data_path
from rolelens.training.evaluation import (
    Judged,
    by_language,
    by_role,
    calibration_error,
    compared_lines,
    confusion,
    cross_validate,
    failed_floors,
    intervals,
    metrics,
    read_floors,
)
from rolelens.training.labelled import LabelledPosting, read_labelled
from rolelens.training.pipeline import read_training
from support import EXAMPLES, EXPECTED, ROOT

FLOORS = read_floors(data_path("models/default"))


def judged(predicted, label, second=None, confidence=0.9):
    probabilities = np.full((len(label), 3), (1 - confidence) / 2)
    probabilities[np.arange(len(label)), predicted] = confidence
    return Judged(
        ("a", "b", "c"),
        probabilities,
        np.array(label),
        np.array(second if second is not None else [-1] * len(label)),
        np.array([False] * (len(label) - 1) + [True]),
        np.array([True] + [False] * (len(label) - 1)),
    )


def test_figures_agree_with_a_count_by_hand():
    figures = metrics(judged([0, 1, 1, 2], [0, 1, 2, 2], [-1, -1, 1, -1]))
    assert figures["accuracy"] == 0.75
    assert figures["acceptable"] == 1
    assert figures["macro_f1"] == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert figures["clear_accuracy"] == 1
    assert figures["calibration_error"] == pytest.approx(0.15)


def test_confusion_counts_labels_by_row():
    table = confusion(judged([0, 1, 1, 2], [0, 1, 2, 2]))
    assert table.tolist() == [[1, 0, 0], [0, 1, 0], [0, 1, 1]]
    assert by_role(judged([0, 1, 1, 2], [0, 1, 2, 2]))["b"] == {
        "precision": 0.5,
        "recall": 1.0,
        "f1": pytest.approx(2 / 3),
        "postings": 1.0,
    }


def test_a_perfectly_calibrated_answer_has_no_calibration_error():
    assert calibration_error(judged([0] * 10, [0] * 9 + [1])) == pytest.approx(0)


def test_intervals_hold_the_figure_they_are_of():
    sample = judged([0, 1, 2, 0, 1] * 20, [0, 1, 2, 0, 2] * 20)
    low, high = intervals(sample)["accuracy"]
    assert low < metrics(sample)["accuracy"] < high


def test_a_floor_that_is_not_reached_is_told():
    sample = judged([0, 1, 1, 2], [0, 1, 2, 2])
    assert failed_floors(sample, {"all": {"accuracy": 0.7, "calibration_error": 0.2}}) == []
    assert failed_floors(sample, {"all": {"accuracy": 0.8}}) == ["all accuracy: 0.750, the floor is 0.8"]
    assert failed_floors(sample, {"all": {"calibration_error": 0.1}}) != []
    assert failed_floors(sample, {"xx": {"accuracy": 0.1}}) == ["xx accuracy: missing, the floor is 0.1"]
    assert set(by_language(sample)) == {"all", "en", "ko"}


def test_cross_validated_figures_hold_their_floors():
    corpus, titles = read_training(ROOT / "data" / "corpus" / "train.npz", data_path("roles"))
    assert failed_floors(cross_validate(corpus, titles, Settings(), workers=2), FLOORS["cross_validated"]) == []


def test_dev_figures_hold_their_floors(dev_postings):
    result = CliRunner().invoke(main, ["evaluate", str(dev_postings), "--check"])
    assert result.exit_code == 0, result.output


def test_neither_another_title_nor_boilerplate_flips_many_roles(classifier, dev_postings):
    found = flips(classifier, read_labelled(dev_postings, classifier.roles))
    assert found["title_swap"] < 0.10
    assert found["boilerplate"] < 0.01


def test_evaluate_prints_figures_by_role_and_language(tmp_path):
    path = tmp_path / "labelled.jsonl"
    rows = [
        {"text": (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8"), "label": outcome["role"]}
        for name, outcome in EXPECTED.items()
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = CliRunner().invoke(main, ["evaluate", str(path)])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()[1:4]] == ["all", "en", "ko"]
    assert "prompt_engineer" in result.output


def test_two_models_are_compared_posting_by_posting():
    labelled = [
        LabelledPosting(Posting("text", f"posting {number}"), "a", None, "en", judged=True, clear=True)
        for number in range(4)
    ]
    one, other = judged([0, 1, 1, 2], [0, 1, 2, 2]), judged([0, 1, 2, 0], [0, 1, 2, 2])
    lines = list(compared_lines(one, other, ("old", "new"), labelled))
    assert lines[0].split() == ["all", "old", "new", "difference"]
    assert ["accuracy", "0.750", "0.750", "+0.000"] in [line.split() for line in lines]
    assert "right with old alone: 1, with new alone: 1 (McNemar p = 1.000)" in lines
    assert lines[-3:] == [
        "2 postings change their role",
        "       3  better   b -> c  (label c)  posting 2",
        "       4  worse    c -> a  (label c)  posting 3",
    ]


def test_a_model_compared_with_itself_changes_nothing(tmp_path):
    path = tmp_path / "labelled.jsonl"
    row = {"text": (EXAMPLES / "en-researcher.txt").read_text(encoding="utf-8"), "label": "researcher"}
    path.write_text(json.dumps(row), encoding="utf-8")
    result = CliRunner().invoke(main, ["evaluate", str(path), "--compare", str(data_path("models/default"))])
    assert result.exit_code == 0, result.output
    assert "0 postings change their role" in result.output


def test_the_report_shows_figures_sources_and_what_went_wrong(tmp_path):
    path, page = tmp_path / "labelled.jsonl", tmp_path / "page.html"
    rows = [
        {
            "text": (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8"),
            "label": outcome["role"] if number else "prompt_engineer",  # one label is wrong
            "source": "one <site>" if number % 2 else "another",
        }
        for number, (name, outcome) in enumerate(EXPECTED.items())
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = CliRunner().invoke(main, ["evaluate", str(path), "--report", str(page)])
    assert result.exit_code == 0, result.output
    text = page.read_text(encoding="utf-8")
    assert "one &lt;site&gt;" in text
    assert "<site>" not in text
    assert text.count('<tr><td class="number">1</td><td>AI Developer</td><td>Prompt engineer</td>') == 1
    assert "http" not in text.partition("<body>")[2]
