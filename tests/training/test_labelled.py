import pytest

from rolelens import LabelledDataError
from rolelens.training.labelled import read_labelled

ROLES = ("researcher", "other")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_csv_reads_as_excel_writes_it(tmp_path, encoding):
    path = tmp_path / "labelled.csv"
    path.write_text("본문,라벨\n논문을 씁니다,researcher\n", encoding=encoding)
    (only,) = read_labelled(path, ROLES, text_column="본문", label_column="라벨")
    assert (only.posting.text, only.role, only.language, only.second) == ("논문을 씁니다", "researcher", "ko", None)
    assert only.judged


def test_jsonl_keeps_line_separators_inside_a_text(tmp_path):
    path = tmp_path / "labelled.jsonl"
    path.write_text('{"text": "one\u2028two", "label": "other", "sampling": "uncertain"}\n', encoding="utf-8")
    (only,) = read_labelled(path, ROLES)
    assert only.posting.text == "one\u2028two"
    assert not only.judged


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.csv", "text,label\nwords,wizard\n", r"a\.csv: row 2: 'wizard' is not a role; use one of researcher, other"),
        ("a.csv", "text,label\n,other\n", r"a\.csv: row 2: text is empty"),
        ("a.csv", "body,label\nwords,other\n", r"there are body, label"),
        ("a.csv", "text,label\n", "no rows"),
        ("a.jsonl", '{"text": "a", "label": "other"}\n{oops\n', r"a\.jsonl: row 2: not JSON"),
        ("a.jsonl", "[1]\n", r"row 1: not a JSON object"),
        ("a.xlsx", "", "unknown kind of table"),
        ("a.jsonl.gz", "not gzip", r"a\.jsonl\.gz"),
    ],
)
def test_a_bad_table_is_named_with_its_row(tmp_path, name, content, complaint):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LabelledDataError, match=complaint):
        read_labelled(path, ROLES)


def test_a_missing_table_is_named(tmp_path):
    with pytest.raises(LabelledDataError, match=r"gone\.csv"):
        read_labelled(tmp_path / "gone.csv", ROLES)
