"""HTML becomes plain text with its lines and lists kept, and nothing a reader would not see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

_LOOKS_LIKE_HTML = re.compile(r"<(?:p|br|div|li|ul|ol|h[1-6]|span|strong|b|em|table|html|body)\b[^>]*>", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr "
    "html li main nav ol p pre section table tbody td tfoot th thead title tr ul".split()
)
_UNSEEN = frozenset("script style template noscript head svg".split())
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_WHITE = r"(?:white|\#fff(?:fff)?|rgba?\(\s*255\s*,\s*255\s*,\s*255)"
# Text that gives orders to a machine is written so that no person reads it.
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|font-size\s*:\s*0(?![.\d]*[1-9])"
    rf"|(?<![-\w])color\s*:\s*(?:transparent|{_WHITE})",
    re.IGNORECASE,
)
_DARK_BACKGROUND = re.compile(rf"background(?:-color)?\s*:\s*+(?!{_WHITE}|transparent|none|inherit)", re.IGNORECASE)
# Broken tags make the parser start over at every one of them; it gets none to see.
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>", re.DOTALL)
_NO_TAG = re.compile(r"""<(?!/?[a-z](?:[^<>"']|"[^"]*"|'[^']*')*+>)""", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n]+")


def plain_text(text: str) -> str:
    r"""Return what a reader sees of a text with HTML tags, if it has any: blocks as lines, list items after dashes.

    >>> plain_text("<p>What you'll do</p><ul><li>Train <b>models</b></li></ul>")
    "What you'll do\n- Train models"
    """
    if "<" not in text or not _LOOKS_LIKE_HTML.search(text):  # most have none, which is soon seen
        return text
    reader = _Reader()
    reader.feed(_NO_TAG.sub("&lt;", _COMMENT.sub("", text)))
    reader.close()
    return "\n".join(_BLANKS.sub(" ", line).strip() for line in "".join(reader.pieces).split("\n")).strip()


def is_hidden(attributes: Sequence[tuple[str, str | None]]) -> bool:
    """Return whether the attributes of a tag keep its content from being seen."""
    found = dict(attributes)
    style = found.get("style") or ""
    return "hidden" in found or bool(_INVISIBLE.search(style) and not _DARK_BACKGROUND.search(style))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = ""  # the tag inside which nothing is seen
        self._depth = 0  # of that tag inside itself
        self._before = ""  # what goes before the next words: a new line, a dash

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag in _UNSEEN or (tag not in _VOID and is_hidden(attrs)):
            self._unseen, self._depth = tag, 1
        elif tag == "br":
            self.pieces.append("\n")
        elif tag in _BLOCKS:
            self._before = "\n- " if tag == "li" else self._before or "\n"

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            self._unseen = self._unseen if self._depth else ""
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
