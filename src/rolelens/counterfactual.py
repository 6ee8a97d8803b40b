"""What would change the role of a posting: the few statements it hangs on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from rolelens.records import TITLE, Posting, Statement
from rolelens.sections import HEADING

MOST_STATEMENTS = 12  # a role that hangs on more of them hangs on none in particular
TRIED = 6  # statements scored at each step, those that speak most for the role

Scores = Callable[[Posting], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """The statements that a role hangs on.

    Without those in `removal` the posting would be read as `becomes`; `removal` is empty and `becomes` None where no
    MOST_STATEMENTS statements change the role. Those in `sufficient` keep the role with neither the title nor any
    other statement; None where not even MOST_STATEMENTS do. Neither set can lose a statement and still do so.
    """

    removal: tuple[Statement, ...]
    becomes: str | None
    sufficient: tuple[Statement, ...] | None


def find_counterfactual(
    posting: Posting, statements: Sequence[Statement], roles: Sequence[str], scores: Scores
) -> Counterfactual:
    """Return what would change the role, found greedily, every step scored from the posting's text anew."""
    before = list(scores(posting))
    role, rival = sorted(range(len(before)), key=lambda place: -before[place])[:2]
    movable = [statement for statement in statements if statement.span.section != HEADING]
    movable.sort(key=lambda each: each.contributions[rival] - each.contributions[role])
    work = [statement for statement in movable if statement.span.section != TITLE]

    def lost_by(removed: Collection[Statement]) -> float:
        return -_margin(scores(_blanked(posting, removed)), role)

    def kept_by(kept: Collection[Statement]) -> float:
        return _margin(scores(_blanked(posting, [each for each in movable if each not in kept])), role)

    removal, sufficient = _greedy(movable, lost_by), _greedy(work, kept_by)
    after = list(scores(_blanked(posting, removal or ())))
    return Counterfactual(
        removal=tuple(each for each in statements if each in (removal or ())),
        becomes=roles[after.index(max(after))] if removal is not None else None,
        sufficient=None if sufficient is None else tuple(each for each in statements if each in sufficient),
    )


def _greedy(statements: Sequence[Statement], gain: Callable[[Sequence[Statement]], float]) -> list[Statement] | None:
    """Return statements taken one by one, each the best of those TRIED, until the gain is positive; then none idle."""
    chosen: list[Statement] = []
    reached = gain(chosen)
    while reached <= 0:
        left = [each for each in statements if each not in chosen]
        if not left or len(chosen) == MOST_STATEMENTS:
            return None
        gains = [gain([*chosen, each]) for each in left[:TRIED]]
        reached = max(gains)
        chosen.append(left[gains.index(reached)])

    def without(idle: Statement) -> list[Statement]:
        return [each for each in chosen if each is not idle]

    # The weakest first, and again after each: what one needed, its going may make idle.
    while idle := next((each for each in reversed(chosen) if gain(without(each)) > 0), None):
        chosen = without(idle)
    return chosen


def _margin(scores: Sequence[float], role: int) -> float:
    return scores[role] - max(score for other, score in enumerate(scores) if other != role)


def _blanked(posting: Posting, removed: Collection[Statement]) -> Posting:
    """Return a posting with blanks in the place of statements, so that everything else stays where it was."""
    text, title = posting.text, posting.title
    for statement in removed:
        start, end = statement.span.start, statement.span.end
        if statement.span.section == TITLE and posting.title:
            title = ""
        else:
            text = text[:start] + " " * (end - start) + text[end:]
    return replace(posting, text=text, title=title)
