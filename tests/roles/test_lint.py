import pytest
from click.testing import CliRunner

from rolelens import Posting
from rolelens.cli import main
from rolelens.roles.definitions import read_roles
from rolelens.roles.lint import lines_of, lint_roles
from rolelens.support.packaged import data_path
from rolelens.training.pipeline import read_headings
from support import write_role

POSTINGS = [
    Posting("About us\nWe bake bread and love rye bread.\nResponsibilities\nBake sourdough loaves, knead dough."),
    Posting("About us\nRye bread since 1900.\nResponsibilities\nSell loaves to guests"),
    Posting("회사소개\n호밀빵\n주요업무\n- 반죽을 합니다"),
] * 3


@pytest.fixture
def folder(tmp_path):
    definitions = {
        "baker": (["knead dough", "rye bread", "loaves", "unheard of"], ["반죽"]),
        "seller": (["sell loaves", "loaf"], ["판매"]),
    }
    for id_, (en, ko) in definitions.items():
        write_role(tmp_path, id_, en, ko)
    return tmp_path


def test_weak_definitions_are_told(folder):
    lint = lint_roles(read_roles(folder), POSTINGS, read_headings())
    assert {use.phrase for use in lint.never} == {"unheard of", "loaf", "판매"}
    assert [use.phrase for use in lint.boilerplate] == ["rye bread"]
    assert lint.by_duty["baker", "work"] == {"en": 6, "ko": 3}
    assert lint.by_duty["seller", "work"] == {"en": 3}
    assert lint.together["baker", "seller"] == 3
    assert ("seller", "work", "ko", 0) in lint.gaps()
    assert lint.conflicts == []


def test_a_phrase_of_two_roles_is_a_conflict_whatever_its_inflection(folder):
    text = (folder / "seller.toml").read_text(encoding="utf-8")
    (folder / "seller.toml").write_text(text.replace('"loaf"', '"kneading dough", "sells loaves"'), encoding="utf-8")
    lint = lint_roles(read_roles(folder), POSTINGS, read_headings())
    assert [{use.role for use in uses} for uses in lint.conflicts] == [{"baker", "seller"}]
    assert [[use.phrase for use in uses] for uses in lint.repeated] == [["sell loaves", "sells loaves"]]


def test_a_mark_that_asks_for_nothing_is_told(tmp_path):
    write_role(tmp_path, "baker", ["=rye bread", "=Rye bread"], ["=반죽"])
    write_role(tmp_path, "seller", ["loaves"], ["판매"])
    lint = lint_roles(read_roles(tmp_path), POSTINGS, read_headings())
    assert [use.phrase for use in lint.idle_marks] == ["=rye bread"]
    assert any(line.startswith("Idle mark") for line in lines_of(lint))


def test_our_own_roles_have_no_idle_mark():
    assert lint_roles(read_roles(data_path("roles")), POSTINGS, read_headings()).idle_marks == []


def test_our_own_roles_have_no_conflict():
    lint = lint_roles(read_roles(data_path("roles")), [], read_headings())
    assert lint.conflicts == []


def test_the_command_reads_a_table_and_lists_phrases(folder, tmp_path):
    table = tmp_path / "postings.csv"
    table.write_text("text\n" + "\n".join(f'"{each.text}"' for each in POSTINGS), encoding="utf-8")
    result = CliRunner().invoke(main, ["roles", "lint", str(folder), "--postings", str(table), "--every-phrase"])
    assert result.exit_code == 0, result.output
    assert "9 postings (6 en, 3 ko)" in result.output
    assert "baker.work rye bread: 6, 6, 6" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_without_a_table_our_examples_are_read(folder):
    result = CliRunner().invoke(main, ["roles", "lint", str(folder)])
    assert "24 postings" in result.output


def test_naming_no_command_lists_the_roles_as_ever():
    assert "ai_developer" in CliRunner().invoke(main, ["roles"]).output
    assert CliRunner().invoke(main, ["roles", "researcher", "--format", "json"]).exit_code == 0


def test_broken_role_files_are_named(folder):
    (folder / "baker.toml").write_text("id = 'baker'", encoding="utf-8")
    result = CliRunner().invoke(main, ["roles", "lint", str(folder)])
    assert result.exit_code == 1
    assert "baker.toml" in result.stderr


def test_lines_name_overlap_between_roles(folder):
    lint = lint_roles(read_roles(folder), POSTINGS, read_headings())
    assert any(line.split() == ["baker", "and", "seller", "3"] for line in lines_of(lint))
