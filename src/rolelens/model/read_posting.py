"""A posting that was read: its lines, words and hits, and what they add to the scores; nothing opens the text again."""

from __future__ import annotations

from dataclasses import dataclass

from rolelens.model.scorer import Columns, Scores, Shares
from rolelens.posting import Posting, Span
from rolelens.reading.normalising import Normalised
from rolelens.reading.sections import ALL_SECTIONS, NUMBERS, TITLE

_TITLE = NUMBERS[TITLE]


@dataclass(frozen=True, slots=True, eq=False)
class ReadPosting:
    """What the reader and the scorer found in one posting, and where that stands in the posting as it was given."""

    posting: Posting
    title: Normalised
    text: Normalised
    columns: Columns
    shares: Shares
    scores: Scores

    def span(self, line: int, start: int, end: int) -> Span:
        """Return the span of a piece of a line, in characters of the title or text as given."""
        behind = len(self.title.text) + 2
        form, first = (self.text, behind) if end >= behind else (self.title, 1)
        start, end = start - first, end - first
        if form.places is not None:
            start, end = form.places[start], form.places[end]
        return Span(ALL_SECTIONS[self.columns.line_section[line]], start, end)

    def line_span(self, line: int) -> Span:
        """Return the span of a line."""
        return self.span(line, self.columns.line_start[line], self.columns.line_end[line])

    def word_span(self, first: int, last: int) -> Span:
        """Return the span of words that follow each other, from the first to the last."""
        columns = self.columns
        return self.span(columns.word_line[first], columns.word_start[first], columns.word_end[last])

    def plain(self, first: int, last: int) -> str:
        """Return words that follow each other in the one form that is read, in lower case and on one line."""
        start, end = self.columns.word_start[first] - 1, self.columns.word_end[last] - 1
        behind = len(self.title.text) + 1
        piece = self.text.text[start - behind : end - behind] if start >= behind else self.title.text[start:end]
        return piece.casefold() if first == last else " ".join(piece.casefold().split())

    def section_of(self, word: int) -> str:
        """Return the section that a word stands in."""
        return ALL_SECTIONS[self.columns.line_section[self.columns.word_line[word]]]

    def quoted(self, span: Span) -> str:
        """Return the words of the posting at a span, on one line."""
        source = self.posting.title if span.section == TITLE and self.posting.title else self.posting.text
        return " ".join(source[span.start : span.end].split())

    @property
    def title_words(self) -> str:
        """The title: the one given, or the text's first line if that names a role; empty if neither."""
        if self.columns.line_section and self.columns.line_section[0] == _TITLE:
            return self.quoted(self.line_span(0))
        return self.posting.title
