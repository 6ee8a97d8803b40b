"""Sections become lines and words: where statements, clauses and words begin and end, and what a word's stem is."""

from __future__ import annotations

from array import array

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.hashing import grown
    from rolelens.reading.kinds import (
        ALPHANUMERIC,
        BULLET,
        CHARACTER,
        CLOSING,
        COMMA,
        DASH,
        DIGIT,
        FIRST_SYLLABLE,
        IN_WORD,
        LAST_SYLLABLE,
        LETTER,
        LOWER,
        NEWLINE,
        SPACE,
        STOP,
        SYLLABLE,
        UPPER,
    )
    from rolelens.reading.sheet import Sheet
    from rolelens.reading.table import HashTable

from rolelens.reading.characters import symbols_of
from rolelens.reading.sections import NUMBERS, TITLE
from rolelens.reading.table import key_of
from rolelens.reading.vocabulary import KOREAN_ENDINGS

MAX_NUMBERING = 3  # digits of a line's number; more are a year
MAX_NAME_PART = 9  # small letters of LangChain's first half; what is glued after more is another line


_CAPITAL = cython.declare(cython.uint, UPPER | SYLLABLE)
_ALWAYS_ENDS = cython.declare(cython.uint, NEWLINE | BULLET)
_PARTS = cython.declare(cython.uint, NEWLINE | BULLET | STOP | COMMA | DASH)
_BEFORE_GLUE = cython.declare(cython.uint, LOWER | SYLLABLE | CLOSING)
_TITLE = cython.declare(cython.int, NUMBERS[TITLE])
_LONGEST_ENDING = cython.declare(cython.int, max(map(len, KOREAN_ENDINGS)))
_MOST_DIGITS = cython.declare(cython.Py_ssize_t, MAX_NUMBERING)
_MOST_OF_NAME = cython.declare(cython.Py_ssize_t, MAX_NAME_PART)
_BLANK = cython.declare(cython.uint, 0x20)
_PLUS = cython.declare(cython.uint, 0x2B)
_SHARP = cython.declare(cython.uint, 0x23)


