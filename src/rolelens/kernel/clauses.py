"""A section becomes tokens: the words that phrases are made of, with what parts them."""

from __future__ import annotations

from rolelens.kernel.jit import at, inlined
from rolelens.kernel.tables import DIGIT, LETTER, SYLLABLE, UPPER, WESTERN
from rolelens.kernel.words import sign_end
from rolelens.text import MAX_GAP

SPANS, WORDS, HITS, TOKENS, UNITS, GLUED = range(6)  # what is counted in `found`
# Kinds of tokens: a Hangul word, a word that may make a pair with the one before, a part of what stands in one piece or
# more than its letters; times COMMON, what a word says of the language.
IN_HANGUL, JOINED, UNSURE, COMMON = 1, 2, 4, 8
REACH = MAX_GAP + 1  # places from a word of a documented phrase to the next
NOWHERE = 1 << 30  # beyond all places


@inlined
def read_section(start, end, section, number, word, scan):
    """Add the tokens of a section, the posting's n-th, `word` being its first word or one before.

    Return the first word that reaches beyond it.
    """
    kinds, letters, starts, ends, clauses, breaks, _, _ = scan.marks
    tokens, found = scan.tokens, scan.found
    row, close, broken, apart = found[TOKENS], -1, -1, (REACH + 1) * number
    while ends[at(word)] <= start:
        word += 1
    while starts[at(word)] < end:
        place, before = max(starts[at(word)], start), close
        close = _token_end(letters, kinds, place, min(ends[at(word)], end), end)
        token = tokens[at(row)]
        token.start, token.end, token.section, token.place = (
            place,
            close,
            section,
            row + REACH * clauses[at(word)] + apart,
        )
        unsure = (place != starts[at(word)]) | (close != ends[at(word)])
        joined = breaks[at(word)] == broken
        token.kind = (kinds[at(place)] & SYLLABLE != 0) * IN_HANGUL | joined * JOINED | unsure * UNSURE
        is_word = close > place
        goes_on = (place == before) & (kinds[at(place)] & UPPER != 0) & (kinds[place - 1] & WESTERN != 0)
        token.word = _number_of_word(place, close, goes_on, is_word, scan.words, found)
        broken = breaks[at(word)] if is_word else broken
        row += is_word
        if ends[at(word)] > end:
            break
        word += 1
    found[TOKENS] = row
    return word


@inlined
def _token_end(letters, kinds, start, stop, end):
    """Return where the token of a run of letters ends, with its ++ or #; `start` itself if it is digits only."""
    if kinds[at(start)] & DIGIT:
        for place in range(start, stop):
            if kinds[at(place)] & LETTER:
                return stop
        return start
    return sign_end(letters, stop, end)


@inlined
def _number_of_word(start, end, goes_on, is_word, words, found):
    """Add a word, or lengthen the one before if it goes on; return its number."""
    number = found[WORDS] - goes_on
    word = words[at(number)]
    word.start, word.end = word.start if goes_on else start, end
    found[WORDS] = number + is_word
    return number
