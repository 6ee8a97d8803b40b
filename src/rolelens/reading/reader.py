"""The one reader of postings: all its rules in turn."""

from __future__ import annotations

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if cython.compiled:
    from cython.cimports.rolelens.reading.documented import Documented
    from cython.cimports.rolelens.reading.headings import Headings
    from cython.cimports.rolelens.reading.language import Languages
    from cython.cimports.rolelens.reading.phrases import Phrases
    from cython.cimports.rolelens.reading.sheet import Sheet
    from cython.cimports.rolelens.reading.titles import Titles
    from cython.cimports.rolelens.reading.words import Words
else:
    from rolelens.reading.documented import Documented
    from rolelens.reading.headings import Headings
    from rolelens.reading.language import Languages
    from rolelens.reading.phrases import Phrases
    from rolelens.reading.sheet import Sheet
    from rolelens.reading.titles import Titles
    from rolelens.reading.words import Words


@cython.final
@cython.cclass
class Reader:
    """The rules of reading, filled with the words of a model; it keeps nothing of what it read, so threads share it."""

    def __init__(self, titles: Titles, headings: Headings, phrases: Phrases, documented: Documented) -> None:
        self.titles, self.headings, self.phrases, self.documented = titles, headings, phrases, documented
        self.words, self.languages = Words(documented.units), Languages()

    @cython.cfunc
    @cython.nogil
    @cython.exceptval(check=False)
    def read(self, sheet: Sheet) -> cython.void:
        """Read the posting whose bounds a sheet holds onto that sheet."""
        sheet.language = self.languages.tell(sheet)
        self.titles.find(sheet)
        self.headings.split(sheet)
        self.words.read(sheet)
        self.phrases.find(sheet)
        self.documented.find(sheet)
