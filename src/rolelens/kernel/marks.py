"""One pass over a posting's code points: hashes of its beginnings, edges of words, ends of lines."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.hashes import powers
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.tables import ALPHANUMERIC, BREAK, MARK, SYLLABLE, UPPER, WESTERN

_NEWLINE = 10
_ALPHANUMERIC_BIT = ALPHANUMERIC.bit_length() - 1
_TO_LOWER = 32 // UPPER  # what turns the flag into the distance from an upper case letter to its lower case


class Marks(NamedTuple):
    """What a pass found in a posting of n code points; the next takes the same room.

    Shapes: powers and inverses (n + 1,), those of the hashes' base; keys (n + 1,), the hash of the letters and digits
    before each place, in lower case; counts (n + 1,), how many they are; edges (n + 2,), where words may begin and end
    and what may part clauses, then n; signs (n + 1,), what may mark a heading inside a line, then n; lines (n + 1, 2),
    the ends of lines, each with the number of signs before it.
    """

    powers: npt.NDArray[np.uint64]
    inverses: npt.NDArray[np.uint64]
    keys: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int32]
    edges: npt.NDArray[np.int32]
    signs: npt.NDArray[np.int32]
    lines: npt.NDArray[np.int32]


def new_marks(longest: int) -> Marks:
    """Return room for postings of at most so many code points."""
    up, down = powers(longest + 1)
    return Marks(
        powers=up,
        inverses=down,
        keys=np.zeros(longest + 1, dtype=np.uint64),
        counts=np.zeros(longest + 1, dtype=np.int32),
        edges=np.empty(longest + 2, dtype=np.int32),
        signs=np.empty(longest + 1, dtype=np.int32),
        lines=np.empty((longest + 1, 2), dtype=np.int32),
    )


@compiled
def mark(codes, flags, marks):
    """Fill the marks of a posting, with no branch at words to guess wrong: what proves to be no edge is overwritten."""
    powers, _, keys, counts, edges, signs, lines = marks
    value, count, edge, sign, line = np.uint64(0), np.int64(0), 0, 0, 0
    before = np.int64(0)
    for place in range(len(codes)):
        code = codes[place]
        flag = np.int64(flags[code])
        letter = flag >> _ALPHANUMERIC_BIT & 1
        small = np.uint64(code + (flag & UPPER) * _TO_LOWER) & np.uint64(-letter)
        value += small * powers[count]
        count += letter
        keys[place + 1], counts[place + 1] = value, count
        inner = before << 1 & flag & UPPER  # the capital of "teamBuild"
        edges[edge] = place
        edge += ((flag ^ before) & (WESTERN | SYLLABLE) | flag & BREAK | inner) != 0
        if code == _NEWLINE:
            lines[line, 0], lines[line, 1] = place, sign
            line += 1
        if flag & MARK | inner:
            signs[sign] = place
            sign += 1
        before = flag
    edges[edge] = edges[edge + 1] = signs[sign] = lines[line, 0] = len(codes)
    lines[line, 1] = sign


@inlined
def piece_hash(marks, start, end):
    """Return the hash of the letters and digits between two places."""
    return (marks.keys[end] - marks.keys[start]) * marks.inverses[marks.counts[start]]
