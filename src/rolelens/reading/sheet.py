"""The sheet that one posting is read onto: its sections, lines, words and hits, as columns of numbers."""

from __future__ import annotations

from array import array

try:
    import cython
except ModuleNotFoundError:  # where nothing was compiled
    from rolelens.reading import uncompiled as cython

MAX_TITLE_CHARS = 400  # of a title that are looked at for names of roles
FEWEST_HITS = 256  # room for at least so many
MAX_NAMES = 1000  # found in one title, those inside others included


@cython.final
@cython.cclass
class Sheet:
    """Room for one posting at a time, used again for the next; sheet.pxd lists the columns.

    Places count characters of the symbols that several postings stand in. `line_word` is the first word of a line;
    `word_clause` numbers the clauses; `word_joined` says whether nothing parts a word from the one before;
    `word_unit` is the number of an English word of documented phrases, -1 of others; `hit_key` is the number of a
    phrase, or beyond all phrases that of a documented duty.
    """

    def __init__(self) -> None:
        self.room = -1
        self.hashed = False
        self.name_letters, self.name_taken = _columns(2, 4 * MAX_TITLE_CHARS + 8)
        self.name_start, self.name_length, self.name_alias = _columns(3, MAX_NAMES)
        self.make_room(1000)

    def make_room(self, characters: int, hits: int = 0) -> None:
        """Have room for a posting of so many characters, and for so many hits."""
        if characters <= self.room and not hits:
            return
        self.room = max(characters, self.room)
        rows = self.room + 4
        self.span_section, self.span_start, self.span_end = _columns(3, rows)
        (self.signs,) = _columns(1, rows)
        self.bracketed, self.marked = _columns(2, 3 * rows)
        self.line_section, self.line_start, self.line_end, self.line_word = _columns(4, rows)
        self.word_start, self.word_end, self.word_line, self.word_clause = _columns(4, rows)
        self.word_joined, self.word_unit = _columns(2, rows)
        self.word_key = array("Q", bytes(8 * rows))
        self.candidate_key = array("Q", bytes(24 * rows))
        self.candidate_first, self.candidate_last = _columns(2, 3 * rows)
        hits = max(3 * rows + FEWEST_HITS, hits)
        self.hit_room = hits
        self.hit_key, self.hit_first, self.hit_last = _columns(3, hits)
        self.hit_hash = array("Q", bytes(8 * hits if self.hashed else 8))

    def keep_hashes(self) -> None:
        """Keep the hash of each hit too, as counting every phrase needs."""
        self.hashed = True
        self.make_room(self.room, self.hit_room)

    def more_hits(self) -> None:
        """Have room for twice as many hits."""
        self.make_room(self.room, 2 * self.hit_room)

    def add_span(self, section, start, end):
        """Add a section."""
        self.span_section[self.spans] = section
        self.span_start[self.spans] = start
        self.span_end[self.spans] = end
        self.spans += 1

    def add_hit(self, key, first, last, hashed):
        """Add a hit, or say that there is no room."""
        if self.hits == self.hit_room:
            self.crowded = True
            return
        self.hit_key[self.hits] = key
        self.hit_first[self.hits] = first
        self.hit_last[self.hits] = last
        if self.hashed:
            self.hit_hash[self.hits] = hashed
        self.hits += 1


def _columns(count: int, rows: int) -> list[array[int]]:
    return [array("i", bytes(4 * rows)) for _ in range(count)]
