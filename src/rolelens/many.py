"""Many postings at once: compiled where numba is installed, one by one where it is not, with the same outcome."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rolelens.errors import PostingError
from rolelens.records import Posting
from rolelens.verdict import MIN_WORDS, Scored, Verdict, reach_verdict

if TYPE_CHECKING:
    from rolelens.classifier import RoleClassifier
    from rolelens.kernel import Kernel

MAX_CHARACTERS = 500_000  # of one posting; more is something else
_AT_ONCE = 500  # postings; more need memory, not time
WORDS_SHOWN = 3  # evidence phrases of a row; more would not be read in a table


def is_compiled() -> bool:
    """Return whether numba is there to compile the scoring of many postings."""
    return find_spec("numba") is not None


def awaits_compiling() -> bool:
    """Return whether the first to score many postings will wait until the scoring is compiled."""
    if not is_compiled():
        return False
    from rolelens import kernel

    return kernel.awaits_compiling()


class ManyScorer:
    """Scores lists of postings; `compiled` says how, by default as numba is installed or not."""

    def __init__(self, classifier: RoleClassifier, *, compiled: bool | None = None) -> None:
        self._classifier = classifier
        self._kernel: Kernel | None = None
        if is_compiled() if compiled is None else compiled:
            from rolelens.kernel import Kernel, UncompilableError, compile_apart

            compile_apart()
            with suppress(UncompilableError):  # then one by one
                self._kernel = Kernel(classifier.model)

    def score(self, postings: Sequence[Posting]) -> list[Scored]:
        """Return the outcome of every posting, in order; one that cannot be scored says why."""
        scored: list[Scored] = []
        for start in range(0, len(postings), _AT_ONCE):
            scored += self._score(postings[start : start + _AT_ONCE])
        return scored

    def _score(self, postings: Sequence[Posting]) -> list[Scored]:
        bounded = [each if len(each.text) <= MAX_CHARACTERS else Posting("") for each in postings]
        scored = [self._single(each) for each in bounded] if self._kernel is None else self._compiled(bounded)
        for place, posting in enumerate(postings):
            if len(posting.text) > MAX_CHARACTERS:
                message = f"{len(posting.text):,} characters, more than the {MAX_CHARACTERS:,} a posting may have"
                scored[place] = Scored(None, error=message)
        return scored

    def _single(self, posting: Posting) -> Scored:
        try:
            found = self._classifier.predict(posting)
        except PostingError as error:
            return Scored(None, error=str(error))
        speaking = [each.phrase for each in found.explain().evidence if each.contribution > 0]
        verdict = Verdict(
            role=found.role,
            second_role=found.second_role,
            confidence=found.confidence,
            probabilities=tuple(found.probabilities.values()),
            title_reading=found.title_reading,
            duty_reading=found.duty_reading,
            conflict=found.conflict,
            review_reason=found.review_reason,
        )
        return Scored(verdict, tuple(speaking[:WORDS_SHOWN]))

    def _compiled(self, postings: Sequence[Posting]) -> list[Scored]:
        from rolelens.kernel import LANGUAGES

        assert self._kernel is not None  # noqa: S101
        results, evidence = self._kernel.score(postings, MIN_WORDS, WORDS_SHOWN)
        model, scored = self._classifier.model, []
        for posting, words, whole, by_title, by_duties, named, short, language in zip(
            postings,
            evidence,
            results.probabilities.tolist(),
            results.by_title.tolist(),
            results.by_duties.tolist(),
            results.named.tolist(),
            results.short.tolist(),
            results.language.tolist(),
            strict=True,
        ):
            try:
                code = self._classifier.accepted_language(posting, LANGUAGES[language])
            except PostingError as error:
                scored.append(Scored(None, error=str(error)))
                continue
            roles = [role for role in range(len(model.roles)) if named >> role & 1]
            verdict = reach_verdict(model, whole, by_title, by_duties, roles, short=bool(short), language=code)
            scored.append(Scored(verdict, tuple(words)))
        return scored
