"""The answer about one posting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rolelens.explanation import Arithmetic, Explanation, explain
from rolelens.records import TITLE, DutyCoverage, Evidence, Posting, Reading, Statement

DECIDING = 3  # statements quoted where title and work differ


class Prediction(NamedTuple):
    """The role of a posting, how sure that is, and why.

    `score` is the role's decision function in log-odds, before calibration:
    `score == bias + sum(e.contribution for e in evidence) + left_out` to 1e-9.
    `probabilities` are the calibrated softmax of all six scores; `confidence` is that of `role`.
    `role_mix` holds each role's share of what the statements under the title speak for; the shares sum to 1.
    `roles_announced` names the jobs of a Korean posting that announces several; the answer is then about their blend.
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
    second_duties: tuple[DutyCoverage, ...]
    statements: tuple[Statement, ...]
    role_mix: Mapping[str, float]
    roles_announced: tuple[str, ...]
    language: str
    model: str
    posting: Posting
    arithmetic: Arithmetic

    def __repr__(self) -> str:
        """Show what it says, without what it rests on."""
        shown = self._fields[: self._fields.index("posting")]
        return f"Prediction({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    @property
    def deciding(self) -> tuple[Statement, ...]:
        """The statements that speak most for the role of the duties against that of the title, in their order.

        Empty where the two readings agree, or the title names no role.
        """
        if self.title_reading is None or self.title_reading.role == self.duty_reading.role:
            return ()
        plus, minus = (self.arithmetic.roles.index(each.role) for each in (self.duty_reading, self.title_reading))
        speaking = {
            place: statement.contributions[plus] - statement.contributions[minus]
            for place, statement in enumerate(self.statements)
            if statement.span.section != TITLE and statement.contributions[plus] > statement.contributions[minus]
        }
        strongest = sorted(speaking, key=lambda place: (-speaking[place], place))[:DECIDING]
        return tuple(self.statements[place] for place in sorted(strongest))

    def explain(self, role: str | None = None, *, against: str | None = None) -> Explanation:
        """Return why the posting is given a role, by default the predicted one, rather than another.

        Without `against` the role is held against the average of all roles.

        Raises:
            ValueError: a role is unknown, or both are the same.

        >>> from rolelens import RoleClassifier
        >>> text = "What you will do: train and deploy deep learning models on our GPU cluster."
        >>> why = RoleClassifier.load().predict(text).explain(against="data_scientist")
        >>> abs(why.bias + sum(each.contribution for each in why.evidence) - why.score) < 1e-9
        True
        """
        return explain(self.arithmetic, role or self.role, against)
