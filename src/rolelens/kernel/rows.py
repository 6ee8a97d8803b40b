"""What the rows of the kernel's tables hold: a compiler finds a named field faster than a column."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.void]


def _whole(*names: str) -> np.dtype[np.void]:
    return np.dtype([(name, np.int32) for name in names])


ENTRY = np.dtype([("key", np.uint64), ("number", np.uint64)])  # of a hash table
SPAN = _whole("section", "start", "end")
WORD = _whole("start", "end")
# A token's `place` counts words, clauses lying too far apart for any phrase; `word` is its number, tokens cut from one
# word having the same; `unit` that of documented phrases, -1 for none; `spare` makes it half a cache line.
TOKEN = _whole("start", "end", "kind", "place", "unit", "word", "section", "spare")
CANDIDATE = _whole("token", "other")  # a token and what else a look-up is about
UNIT = _whole("token", "number")  # a word of documented phrases
LEAD = _whole("token", "offset", "unit")  # a unit in a token, up to an offset
KINDS = _whole("english", "alone", "hangul", "end")  # where the documented phrases of each kind begin; their end
BOUNDS = _whole("first", "end")
HIT = _whole("key", "section", "first", "last")  # a phrase, or the phrases and a duty; the words it stands on
