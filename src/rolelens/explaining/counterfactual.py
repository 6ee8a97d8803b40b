"""What would change the role of a posting: the few statements it hangs on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rolelens.posting import Statement
from rolelens.reading.sections import HEADING, TITLE

MOST_STATEMENTS = 12  # a role that hangs on more of them hangs on none in particular
TRIED = 6  # statements scored at each step, those that speak most for the role

ScoresWithout = Callable[[Collection[int]], Sequence[float]]  # the scores without the statements of these numbers


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
    statements: Sequence[Statement], roles: Sequence[str], scores_without: ScoresWithout
) -> Counterfactual:
    """Return what would change the role, found greedily, every step scored anew from what was read."""
    before = list(scores_without(()))
    role, rival = sorted(range(len(before)), key=lambda place: -before[place])[:2]
    movable = [number for number, statement in enumerate(statements) if statement.span.section != HEADING]
    movable.sort(key=lambda number: statements[number].contributions[rival] - statements[number].contributions[role])
    work = [number for number in movable if statements[number].span.section != TITLE]
    everything = set(movable)

    def lost_by(removed: Collection[int]) -> float:
        return -_margin(scores_without(removed), role)

    def kept_by(kept: Collection[int]) -> float:
        return _margin(scores_without(everything.difference(kept)), role)

    removal, sufficient = _greedy(movable, lost_by), _greedy(work, kept_by)
    after = list(scores_without(removal or ()))
    return Counterfactual(
        removal=tuple(statements[number] for number in sorted(removal or ())),
        becomes=roles[after.index(max(after))] if removal is not None else None,
        sufficient=None if sufficient is None else tuple(statements[number] for number in sorted(sufficient)),
    )


def _greedy(numbers: Sequence[int], gain: Callable[[Sequence[int]], float]) -> list[int] | None:
    """Return statements taken one by one, each the best of those TRIED, until the gain is positive; then none idle."""
    chosen: list[int] = []
    reached = gain(chosen)
    while reached <= 0:
        left = [number for number in numbers if number not in chosen]
        if not left or len(chosen) == MOST_STATEMENTS:
            return None
        gains = [gain([*chosen, number]) for number in left[:TRIED]]
        reached = max(gains)
        chosen.append(left[gains.index(reached)])

    def without(idle: int) -> list[int]:
        return [number for number in chosen if number != idle]

    # The weakest first, and again after each: what one needed, its going may make idle.
    while (idle := next((each for each in reversed(chosen) if gain(without(each)) > 0), None)) is not None:
        chosen = without(idle)
    return chosen


def _margin(scores: Sequence[float], role: int) -> float:
    return scores[role] - max(score for other, score in enumerate(scores) if other != role)
