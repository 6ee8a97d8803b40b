"""Text measured in terminal columns, of which Hangul takes two a letter."""

from __future__ import annotations

import unicodedata

WIDTH = 80


def columns(text: str) -> int:
    """Return how many terminal columns a text takes.

    >>> columns("AI 개발자")
    9
    """
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def pad(text: str, width: int) -> str:
    """Return a text filled with spaces to a width."""
    return text + " " * (width - columns(text))


def cut(text: str, width: int) -> str:
    """Return a printable text of at most a width, an ellipsis where something went.

    >>> cut("데이터 과학자", 9)
    '데이터 …'
    """
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    if columns(text) <= width:
        return text
    while columns(text) > width - 1:
        text = text[:-1]
    return text + "…"


def wrap(text: str, indent: int = 0, width: int = WIDTH) -> str:
    """Return a text broken between words into indented lines of at most a width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if columns(longer) <= width - indent or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(" " * indent + line for line in lines)
