"""The scores of many postings at once, compiled: the same numbers as one by one, to 1e-9."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rolelens.artifact import Model
from rolelens.kernel.scan import new_scan
from rolelens.kernel.score import Results, new_results, new_sums, score_postings
from rolelens.kernel.tables import codes_of, compile_model
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
        texts, titles = [posting.text for posting in postings], [posting.title for posting in postings]
        text_starts = np.cumsum([0, *map(len, texts)])
        title_starts = np.cumsum([text_starts[-1], *map(len, titles)])
        longest = max((len(text) + len(title) for text, title in zip(texts, titles, strict=True)), default=0)
        results = new_results(len(postings), self._roles, shown)
        score_postings(
            codes_of((*texts, *titles)),
            text_starts,
            title_starts,
            least_words,
            self._tables,
            new_scan(longest),
            new_sums(self._tables, longest),
            results,
        )
        evidence = []
        for number, places in enumerate(results.evidence.tolist()):
            start, titles_start = int(text_starts[number]), int(title_starts[number])
            words = []
            for begin, end in places:
                if begin >= title_starts[0] and titles[number]:
                    words.append(titles[number][begin - titles_start : end - titles_start])
                elif begin >= 0:
                    words.append(texts[number][begin - start : end - start])
            evidence.append([" ".join(each.split()).casefold() for each in words])
        return results, evidence
