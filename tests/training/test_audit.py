import csv
import json

import pytest
from click.testing import CliRunner

from rolelens import TableError
from rolelens.cli import main
from rolelens.training.audit import TO_LABEL, audit_table, labelling_sheet
from rolelens.training.labelled import read_labelled
from support import EXAMPLES, EXPECTED


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "postings.jsonl"
    rows = []
    for number in range(6):
        for name in sorted(EXPECTED):
            text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
            news = "\nWe glorfindelize the quuxification." if number % 2 else ""
            rows.append({"description": f"{text}{news}\nno {number}", "date": f"2026-{1 + number // 3:02}-10"})
    rows.append({"description": "", "date": ""})
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_words_that_the_model_never_met_are_told(table, classifier):
    audit = audit_table(table, classifier)
    assert audit.rows == 6 * len(EXPECTED) + 1
    assert audit.errors == 1
    assert {"glorfindelize", "quuxification"} <= {phrase for phrase, _ in audit.new_phrases}
    assert all(count == 3 * len(EXPECTED) for phrase, count in audit.new_phrases if phrase == "quuxification")
    assert 0.7 < audit.known_words / audit.words < 1
    assert "pytorch" not in {phrase for phrase, _ in audit.new_phrases}


def test_roles_are_counted_by_month(table, classifier):
    audit = audit_table(table, classifier)
    assert set(audit.by_month) == {"2026-01", "2026-02"}
    assert sum(audit.by_month["2026-01"].values()) == 3 * len(EXPECTED)
    assert sum(audit.roles.values()) == 6 * len(EXPECTED)


def test_the_sheet_holds_uncertain_and_different_postings(table, classifier):
    audit = audit_table(table, classifier)
    assert len(audit.worth_labelling) == TO_LABEL
    first = [posting.text[:100] for _, posting, _ in audit.worth_labelling[: len(EXPECTED)]]
    assert len(set(first)) > 0.8 * len(first)  # copies of one posting come late
    margins = []
    for _, _, scored in audit.worth_labelling:
        ordered = sorted(scored.verdict.probabilities)
        margins.append(ordered[-1] - ordered[-2])
    assert margins[0] == min(margins)


def test_a_filled_in_sheet_can_be_trained_on(table, tmp_path, classifier):
    result = CliRunner().invoke(main, ["audit", str(table), "-o", str(tmp_path / "sheet.csv")])
    assert result.exit_code == 0, result.output
    assert "2026-02" in result.output
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["label"] = row["suggested"]
    with (tmp_path / "filled.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert len(read_labelled(tmp_path / "filled.csv", classifier.roles)) == TO_LABEL


def test_a_sheet_runs_no_formula(classifier, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('title,text\n=1+1,"=cmd() train models"\n', encoding="utf-8")
    (row,) = list(csv.DictReader(labelling_sheet(audit_table(path, classifier)).splitlines()))
    assert row["title"] == "'=1+1"
    assert row["text"].startswith("'=")


def test_a_table_without_texts_is_refused(classifier, tmp_path):
    (tmp_path / "a.csv").write_text("n\n1\n", encoding="utf-8")
    with pytest.raises(TableError, match="no column looks like"):
        audit_table(tmp_path / "a.csv", classifier)