@cython.final
@cython.cclass
class Words:
    """What cuts sections into lines and words; `units` are the keys of English words of documented phrases."""

    def __init__(self, units: HashTable) -> None:
        self.units = units
        self.endings = HashTable(len(KOREAN_ENDINGS))
        lengths = array("H", bytes(2 * (LAST_SYLLABLE - FIRST_SYLLABLE + 1)))
        for ending in KOREAN_ENDINGS:
            self.endings.set(key_of(ending), len(ending))
            lengths[ord(ending[len(ending) - 1]) - FIRST_SYLLABLE] |= 1 << len(ending)
        self.ending_lengths = lengths

    def read(self, sheet):
        """Fill the lines and words of a posting: those of its title first, then those of its sections."""
        sheet.lines = sheet.words = 0
        self.read_title(sheet)
        sheet.text_words = -sheet.words
        start: cython.Py_ssize_t = sheet.text_start
        if sheet.title_end > start:  # the title is the text's first line
            start, sheet.text_words = sheet.title_end, 0
        number: cython.Py_ssize_t
        for number in range(sheet.spans):
            if sheet.span_end[number] > start:
                self.read_section(
                    sheet, sheet.span_section[number], max(start, sheet.span_start[number]), sheet.span_end[number]
                )
        sheet.text_words += sheet.words
        sheet.line_word[sheet.lines] = sheet.words

    def read_title(self, sheet):
        """Add the title, which is one line and one clause."""
        place: cython.Py_ssize_t = sheet.title_start
        joined: cython.bint = False
        while place < sheet.title_end:
            symbol: cython.uint = sheet.symbols[place]
            close: cython.Py_ssize_t = word_end(sheet, place, sheet.title_end, False) if symbol & IN_WORD else -1
            if close >= 0:
                place = self.add_word(sheet, place, close, joined, 0)
                joined = True
                continue
            if symbol & COMMA:
                joined = False
            place += 1
            while place < sheet.title_end and symbol & sheet.symbols[place] & DIGIT:
                place += 1
        _add_line(sheet, _TITLE, sheet.title_start, sheet.title_end, 0)

    def read_section(self, sheet, section, start, end):
        """Add the lines of a section: bullets, sentences, and what is glued together."""
        line: cython.Py_ssize_t = start
        first: cython.Py_ssize_t = sheet.words
        clause: cython.Py_ssize_t = start + 1
        joined: cython.bint = False
        place: cython.Py_ssize_t = start
        while place < end:
            symbol: cython.uint = sheet.symbols[place]
            if symbol & IN_WORD:
                if symbol & UPPER and _is_glue(sheet, place, end):
                    joined, clause = False, place + 1
                    if not _is_name(sheet, line, place):
                        _add_line(sheet, section, line, place, first)
                        line, first = place, sheet.words
                close: cython.Py_ssize_t = word_end(sheet, place, end, True)
                if close >= 0:
                    self.add_word(sheet, place, close, joined, clause)
                    joined = True
                    place = close
                else:
                    while place < end and sheet.symbols[place] & DIGIT:
                        place += 1
                continue
            if symbol & _PARTS:
                stop: cython.Py_ssize_t = -1
                after: cython.Py_ssize_t = place + 1
                following: cython.uint = sheet.symbols[after]
                if symbol & _ALWAYS_ENDS:
                    joins: cython.bint = following & IN_WORD != 0 and sheet.symbols[place - 1] & IN_WORD != 0
                    if joins and after < end and _is_middle_dot(symbol):
                        joined = False
                    else:
                        stop = place
                elif symbol & STOP:
                    # A full stop behind the number that a line begins with belongs to the number.
                    if (after == end or following & SPACE) and not _is_numbering(sheet, line, place):
                        stop = place
                elif symbol & COMMA:
                    joined = False
                    if after < end and following & (_CAPITAL | DASH):
                        clause = after
                elif symbol & DASH:
                    before: cython.uint = sheet.symbols[place - 1]
                    blank: cython.bint = following & CHARACTER == _BLANK and after < end
                    if blank and place > line and before & CHARACTER == _BLANK:
                        if not _is_range(sheet, line, place, end):
                            stop = place - 1
                            after += 1
                    elif before & SYLLABLE:
                        after += blank
                        if after < end and sheet.symbols[after] & _CAPITAL:
                            stop = place
                if stop >= 0:
                    _add_line(sheet, section, line, stop, first)
                    line, first, place, clause, joined = after, sheet.words, after, after + 1, False
                    continue
            place += 1
        _add_line(sheet, section, line, end, first)

    def add_word(self, sheet, start, end, joined, clause):
        """Add a word; return its end."""
        word: cython.Py_ssize_t = sheet.words
        sheet.word_start[word], sheet.word_end[word] = start, end
        sheet.word_line[word], sheet.word_clause[word] = sheet.lines, clause
        sheet.word_joined[word] = joined
        key: cython.ulonglong = sheet.key
        if sheet.seen & SYLLABLE:
            stem: cython.Py_ssize_t = self.stem_end(sheet, start, end)
            sheet.word_unit[word] = -1
            sheet.word_key[word] = key if stem == end else word_key(sheet, start, stem)
        else:
            sheet.word_unit[word] = self.units.find(english_stem_key(sheet, start, end))
            sheet.word_key[word] = key
        sheet.words += 1
        return end

    def stem_end(self, sheet, start, end):
        """Return where a Hangul word ends without its particle or ending, keeping two syllables or more."""
        lengths: cython.uint = self.ending_lengths[(sheet.symbols[end - 1] & CHARACTER) - FIRST_SYLLABLE]
        length: cython.Py_ssize_t = min(_LONGEST_ENDING, end - start - 2) if lengths else 0
        while length > 0:
            if lengths >> length & 1 and self.endings.find(word_key(sheet, end - length, end)) >= 0:
                return end - length
            length -= 1
        return end


