"""Text in one form, whatever form it came in: composed letters, plain letters for their variants, nothing invisible."""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.kinds import UNUSUAL

from rolelens.reading.characters import symbols_of

LONGEST = 4  # characters that one stands for: the ligature ﬃ is three

_RETURN = cython.declare(cython.uint, 0x0D)
_NEWLINE = cython.declare(cython.uint, 0x0A)


class Normalised(NamedTuple):
    """A text in one form, and the place in the text as given of each of its characters and of its end.

    `places` is None where the text was in that form already.
    """

    text: str
    places: Sequence[int] | None


def normalised(text: str) -> Normalised:
    r"""Return a text in the one form that is read.

    Ligatures, full-width and mathematical letters are the plain ones. Circled numbers stay what they are, as lists are
    numbered with them, and the brackets of East Asia mean what they say. Letters taken apart are put together again,
    each mark with what it stands on, so that this takes time in proportion to the text.

    >>> normalised("\u1112\u1161\u11ab \ufb01t\r\n").text
    '한 fit\n'
    """
    symbols: cython.uint[::1] = symbols_of(text)
    given = array("I")
    given.frombytes(text.encode("utf-32-le", "surrogatepass"))
    codes: cython.uint[::1] = given or array("I", [0])
    count: cython.Py_ssize_t = len(text)
    found, from_place = array("I", bytes(4 * LONGEST * count + 4)), array("I", bytes(4 * LONGEST * count + 4))
    out: cython.uint[::1] = found
    places: cython.uint[::1] = from_place
    written: cython.Py_ssize_t = 0
    changed: cython.bint = False
    # What was asked last is often asked again.
    last_base: cython.uint = 0
    last_mark: cython.uint = 0
    joined: cython.uint = 0
    unchanged: cython.uint = 0
    place: cython.Py_ssize_t
    for place in range(count):
        code: cython.uint = codes[place]
        if not symbols[place] & UNUSUAL:
            out[written], places[written] = code, place
            written += 1
            continue
        if code == _RETURN:
            changed = True
            if place + 1 == count or codes[place + 1] != _NEWLINE:
                out[written], places[written] = _NEWLINE, place
                written += 1
            continue
        if written and places[written - 1] < place:
            if out[written - 1] != last_base or code != last_mark:
                last_base, last_mark = out[written - 1], code
                joined = _joined(last_base, code)
            if joined:
                out[written - 1] = joined
                changed = True
                continue
        if code == unchanged:
            out[written], places[written] = code, place
            written += 1
            continue
        plain: str = _plain(code)
        if len(plain) == 1 and ord(plain) == code:
            unchanged = code
        changed = changed or len(plain) != 1 or ord(plain) != code
        for letter in plain:
            out[written], places[written] = ord(letter), place
            written += 1
    if not changed:
        return Normalised(text, None)
    places[written] = count
    return Normalised(found[:written].tobytes().decode("utf-32-le", "surrogatepass"), from_place[: written + 1])


@cache
def _plain(code: int) -> str:
    """Return what an unusual character stands for: nothing, if it cannot be seen."""
    letter = chr(code)
    if unicodedata.category(letter) == "Cf" or 0xFE00 <= code <= 0xFE0F:
        return ""
    plain = unicodedata.normalize("NFKC", letter)
    return plain if plain.isprintable() and len(plain) <= LONGEST else letter


@cache
def _joined(code: int, mark: int) -> int:
    """Return the one character that two are together, 0 if they stay two."""
    if unicodedata.category(chr(mark))[0] not in "LM":
        return 0
    both = unicodedata.normalize("NFC", chr(code) + chr(mark))
    return ord(both) if len(both) == 1 else 0
