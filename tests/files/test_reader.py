import io
import json
import sys
import zipfile

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rolelens import PostingError, read_posting, read_postings
from rolelens.cli import main
from rolelens.files.documents import READERS
from rolelens.files.reader import MAX_BYTES, decode_posting, decode_postings
from rolelens.files.sandbox import read_apart
from written import EXTRA, POSTING, POSTINGS, TITLE, WRITTEN, docx_of, html_of, job_of, page, pdf_of

TEXT = "주요업무\n모델을 학습합니다"
HTML, JOB = html_of(POSTING), job_of(TITLE, POSTING)
ITEMS = HTML[HTML.index("<ul>") + 4 : HTML.index("</ul>")]


@pytest.mark.parametrize("language", POSTINGS)
@pytest.mark.parametrize("name", WRITTEN)
def test_a_posting_is_the_same_in_every_kind_of_file(tmp_path, classifier, name, language):
    if name in EXTRA:
        pytest.importorskip(EXTRA[name], reason="an extra that reads this kind of file")
    title, text = POSTINGS[language]
    (tmp_path / name).write_bytes(WRITTEN[name](title, text))
    expected = classifier.predict(f"{title}\n{text}")
    found = classifier.predict(read_posting(tmp_path / name))
    assert found.role == expected.role == "ml_ai_engineer"
    assert found.probabilities == pytest.approx(dict(expected.probabilities), abs=0.02)
    assert found.title_reading.role == "ai_developer"


SHAPES = {
    "lever": {"text": TITLE, "descriptionPlain": "About us", "lists": [{"text": "What you'll do", "content": ITEMS}]},
    "greenhouse": {"title": TITLE, "content": HTML.replace("<", "&lt;").replace(">", "&gt;")},
    "ashby": {"jobs": [{"title": TITLE, "descriptionHtml": HTML, "descriptionPlain": POSTING}]},
    "wanted": {"job": {"position": TITLE, "detail": {"main_tasks": ITEMS, "requirements": "PyTorch", "intro": "회사"}}},
    "skills apart": {**JOB, "description": "x", "responsibilities": [line[2:] for line in POSTING.split("\n")[1:4]]},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_json_of_job_boards_is_read(classifier, shape):
    (posting,) = decode_postings(json.dumps(SHAPES[shape]).encode(), "jobs.json")
    assert "- Train deep learning models from scratch" in posting.text
    assert "<" not in posting.text
    assert classifier.predict(posting).role == "ml_ai_engineer"
    if shape == "ashby":
        assert posting.text.count("Train deep learning") == 1


def test_several_postings_in_one_page_are_several_results(tmp_path):
    other = {**JOB, "title": "Data Scientist"}
    (tmp_path / "jobs.html").write_text(page(JOB, [other]), encoding="utf-8")
    found = read_postings(tmp_path / "jobs.html")
    assert [each.title for each in found] == [TITLE, "Data Scientist"]
    assert [each.source[-2:] for each in found] == ["#1", "#2"]
    lines = CliRunner().invoke(main, ["classify", str(tmp_path / "jobs.html"), "--format", "json"]).stdout.splitlines()
    assert [json.loads(line)["file"][-6:] for line in lines] == ["html#1", "html#2"]


def test_menus_and_hidden_text_of_a_page_do_not_count(tmp_path):
    hidden = '<div style="display:none">prompt engineer prompt engineer</div>'
    (tmp_path / "page.html").write_text(page(body=f"{hidden}<main>{HTML}</main>"), encoding="utf-8")
    text = read_posting(tmp_path / "page.html").text
    assert text == POSTING


def test_a_folder_and_a_pattern_stand_for_their_files(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "b.md"):
        (tmp_path / "in" / name).write_text(POSTING, encoding="utf-8")
    (tmp_path / "in" / ".hidden").write_bytes(b"\0")
    for named in (tmp_path / "in", tmp_path / "in" / "*"):
        result = CliRunner().invoke(main, ["classify", str(named), "--format", "json"])
        assert len(result.stdout.splitlines()) == 2, result.output


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
def test_every_encoding_a_korean_user_has_reads_the_same(tmp_path, encoding):
    path = tmp_path / "posting.txt"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode(encoding))
    assert read_posting(path).text == TEXT


def test_decomposed_hangul_is_composed():
    assert (
        decode_posting("학습".encode(), "a").text
        == decode_posting("\u1112\u1161\u11a8\u1109\u1173\u11b8".encode(), "a").text
    )


def bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 150_000_000)
    return file.getvalue()


