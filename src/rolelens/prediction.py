"""The answer about one posting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rolelens.explaining.contrast import Arithmetic, Explanation, explain
from rolelens.model.decision import Decision, Reading
from rolelens.model.read_posting import ReadPosting
from rolelens.posting import DutyCoverage, Evidence, Posting, Statement
from rolelens.reading.sections import TITLE

DECIDING = 3  # statements quoted where title and work differ


class Prediction(NamedTuple):
    """The role of a posting, how sure that is, and why.

    `score` is the role's decision function in log-odds, before calibration:
    `score == bias + sum(e.contribution for e in evidence) + left_out` to 1e-9.
    `probabilities` are the calibrated softmax of the scores of all roles.
    `role_mix` holds each role's share of what the statements under the title speak for; the shares sum to 1.
    `roles_announced` names the jobs of a posting that announces several; the answer is then about their blend.
    """

    decision: Decision
    name: str
    probabilities: Mapping[str, float]
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
    read: ReadPosting

    def __repr__(self) -> str:
        """Show what it says, without what it rests on."""
        shown = ("role", "name", "confidence", "second_role", "review_reason", "conflict", "language", "model")
        return f"Prediction({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    @property
    def role(self) -> str:
        """The role that the posting describes."""
        return self.decision.role

    @property
    def confidence(self) -> float:
        """The calibrated probability of the role."""
        return self.decision.confidence

    @property
    def second_role(self) -> str:
        """The runner-up."""
        return self.decision.second_role

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at the posting."""
        return self.decision.review_reason is not None

    @property
    def review_reason(self) -> str | None:
        """Why a person should, if so."""
        return self.decision.review_reason

    @property
    def title_reading(self) -> Reading | None:
        """The role that the title suggests; None where it names none."""
        return self.decision.title_reading

    @property
    def duty_reading(self) -> Reading:
        """The role that everything but the title suggests."""
        return self.decision.duty_reading

    @property
    def conflict(self) -> bool:
        """Whether title and duties contradict each other."""
        return self.decision.conflict

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
