"""A posting's code points become hits: phrases and documented duties, by section, with the words they stand on.

Every rule here and in the files it calls has its twin in the package's `text.py`, `sections.py` or `features.py`, which
say what it is for. A test holds the two against each other on random text.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from rolelens.kernel.clauses import GLUED, HITS, NOWHERE, REACH, SPANS, TOKENS, WORDS, read_section
from rolelens.kernel.documented import find_documented
from rolelens.kernel.headings import MOST_HEADINGS, split_sections
from rolelens.kernel.jit import compiled, inlined
from rolelens.kernel.marks import Marks, mark, new_marks, tell_kinds
from rolelens.kernel.phrases import find_phrases, find_pieces
from rolelens.kernel.rows import CANDIDATE, HIT, LEAD, SPAN, TOKEN, UNIT, WORD, Rows
from rolelens.kernel.tables import ALL_SECTIONS, ALPHANUMERIC, DIGIT, NEWLINE, SPACE
from rolelens.kernel.words import word_end
from rolelens.records import TITLE

_TITLE = ALL_SECTIONS.index(TITLE)
_MAX_TITLE_LINE = 80
_BLANK = 32


class Scan(NamedTuple):
    """Room for what is found in one posting, used again for the next.

    `found` counts spans, words and hits; SPANS, WORDS and HITS are their places in it. The others are scratch paper.
    """

    marks: Marks
    spans: Rows
    words: Rows
    hits: Rows
    found: npt.NDArray[np.int32]
    tokens: Rows
    keys: npt.NDArray[np.uint64]
    candidates: Rows
    leads: Rows
    units: Rows
    openings: npt.NDArray[np.int32]
    headings: Rows
    spaced: npt.NDArray[np.uint16]
    joined: npt.NDArray[np.uint16]
    taken: npt.NDArray[np.uint8]


def new_scan(longest: int) -> Scan:
    """Return room for postings of at most so many code points, title included."""
    words = longest + 2
    return Scan(
        marks=new_marks(longest),
        spans=np.empty(4 * words, dtype=SPAN),
        words=np.empty(words, dtype=WORD),
        hits=np.empty(12 * words + 1000, dtype=HIT),
        found=np.zeros(6, dtype=np.int32),
        tokens=np.empty(words + REACH, dtype=TOKEN),
        keys=np.empty(16 * words, dtype=np.uint64),
        candidates=np.empty(16 * words, dtype=CANDIDATE),
        leads=np.empty(16 * words, dtype=LEAD),
        units=np.empty(words + REACH, dtype=UNIT),
        openings=np.empty(words, dtype=np.int32),
        headings=np.empty(MOST_HEADINGS, dtype=SPAN),
        spaced=np.empty(2 * words, dtype=np.uint16),
        joined=np.empty(words, dtype=np.uint16),
        taken=np.empty(2 * words, dtype=np.uint8),
    )


@compiled
def _named_role(start, end, aliases, scan):
    """Return a bit for each role that a title names."""
    kinds, letters, spaced, joined = scan.marks.kinds, scan.marks.letters, scan.spaced, scan.joined
    length, solid, place = 1, 0, start
    spaced[0] = _BLANK
    while place < end:
        close = word_end(letters, kinds, place, end) if kinds[place] & ALPHANUMERIC else place
        if close == place:
            place += 1
            while place < end and kinds[place] & kinds[place - 1] & DIGIT:
                place += 1
            continue
        for letter in range(place, close):
            spaced[length] = joined[solid] = letters[letter]
            length += 1
            solid += 1
        spaced[length] = _BLANK
        length += 1
        place = close
    present = np.uint64(0)
    for place in range(length):
        present |= np.uint64(1) << np.uint64(spaced[place] % 64)
    named = np.int32(0)
    for place in range(2 * (end - start) + 2):
        scan.taken[place] = 0
    for alias in range(len(aliases.role)):
        if aliases.letters[alias] & ~present:
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
    lexicon, found, kinds, end = t.lexicon, scan.found, scan.marks.kinds, len(codes)
    found[SPANS], found[WORDS], found[HITS], found[TOKENS] = 0, 0, 0, 0
    tell_kinds(codes, lexicon.alphabet, scan.marks)
    title, start = 0, text  # where the title begins, and the text after it
    if text == 0:
        while title < end and kinds[title] & SPACE:
            title += 1
        start = title
        while start < end and not kinds[start] & NEWLINE and start - title <= _MAX_TITLE_LINE:
            start += 1
    named = np.int32(0)
    if start - title <= _MAX_TITLE_LINE or text > 0:
        named = _named_role(title, start, t.aliases, scan)
    if text == 0 and not named:
        title = start = 0
    found[GLUED] = mark(end, start, scan.marks)
    split_sections(text, end, t.headings, t.background, scan)
    word = 0
    for number in range(-1, found[SPANS]):
        section, begin, close = _TITLE, title, start
        if number >= 0:
            span = scan.spans[number]
            section, begin, close = span.section, max(start, span.start), np.int64(span.end)
        if begin < close:
            word = read_section(begin, close, section, number + 1, word, scan)
    tokens, count = scan.tokens, found[TOKENS]
    for row in range(count, count + REACH):
        tokens[row].kind, tokens[row].place, tokens[row].unit = 0, NOWHERE, -1
    in_hangul = find_phrases(lexicon, scan)
    leading = find_pieces(lexicon.pieces, scan) if in_hangul else 0
    find_documented(leading, in_hangul, lexicon.patterns, lexicon.phrases, scan)
    return named
