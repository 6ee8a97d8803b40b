"""The language of a text: Korean by its syllables, English by its commonest words."""

from __future__ import annotations

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.hashing import grown
    from rolelens.reading.kinds import ACCENTED, CHARACTER, LETTER, STRANGE, SYLLABLE
    from rolelens.reading.sheet import Sheet
    from rolelens.reading.table import HashTable

from rolelens.reading.characters import symbols_of
from rolelens.reading.normalising import normalised
from rolelens.reading.table import key_of
from rolelens.reading.vocabulary import ENGLISH_WORDS, FOREIGN_WORDS

NAMES = ("unknown", "unsupported", "en", "ko")  # unknown: too little to tell; unsupported: another language
LANGUAGE_CHARACTERS = 1000  # enough to tell the language of a posting by

_UNKNOWN = cython.declare(cython.int, 0)
_UNSUPPORTED = cython.declare(cython.int, 1)
_ENGLISH = cython.declare(cython.int, 2)
_KOREAN = cython.declare(cython.int, 3)
_FOREIGN = cython.declare(cython.int, 1)
_LONGEST = cython.declare(cython.int, max(map(len, ENGLISH_WORDS | FOREIGN_WORDS)))
_MOST = cython.declare(cython.Py_ssize_t, LANGUAGE_CHARACTERS)


@cython.final
@cython.cclass
class Languages:
    """The commonest words of languages, and what tells a language by them."""

    def __init__(self) -> None:
        self.words = HashTable(len(ENGLISH_WORDS) + len(FOREIGN_WORDS))
        for word in ENGLISH_WORDS:
            self.words.set(key_of(word), _ENGLISH)
        for word in FOREIGN_WORDS:
            self.words.set(key_of(word), _FOREIGN)

    def tell(self, sheet):
        """Return the number of a posting's language."""
        latin: cython.Py_ssize_t = 0
        hangul: cython.Py_ssize_t = 0
        accented: cython.Py_ssize_t = 0
        strange: cython.Py_ssize_t = 0
        end: cython.Py_ssize_t = min(sheet.text_end, sheet.text_start + _MOST)
        place: cython.Py_ssize_t
        for place in range(sheet.text_start, end):
            symbol: cython.uint = sheet.symbols[place]
            latin += symbol & LETTER != 0
            hangul += symbol & SYLLABLE != 0
            accented += symbol & ACCENTED != 0
            strange += symbol & STRANGE != 0
        letters: cython.Py_ssize_t = latin + hangul + accented + strange
        if letters == 0:
            return _UNKNOWN
        if 2 * strange > letters:
            return _UNSUPPORTED
        if 10 * hangul >= letters:
            return _KOREAN
        return self.tell_western(sheet, end, 50 * accented >= letters)

    def tell_western(self, sheet, end, accented):
        """Return the number of the language that the commonest words of a text are of."""
        words: cython.Py_ssize_t = 0
        english: cython.Py_ssize_t = 0
        foreign: cython.Py_ssize_t = 0
        value: cython.ulonglong = 0
        length: cython.int = 0
        place: cython.Py_ssize_t
        for place in range(sheet.text_start, end + 1):
            symbol: cython.uint = sheet.symbols[place] if place < end else 0
            letter: cython.uint = symbol & CHARACTER
            if symbol & LETTER or (symbol & ACCENTED and letter <= 0xFF and letter != 0xD7 and letter != 0xF7):
                if 0xC0 <= letter <= 0xDE:
                    letter += 32
                words += value == 0
                value = grown(value, letter)
                length += 1
            elif value:
                found: cython.int = self.words.find(value) if length <= _LONGEST else -1
                english += found == _ENGLISH
                foreign += found == _FOREIGN
                value = 0
                length = 0
        if foreign >= 3 and foreign > 2 * english and (10 * foreign >= words or accented):
            return _UNSUPPORTED
        return _ENGLISH if english else _UNKNOWN


def language_of(text: str) -> str:
    """Return "en", "ko", "unknown" (too little to tell) or "unsupported" (another language).

    >>> language_of("머신러닝 모델을 개발합니다"), language_of("We train the models"), language_of("データを分析する")
    ('ko', 'en', 'unsupported')
    """
    sheet: Sheet = Sheet()
    text = normalised(text[:LANGUAGE_CHARACTERS]).text
    sheet.symbols = symbols_of(text)
    sheet.text_start, sheet.text_end = 0, len(text)
    return NAMES[Languages().tell(sheet)]
