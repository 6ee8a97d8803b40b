"""A section becomes hits, clause by clause: phrases and documented duties, with the words they stand on."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.hashes import BASE, find, mixed, passes
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.marks import piece_hash
from rolelens.kernel.tables import (
    ALONE,
    ALPHANUMERIC,
    BREAK,
    BULLET,
    DIGIT,
    FIRST_SYLLABLE,
    LETTER,
    LOWER,
    SPACE,
    SYLLABLE,
    UPPER,
    is_function,
    phrase_of,
    unit_of,
    word_of,
)
from rolelens.kernel.words import stem_end
from rolelens.text import MAX_GAP

NO_WORDS = MAX_GAP + 1  # rows without a word after the words of a clause: no phrase reaches beyond them
_NEWLINE, _COMMA, _DASH, _BLANK, _HASH, _PLUS = 10, 44, 45, 32, 35, 43
_OFFSET_BITS = 32  # a place is a word's number and an offset in it
_OFFSET_MASK = (1 << _OFFSET_BITS) - 1


@inlined
def read_section(codes, text, start, end, section, edge, lexicon, scan):
    """Add the words of a section and the hits among them; return the number of the first edge beyond it.

    Clauses part from `text` on, where the text of the posting starts: in a title, which has none, that is `end`.
    """
    flags, edges, clause = lexicon.flags, scan.marks.edges, scan.clause
    while edges[edge] <= start:
        edge += 1
    place, opened, count, previous, comma = start, 0, 0, -1, False
    while place < end:
        flag = flags[codes[place]]
        stop, edge = _next_edge(edges, edge, end)
        parts, word_stop = False, place
        if flag & ALPHANUMERIC:
            parts = flag & UPPER != 0 and _is_glued(codes, text, place, end, flags)
            word_stop = stop
            if not flag & SYLLABLE:
                # The capital inside a word is an edge, and mostly no more than that.
                while stop < end and flags[codes[stop]] & LETTER and not _is_glued(codes, text, stop, end, flags):
                    stop, edge = _next_edge(edges, edge, end)
                word_stop = _latin_end(codes, place, stop, end, flags)
        elif flag & BREAK:
            comma = comma or codes[place] == _COMMA
            parts = text < end and _parts_clauses(codes, text, start, place, end, flags)
        if parts and count > opened:
            count, previous, comma = _without_words(clause, count), -1, False
            opened = count
        if word_stop > place:
            before = -1 if comma else previous
            previous = _add_word(codes, place, stop, word_stop, flag & SYLLABLE, section, before, count, lexicon, scan)
            count, comma = count + 1, False
        place = stop
    _read_documented(codes, _without_words(clause, count), section, lexicon, scan)
    return edge


@inlined
def _next_edge(edges, edge, end):
    """Return where the next edge is, `end` at most, and the number of the one to look at then."""
    return min(edges[edge], end), edge + (edges[edge] < end)


@inlined
def _add_word(codes, start, stop, end, hangul, section, previous, row, lexicon, scan):
    """Add a word, the phrase it is and that it makes with the one before; return its number, -1 if no phrase has it.

    Its letters and digits end at `stop`, before the signs of C++ and C#.
    """
    marks, found = scan.marks, scan.found
    close = stem_end(codes, marks, start, stop, lexicon.endings) if hangul else stop
    value = piece_hash(marks, start, close)
    for sign in range(stop, end):
        value += np.uint64(codes[sign]) * marks.powers[sign - start]
    word = find(lexicon.words, mixed(value))
    own = _number_of_word(codes, start, end, section, lexicon.flags, scan.words, found)
    clause = scan.clause
    clause[row, 0], clause[row, 1], clause[row, 2], clause[row, 4] = start, end, hangul, own
    clause[row, 3] = unit_of(word) if word >= 0 and not hangul else -1
    if word < 0 or is_function(word):
        return -1
    if phrase_of(word) >= 0:
        _add_hit(scan.hits, found, phrase_of(word), section, own, own)
    if previous >= 0:
        key = np.uint64(previous + 1) << np.uint64(32) | np.uint64(word_of(word) + 1)
        key = mixed(key * BASE)
        pair = find(lexicon.pairs, key) if passes(lexicon.likely_pairs, key) else -1
        if pair >= 0:
            _add_hit(scan.hits, found, pair, section, own - 1, own)
    return word_of(word)


@inlined
def _latin_end(codes, start, stop, end, flags):
    """Return where a word of letters and digits ends with its ++ or #; `start` itself if it is digits only."""
    if not flags[codes[start]] & LETTER:
        for place in range(start, stop):
            if flags[codes[place]] & LETTER:
                return stop
        return start
    if stop < end and codes[stop] == _HASH:
        return stop + 1
    if stop + 1 < end and codes[stop] == _PLUS and codes[stop + 1] == _PLUS:
        return stop + 2
    return stop


@inlined
def _without_words(clause, count):
    """End a clause after so many rows; return how many there are then."""
    for row in range(count, count + NO_WORDS):
        clause[row, 2], clause[row, 3] = 0, -1
    return count + NO_WORDS


