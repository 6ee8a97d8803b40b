"""Postings become counts: how often each phrase and documented duty stands in each of their sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rolelens.posting import Posting
from rolelens.reading.hashing import grown
from rolelens.reading.layout import laid_out
from rolelens.reading.phrases import EVERY, OF_PIECE, SUBSTRING, SUBSTRING_SYLLABLES
from rolelens.reading.reader import Hits, Reader
from rolelens.reading.sections import ALL_SECTIONS
from rolelens.reading.words import words_of

Integers = npt.NDArray[np.int64]
Counts = Mapping[str, sparse.csr_matrix]
_AT_ONCE = 200  # postings


class PhraseCounts(NamedTuple):
    """Every phrase of n postings.

    `posting`, `section` and `phrase` say what stands where, a phrase being the place of its text in `texts`;
    `duties` are the hits of documented duties as (posting, section, duty).
    """

    posting: Integers
    section: Integers
    phrase: Integers
    duties: tuple[Integers, Integers, Integers]
    keys: npt.NDArray[np.uint64]
    examples: list[tuple[str, int, int]]  # a text in which each phrase stands, the keys of its first and last word

    def text(self, phrase: int) -> str:
        """Return a phrase as a vocabulary has it."""
        return phrase_in(*self.examples[phrase], int(self.keys[phrase]))


def every_phrase(postings: Sequence[Posting], reader: Reader) -> PhraseCounts:
    """Return all phrases of postings, by a reader without a vocabulary."""
    columns: list[list[npt.NDArray[Any]]] = [[] for _ in range(3)]
    texts: list[tuple[str, npt.NDArray[np.uint64]]] = []
    duties: list[tuple[Integers, Integers, Integers]] = []
    sizes = [0]
    for first, text, hits in _hits(postings, reader):
        key = np.array(hits.key, dtype=np.int64)
        posting, section = np.array(hits.posting, dtype=np.int64) + first, np.array(hits.section, dtype=np.int64)
        found = key == EVERY
        columns[0].append(posting[found])
        columns[1].append(section[found])
        columns[2].append(np.array(hits.hashed, dtype=np.uint64)[found])
        bounds = (np.array(each, dtype=np.uint64)[found] for each in (hits.start, hits.end, hits.first, hits.last))
        texts.append((text, np.stack(list(bounds), axis=1)))
        sizes.append(sizes[-1] + int(found.sum()))
        duties.append((posting[~found], section[~found], key[~found]))
    keys, place, phrase = np.unique(_joined(columns[2], np.uint64), return_index=True, return_inverse=True)
    examples = []
    for number, row in zip((np.searchsorted(sizes, place, side="right") - 1).tolist(), place.tolist(), strict=True):
        text, bounds_of = texts[number]
        start, end, first_key, last_key = map(int, bounds_of[row - sizes[number]])
        examples.append((text[start:end].lower(), first_key, last_key))
    return PhraseCounts(
        _joined(columns[0], np.int64),
        _joined(columns[1], np.int64),
        np.asarray(phrase, dtype=np.int64),
        tuple(_joined(each, np.int64) for each in zip(*duties, strict=True)),  # type: ignore[arg-type]
        keys,
        examples,
    )


def known_phrases(
    postings: Sequence[Posting], reader: Reader, phrases: int, duties: int
) -> tuple[dict[str, sparse.csr_matrix], dict[str, sparse.csr_matrix]]:
    """Return the counts of the phrases of a reader's vocabulary and of documented duties, by section."""
    columns: list[list[Integers]] = [[], [], []]
    for first, _, hits in _hits(postings, reader):
        for column, values in zip(columns, (hits.posting, hits.section, hits.key), strict=True):
            column.append(np.array(values, dtype=np.int64))
        columns[0][-1] += first
    posting, section, key = (_joined(column, np.int64) for column in columns)
    of_duty = key >= phrases
    return (
        matrices(posting[~of_duty], section[~of_duty], key[~of_duty], (len(postings), phrases)),
        matrices(posting[of_duty], section[of_duty], key[of_duty] - phrases, (len(postings), duties)),
    )


def matrices(
    posting: Integers, section: Integers, column: Integers, shape: tuple[int, int]
) -> dict[str, sparse.csr_matrix]:
    """Return a matrix of counts for each section."""
    found = {}
    for number, name in enumerate(ALL_SECTIONS):
        here = section == number
        ones = np.ones(int(here.sum()))
        matrix = sparse.csr_matrix((ones, (posting[here], column[here])), shape=shape)
        matrix.sum_duplicates()
        found[name] = matrix
    return found


def phrase_in(text: str, first: int, last: int, key: int) -> str:
    """Return the phrase of a key in a text that is its word or words, given the keys of the first and the last one."""
    places = words_of(text)
    if len(places) > 1:
        return f"{_beginning(text, first)} {_beginning(text[places[-1][0] :], last)}"
    if key == first:
        return _beginning(text, key)
    pieces = (text[begin : begin + length] for begin in range(len(text)) for length in SUBSTRING_SYLLABLES)
    return SUBSTRING + next(piece for piece in pieces if _key_of(piece, OF_PIECE) == key)


def _beginning(text: str, key: int) -> str:
    """Return the beginning of a text that has a key."""
    value = 0
    for place, letter in enumerate(text):
        value = grown(value, ord(letter))
        if value == key:
            return text[: place + 1]
    raise ValueError(text)


def _key_of(word: str, value: int = 0) -> int:
    for letter in word:
        value = grown(value, ord(letter))
    return value


def _hits(postings: Sequence[Posting], reader: Reader) -> Iterator[tuple[int, str, Hits]]:
    for start in range(0, len(postings), _AT_ONCE):
        layout = laid_out(postings[start : start + _AT_ONCE])
        yield start, layout.text, reader.hits_of(layout.symbols, layout.bounds)


def _joined(parts: Sequence[npt.NDArray[Any]], kind: type) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)
