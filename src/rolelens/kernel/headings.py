"""A text is cut at its headings, by the rules of `sections.py`."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.clauses import SPANS
from rolelens.kernel.hashes import find, grown, key_of, passes
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.tables import (
    ALL_SECTIONS,
    ALPHANUMERIC,
    DIGIT,
    LETTER,
    LOWER,
    NEWLINE,
    OPENING,
    SPACE,
    SYLLABLE,
    UPPER,
)
from rolelens.sections import BODY, HEADING, MAX_HEADING_CHARS, MIN_GLUED_CHARS, NO_OPENING

MOST_HEADINGS = 256  # in one line; no flattened posting has more
_BODY, _HEADING, _DUTIES = (ALL_SECTIONS.index(name) for name in (BODY, HEADING, "duties"))
_BENEFITS, _PROCESS = (ALL_SECTIONS.index(name) for name in NO_OPENING)
_BLANK, _STAR, _DOT = 32, 0x2A, 0x2022


@compiled
def _section_of(marks, start, end, headings, shortest):
    """Return the section that a heading opens, or -1."""
    kinds, letters, value, count = marks.kinds, marks.letters, np.uint64(0), 0
    for place in range(start, end):
        if kinds[place] & ALPHANUMERIC:
            value = grown(value, letters[place])
            count += 1
            if count == OPENING and not passes(headings.openings, key_of(value)):
                return -1
    if count < shortest or not headings.lengths >> min(count, MAX_HEADING_CHARS + 1) & 1:
        return -1
    return find(headings.table, key_of(value))


@compiled
def _section_begun(marks, start, end, beginnings, numbered):
    """Return the section of the longest beginning of a key in a table, or -1; `numbered` skips digits before it."""
    kinds, letters, value, count, section = marks.kinds, marks.letters, np.uint64(0), 0, -1
    for place in range(start, end):
        kind = kinds[place]
        if kind & ALPHANUMERIC and not (numbered and count == 0 and kind & DIGIT):
            value = grown(value, letters[place])
            count += 1
            if beginnings.lengths >> count & 1:
                found = find(beginnings.table, key_of(value))
                section = found if found >= 0 else section
            if count == OPENING and not passes(beginnings.openings, key_of(value)):
                return section
    return section


@compiled
def _section_ended(marks, start, end, endings):
    """Return the section of the longest end of a key, short of all of it, that a table holds backwards, or -1."""
    kinds, letters, value, count, section, kept = marks.kinds, marks.letters, np.uint64(0), 0, -1, -1
    for place in range(end - 1, start - 1, -1):
        kind = kinds[place]
        if kind & ALPHANUMERIC:
            section = kept  # there is a letter before it
            value = grown(value, letters[place])
            count += 1
            if endings.lengths >> count & 1 and not kind & LOWER:
                found = find(endings.table, key_of(value))
                kept = found if found >= 0 else kept
            if count == OPENING and not passes(endings.openings, key_of(value)):
                return section
    return section


@compiled
def _section_like(marks, start, end, headings):
    """Return the section opened by what looks like a heading and begins or ends as one, or -1."""
    kinds, letters, first, last = marks.kinds, marks.letters, start, end
    while first < end and not kinds[first] & ALPHANUMERIC:
        first += 1
    while last > start and kinds[last - 1] & SPACE:
        last -= 1
    if first == end or kinds[first] & LOWER or letters[last - 1] in (0x2E, 0x2C, 0x3B):
        return -1
    begun = _section_begun(marks, first, last, headings.begun, False)
    return begun if begun >= 0 else _section_ended(marks, first, last, headings.ended)


@inlined
def _bullet_end(marks, start, end):
    """Return where what follows the bullet of a line starts, or -1 if it has none."""
    kinds, letters, place = marks.kinds, marks.letters, start
    while place < end and kinds[place] & SPACE:
        place += 1
    if place == end:
        return -1
    if letters[place] == _STAR:
        if place + 1 < end and letters[place + 1] == _STAR:
            return -1
    elif letters[place] not in (0x2D, _DOT, 0xB7, 0x318D):
        return -1
    place += 1
    while place < end and kinds[place] & SPACE:
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
def _bracketed_end(marks, start, end):
    """Return where the bracket that opens at `start` closes, and its content's bounds; the end is -1 if it doesn't."""
    kinds, letters, first = marks.kinds, marks.letters, start + 1
    while first < end and kinds[first] & SPACE:
        first += 1
    last = first
    while last < end and last - first <= 40:
        if last - first >= 2:
            after = last
            while after < end and kinds[after] & SPACE:
                after += 1
            if after < end and _closes(letters[after]):
                return after + 1, first, last
        if _bars_content(letters[last]):
            break
        last += 1
    return -1, first, last


@compiled
def _is_glue(marks, line, place, stop):
    """Return whether a new word begins here in the middle of another: "ResponsibilitiesBuild ranking models"."""
    kinds = marks.kinds
    if place == line or not kinds[place] & UPPER or not kinds[place - 1] & LOWER:
        return False
    place += 1
    while place < stop and kinds[place] & LOWER:
        place += 1
    return place < stop and marks.letters[place] == _BLANK


@compiled
def _colon_start(marks, line, free, colon):
    """Return where the phrase before a mark starts, at `free` or later, and where it ends; the start is -1 if none."""
    kinds, letters, last = marks.kinds, marks.letters, colon
    while last > free and kinds[last - 1] & SPACE:
        last -= 1
    start, place = -1, last - 1
    while place >= free and last - place <= 46:
        kind = kinds[place]
        if not (kind & (LETTER | SYLLABLE) or letters[place] in (0x27, 0x2019, 0x26, 0x2F, _BLANK)):
            break
        if kind & (UPPER | SYLLABLE) and colon - place >= 3:
            padded = max(last, place + 3)  # a phrase has three characters or more, if need be with blanks
            blank = True
            for extra in range(last, padded):
                blank = blank and letters[extra] == _BLANK
            if blank and (
                place == line
                or kinds[place - 1] & (SPACE | LOWER | SYLLABLE)
                or letters[place - 1] in (0x2E, 0x21, 0x3F, 0x29, 0x5D)
            ):
                start = place
        place -= 1
    return start, last


@compiled
def _add_span(spans, found, section, start, end):
    span = spans[found[SPANS]]
    span.section, span.start, span.end = section, start, end
    found[SPANS] += 1


@inlined
def split_sections(start, end, headings, background, scan):
    """Fill `scan.spans` with the sections of a text, of which there are marks."""
    scan.found[SPANS] = 0
    section, position = _BODY, start
    rows, marks = scan.headings, scan.marks
    number, line, sign = 0, start, 0
    while marks.lines[number] < start:
        number += 1
    while marks.signs[sign] < start:
        sign += 1
    while line < end:
        stop, beyond = marks.lines[number], sign
        while marks.signs[beyond] < stop:
            beyond += 1
        if stop > line:
            count = _headings_in_line(marks, line, stop, headings, sign, beyond, rows)
            if count == 0 and section in (_DUTIES, _BODY):
                close = min(stop, line + MAX_HEADING_CHARS)
                opened = _section_begun(marks, line, close, headings.unannounced, True)
                if opened >= 0:
                    if line > position:
                        _add_span(scan.spans, scan.found, section, position, line)
                    section, position = opened, line
            for place in range(count):
                begin, close, found = rows[place].start, rows[place].end, rows[place].section
                if begin < position:
                    continue
                if begin > position:
                    _add_span(scan.spans, scan.found, section, position, begin)
                _add_span(scan.spans, scan.found, _HEADING, begin, close)
                section, position = found, close
        line, sign, number = stop + 1, beyond, number + 1
    if position < end:
        _add_span(scan.spans, scan.found, section, position, end)
    doubtful = len(scan.spans)
    for number in range(scan.found[SPANS]):
        if scan.spans[number].section == _DUTIES:
            doubtful = 2 if scan.spans[1].section in (_BENEFITS, _PROCESS) else 0
    _cut_background(marks.kinds, start, background, doubtful, scan.spans, scan.found)


@inlined
def _headings_in_line(marks, line, stop, headings, sign, beyond, rows):
    """Fill the headings of a line, whose signs are those from `sign` to before `beyond`; return how many."""
    short = stop - line <= MAX_HEADING_CHARS
    found = _section_of(marks, line, stop, headings.whole, 2) if short else -1
    count = 0
    if found < 0:
        bullet = _bullet_end(marks, line, stop)
        if sign < beyond:
            count = _marked_headings(marks, line, stop, headings, sign, beyond, bullet, rows)
        if count == 0 and short and bullet < 0:
            found = _section_like(marks, line, stop, headings)
    if found >= 0:
        rows[0].start, rows[0].end, rows[0].section = line, stop, found
        return 1
    return count


@compiled
def _marked_headings(marks, line, stop, headings, sign, beyond, bullet, rows):
    """Fill the headings inside a line that brackets mark, or a colon, bullet or capital after them; return how many."""
    kinds, letters, signs = marks.kinds, marks.letters, marks.signs
    count, most, after = 0, len(rows), line
    for number in range(sign, beyond):
        place = signs[number]
        if count == most:
            break
        if place >= after and _opens(letters[place]):
            close, first, last = _bracketed_end(marks, place, stop)
            if close >= 0:
                found = _section_of(marks, first, last, headings.whole, 2)
                if found < 0:
                    found = _section_like(marks, first, last, headings)
                if found >= 0:
                    rows[count].start, rows[count].end, rows[count].section = place, close, found
                    count += 1
                after = close
    free = line
    for number in range(sign, beyond):
        mark = signs[number]
        if count == most:
            break
        glue = _is_glue(marks, line, mark, stop)
        if not (glue or letters[mark] in (0x3A, 0xFF1A, _DOT)):
            continue
        start, last = _colon_start(marks, line, free, mark)
        if start < 0:
            continue
        free = mark if glue else mark + 1
        for offset in range(start, last):
            if offset > start and not (
                start != bullet
                and kinds[offset] & (UPPER | SYLLABLE)
                and (kinds[offset - 1] & LOWER or letters[offset - 1] == _BLANK)
            ):
                continue
            found = _section_of(marks, offset, last, headings.whole, MIN_GLUED_CHARS if glue else 2)
            if found >= 0:
                rows[count].start, rows[count].end, rows[count].section = offset, free, found
                count += 1
                break
    for number in range(1, count):  # a few at most: by insertion
        back = number
        while back > 0 and rows[back].start < rows[back - 1].start:
            row, before = rows[back], rows[back - 1]
            row.start, before.start = before.start, row.start
            row.end, before.end = before.end, row.end
            row.section, before.section = before.section, row.section
            back -= 1
    return count


@compiled
def _cut_background(kinds, text, background, doubtful, spans, found):
    """Cut background sections among the first spans at their first blank line."""
    number = 0
    while number < min(found[SPANS], doubtful):
        span = spans[number]
        end = np.int64(span.end)
        gap = _blank_line_end(kinds, text, span.start, end) if background[span.section] else -1
        if gap >= 0:
            for later in range(found[SPANS], number + 1, -1):
                moved, before = spans[later], spans[later - 1]
                moved.section, moved.start, moved.end = before.section, before.start, before.end
            found[SPANS] += 1
            span.end = gap
            number += 1
            span = spans[number]
            span.section, span.start, span.end = _BODY, gap, end
        number += 1


@compiled
def _blank_line_end(kinds, text, start, end):
    """Return where the first blank line with text before and after it ends, or -1."""
    place = start
    while place < end:
        if not kinds[place] & NEWLINE:
            place += 1
            continue
        before = place
        while before > text and kinds[before - 1] & SPACE:
            before -= 1
        last = -1
        after = place + 1
        while after < end and kinds[after] & SPACE:
            if kinds[after] & NEWLINE:
                last = after
            after += 1
        if last >= 0 and after < end and before > text and before >= start:
            return last + 1
        place = after
    return -1
