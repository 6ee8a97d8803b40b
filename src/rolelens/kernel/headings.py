"""A text is cut at its headings, by the rules of `sections.py`."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.clauses import SPANS
from rolelens.kernel.hashes import BASE, find, mixed, passes
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.marks import piece_hash
from rolelens.kernel.tables import (
    ALL_SECTIONS,
    ALPHANUMERIC,
    DIGIT,
    LETTER,
    LOWER,
    SPACE,
    SYLLABLE,
    UPPER,
)
from rolelens.kernel.words import lower
from rolelens.sections import BODY, HEADING, MAX_HEADING_CHARS, MIN_GLUED_CHARS, NO_OPENING

MOST_HEADINGS = 256  # in one line; no flattened posting has more
_BODY, _HEADING, _DUTIES = (ALL_SECTIONS.index(name) for name in (BODY, HEADING, "duties"))
_BENEFITS, _PROCESS = (ALL_SECTIONS.index(name) for name in NO_OPENING)
_NEWLINE, _BLANK, _STAR, _DOT = 10, 32, 0x2A, 0x2022


@inlined
def _section_of(marks, start, end, headings, shortest):
    """Return the section that a heading opens, or -1."""
    count = marks.counts[end] - marks.counts[start]
    if count < shortest or not headings.lengths >> min(count, MAX_HEADING_CHARS + 1) & 1:
        return -1
    return find(headings.table, mixed(piece_hash(marks, start, end)))


@compiled
def _section_begun(codes, start, end, flags, beginnings, numbered):
    """Return the section of the longest beginning of a key in a table, or -1; `numbered` skips digits before it."""
    value, power, count, section = np.uint64(0), np.uint64(1), 0, -1
    for place in range(start, end):
        flag = flags[codes[place]]
        if flag & ALPHANUMERIC and not (numbered and count == 0 and flag & DIGIT):
            value += np.uint64(lower(codes[place])) * power
            power *= BASE
            count += 1
            if count == 2 and not passes(beginnings.openings, mixed(value)):
                return -1
            if beginnings.lengths >> count & 1:
                found = find(beginnings.table, mixed(value))
                section = found if found >= 0 else section
    return section


@compiled
def _section_ended(codes, start, end, flags, endings):
    """Return the section of the longest end of a key, short of all of it, that a table holds backwards, or -1."""
    value, power, count, section, kept = np.uint64(0), np.uint64(1), 0, -1, -1
    for place in range(end - 1, start - 1, -1):
        flag = flags[codes[place]]
        if flag & ALPHANUMERIC:
            section = kept  # there is a letter before it
            value += np.uint64(lower(codes[place])) * power
            power *= BASE
            count += 1
            if count == 2 and not passes(endings.openings, mixed(value)):
                return -1
            if endings.lengths >> count & 1 and not flag & LOWER:
                found = find(endings.table, mixed(value))
                kept = found if found >= 0 else kept
    return section


@compiled
def _section_like(codes, start, end, flags, headings):
    """Return the section opened by what looks like a heading and begins or ends as one, or -1."""
    first, last = start, end
    while first < end and not flags[codes[first]] & ALPHANUMERIC:
        first += 1
    while last > start and flags[codes[last - 1]] & SPACE:
        last -= 1
    if first == end or flags[codes[first]] & LOWER or codes[last - 1] in (0x2E, 0x2C, 0x3B):
        return -1
    begun = _section_begun(codes, first, last, flags, headings.begun, False)
    return begun if begun >= 0 else _section_ended(codes, first, last, flags, headings.ended)


@inlined
def _bullet_end(codes, start, end, flags):
    """Return where what follows the bullet of a line starts, or -1 if it has none."""
    place = start
    while place < end and flags[codes[place]] & SPACE:
        place += 1
    if place == end:
        return -1
    if codes[place] == _STAR:
        if place + 1 < end and codes[place + 1] == _STAR:
            return -1
    elif codes[place] not in (0x2D, _DOT, 0xB7, 0x318D):
        return -1
    place += 1
    while place < end and flags[codes[place]] & SPACE:
        place += 1
    return place


@compiled
def _opens(code):
    return code in (0x5B, 0x3010, 0x3C, 0xFF1C, 0x3008, 0x300A, 0x300C)


@compiled
def _closes(code):
    return code in (0x5D, 0x3011, 0x3E, 0xFF1E, 0x3009, 0x300B, 0x300D)


@compiled
def _bars_content(code):
    return code in (0x5B, 0x5D, 0x3010, 0x3011, 0x3C, 0x3E, 0xFF1C, 0xFF1E, 0x3008, 0x3009, 0x28, 0x29)


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
def _is_glue(codes, line, place, stop, flags):
    """Return whether a new word begins here in the middle of another: "ResponsibilitiesBuild ranking models"."""
    if place == line or not flags[codes[place]] & UPPER or not flags[codes[place - 1]] & LOWER:
        return False
    place += 1
    while place < stop and flags[codes[place]] & LOWER:
        place += 1
    return place < stop and codes[place] == _BLANK


@compiled
def _colon_start(codes, line, free, colon, flags):
    """Return where the phrase before a mark starts, at `free` or later, and where it ends; the start is -1 if none."""
    last = colon
    while last > free and flags[codes[last - 1]] & SPACE:
        last -= 1
    start, place = -1, last - 1
    while place >= free and last - place <= 46:
        code = codes[place]
        flag = flags[code]
        if not (flag & (LETTER | SYLLABLE) or code in (0x27, 0x2019, 0x26, 0x2F, _BLANK)):
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
    row = found[SPANS]
    spans[row, 0], spans[row, 1], spans[row, 2] = section, start, end
    found[SPANS] += 1


@inlined
def split_sections(codes, start, end, flags, headings, background, scan):
    """Fill `scan.spans` with the sections of a text, of which there are marks."""
    scan.found[SPANS] = 0
    section, position = _BODY, start
    rows, lines, signs = scan.headings, scan.marks.lines, scan.marks.signs
    number, line, sign = 0, start, 0
    while lines[number, 0] < start:
        number += 1
    while signs[sign] < start:
        sign += 1
    while line < end:
        stop, beyond = lines[number, 0], lines[number, 1]
        number += 1
        if stop > line:
            count = _headings_in_line(codes, line, stop, flags, headings, scan.marks, sign, beyond, rows)
            if count == 0 and section in (_DUTIES, _BODY):
                close = min(stop, line + MAX_HEADING_CHARS)
                opened = _section_begun(codes, line, close, flags, headings.unannounced, True)
                if opened >= 0:
                    if line > position:
                        _add_span(scan.spans, scan.found, section, position, line)
                    section, position = opened, line
            for place in range(count):
                begin, close, found = rows[place, 0], rows[place, 1], rows[place, 2]
                if begin < position:
                    continue
                if begin > position:
                    _add_span(scan.spans, scan.found, section, position, begin)
                _add_span(scan.spans, scan.found, _HEADING, begin, close)
                section, position = found, close
        line, sign = stop + 1, beyond
    if position < end:
        _add_span(scan.spans, scan.found, section, position, end)
    doubtful = len(scan.spans)
    for number in range(scan.found[SPANS]):
        if scan.spans[number, 0] == _DUTIES:
            doubtful = 2 if scan.spans[1, 0] in (_BENEFITS, _PROCESS) else 0
    _cut_background(codes, start, flags, background, doubtful, scan.spans, scan.found)


@inlined
def _headings_in_line(codes, line, stop, flags, headings, marks, sign, beyond, rows):
    """Fill the headings of a line, whose signs are those from `sign` to before `beyond`; return how many."""
    short = stop - line <= MAX_HEADING_CHARS
    found = _section_of(marks, line, stop, headings.whole, 2) if short else -1
    count = 0
    if found < 0:
        bullet = _bullet_end(codes, line, stop, flags)
        if sign < beyond:
            count = _marked_headings(codes, line, stop, flags, headings, marks, sign, beyond, bullet, rows)
        if count == 0 and short and bullet < 0:
            found = _section_like(codes, line, stop, flags, headings)
    if found >= 0:
        rows[0, 0], rows[0, 1], rows[0, 2] = line, stop, found
        return 1
    return count


@compiled
def _marked_headings(codes, line, stop, flags, headings, marks, sign, beyond, bullet, rows):
    """Fill the headings inside a line that brackets mark, or a colon, bullet or capital after them; return how many."""
    count, most, signs, after = 0, len(rows), marks.signs, line
    for number in range(sign, beyond):
        place = signs[number]
        if count == most:
            break
        if place >= after and _opens(codes[place]):
            close, first, last = _bracketed_end(codes, place, stop, flags)
            if close >= 0:
                found = _section_of(marks, first, last, headings.whole, 2)
                if found < 0:
                    found = _section_like(codes, first, last, flags, headings)
                if found >= 0:
                    rows[count, 0], rows[count, 1], rows[count, 2] = place, close, found
                    count += 1
                after = close
    free = line
    for number in range(sign, beyond):
        mark = signs[number]
        if count == most:
            break
        glue = _is_glue(codes, line, mark, stop, flags)
        if not (glue or codes[mark] in (0x3A, 0xFF1A, _DOT)):
            continue
        start, last = _colon_start(codes, line, free, mark, flags)
        if start < 0:
            continue
        free = mark if glue else mark + 1
        for offset in range(start, last):
            if offset > start and not (
                start != bullet
                and flags[codes[offset]] & (UPPER | SYLLABLE)
                and (flags[codes[offset - 1]] & LOWER or codes[offset - 1] == _BLANK)
            ):
                continue
            found = _section_of(marks, offset, last, headings.whole, MIN_GLUED_CHARS if glue else 2)
            if found >= 0:
                rows[count, 0], rows[count, 1], rows[count, 2] = offset, free, found
                count += 1
                break
    for number in range(1, count):  # a few at most: by insertion
        back = number
        while back > 0 and rows[back, 0] < rows[back - 1, 0]:
            for field in range(3):
                rows[back, field], rows[back - 1, field] = rows[back - 1, field], rows[back, field]
            back -= 1
    return count


@compiled
def _cut_background(codes, text, flags, background, doubtful, spans, found):
    """Cut background sections among the first spans at their first blank line."""
    number = 0
    while number < min(found[SPANS], doubtful):
        start, end = spans[number, 1], spans[number, 2]
        gap = _blank_line_end(codes, text, start, end, flags) if background[spans[number, 0]] else -1
        if gap >= 0:
            for later in range(found[SPANS], number + 1, -1):
                for field in range(3):
                    spans[later, field] = spans[later - 1, field]
            found[SPANS] += 1
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
