"""A posting is cut into its sections by the headings it uses, English and Korean."""

from __future__ import annotations

from array import array
from collections.abc import Mapping

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.kinds import (
        CHARACTER,
        DIGIT,
        HEADING_SIGN,
        IN_WORD,
        LETTER,
        LOWER,
        NEWLINE,
        SPACE,
        SYLLABLE,
        UPPER,
    )
    from rolelens.reading.table import HashTable

from rolelens.reading.characters import symbols_of
from rolelens.reading.sections import ANYTHING, BACKGROUND, BODY, HEADING, NO_OPENING, NUMBERS, UNANNOUNCED

MAX_HEADING_CHARS = 60  # a longer line is a sentence; headings inside it need brackets or a colon
MIN_GLUED_CHARS = 8  # of a heading glued to what follows it ("ResponsibilitiesBuild"), or TeamViewer would have one
MAX_MARKED_CHARS = 46  # of a heading before a colon, a bullet or a capital
MAX_BRACKETED_CHARS = 40

_CAPITAL = cython.declare(cython.uint, UPPER | SYLLABLE)
_LETTER = cython.declare(cython.uint, LETTER | SYLLABLE)
_BEFORE_HEADING = cython.declare(cython.uint, SPACE | LOWER | SYLLABLE)
_SIGN_OR_CAPITAL = cython.declare(cython.uint, HEADING_SIGN | UPPER | NEWLINE)
_MOST = cython.declare(cython.Py_ssize_t, MAX_HEADING_CHARS)
_MOST_MARKED = cython.declare(cython.Py_ssize_t, MAX_MARKED_CHARS)
_MOST_BRACKETED = cython.declare(cython.Py_ssize_t, MAX_BRACKETED_CHARS)
_LEAST_GLUED = cython.declare(cython.Py_ssize_t, MIN_GLUED_CHARS)
_BODY = cython.declare(cython.int, NUMBERS[BODY])
_HEADING = cython.declare(cython.int, NUMBERS[HEADING])
_DUTIES = cython.declare(cython.int, NUMBERS["duties"])
_IS_BACKGROUND = cython.declare(cython.uint, sum(1 << NUMBERS[section] for section in BACKGROUND))
_IS_NO_OPENING = cython.declare(cython.uint, sum(1 << NUMBERS[section] for section in NO_OPENING))
# Headings are two trees of letters; what may end at a node: a whole heading, the beginning of one, the beginning of a
# line that is none, and, in the tree read backwards, the ending of one.
_WHOLE = cython.declare(cython.int, 0)
_BEGINNING = cython.declare(cython.int, 1)
_OPENING = cython.declare(cython.int, 2)
_ENDING = cython.declare(cython.int, 3)
_BLANK = cython.declare(cython.uint, 0x20)
_ANYTHING = cython.declare(cython.uint, ord(ANYTHING))
_UNANNOUNCED = cython.declare(cython.uint, ord(UNANNOUNCED))
_FORWARDS = cython.declare(cython.int, 1)
_BACKWARDS = cython.declare(cython.int, 2)


