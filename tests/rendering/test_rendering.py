import html.parser
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rolelens import Posting, read_posting
from rolelens.cli import main
from rolelens.rendering import render
from rolelens.rendering.answer import Answer
from support import EXAMPLES

FULL = ["--explain", "--why-not", "data_scientist", "--coverage", "0.9"]
HOSTILE = """<script>alert(1)</script> Engineer
Responsibilities
- Train "deep learning" models & <img src=x onerror=alert(2)> deploy them {{ 7 * 7 }} on our GPU cluster
- Monitor </mark></style><b>models</b> in production with MLflow
"""


class Page(html.parser.HTMLParser):
    """The tags, attributes and text of a page."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.attributes, self.text, self.posting = [], [], "", ""
        self._open, self._inside, self._noted = [], 0, 0
        self.feed(content)
        assert not [tag for tag in self._open if tag not in ("meta", "link", "br")], "a tag stays open"

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "link", "br"):
            self._open.append((tag, dict(attrs).get("class")))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        classes = [name for _, name in self._open]
        if "posting" in classes and "note" not in classes:
            self.posting += data


@pytest.fixture
def answer(classifier, example):
    prediction = classifier.predict(read_posting(example))
    return Answer(
        prediction,
        example.name,
        classifier.model,
        contrast=prediction.explain(against=prediction.second_role),
        counterfactual=classifier.counterfactual(prediction),
        coverage=0.9,
        role_set=classifier.role_set(prediction, 0.9),
    )


def shown(answer, style):
    return "".join(render([answer], style))


def page_of(classifier, posting):
    return Page("".join(render([Answer(classifier.predict(posting), "x", classifier.model)], "html")))


def test_the_page_shows_the_posting_whole_and_the_answer(answer):
    page = Page(shown(answer, "html"))
    assert page.posting.strip() == answer.prediction.posting.text.strip()
    assert answer.prediction.name in page.text
    for statement in (*answer.counterfactual.removal, *answer.prediction.deciding):
        assert statement.text in page.text


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(answer):
    page = Page(shown(answer, "html"))
    assert not {"script", "iframe", "object", "img", "form"} & set(page.tags)
    links = [value for name, value in page.attributes if name in ("src", "href", "action")]
    assert links == ["data:,"]
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "url(" not in shown(answer, "html")
    assert ("http-equiv", "Content-Security-Policy") in page.attributes


def test_everything_from_the_posting_is_escaped(classifier):
    for posting in (Posting(HOSTILE), Posting(HOSTILE, title="<script>ML engineer</script>")):
        page = page_of(classifier, posting)
        assert not {"script", "img", "b"} & set(page.tags)
        assert "{{ 7 * 7 }}" in page.posting
        assert HOSTILE.strip() in page.posting


def test_every_marked_word_can_be_reached_and_says_what_it_is_worth(answer):
    page = Page(shown(answer, "html"))
    marks = page.tags.count("mark")
    assert marks
    assert page.attributes.count(("tabindex", "0")) == marks
    assert page.attributes.count(("role", "note")) == marks


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_text_and_marks_have_enough_contrast(scheme):
    """Text against what it stands on, WCAG 2.2: 4.5 to 1; coloured lines and bars 3 to 1."""
    style = Path("src/rolelens/rendering/style.css.jinja").read_text(encoding="utf-8")
    block = style.split(":root {")[scheme + 1].split("}")[0]
    colours = {
        name: value if len(value) == 7 else "#" + "".join(2 * digit for digit in value[1:])
        for name, value in re.findall(r"--(\w[\w-]*): (#[0-9a-f]+)", block)
    }
    for back in ("page", "card", *(f"b{number}" for number in range(6))):
        assert contrast(colours["text"], colours[back]) >= 4.5
    assert contrast(colours["faint"], colours["card"]) >= 4.5
    assert contrast(colours["warn"], colours["warn-back"]) >= 4.5
    for line in ("for", "against", *(f"c{number}" for number in range(6))):
        assert contrast(colours[line], colours["card"]) >= 3


def test_the_dark_colours_are_for_screens_so_that_paper_stays_readable():
    for template in ("rendering/style.css.jinja", "reports/scored/page.html.jinja"):
        style = Path(f"src/rolelens/{template}").read_text(encoding="utf-8")
        assert style.count("prefers-color-scheme") == style.count("@media screen and (prefers-color-scheme: dark)") == 1


def test_text_with_everything_asked_fits_eighty_columns(answer):
    from rolelens.support.terminal_width import columns

    assert max(columns(line) for line in shown(answer, "text").splitlines()) <= 80


def test_markdown_tables_hold_the_whole_arithmetic(answer):
    lines = shown(answer, "markdown").splitlines()
    assert [line for line in lines if line.startswith("| *=* |")].__len__() == 4
    assert all(line.count("|") - line.count("\\|") in (0, 3, 4) for line in lines)


def test_json_holds_what_was_asked(answer):
    values = json.loads(shown(answer, "json"))
    contrast = values["contrast"]
    assert contrast["bias"] + sum(each["contribution"] for each in contrast["evidence"]) == pytest.approx(
        contrast["score"], abs=1e-9
    )
    assert len(values["statements"]) == len(answer.prediction.statements)
    assert values["counterfactual"]["becomes"] == answer.counterfactual.becomes
    assert values["role_set"][0] == values["role"]


def run(*arguments):
    return CliRunner().invoke(main, ["classify", *map(str, arguments)])


def test_why_and_why_not_choose_the_roles_held_against_each_other():
    example = EXAMPLES / "en-lying-title.txt"

    def compared(*asked):
        contrast = json.loads(run(example, "--format", "json", *asked).stdout)["contrast"]
        return contrast["role"], contrast["against"]

    answer = json.loads(run(example, "--format", "json").stdout)
    first, second = answer["role"], answer["second_role"]
    assert "contrast" not in answer
    assert compared("--why-not", "researcher") == (first, "researcher")
    assert compared("--why", "researcher") == ("researcher", first)
    assert compared("--why", first) == (first, second)
    assert compared("--why-not", first) == (second, first)
    assert compared("--why", "researcher", "--why-not", "other") == ("researcher", "other")


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        (["--why", "wizard"], "there is no role 'wizard'"),
        (["--why", "other", "--why-not", "other"], "same role"),
        (["--coverage", "1.5"], "1.5"),
    ],
)
def test_questions_that_make_no_sense_are_usage_errors(asked, complaint):
    result = run(EXAMPLES / "en-hybrid.txt", *asked)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_page_of_several_postings_is_written_whole(tmp_path):
    page = tmp_path / "page.html"
    result = run(EXAMPLES / "en-hybrid.txt", EXAMPLES / "ko-researcher.txt", "--format", "html", "-o", page)
    assert result.exit_code == 0
    assert result.output == ""
    assert Page(page.read_text(encoding="utf-8")).tags.count("article") == 2
    assert list(tmp_path.iterdir()) == [page]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    result = run(EXAMPLES / "en-hybrid.txt", "-o", tmp_path / "missing" / "answer.txt")
    assert result.exit_code == 1
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.output


def test_nothing_is_written_when_no_posting_can_be_read(tmp_path):
    result = run(tmp_path / "missing.txt", "-o", tmp_path / "answer.txt", "--format", "markdown")
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == []
