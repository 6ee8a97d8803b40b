"""An answer as plain values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rolelens.explaining.contrast import Explanation
from rolelens.posting import DutyCoverage, Evidence, Span, Statement
from rolelens.rendering.answer import Answer


def as_dict(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain values, the keys of the JSON output."""
    prediction = answer.prediction
    title, duties = prediction.title_reading, prediction.duty_reading
    values = {
        "file": answer.file,
        "role": prediction.role,
        "name": prediction.name,
        "confidence": prediction.confidence,
        "probabilities": dict(prediction.probabilities),
        "second_role": prediction.second_role,
        "needs_review": prediction.needs_review,
        "review_reason": prediction.review_reason,
        "title_role": title.role if title else None,
        "duty_role": duties.role,
        "conflict": prediction.conflict,
        "deciding": [_statement(each) for each in prediction.deciding],
        "role_mix": dict(prediction.role_mix),
        "roles_announced": list(prediction.roles_announced),
        "evidence": _evidence(prediction.evidence),
        "bias": prediction.bias,
        "left_out": prediction.left_out,
        "score": prediction.score,
        "duties": _duties(prediction.duties),
        "second_duties": _duties(prediction.second_duties),
        "language": prediction.language,
        "model": prediction.model,
    }
    if answer.coverage is not None:
        values["coverage"] = answer.coverage
        values["role_set"] = list(answer.role_set)
    if answer.contrast is not None:
        values["contrast"] = _contrast(answer.contrast)
    if answer.counterfactual is not None:
        found = answer.counterfactual
        values["statements"] = [_statement(each) for each in prediction.statements]
        values["counterfactual"] = {
            "removal": [_statement(each) for each in found.removal],
            "becomes": found.becomes,
            "sufficient": None if found.sufficient is None else [_statement(each) for each in found.sufficient],
        }
    return values


def as_json(answer: Answer) -> str:
    """Return an answer as one line of JSON."""
    return json.dumps(as_dict(answer), ensure_ascii=False)


def _contrast(contrast: Explanation) -> dict[str, Any]:
    return {
        "role": contrast.role,
        "against": contrast.against,
        "score": contrast.score,
        "bias": contrast.bias,
        "evidence": _evidence(contrast.evidence),
        "sections": dict(contrast.sections),
        "duties": dict(contrast.duties),
    }


def _evidence(evidence: Sequence[Evidence]) -> list[dict[str, Any]]:
    return [
        {
            "phrase": each.phrase,
            "contribution": each.contribution,
            "duty": each.duty,
            **_span(each.spans[0]),
            "spans": [_span(span) for span in each.spans],
        }
        for each in evidence
    ]


def _duties(duties: Sequence[DutyCoverage]) -> list[dict[str, Any]]:
    return [
        {
            "duty": duty.duty,
            "title": duty.title,
            "covered": duty.covered,
            "quotes": list(duty.quotes),
            "spans": [_span(span) for span in duty.spans],
        }
        for duty in duties
    ]


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "lean": statement.lean,
        "strength": statement.strength,
        **_span(statement.span),
    }


def _span(span: Span) -> dict[str, Any]:
    return {"section": span.section, "start": span.start, "end": span.end}
