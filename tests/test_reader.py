import io
import json
import sys
import zipfile
from email.message import EmailMessage

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from rolelens import PostingError, read_posting, read_postings
from rolelens.cli import main
from rolelens.reader import MAX_BYTES, decode_posting, decode_postings

TEXT = "주요업무\n모델을 학습합니다"
TITLE = "AI Developer"
POSTING = """What you'll do
- Train deep learning models from scratch
- Deploy models on our GPU cluster with MLflow
- Monitor deployed models for drift and retrain them
Requirements
- PyTorch, CUDA, Docker"""
ITEMS = "".join(f"<li>{line[2:]}</li>" for line in POSTING.split("\n")[1:4])
HTML = f"<h3>What you'll do</h3><ul>{ITEMS}</ul><h3>Requirements</h3><ul><li>PyTorch, CUDA, Docker</li></ul>"
JOB = {"@context": "https://schema.org", "@type": "JobPosting", "title": TITLE, "description": HTML}


def page(*scripts, body=""):
    tags = "".join(f'<script type="application/ld+json">{json.dumps(script)}</script>' for script in scripts)
    menu, foot = "<nav><a>Prompt engineer jobs</a></nav>", "<footer>Data scientist jobs</footer>"
    return f"<!doctype html><html><head>{tags}</head><body>{menu}{body}{foot}</body></html>"


def docx_of(lines):
    docx = pytest.importorskip("docx", reason="python-docx reads Word files, an extra")
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line.removeprefix("- "), style="List Bullet" if line.startswith("- ") else None)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_of(lines):
    """Return a PDF of one page, written by hand: no library of ours writes any."""
    shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj T* " for line in lines)
    content = f"BT /F1 10 Tf 14 TL 40 800 Td {shown}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    ]
    data, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        len(data),
    )


def mail_of(content, subtype):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = TITLE, "a@example.org", "b@example.org"
    message.set_content(content, subtype=subtype)
    return message.as_bytes()


WRITTEN = {
    "posting.txt": lambda: f"{TITLE}\n{POSTING}".encode(),
    "posting.md": lambda: f"# {TITLE}\n\n{POSTING.replace('What', '## What').replace('Req', '## Req')}".encode(),
    "page.html": lambda: page(body=f"<main><h1>{TITLE}</h1>{HTML}</main>").encode(),
    "json-ld.html": lambda: page(JOB, body="<div>Loading</div>").encode(),
    "graph.html": lambda: page({"@graph": [{"@type": "WebSite", "name": "x"}, [JOB]]}).encode(),
    "posting.json": lambda: json.dumps(JOB).encode(),
    "mail.eml": lambda: mail_of(POSTING, "plain"),
    "archive.mht": lambda: mail_of(page(body=HTML), "html"),
    "posting.docx": lambda: docx_of([TITLE, *POSTING.split("\n")]),
    "posting.pdf": lambda: pdf_of([TITLE, *POSTING.split("\n")]),
    "posting.rtf": lambda: rb"{\rtf1\ansi " + f"{TITLE}\n{POSTING}".replace("\n", "\\par\n").encode() + b"}",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_posting_is_the_same_in_every_kind_of_file(tmp_path, classifier, name):
    for library in {"posting.pdf": ["pypdf"], "posting.rtf": ["striprtf"]}.get(name, []):
        pytest.importorskip(library, reason="an extra that reads this kind of file")
    (tmp_path / name).write_bytes(WRITTEN[name]())
    expected = classifier.predict(f"{TITLE}\n{POSTING}")
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


@pytest.mark.parametrize("library", ["pypdf", "docx", "striprtf.striprtf"])
def test_a_missing_extra_gives_the_line_to_type(monkeypatch, library):
    data = {
        "pypdf": lambda: pdf_of([TITLE]),
        "docx": lambda: docx_of([TITLE]),
        "striprtf.striprtf": lambda: b"{\\rtf1 x}",
    }
    content = data[library]()
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(PostingError, match=r'pip install "rolelens\[files\]"'):
        decode_posting(content, "a")


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
