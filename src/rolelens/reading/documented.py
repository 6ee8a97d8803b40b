"""Words become documented duties: the phrases of role definitions, their words in order, inflected, a little apart."""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

if not cython.compiled:
    from rolelens.reading.hashing import grown
    from rolelens.reading.kinds import CHARACTER, FIRST_SYLLABLE, LAST_SYLLABLE, SYLLABLE, UPPER
    from rolelens.reading.table import HashTable

from rolelens.reading.table import key_of
from rolelens.reading.words import words_of

AS_WRITTEN = "="  # before the first unit of a phrase: in that case only, and no piece of a longer word
MAX_GAP = 2  # words that may stand between two words of a documented phrase
MAX_APART = 12  # syllables that may stand between two parts of one Hangul word

_GAP = cython.declare(cython.Py_ssize_t, MAX_GAP)
_APART = cython.declare(cython.Py_ssize_t, MAX_APART)
_ONE = cython.declare(cython.ulonglong, 1)

_LENGTH_BITS = 8
_SHIFT = cython.declare(cython.int, _LENGTH_BITS)
_LENGTH = cython.declare(cython.ulonglong, (1 << _LENGTH_BITS) - 1)

Pattern = tuple[Sequence[str], int]  # the units of a phrase and the number of its duty


@cython.final
@cython.cclass
class Documented:
    """The documented phrases by their first unit, and what finds them.

    A unit is an English stem or a Hangul word, which may be any piece of a Hangul word of the text: 모델 학습 is
    found in 모델학습을.
    """

    def __init__(self, patterns: Sequence[Pattern], first_key: int) -> None:
        """Take patterns; the hits of duty number 0 are to be numbered `first_key`."""
        self.first_key = first_key
        written = [
            units[0].removeprefix(AS_WRITTEN) if units[0].startswith(AS_WRITTEN) else "" for units, _ in patterns
        ]
        plain = [
            ((_unit(word), *units[1:]) if word else tuple(units), duty, word)
            for (units, duty), word in zip(patterns, written, strict=True)
        ]
        listed = sorted(plain, key=lambda each: each[0][0])
        numbers: dict[str, int] = {}
        for units, _, _ in listed:
            for unit in units:
                numbers.setdefault(unit, len(numbers))
        self.units, self.openings = HashTable(len(numbers)), HashTable(len(numbers))
        self.opening_lengths = array("H", bytes(2 * (LAST_SYLLABLE - FIRST_SYLLABLE + 1)))
        texts, letters, bounds = array("i", [0]), array("i"), array("i")
        for unit in numbers:
            letters.extend(map(ord, unit))
            texts.append(len(letters))
            if unit < "가":
                self.units.set(key_of(unit), numbers[unit])
        starts, units_of, duties = array("i", [0]), array("i"), array("i")
        bounds.frombytes(bytes(8 * len(numbers) + 8))
        for place, (units, duty, _) in enumerate(listed):
            units_of.extend(numbers[unit] for unit in units)
            starts.append(len(units_of))
            duties.append(duty)
            first = numbers[units[0]]
            if bounds[2 * first + 1] == 0:
                bounds[2 * first] = place
            bounds[2 * first + 1] = place + 1
            if units[0] >= "가":
                self.openings.set(key_of(units[0]), first)
                self.opening_lengths[ord(units[0][0]) - FIRST_SYLLABLE] |= 1 << len(units[0])
        self.unit_first, self.unit_text, self.unit_letters = bounds, texts, letters or array("i", [0])
        self.unit_keys = array("Q", [key_of(unit) for unit in numbers] or [0])
        self.pattern_start, self.pattern_unit = starts, units_of or array("i", [0])
        self.pattern_duty = duties or array("i", [0])
        self.pattern_written = array("Q", [_capitals(word) for _, _, word in listed] or [0])
        # What must be near a first unit: a bit for the number of an English unit, for the first syllable of another.
        self.pattern_second = array("Q", [_bit(units[1:2], numbers) for units, _, _ in listed] or [0])

    def find(self, sheet):
        """Add the documented phrases of a posting to its hits."""
        word: cython.Py_ssize_t
        for word in range(sheet.words):
            if sheet.word_unit[word] >= 0:
                self.find_from(sheet, sheet.word_unit[word], word, 0)
                continue
            start: cython.Py_ssize_t = sheet.word_start[word]
            end: cython.Py_ssize_t = sheet.word_end[word]
            if not sheet.symbols[start] & SYLLABLE:
                continue
            first: cython.Py_ssize_t
            for first in range(start, end):
                lengths: cython.uint = self.opening_lengths[(sheet.symbols[first] & CHARACTER) - FIRST_SYLLABLE]
                value: cython.ulonglong = 0
                stop: cython.Py_ssize_t = first
                while lengths > 1 and stop < end:
                    value = grown(value, sheet.symbols[stop] & CHARACTER)
                    stop += 1
                    lengths >>= 1
                    if lengths & 1:
                        unit: cython.int = self.openings.find(value)
                        if unit >= 0:
                            self.find_from(sheet, unit, word, stop - start)

    def find_from(self, sheet, unit, word, offset):
        """Add the documented phrases whose first unit ends at an offset of a word."""
        pattern: cython.int
        if self.unit_first[2 * unit + 1] == 0:  # it begins no phrase
            return
        near: cython.ulonglong = self.near(sheet, word, offset)
        for pattern in range(self.unit_first[2 * unit], self.unit_first[2 * unit + 1]):
            if self.pattern_second[pattern] & near != self.pattern_second[pattern]:
                continue
            written: cython.ulonglong = self.pattern_written[pattern]
            if written and not self.is_as_written(sheet, word, unit, written):
                continue
            last: cython.Py_ssize_t = self.follow(
                sheet, self.pattern_start[pattern] + 1, self.pattern_start[pattern + 1], word, offset
            )
            if last >= 0:
                sheet.add_hit(self.first_key + self.pattern_duty[pattern], word, last, 0)

    def is_as_written(self, sheet, word, unit, written):
        """Return whether a word has the length and the capitals of a unit; a Hangul one may have an ending besides."""
        start: cython.Py_ssize_t = sheet.word_start[word]
        length: cython.Py_ssize_t = written & _LENGTH
        if sheet.symbols[start] & SYLLABLE:
            return sheet.word_key[word] == self.unit_keys[unit]
        if sheet.word_end[word] - start != length:
            return False
        place: cython.Py_ssize_t
        for place in range(length):
            if (sheet.symbols[start + place] & UPPER != 0) != (written >> (_SHIFT + place) & 1):
                return False
        return True

    def near(self, sheet, word, offset):
        """Return a bit for each second unit that may follow an offset of a word, some of others among them."""
        found: cython.ulonglong = 0
        following: cython.Py_ssize_t
        start: cython.Py_ssize_t = sheet.word_start[word]
        place: cython.Py_ssize_t
        if sheet.symbols[start] & SYLLABLE:
            for place in range(
                start + offset, min(cython.cast(cython.Py_ssize_t, sheet.word_end[word]), start + offset + _APART + 1)
            ):
                found |= _ONE << (sheet.symbols[place] & 63)
        for following in range(word + 1, min(sheet.words, word + 2 + _GAP)):
            if sheet.word_clause[following] != sheet.word_clause[word]:
                break
            start = sheet.word_start[following]
            if sheet.symbols[start] & SYLLABLE:
                for place in range(
                    start, min(cython.cast(cython.Py_ssize_t, sheet.word_end[following]), start + _GAP + 1)
                ):
                    found |= _ONE << (sheet.symbols[place] & 63)
            elif sheet.word_unit[following] >= 0:
                found |= _ONE << (sheet.word_unit[following] & 63)
        return found

    def follow(self, sheet, unit, last, word, offset):
        """Return the word where a phrase ends, -1 if its units from one to the last do not follow."""
        if unit == last:
            return word
        number: cython.int = self.pattern_unit[unit]
        clause: cython.int = sheet.word_clause[word]
        length: cython.Py_ssize_t = self.unit_text[number + 1] - self.unit_text[number]
        following: cython.Py_ssize_t
        if self.unit_letters[self.unit_text[number]] < cython.cast(cython.int, FIRST_SYLLABLE):
            for following in range(word + 1, min(sheet.words, word + 2 + _GAP)):
                if sheet.word_unit[following] == number and sheet.word_clause[following] == clause:
                    return self.follow(sheet, unit + 1, last, following, length)
            return -1
        start: cython.Py_ssize_t = sheet.word_start[word]
        end: cython.Py_ssize_t = sheet.word_end[word]
        if sheet.symbols[start] & SYLLABLE:
            found: cython.Py_ssize_t = self.place_in(
                sheet, number, start + offset, min(end, start + offset + _APART + length)
            )
            if found >= 0:
                ended: cython.Py_ssize_t = self.follow(sheet, unit + 1, last, word, offset + found + length)
                if ended >= 0:
                    return ended
        # Korean words are long: one word between is as far as two in English.
        for following in range(word + 1, min(sheet.words, word + 1 + _GAP)):
            start, end = sheet.word_start[following], sheet.word_end[following]
            if sheet.word_clause[following] == clause and sheet.symbols[start] & SYLLABLE:
                found = self.place_in(sheet, number, start, min(end, start + _GAP + length))
                if found >= 0:
                    return self.follow(sheet, unit + 1, last, following, found + length)
        return -1

    def place_in(self, sheet, unit, start, end):
        """Return how far behind a place a Hangul unit stands, -1 if it doesn't."""
        text: cython.Py_ssize_t = self.unit_text[unit]
        length: cython.Py_ssize_t = self.unit_text[unit + 1] - text
        place: cython.Py_ssize_t
        for place in range(start, end - length + 1):
            same: cython.Py_ssize_t = 0
            while same < length and sheet.symbols[place + same] & CHARACTER == self.unit_letters[text + same]:
                same += 1
            if same == length:
                return place - start
        return -1


def _unit(word: str) -> str:
    """Return the unit of a word as it is written."""
    return words_of(word)[0][2]


def _capitals(word: str) -> int:
    """Return the length of a word and, above it, a bit for each of its capitals; 0 for no word."""
    return len(word) | sum(1 << _LENGTH_BITS + place for place, letter in enumerate(word[:50]) if letter.isupper())


def _bit(second: Sequence[str], numbers: Mapping[str, int]) -> int:
    """Return the bit of the second unit of a phrase, 0 if there is none."""
    return sum(1 << ((numbers[unit] if unit < "가" else ord(unit[0])) & 63) for unit in second)
