import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from section_lines import line_accuracy

from support import reader_with

READER = reader_with()


def named(text):
    return [(span.section, text[span.start : span.end].strip()) for span in READER.sections_of(text)]


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("Responsibilities", "duties"),
        ("What You’ll Do:", "duties"),
        ("## Key Responsibilities", "duties"),
        ("Minimum qualifications", "requirements"),
        ("Nice to have", "preferred"),
        ("About us", "company"),
        ("About Larkspur Audio", "company"),
        ("Perks & Benefits", "benefits"),
        ("How to apply", "process"),
        ("[주요업무]", "duties"),
        ("■ 담당 업무", "duties"),
        ("이런 일을 해요", "duties"),
        ("＜ 라크스퍼의 데이터 팀이 담당할 업무에요 ＞", "duties"),
        ("Experience, Skills, Knowledge Requirements", "requirements"),
        ("Ways to stand out from the crowd:", "preferred"),
        ("Why Larkspur?", "company"),
        ("Larkspur Audio Benefits", "benefits"),
        ("자격요건", "requirements"),
        ("이런 분을 찾고 있어요 🙌", "requirements"),
        ("우대 사항", "preferred"),
        ("회사 소개", "company"),
        ("복리후생", "benefits"),
        ("채용 절차", "process"),
    ],
)
def test_headings_of_both_languages_open_their_section(heading, section):
    text = f"intro\n{heading}\nthe content"
    assert named(text)[-1] == (section, "the content")


def test_flattened_postings_are_cut_at_headings_with_a_colon():
    text = "We love boats.What You'll Do:Sail them fast. Requirements: a strong stomach"
    assert [section for section, _ in named(text)] == ["body", "heading", "duties", "heading", "requirements"]


def test_bracketed_headings_are_found_inside_a_line():
    text = "배를 만듭니다 [주요업무] 용접과 도장 업무를 맡습니다 [자격요건] 용접 기능사 자격증을 가진 분을 찾습니다"
    assert [section for section, _ in named(text)] == ["body", "heading", "duties", "heading", "requirements"]


def test_a_sentence_about_requirements_is_no_heading():
    text = "We turn the requirements of our customers into software every single day, and that is fun."
    assert named(text) == [("body", text)]


@given(
    st.lists(st.sampled_from(["Responsibilities", "자격요건:", "About us", "hello. world", "[우대사항] x", "", "a: b"]))
)
def test_sections_cover_the_text_without_gaps(lines):
    text = "\n".join(lines)
    spans = READER.sections_of(text)
    assert "".join(text[span.start : span.end] for span in spans) == text
    assert all(before.end == after.start for before, after in itertools.pairwise(spans))


def test_without_a_duties_heading_background_ends_with_its_paragraph():
    text = "About us\nWe build boats.\n\nYou weld steel and paint hulls.\n"
    assert named(text)[-1] == ("body", "You weld steel and paint hulls.")


def test_with_a_duties_heading_background_runs_to_the_next_heading():
    text = "About us\nWe build boats.\n\nWe love the sea.\nResponsibilities\nWeld steel."
    assert [section for section, _ in named(text)] == ["heading", "company", "heading", "duties"]


@pytest.mark.parametrize(
    ("line", "section"),
    [
        ("- Lead Through Expertise: mentor the team", "duties"),  # a bullet's own label is no heading
        ("- Own Technical Requirements", "duties"),
        ("gather and write down requirements", "duties"),
        ("Weld hulls (직무) every day", "duties"),
        ("Bachelor's degree in naval architecture", "requirements"),
        ("7+ years of welding", "requirements"),
        ("All qualified applicants will be considered.", "process"),
    ],
)
def test_a_line_leaves_the_duties_only_when_it_says_something_else(line, section):
    assert named(f"Responsibilities\n- Weld steel\n{line}\nmore of it")[-1][0] == section


def test_headings_glued_to_what_follows_are_found_and_names_in_camel_case_are_not():
    text = "We love boats.ResponsibilitiesSail them fast with TeamViewer on board. QualificationsStrong arms are needed"
    assert [section for section, _ in named(text)] == ["body", "heading", "duties", "heading", "requirements"]


def test_headings_before_bullets_are_found_in_flattened_text():
    text = "Larkspur hires a welder. Responsibilities • Weld steel • Paint hulls Requirements • A certificate"
    assert [section for section, _ in named(text)] == ["body", "heading", "duties", "heading", "requirements"]


def test_duties_are_told_from_everything_else_in_lines_judged_by_hand(dev_postings):
    found = line_accuracy(dev_postings)
    assert set(found) == {"en", "ko"}
    assert all(each["accuracy"] >= 0.9 for each in found.values()), found


def test_benefits_pasted_before_a_posting_end_with_their_paragraph():
    text = "Benefits\nFree lunch.\n\nYou weld steel.\nResponsibilities\nWeld steel."
    assert [section for section, _ in named(text)] == ["heading", "benefits", "body", "heading", "duties"]
