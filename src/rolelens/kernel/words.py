"""Where words end."""

from __future__ import annotations

from rolelens.kernel.jit import at, compiled, inlined
from rolelens.kernel.tables import ALPHANUMERIC, DIGIT, LETTER, SYLLABLE, WESTERN

_PLUS, _HASH = 43, 35


@inlined
def word_end(letters, kinds, start, end):
    """Return where the word that starts at a letter, digit or syllable ends; `start` itself if it is no word."""
    kind, place = kinds[at(start)], start + 1
    if kind & SYLLABLE:
        while place < end and kinds[at(place)] & SYLLABLE:
            place += 1
        return place
    if kind & DIGIT:
        while place < end and kinds[at(place)] & DIGIT:
            place += 1
        if place == end or not kinds[at(place)] & LETTER:
            return start
    while place < end and kinds[at(place)] & WESTERN:
        place += 1
    return sign_end(letters, place, end) if kind & LETTER else place


@inlined
def sign_end(letters, place, end):
    """Return where the ++ or # ends that may follow a word that begins with a letter."""
    if place < end and letters[at(place)] == _HASH:
        return place + 1
    if place + 1 < end and letters[at(place)] == _PLUS and letters[at(place + 1)] == _PLUS:
        return place + 2
    return place


@compiled
def has_words(letters, kinds, start, end, wanted):
    """Return whether a text has so many words."""
    place, count = start, 0
    while place < end:
        if kinds[at(place)] & ALPHANUMERIC:
            close = word_end(letters, kinds, place, end)
            if close > place:
                count += 1
                if count == wanted:
                    return True
                place = close
                continue
            while place < end and kinds[at(place)] & DIGIT:
                place += 1
        else:
            place += 1
    return False
