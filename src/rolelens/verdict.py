"""What follows from the scores of a posting: role, readings, conflict, whether to review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rolelens.artifact import Model
from rolelens.records import Reading
from rolelens.scoring import softmax

MIN_WORDS = 15  # a posting with fewer words rarely names a single duty
# Two readings contradict each other when the duties are clear about their own role and nearly exclude the title's.
CONFLICT_DUTY_PROBABILITY = 0.5
CONFLICT_TITLE_PROBABILITY = 0.2
TITLE_LEAN = 0.25  # half again as much as chance; a title of one role leans to it at least so much


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a posting's scores mean; `probabilities` follows the order of the model's roles."""

    role: str
    second_role: str
    confidence: float
    probabilities: tuple[float, ...]
    title_reading: Reading | None
    duty_reading: Reading
    conflict: bool
    review_reason: str | None


def reach_verdict(
    model: Model, scores: Sequence[float], title_scores: Sequence[float], named: int, *, short: bool, language: str
) -> Verdict:
    """Return the verdict on a posting.

    Args:
        model: the model that scored it.
        scores: the decision function, by role.
        title_scores: the title's part of it.
        named: the number of the role that the title names, or -1.
        short: whether the posting has fewer than MIN_WORDS words.
        language: the posting's language, or "unknown".
    """
    roles = model.roles
    probabilities = softmax(scores, model.temperature)
    first, second = sorted(range(len(roles)), key=lambda role: -scores[role])[:2]
    by_duties = softmax([score - part for score, part in zip(scores, title_scores, strict=True)], model.temperature)
    strongest = by_duties.index(max(by_duties))
    title_reading, conflict = None, False
    if named >= 0:
        by_title = softmax(title_scores, model.temperature)
        if by_title[named] < TITLE_LEAN:  # it names several roles: the learned reading says which counts most
            leading = by_title.index(max(by_title))
            title_reading = Reading(roles[leading], by_title[leading])
        else:
            title_reading = Reading(roles[named], by_title[named])
            conflict = (
                named != strongest
                and by_duties[strongest] >= CONFLICT_DUTY_PROBABILITY
                and by_duties[named] <= CONFLICT_TITLE_PROBABILITY
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
