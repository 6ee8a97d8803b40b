"""The scores of many postings at once, compiled: the same numbers as one by one, to 1e-9."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rolelens.artifact import Model
from rolelens.kernel.hashes import codes_of
from rolelens.kernel.scan import Scan, new_scan
from rolelens.kernel.score import Results, Sums, new_results, new_sums, score_postings
from rolelens.kernel.tables import compile_model
from rolelens.kernel.words import IN_ENGLISH, IN_KOREAN, OTHER_LANGUAGE, UNKNOWN
from rolelens.records import Posting

LANGUAGES = {OTHER_LANGUAGE: "unsupported", UNKNOWN: "unknown", IN_ENGLISH: "en", IN_KOREAN: "ko"}


class _Room(NamedTuple):
    """Room for the work on one posting of at most `longest` code points."""

    longest: int
    scan: Scan
    sums: Sums


class Kernel:
    """Scores many postings with one model; compiling it takes a while once, on a machine's first use."""

    def __init__(self, model: Model) -> None:
        self._tables = compile_model(model)
        self._roles = len(model.roles)
        self._rooms = threading.local()  # what each thread writes on, kept for its next postings

    def score(self, postings: Sequence[Posting], least_words: int, shown: int) -> tuple[Results, list[list[str]]]:
        """Return the results of postings, and for each the words that speak most for its role, at most `shown`."""
        parts = [part for posting in postings for part in (posting.title, posting.text)]
        bounds = np.cumsum([0, *map(len, parts)])
        longest = int((bounds[2::2] - bounds[:-2:2]).max(initial=0))
        results = new_results(len(postings), self._roles, shown)
        room = self._take_room(longest)
        score_postings(codes_of(parts), bounds, least_words, self._tables, room.scan, room.sums, results)
        self._rooms.left = room
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

    def _take_room(self, longest: int) -> _Room:
        """Return room for postings of at most so many code points: what this thread left, if it is enough."""
        left: _Room | None = self._rooms.__dict__.pop("left", None)
        if left is not None and left.longest >= longest:
            return left
        enough = 1 << longest.bit_length()
        return _Room(enough, new_scan(enough), new_sums(self._tables, enough))
