"""What the reader knows of a model's words: made of the parts that model file, training and lint have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rolelens.reading.documented import AS_WRITTEN, Documented
from rolelens.reading.headings import Headings
from rolelens.reading.phrases import Phrases
from rolelens.reading.reader import Reader
from rolelens.reading.titles import Titles
from rolelens.reading.words import words_of

Patterns = Mapping[str, Sequence[tuple[Sequence[str], int]]]


def keyword_table(phrases_by_duty: Iterable[Sequence[str]]) -> dict[str, list[tuple[list[str], int]]]:
    """Return the units (stems, Hangul words) and the duty number of every phrase, by first unit.

    A phrase that begins with AS_WRITTEN keeps the mark and the case of its first word, which is found only so: "=React"
    not in "react to incidents", "=인사" not in 인사이트.

    >>> keyword_table([["trained models"], ["모델 학습"]])
    {'train': [(['train', 'model'], 0)], '모델': [(['모델', '학습'], 1)]}
    """
    table: dict[str, list[tuple[list[str], int]]] = {}
    for duty, listed in enumerate(phrases_by_duty):
        for phrase in listed:
            units = [unit for _, _, unit in words_of(phrase)]
            if units and phrase.startswith(AS_WRITTEN):
                start, end, _ = words_of(phrase)[0]
                units[0] = AS_WRITTEN + phrase[start:end]
            if units and (units, duty) not in table.setdefault(units[0], []):
                table[units[0]].append((units, duty))
    return table


def alias_key(alias: str) -> str:
    """Return an alias as it is looked for: its words in lower case, with single spaces between."""
    return " ".join(alias[start:end].lower() for start, end, _ in words_of(alias))


def reader_of(
    phrases: str | None,
    patterns: Patterns,
    headings: Mapping[str, str],
    aliases: Mapping[str, str],
    roles: Sequence[str],
) -> Reader:
    """Return the reader of a vocabulary, one phrase a line, or of every phrase; and of documented phrases.

    The hits of documented duties are numbered behind the phrases.
    """
    words = Phrases(phrases)
    listed = [(units, duty) for entries in patterns.values() for units, duty in entries]
    return Reader(Titles(aliases, roles), Headings(headings), words, Documented(listed, words.count))
