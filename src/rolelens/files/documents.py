"""Web pages, office documents and mails become postings, by libraries that are an extra.

Run as a program by `apart.py`: `python -m rolelens.files.documents KIND BYTES_OF_MEMORY`, the file on standard input.
"""

from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from rolelens.errors import PostingError
from rolelens.files.html import is_hidden, plain_text
from rolelens.files.jsonld import in_page, posting_of
from rolelens.posting import Posting

MAX_PAGES = 50  # no posting has more
MAX_UNPACKED_BYTES = 100_000_000
_EXTRA = 'pip install "rolelens[files]"'
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PIECES = {f"{_W}t": "", f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n"}  # what each stands for, a text for itself
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_CELL = re.compile(r"^\| | \|$| \| ", re.MULTILINE)


def pdf_postings(data: bytes) -> list[Posting]:
    """Return the text of a PDF.

    Raises:
        PostingError: it is damaged, locked, or a scan.
    """
    pypdf = _library("pypdf", "PDF")
    reader = _opened(lambda: pypdf.PdfReader(io.BytesIO(data)), "PDF")
    if reader.is_encrypted and not reader.decrypt(""):
        raise PostingError("the PDF is locked; save it without its password")
    pages = _opened(lambda: [page.extract_text() for page in reader.pages[:MAX_PAGES]], "PDF")
    text = "\n".join(pages)
    if not text.strip():
        raise PostingError("the PDF holds pictures but no text, a scan perhaps; run text recognition over it first")
    return [Posting(text)]


def docx_postings(data: bytes) -> list[Posting]:
    """Return the text of a Word document, list items after dashes, tables row by row.

    Raises:
        PostingError: it is damaged, no Word document, or unpacks to more than MAX_UNPACKED_BYTES.
    """
    archive = _opened(lambda: zipfile.ZipFile(io.BytesIO(data)), "zip archive")
    if "word/document.xml" not in archive.namelist():
        raise PostingError("a zip archive but no Word document; unpack it and name the files")
    if sum(each.file_size for each in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise PostingError(f"it unpacks to more than {MAX_UNPACKED_BYTES:,} bytes; that is no posting")
    docx = _library("docx", "Word")
    document = _opened(lambda: docx.Document(io.BytesIO(data)), "Word document")
    return [Posting("\n".join(_opened(lambda: list(_docx_lines(document)), "Word document")))]


def _docx_lines(document: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the lines of page headers, each once, then of the document, as a reader sees them."""
    headers = (header for each in document.sections for header in (each.first_page_header, each.header))
    tops = [list(_lines_in(header._element, document)) for header in headers if not header.is_linked_to_previous]
    yield from dict.fromkeys(line for lines in tops for line in lines if line.strip())
    yield from _lines_in(document.element.body, document)


def _lines_in(element: Any, document: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the lines of an element: paragraphs, tables row by row, and what stands in boxes and content controls."""
    for part in element:
        if part.tag == f"{_W}p":
            yield _paragraph(part, document)
            for box in part.iter(f"{_W}txbxContent"):
                if not any(True for _ in box.iterancestors(_FALLBACK)):  # the same again, for older programs
                    yield from _lines_in(box, document)
        elif part.tag == f"{_W}tr":
            cells = ("\n".join(_lines_in(cell, document)) for cell in part.iter(f"{_W}tc") if _row_of(cell) is part)
            yield "\t".join(dict.fromkeys(cells))
        elif part.tag not in (f"{_W}del", f"{_W}sectPr"):
            yield from _lines_in(part, document)


def _row_of(cell: Any) -> Any:  # noqa: ANN401
    return next(cell.iterancestors(f"{_W}tr"), None)


def _paragraph(paragraph: Any, document: Any) -> str:  # noqa: ANN401
    """Return a paragraph's own text, insertions that are tracked included, behind a dash if it is an item of a list."""
    own = (each for each in paragraph.iter(*_PIECES) if next(each.iterancestors(f"{_W}p")) is paragraph)
    pieces = [_PIECES[each.tag] or each.text or "" for each in own]
    text = "".join(pieces)
    style = document.styles.get_by_id(paragraph.style, 1) if paragraph.style else None
    listed = text.strip() and ("List" in ((style and style.name) or "") or paragraph.find(f".//{_W}numPr") is not None)
    return f"- {text}" if listed else text


def rtf_postings(data: bytes) -> list[Posting]:
    """Return the text of a rich text file.

    Raises:
        PostingError: it is damaged.
    """
    striprtf = _library("striprtf.striprtf", "RTF")
    return [Posting(str(_opened(lambda: striprtf.rtf_to_text(data.decode("latin-1")), "RTF file")))]


def mail_postings(data: bytes) -> list[Posting]:
    """Return the postings in the main part of a mail or saved web archive, its subject being their title."""
    from email import message_from_bytes, policy

    message = message_from_bytes(data, policy=policy.default)
    body = _opened(lambda: message.get_body(("html", "plain")), "mail")
    if body is None:
        raise PostingError("the mail has no text; save what is attached to it")
    content = str(_opened(body.get_content, "mail"))
    if body.get_content_type() != "text/html":
        found = [Posting(plain_text(content))]
    else:
        found = in_page(content) or page_postings(content.encode())
    subject = str(message["subject"] or "")
    return [Posting(each.text, each.title or subject) for each in found]


def page_postings(data: bytes) -> list[Posting]:
    """Return the postings that a web page in UTF-8 describes as microdata, or else its main text.

    Raises:
        PostingError: it holds no text.
    """
    html = _library("lxml.html", "HTML")
    trafilatura = _library("trafilatura", "HTML")
    page = data.decode().translate(_NO_XML)
    tree = _opened(lambda: html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8")), "page")
    if found := list(_microdata(tree, html)):
        return found
    hidden = [each for each in tree.iter() if isinstance(each.tag, str) and is_hidden(each.items())]
    for each in hidden:
        if each.getparent() is not None:
            each.drop_tree()
    # It would rather leave out than take in: menus and "similar jobs" name roles that this posting is not.
    text = _opened(lambda: trafilatura.extract(tree, favor_precision=True, include_comments=False), "page")
    text = text or plain_text(html.tostring(tree, encoding="unicode"))
    if not text.strip():
        raise PostingError("the page holds no text, perhaps it is filled in by a script; save it from a browser")
    return [Posting(_CELL.sub("\n", text))]


_NO_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535), " ")  # characters lxml refuses


def _microdata(tree: Any, html: Any) -> Iterator[Posting]:  # noqa: ANN401
    """Yield the schema.org job postings that `itemprop` attributes spell out."""
    for item in tree.xpath("//*[@itemscope][contains(@itemtype, 'schema.org/JobPosting')]"):
        found: dict[str, list[str]] = {}
        for each in item.xpath(".//*[@itemprop]"):
            if each.xpath("ancestor::*[@itemscope][1]")[0] is item:  # not of a thing inside it, such as the company
                content = each.get("content") or html.tostring(each, encoding="unicode", with_tail=False)
                for name in each.get("itemprop").split():
                    found.setdefault(name, []).append(content)
        plain = {name: values[0] if len(values) == 1 else values for name, values in found.items()}
        if posting := posting_of({**plain, "@type": "JobPosting"}):
            yield posting


def feed_postings(data: bytes) -> list[Posting]:
    """Return the postings in an XML document.

    Raises:
        PostingError: it is damaged, or describes no posting.
    """
    from rolelens.files import feeds

    etree = _library("lxml.etree", "XML")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = _opened(lambda: etree.fromstring(data, parser), "XML")
    found = [] if root is None else feeds.feed_postings(root)
    if not found:
        keys = sorted({each.tag for each in root.iter() if isinstance(each.tag, str)})[:12] if root is not None else []
        raise PostingError(f"XML that describes no posting ({', '.join(keys)}); save the posting itself")
    return found


READERS: Mapping[str, Callable[[bytes], list[Posting]]] = {
    "pdf": pdf_postings,
    "docx": docx_postings,
    "rtf": rtf_postings,
    "mail": mail_postings,
    "page": page_postings,
    "feed": feed_postings,
}


def _library(name: str, kind: str) -> Any:  # noqa: ANN401
    try:
        return import_module(name)
    except ImportError as error:
        raise PostingError(f"{kind} files need more than the plain installation; {_EXTRA}") from error


def _opened(action: Callable[[], Any], kind: str) -> Any:  # noqa: ANN401
    try:
        return action()
    except PostingError:
        raise
    except Exception as error:  # these libraries raise whatever their parsers do
        raise PostingError(f"the {kind} is damaged ({error}); save it again") from error


def main() -> None:
    """Read a file from standard input; print its postings, or why there are none, as JSON."""
    kind, memory = sys.argv[1], int(sys.argv[2])
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):  # not on this system; the time limit remains
        pass
    try:
        found = READERS[kind](sys.stdin.buffer.read())
        answer: dict[str, Any] = {"postings": [(each.text, each.title) for each in found]}
    except PostingError as error:
        answer = {"refused": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