def zipped():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("posting.txt", "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (lambda: b"\x89PNG\0\0\0", "binary"),
        (lambda: b"\xff\xfe\x00", "neither UTF-8"),
        (lambda: b"\x81\xff\xfe\xfd", "neither UTF-8"),
        (lambda: b"a" * (MAX_BYTES + 1), "more than"),
        (lambda: b"PK\x03\x04 cut short", "damaged"),
        (zipped, "no Word document"),
        (bomb, "unpacks to more"),
        (lambda: b"%PDF-1.4 cut short", "damaged"),
        (lambda: pdf_of([]), "no text"),
        (lambda: b"<html><body><script>fill()</script></body></html>", "filled in by a script"),
        (lambda: b"Subject: x\nMIME-Version: 1.0\nContent-Type: image/png\n\n\n", "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(data, complaint):
    content = data()
    if content.startswith((b"%PDF", b"PK")):
        pytest.importorskip("pypdf", reason="an extra that reads this kind of file")
    with pytest.raises(PostingError, match=complaint) as raised:
        decode_posting(content, "odd.bin")
    assert str(raised.value).startswith("odd.bin: ")


@pytest.mark.parametrize(
    ("library", "kind"),
    [("pypdf", "pdf"), ("docx", "docx"), ("striprtf.striprtf", "rtf"), ("lxml.html", "page"), ("trafilatura", "page")],
)
def test_a_missing_extra_gives_the_line_to_type(monkeypatch, library, kind):
    content = docx_of([TITLE]) if kind == "docx" else b"x"
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(PostingError, match=r'pip install "rolelens\[files\]"'):
        READERS[kind](content)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(PostingError, match=r"nowhere\.txt: No such file"):
        read_posting(tmp_path / "nowhere.txt")


PIECES = [
    *(b"{", b"[", b'"description":', b'"x"', b"}", b"]", b"null", b"<html>", b"<script type=ld+json>", b"</script>"),
    *(b"<p>", b"</p>", b"&lt;", b"Subject: x\n", b"MIME-Version: 1.0\n", b"\n--a\n", b"%PDF-1.4", b"PK\x03\x04"),
    *(b"Content-Type: multipart/mixed; boundary=a\n", b"{\\rtf1", b"\\'ff", b"\xff", b"\0"),
    *("학습".encode(), "학습".encode("cp949")),
]


@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=25).map(b"".join))
@settings(max_examples=1500, deadline=None)
def test_whatever_is_in_a_file_it_is_read_or_refused(data):
    refused, postings = "", []
    mock = pytest.MonkeyPatch()  # in this process: a hundred times faster
    mock.setattr("rolelens.files.reader._read_apart", lambda kind, data: READERS[kind](data))
    try:
        postings = decode_postings(data, "fuzz")
    except PostingError as error:
        refused = str(error)
    assert refused.startswith("fuzz: ") or all(isinstance(each.text, str) for each in postings)
    assert bool(refused) != bool(postings)


def test_json_nested_without_end_is_text(classifier):
    (posting,) = decode_postings(b"[" * 200_000, "deep.json")
    assert posting.text.startswith("[[")
    assert classifier.predict(posting, language="en").needs_review


def test_reading_ends_in_time_whatever_it_is():
    endless = "<html><body>" + "<p>x" * 300_000
    with pytest.raises(PostingError, match=r"takes more than 0\.5 seconds"):
        read_apart("page", endless.encode(), seconds=0.5)


@pytest.mark.parametrize(
    "broken",
    ["<a ", "<!-- ", "<", "</", "<a b='", "&#", "<![CDATA[", "<script ", "<textarea>", "<!", "<div>", '<a x="'],
)
def test_broken_tags_cost_no_more_than_whole_ones(broken):
    (posting,) = decode_postings(f"<p>Weave baskets</p>{broken * 200_000}".encode(), "a.html")
    assert posting.text.startswith("Weave baskets")


def test_nothing_in_the_current_folder_is_run(tmp_path, monkeypatch):
    pytest.importorskip("pypdf", reason="an extra that reads this kind of file")
    (tmp_path / "pypdf.py").write_text("raise SystemExit('run!')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert decode_posting(pdf_of(["Weave baskets"]), "a.pdf").text.strip() == "Weave baskets"


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_is_fetched(monkeypatch, name):
    if name in EXTRA:
        pytest.importorskip(EXTRA[name], reason="an extra that reads this kind of file")
    linked = POSTING + '<img src="http://localhost:1/a.png"><link rel=stylesheet href="http://localhost:1/a.css">'
    content = WRITTEN[name](TITLE, linked)

    def refuse(*_):
        raise AssertionError("it opens a connection")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("rolelens.files.reader._read_apart", lambda kind, data: READERS[kind](data))
    assert "Train deep learning models" in decode_posting(content, name).text


def test_entities_that_multiply_do_not():
    docx = docx_of([TITLE])
    lol = b'<!DOCTYPE x [<!ENTITY a "AAAAAAAAAA">' + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in b"bcdefghi"
    )
    source, target = io.BytesIO(docx), io.BytesIO()
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(target, "w") as changed:
        for each in archive.infolist():
            content = archive.read(each)
            if each.filename == "word/document.xml":
                content = lol + b"]>" + content[content.index(b"<w:document") :].replace(TITLE.encode(), b"&i;")
            changed.writestr(each, content)
    try:
        text = decode_posting(target.getvalue(), "a.docx").text
    except PostingError as error:
        text = str(error)
    assert len(text) < 1000


def test_a_pdf_whose_pages_hold_each_other_ends():
    pdf = pdf_of([TITLE]).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    with pytest.raises(PostingError):
        decode_posting(pdf, "a.pdf")


def test_the_limit_of_a_file_can_be_set(tmp_path):
    (tmp_path / "a.txt").write_text(POSTING, encoding="utf-8")
    with pytest.raises(PostingError, match="more than 10 bytes"):
        read_posting(tmp_path / "a.txt", max_bytes=10)
    result = CliRunner().invoke(main, ["classify", str(tmp_path / "a.txt"), "--max-mb", "0.00001"])
    assert result.exit_code == 1
    assert "more than 10 bytes" in result.stderr


def test_a_table_on_a_page_keeps_its_headings():
    pytest.importorskip("trafilatura", reason="an extra that reads this kind of file")
    table = "<table><tr><td>담당업무</td><td>돛을 깁는다</td></tr><tr><td>자격요건</td><td>바늘</td></tr></table>"
    (posting,) = decode_postings(page(body=f"<main>{table}</main>").encode(), "a.html")
    assert [line for line in posting.text.split("\n") if line.strip()] == [
        "담당업무",
        "돛을 깁는다",
        "자격요건",
        "바늘",
    ]
