"""The statements of a posting and the phrases and documented keywords in them, by section, with their spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from rolelens.records import TITLE, Posting, Span
from rolelens.sections import split_sections
from rolelens.text import KeywordFinder, KeywordTable, PhraseFinder, clauses, statements, tokens

Occurrences = dict[tuple[int, str], list[Span]]


class Features(NamedTuple):
    """What stands where in a posting: phrases and documented duties by (number, section), and its statements.

    The title is the first statement, where there is one.
    """

    phrases: Occurrences
    keywords: Occurrences
    statements: list[Span]


def named_in_title(title: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """Return the roles that a title names, the longest name first; a name inside a longer one does not count.

    `aliases` maps an alias, its words in lower case joined by single spaces, to a role.

    >>> aliases = {"data scientist": "data_scientist", "scientist": "researcher"}
    >>> named_in_title("Senior Data Scientist (Growth)", aliases)
    ('data_scientist',)
    """
    words = [token.word for token in tokens(title)]
    # Korean writes the words of a name together or apart, so its names are looked for without the spaces.
    spaced, joined = f" {' '.join(words)} ", "".join(words)
    taken = {spaced: set[int](), joined: set[int]()}
    named: dict[str, None] = {}
    for alias in sorted(aliases, key=lambda alias: (len(alias), alias), reverse=True):
        within, name = (spaced, f" {alias} ") if alias.isascii() else (joined, alias.replace(" ", ""))
        place = within.find(name)
        while place >= 0:
            letters = range(place, place + len(name))
            if not taken[within].issuperset(letters):
                named.setdefault(aliases[alias])
                taken[within].update(letters)
            place = within.find(name, place + 1)
    return tuple(named)


class FeatureReader:
    """Reads the features of postings with one vocabulary, one set of duties and one table of headings."""

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        keywords: KeywordTable,
        headings: Mapping[str, str],
        aliases: Mapping[str, str],
    ) -> None:
        self._phrases = PhraseFinder(vocabulary)
        self._keywords = KeywordFinder(keywords)
        self._headings = headings
        self._aliases = aliases

    def title_of(self, posting: Posting) -> str:
        """Return the posting's title: the one given, or its first line if that names an occupation."""
        if posting.title:
            return posting.title
        line = posting.text.lstrip().partition("\n")[0]
        return line if len(line) <= 80 and named_in_title(line, self._aliases) else ""

    def read(self, posting: Posting) -> Features:
        """Return the features of a posting."""
        features = Features({}, {}, [])
        for statement, text in self._statements(posting):
            section = statement.section
            bounds = (
                [(statement.start, statement.end)]
                if section == TITLE
                else clauses(text, statement.start, statement.end)
            )
            spoken = False
            for begin, end in bounds:
                words = tokens(text, begin, end)
                spoken = spoken or bool(words)
                for found, into in (
                    (self._phrases.find(text, words), features.phrases),
                    (self._keywords.find(words), features.keywords),
                ):
                    for number, start, stop in found:
                        into.setdefault((number, section), []).append(Span(section, start, stop))
            if spoken:
                features.statements.append(statement)
        return features

    def _statements(self, posting: Posting) -> Iterator[tuple[Span, str]]:
        text, start = posting.text, 0
        title = self.title_of(posting)
        if posting.title:
            yield Span(TITLE, 0, len(title)), title
        elif title:
            begin = text.index(title)
            start = begin + len(title)
            yield Span(TITLE, begin, start), text
        for section in split_sections(text, self._headings):
            for begin, end in statements(text, max(section.start, start), section.end):
                yield Span(section.section, begin, end), text
