"""What the words of a text tell of its language."""

from __future__ import annotations

import numpy as np

from rolelens.kernel.clauses import COMMON, GLUED, TOKENS, UNSURE
from rolelens.kernel.hashes import find, grown, key_of
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.machine import BLOCK, bits_where, count_bits
from rolelens.kernel.tables import ACCENTED, DIGIT, ENGLISH, FOREIGN, LETTER, STRANGE, SYLLABLE
from rolelens.text import LANGUAGE_CHARACTERS

OTHER_LANGUAGE, UNKNOWN, IN_ENGLISH, IN_KOREAN = 0, 1, 2, 3
_ALL = np.uint64(np.iinfo(np.uint64).max)


@compiled
def language(codes, start, common_words, scan):
    """Return the language of a text that starts there, given its marks and tokens."""
    kinds, end = scan.marks.kinds, min(len(codes), start + LANGUAGE_CHARACTERS)
    latin = hangul = accented = strange = joints = 0
    for block in range(start, end, BLOCK):
        inside = _ALL >> np.uint64(max(0, block + BLOCK - end))
        letters, digits = bits_where(kinds, block, LETTER), bits_where(kinds, block, DIGIT)
        latin += count_bits(letters & inside)
        hangul += count_bits(bits_where(kinds, block, SYLLABLE) & inside)
        accented += count_bits(bits_where(kinds, block, ACCENTED) & inside)
        strange += count_bits(bits_where(kinds, block, STRANGE) & inside)
        joints += count_bits(
            letters & bits_where(kinds, block + 1, DIGIT) | digits & bits_where(kinds, block + 1, LETTER)
        )
    letters_of_all = latin + hangul + accented + strange
    if letters_of_all == 0:
        return UNKNOWN
    if 2 * strange > letters_of_all:
        return OTHER_LANGUAGE
    if hangul * 10 >= letters_of_all:
        return IN_KOREAN
    if accented == 0 and _is_plainly_english(start, end, joints, scan):
        return IN_ENGLISH
    return _western_language(codes[start:end], accented * 50 >= letters_of_all, common_words)


@inlined
def _is_plainly_english(start, end, joints, scan):
    """Return whether the tokens of a text without accents leave no doubt that it is English.

    Of words that are not a token of their own the worst is assumed: those joined to digits, those cut in two where a
    line is glued, the last one, cut perhaps.
    """
    tokens, count, cut = scan.tokens, scan.found[TOKENS], 2 * scan.found[GLUED]
    row, english, others = 0, -cut, joints + cut + 1
    while row < count and tokens[row].start < start:
        row += 1
    while row < count and tokens[row].end <= end:
        kind = tokens[row].kind
        english += kind & (ENGLISH * COMMON | UNSURE) == ENGLISH * COMMON
        others += kind & (FOREIGN * COMMON | UNSURE) != 0
        row += 1
    return english > 0 and others <= 2 * english


@inlined
def _is_western(code):
    """Return whether a character is a Latin letter, accented or not."""
    latin = np.uint32((code | 32) - 97) < 26
    return latin | (np.uint32(code - 0xC0) < 0x40) & (code != 0xD7) & (code != 0xF7)


@inlined
def _western_language(text, is_accented, common_words):
    """Return the language that the common ones among the words of a text are of."""
    words, english, other, inside = 0, 0, 0, False
    value = np.uint64(0)
    for place in range(len(text) + 1):
        code = text[place] if place < len(text) else np.uint32(0)
        if _is_western(code):
            words += not inside
            value, inside = grown(value, code + 32 if code <= 90 or 0xC0 <= code <= 0xDE else code), True
        elif inside:
            kind = find(common_words, key_of(value))
            english += kind == ENGLISH
            other += kind == FOREIGN
            value, inside = np.uint64(0), False
    if other >= 3 and other > 2 * english and (other * 10 >= words or is_accented):
        return OTHER_LANGUAGE
    return IN_ENGLISH if english else UNKNOWN
