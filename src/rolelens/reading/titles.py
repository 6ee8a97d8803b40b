"""The title of a posting, and the roles it names."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.kinds import CHARACTER, DIGIT, NEWLINE, SPACE
    from rolelens.reading.table import HashTable
    from rolelens.reading.words import word_end

from rolelens.reading.sheet import MAX_NAMES, MAX_TITLE_CHARS

MAX_TITLE_LINE = 80  # characters of a first line that is a title

_MOST = cython.declare(cython.Py_ssize_t, MAX_TITLE_CHARS)
_MOST_NAMES = cython.declare(cython.Py_ssize_t, MAX_NAMES)
_MOST_OF_LINE = cython.declare(cython.Py_ssize_t, MAX_TITLE_LINE)
# Korean writes the words of a name together or apart, so its names are looked for without the spaces.
_APART = cython.declare(cython.int, 1)
_TOGETHER = cython.declare(cython.int, 2)
_ONE = cython.declare(cython.ulonglong, 1)


@cython.final
@cython.cclass
class Titles:
    """The names of roles, as a tree of letters, and what finds them in titles."""

    def __init__(self, aliases: Mapping[str, str], roles: Sequence[str]) -> None:
        self.steps = HashTable(sum(map(len, aliases)) + 2 * len(aliases) + 2)
        self.ends = HashTable(len(aliases) + 2)
        self.nodes = 3
        self.roles = array("i", [roles.index(role) for role in aliases.values()] or [0])
        self.lengths = array("i", [len(alias) for alias in aliases] or [0])
        self.longest = max(map(len, aliases), default=0)
        for number, alias in enumerate(aliases):
            node, name = (_APART, f" {alias} ") if alias.isascii() else (_TOGETHER, alias.replace(" ", ""))
            for letter in name:
                step = node << 16 | ord(letter)
                if self.steps.get(step) < 0:
                    self.steps.set(step, self.nodes)
                    self.nodes += 1
                node = self.steps.get(step)
            self.ends.set(node, number)

    def find(self, sheet):
        """Fill in the title, if none was given the first line if it names a role, and the roles it names."""
        if sheet.title_end > sheet.title_start:
            sheet.named = self.named_in(sheet, sheet.title_start, sheet.title_end)
            return
        start: cython.Py_ssize_t = sheet.text_start
        while start < sheet.text_end and sheet.symbols[start] & SPACE:
            start += 1
        end: cython.Py_ssize_t = start
        while end < sheet.text_end and end - start <= _MOST_OF_LINE and not sheet.symbols[end] & NEWLINE:
            end += 1
        sheet.named = self.named_in(sheet, start, end) if end - start <= _MOST_OF_LINE else 0
        if sheet.named:
            sheet.title_start, sheet.title_end = start, end

    def named_in(self, sheet, start, end):
        """Return a bit for each role that a title names; a name inside a longer one does not count."""
        end = min(end, start + _MOST)
        apart: cython.Py_ssize_t = 1
        together: cython.Py_ssize_t = 2 * _MOST + 2  # one half of the column for the words apart, one for them together
        first: cython.Py_ssize_t = together
        sheet.name_letters[0] = 0x20
        place: cython.Py_ssize_t = start
        while place < end:
            close: cython.Py_ssize_t = word_end(sheet, place, end, False)
            if close < 0:
                place += 1
                while place < end and sheet.symbols[place] & sheet.symbols[place - 1] & DIGIT:
                    place += 1
                continue
            while place < close:
                letter: cython.int = sheet.symbols[place] & CHARACTER
                sheet.name_letters[apart] = letter
                sheet.name_letters[together] = letter
                apart += 1
                together += 1
                place += 1
            sheet.name_letters[apart] = 0x20
            apart += 1
        named: cython.ulonglong = self.listed(sheet, 0, apart, _APART)
        return named | self.listed(sheet, first, together, _TOGETHER)

    def listed(self, sheet, start, end, root):
        """Return a bit for each role whose names stand among letters, the longest names first."""
        found: cython.Py_ssize_t = 0
        place: cython.Py_ssize_t
        for place in range(start, end):
            sheet.name_taken[place] = 0
            node: cython.int = root
            letter: cython.Py_ssize_t = place
            while letter < end and found < _MOST_NAMES:
                node = self.steps.find(cython.cast(cython.ulonglong, node) << 16 | sheet.name_letters[letter])
                if node < 0:
                    break
                letter += 1
                alias: cython.int = self.ends.find(node)
                if alias >= 0:
                    sheet.name_start[found], sheet.name_length[found] = place, letter - place
                    sheet.name_alias[found] = alias
                    found += 1
        named: cython.ulonglong = 0
        length: cython.int = self.longest if found else 0
        while length > 0:
            row: cython.Py_ssize_t
            for row in range(found):
                if self.lengths[sheet.name_alias[row]] == length:
                    inside: cython.bint = True
                    for letter in range(sheet.name_start[row], sheet.name_start[row] + sheet.name_length[row]):
                        inside = inside and sheet.name_taken[letter] != 0
                        sheet.name_taken[letter] = 1
                    if not inside:
                        named |= _ONE << self.roles[sheet.name_alias[row]]
            length -= 1
        return named
