"""The scores of many postings at once, compiled: the same numbers as one by one, to 1e-9."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rolelens.artifact import Model
from rolelens.kernel import jit
from rolelens.kernel.hashes import Codes, write_codes
from rolelens.kernel.language import IN_ENGLISH, IN_KOREAN, OTHER_LANGUAGE, UNKNOWN
from rolelens.kernel.scan import Scan, new_scan
from rolelens.kernel.score import Results, Sums, new_results, new_sums, score_postings
from rolelens.kernel.tables import UncompilableError, compile_model
from rolelens.records import Posting

__all__ = ["LANGUAGES", "Kernel", "UncompilableError", "awaits_compiling", "compile_apart"]

LANGUAGES = {OTHER_LANGUAGE: "unsupported", UNKNOWN: "unknown", IN_ENGLISH: "en", IN_KOREAN: "ko"}


def awaits_compiling() -> bool:
    """Return whether the kernel is still to be compiled, once on this machine, which may take a minute."""
    return jit.is_missing(score_postings)


def compile_apart() -> None:
    """Compile the kernel in a process of its own, unless it is there already."""
    jit.compile_apart(score_postings, __name__)


class _Room(NamedTuple):
    """Room for the code points of postings and for the work on one of them, of at most `longest` code points."""

    longest: int
    scan: Scan
    sums: Sums
    codes: Codes


class Kernel:
    """Scores many postings with one model; compiling it takes a while once, on a machine's first use.

    Raises:
        UncompilableError: the model is not of the kind it is made for.
    """

    def __init__(self, model: Model) -> None:
        self._model, self._tables = model, compile_model(model)
        self._rooms = threading.local()  # what each thread writes on, kept for its next postings

    def __reduce__(self) -> tuple[type[Kernel], tuple[Model]]:
        """Go to other processes as the model alone."""
        return Kernel, (self._model,)

    def score(self, postings: Sequence[Posting], least_words: int, shown: int) -> tuple[Results, list[list[str]]]:
        """Return the results of postings, and for each the words that speak most for its role, at most `shown`."""
        parts = [part for posting in postings for part in (posting.title, posting.text)]
        bounds = np.cumsum([0, *map(len, parts)])
        room = self._take_room(int((bounds[2::2] - bounds[:-2:2]).max(initial=0)), int(bounds[-1]))
        codes = write_codes("".join(parts), room.codes)
        results = new_results(len(postings), len(self._model.roles), shown)
        score_postings(codes, bounds, least_words, self._tables, room.scan, room.sums, results)
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

    def _take_room(self, longest: int, total: int) -> _Room:
        """Return room for so many code points in one posting, and in all: what this thread left, if it is enough."""
        left: _Room | None = self._rooms.__dict__.pop("left", None)
        if left is not None and left.longest >= longest and len(left.codes) >= total:
            return left
        if left is not None:  # what sufficed before shall suffice again
            longest, total = max(longest, left.longest), max(total, len(left.codes))
        longest, total = (1 << max(0, size - 1).bit_length() for size in (longest, total))
        return _Room(longest, new_scan(longest), new_sums(self._tables, longest), np.empty(total, dtype=np.uint32))
