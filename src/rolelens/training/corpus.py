"""The training matrix: unordered phrase counts by posting and section, with labels and without texts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from scipy import sparse

from rolelens.errors import LabelledDataError
from rolelens.posting import Posting
from rolelens.reading.language import language_of
from rolelens.reading.lexicon import alias_key, keyword_table, reader_of
from rolelens.reading.reader import Reader
from rolelens.reading.sections import ALL_SECTIONS
from rolelens.roles.definitions import LANGUAGES, OTHER, Role
from rolelens.training.counting import every_phrase, known_phrases, matrices
from rolelens.training.labelled import LabelledPosting

# Sources a phrase must come from. With whole sources left out, accuracy was 0.831 with two, 0.836 with three, 0.842
# with four, 0.841 with five: what fewer say tells their own postings apart and no others.
MIN_SOURCES = 4
Integers = npt.NDArray[np.int64]
Counts = Mapping[str, sparse.csr_matrix]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Counts and labels of n postings.

    `phrase_counts` and `keyword_counts` hold a sparse matrix of whole counts for each section, of shape (n, phrases)
    and (n, duties). `label` and `second` are -1 where a posting has none.
    """

    roles: tuple[str, ...]
    phrases: tuple[str, ...]
    duties: tuple[str, ...]
    phrase_counts: Counts
    keyword_counts: Counts
    label: Integers
    second: Integers
    korean: npt.NDArray[np.bool_]
    judged: npt.NDArray[np.bool_]
    clear: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of postings."""
        return len(self.label)

    @property
    def labelled(self) -> Corpus:
        """The postings that have a label."""
        return self.rows(np.flatnonzero(self.label >= 0))

    @property
    def unlabelled(self) -> Corpus:
        """The postings that have none."""
        return self.rows(np.flatnonzero(self.label < 0))

    def joined(self, other: Corpus) -> Corpus:
        """Return these postings and then those of another corpus with the same columns."""

        def stacked(ours: Counts, theirs: Counts) -> Counts:
            return {section: sparse.vstack([ours[section], theirs[section]]).tocsr() for section in ours}

        return Corpus(
            self.roles,
            self.phrases,
            self.duties,
            stacked(self.phrase_counts, other.phrase_counts),
            stacked(self.keyword_counts, other.keyword_counts),
            np.concatenate([self.label, other.label]),
            np.concatenate([self.second, other.second]),
            np.concatenate([self.korean, other.korean]),
            np.concatenate([self.judged, other.judged]),
            np.concatenate([self.clear, other.clear]),
        )

    def rows(self, index: Integers) -> Corpus:
        """Return the corpus of some of the postings."""
        return Corpus(
            self.roles,
            self.phrases,
            self.duties,
            {section: counts[index] for section, counts in self.phrase_counts.items()},
            {section: counts[index] for section, counts in self.keyword_counts.items()},
            self.label[index],
            self.second[index],
            self.korean[index],
            self.judged[index],
            self.clear[index],
        )


def duty_ids(roles: Iterable[Role]) -> tuple[str, ...]:
    """Return "role.duty" of every documented duty, in the order of the keyword features."""
    return tuple(f"{role.id}.{duty.id}" for role in roles for duty in role.duties)


def duty_phrases(roles: Iterable[Role]) -> list[tuple[str, ...]]:
    """Return the phrases of every documented duty, both languages together, in the order of `duty_ids`."""
    return [duty.phrases["en"] + duty.phrases["ko"] for role in roles for duty in role.duties]


def role_aliases(roles: Iterable[Role]) -> dict[str, str]:
    """Return the role each alias names; an alias of two roles is the first one's."""
    aliases: dict[str, str] = {}
    for role in roles:
        for listed in role.aliases.values():
            for alias in listed:
                aliases.setdefault(alias_key(alias), role.id)
    return aliases


def reader_for(roles: Sequence[Role], headings: Mapping[str, str], phrases: Sequence[str] | None) -> Reader:
    """Return the reader of role definitions and headings, of given phrases or of every phrase."""
    names = [role.id for role in roles]
    vocabulary = None if phrases is None else "\n".join(phrases)
    return reader_of(vocabulary, keyword_table(duty_phrases(roles)), headings, role_aliases(roles), names)


