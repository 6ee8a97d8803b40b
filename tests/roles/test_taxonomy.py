"""A taxonomy of one's own, from another field, needs no line of code."""

import json
import shutil

import pytest
from click.testing import CliRunner

from rolelens import RoleClassifier
from rolelens.cli import main
from rolelens.training.pipeline import train_model
from support import write_role

DUTIES = {
    "baker": (
        ("knead dough", "bake bread", "sourdough starter", "oven temperature"),
        ("반죽", "빵을 굽", "발효종", "오븐 온도"),
    ),
    "barista": (
        ("pull espresso", "steam milk", "latte art", "grind beans"),
        ("에스프레소 추출", "우유 스팀", "라떼 아트", "원두 분쇄"),
    ),
    "waiter": (
        ("serve guests", "take orders", "set tables", "carry plates"),
        ("손님 응대", "주문을 받", "테이블 세팅", "서빙"),
    ),
}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bistro")
    (folder / "roles").mkdir()
    rows = []
    for role, (en, ko) in DUTIES.items():
        write_role(folder / "roles", role, en, ko)
        for number in range(20):
            first, second = en[number % 4], en[(number + 1) % 4]
            rows.append(
                {"title": "Team member", "text": f"Responsibilities\n- {first}\n- {second} no {number}", "label": role}
            )
            rows.append(
                {
                    "title": "직원",
                    "text": f"주요업무\n- {ko[number % 4]}\n- {ko[(number + 1) % 4]} {number}",
                    "label": role,
                }
            )
    (folder / "labelled.jsonl").write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8"
    )
    result = CliRunner().invoke(
        main, ["train", str(folder / "labelled.jsonl"), "-o", str(folder / "model"), "--roles", str(folder / "roles")]
    )
    assert result.exit_code == 0, result.output
    return folder / "model"


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Responsibilities\n- You bake bread and watch the oven temperature", "baker"),
        ("주요업무\n- 에스프레소 추출과 라떼 아트를 맡습니다", "barista"),
        ("Responsibilities\n- Serve guests and carry plates with a smile", "waiter"),
    ],
)
def test_it_classifies_and_explains(model, text, role):
    classifier = RoleClassifier.load(model)
    prediction = classifier.predict(text)
    assert prediction.role == role
    assert prediction.duties[0].covered
    why = prediction.explain(against=prediction.second_role)
    assert why.bias + sum(each.contribution for each in why.evidence) == pytest.approx(why.score, abs=1e-9)


def test_the_commands_know_the_roles(model, tmp_path):
    (tmp_path / "posting.txt").write_text("Responsibilities\n- Steam milk and grind beans", encoding="utf-8")
    result = CliRunner().invoke(main, ["classify", str(tmp_path / "posting.txt"), "--model", str(model)])
    assert "Barista" in result.output
    (tmp_path / "table.csv").write_text("text\nResponsibilities: knead dough and bake bread\n", encoding="utf-8")
    target = tmp_path / "scored.csv"
    result = CliRunner().invoke(main, ["score", str(tmp_path / "table.csv"), "-o", str(target), "--model", str(model)])
    assert result.exit_code == 0, result.output
    assert "p_baker" in target.read_text(encoding="utf-8-sig").splitlines()[0]
    assert ",baker," in target.read_text(encoding="utf-8-sig")


def test_two_roles_are_enough(model, tmp_path):
    folder = tmp_path / "roles"
    folder.mkdir()
    for role in ("baker", "waiter"):
        shutil.copy(model.parent / "roles" / f"{role}.toml", folder)
    rows = (model.parent / "labelled.jsonl").read_text(encoding="utf-8").split("\n")
    kept = [row for row in rows if json.loads(row)["label"] != "barista"]
    (tmp_path / "labelled.jsonl").write_text("\n".join(kept), encoding="utf-8")
    train_model(tmp_path / "labelled.jsonl", tmp_path / "model", folder)
    prediction = RoleClassifier.load(tmp_path / "model").predict("Responsibilities\n- Serve guests, take orders")
    assert prediction.role == "waiter"
    assert list(prediction.probabilities) == ["baker", "waiter"]


def test_a_role_without_titles_is_learnt_all_the_same(model, tmp_path):
    rows = [json.loads(row) for row in (model.parent / "labelled.jsonl").read_text(encoding="utf-8").split("\n")]
    for row in rows:
        if row["label"] == "baker":
            row["title"] = ""
    (tmp_path / "labelled.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    train_model(tmp_path / "labelled.jsonl", tmp_path / "model", model.parent / "roles", measure=False)
    assert (
        RoleClassifier.load(tmp_path / "model").predict("Responsibilities\n- Knead dough, bake bread").role == "baker"
    )
