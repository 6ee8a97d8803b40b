"""Words become phrases: each by itself, with the one before it, and the pieces of Hangul words."""

from __future__ import annotations

from array import array

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.hashing import grown, paired
    from rolelens.reading.kinds import CHARACTER, FIRST_SYLLABLE, LAST_SYLLABLE, SYLLABLE
    from rolelens.reading.table import HashTable

from rolelens.reading.characters import symbols_of
from rolelens.reading.table import key_of
from rolelens.reading.vocabulary import FUNCTION_WORDS

SUBSTRING = "~"  # marks a phrase that is a piece of a Hangul word rather than a whole one
SUBSTRING_SYLLABLES = (2, 3)
OF_PIECE = 0xD6E8FEB86659FD93  # what parts the keys of pieces from those of words
GRAMMAR = -2  # the number of a word of grammar
EVERY = -3  # that of a phrase where every phrase is wanted, known or not

_OF_PIECE = cython.declare(cython.ulonglong, OF_PIECE)

_FEWEST = cython.declare(cython.Py_ssize_t, SUBSTRING_SYLLABLES[0])
_MOST = cython.declare(cython.Py_ssize_t, SUBSTRING_SYLLABLES[1])
_GRAMMAR = cython.declare(cython.int, GRAMMAR)
_EVERY = cython.declare(cython.int, EVERY)
_MARK = cython.declare(cython.uint, ord(SUBSTRING))
_BLANK = cython.declare(cython.uint, 0x20)
_NEWLINE = cython.declare(cython.uint, 0x0A)


@cython.final
@cython.cclass
class Phrases:
    """The phrases of a vocabulary; without one, every phrase is found, numbered EVERY and told apart by its key."""

    def __init__(self, vocabulary: str | None) -> None:
        """Number the phrases of a vocabulary, one a line."""
        self.every = vocabulary is None
        listed = vocabulary or ""
        self.count = listed.count("\n") + 1 if listed else 0
        self.table = HashTable(self.count + len(FUNCTION_WORDS))
        for word in FUNCTION_WORDS:
            self.table.set(key_of(word), GRAMMAR)
        self.piece_lengths = array("B", bytes(LAST_SYLLABLE - FIRST_SYLLABLE + 1))
        symbols: cython.uint[::1] = symbols_of(listed)
        start: cython.Py_ssize_t = 0
        place: cython.Py_ssize_t
        number: cython.int = 0
        end: cython.Py_ssize_t = len(listed)
        for place in range(end + 1):
            if place < end and symbols[place] & CHARACTER != _NEWLINE:
                continue
            if place > start:
                self.table.add(_key(symbols, start, place), number)
                if symbols[start] & CHARACTER == _MARK and symbols[start + 1] & SYLLABLE:
                    self.piece_lengths[(symbols[start + 1] & CHARACTER) - FIRST_SYLLABLE] |= 1 << (place - start - 1)
                number += 1
            start = place + 1

    def find(self, sheet):
        """Add the phrases of all words of a posting to its hits."""
        before: cython.int = _GRAMMAR
        before_key: cython.ulonglong = 0
        touched: cython.ulonglong = 0
        word: cython.Py_ssize_t
        sheet.hits = sheet.candidates = 0
        sheet.crowded = False
        for word in range(sheet.words):
            touched ^= self.table.touch(sheet.word_key[word])
        for word in range(sheet.words):
            if sheet.symbols[sheet.word_start[word]] & SYLLABLE:
                self.list_pieces(sheet, word)
            key: cython.ulonglong = sheet.word_key[word]
            number: cython.int = self.table.look_up(key)
            if number != _GRAMMAR:
                if number >= 0 or self.every:
                    sheet.add_hit(number if number >= 0 else _EVERY, word, word, key)
                if before != _GRAMMAR and sheet.word_joined[word]:
                    touched ^= self.list_candidate(sheet, paired(before_key, key), word - 1, word)
            before, before_key = number, key
        sheet.key = touched  # or it would not be looked at
        candidate: cython.Py_ssize_t
        for candidate in range(sheet.candidates):
            key = sheet.candidate_key[candidate]
            number = self.table.look_up(key)
            if number >= 0 or self.every:
                sheet.add_hit(
                    number if number >= 0 else _EVERY,
                    sheet.candidate_first[candidate],
                    sheet.candidate_last[candidate],
                    key,
                )

    def list_candidate(self, sheet, key, first, last):
        """List a phrase that may be known, to be looked up when all are listed: no look at memory waits for another."""
        sheet.candidate_key[sheet.candidates] = key
        sheet.candidate_first[sheet.candidates], sheet.candidate_last[sheet.candidates] = first, last
        likely: cython.bint = self.every or self.table.may_have(key)
        sheet.candidates += likely
        return self.table.touch(key) if likely else 0

    def list_pieces(self, sheet, word):
        """List the pieces of a Hangul word."""
        start: cython.Py_ssize_t = sheet.word_start[word]
        end: cython.Py_ssize_t = sheet.word_end[word]
        first: cython.Py_ssize_t
        for first in range(start, end - 1):
            lengths: cython.uint = self.piece_lengths[(sheet.symbols[first] & CHARACTER) - FIRST_SYLLABLE]
            if not lengths and not self.every:
                continue
            value: cython.ulonglong = _OF_PIECE
            stop: cython.Py_ssize_t
            for stop in range(first, min(end, first + _MOST)):
                value = grown(value, sheet.symbols[stop] & CHARACTER)
                if stop - first + 1 >= _FEWEST and (lengths >> (stop - first + 1) & 1 or self.every):
                    self.list_candidate(sheet, value, word, word)


def _key(symbols, start, end):
    """Return the key of a phrase as it is written in a vocabulary."""
    value: cython.ulonglong = 0
    first: cython.ulonglong = 0
    is_pair: cython.bint = False
    if symbols[start] & CHARACTER == _MARK:
        value = _OF_PIECE
        start += 1
    place: cython.Py_ssize_t
    for place in range(start, end):
        if symbols[place] & CHARACTER == _BLANK:
            first, value, is_pair = value, 0, True
        else:
            value = grown(value, symbols[place] & CHARACTER)
    return paired(first, value) if is_pair else value
