"""Small files as people have them, each with what must come out; `tests/cases` holds them."""

import csv
import json

import pytest

from rolelens import PostingError, RoleClassifier, TableError, read_postings
from rolelens.tables.scoring import Job, score_table
from support import ROOT

FOLDER = ROOT / "tests" / "cases"
CASES = [
    case
    for case in json.loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    if (FOLDER / "files" / case["file"]).exists()
]
NOT_YET = {"pdf-twocol_interleaved.pdf": "pypdf reads two columns that were drawn row by row as one"}
NAMES = {"hwp": "hwp", "hwpx": "hwp", "odt": "opendocument odt", "doc": "word doc"}
CLASSIFIER = RoleClassifier.load()


def answers(name):
    return [CLASSIFIER.predict(posting) for posting in read_postings(FOLDER / "files" / name)]


def one_of(kind):
    marks = {name: pytest.mark.xfail(reason=why, strict=True) for name, why in NOT_YET.items()}
    found = [case for case in CASES if kind(case)]
    return [pytest.param(case, marks=marks.get(case["file"], ()), id=case["file"]) for case in found]


@pytest.mark.parametrize("case", one_of(lambda case: "postings" in case))
def test_files_are_read_as_a_reader_would(case):
    found = answers(case["file"])
    if not (case.get("needs_review") and len(found) > 1):  # a posting of several jobs may be cut, too
        assert len(found) == case["postings"]
        first = found[0]
        title = first.title_reading.role if first.title_reading else None
        told = {"role": first.role, "title_role": title, "conflict": first.conflict, "needs_review": first.needs_review}
        assert told == {**told, **{key: case[key] for key in told if key in case}}


@pytest.mark.parametrize("case", one_of(lambda case: "same_as" in case))
def test_characters_that_look_alike_are_read_alike(case):
    one, other = answers(case["file"])[0], answers(case["same_as"])[0]
    assert one.probabilities == pytest.approx(other.probabilities, abs=0.02)


@pytest.mark.parametrize("case", one_of(lambda case: case.get("read_or_named")))
def test_formats_of_their_own_are_read_or_named(case):
    ending = case["file"].rpartition(".")[2]
    with pytest.raises(PostingError, match=f"(?i){NAMES.get(ending, ending).replace(' ', '|')}"):
        answers(case["file"])


@pytest.mark.parametrize("case", one_of(lambda case: case.get("table")))
def test_tables_are_read_as_people_have_them(case, tmp_path):
    source = FOLDER / "files" / case["file"]
    score_table(Job(str(source), str(tmp_path / "out.csv")))
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if case["kind"].startswith("a table"):
        assert len(rows) == 2
    for row, role in zip(rows, case.get("roles", ()), strict=False):
        assert row["role"] == role
    assert not [
        row for row in rows if row.get("description", "x").strip() in ("", "nan", "NULL") and row["conflict"] == "True"
    ]


DUTIES = "Train and fine-tune ranking models. Deploy the models on our GPU cluster, monitor and retrain them."
JSON_OF_ALL_KINDS = {
    "deep": {"data": {"job": {"positionTitle": "AI Developer", "ad": {"KeyResponsibilities": [DUTIES]}}}},
    "korean keys": {"공고": {"공고명": "AI Developer", "업무 소개": DUTIES, "자격 요건": "PyTorch"}},
    "sections": {"name": "AI Developer", "sections": [{"title": "Responsibilities", "text": DUTIES}]},
    "upper case": {"TITLE": "AI Developer", "JOB_DESCRIPTION": f"<p>{DUTIES}</p>"},
    "summary and duties": {"Title": "AI Developer", "JobSummary": "A harbour.", "Details": {"MajorDuties": [DUTIES]}},
}


@pytest.mark.parametrize("kind", JSON_OF_ALL_KINDS)
def test_json_of_any_keys_is_read_for_its_title_and_work(kind, tmp_path):
    path = tmp_path / "posting.json"
    path.write_text(json.dumps(JSON_OF_ALL_KINDS[kind]), encoding="utf-8")
    (posting,) = read_postings(path)
    assert posting.title == "AI Developer"
    assert DUTIES in posting.text
    assert "{" not in posting.text


def test_a_company_is_not_a_posting_beside_its_jobs(tmp_path):
    jobs = [{"title": f"Welder {number}", "description": DUTIES} for number in range(3)]
    (tmp_path / "x.json").write_text(json.dumps({"name": "Larkspur", "description": "Boats.", "jobs": jobs}))
    assert [each.title for each in read_postings(tmp_path / "x.json")] == ["Welder 0", "Welder 1", "Welder 2"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Larkspur Boats\nApply\nSenior Data Scientist (m/f/d)\nHarbour town\n\nYou will weigh boats.",
            "Senior Data Scientist (m/f/d)",
        ),
        ("Position: Welder\nYou will weld steel hulls.", "Welder"),
        ("---\nposition: 'Welder'\n---\nYou will weld.", "Welder"),
        ("라크스퍼\n머신러닝 엔지니어\n\n주요업무\n- 배를 만듭니다", "머신러닝 엔지니어"),
        ("Larkspur Boats\nWe are looking for a boat scientist\nYou will weigh boats.", ""),
        ("Data Scientist\nLarkspur\nData Engineer\n", ""),
    ],
)
def test_titles_are_found_among_the_first_lines(text, title, tmp_path):
    (tmp_path / "posting.txt").write_text(text, encoding="utf-8")
    assert read_postings(tmp_path / "posting.txt")[0].title == title


