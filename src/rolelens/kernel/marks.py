"""What each code point of a posting is, where words stand in it, and what stands between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.jit import at, compiled, inlined
from rolelens.kernel.machine import BLOCK, bits_where, count_bits, lowest_bit
from rolelens.kernel.tables import (
    BLANK,
    BULLET,
    CLOSE,
    COMMA,
    DASH,
    LAST_CODE,
    LETTER_SHIFT,
    LOWER,
    MARK,
    NEWLINE,
    SPACE,
    STOP,
    SYLLABLE,
    UPPER,
    WESTERN,
)

_ALL = np.uint64(np.iinfo(np.uint64).max)
_BEFORE = 8  # room for a look at what stands before the first code point
# How many there mostly are among 64 code points: so many are written without asking whether there are.
_WORDS, _LINES, _SIGNS = 12, 1, 2


class Marks(NamedTuple):
    """What was found in a posting of n code points; the next takes the same room.

    `kinds` says what each code point is, nothing before the first and beyond the last, and `letters` holds it in lower
    case. `starts` and `ends` are the bounds of words: runs of Latin letters and digits, or of syllables. `clauses` says
    how many clauses ended before each word, `breaks` how many clauses and commas. `lines` are the ends of lines and
    `signs` what may mark a heading inside one. All these are in ascending order, n being behind the last.
    """

    kinds: npt.NDArray[np.uint16]
    letters: npt.NDArray[np.uint16]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    clauses: npt.NDArray[np.int32]
    breaks: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int32]
    signs: npt.NDArray[np.int32]


def new_marks(longest: int) -> Marks:
    """Return room for postings of at most so many code points."""
    kinds, letters = np.zeros((2, _BEFORE + longest + 2 * BLOCK), dtype=np.uint16)[:, _BEFORE:]
    return Marks(kinds, letters, *(np.empty(longest + BLOCK + _WORDS, dtype=np.int32) for _ in range(6)))


@compiled
def tell_kinds(codes, alphabet, marks):
    """Fill the kinds and letters of a posting."""
    kinds, letters, end = marks.kinds, marks.letters, len(codes)
    for place in range(end):
        letter = alphabet[min(codes[place], LAST_CODE)]
        kinds[place], letters[place] = letter, letter >> LETTER_SHIFT
    kinds[end : end + 2 * BLOCK] = 0


@compiled
def mark(end, text, marks):
    """Fill the other marks of a posting of so many code points, in which no clause ends before its text.

    Return how many words are cut where a line was glued to another. The rules are those of the package's `text.py`, for
    64 code points at a time.
    """
    kinds = marks.kinds
    starts, ends, clauses, breaks, lines, signs, glued = 0, 0, 0, 0, 0, 0, 0
    for block in range(0, end + 1, BLOCK):
        upper, commas = bits_where(kinds, block, UPPER), bits_where(kinds, block, COMMA)
        parting = _from(text, block) & _parting(kinds, block, commas)
        glue = _from(text + 1, block) & upper & bits_where(kinds, block - 1, LOWER | SYLLABLE | CLOSE)
        glue = _of_lines(kinds, block, glue & bits_where(kinds, block + 1, LOWER))
        western, western_before = bits_where(kinds, block, WESTERN), bits_where(kinds, block - 1, WESTERN)
        hangul, hangul_before = bits_where(kinds, block, SYLLABLE), bits_where(kinds, block - 1, SYLLABLE)
        begun = western & ~western_before | hangul & ~hangul_before | glue
        over = western_before & ~western | hangul_before & ~hangul | glue & western_before
        ends = _write(over, block, marks.ends, ends, _WORDS)
        _write_ranks(begun, parting | glue, marks.clauses, starts, clauses)
        _write_ranks(begun, parting | glue | commas, marks.breaks, starts, breaks)
        starts = _write(begun, block, marks.starts, starts, _WORDS)
        clauses += count_bits(parting | glue)
        breaks += count_bits(parting | glue | commas)
        lines = _write(bits_where(kinds, block, NEWLINE), block, marks.lines, lines, _LINES)
        signed = bits_where(kinds, block, MARK) | upper & bits_where(kinds, block - 1, LOWER)
        signs = _write(signed, block, marks.signs, signs, _SIGNS)
        glued += count_bits(glue)
    marks.starts[starts] = marks.ends[ends] = marks.lines[lines] = marks.signs[signs] = end
    return glued


@inlined
def _from(place, block):
    """Return the bits of a block from a place on."""
    after = place - block
    return _ALL if after <= 0 else _ALL << np.uint64(after) if after < BLOCK else np.uint64(0)


@inlined
def _parting(kinds, block, commas):
    """Return where clauses end, but for glued lines."""
    dash, blank_after = bits_where(kinds, block, DASH), bits_where(kinds, block + 1, BLANK)
    begins = bits_where(kinds, block + 1, SYLLABLE | UPPER)
    begins_later = blank_after & bits_where(kinds, block + 2, SYLLABLE | UPPER)
    return (
        bits_where(kinds, block, NEWLINE | BULLET)
        | bits_where(kinds, block, STOP) & bits_where(kinds, block + 1, SPACE)
        | commas & (begins | bits_where(kinds, block + 1, DASH))
        | dash & blank_after & bits_where(kinds, block - 1, BLANK)
        | dash & bits_where(kinds, block - 1, SYLLABLE) & (begins | begins_later)
    )


@inlined
def _of_lines(kinds, block, capitals):
    """Return the capitals that begin a line rather than a part of a name: "teamBuild models", but not "LangChain"."""
    found = np.uint64(0)
    while capitals:
        after = block + lowest_bit(capitals) + 2
        while kinds[at(after)] & LOWER:
            after += 1
        if kinds[at(after)] & BLANK and kinds[at(after + 1)] & LOWER:
            found |= capitals & (~capitals + np.uint64(1))
        capitals &= capitals - np.uint64(1)
    return found


@inlined
def _write(bits, block, places, count, usual):
    """Write the places of bits behind so many others; return how many there are then."""
    total = count + count_bits(bits)
    for place in range(count, max(count + usual, total)):
        places[at(place)] = block + lowest_bit(bits)
        bits &= bits - np.uint64(1)
    return total


@inlined
def _write_ranks(bits, counted, ranks, count, before):
    """Write, behind so many others, how many counted bits there are up to each of some, and before the block."""
    total = count + count_bits(bits)
    for place in range(count, max(count + _WORDS, total)):
        ranks[at(place)] = before + count_bits(counted & (bits ^ bits - np.uint64(1)))
        bits &= bits - np.uint64(1)
