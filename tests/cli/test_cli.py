import json
import unicodedata

import pytest
from click.testing import CliRunner

from rolelens.cli import main
from support import EXAMPLES

KEYS = (
    "file role name confidence probabilities second_role needs_review review_reason title_role duty_role conflict "
    "evidence bias left_out score duties model"
).split()
POSTING = (EXAMPLES / "en-lying-title.txt").read_text(encoding="utf-8")


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)


def columns(line):
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def test_every_command_is_documented_with_an_example():
    for name, command in main.commands.items():
        text = run(name, "--help").output
        assert command.help
        assert f"rolelens {name}" in text
        assert name in (EXAMPLES.parents[1] / "README.md").read_text(encoding="utf-8")


def test_text_fits_eighty_columns_in_both_languages(example):
    result = run("classify", example)
    assert result.exit_code == 0
    assert max(columns(line) for line in result.output.splitlines()) <= 80
    assert "\x1b" not in result.output


def test_json_has_the_promised_keys_one_object_a_line():
    files = [EXAMPLES / "en-researcher.txt", EXAMPLES / "ko-researcher.txt"]
    result = run("classify", *files, "--format", "json")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["file"] for answer in answers] == [str(file) for file in files]
    for answer in answers:
        assert set(KEYS) <= set(answer)
        total = answer["bias"] + answer["left_out"] + sum(each["contribution"] for each in answer["evidence"])
        assert total == pytest.approx(answer["score"], abs=1e-9)


def test_markdown_shows_role_duties_and_evidence():
    output = run("classify", EXAMPLES / "ko-lying-title.txt", "--format", "markdown").output
    assert "**ML/AI 엔지니어**" in output
    assert "- [x] 모델 생명주기 관리" in output
    assert "제목과 실제 업무가 다릅니다" in output


def test_standard_input_is_a_posting():
    by_dash = run("classify", "-", "--format", "json", stdin=POSTING)
    by_default = run("classify", "--format", "json", stdin=POSTING)
    assert json.loads(by_dash.stdout) == json.loads(by_default.stdout)
    assert json.loads(by_dash.stdout)["file"] == "<stdin>"


def test_the_title_option_is_read_as_the_title():
    body = POSTING.partition("\n")[2]
    answer = json.loads(run("classify", "-", "--title", "Data Scientist", "--format", "json", stdin=body).stdout)
    assert answer["title_role"] == "data_scientist"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty"),
        (b"\x7fELF\0\0\0\0", "binary"),
        ("Мы ищем инженера по машинному обучению в команду".encode(), "neither English nor Korean"),
        (b"\x81\xff\xfe\xfd", "neither UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_bad_file_is_one_line_and_the_others_are_answered(tmp_path, content, complaint):
    bad = tmp_path / "bad.txt"
    if content is not None:
        bad.write_bytes(content)
    result = run("classify", bad, EXAMPLES / "en-researcher.txt", "--format", "json")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"rolelens: {bad}: ")
    assert complaint in result.stderr
    assert json.loads(result.stdout)["role"] == "researcher"


@pytest.mark.parametrize("stdin", [b"", b"\x7fELF\0\0"])
def test_bad_standard_input_is_named_once(stdin):
    result = run("classify", "-", stdin=stdin)
    assert result.exit_code == 1
    assert result.stderr.count("<stdin>") == 1


def test_a_missing_model_is_one_line(tmp_path):
    result = run("classify", EXAMPLES / "en-researcher.txt", "--model", tmp_path)
    assert result.exit_code == 1
    assert result.stderr.startswith("rolelens: ")
    assert "Traceback" not in result.output


def test_roles_are_listed_and_shown_in_either_language():
    listed = run("roles").output
    assert "prompt_engineer" in listed
    shown = run("roles", "researcher", "--language", "ko").output
    assert "논문 발표 [publication]" in shown
    assert max(columns(line) for line in run("roles").output.splitlines()) <= 80


def test_roles_as_json_hold_one_language():
    answer = json.loads(run("roles", "data_scientist", "--format", "json").output)
    assert answer["name"] == "Data scientist"
    assert answer["duties"][0]["phrases"]
    assert len(json.loads(run("roles", "--format", "json", "--language", "ko").output)) == 6


def test_an_unknown_role_names_the_known_ones():
    result = run("roles", "wizard")
    assert result.exit_code == 1
    assert "ai_developer" in result.stderr