def word_end(sheet, start, end, glued):
    """Return where the word that begins at a place ends, -1 if none does: it has a letter, and may end in ++ or #.

    `sheet.key` is its key then, `sheet.seen` what its letters are. Where lines may be `glued`, it ends at the latest
    where one is: "teamBuild models".
    """
    place: cython.Py_ssize_t = start
    symbol: cython.uint = sheet.symbols[start]
    kind: cython.uint = SYLLABLE if symbol & SYLLABLE else ALPHANUMERIC
    seen: cython.uint = 0
    value: cython.ulonglong = 0
    while symbol & kind and place < end:
        if symbol & UPPER and glued and place > start and _is_glue(sheet, place, end):
            break
        seen |= symbol
        value = grown(value, symbol & CHARACTER)
        place += 1
        symbol = sheet.symbols[place]
    if not seen & (LETTER | SYLLABLE):
        return -1
    sign: cython.uint = symbol & CHARACTER
    if (sign == _SHARP or sign == _PLUS) and sheet.symbols[start] & LETTER and place < end:
        if sign == _SHARP:
            seen |= symbol
            value = grown(value, sign)
            place += 1
        elif place + 1 < end and sheet.symbols[place + 1] & CHARACTER == _PLUS:
            seen |= symbol
            value = grown(value, sign)
            value = grown(value, sign)
            place += 2
    sheet.key, sheet.seen = value, seen
    return place


def word_key(sheet, start, end):
    """Return the key of the letters between two places."""
    value: cython.ulonglong = 0
    place: cython.Py_ssize_t
    for place in range(start, end):
        value = grown(value, sheet.symbols[place] & CHARACTER)
    return value


def english_stem_key(sheet, start, end):
    """Return the key of the last word scanned without its inflection: train, trains, trained, training have the same.

    The stem ends at `sheet.stem_end`, and has a y instead of what is behind it if `sheet.stem_has_y`.
    """
    whole: cython.Py_ssize_t = end
    last: cython.uint = sheet.symbols[end - 1] & CHARACTER
    sheet.stem_end, sheet.stem_has_y = end, False
    if (last != 0x73 and last != 0x67 and last != 0x64 and last != 0x65) or end - start <= 3:  # s, g, d, e
        return sheet.key
    if sheet.seen | LETTER | CHARACTER != LETTER | CHARACTER:
        return sheet.key
    before: cython.uint = sheet.symbols[end - 2] & CHARACTER
    if last == 0x73:
        if before == 0x65 and sheet.symbols[end - 3] & CHARACTER == 0x69 and end - start > 4:  # ies
            sheet.stem_end, sheet.stem_has_y = end - 3, True
            return grown(word_key(sheet, start, end - 3), 0x79)
        if before != 0x73 and before != 0x75 and before != 0x69:  # ss, us, is
            end -= 1
    root: cython.Py_ssize_t = _root_end(sheet, start, end)
    if root < end:
        end = root
        last = sheet.symbols[end - 1] & CHARACTER
        doubled: cython.bint = last == sheet.symbols[end - 2] & CHARACTER
        if doubled and end - start > 3 and last != 0x73 and last != 0x7A:  # pressing and buzzing keep theirs
            end -= 1
    if end - start > 3 and sheet.symbols[end - 1] & CHARACTER == 0x65:
        end -= 1
    sheet.stem_end = end
    return sheet.key if end == whole else word_key(sheet, start, end)


def words_of(text: str) -> list[tuple[int, int, str]]:
    """Return where each word of a text begins and ends, and its unit: its English stem, or the Hangul word.

    >>> words_of("LLM기반 C++ 모델을 training")
    [(0, 3, 'llm'), (3, 5, '기반'), (6, 9, 'c++'), (10, 13, '모델을'), (14, 22, 'train')]
    """
    sheet: Sheet = Sheet()
    sheet.symbols = symbols_of(text)
    end: cython.Py_ssize_t = len(text)
    place: cython.Py_ssize_t = 0
    found = []
    while place < end:
        close: cython.Py_ssize_t = word_end(sheet, place, end, False) if sheet.symbols[place] & IN_WORD else -1
        if close < 0:
            place += 1
            while place < end and sheet.symbols[place] & sheet.symbols[place - 1] & DIGIT:
                place += 1
            continue
        english_stem_key(sheet, place, close)
        found.append((place, close, text[place : sheet.stem_end].lower() + ("y" if sheet.stem_has_y else "")))
        place = close
    return found


