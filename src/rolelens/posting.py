"""A posting and the pieces of it that a prediction points at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Posting:
    """One job posting: its text, its title if it has one apart, and where it came from."""

    text: str
    title: str = ""
    source: str = ""


class Span(NamedTuple):
    """A piece of a posting: section name and half-open character offsets.

    Offsets count characters of `Posting.text`, or of `Posting.title` where `section` is "title".
    """

    section: str
    start: int
    end: int


class Mention(NamedTuple):
    """Words in one place of a posting and what they add to the score of every role, in log-odds.

    `contributions` follows the order of the roles. `duties` holds the part of it that goes through the phrases of each
    documented duty, by "role.duty".
    """

    phrase: str
    span: Span
    contributions: tuple[float, ...]
    duties: Mapping[str, tuple[float, ...]]


class Evidence(NamedTuple):
    """Words of the posting that speak for or against a role.

    `contribution` is in log-odds. `duty` is "role.duty" of the documented duty the words speak of, or "learned".
    `spans` holds every place in the posting, the weightiest first.
    """

    phrase: str
    contribution: float
    duty: str
    spans: tuple[Span, ...]


class DutyCoverage(NamedTuple):
    """One documented duty of a role and the words of the posting that cover it, if any.

    `spans` says where each of the `quotes` stands first.
    """

    duty: str
    title: str
    quotes: tuple[str, ...]
    spans: tuple[Span, ...]

    @property
    def covered(self) -> bool:
        """Whether the posting speaks of this duty at all."""
        return bool(self.quotes)


class Statement(NamedTuple):
    """A bullet, line or sentence of the posting and what it adds to the score of every role, in log-odds.

    `contributions` follows the order of the roles. `lean` is the role it speaks for, None where it hardly speaks for
    any; `strength` is what it adds to that role.
    """

    text: str
    span: Span
    contributions: tuple[float, ...]
    lean: str | None
    strength: float
