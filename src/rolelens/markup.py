"""HTML becomes plain text with its lines and lists kept."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LOOKS_LIKE_HTML = re.compile(r"<(?:p|br|div|li|ul|ol|h[1-6]|span|strong|b|em|table|html|body)\b[^>]*>", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "html li main nav ol p pre section table tbody td tfoot th thead title tr ul".split()
)
_UNSEEN = frozenset("script style template noscript head svg".split())
_BLANKS = re.compile(r"[^\S\n]+")


def plain_text(text: str) -> str:
    r"""Return a text without its HTML tags, if it has any; blocks are lines and list items begin with a dash.

    >>> plain_text("<p>What you'll do</p><ul><li>Train <b>models</b></li></ul>")
    "What you'll do\n- Train models"
    """
    if not _LOOKS_LIKE_HTML.search(text):
        return text
    reader = _Reader()
    reader.feed(text.replace("<![", "&lt;!["))  # the parser gives up on a broken marked section
    reader.close()
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in "".join(reader.pieces).split("\n")).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0
        self._before = ""  # what goes before the next words: a new line, a dash

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in _BLOCKS:
            self._before = "\n- " if tag == "li" else self._before or "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS and tag != "br":
            self._before = "\n"

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if data.strip():
            self.pieces.append(self._before + data)
            self._before = ""
        elif not self._before:
            self.pieces.append(" ")
