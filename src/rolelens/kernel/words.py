"""Where words end, and what they tell of the language."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.hashes import BASE, find, mixed
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.marks import piece_hash
from rolelens.kernel.tables import ALPHANUMERIC, DIGIT, ENGLISH, FIRST_SYLLABLE, FOREIGN, LETTER, SYLLABLE
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
    while place < end and flags[codes[place]] & (LETTER | DIGIT):
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


@compiled
def language(codes, start, end, flags, common_words):
    """Return the language of a text."""
    end = min(end, start + LANGUAGE_CHARACTERS)
    latin, hangul, accented, foreign = 0, 0, 0, 0
    words, english, other = 0, 0, 0
    value, power, inside = np.uint64(0), np.uint64(1), False
    for place in range(start, end + 1):
        code = codes[place] if place < end else np.uint32(0)
        letter = flags[code] & LETTER
        if letter or (0xC0 <= code <= 0xFF and code != 0xD7 and code != 0xF7):  # a western letter
            small = code + 32 if (letter and code <= 90) or 0xC0 <= code <= 0xDE else code
            value, power, inside = value + np.uint64(small) * power, power * BASE, True
            latin += letter != 0
            accented += letter == 0
            continue
        if inside:
            kind = find(common_words, mixed(value))
            words += 1
            english += kind == ENGLISH
            other += kind == FOREIGN
            value, power, inside = np.uint64(0), np.uint64(1), False
        if code < 0x80:
            continue
        if FIRST_SYLLABLE <= code <= 0xD7A3:
            hangul += 1
        elif 0xC0 <= code <= 0x24F:
            accented += 1
        elif 0x370 <= code <= 0x1FFF or 0x3040 <= code <= 0x30FF or 0x4E00 <= code <= 0x9FFF:
            foreign += 1
    letters = latin + hangul + accented + foreign
    if letters == 0:
        return UNKNOWN
    if 2 * foreign > letters:
        return OTHER_LANGUAGE
    if hangul * 10 >= letters:
        return IN_KOREAN
    if other >= 3 and other > 2 * english and (other * 10 >= words or accented * 50 >= letters):
        return OTHER_LANGUAGE
    return IN_ENGLISH if english else UNKNOWN
