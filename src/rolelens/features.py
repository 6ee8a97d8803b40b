"""The phrases and documented keywords of a posting, by section, with their spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rolelens.records import TITLE, Posting, Span
from rolelens.sections import split_sections
from rolelens.text import KeywordFinder, KeywordTable, PhraseFinder, Token, statements, tokens

Occurrences = dict[tuple[int, str], list[Span]]


@dataclass(frozen=True, slots=True)
class Features:
    """Where the phrases and the documented duties of a posting stand, by (number, section)."""

    phrases: Occurrences
    keywords: Occurrences


def named_in_title(title: str, aliases: Mapping[str, str]) -> str | None:
    """Return the role whose longest alias stands in a title, or None.

    `aliases` maps an alias, its words in lower case joined by single spaces, to a role.

    >>> named_in_title("Senior Data Scientist (Growth)", {"data scientist": "data_scientist"})
    'data_scientist'
    """
    words = [token.word for token in tokens(title)]
    spaced, joined = f" {' '.join(words)} ", "".join(words)
    found = [
        alias for alias in aliases if (f" {alias} " in spaced if alias.isascii() else alias.replace(" ", "") in joined)
    ]
    return aliases[max(found, key=lambda alias: (len(alias), alias))] if found else None


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
        features = Features({}, {})
        for section, text, words in self._statements(posting):
            for found, into in (
                (self._phrases.find(text, words), features.phrases),
                (self._keywords.find(words), features.keywords),
            ):
                for number, start, end in found:
                    into.setdefault((number, section), []).append(Span(section, start, end))
        return features

    def _statements(self, posting: Posting) -> Iterator[tuple[str, str, list[Token]]]:
        text, start = posting.text, 0
        title = self.title_of(posting)
        if posting.title:
            yield TITLE, title, tokens(title)
        elif title:
            start = text.index(title) + len(title)
            yield TITLE, text, tokens(text, 0, start)
        for section in split_sections(text, self._headings):
            for begin, end in statements(text, max(section.start, start), section.end):
                yield section.section, text, tokens(text, begin, end)
