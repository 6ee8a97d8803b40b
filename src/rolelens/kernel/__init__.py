"""The scores of many postings at once, compiled: the same numbers as one by one, to 1e-9."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rolelens.artifact import Model
from rolelens.kernel.hashes import codes_of
from rolelens.kernel.scan import new_scan
from rolelens.kernel.score import Results, new_results, new_sums, score_postings
from rolelens.kernel.tables import compile_model
from rolelens.kernel.words import IN_ENGLISH, IN_KOREAN, OTHER_LANGUAGE, UNKNOWN
from rolelens.records import Posting

LANGUAGES = {OTHER_LANGUAGE: "unsupported", UNKNOWN: "unknown", IN_ENGLISH: "en", IN_KOREAN: "ko"}


class Kernel:
    """Scores many postings with one model; compiling it takes a while once, on a machine's first use."""

    def __init__(self, model: Model) -> None:
        self._tables = compile_model(model)
        self._roles = len(model.roles)

    def score(self, postings: Sequence[Posting], least_words: int, shown: int) -> tuple[Results, list[list[str]]]:
        """Return the results of postings, and for each the words that speak most for its role, at most `shown`."""
        parts = [part for posting in postings for part in (posting.title, posting.text)]
        bounds = np.cumsum([0, *map(len, parts)])
        longest = int((bounds[2::2] - bounds[:-2:2]).max(initial=0))
        results = new_results(len(postings), self._roles, shown)
        score_postings(
            codes_of(parts),
            bounds,
            least_words,
            self._tables,
            new_scan(longest),
            new_sums(self._tables, longest),
            results,
        )
        evidence = []
        for posting, places in zip(postings, results.evidence.tolist(), strict=True):
            title = len(posting.title)
            words = [
                posting.title[start:end] if start < title else posting.text[start - title : end - title]
                for start, end in places
                if start >= 0
            ]
            evidence.append([" ".join(each.split()).casefold() for each in words])
        return results, evidence
