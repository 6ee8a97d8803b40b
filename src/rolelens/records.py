"""What goes into a prediction and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

TITLE = "title"  # the section whose spans count characters of the title, not of the text


@dataclass(frozen=True, slots=True)
class Posting:
    """One job posting: its text, its title if it has one apart, and where it came from."""

    text: str
    title: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a posting: section name and half-open character offsets.

    Offsets count characters of `Posting.text`, or of `Posting.title` where `section` is "title".
    """

    section: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the posting that speak for or against the role.

    `contribution` is in log-odds against the average role. `duty` is "role.duty" of the documented duty the words
    speak of, or "learned". `spans` holds every place in the posting, the weightiest first.
    """

    phrase: str
    contribution: float
    duty: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DutyCoverage:
    """One documented duty of the role and the words of the posting that cover it, if any."""

    duty: str
    title: str
    quotes: tuple[str, ...]

    @property
    def covered(self) -> bool:
        """Whether the posting speaks of this duty at all."""
        return bool(self.quotes)


@dataclass(frozen=True, slots=True)
class Reading:
    """The role that one part of the posting suggests by itself, and how probable that part makes it."""

    role: str
    probability: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The role of a posting, how sure that is, and why.

    `score` is the role's decision function in log-odds, before calibration:
    `score == bias + sum(e.contribution for e in evidence) + left_out` to 1e-9.
    `probabilities` are the calibrated softmax of all six scores; `confidence` is that of `role`.
    """

    role: str
    name: str
    confidence: float
    probabilities: Mapping[str, float]
    second_role: str
    needs_review: bool
    review_reason: str | None
    title_reading: Reading | None
    duty_reading: Reading
    conflict: bool
    evidence: tuple[Evidence, ...]
    bias: float
    left_out: float
    score: float
    duties: tuple[DutyCoverage, ...]
    language: str
    model: str
    posting: Posting
