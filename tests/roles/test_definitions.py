import shutil
from pathlib import Path

import pytest

from rolelens.errors import RoleDefinitionError
from rolelens.reading.words import words_of
from rolelens.roles.definitions import LANGUAGES, ROLE_ORDER, read_role, read_roles
from rolelens.support.packaged import data_path

ROLES = read_roles(data_path("roles"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_path("roles"), tmp_path / "roles"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_documented_roles_come_in_their_order():
    assert tuple(role.id for role in ROLES) == ROLE_ORDER


def test_the_source_documents_four_duties_for_each_of_the_two_engineers():
    counts = {role.id: len(role.duties) for role in ROLES}
    assert counts["ai_developer"] == counts["ml_ai_engineer"] == 4
    assert counts["data_scientist"] == counts["researcher"] == counts["prompt_engineer"] == 3


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.id)
def test_every_duty_has_distinct_phrases_in_both_languages(role):
    for duty in role.duties:
        for code in LANGUAGES:
            phrases = [tuple(unit for _, _, unit in words_of(phrase)) for phrase in duty.phrases[code]]
            assert all(phrases), f"{duty.id}: a phrase without words"
            assert len(phrases) >= 5


def test_hand_overs_agree_from_both_ends():
    by_id = {role.id: role for role in ROLES}
    for role in ROLES:
        for target in role.hands_over_to:
            assert role.id in by_id[target].receives_from
        for source in role.receives_from:
            assert role.id in by_id[source].hands_over_to


def test_only_the_codes_of_the_register_are_verified():
    verified = {(role.id, code.scheme) for role in ROLES for code in role.taxonomy if code.status == "verified"}
    assert verified == {("ml_ai_engineer", "ESCO"), ("data_scientist", "O*NET-SOC"), ("data_scientist", "ESCO")}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('id = "researcher"', 'id = "researchers"', "rename the file"),
        ("phase = 1", "phase = 7", "phase 7 is unknown"),
        ('ko = "AI/ML 리서처"', "", "name: ko is missing"),
        ('id = "publication"', 'id = "new_methods"', "two duties share an id"),
        ('status = "inferred"', 'status = "guessed"', "status 'guessed' is unknown"),
        ('hands_over_to = ["ml_ai_engineer"]', 'hands_over_to = ["mlops"]', "names 'mlops', which no file defines"),
        ("phase = 1", "phase = = 1", "must be TOML"),
    ],
)
def test_a_broken_role_file_is_named_with_key_and_remedy(folder, old, new, complaint):
    edit(folder / "researcher.toml", old, new)
    with pytest.raises(RoleDefinitionError, match=r"researcher\.toml") as raised:
        read_roles(folder)
    assert complaint in str(raised.value)
    assert ";" in str(raised.value)


def test_a_duty_without_phrases_is_named(folder):
    path = folder / "prompt_engineer.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if line == "ko = [" and i > lines.index('id = "prompt_design"'))
    stop = next(i for i in range(start, len(lines)) if lines[i] == "]")
    path.write_text("\n".join([*lines[:start], "ko = []", *lines[stop + 1 :]]), encoding="utf-8")
    with pytest.raises(RoleDefinitionError, match=r"prompt_engineer\.toml: duties prompt_design: phrases: ko is empty"):
        read_role(path)


def test_a_folder_without_roles_says_so(tmp_path):
    with pytest.raises(RoleDefinitionError, match="0 role files found"):
        read_roles(tmp_path)