def build_corpus(
    labelled: Sequence[LabelledPosting],
    roles: Sequence[Role],
    headings: Mapping[str, str],
    min_postings: int,
    unlabelled: Sequence[Posting] = (),
    names: Sequence[str] | None = None,
) -> Corpus:
    """Return the corpus of labelled postings, followed by unlabelled ones; `names` are the labels if not the roles.

    Kept are the phrases of at least `min_postings` labelled postings that come, where sources are known, from several
    of them: what few sources say is their boilerplate or their luck.
    """
    counts = every_phrase([each.posting for each in labelled], reader_for(roles, headings, None))
    sources = sorted({each.posting.source for each in labelled})
    least_sources = max(min(len(sources), 2), min(len(sources) // 2, MIN_SOURCES))
    source = np.array([sources.index(each.posting.source) for each in labelled])
    enough = (_different(counts.phrase, counts.posting, len(counts.keys)) >= min_postings) & (
        _different(counts.phrase, source[counts.posting], len(counts.keys)) >= least_sources
    )
    kept = {counts.text(phrase): phrase for phrase in np.flatnonzero(enough).tolist()}
    phrases = tuple(sorted(kept))
    column = np.full(len(counts.keys), -1)
    column[[kept[phrase] for phrase in phrases]] = np.arange(len(phrases))
    here = column[counts.phrase] >= 0
    duties = duty_ids(roles)
    corpus = _labelled(
        Corpus(
            roles=tuple(names or (role.id for role in roles)),
            phrases=phrases,
            duties=duties,
            phrase_counts=matrices(
                counts.posting[here],
                counts.section[here],
                column[counts.phrase[here]],
                (len(labelled), len(phrases)),
            ),
            keyword_counts=matrices(*counts.duties, (len(labelled), len(duties))),
            **_no_labels(len(labelled)),
        ),
        labelled,
    )
    return corpus.joined(corpus_of(unlabelled, corpus.phrases, roles, headings)) if unlabelled else corpus


def _different(phrase: Integers, group: Integers, phrases: int) -> Integers:
    """Return in how many groups each phrase stands."""
    width = int(group.max(initial=0)) + 1
    pairs = np.unique(phrase * width + group)
    return np.bincount(pairs // width, minlength=phrases)


def corpus_of(
    postings: Sequence[Posting], phrases: Sequence[str], roles: Sequence[Role], headings: Mapping[str, str]
) -> Corpus:
    """Return the corpus of postings without labels, over given phrases."""
    phrase_counts, keyword_counts = count_postings(postings, phrases, roles, headings)
    korean = np.array([language_of(posting.text) == "ko" for posting in postings])
    return Corpus(
        roles=tuple(role.id for role in roles),
        phrases=tuple(phrases),
        duties=duty_ids(roles),
        phrase_counts=phrase_counts,
        keyword_counts=keyword_counts,
        **{**_no_labels(len(postings)), "korean": korean},
    )


def labelled_corpus_of(
    labelled: Sequence[LabelledPosting], phrases: Sequence[str], roles: Sequence[Role], headings: Mapping[str, str]
) -> Corpus:
    """Return the corpus of labelled postings, over given phrases."""
    return _labelled(corpus_of([each.posting for each in labelled], phrases, roles, headings), labelled)


def _no_labels(count: int) -> dict[str, Any]:
    none = np.full(count, -1)
    return {"label": none, "second": none, "korean": none > 0, "judged": none > 0, "clear": none > 0}


def _labelled(corpus: Corpus, labelled: Sequence[LabelledPosting]) -> Corpus:
    """Return a corpus with the labels of its postings."""
    names = corpus.roles
    return replace(
        corpus,
        label=np.array([names.index(each.role) for each in labelled]),
        second=np.array([names.index(each.second) if each.second else -1 for each in labelled]),
        korean=np.array([each.language == "ko" for each in labelled]),
        judged=np.array([each.judged for each in labelled]),
        clear=np.array([each.clear for each in labelled]),
    )


def count_postings(
    postings: Sequence[Posting], phrases: Sequence[str], roles: Sequence[Role], headings: Mapping[str, str]
) -> tuple[Counts, Counts]:
    """Return the phrase counts and the keyword counts of postings, over given phrases."""
    return known_phrases(postings, reader_for(roles, headings, phrases), len(phrases), len(duty_ids(roles)))


def bare_titles(corpus: Corpus, roles: Sequence[Role], headings: Mapping[str, str]) -> Corpus:
    """Return a corpus of postings that are nothing but the name of a role, each role but `other` in each language."""
    named = [(role, code) for code in LANGUAGES for role in roles if role.id != OTHER]
    phrase_counts, keyword_counts = count_postings(
        [Posting("", role.name[code]) for role, code in named], corpus.phrases, roles, headings
    )
    everyone = np.ones(len(named), dtype=bool)
    return Corpus(
        roles=corpus.roles,
        phrases=corpus.phrases,
        duties=corpus.duties,
        phrase_counts=phrase_counts,
        keyword_counts=keyword_counts,
        label=np.array([corpus.roles.index(role.id) for role, _ in named]),
        second=np.full(len(named), -1),
        korean=np.array([code == "ko" for _, code in named]),
        judged=everyone,
        clear=everyone,
    )


def write_corpus(corpus: Corpus, path: Path) -> None:
    """Write a corpus as compressed .npz: plain arrays, no pickle."""
    arrays: dict[str, npt.NDArray[np.generic]] = {
        "names": _bytes(json.dumps([corpus.roles, corpus.duties])),
        "phrases": _bytes("\n".join(corpus.phrases)),
        "label": corpus.label.astype(np.int8),
        "second": corpus.second.astype(np.int8),
        "korean": corpus.korean,
        "judged": corpus.judged,
        "clear": corpus.clear,
    }
    for kind, counts in (("phrase", corpus.phrase_counts), ("keyword", corpus.keyword_counts)):
        for section, matrix in counts.items():
            matrix.sort_indices()
            arrays[f"{kind}.{section}.indptr"] = matrix.indptr.astype(np.uint32)
            # Differences between neighbouring columns are small and repeat, so they compress better.
            arrays[f"{kind}.{section}.steps"] = np.diff(matrix.indices, prepend=0).astype(np.int32)
            arrays[f"{kind}.{section}.counts"] = np.minimum(matrix.data, np.iinfo(np.uint16).max).astype(np.uint16)
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)


def read_corpus(path: Path) -> Corpus:
    """Return the corpus that `write_corpus` wrote.

    Raises:
        LabelledDataError: the file is missing or not a corpus.
    """
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            roles, duties = json.loads(arrays["names"].tobytes())
            phrases = tuple(arrays["phrases"].tobytes().decode().split("\n"))
            label = arrays["label"].astype(np.int64)

            def matrices(kind: str, width: int) -> dict[str, sparse.csr_matrix]:
                return {
                    section: sparse.csr_matrix(
                        (
                            arrays[f"{kind}.{section}.counts"].astype(float),
                            np.cumsum(arrays[f"{kind}.{section}.steps"]),
                            arrays[f"{kind}.{section}.indptr"].astype(np.int64),
                        ),
                        shape=(len(label), width),
                    )
                    for section in ALL_SECTIONS
                }

            return Corpus(
                roles=tuple(roles),
                phrases=phrases,
                duties=tuple(duties),
                phrase_counts=matrices("phrase", len(phrases)),
                keyword_counts=matrices("keyword", len(duties)),
                label=label,
                second=arrays["second"].astype(np.int64),
                korean=arrays["korean"],
                judged=arrays["judged"],
                clear=arrays["clear"],
            )
    except (OSError, EOFError, ValueError, KeyError, AttributeError, BadZipFile) as error:
        raise LabelledDataError(f"{path}: not a training corpus ({error}); write one with --save-corpus") from error


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), dtype=np.uint8)
