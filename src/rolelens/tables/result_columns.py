"""The columns that scoring adds to a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rolelens.model.decision import RowResult
from rolelens.model.model_file import Model

PREFIX = "rolelens_"  # for a name that the table has already
FLAGS = ("needs_review", "conflict")
NUMBERS = re.compile(r"confidence$|p_")
_UNITS = 10**6  # probabilities are rounded to millionths
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def outcome_columns(model: Model) -> list[str]:
    """Return the names of the columns, in order."""
    before = "role confidence second_role needs_review title_role duty_role conflict".split()
    return [*before, *(f"p_{role}" for role in model.roles), "evidence", "error", "model"]


def renamed(columns: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return names of columns, with a prefix where the table has them already."""
    found = []
    for column in columns:
        while column in taken:
            column = PREFIX + column
        found.append(column)
    return found


def outcome_values(scored: RowResult, model: Model, error: str = "") -> list[Any]:
    """Return the cells of one row; `error` is what was wrong with the row besides."""
    verdict = scored.verdict
    message = "; ".join(filter(None, (error, scored.error)))
    if verdict is None:
        return [*[None] * (7 + len(model.roles)), None, harmless(message), model.id]
    title = verdict.title_reading
    probabilities = [int(each * _UNITS + 0.5) / _UNITS for each in verdict.probabilities]
    return [
        verdict.role,
        max(probabilities),
        verdict.second_role,
        verdict.review_reason is not None,
        title.role if title else None,
        verdict.duty_reading.role,
        verdict.conflict,
        *probabilities,
        harmless("; ".join(scored.evidence)),
        harmless(message) or None,
        model.id,
    ]


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> harmless("=HYPERLINK(1)"), harmless("gpu clusters")
    ("'=HYPERLINK(1)", 'gpu clusters')
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
