"""Where words end, and what they tell of the language."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.hashes import BASE, find, mixed
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.marks import piece_hash
from rolelens.kernel.tables import (
    ALPHANUMERIC,
    DIGIT,
    ENGLISH,
    FIRST_SYLLABLE,
    FOREIGN,
    LETTER,
    SYLLABLE,
    SYLLABLES,
    WESTERN,
)
from rolelens.text import LANGUAGE_CHARACTERS, LONGEST_ENDING

OTHER_LANGUAGE, UNKNOWN, IN_ENGLISH, IN_KOREAN = 0, 1, 2, 3


@inlined
def lower(code):
    """Return a Latin letter in lower case, anything else as it is."""
    return code + 32 if 65 <= code <= 90 else code


@inlined
def word_end(codes, start, end, flags):
    """Return where the word that starts at a letter, digit or syllable ends; `start` itself if it is no word."""
    flag, place = flags[codes[start]], start + 1
    if flag & SYLLABLE:
        while place < end and flags[codes[place]] & SYLLABLE:
            place += 1
        return place
    if flag & DIGIT:
        while place < end and flags[codes[place]] & DIGIT:
            place += 1
        if place == end or not flags[codes[place]] & LETTER:
            return start
    while place < end and flags[codes[place]] & WESTERN:
        place += 1
    if flag & LETTER:
        if place + 1 < end and codes[place] == 43 and codes[place + 1] == 43:
            return place + 2
        if place < end and codes[place] == 35:
            return place + 1
    return place


@inlined
def stem_end(codes, marks, start, end, endings):
    """Return where a Hangul word ends without its particle or ending."""
    lengths = endings.lengths[codes[end - 1] - FIRST_SYLLABLE]
    if lengths:
        for length in range(min(LONGEST_ENDING, end - start - 2), 0, -1):
            if lengths >> length & 1 and find(endings.table, mixed(piece_hash(marks, end - length, end))) >= 0:
                return end - length
    return end


@compiled
def has_words(codes, start, end, flags, wanted):
    """Return whether a text has so many words."""
    place, count = start, 0
    while place < end:
        if flags[codes[place]] & ALPHANUMERIC:
            close = word_end(codes, place, end, flags)
            if close > place:
                count += 1
                if count == wanted:
                    return True
                place = close
                continue
            while place < end and flags[codes[place]] & DIGIT:
                place += 1
        else:
            place += 1
    return False


@inlined
def _is_western(code):
    """Return whether a character is a Latin letter, accented or not."""
    latin = np.uint32((code | 32) - 97) < 26
    return latin | (np.uint32(code - 0xC0) < 0x40) & (code != 0xD7) & (code != 0xF7)


@compiled
def language(codes, marks, start, common_words):
    """Return the language of a text that starts there."""
    text = codes[start : start + LANGUAGE_CHARACTERS]
    latin = hangul = accented = foreign = words = joints = np.int64(0)
    inside: np.bool_ = np.bool_(False)
    digit_before: np.bool_ = np.bool_(False)
    for place in range(len(text)):
        code = text[place]
        western = _is_western(code)
        latin += np.uint32((code | 32) - 97) < 26
        hangul += np.uint32(code - FIRST_SYLLABLE) < SYLLABLES
        accented += np.uint32(code - 0xC0) < 0x190
        foreign += (
            (np.uint32(code - 0x370) < 0x1C90) | (np.uint32(code - 0x3040) < 0xC0) | (np.uint32(code - 0x4E00) < 0x5200)
        )
        words += western & (not inside)
        digit = np.uint32(code - 48) < 10
        joints += (western & digit_before) | (digit & inside)
        inside, digit_before = western, digit
    letters = latin + hangul + accented + foreign
    if letters == 0:
        return UNKNOWN
    if 2 * foreign > letters:
        return OTHER_LANGUAGE
    if hangul * 10 >= letters:
        return IN_KOREAN
    if _is_plainly_english(codes, marks, start, start + len(text), words + joints, common_words):
        return IN_ENGLISH
    return _western_language(text, words, accented * 50 >= letters, common_words)


@inlined
def _is_plainly_english(codes, marks, start, end, words, common_words):
    """Return whether so many of at most so many words are common in English that no others could outweigh them.

    A piece with digits is taken for a word of no language, though it may hold one: hence "at most".
    """
    edges, edge, english, others = marks.edges, 0, 0, words
    while edges[edge] < start:
        edge += 1
    while edges[edge + 1] < end:
        opening, close = edges[edge], edges[edge + 1]
        edge += 1
        begins = _is_western(codes[opening]) and (opening == start or not _is_western(codes[opening - 1]))
        if begins and not _is_western(codes[close]):
            kind = find(common_words, mixed(piece_hash(marks, opening, close)))
            english += kind == ENGLISH
            others -= kind != FOREIGN
            if english and 2 * english >= others:
                return True
    return False


@inlined
def _western_language(text, words, is_accented, common_words):
    """Return the language that the common ones among the words of a text are of."""
    english, other, inside = 0, 0, False
    value, power = np.uint64(0), np.uint64(1)
    for place in range(len(text) + 1):
        code = text[place] if place < len(text) else np.uint32(0)
        if _is_western(code):
            small = code + 32 if code <= 90 or 0xC0 <= code <= 0xDE else code
            value, power, inside = value + np.uint64(small) * power, power * BASE, True
        elif inside:
            kind = find(common_words, mixed(value))
            english += kind == ENGLISH
            other += kind == FOREIGN
            value, power, inside = np.uint64(0), np.uint64(1), False
    if other >= 3 and other > 2 * english and (other * 10 >= words or is_accented):
        return OTHER_LANGUAGE
    return IN_ENGLISH if english else UNKNOWN