@inlined
def _parts_clauses(codes, text, start, place, end, flags):
    """Return whether a character that may part clauses does."""
    code = codes[place]
    after = flags[codes[place + 1]] if place + 1 < end else SPACE
    if code == _NEWLINE or flags[code] & BULLET:
        return True
    if code == _COMMA:
        return place + 1 < end and (after & (SYLLABLE | UPPER) != 0 or codes[place + 1] == _DASH)
    if code != _DASH:
        return after & SPACE != 0
    if place + 1 == end:
        return False
    blank = codes[place + 1] == _BLANK
    if blank and place > start and codes[place - 1] == _BLANK:
        return True
    if place == text or not flags[codes[place - 1]] & SYLLABLE:
        return False
    if blank:
        return place + 2 < end and flags[codes[place + 2]] & (SYLLABLE | UPPER) != 0
    return after & (SYLLABLE | UPPER) != 0


@inlined
def _read_documented(codes, count, section, lexicon, scan):
    """Add the hits that begin inside Hangul words, and the documented phrases that begin with any word."""
    clause = scan.clause
    for number in range(count):
        if clause[number, 2]:
            _read_pieces(codes, number, section, lexicon.pieces, lexicon, scan)
        elif clause[number, 3] >= 0:
            _read_patterns(codes, number, 0, clause[number, 3], section, lexicon.patterns, lexicon.phrases, scan)


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
def _add_hit(hits, found, key, section, first, last):
    row = found[2]
    hits[row, 0], hits[row, 1], hits[row, 2], hits[row, 3] = key, section, first, last
    if row < len(hits) - 1:  # the last row takes what no posting of human length brings
        found[2] += 1


@inlined
def _read_pieces(codes, number, section, pieces, lexicon, scan):
    """Add the hits that begin inside a Hangul word."""
    start, end, own = scan.clause[number, 0], scan.clause[number, 1], scan.clause[number, 4]
    for opening in range(start, end):
        lengths, place = pieces.lengths[codes[opening] - FIRST_SYLLABLE] >> 1, opening + 1
        while lengths and place <= end:
            if lengths & 1:
                key = mixed(piece_hash(scan.marks, opening, place))
                piece = find(pieces.table, key) if passes(pieces.sieve, key) else -1
                if piece >= 0:
                    if phrase_of(piece) >= 0:
                        _add_hit(scan.hits, scan.found, phrase_of(piece), section, own, own)
                    if unit_of(piece) >= 0:
                        _read_patterns(
                            codes,
                            number,
                            place - start,
                            unit_of(piece),
                            section,
                            lexicon.patterns,
                            lexicon.phrases,
                            scan,
                        )
            lengths >>= 1
            place += 1


@inlined
def _read_patterns(codes, number, offset, unit, section, patterns, phrases, scan):
    """Add the documented phrases that begin with a unit found in a word, up to `offset` of it."""
    begin, end = patterns.of_unit[unit], patterns.of_unit[unit + 1]
    if begin == end:
        return
    clause = scan.clause
    english, hangul = _neighbourhood(codes, number, offset, clause)
    for pattern in range(begin, end):
        bit = patterns.bit[pattern]
        if bit != ALONE and not (english if bit < 64 else hangul) >> np.uint64(bit % 64) & np.uint64(1):
            continue  # as nearly all do
        first, last = patterns.start[pattern] + 1, patterns.start[pattern + 1]
        token = _follow(codes, first, last, number, offset, patterns, clause)
        if token >= 0:
            key = phrases + patterns.duty[pattern]
            _add_hit(scan.hits, scan.found, key, section, clause[number, 4], clause[token, 4])


@inlined
def _neighbourhood(codes, number, offset, clause):
    """Return bit sets of the English units and of the syllables that may follow a place in a word."""
    english, hangul = np.uint64(0), np.uint64(0)
    for following in range(number + 1, number + 2 + MAX_GAP):
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
def _follow(codes, first, last, start, offset, patterns, clause):
    """Return the word where a documented phrase ends, or -1 if the rest of it does not follow.

    A unit may stand in the same Hangul word or in a later one; where the former leads nowhere, the latter is tried.
    `later` has a bit for each unit that must stand in a later word.
    """
    later = 0
    while True:
        place, within, matched, same_word = start, offset, first, -1
        while matched < last:
            forced = later >> (matched - first) & 1
            found, stays = _next_place(codes, matched, place, within, patterns, clause, forced)
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
def _next_place(codes, matched, place, within, patterns, clause, forced):
    """Return the word and offset in it where a unit ends, or -1; and whether it is still the same Hangul word."""
    unit = patterns.units[matched]
    first, length = patterns.unit_start[unit], patterns.unit_start[unit + 1] - patterns.unit_start[unit]
    text = patterns.unit_text
    if text[first] < FIRST_SYLLABLE:
        for following in range(place + 1, place + 2 + MAX_GAP):
            if clause[following, 3] == unit:
                return following << _OFFSET_BITS, False
        return -1, False
    if clause[place, 2] and not forced:
        found = _place_of_unit(codes, clause[place, 0], within, clause[place, 1], text, first, length)
        if found >= 0:
            return place << _OFFSET_BITS | (found + length), True
    for following in range(place + 1, place + 1 + MAX_GAP):
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
    if place <= text or place + 3 >= end or not flags[codes[place]] & UPPER:
        return False
    if not (flags[codes[place - 1]] & (LOWER | SYLLABLE) or codes[place - 1] == 0x29):
        return False
    after = place + 1
    while after < end and flags[codes[after]] & LOWER:
        after += 1
    return after > place + 1 and after + 1 < end and codes[after] == _BLANK and flags[codes[after + 1]] & LOWER != 0