@cython.final
@cython.cclass
class Headings:
    """The headings that open sections, and what cuts a posting at them."""

    def __init__(self, listed: Mapping[str, str]) -> None:
        """Take the headings that open each section, as `heading_table` has them, with blanks between."""
        self.steps, self.ends = HashTable(sum(map(len, listed.values())) // 4), HashTable()
        self.nodes = 3
        self.node_kinds = array("B", bytes(sum(map(len, listed.values())) + 4))
        for section, keys in listed.items():
            symbols: cython.uint[::1] = symbols_of(keys)
            start: cython.Py_ssize_t = 0
            place: cython.Py_ssize_t
            end: cython.Py_ssize_t = len(keys)
            for place in range(end + 1):
                if place == end or symbols[place] & CHARACTER == _BLANK:
                    if place > start:
                        self._add(symbols, start, place, NUMBERS[section])
                    start = place + 1

    def _add(self, symbols, start, end, section):
        """Add a heading to its tree."""
        kind: cython.int = _WHOLE
        node: cython.int = _FORWARDS
        if symbols[start] & CHARACTER == _ANYTHING:
            kind, node, start = _ENDING, _BACKWARDS, start + 1
        elif symbols[end - 1] & CHARACTER == _ANYTHING:
            kind, end = _BEGINNING, end - 1
        elif symbols[end - 1] & CHARACTER == _UNANNOUNCED:
            kind, end = _OPENING, end - 1
        while start < end:
            letter: cython.uint = symbols[end - 1] if kind == _ENDING else symbols[start]
            step: cython.ulonglong = cython.cast(cython.ulonglong, node) << 16 | (letter & CHARACTER)
            node = self.steps.find(step)
            if node < 0:
                node = self.nodes
                self.nodes += 1
                self.steps.add(step, node)
            start, end = (start, end - 1) if kind == _ENDING else (start + 1, end)
        self.node_kinds[node] |= 1 << kind
        self.ends.add(cython.cast(cython.ulonglong, node) << 2 | kind, section)

    def split(self, sheet):
        """Fill the spans of a posting's text: they cover it whole, headings as sections of their own."""
        section: cython.int = _BODY
        line: cython.Py_ssize_t = sheet.text_start
        position: cython.Py_ssize_t = line
        end: cython.Py_ssize_t = sheet.text_end
        sheet.spans = 0
        while line < end:
            stop: cython.Py_ssize_t = line
            signs: cython.Py_ssize_t = 0
            before: cython.uint = 0
            while stop < end:
                symbol: cython.uint = sheet.symbols[stop]
                if symbol & _SIGN_OR_CAPITAL:
                    if symbol & NEWLINE:
                        break
                    if symbol & HEADING_SIGN or before & LOWER:
                        sheet.signs[signs] = stop
                        signs += 1
                before = symbol
                stop += 1
            if stop == line:
                line += 1
                continue
            short: cython.bint = stop - line <= _MOST
            walked: cython.int = self.walk(sheet, line, min(stop, line + _MOST))
            found: cython.int = _whole_in(walked) if short else -1
            brackets: cython.Py_ssize_t = 0
            marks: cython.Py_ssize_t = 0
            if found < 0 and (short or signs):
                bullet: cython.Py_ssize_t = _bullet_end(sheet, line, stop)
                if signs:
                    brackets = self.bracketed_in(sheet, signs, stop)
                    marks = self.marked_in(sheet, signs, line, stop, bullet)
                if short and brackets + marks == 0 and bullet < 0:
                    found = self.like(sheet, line, stop, walked)
            if found >= 0:
                sheet.marked[0], sheet.marked[1], sheet.marked[2] = line, stop, found
                marks = 1
            elif brackets + marks == 0 and (section == _DUTIES or section == _BODY):
                opened: cython.int = self.opened(sheet, line, min(stop, line + _MOST), walked)
                if opened >= 0:
                    if line > position:
                        sheet.add_span(section, position, line)
                    section, position = opened, line
            bracket: cython.Py_ssize_t = 0
            mark: cython.Py_ssize_t = 0
            while bracket < brackets or mark < marks:  # both in order: the first of the two
                start: cython.Py_ssize_t
                close: cython.Py_ssize_t
                opens: cython.int
                if mark == marks or (bracket < brackets and _is_before(sheet.bracketed, bracket, sheet.marked, mark)):
                    start, close = sheet.bracketed[3 * bracket], sheet.bracketed[3 * bracket + 1]
                    opens = sheet.bracketed[3 * bracket + 2]
                    bracket += 1
                else:
                    start, close = sheet.marked[3 * mark], sheet.marked[3 * mark + 1]
                    opens = sheet.marked[3 * mark + 2]
                    mark += 1
                if start < position:
                    continue
                if start > position:
                    sheet.add_span(section, position, start)
                sheet.add_span(_HEADING, start, close)
                section, position = opens, close
            line = stop + 1
        if position < end:
            sheet.add_span(section, position, end)
        _cut_background(sheet)

    def end_of(self, node, kind):
        """Return the section of what ends at a node, or -1."""
        return self.ends.find(cython.cast(cython.ulonglong, node) << 2 | kind)

    def walk(self, sheet, start, end):
        """Return the sections of what begins a phrase, packed: the whole of it, the longest beginning and opening."""
        node: cython.int = _FORWARDS
        count: cython.Py_ssize_t = 0
        beginning: cython.int = 0
        opening: cython.int = 0
        kinds_here: cython.int = 0
        place: cython.Py_ssize_t
        for place in range(start, end):
            symbol: cython.uint = sheet.symbols[place]
            if not symbol & IN_WORD:
                continue
            node = self.steps.find(cython.cast(cython.ulonglong, node) << 16 | (symbol & CHARACTER))
            if node < 0:
                return _packed(0, beginning, opening)
            count += 1
            kinds_here = self.node_kinds[node]
            if kinds_here and count > 1:
                if kinds_here >> _BEGINNING & 1:
                    beginning = self.end_of(node, _BEGINNING) + 1
                if kinds_here >> _OPENING & 1:
                    opening = self.end_of(node, _OPENING) + 1
        whole: cython.int = self.end_of(node, _WHOLE) + 1 if kinds_here >> _WHOLE & 1 and count > 1 else 0
        return _packed(whole, beginning, opening)

    def ended(self, sheet, start, end):
        """Return the section of the longest ending of a key, short of all of it, or -1."""
        node: cython.int = _BACKWARDS
        section: cython.int = -1
        waiting: cython.int = -1  # until there is a letter before it
        count: cython.Py_ssize_t = 0
        place: cython.Py_ssize_t = end
        while place > start:
            place -= 1
            symbol: cython.uint = sheet.symbols[place]
            if symbol & IN_WORD:
                section = waiting if waiting >= 0 else section
                waiting = -1
                node = self.steps.find(cython.cast(cython.ulonglong, node) << 16 | (symbol & CHARACTER))
                if node < 0:
                    return section
                count += 1
                if self.node_kinds[node] and count > 1 and not symbol & LOWER:
                    waiting = self.end_of(node, _ENDING)
        return section

    def like(self, sheet, start, end, walked):
        """Return the section opened by what looks like a heading and begins or ends as one, or -1."""
        while start < end and not sheet.symbols[start] & IN_WORD:
            start += 1
        while end > start and sheet.symbols[end - 1] & SPACE:
            end -= 1
        if start == end or sheet.symbols[start] & LOWER:
            return -1
        last: cython.uint = sheet.symbols[end - 1] & CHARACTER
        if last == 0x2E or last == 0x2C or last == 0x3B:  # .,;
            return -1
        found: cython.int = _beginning_in(walked)
        return found if found >= 0 else self.ended(sheet, start, end)

    def opened(self, sheet, start, end, walked):
        """Return the section that a line opens without being a heading, by how it begins: "5+ years of …", or -1."""
        while start < end and not sheet.symbols[start] & IN_WORD:
            start += 1
        if start == end or not sheet.symbols[start] & DIGIT:
            return _opening_in(walked)
        while start < end and (sheet.symbols[start] & DIGIT or not sheet.symbols[start] & IN_WORD):
            start += 1
        return _opening_in(self.walk(sheet, start, end))

    def bracketed_in(self, sheet, signs, stop):
        """Fill the headings in brackets inside a line of so many signs; return how many."""
        count: cython.Py_ssize_t = 0
        free: cython.Py_ssize_t = 0
        sign: cython.Py_ssize_t
        for sign in range(signs):
            place: cython.Py_ssize_t = sheet.signs[sign]
            if place < free or not _opens(sheet.symbols[place] & CHARACTER):
                continue
            first: cython.Py_ssize_t = place + 1
            while first < stop and sheet.symbols[first] & SPACE:
                first += 1
            last: cython.Py_ssize_t = first
            close: cython.Py_ssize_t = -1
            while last < stop and last - first <= _MOST_BRACKETED:
                symbol: cython.uint = sheet.symbols[last]
                if last - first >= 2:
                    after: cython.Py_ssize_t = last
                    if symbol & SPACE and (last - first == 2 or not sheet.symbols[last - 1] & SPACE):
                        while after < stop and sheet.symbols[after] & SPACE:
                            after += 1
                    if after < stop and _closes(sheet.symbols[after] & CHARACTER):
                        close = after + 1
                        break
                if _bars(symbol & CHARACTER):
                    break
                last += 1
            if close < 0:
                continue
            walked: cython.int = self.walk(sheet, first, last)
            found: cython.int = _whole_in(walked)
            if found < 0:
                found = self.like(sheet, first, last, walked)
            if found >= 0:
                sheet.bracketed[3 * count], sheet.bracketed[3 * count + 1] = place, close
                sheet.bracketed[3 * count + 2] = found
                count += 1
            free = close
        return count

    def marked_in(self, sheet, signs, line, stop, bullet):
        """Fill the headings inside a line before a colon, a bullet or a glued capital; return how many."""
        count: cython.Py_ssize_t = 0
        free: cython.Py_ssize_t = line
        sign: cython.Py_ssize_t
        for sign in range(signs):
            mark: cython.Py_ssize_t = sheet.signs[sign]
            symbol: cython.uint = sheet.symbols[mark]
            character: cython.uint = symbol & CHARACTER
            glue: cython.bint = symbol & UPPER != 0 and mark > line and _is_glue(sheet, mark, stop)
            if not glue and not (
                symbol & HEADING_SIGN and (character == 0x3A or character == 0xFF1A or character == 0x2022)
            ):
                continue
            last: cython.Py_ssize_t = mark
            while last > free and sheet.symbols[last - 1] & SPACE:
                last -= 1
            start: cython.Py_ssize_t = _phrase_start(sheet, line, free, last, mark)
            if start < 0:
                continue
            free = mark if glue else mark + 1
            offset: cython.Py_ssize_t
            for offset in range(start, last):
                # Flattened postings glue the heading to the word before it ("the teamWhat You'll Do:"), where no
                # bullet begins.
                if offset > start:
                    before: cython.uint = sheet.symbols[offset - 1]
                    if start == bullet or not sheet.symbols[offset] & _CAPITAL:
                        continue
                    if not before & LOWER and before & CHARACTER != 0x20:
                        continue
                found: cython.int = _whole_in(self.walk(sheet, offset, last))
                if found >= 0 and not (glue and _letters(sheet, offset, last) < _LEAST_GLUED):
                    sheet.marked[3 * count], sheet.marked[3 * count + 1] = offset, free
                    sheet.marked[3 * count + 2] = found
                    count += 1
                    break
        return count


def _packed(whole, beginning, opening):
    return whole | beginning << 8 | opening << 16


def _whole_in(walked):
    return (walked & 0xFF) - 1


def _beginning_in(walked):
    return (walked >> 8 & 0xFF) - 1


def _opening_in(walked):
    return (walked >> 16) - 1


def _letters(sheet, start, end):
    count: cython.Py_ssize_t = 0
    place: cython.Py_ssize_t
    for place in range(start, end):
        count += sheet.symbols[place] & IN_WORD != 0
    return count


def _is_before(one, row, other, place):
    if one[3 * row] != other[3 * place]:
        return one[3 * row] < other[3 * place]
    return one[3 * row + 1] < other[3 * place + 1]


def _bullet_end(sheet, start, end):
    """Return where what follows the bullet of a line starts, or -1 if it has none."""
    while start < end and sheet.symbols[start] & SPACE:
        start += 1
    if start == end:
        return -1
    sign: cython.uint = sheet.symbols[start] & CHARACTER
    if sign == 0x2A:  # one asterisk, where two are Markdown's bold
        if start + 1 < end and sheet.symbols[start + 1] & CHARACTER == 0x2A:
            return -1
    elif sign != 0x2D and sign != 0x2022 and sign != 0xB7 and sign != 0x318D:
        return -1
    start += 1
    while start < end and sheet.symbols[start] & SPACE:
        start += 1
    return start


def _opens(sign):
    return (
        sign == 0x5B or sign == 0x3010 or sign == 0x3C or sign == 0xFF1C or sign == 0x3008 or sign == 0x300A
        or sign == 0x300C
    )  # fmt: skip


def _closes(sign):
    return (
        sign == 0x5D or sign == 0x3011 or sign == 0x3E or sign == 0xFF1E or sign == 0x3009 or sign == 0x300B
        or sign == 0x300D
    )  # fmt: skip


def _bars(sign):
    """Return whether a sign cannot stand inside a heading in brackets."""
    return (
        sign == 0x5B or sign == 0x5D or sign == 0x3010 or sign == 0x3011 or sign == 0x3C or sign == 0x3E
        or sign == 0xFF1C or sign == 0xFF1E or sign == 0x3008 or sign == 0x3009 or sign == 0x28 or sign == 0x29
    )  # fmt: skip


def _is_glue(sheet, place, stop):
    """Return whether a new word begins here in the middle of another: "ResponsibilitiesBuild ranking models"."""
    if not sheet.symbols[place - 1] & LOWER:
        return False
    place += 1
    while place < stop and sheet.symbols[place] & LOWER:
        place += 1
    return place < stop and sheet.symbols[place] & CHARACTER == 0x20


def _phrase_start(sheet, line, free, last, mark):
    """Return where the phrase before a mark starts, at `free` or later, or -1 if none does."""
    start: cython.Py_ssize_t = -1
    place: cython.Py_ssize_t = last
    while place > free and last - place < _MOST_MARKED:
        place -= 1
        symbol: cython.uint = sheet.symbols[place]
        character: cython.uint = symbol & CHARACTER
        if not symbol & _LETTER and not (
            character == 0x20 or character == 0x26 or character == 0x2F or character == 0x27 or character == 0x2019
        ):
            break
        if not symbol & _CAPITAL or mark - place < 3:
            continue
        # A phrase has three characters or more, if need be with blanks.
        if last < place + 3 and not (
            sheet.symbols[last] & CHARACTER == 0x20 and sheet.symbols[place + 2] & CHARACTER == 0x20
        ):
            continue
        before: cython.uint = sheet.symbols[place - 1]
        sign: cython.uint = before & CHARACTER
        if (
            place == line
            or before & _BEFORE_HEADING
            or sign == 0x2E
            or sign == 0x21
            or sign == 0x3F
            or sign == 0x29
            or sign == 0x5D
        ):
            start = place
    return start


def _cut_background(sheet):
    """Where no duties are announced, cut background sections at their first blank line: they may follow it.

    A posting that opens with benefits or process has something pasted before it.
    """
    doubtful: cython.Py_ssize_t = sheet.spans
    number: cython.Py_ssize_t
    for number in range(sheet.spans):
        if sheet.span_section[number] == _DUTIES:
            doubtful = 2 if sheet.spans > 1 and 1 << sheet.span_section[1] & _IS_NO_OPENING else 0
            break
    first: cython.Py_ssize_t = 1 if doubtful == 2 and sheet.spans > 2 else 0
    added: cython.Py_ssize_t = 0
    for number in range(first, doubtful):
        if 1 << sheet.span_section[number] & _IS_BACKGROUND:
            # Their ends are kept apart until it is known how many there are.
            sheet.marked[number] = _blank_line_end(sheet, sheet.span_start[number], sheet.span_end[number])
        else:
            sheet.marked[number] = -1
        added += sheet.marked[number] >= 0
    number = sheet.spans - 1
    sheet.spans += added
    while added > 0:
        here: cython.Py_ssize_t = number + added
        if number >= first and number < doubtful and sheet.marked[number] >= 0:
            sheet.span_section[here] = _BODY
            sheet.span_start[here] = sheet.marked[number]
            sheet.span_end[here] = sheet.span_end[number]
            sheet.span_end[number] = sheet.marked[number]
            added -= 1
            here -= 1
        sheet.span_section[here] = sheet.span_section[number]
        sheet.span_start[here] = sheet.span_start[number]
        sheet.span_end[here] = sheet.span_end[number]
        number -= 1


def _blank_line_end(sheet, start, end):
    """Return where the first blank line with text before and after it ends, or -1."""
    place: cython.Py_ssize_t = start
    text_seen: cython.bint = sheet.symbols[start - 1] & SPACE == 0
    while place < end:
        if not sheet.symbols[place] & SPACE:
            text_seen = True
            place += 1
            continue
        newlines: cython.int = 0
        last: cython.Py_ssize_t = -1
        while place < end and sheet.symbols[place] & SPACE:
            if sheet.symbols[place] & NEWLINE:
                newlines += 1
                last = place
            place += 1
        if newlines > 1 and text_seen and place < end:
            return last + 1
    return -1
