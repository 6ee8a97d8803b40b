"""What follows from the scores of a posting: role, readings, conflict, whether to review."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rolelens.errors import PostingError
from rolelens.model.model_file import Model
from rolelens.reading.language import NAMES

SEVERAL_JOBS = "several jobs"  # why a posting that announces them is to be looked at
MIN_WORDS = 15  # a posting with fewer words rarely names a single duty
# Two readings contradict each other when the duties are clear about their own role and nearly exclude the title's.
CONFLICT_DUTY_PROBABILITY = 0.5
CONFLICT_TITLE_PROBABILITY = 0.2
WORDS_OF_WORK = 8  # fewer are no work that could contradict a title: "Apply now!"
CLEAR_TITLE = 0.4  # probability from which the words of a title outweigh the name they hold


class Reading(NamedTuple):
    """The role that one part of the posting suggests by itself, and how probable that part makes it."""

    role: str
    probability: float


class Decision(NamedTuple):
    """What a posting's scores mean; `probabilities` follows the order of the model's roles."""

    role: str
    second_role: str
    confidence: float
    probabilities: tuple[float, ...]
    title_reading: Reading | None
    duty_reading: Reading
    conflict: bool
    review_reason: str | None


class RowResult(NamedTuple):
    """The outcome of one of many postings: a decision with its strongest words, or the reason there is none."""

    verdict: Decision | None
    evidence: tuple[str, ...] = ()
    error: str = ""


def decide(
    model: Model,
    probabilities: Sequence[float],
    by_title: Sequence[float],
    by_duties: Sequence[float],
    named: int,
    *,
    words: int,
    language: str,
) -> Decision:
    """Return what the scores of a posting mean.

    Args:
        model: the model that scored it.
        probabilities: the calibrated probability of each role.
        by_title: the same of the title's part of the scores.
        by_duties: the same of what is left of them without it.
        named: a bit for each role that the title names.
        words: how many words the text has.
        language: the posting's language, or "unknown".
    """
    roles = model.roles
    confidence = max(probabilities)
    first = probabilities.index(confidence)
    runner_up, second = -1.0, 0
    for role, probability in enumerate(probabilities):
        if probability > runner_up and role != first:
            runner_up, second = probability, role
    clearest = max(by_duties)
    strongest = by_duties.index(clearest)
    title_reading, conflict = None, False
    if named:
        listed = [role for role in range(len(roles)) if named >> role & 1]
        leading = max(listed, key=by_title.__getitem__)
        clear = max(by_title)
        if clear >= CLEAR_TITLE and not named >> by_title.index(clear) & 1:
            leading = by_title.index(clear)  # "Machine Learning and LLM Engineer" names the latter
        title_reading = Reading(roles[leading], by_title[leading])
        conflict = (
            words >= WORDS_OF_WORK
            and strongest not in (*listed, leading)
            and clearest >= CONFLICT_DUTY_PROBABILITY
            and by_duties[leading] <= CONFLICT_TITLE_PROBABILITY
        )
    reason = None
    if words < MIN_WORDS:
        reason = "too little text"
    elif language == "unknown":
        reason = "unknown language"
    elif confidence < model.review_below:
        reason = "small margin"
    return Decision(
        roles[first],
        roles[second],
        confidence,
        tuple(probabilities),
        title_reading,
        Reading(roles[strongest], clearest),
        conflict,
        reason,
    )


def accepted_language(text: str, number: int, asked: str = "auto") -> str:
    """Return the language to read a text in: the one asked for, or for "auto" the one of a number.

    Raises:
        PostingError: the text is empty, or in a language other than English and Korean.
    """
    if not text or text.isspace():
        raise PostingError("the posting is empty; give it some text")
    found = NAMES[number] if asked == "auto" else asked
    if found == "unsupported":
        raise PostingError(
            "the posting is in neither English nor Korean; translate it, or pass --language en or ko to read it anyway"
        )
    return found


def role_set(probabilities: Mapping[str, float], calibration: Sequence[float], coverage: float) -> tuple[str, ...]:
    """Return the fewest roles, most probable first, that hold the right one in at least a share of postings.

    `calibration` holds, in ascending order, the probability that each of n postings like these was given for its label
    by a model that had not seen it. The roles kept are those above its k-th entry, k = floor((n + 1)(1 - coverage)):
    split conformal prediction with least ambiguous sets (Sadinle, Lei and Wasserman 2019,
    doi:10.1080/01621459.2017.1395341). The guarantee is over postings exchangeable with those n, on average.

    >>> role_set({"a": 0.7, "b": 0.2, "c": 0.1}, [0.15, 0.4, 0.6, 0.8], coverage=0.8)
    ('a', 'b')
    """
    place = math.floor((len(calibration) + 1) * (1 - coverage) + 1e-9)  # 1 - 0.8 is a little short of 0.2
    threshold = calibration[place - 1] if place else 0.0
    ordered = sorted(probabilities, key=lambda role: -probabilities[role])
    return tuple(role for place, role in enumerate(ordered) if place == 0 or probabilities[role] >= threshold)
