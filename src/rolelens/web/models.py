"""What goes into and out of the JSON API; an answer has the keys that `rolelens classify --format json` has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from rolelens.classifier import MAX_CHARACTERS

MAX_POSTINGS = 200  # in one request; a table is the way for more

Text = Annotated[str, Field(max_length=MAX_CHARACTERS, description="The posting's text, plain or HTML.")]
Title = Annotated[str, Field(max_length=1000, description="Its title, where the text does not begin with it.")]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PostingIn(_Closed):
    """A posting."""

    text: Text
    title: Title = ""


class Question(PostingIn):
    """A posting and what to tell about it."""

    language: Annotated[Literal["auto", "en", "ko"], Field(description="How to read it.")] = "auto"
    explain: Annotated[bool, Field(description="Whether to look for what would change the role.")] = False


class SpanOut(BaseModel):
    """A place in the posting: characters of its text, or of its title in the section "title"."""

    section: str
    start: int
    end: int


class EvidenceOut(SpanOut):
    """Words that speak for or against the role, in log-odds."""

    phrase: str
    contribution: float
    duty: str
    spans: list[SpanOut]


class StatementOut(SpanOut):
    """A line of the posting, the role it leans to and how much."""

    text: str
    lean: str | None
    strength: float


class DutyOut(BaseModel):
    """A documented duty of a role and the words that cover it."""

    duty: str
    title: str
    covered: bool
    quotes: list[str]
    spans: list[SpanOut]


class CounterfactualOut(BaseModel):
    """The statements that the role hangs on."""

    removal: list[StatementOut]
    becomes: str | None
    sufficient: list[StatementOut] | None


class AnswerOut(BaseModel):
    """The role of a posting, how sure that is, and why."""

    file: str
    role: str
    name: str
    confidence: float
    probabilities: dict[str, float]
    second_role: str
    needs_review: bool
    review_reason: str | None
    title_role: str | None
    duty_role: str
    conflict: bool
    deciding: list[StatementOut]
    role_mix: dict[str, float]
    roles_announced: list[str]
    evidence: list[EvidenceOut]
    bias: float
    left_out: float
    score: float
    duties: list[DutyOut]
    second_duties: list[DutyOut]
    language: str
    model: str
    statements: list[StatementOut] | None = None
    counterfactual: CounterfactualOut | None = None


class Postings(_Closed):
    """Postings to score together."""

    postings: Annotated[list[PostingIn], Field(max_length=MAX_POSTINGS)]


class Outcome(BaseModel):
    """What `rolelens score` says of a row; nothing but `error` where it cannot be scored."""

    role: str | None
    confidence: float | None
    second_role: str | None
    needs_review: bool | None
    title_role: str | None
    duty_role: str | None
    conflict: bool | None
    probabilities: dict[str, float | None]
    evidence: str | None
    error: str | None
    model: str


class DocumentedDuty(BaseModel):
    """A duty as the definitions have it."""

    id: str
    title: dict[str, str]


class DocumentedRole(BaseModel):
    """A role as the definitions have it, in both languages."""

    id: str
    name: dict[str, str]
    definition: dict[str, str]
    duties: list[DocumentedDuty]


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
