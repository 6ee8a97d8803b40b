"""A posting file of any kind becomes `Posting`s: the kind is told by what is in it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from pathlib import Path

from rolelens.errors import PostingError
from rolelens.posting import Posting

MAX_BYTES = 20_000_000  # far above any posting; a larger file is not one
MUCH_MORE = 3  # times as long as its JSON-LD says is a page that says the whole
# UTF-8 first because it recognises itself; cp949 is what Korean Windows programs write.
_MARKED_ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_FEED = re.compile(
    r"\s*<\?xml[^>]{0,200}\?>\s{0,100}(?:<!--.{0,500}?-->\s{0,100})?<(?!html|!doctype html)", re.IGNORECASE
)
_DOCUMENTS = {b"%PDF-": "pdf", b"PK\x03\x04": "docx", b"{\\rtf": "rtf"}
_FRAGMENT = re.compile(r"</(?:p|li|ul|div|h[1-6])>", re.IGNORECASE)
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):(?:[ \t]|$)")
_HEADERS_OF_MAIL = (b"mime-version", b"received", b"return-path", b"message-id", b"content-type")
_MOST_HEADERS = 200  # lines


def read_posting(path: str | Path, title: str = "", *, max_bytes: int = MAX_BYTES) -> Posting:
    """Return the posting in a file, the first if there are several; see `read_postings`."""
    return read_postings(path, title, max_bytes=max_bytes)[0]


def read_postings(path: str | Path, title: str = "", *, max_bytes: int = MAX_BYTES) -> list[Posting]:
    """Return the postings in a file: text, Markdown, a web page, JSON, a mail, PDF, Word, RTF.

    Nothing in it is executed and nothing is fetched; what takes a parser is read in a process with limits.

    Raises:
        PostingError: the file is missing, unreadable, too large, damaged, of an unknown kind, or needs an extra.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise PostingError(f"{path}: {error.strerror or error}; check the path") from error
    return decode_postings(data, str(path), title, max_bytes=max_bytes)


def decode_postings(data: bytes, source: str, title: str = "", *, max_bytes: int = MAX_BYTES) -> list[Posting]:
    """Return the postings in a file's bytes; text is UTF-8, UTF-16 with its mark, or cp949.

    Texts are in Unicode NFC with line ends as newlines; spans of a prediction count their characters. `title` is the
    title of those that bring none.

    Raises:
        PostingError: the bytes are too many, damaged, of an unknown kind, or need an extra.
    """
    if len(data) > max_bytes:
        raise PostingError(
            f"{source}: more than {max_bytes:,} bytes, which is the limit; cut it down or raise the limit"
        )
    try:
        found = _postings(data, source)
    except PostingError as error:
        message = str(error)
        raise error if message.startswith(f"{source}: ") else PostingError(f"{source}: {message}") from error
    postings = [Posting(_clean(each.text), _clean(each.title or title), source) for each in found]
    if len(postings) > 1:
        postings = [replace(each, source=f"{source}#{number}") for number, each in enumerate(postings, 1)]
    return postings


def decode_posting(data: bytes, source: str, title: str = "") -> Posting:
    """Return the posting in a file's bytes, the first if there are several; see `decode_postings`."""
    return decode_postings(data, source, title)[0]


def _postings(data: bytes, source: str) -> list[Posting]:
    for start, kind in _DOCUMENTS.items():
        if data.startswith(start):
            return _read_apart(kind, data)
    if _is_mail(data[:20_000]):
        return _read_apart("mail", data)
    text = _decode(data, source)
    if text.lstrip()[:1] in ("{", "["):
        from rolelens.files.jsonld import in_json

        if found := in_json(text):
            return found
    if _PAGE.match(text):
        return _in_page(text)
    if _FEED.match(text):
        return _read_apart("feed", text.encode())
    if _FRAGMENT.search(text):
        from rolelens.files.html import plain_text

        return [Posting(plain_text(text))]
    from rolelens.files.titles import title_in

    return [Posting(text, title_in(_clean(text)))]


def _is_mail(data: bytes) -> bool:
    """Return whether bytes begin with header lines, one of which only mails have."""
    named = []
    for line in data.splitlines()[:_MOST_HEADERS]:
        if header := _HEADER.match(line):
            named.append(header[1].lower())
        elif not (named and line[:1] in (b" ", b"\t")):
            break
    return any(name in _HEADERS_OF_MAIL for name in named)


def _in_page(text: str) -> list[Posting]:
    """Return the postings of a page: what it says as JSON-LD, or its text where that says more."""
    from rolelens.files.jsonld import in_page, is_teaser

    found = in_page(text)
    if found and not is_teaser(found):
        return found
    try:
        seen = _read_apart("page", text.encode())
    except PostingError:
        if found:
            return found
        raise
    if found and len(seen[0].text) < MUCH_MORE * len(found[0].text):
        return found
    return [replace(each, title=each.title or found[0].title) for each in seen] if found else seen


def _read_apart(kind: str, data: bytes) -> list[Posting]:
    from rolelens.files.sandbox import read_apart

    return read_apart(kind, data)


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _decode(data: bytes, source: str) -> str:
    marked = [encoding for mark, encoding in _MARKED_ENCODINGS if data.startswith(mark)]
    if not marked and b"\0" in data[:8192]:
        raise PostingError(f"{source}: a binary file of an unknown kind; save the posting as text, PDF or Word")
    for encoding in marked or ("utf-8", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PostingError(f"{source}: neither UTF-8, UTF-16 nor cp949; save the file as UTF-8")
