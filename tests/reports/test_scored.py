import csv
import html.parser
import io

import pytest
from click.testing import CliRunner

from rolelens import TableError
from rolelens.cli import main
from rolelens.reports.scored.gather import POSTINGS_SHOWN, gather
from rolelens.tables.scoring import Job, score_table
from support import EXAMPLES, EXPECTED

HOSTILE = "<script>alert(1)</script> AI Developer"


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    with (folder / "in.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["title", "company", "date_posted", "description"])
        for number, name in enumerate(sorted(EXPECTED)):
            text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
            title = HOSTILE if name == "en-lying-title" else text.partition("\n")[0][:60]
            writer.writerow([title, "물빛" if name.startswith("ko") else "Larkspur", f"2026-{1 + number % 3}-15", text])
        writer.writerow(["", "", "", ""])
    score_table(Job(str(folder / "in.csv"), str(folder / "scored.csv")))
    return folder / "scored.csv"


class Page(html.parser.HTMLParser):
    def __init__(self, content):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], ""
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


def test_the_counts_are_those_of_the_table(scored):
    report = gather(scored)
    assert report.rows == len(EXPECTED) + 1
    assert report.errors == 1
    assert report.roles.total() == len(EXPECTED)
    assert sum(report.confidence) == len(EXPECTED)
    assert sum(report.readings.values()) == len(EXPECTED)
    assert {name for name, _ in report.companies()} == {"물빛", "Larkspur"}
    assert [name for name, _ in report.months()] == ["2026-01", "2026-02", "2026-03"]


def test_conflicts_come_first_and_the_list_has_an_end(scored, tmp_path):
    postings = gather(scored).postings
    conflicts = [each.conflict for each in postings]
    assert any(conflicts)
    assert conflicts == sorted(conflicts, reverse=True)
    header, *rows = csv.reader(io.StringIO(scored.read_text("utf-8-sig"), newline=""))
    with (tmp_path / "many.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows * 50])
    assert len(gather(tmp_path / "many.csv").postings) == POSTINGS_SHOWN


def test_phrases_that_mark_a_role_are_found(scored):
    report = gather(scored)
    assert any("prompt" in phrase or "프롬프트" in phrase for phrase, _ in report.marking("prompt_engineer"))


def test_the_page_is_self_contained_and_escapes_everything(scored, tmp_path):
    result = CliRunner().invoke(main, ["report", str(scored), "-o", str(tmp_path / "report.html")])
    assert result.exit_code == 0, result.output
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert HOSTILE in page.text
    assert "script" not in page.tags
    links = [value for name, value in page.attributes if name in ("src", "href", "xlink:href")]
    assert all(link.startswith(("#", "data:")) for link in links)
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert page.tags.count("svg") == 5
    assert "물빛" in page.text


def test_a_table_that_was_not_scored_is_told_so(tmp_path):
    (tmp_path / "in.csv").write_text("text\nTrain models\n", encoding="utf-8")
    with pytest.raises(TableError, match="rolelens score"):
        gather(tmp_path / "in.csv")
    result = CliRunner().invoke(main, ["report", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.html")])
    assert result.exit_code == 1
    assert list(tmp_path.iterdir()) == [tmp_path / "in.csv"]
