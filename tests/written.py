"""The same posting in every kind of file, in English and Korean."""

import io
import json
from email.message import EmailMessage

import pytest

TITLE = "AI Developer"
POSTING = """What you'll do
- Train deep learning models from scratch
- Deploy models on our GPU cluster with MLflow
- Monitor deployed models for drift and retrain them
Requirements
- PyTorch, CUDA, Docker"""
KOREAN_TITLE = "AI 개발자"
KOREAN = """주요업무
- 선박 영상에서 균열을 찾는 딥러닝 모델을 설계하고 학습합니다
- 학습한 모델을 GPU 서버에 배포하고 MLOps 파이프라인을 운영합니다
- 배포된 모델의 성능을 모니터링하고 재학습합니다
자격요건
- PyTorch, CUDA, Docker"""
POSTINGS = {"en": (TITLE, POSTING), "ko": (KOREAN_TITLE, KOREAN)}


def html_of(text):
    """Return a posting of two headings and their bullets as HTML."""
    lines, pieces = text.split("\n"), []
    for place, line in enumerate(lines):
        if line.startswith("- "):
            opens = not lines[place - 1].startswith("- ")
            closes = place + 1 == len(lines) or not lines[place + 1].startswith("- ")
            pieces.append(f"{'<ul>' if opens else ''}<li>{line[2:]}</li>{'</ul>' if closes else ''}")
        else:
            pieces.append(f"<h3>{line}</h3>")
    return "".join(pieces)


def job_of(title, text):
    return {"@context": "https://schema.org", "@type": "JobPosting", "title": title, "description": html_of(text)}


def page(*scripts, body=""):
    tags = "".join(f'<script type="application/ld+json">{json.dumps(script)}</script>' for script in scripts)
    menu, foot = "<nav><a>Prompt engineer jobs</a></nav>", "<footer>Data scientist jobs</footer>"
    return f"<!doctype html><html><head>{tags}</head><body>{menu}{body}{foot}</body></html>"


def microdata_of(title, text):
    company = '<div itemprop="hiringOrganization" itemscope><b itemprop="description">Prompt engineers!</b></div>'
    work = f'<h1 itemprop="title">{title}</h1>{company}<div itemprop="description">{html_of(text)}</div>'
    return f'<div itemscope itemtype="https://schema.org/JobPosting">{work}</div>'


def docx_of(lines):
    docx = pytest.importorskip("docx", reason="python-docx reads Word files, an extra")
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line.removeprefix("- "), style="List Bullet" if line.startswith("- ") else None)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_of(lines):
    """Return a PDF of one page, written by hand: no library of ours writes any. Its codes are those of Unicode."""
    shown = "".join(f"<{line.encode('utf-16-be').hex()}> Tj T* " for line in lines)
    content = f"BT /F1 10 Tf 14 TL 40 800 Td {shown}ET".encode()
    unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def 1 begincodespacerange "
        b"<0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange endcmap end end"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 850] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [6 0 R] "
        b"/ToUnicode 7 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (A) /Ordering (I) "
        b"/Supplement 0 >> /DW 600 >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(unicode), unicode),
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


def rtf_of(lines):
    def escaped(letter):
        return letter if letter.isascii() else f"\\u{ord(letter) - (65536 if ord(letter) > 32767 else 0)}?"

    return rb"{\rtf1\ansi " + "\\par\n".join("".join(map(escaped, line)) for line in lines).encode() + b"}"


def mail_of(title, content, subtype):
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = title, "a@example.org", "b@example.org"
    message.set_content(content, subtype=subtype)
    return message.as_bytes()


def _markdown(title, text):
    lines = [line if line.startswith("- ") else f"## {line}" for line in text.split("\n")]
    return "\n".join((f"# {title}", "", *lines))


# What writes a posting, given its title and text.
WRITTEN = {
    "posting.txt": lambda title, text: f"{title}\n{text}".encode(),
    "windows.txt": lambda title, text: f"{title}\n{text}".replace("\n", "\r\n").encode("cp949"),
    "posting.md": lambda title, text: _markdown(title, text).encode(),
    "page.html": lambda title, text: page(body=f"<main><h1>{title}</h1>{html_of(text)}</main>").encode(),
    "json-ld.html": lambda title, text: page(job_of(title, text), body="<div>Loading</div>").encode(),
    "graph.html": lambda title, text: page({"@graph": [{"@type": "WebSite"}, [job_of(title, text)]]}).encode(),
    "microdata.html": lambda title, text: page(body=microdata_of(title, text)).encode(),
    "posting.json": lambda title, text: json.dumps(job_of(title, text)).encode(),
    "mail.eml": lambda title, text: mail_of(title, text, "plain"),
    "archive.mht": lambda title, text: mail_of(title, page(body=f"<main>{html_of(text)}</main>"), "html"),
    "posting.docx": lambda title, text: docx_of([title, *text.split("\n")]),
    "posting.pdf": lambda title, text: pdf_of([title, *text.split("\n")]),
    "posting.rtf": lambda title, text: rtf_of([title, *text.split("\n")]),
}
EXTRA = {
    "posting.pdf": "pypdf",
    "posting.rtf": "striprtf",
    **dict.fromkeys(("page.html", "microdata.html", "archive.mht"), "trafilatura"),
}
