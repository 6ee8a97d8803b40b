"""A posting's code points become hits: phrases and documented duties, by section, with the words they stand on.

Every rule here and in the files it calls has its twin in the package's `text.py`, `sections.py` or `features.py`, which
say what it is for. A test holds the two against each other on random text.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.clauses import FIELDS, HITS, KIND, NOWHERE, PLACE, REACH, SPANS, TOKENS, UNIT, WORDS, read_section
from rolelens.kernel.documented import find_documented
from rolelens.kernel.headings import MOST_HEADINGS, split_sections
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.marks import Marks, mark, new_marks
from rolelens.kernel.phrases import find_phrases, find_pieces
from rolelens.kernel.tables import ALL_SECTIONS, ALPHANUMERIC, DIGIT, SPACE
from rolelens.kernel.words import lower, word_end
from rolelens.records import TITLE

_TITLE = ALL_SECTIONS.index(TITLE)
_MAX_TITLE_LINE = 80
_NEWLINE, _BLANK = 10, 32


class Scan(NamedTuple):
    """Room for what is found in one posting, used again for the next.

    `spans` holds (section, start, end); `words` the (start, end, section) of every word of the posting; `hits` (key,
    section, first word, last word), the key being a phrase number, or the number of phrases plus that of a duty.
    `found` counts them; SPANS, WORDS and HITS are their places in it. The others are scratch paper.
    """

    marks: Marks
    spans: npt.NDArray[np.int32]
    words: npt.NDArray[np.int32]
    hits: npt.NDArray[np.int32]
    found: npt.NDArray[np.int32]
    tokens: npt.NDArray[np.int32]
    candidates: npt.NDArray[np.uint64]
    places: npt.NDArray[np.int32]
    leads: npt.NDArray[np.int32]
    units: npt.NDArray[np.int32]
    openings: npt.NDArray[np.int32]
    headings: npt.NDArray[np.int32]
    spaced: npt.NDArray[np.uint32]
    joined: npt.NDArray[np.uint32]
    taken: npt.NDArray[np.uint8]


def new_scan(longest: int) -> Scan:
    """Return room for postings of at most so many code points, title included."""
    words = longest + 2
    return Scan(
        marks=new_marks(longest),
        spans=np.empty((4 * words, 3), dtype=np.int32),
        words=np.empty((words, 3), dtype=np.int32),
        hits=np.empty((12 * words + 1000, 4), dtype=np.int32),
        found=np.zeros(5, dtype=np.int32),
        tokens=np.empty((words + REACH, FIELDS), dtype=np.int32),
        candidates=np.empty(16 * words, dtype=np.uint64),
        places=np.empty((16 * words, 2), dtype=np.int32),
        leads=np.empty((16 * words, 3), dtype=np.int32),
        units=np.empty((words + REACH, 2), dtype=np.int32),
        openings=np.empty(words, dtype=np.int32),
        headings=np.empty((MOST_HEADINGS, 3), dtype=np.int32),
        spaced=np.empty(2 * words, dtype=np.uint32),
        joined=np.empty(words, dtype=np.uint32),
        taken=np.empty(2 * words, dtype=np.uint8),
    )


@compiled
def _named_role(codes, start, end, flags, aliases, scan):
    """Return a bit for each role that a title names."""
    spaced, joined = scan.spaced, scan.joined
    length, solid, place = 1, 0, start
    spaced[0] = _BLANK
    while place < end:
        close = word_end(codes, place, end, flags) if flags[codes[place]] & ALPHANUMERIC else place
        if close == place:
            place += 1
            while place < end and flags[codes[place]] & flags[codes[place - 1]] & DIGIT:
                place += 1
            continue
        for letter in range(place, close):
            spaced[length] = joined[solid] = lower(codes[letter])
            length += 1
            solid += 1
        spaced[length] = _BLANK
        length += 1
        place = close
    letters = np.uint64(0)
    for place in range(length):
        letters |= np.uint64(1) << np.uint64(spaced[place] % 64)
    named = np.int32(0)
    for place in range(2 * (end - start) + 2):
        scan.taken[place] = 0
    for alias in range(len(aliases.role)):
        if aliases.letters[alias] & ~letters:
            continue
        first, size = aliases.start[alias], aliases.start[alias + 1] - aliases.start[alias]
        apart = aliases.spaced[alias]
        mark = np.uint8(1 if apart else 2)
        within, room = (spaced, length) if apart else (joined, solid)
        for begin in range(room - size + 1):
            same = 0
            while same < size and within[begin + same] == aliases.text[first + same]:
                same += 1
            if same < size:
                continue
            inside = True  # of a longer name
            for place in range(begin, begin + size):
                inside = inside and scan.taken[place] & mark != 0
                scan.taken[place] |= mark
            if not inside:
                named |= np.int32(1 << aliases.role[alias])
    return named


@inlined
def read(codes, text, t, scan):
    """Fill `scan` with the hits of a posting, its text behind its title; return a bit for each role the title names."""
    flags, lexicon, found, end = t.lexicon.flags, t.lexicon, scan.found, len(codes)
    found[SPANS], found[WORDS], found[HITS], found[TOKENS] = 0, 0, 0, 0
    mark(codes, flags, scan.marks)
    title, start = 0, text  # where the title begins, and the text after it
    if text == 0:
        while title < end and flags[codes[title]] & SPACE:
            title += 1
        start = title
        while start < end and codes[start] != _NEWLINE and start - title <= _MAX_TITLE_LINE:
            start += 1
    named = np.int32(0)
    if start - title <= _MAX_TITLE_LINE or text > 0:
        named = _named_role(codes, title, start, flags, t.aliases, scan)
    if text == 0 and not named:
        title = start = 0
    split_sections(codes, text, end, flags, t.headings, t.background, scan)
    edge = 0
    for number in range(-1, found[SPANS]):
        section, begin, close, parted = _TITLE, title, start, start  # nothing parts the clauses of a title
        if number >= 0:
            section, begin, close, parted = scan.spans[number, 0], scan.spans[number, 1], scan.spans[number, 2], text
            begin = max(begin, start)
        if begin < close:
            edge = read_section(codes, parted, begin, close, section, edge, flags, scan)
    tokens, count = scan.tokens, found[TOKENS]
    for row in range(count, count + REACH):
        tokens[row, KIND], tokens[row, PLACE], tokens[row, UNIT] = 0, NOWHERE, -1
    in_hangul = find_phrases(codes, lexicon, scan)
    leading = find_pieces(codes, lexicon.pieces, scan) if in_hangul else 0
    find_documented(codes, leading, in_hangul, lexicon.patterns, lexicon.phrases, scan)
    return named
