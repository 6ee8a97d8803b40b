"""A posting's code points become hits: phrases and documented duties, by section, with the words they stand on.

Every rule here has its twin in `text.py`, `sections.py` or `features.py`, which say what it is for; the names are the
same. A test holds the two against each other on random text.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.tables import (
    ALL_SECTIONS,
    ALONE,
    ALPHANUMERIC,
    BULLET,
    COLON_PHRASE,
    DIGIT,
    ENGLISH,
    FIRST_SYLLABLE,
    FOREIGN,
    LETTER,
    LOWER,
    SPACE,
    SYLLABLE,
    UPPER,
    WORD,
    find,
    is_function,
    mixed,
    phrase_of,
    unit_of,
    word_of,
)
from rolelens.records import TITLE
from rolelens.sections import BODY, HEADING, MAX_HEADING_CHARS
from rolelens.text import LANGUAGE_CHARACTERS, LONGEST_ENDING, MAX_GAP

_TITLE, _BODY, _HEADING = (ALL_SECTIONS.index(name) for name in (TITLE, BODY, HEADING))
_DUTIES, _COMPANY = (ALL_SECTIONS.index(name) for name in ("duties", "company"))
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_MAX_TITLE_LINE = 80
_MOST_HEADINGS = 256  # in one line; no flattened posting has more
_NEWLINE, _COMMA, _DASH, _BLANK = 10, 44, 45, 32
_OFFSET_BITS = 32  # a place is a word's number and an offset in it
_OFFSET_MASK = (1 << _OFFSET_BITS) - 1
OTHER_LANGUAGE, UNKNOWN, IN_ENGLISH, IN_KOREAN = 0, 1, 2, 3


class Scan(NamedTuple):
    """Room for what is found in one posting, used again for the next.

    `spans` holds (section, start, end); `words` the (start, end, section) of every word of the posting; `hits` (key,
    section, first word, last word), the key being a phrase number, or the number of phrases plus that of a duty.
    `found` counts spans, words and hits. The others are scratch paper.
    """

    spans: npt.NDArray[np.int32]
    words: npt.NDArray[np.int32]
    hits: npt.NDArray[np.int32]
    found: npt.NDArray[np.int32]
    clause: npt.NDArray[np.int32]
    headings: npt.NDArray[np.int32]
    spaced: npt.NDArray[np.uint32]
    joined: npt.NDArray[np.uint32]
    taken: npt.NDArray[np.uint8]


def new_scan(longest: int) -> Scan:
    """Return room for postings of at most so many code points, title included."""
    words = longest + 2
    return Scan(
        spans=np.empty((4 * words, 3), dtype=np.int32),
        words=np.empty((words, 3), dtype=np.int32),
        hits=np.empty((12 * words + 1000, 4), dtype=np.int32),
        found=np.zeros(3, dtype=np.int32),
        clause=np.empty((words, 6), dtype=np.int32),
        headings=np.empty((_MOST_HEADINGS, 3), dtype=np.int32),
        spaced=np.empty(2 * words, dtype=np.uint32),
        joined=np.empty(words, dtype=np.uint32),
        taken=np.empty(2 * words, dtype=np.uint8),
    )


@inlined
def _lower(code):
    return code + 32 if 65 <= code <= 90 else code


@compiled
def _key_of(codes, start, end, flags):
    """Return the hash of `heading_key` and how many characters it has."""
    value, count = _OFFSET, 0
    for place in range(start, end):
        if flags[codes[place]] & ALPHANUMERIC:
            value = (value ^ np.uint64(_lower(codes[place]))) * _PRIME
            count += 1
    return mixed(value), count


@compiled
def _section_of(codes, start, end, flags, table):
    key, count = _key_of(codes, start, end, flags)
    return find(table, key) if count > 1 else -1


@compiled
def _is_about_name(codes, start, end, flags):
    """Return whether a line is "About Name", with at most two more words."""
    place = start
    while place < end and not flags[codes[place]] & (ALPHANUMERIC | WORD):
        place += 1
    if end - place < 7:
        return False
    for letter in (97, 98, 111, 117, 116):
        if _lower(codes[place]) != letter:
            return False
        place += 1
    if not flags[codes[place]] & SPACE:
        return False
    for number in range(3):
        after = place
        while after < end and flags[codes[after]] & SPACE:
            after += 1
        if after in (end, place):
            break
        code = codes[after]
        if number == 0 and not (flags[code] & LETTER or code in (0x130, 0x131, 0x17F, 0x212A)):
            return False
        while after < end and not flags[codes[after]] & SPACE:
            after += 1
        place = after
    for rest in range(place, end):
        if flags[codes[rest]] & (ALPHANUMERIC | WORD):
            return False
    return True


@compiled
def _opens(code):
    return code in (0x5B, 0x3010, 0x3C, 0x3008, 0x28, 0x300A, 0x300C)


@compiled
def _closes(code):
    return code in (0x5D, 0x3011, 0x3E, 0x3009, 0x29, 0x300B, 0x300D)


@compiled
def _bars_content(code):
    return code in (0x5B, 0x5D, 0x3010, 0x3011, 0x3C, 0x3E, 0x3008, 0x3009, 0x28, 0x29)


@compiled
def _bracketed_end(codes, start, end, flags):
    """Return where the bracket that opens at `start` closes, and its content's bounds; the end is -1 if it doesn't."""
    first = start + 1
    while first < end and flags[codes[first]] & SPACE:
        first += 1
    last = first
    while last < end and last - first <= 40:
        if last - first >= 2:
            after = last
            while after < end and flags[codes[after]] & SPACE:
                after += 1
            if after < end and _closes(codes[after]):
                return after + 1, first, last
        if _bars_content(codes[last]):
            break
        last += 1
    return -1, first, last


@compiled
def _colon_start(codes, line, free, colon, flags):
    """Return where the phrase before a colon starts, at `free` or later, and where it ends; the start is -1 if none."""
    last = colon
    while last > free and flags[codes[last - 1]] & SPACE:
        last -= 1
    start, place = -1, last - 1
    while place >= free and last - place <= 46:
        code = codes[place]
        flag = flags[code]
        if not flag & (LETTER | SYLLABLE | COLON_PHRASE):
            break
        if flag & (UPPER | SYLLABLE) and colon - place >= 3:
            padded = max(last, place + 3)  # a phrase has three characters or more, if need be with blanks
            blank = True
            for extra in range(last, padded):
                blank = blank and codes[extra] == _BLANK
            before = codes[place - 1] if place > line else np.uint32(0)
            if blank and (
                place == line or flags[before] & (SPACE | LOWER | SYLLABLE) or before in (0x2E, 0x21, 0x3F, 0x29, 0x5D)
            ):
                start = place
        place -= 1
    return start, last


@compiled
def _add_span(spans, found, section, start, end):
    row = found[0]
    spans[row, 0], spans[row, 1], spans[row, 2] = section, start, end
    found[0] += 1


@compiled
def _split_sections(codes, start, end, flags, table, background, scan):
    """Fill `scan.spans` with the sections of a text."""
    scan.found[0] = 0
    section, position = _BODY, start
    line = start
    headings = scan.headings
    while line < end:
        if codes[line] == _NEWLINE:
            line += 1
            continue
        stop = line
        marked = False  # by a colon or bracket
        while stop < end and codes[stop] != _NEWLINE:
            code = codes[stop]
            marked = marked or code == 0x3A or code == 0xFF1A or _opens(code)
            stop += 1
        count = 0
        if stop - line <= MAX_HEADING_CHARS:
            found = _section_of(codes, line, stop, flags, table)
            if found < 0 and _is_about_name(codes, line, stop, flags):
                found = _COMPANY
            if found >= 0:
                headings[0, 0], headings[0, 1], headings[0, 2] = line, stop, found
                count, marked = 1, False
        if marked:
            count = _inline_headings(codes, line, stop, flags, table, headings)
        for number in range(count):
            begin, close, found = headings[number, 0], headings[number, 1], headings[number, 2]
            if begin < position:
                continue
            if begin > position:
                _add_span(scan.spans, scan.found, section, position, begin)
            _add_span(scan.spans, scan.found, _HEADING, begin, close)
            section, position = found, close
        line = stop
    if position < end:
        _add_span(scan.spans, scan.found, section, position, end)
    for number in range(scan.found[0]):
        if scan.spans[number, 0] == _DUTIES:
            return
    _cut_background(codes, start, flags, background, scan.spans, scan.found)


@compiled
def _inline_headings(codes, line, stop, flags, table, headings):
    """Fill the headings inside a line, in brackets or before a colon, in their order; return how many."""
    count, most = 0, len(headings)
    place = line
    while place < stop and count < most:
        if _opens(codes[place]):
            close, first, last = _bracketed_end(codes, place, stop, flags)
            if close >= 0:
                found = _section_of(codes, first, last, flags, table)
                if found >= 0:
                    headings[count, 0], headings[count, 1], headings[count, 2] = place, close, found
                    count += 1
                place = close
                continue
        place += 1
    free = line
    for colon in range(line, stop):
        if count == most or (codes[colon] != 0x3A and codes[colon] != 0xFF1A):
            continue
        start, last = _colon_start(codes, line, free, colon, flags)
        if start < 0:
            continue
        free = colon + 1
        for offset in range(start, last):
            if offset > start and not (
                flags[codes[offset]] & (UPPER | SYLLABLE)
                and (flags[codes[offset - 1]] & LOWER or codes[offset - 1] == _BLANK)
            ):
                continue
            found = _section_of(codes, offset, last, flags, table)
            if found >= 0:
                headings[count, 0], headings[count, 1], headings[count, 2] = offset, free, found
                count += 1
                break
    for number in range(1, count):  # a few at most: by insertion
        back = number
        while back > 0 and headings[back, 0] < headings[back - 1, 0]:
            for field in range(3):
                headings[back, field], headings[back - 1, field] = headings[back - 1, field], headings[back, field]
            back -= 1
    return count


@compiled
def _cut_background(codes, text, flags, background, spans, found):
    """Cut background sections at their first blank line: with no heading for the duties, they may follow it."""
    number = 0
    while number < found[0]:
        start, end = spans[number, 1], spans[number, 2]
        gap = _blank_line_end(codes, text, start, end, flags) if background[spans[number, 0]] else -1
        if gap >= 0:
            for later in range(found[0], number + 1, -1):
                for field in range(3):
                    spans[later, field] = spans[later - 1, field]
            found[0] += 1
            spans[number, 2] = gap
            number += 1
            spans[number, 0], spans[number, 1], spans[number, 2] = _BODY, gap, end
        number += 1


@compiled
def _blank_line_end(codes, text, start, end, flags):
    """Return where the first blank line with text before and after it ends, or -1."""
    place = start
    while place < end:
        if codes[place] != _NEWLINE:
            place += 1
            continue
        before = place
        while before > text and flags[codes[before - 1]] & SPACE:
            before -= 1
        last = -1
        after = place + 1
        while after < end and flags[codes[after]] & SPACE:
            if codes[after] == _NEWLINE:
                last = after
            after += 1
        if last >= 0 and after < end and before > text and before >= start:
            return last + 1
        place = after
    return -1


@inlined
def _word_end(codes, start, end, flags):
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


@compiled
def has_words(codes, start, end, flags, wanted):
    """Return whether a text has so many words."""
    place, count = start, 0
    while place < end:
        if flags[codes[place]] & ALPHANUMERIC:
            close = _word_end(codes, place, end, flags)
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
def _hash(codes, start, end):
    value = _OFFSET
    for place in range(start, end):
        value = (value ^ np.uint64(_lower(codes[place]))) * _PRIME
    return mixed(value)


@inlined
def _stem_end(codes, start, end, endings):
    """Return where a Hangul word ends without its particle or ending."""
    lengths = endings.lengths[codes[end - 1] - FIRST_SYLLABLE]
    if lengths:
        for length in range(min(LONGEST_ENDING, end - start - 2), 0, -1):
            if lengths >> length & 1 and find(endings.table, _hash(codes, end - length, end)) >= 0:
                return end - length
    return end


@compiled
def _read_clause(codes, start, end, section, lexicon, scan):
    """Add the words of a clause and the hits among them."""
    flags, words, clause, found, count = lexicon.flags, lexicon.words, scan.clause, scan.found, 0
    previous, previous_end, place, openings = -1, start, start, False
    while place < end:
        flag = flags[codes[place]]
        if not flag & ALPHANUMERIC:
            place += 1
            continue
        close, value = _word_and_hash(codes, place, end, flags)
        if close == place:
            while place < end and flags[codes[place]] & DIGIT:
                place += 1
            continue
        hangul = flag & SYLLABLE
        if hangul:
            value = _hash(codes, place, _stem_end(codes, place, close, lexicon.endings))
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
                pair = find(lexicon.pairs, mixed(key * _PRIME))
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
def _word_and_hash(codes, start, end, flags):
    """Return where the word that starts at a place ends, `start` itself if it is no word, and its hash."""
    flag, place, value = flags[codes[start]], start, _OFFSET
    if flag & SYLLABLE:
        while place < end and flags[codes[place]] & SYLLABLE:
            place += 1
        return place, value
    if flag & DIGIT:
        while place < end and flags[codes[place]] & DIGIT:
            value = (value ^ np.uint64(codes[place])) * _PRIME
            place += 1
        if place == end or not flags[codes[place]] & LETTER:
            return start, value
    while place < end and flags[codes[place]] & (LETTER | DIGIT):
        code = codes[place]
        value = (value ^ np.uint64(code + 32 if 65 <= code <= 90 else code)) * _PRIME
        place += 1
    if flag & LETTER and place < end:
        if codes[place] == 35:
            value = (value ^ np.uint64(35)) * _PRIME
            place += 1
        elif place + 1 < end and codes[place] == 43 and codes[place + 1] == 43:
            value = (((value ^ np.uint64(43)) * _PRIME) ^ np.uint64(43)) * _PRIME
            place += 2
    return place, mixed(value)


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
        value, place = _OFFSET, opening
        while lengths and place < end:
            value = (value ^ np.uint64(codes[place])) * _PRIME
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
def _read_section(codes, text, start, end, section, lexicon, scan):
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
                _read_clause(codes, begin, place, section, lexicon, scan)
            begin = place + width
        place += max(width, 1)
    if begin < end:
        _read_clause(codes, begin, end, section, lexicon, scan)


@compiled
def _named_role(codes, start, end, flags, aliases, scan):
    """Return a bit for each role that a title names."""
    spaced, joined = scan.spaced, scan.joined
    length, solid, place = 1, 0, start
    spaced[0] = _BLANK
    while place < end:
        close = _word_end(codes, place, end, flags) if flags[codes[place]] & ALPHANUMERIC else place
        if close == place:
            place += 1
            while place < end and flags[codes[place]] & flags[codes[place - 1]] & DIGIT:
                place += 1
            continue
        for letter in range(place, close):
            spaced[length] = joined[solid] = _lower(codes[letter])
            length += 1
            solid += 1
        spaced[length] = _BLANK
        length += 1
        place = close
    named = np.int32(0)
    for place in range(2 * (end - start) + 2):
        scan.taken[place] = 0
    for alias in range(len(aliases.role)):
        first, size = aliases.start[alias], aliases.start[alias + 1] - aliases.start[alias]
        apart = aliases.spaced[alias]
        mark = np.uint8(1 if apart else 2)
        within, room = (spaced, length) if apart else (joined, solid)
        for begin in range(room - size + 1):
            same = 0
            while same < size and within[begin + same] == aliases.text[first + same]:
                same += 1
            if same < size:
                continue
            inside = True  # of a longer name
            for place in range(begin, begin + size):
                inside = inside and scan.taken[place] & mark != 0
                scan.taken[place] |= mark
            if not inside:
                named |= np.int32(1 << aliases.role[alias])
    return named


@compiled
def language(codes, start, end, flags, common_words):
    """Return the language of a text."""
    end = min(end, start + LANGUAGE_CHARACTERS)
    latin, hangul, accented, foreign = 0, 0, 0, 0
    words, english, other = 0, 0, 0
    value, inside = _OFFSET, False
    for place in range(start, end + 1):
        code = codes[place] if place < end else np.uint32(0)
        letter = flags[code] & LETTER
        western = letter or (0xC0 <= code <= 0xFF and code != 0xD7 and code != 0xF7)
        if western:
            small = code + 32 if (letter and code <= 90) or 0xC0 <= code <= 0xDE else code
            value, inside = (value ^ np.uint64(small)) * _PRIME, True
        elif inside:
            kind = find(common_words, mixed(value))
            words += 1
            english += kind == ENGLISH
            other += kind == FOREIGN
            value, inside = _OFFSET, False
        if letter:
            latin += 1
        elif FIRST_SYLLABLE <= code <= 0xD7A3:
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


@compiled
def read(codes, text, text_end, title, title_end, t, scan):
    """Fill `scan` with the hits of a posting; return a bit for each role that its title names."""
    flags, lexicon, found = t.lexicon.flags, t.lexicon, scan.found
    found[0], found[1], found[2] = 0, 0, 0
    named, start = np.int32(0), text
    if title_end > title:
        named = _named_role(codes, title, title_end, flags, t.aliases, scan)
        _read_clause(codes, title, title_end, _TITLE, lexicon, scan)
    else:
        begin = text
        while begin < text_end and flags[codes[begin]] & SPACE:
            begin += 1
        close = begin
        while close < text_end and codes[close] != _NEWLINE and close - begin <= _MAX_TITLE_LINE:
            close += 1
        if close - begin <= _MAX_TITLE_LINE:
            named = _named_role(codes, begin, close, flags, t.aliases, scan)
            if named:
                _read_clause(codes, text, close, _TITLE, lexicon, scan)
                start = close
    _split_sections(codes, text, text_end, flags, t.headings, t.background, scan)
    for number in range(found[0]):
        begin, close = max(scan.spans[number, 1], start), scan.spans[number, 2]
        if begin < close:
            _read_section(codes, text, begin, close, scan.spans[number, 0], lexicon, scan)
    return named
