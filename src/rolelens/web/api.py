"""The JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request

from rolelens.classifier import RoleClassifier
from rolelens.files.html import plain_text
from rolelens.model.decision import RowResult
from rolelens.posting import Posting
from rolelens.rendering.answer import Answer
from rolelens.rendering.values import as_dict
from rolelens.roles.definitions import read_roles
from rolelens.support.packaged import data_path
from rolelens.tables.result_columns import outcome_columns, outcome_values
from rolelens.web.models import AnswerOut, DocumentedRole, Outcome, PostingIn, Postings, Problem, Question

_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": description}
    for status, description in {
        400: "The request is no JSON.",
        413: "The request is too large.",
        422: "The request or the posting cannot be read.",
    }.items()
}
router = APIRouter(prefix="/api", responses=_REFUSALS)


@router.post("/classify", response_model=AnswerOut)
def classify(question: Question, request: Request) -> Mapping[str, Any]:
    """Say which role a posting describes, and why."""
    classifier: RoleClassifier = request.app.state.classifier
    prediction = classifier.predict(_posting(question), language=question.language)
    counterfactual = classifier.counterfactual(prediction) if question.explain else None
    return as_dict(Answer(prediction, "", classifier.model, counterfactual=counterfactual))


@router.post("/score", response_model=list[Outcome])
def score(postings: Postings, request: Request) -> list[Mapping[str, Any]]:
    """Score several postings, in their order; one that cannot be scored says why in `error`."""
    classifier: RoleClassifier = request.app.state.classifier
    return [_outcome(each, classifier) for each in classifier.score([_posting(each) for each in postings.postings])]


@router.get("/roles", response_model=list[DocumentedRole])
def roles() -> list[Mapping[str, Any]]:
    """List the documented roles."""
    return [
        {
            "id": role.id,
            "name": role.name,
            "definition": role.definition,
            "duties": [{"id": duty.id, "title": duty.title} for duty in role.duties],
        }
        for role in read_roles(data_path("roles"))
    ]


def _posting(given: PostingIn) -> Posting:
    return Posting(plain_text(given.text), given.title.strip())


def _outcome(scored: RowResult, classifier: RoleClassifier) -> Mapping[str, Any]:
    values = dict(zip(outcome_columns(classifier.model), outcome_values(scored, classifier.model), strict=True))
    return {**values, "probabilities": {role: values.pop(f"p_{role}") for role in classifier.roles}}
