"""A section becomes hits, clause by clause: phrases and documented duties, with the words they stand on."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.tables import (
    ALONE,
    ALPHANUMERIC,
    BULLET,
    DIGIT,
    FIRST_SYLLABLE,
    LETTER,
    LOWER,
    SPACE,
    SYLLABLE,
    UPPER,
    find,
    is_function,
    mixed,
    phrase_of,
    unit_of,
    word_of,
)
from rolelens.kernel.words import OFFSET, PRIME, letters_hash, stem_end, word_and_hash
from rolelens.text import MAX_GAP

_NEWLINE, _COMMA, _DASH, _BLANK = 10, 44, 45, 32
_OFFSET_BITS = 32  # a place is a word's number and an offset in it
_OFFSET_MASK = (1 << _OFFSET_BITS) - 1


@compiled
def read_clause(codes, start, end, section, lexicon, scan):
    """Add the words of a clause and the hits among them."""
    flags, words, clause, found, count = lexicon.flags, lexicon.words, scan.clause, scan.found, 0
    previous, previous_end, place, openings = -1, start, start, False
    while place < end:
        flag = flags[codes[place]]
        if not flag & ALPHANUMERIC:
            place += 1
            continue
        close, value = word_and_hash(codes, place, end, flags)
        if close == place:
            while place < end and flags[codes[place]] & DIGIT:
                place += 1
            continue
        hangul = flag & SYLLABLE
        if hangul:
            value = letters_hash(codes, place, stem_end(codes, place, close, lexicon.endings))
        word = find(words, value)
        unit = unit_of(word) if word >= 0 and not hangul else -1
        own = _number_of_word(codes, place, close, section, flags, scan.words, found)
        clause[count, 0], clause[count, 1], clause[count, 2] = place, close, hangul
        clause[count, 3], clause[count, 4] = unit, own
        count += 1
        openings = openings or hangul or unit >= 0
        if word >= 0 and is_function(word):
            previous = -1
        elif word >= 0:
            if phrase_of(word) >= 0:
                _add_hit(scan.hits, found, phrase_of(word), section, own, own)
            if previous >= 0:
                key = np.uint64(previous + 1) << np.uint64(32) | np.uint64(word_of(word) + 1)
                pair = find(lexicon.pairs, mixed(key * PRIME))
                if pair >= 0 and not _has_comma(codes, previous_end, place):
                    _add_hit(scan.hits, found, pair, section, own - 1, own)
            previous = word_of(word)
        else:
            previous = -1
        previous_end = place = close
    if openings:
        for number in range(count):
            if clause[number, 2]:
                _read_pieces(codes, number, count, section, lexicon.pieces, lexicon, scan)
            elif clause[number, 3] >= 0:
                unit = clause[number, 3]
                _read_patterns(codes, number, count, 0, unit, section, lexicon.patterns, lexicon.phrases, scan)


@inlined
def _number_of_word(codes, start, end, section, flags, words, found):
    """Add a word, or lengthen the one before where a clause ended inside it; return its number."""
    last = found[1] - 1
    if (
        last >= 0
        and words[last, 1] == start
        and words[last, 2] == section
        and flags[codes[start]] & LETTER
        and flags[codes[start - 1]] & (LETTER | DIGIT)
    ):
        words[last, 1] = end
        return last
    last += 1
    words[last, 0], words[last, 1], words[last, 2] = start, end, section
    found[1] += 1
    return last


@inlined
def _has_comma(codes, start, end):
    for place in range(start, end):
        if codes[place] == _COMMA:
            return True
    return False


@inlined
def _add_hit(hits, found, key, section, first, last):
    row = found[2]
    hits[row, 0], hits[row, 1], hits[row, 2], hits[row, 3] = key, section, first, last
    if row < len(hits) - 1:  # the last row takes what no posting of human length brings
        found[2] += 1


@inlined
def _read_pieces(codes, number, count, section, pieces, lexicon, scan):
    """Add the hits that begin inside a Hangul word."""
    start, end, own = scan.clause[number, 0], scan.clause[number, 1], scan.clause[number, 4]
    for opening in range(start, end):
        lengths = pieces.lengths[codes[opening] - FIRST_SYLLABLE] >> 1
        value, place = OFFSET, opening
        while lengths and place < end:
            value = (value ^ np.uint64(codes[place])) * PRIME
            place += 1
            if lengths & 1:
                piece = find(pieces.table, mixed(value))
                if piece >= 0:
                    if phrase_of(piece) >= 0:
                        _add_hit(scan.hits, scan.found, phrase_of(piece), section, own, own)
                    unit = unit_of(piece)
                    if unit >= 0:
                        offset = place - start
                        _read_patterns(
                            codes, number, count, offset, unit, section, lexicon.patterns, lexicon.phrases, scan
                        )
            lengths >>= 1


@inlined
def _read_patterns(codes, number, count, offset, unit, section, patterns, phrases, scan):
    """Add the documented phrases that begin with a unit found in a word, up to `offset` of it."""
    clause = scan.clause
    english, hangul = _neighbourhood(codes, number, count, offset, clause)
    for pattern in range(patterns.of_unit[unit], patterns.of_unit[unit + 1]):
        bit = patterns.bit[pattern]
        if bit != ALONE and not (english if bit < 64 else hangul) >> np.uint64(bit % 64) & np.uint64(1):
            continue  # as nearly all do
        first, last = patterns.start[pattern] + 1, patterns.start[pattern + 1]
        token = _follow(codes, first, last, number, offset, count, patterns, clause)
        if token >= 0:
            key = phrases + patterns.duty[pattern]
            _add_hit(scan.hits, scan.found, key, section, clause[number, 4], clause[token, 4])


@inlined
def _neighbourhood(codes, number, count, offset, clause):
    """Return bit sets of the English units and of the syllables that may follow a place in a word."""
    english, hangul = np.uint64(0), np.uint64(0)
    for following in range(number + 1, min(count, number + 2 + MAX_GAP)):
        if clause[following, 3] >= 0:
            english |= np.uint64(1) << np.uint64(clause[following, 3] % 64)
        if clause[following, 2] and following < number + 1 + MAX_GAP:
            start = clause[following, 0]
            for place in range(start, min(start + MAX_GAP + 1, clause[following, 1])):
                hangul |= np.uint64(1) << np.uint64(codes[place] % 64)
    if clause[number, 2]:
        for place in range(clause[number, 0] + offset, clause[number, 1]):
            hangul |= np.uint64(1) << np.uint64(codes[place] % 64)
    return english, hangul


@compiled
def _follow(codes, first, last, start, offset, count, patterns, clause):
    """Return the word where a documented phrase ends, or -1 if the rest of it does not follow.

    A unit may stand in the same Hangul word or in a later one; where the former leads nowhere, the latter is tried.
    `later` has a bit for each unit that must stand in a later word.
    """
    later = 0
    while True:
        place, within, matched, same_word = start, offset, first, -1
        while matched < last:
            forced = later >> (matched - first) & 1
            found, stays = _next_place(codes, matched, place, within, count, patterns, clause, forced)
            if found < 0:
                break
            if stays:
                same_word = matched
            place, within = found >> _OFFSET_BITS, found & _OFFSET_MASK
            matched += 1
        if matched == last:
            return place
        if same_word < 0:
            return -1
        bit = same_word - first
        later = later & ((1 << bit) - 1) | 1 << bit


@compiled
def _next_place(codes, matched, place, within, count, patterns, clause, forced):
    """Return the word and offset in it where a unit ends, or -1; and whether it is still the same Hangul word."""
    unit = patterns.units[matched]
    first, length = patterns.unit_start[unit], patterns.unit_start[unit + 1] - patterns.unit_start[unit]
    text = patterns.unit_text
    if text[first] < FIRST_SYLLABLE:
        for following in range(place + 1, min(count, place + 2 + MAX_GAP)):
            if clause[following, 3] == unit:
                return following << _OFFSET_BITS, False
        return -1, False
    if clause[place, 2] and not forced:
        found = _place_of_unit(codes, clause[place, 0], within, clause[place, 1], text, first, length)
        if found >= 0:
            return place << _OFFSET_BITS | (found + length), True
    for following in range(place + 1, min(count, place + 1 + MAX_GAP)):
        if clause[following, 2]:
            found = _place_of_unit(codes, clause[following, 0], 0, clause[following, 1], text, first, length)
            if 0 <= found <= MAX_GAP:
                return following << _OFFSET_BITS | (found + length), False
    return -1, False


@compiled
def _place_of_unit(codes, start, offset, end, text, first, length):
    """Return how far into a word a unit stands, from an offset on, or -1."""
    for place in range(start + offset, end - length + 1):
        same = 0
        while same < length and codes[place + same] == text[first + same]:
            same += 1
        if same == length:
            return place - start
    return -1


@inlined
def _is_glued(codes, text, place, end, flags):
    """Return whether a line begins in the middle of a word: "teamBuild models"."""
    if place == text or place + 3 >= end or not flags[codes[place]] & UPPER:
        return False
    if not (flags[codes[place - 1]] & (LOWER | SYLLABLE) or codes[place - 1] == 0x29):
        return False
    after = place + 1
    while after < end and flags[codes[after]] & LOWER:
        after += 1
    return after > place + 1 and after + 1 < end and codes[after] == _BLANK and flags[codes[after + 1]] & LOWER != 0


@compiled
def read_section(codes, text, start, end, section, lexicon, scan):
    """Read the clauses of a section."""
    flags, begin, place = lexicon.flags, start, start
    while place < end:
        code = codes[place]
        flag = flags[code]
        if flag & (LOWER | SYLLABLE | DIGIT):
            place += 1
            continue
        width = -1  # of the separator here
        if flag & UPPER:
            if _is_glued(codes, text, place, end, flags):
                width = 0
        elif code == _NEWLINE or flag & BULLET:
            width = 1
        elif code in (0x2E, 0x21, 0x3F, 0x3B):
            if place + 1 == end or flags[codes[place + 1]] & SPACE:
                width = 1
        elif code == _BLANK:
            if place + 2 < end and codes[place + 1] == _DASH and codes[place + 2] == _BLANK:
                width = 3
        elif code == _COMMA:
            if place + 1 < end and (flags[codes[place + 1]] & (SYLLABLE | UPPER) or codes[place + 1] == _DASH):
                width = 1
        elif code == _DASH and place > text and flags[codes[place - 1]] & SYLLABLE:
            if place + 2 < end and codes[place + 1] == _BLANK and flags[codes[place + 2]] & (SYLLABLE | UPPER):
                width = 2
            elif place + 1 < end and flags[codes[place + 1]] & (SYLLABLE | UPPER):
                width = 1
        if width >= 0:
            if place > begin:
                read_clause(codes, begin, place, section, lexicon, scan)
            begin = place + width
        place += max(width, 1)
    if begin < end:
        read_clause(codes, begin, end, section, lexicon, scan)