def _root_end(sheet, start, end):
    """Return where a word ends without -ing or -ed, if three letters with a vowel are left."""
    last: cython.uint = sheet.symbols[end - 1] & CHARACTER
    before: cython.uint = sheet.symbols[end - 2] & CHARACTER
    root: cython.Py_ssize_t = end
    if last == 0x67 and before == 0x6E and sheet.symbols[end - 3] & CHARACTER == 0x69:  # ing
        root = end - 3
    elif last == 0x64 and before == 0x65:  # ed
        root = end - 2
    if root == end or root - start < 3:
        return end
    place: cython.Py_ssize_t
    for place in range(start, root):
        letter: cython.uint = sheet.symbols[place] & CHARACTER
        if letter == 0x61 or letter == 0x65 or letter == 0x69 or letter == 0x6F or letter == 0x75 or letter == 0x79:
            return root
    return end


def _add_line(sheet, section, start, end, first):
    """Add a line, if it has words."""
    if sheet.words > first:
        sheet.line_section[sheet.lines] = section
        sheet.line_start[sheet.lines], sheet.line_end[sheet.lines] = start, end
        sheet.line_word[sheet.lines] = first
        sheet.lines += 1


def _is_glue(sheet, place, end):
    """Return whether a capital begins another line: flattened postings glue them together ("the teamBuild models")."""
    before: cython.uint = sheet.symbols[place - 1]
    if not before & _BEFORE_GLUE:
        return False
    if before & LOWER and not sheet.symbols[place - 2] & IN_WORD:  # eCommerce and iPhone are one word
        return False
    after: cython.Py_ssize_t = place + 1
    while after < end and sheet.symbols[after] & LOWER:
        after += 1
    return (
        after > place + 1
        and after + 1 < end
        and sheet.symbols[after] & CHARACTER == _BLANK
        and sheet.symbols[after + 1] & LOWER != 0
    )


def _is_numbering(sheet, line, place):
    """Return whether nothing but a short number stands in a line before a place: "1. Build models"."""
    start: cython.Py_ssize_t = place
    while start > line and place - start <= _MOST_DIGITS and sheet.symbols[start - 1] & DIGIT:
        start -= 1
    if start == place or place - start > _MOST_DIGITS:
        return False
    while start > line and sheet.symbols[start - 1] & SPACE:
        start -= 1
    return start == line


def _is_range(sheet, line, place, end):
    """Return whether a dash between blanks stands between two numbers: "$50,000.00 - $60,000.00"."""
    after: cython.Py_ssize_t = place + 2
    if after < end and not sheet.symbols[after] & (IN_WORD | SPACE | _PARTS):  # a sign of currency
        after += 1
    return (
        after < end
        and place - 2 >= line
        and sheet.symbols[after] & DIGIT != 0
        and sheet.symbols[place - 2] & DIGIT != 0
    )


def _is_middle_dot(symbol):
    return symbol & CHARACTER == 0xB7 or symbol & CHARACTER == 0x318D


def _is_name(sheet, line, place):
    """Return whether what is glued to a place makes a name with it: LangChain and PyTorch are glued by intent."""
    start: cython.Py_ssize_t = place
    while start > line and place - start <= _MOST_OF_NAME and sheet.symbols[start - 1] & LOWER:
        start -= 1
    return (
        place - start > 0
        and place - start <= _MOST_OF_NAME
        and start > line
        and (sheet.symbols[start - 1] & UPPER != 0)
    )
