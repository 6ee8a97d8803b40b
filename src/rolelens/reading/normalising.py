"""Text in one form, whatever form it came in: composed letters, plain letters for their variants, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from rolelens.reading.kinds import INVISIBLE, JAMO, LIGATURES_AND_WIDE, MARKS

LONGEST_CLUSTER = 16  # marks on one letter that are composed with it; nobody writes more

# Ligatures, full-width and mathematical letters are the plain ones; circled numbers stay what they are, as lists are
# numbered with them, and the brackets of East Asia mean what they say.
_COMPATIBLE = LIGATURES_AND_WIDE + "\U0001d400-\U0001d7ff"
_UNUSUAL = re.compile(f"\\r\\n?|[{INVISIBLE}]|[{_COMPATIBLE}]|[{JAMO}]+|[^\\s{MARKS}{INVISIBLE}]?[{MARKS}]+")


class Normalised(NamedTuple):
    """A text in one form, and the place in the text as given of each of its characters and of its end.

    `places` is None where the text was in that form already.
    """

    text: str
    places: Sequence[int] | None

    def as_given(self, start: int, end: int) -> tuple[int, int]:
        """Return where a piece of the text stands in the text as given."""
        return (start, end) if self.places is None else (self.places[start], self.places[end])


def normalised(text: str) -> Normalised:
    r"""Return a text in the one form that is read.

    >>> normalised("\u1112\u1161\u11ab\ufb01").text
    '한fi'
    """
    parts: list[str] = []
    places = array("I")
    position = 0
    for match in _UNUSUAL.finditer(text):
        start, end = match.span()
        plain = _plain(match.group())
        parts += (text[position:start], plain)
        places.extend(range(position, start))
        places.extend([start] * len(plain) if end - start != len(plain) else range(start, end))
        position = end
    if not parts:
        return Normalised(text, None)
    parts.append(text[position:])
    places.extend(range(position, len(text) + 1))
    return Normalised("".join(parts), places)


def _plain(piece: str) -> str:
    if piece[0] == "\r":
        return "\n"
    if len(piece) == 1 and unicodedata.category(piece) in ("Cf", "Mn"):
        return ""
    if unicodedata.combining(piece[-1]) and len(piece) > LONGEST_CLUSTER:
        piece = piece[:LONGEST_CLUSTER]
    return unicodedata.normalize("NFKC" if len(piece) == 1 else "NFC", piece)
