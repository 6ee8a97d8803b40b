"""What follows from the scores of a posting: role, readings, conflict, whether to review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rolelens.artifact import Model
from rolelens.records import Reading

MIN_WORDS = 15  # a posting with fewer words rarely names a single duty
# Two readings contradict each other when the duties are clear about their own role and nearly exclude the title's.
CONFLICT_DUTY_PROBABILITY = 0.5
CONFLICT_TITLE_PROBABILITY = 0.2
CLEAR_TITLE = 0.4  # probability from which the words of a title outweigh the name they hold


class Verdict(NamedTuple):
    """What a posting's scores mean; `probabilities` follows the order of the model's roles."""

    role: str
    second_role: str
    confidence: float
    probabilities: tuple[float, ...]
    title_reading: Reading | None
    duty_reading: Reading
    conflict: bool
    review_reason: str | None


class Scored(NamedTuple):
    """The outcome of one of many postings: a verdict with its strongest words, or the reason there is none."""

    verdict: Verdict | None
    evidence: tuple[str, ...] = ()
    error: str = ""


def reach_verdict(
    model: Model,
    probabilities: Sequence[float],
    by_title: Sequence[float],
    by_duties: Sequence[float],
    named: Sequence[int],
    *,
    short: bool,
    language: str,
) -> Verdict:
    """Return the verdict on a posting.

    Args:
        model: the model that scored it.
        probabilities: the calibrated probability of each role.
        by_title: the same of the title's part of the scores.
        by_duties: the same of what is left of them without it.
        named: the numbers of the roles that the title names, if any.
        short: whether the posting has fewer than MIN_WORDS words.
        language: the posting's language, or "unknown".
    """
    roles = model.roles
    first, second = sorted(range(len(roles)), key=probabilities.__getitem__, reverse=True)[:2]
    strongest = by_duties.index(max(by_duties))
    title_reading, conflict = None, False
    if named:
        leading = max(named, key=by_title.__getitem__)
        clear = by_title.index(max(by_title))
        if (
            by_title[clear] >= CLEAR_TITLE and clear not in named
        ):  # "Machine Learning and LLM Engineer" names the latter
            leading = clear
        title_reading = Reading(roles[leading], by_title[leading])
        conflict = (
            strongest not in (*named, leading)
            and by_duties[strongest] >= CONFLICT_DUTY_PROBABILITY
            and by_duties[leading] <= CONFLICT_TITLE_PROBABILITY
        )
    reason = None
    if short:
        reason = "too little text"
    elif language == "unknown":
        reason = "unknown language"
    elif probabilities[first] < model.review_below:
        reason = "small margin"
    return Verdict(
        role=roles[first],
        second_role=roles[second],
        confidence=probabilities[first],
        probabilities=tuple(probabilities),
        title_reading=title_reading,
        duty_reading=Reading(roles[strongest], by_duties[strongest]),
        conflict=conflict,
        review_reason=reason,
    )
