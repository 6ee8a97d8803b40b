"""A posting file becomes a `Posting`."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from rolelens.errors import PostingError
from rolelens.records import Posting

MAX_BYTES = 20_000_000  # far above any posting; a larger file is not one
# UTF-8 first because it recognises itself; cp949 is what Korean Windows programs write.
_MARKED_ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


def decode_posting(data: bytes, source: str, title: str = "") -> Posting:
    """Return the posting in a file's bytes: UTF-8, UTF-16 with its mark, or cp949.

    The text is in Unicode NFC with line ends as newlines; spans of a prediction count its characters.

    Raises:
        PostingError: the bytes are too many, binary, or in an unknown encoding.
    """
    if len(data) > MAX_BYTES:
        raise PostingError(
            f"{source}: {len(data):,} bytes, more than the {MAX_BYTES:,} a posting may have; cut it down"
        )
    text = _decode(data, source)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Posting(unicodedata.normalize("NFC", text), unicodedata.normalize("NFC", title), source)


def read_posting(path: str | Path, title: str = "") -> Posting:
    """Return the posting in a text file.

    Raises:
        PostingError: the file is missing, unreadable, binary, or in an unknown encoding.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise PostingError(f"{path}: {error.strerror or error}; check the path") from error
    return decode_posting(data, str(path), title)


def _decode(data: bytes, source: str) -> str:
    marked = [encoding for mark, encoding in _MARKED_ENCODINGS if data.startswith(mark)]
    if not marked and b"\0" in data[:8192]:
        raise PostingError(f"{source}: a binary file, not text; save the posting as plain text")
    for encoding in marked or ("utf-8", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PostingError(f"{source}: neither UTF-8, UTF-16 nor cp949; save the file as UTF-8")
