"""Office documents and mails become plain text, by libraries that are an extra."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from importlib import import_module
from typing import Any

from rolelens.errors import PostingError
from rolelens.markup import plain_text

MAX_PAGES = 50  # no posting has more
MAX_UNPACKED_BYTES = 100_000_000
_EXTRA = 'pip install "rolelens[files]"'


def pdf_text(data: bytes) -> str:
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
    return text


def docx_text(data: bytes) -> str:
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
    lines = []
    for part in document.iter_inner_content():
        if hasattr(part, "rows"):
            lines += ["\t".join(dict.fromkeys(cell.text for cell in row.cells)) for row in part.rows]
        else:
            dash = "- " if "List" in (part.style.name or "") else ""
            lines.append(dash + part.text)
    return "\n".join(lines)


def rtf_text(data: bytes) -> str:
    """Return the text of a rich text file.

    Raises:
        PostingError: it is damaged.
    """
    striprtf = _library("striprtf.striprtf", "RTF")
    return str(_opened(lambda: striprtf.rtf_to_text(data.decode("latin-1")), "RTF file"))


def mail_parts(data: bytes) -> tuple[str, str, bool]:
    """Return the subject of a mail or saved web archive, its main part, and whether that is HTML."""
    from email import message_from_bytes, policy

    message = message_from_bytes(data, policy=policy.default)
    body = message.get_body(("html", "plain"))
    if body is None:
        raise PostingError("the mail has no text; save what is attached to it")
    content = str(body.get_content())
    is_page = body.get_content_type() == "text/html"
    return str(message["subject"] or ""), content if is_page else plain_text(content), is_page


def _library(name: str, kind: str) -> Any:  # noqa: ANN401
    try:
        return import_module(name)
    except ImportError as error:
        raise PostingError(f"{kind} files need more than the plain installation; {_EXTRA}") from error


def _opened(action: Callable[[], Any], kind: str) -> Any:  # noqa: ANN401
    try:
        return action()
    except Exception as error:  # these libraries raise whatever their parsers do
        raise PostingError(f"the {kind} is damaged ({error}); save it again") from error
