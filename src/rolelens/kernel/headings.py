"""A text is cut at its headings, by the rules of `sections.py`."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.jit import compiled
from rolelens.kernel.tables import (
    ALL_SECTIONS,
    ALPHANUMERIC,
    COLON_PHRASE,
    LETTER,
    LOWER,
    SPACE,
    SYLLABLE,
    UPPER,
    WORD,
    find,
    mixed,
)
from rolelens.kernel.words import OFFSET, PRIME, lower
from rolelens.sections import BODY, HEADING, MAX_HEADING_CHARS

MOST_HEADINGS = 256  # in one line; no flattened posting has more
_BODY, _HEADING, _DUTIES, _COMPANY = (ALL_SECTIONS.index(name) for name in (BODY, HEADING, "duties", "company"))
_NEWLINE, _BLANK = 10, 32


@compiled
def _key_of(codes, start, end, flags):
    """Return the hash of `heading_key` and how many characters it has."""
    value, count = OFFSET, 0
    for place in range(start, end):
        if flags[codes[place]] & ALPHANUMERIC:
            value = (value ^ np.uint64(lower(codes[place]))) * PRIME
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
        if lower(codes[place]) != letter:
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
def split_sections(codes, start, end, flags, table, background, scan):
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
