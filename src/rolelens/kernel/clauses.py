"""A section becomes tokens: the words that phrases are made of, clause by clause."""

from __future__ import annotations

from rolelens.kernel.jit import inlined
from rolelens.kernel.tables import ALPHANUMERIC, BREAK, BULLET, LETTER, LOWER, SPACE, SYLLABLE, UPPER, WESTERN
from rolelens.text import MAX_GAP

# The fields of a token: its bounds; where its letters and digits end, before the signs of C++ and C#; what it is; its
# place in the text, counted in words, where clauses lie too far apart for any phrase; the unit of documented phrases
# that it is, -1 for none; the number of its word, two where a clause begins inside one having the same; its section.
START, END, STOP, KIND, PLACE, UNIT, WORD, SECTION = range(8)
FIELDS = 8
SPANS, WORDS, HITS, TOKENS, UNITS = range(5)  # what is counted in `found`
IN_HANGUL, JOINED = 1, 2  # kinds: a Hangul word, a word that may make a pair with the one before
REACH = MAX_GAP + 1  # places from a word of a documented phrase to the next
NOWHERE = 1 << 30  # beyond all places
_NEWLINE, _COMMA, _DASH, _BLANK, _HASH, _PLUS = 10, 44, 45, 32, 35, 43


@inlined
def read_section(codes, text, start, end, section, edge, flags, scan):
    """Add the tokens of a section; return the number of the first edge beyond it.

    Clauses part from `text` on, where the text of the posting starts: in a title, which has none, that is `end`.
    """
    edges, tokens, found = scan.marks.edges, scan.tokens, scan.found
    while edges[edge] <= start:
        edge += 1
    row = found[TOKENS]
    place, at, kind = start, tokens[row - 1, PLACE] + REACH + 1 if row else 0, 0
    while place < end:
        flag = flags[codes[place]]
        stop, edge = _next_edge(edges, edge, end)
        parts, close = False, place
        if flag & ALPHANUMERIC:
            parts = flag & UPPER != 0 and _is_glued(codes, text, place, end, flags)
            close = stop
            if not flag & SYLLABLE:
                # The capital inside a word is an edge, and mostly no more than that.
                while stop < end and flags[codes[stop]] & LETTER and not _is_glued(codes, text, stop, end, flags):
                    stop, edge = _next_edge(edges, edge, end)
                close = _latin_end(codes, place, stop, end, flags)
        elif flag & BREAK:
            kind = kind if codes[place] != _COMMA else 0
            parts = text < end and _parts_clauses(codes, text, start, place, end, flags)
        if parts:
            at, kind = at + REACH, 0
        if close > place:
            tokens[row, START], tokens[row, END], tokens[row, STOP] = place, close, stop
            tokens[row, KIND], tokens[row, PLACE] = kind | (flag & SYLLABLE != 0), at
            tokens[row, SECTION] = section
            tokens[row, WORD] = _number_of_word(codes, place, close, section, flags, scan.words, found)
            row, at, kind = row + 1, at + 1, JOINED
        place = stop
    found[TOKENS] = row
    return edge


@inlined
def _next_edge(edges, edge, end):
    """Return where the next edge is, `end` at most, and the number of the one to look at then."""
    return min(edges[edge], end), edge + (edges[edge] < end)


@inlined
def _latin_end(codes, start, stop, end, flags):
    """Return where a word of letters and digits ends with its ++ or #; `start` itself if it is digits only."""
    if not flags[codes[start]] & LETTER:
        for place in range(start, stop):
            if flags[codes[place]] & LETTER:
                return stop
        return start
    if stop < end and codes[stop] == _HASH:
        return stop + 1
    if stop + 1 < end and codes[stop] == _PLUS and codes[stop + 1] == _PLUS:
        return stop + 2
    return stop


@inlined
def _parts_clauses(codes, text, start, place, end, flags):
    """Return whether a character that may part clauses does."""
    code = codes[place]
    after = flags[codes[place + 1]] if place + 1 < end else SPACE
    if code == _NEWLINE or flags[code] & BULLET:
        return True
    if code == _COMMA:
        return place + 1 < end and (after & (SYLLABLE | UPPER) != 0 or codes[place + 1] == _DASH)
    if code != _DASH:
        return after & SPACE != 0
    if place + 1 == end:
        return False
    blank = codes[place + 1] == _BLANK
    if blank and place > start and codes[place - 1] == _BLANK:
        return True
    if place == text or not flags[codes[place - 1]] & SYLLABLE:
        return False
    if blank:
        return place + 2 < end and flags[codes[place + 2]] & (SYLLABLE | UPPER) != 0
    return after & (SYLLABLE | UPPER) != 0


@inlined
def _number_of_word(codes, start, end, section, flags, words, found):
    """Add a word, or lengthen the one before where a clause ended inside it; return its number."""
    last = found[WORDS] - 1
    if (
        last >= 0
        and words[last, 1] == start
        and words[last, 2] == section
        and flags[codes[start]] & LETTER
        and flags[codes[start - 1]] & WESTERN
    ):
        words[last, 1] = end
        return last
    last += 1
    words[last, 0], words[last, 1], words[last, 2] = start, end, section
    found[WORDS] += 1
    return last


@inlined
def _is_glued(codes, text, place, end, flags):
    """Return whether a line begins in the middle of a word: "teamBuild models"."""
    if place <= text or place + 3 >= end or not flags[codes[place]] & UPPER:
        return False
    if not (flags[codes[place - 1]] & (LOWER | SYLLABLE) or codes[place - 1] == 0x29):
        return False
    after = place + 1
    while after < end and flags[codes[after]] & LOWER:
        after += 1
    return after > place + 1 and after + 1 < end and codes[after] == _BLANK and flags[codes[after + 1]] & LOWER != 0