FEEDS = {
    "rss": "<rss><channel><title>Jobs</title><item><title>Welder</title><description>{0}</description></item>"
    "<item><title>Painter</title><description>{0}</description></item></channel></rss>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>Jobs</title><entry><title>Welder</title><content>{0}</content>'
    "</entry><entry><title>Painter</title><content>{0}</content></entry></feed>",
}


@pytest.mark.parametrize("kind", FEEDS)
def test_feeds_give_a_posting_each(kind, tmp_path):
    pytest.importorskip("lxml", reason="XML is read by lxml, of an extra")
    (tmp_path / "x.xml").write_text('<?xml version="1.0"?>\n' + FEEDS[kind].format(DUTIES), encoding="utf-8")
    assert [(each.title, DUTIES in each.text) for each in read_postings(tmp_path / "x.xml")] == [
        ("Welder", True),
        ("Painter", True),
    ]


def test_xml_without_a_posting_is_refused_by_its_keys(tmp_path):
    pytest.importorskip("lxml", reason="XML is read by lxml, of an extra")
    (tmp_path / "x.xml").write_text('<?xml version="1.0"?>\n<boats><hull>steel</hull></boats>', encoding="utf-8")
    with pytest.raises(PostingError, match="boats, hull"):
        read_postings(tmp_path / "x.xml")


@pytest.mark.parametrize("mark", [";", "\t", "|", ","])
@pytest.mark.parametrize("before", ["", "Jobs of 2026{0}{0}\n", "sep={0}\n"])
def test_the_separator_of_a_table_is_detected(mark, before, tmp_path):
    (tmp_path / "in.csv").write_text(
        before.format(mark)
        + f"id{mark}title{mark}job details\n1{mark}AI Developer{mark}{DUTIES}\n".replace("details", "description")
    )
    assert score_table(Job(str(tmp_path / "in.csv"), str(tmp_path / "out.csv"))).roles == {"ml_ai_engineer": 1}


def test_an_excel_table_comes_back_with_its_values(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="Excel files are read by openpyxl, of an extra")
    from datetime import datetime

    book = openpyxl.Workbook()
    book.active.append(["Jobs of 2026"])
    book.active.append(["no", "title", "주요 업무", "posted", "pay"])
    book.active.append(["007", "AI Developer", DUTIES, datetime(2026, 1, 2), 4.5])
    book.active.append(["008", "=1+1", "", None, 3])
    book.active["B4"].data_type = "s"
    book.save(tmp_path / "in.xlsx")
    score_table(Job(str(tmp_path / "in.xlsx"), str(tmp_path / "out.xlsx")))
    header, first, second = openpyxl.load_workbook(tmp_path / "out.xlsx").active.iter_rows()
    assert [cell.value for cell in header][:6] == ["no", "title", "주요 업무", "posted", "pay", "role"]
    assert [cell.value for cell in first][:6] == [
        "007",
        "AI Developer",
        DUTIES,
        datetime(2026, 1, 2),
        4.5,
        "ml_ai_engineer",
    ]
    assert second[1].data_type == "s"


@pytest.mark.parametrize(
    "value",
    [
        [{"title": "AI Developer", "description": DUTIES}],
        {"title": {"0": "AI Developer"}, "description": {"0": DUTIES}},
        {"columns": ["title", "description"], "index": [0], "data": [["AI Developer", DUTIES]]},
        {"results": [{"title": "AI Developer", "description": DUTIES}], "page": 1},
    ],
)
def test_json_tables_of_every_shape_are_read(value, tmp_path):
    (tmp_path / "in.json").write_text(json.dumps(value), encoding="utf-8")
    assert score_table(Job(str(tmp_path / "in.json"), str(tmp_path / "out.csv"))).roles == {"ml_ai_engineer": 1}


@pytest.mark.parametrize("ending", [".bz2", ".xz", ".zip"])
def test_a_packed_table_cut_short_is_refused(ending, tmp_path):
    import bz2
    import lzma
    import zipfile

    table = ("title,description\n" + f"AI Developer,{DUTIES}\n" * 2000).encode()
    path = tmp_path / f"in.csv{ending}"
    if ending == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in.csv", table)
    else:
        path.write_bytes((bz2 if ending == ".bz2" else lzma).compress(table))
    assert score_table(Job(str(path), str(tmp_path / "out.csv"))).rows == 2000
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(TableError, match="damaged"):
        score_table(Job(str(path), str(tmp_path / "again.csv")))


def test_several_jobs_in_one_english_posting_are_told(tmp_path):
    (tmp_path / "x.txt").write_text(
        "We hire two people.\n\n1. Data Engineer\nYou move data.\n\n2. Sales Manager\nYou sell boats."
    )
    prediction = CLASSIFIER.predict(read_postings(tmp_path / "x.txt")[0], language="en")
    assert prediction.roles_announced == ("Data Engineer", "Sales Manager")
    assert prediction.needs_review
