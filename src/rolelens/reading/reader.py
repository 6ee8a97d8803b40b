"""The one reader of postings: all its rules in turn."""

from __future__ import annotations

from array import array
from typing import NamedTuple

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.documented import Documented
    from rolelens.reading.headings import Headings
    from rolelens.reading.language import Languages
    from rolelens.reading.phrases import Phrases
    from rolelens.reading.sheet import Sheet
    from rolelens.reading.titles import Titles
    from rolelens.reading.words import Words

from rolelens.posting import Span
from rolelens.reading.characters import symbols_of
from rolelens.reading.sections import ALL_SECTIONS


class Hits(NamedTuple):
    """The hits of n postings, in columns.

    `posting`, `key` and `section` say what stands where; `hashed` is the key of the phrase as the reader looks it up,
    `first` and `last` those of its first and last word, which begin and end at `start` and `end` of the symbols.
    """

    posting: array[int]
    key: array[int]
    section: array[int]
    start: array[int]
    end: array[int]
    hashed: array[int]
    first: array[int]
    last: array[int]


def is_compiled() -> bool:
    """Return whether the reader runs as machine code."""
    return bool(cython.compiled)


@cython.final
@cython.cclass
class Reader:
    """The rules of reading, filled with the words of a model; it keeps nothing of what it read, so threads share it."""

    def __init__(self, titles: Titles, headings: Headings, phrases: Phrases, documented: Documented) -> None:
        self.titles, self.headings, self.phrases, self.documented = titles, headings, phrases, documented
        self.words, self.languages = Words(documented.units), Languages()

    def sections_of(self, text: str) -> list[Span]:
        """Return the sections of a text in order: spans that cover it whole, headings as sections of their own."""
        sheet: Sheet = _sheet_of(text)
        self.headings.split(sheet)
        return [
            Span(ALL_SECTIONS[sheet.span_section[number]], sheet.span_start[number] - 1, sheet.span_end[number] - 1)
            for number in range(sheet.spans)
        ]

    def lines_of(self, text: str) -> list[Span]:
        """Return the lines of a text, its title first if its first line is one."""
        sheet: Sheet = _sheet_of(text)
        self.read(sheet)
        return [
            Span(ALL_SECTIONS[sheet.line_section[number]], sheet.line_start[number] - 1, sheet.line_end[number] - 1)
            for number in range(sheet.lines)
        ]

    def hits_of(self, symbols: array[int], bounds: array[int]) -> Hits:
        """Return the hits of postings, of which `bounds` holds where title and text begin and end."""
        sheet: Sheet = Sheet()
        sheet.keep_hashes()
        sheet.symbols = symbols
        found = Hits(*(array("i") for _ in range(5)), *(array("Q") for _ in range(3)))
        marks: cython.int[::1] = bounds
        posting: cython.Py_ssize_t
        hit: cython.Py_ssize_t
        for posting in range(len(bounds) // 4):
            sheet.title_start, sheet.title_end = marks[4 * posting], marks[4 * posting + 1]
            sheet.text_start, sheet.text_end = marks[4 * posting + 2], marks[4 * posting + 3]
            sheet.make_room(sheet.text_end - marks[4 * posting])
            given: cython.Py_ssize_t = sheet.title_end
            self.read(sheet)
            while sheet.crowded:
                sheet.more_hits()
                sheet.title_start, sheet.title_end = marks[4 * posting], given
                self.read(sheet)
            for hit in range(sheet.hits):
                first: cython.int = sheet.hit_first[hit]
                last: cython.int = sheet.hit_last[hit]
                found.posting.append(posting)
                found.key.append(sheet.hit_key[hit])
                found.section.append(sheet.line_section[sheet.word_line[first]])
                found.start.append(sheet.word_start[first])
                found.end.append(sheet.word_end[last])
                found.hashed.append(sheet.hit_hash[hit])
                found.first.append(sheet.word_key[first])
                found.last.append(sheet.word_key[last])
        return found

    def read(self, sheet):
        """Read the posting whose bounds a sheet holds onto that sheet."""
        sheet.language = self.languages.tell(sheet)
        self.titles.find(sheet)
        self.headings.split(sheet)
        self.words.read(sheet)
        self.phrases.find(sheet)
        self.documented.find(sheet)


def _sheet_of(text: str) -> Sheet:
    """Return the sheet of a text that is to be read."""
    sheet: Sheet = Sheet()
    sheet.symbols = symbols_of(f"\n{text}")
    sheet.title_start = sheet.title_end = sheet.text_start = 1
    sheet.text_end = len(text) + 1
    sheet.make_room(len(text))
    return sheet
