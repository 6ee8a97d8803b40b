"""The role behind a job posting's title: which documented AI role the work really is, and why."""

from importlib import import_module
from types import ModuleType

from rolelens.classifier import RoleClassifier
from rolelens.errors import (
    LabelledDataError,
    ModelError,
    OutputError,
    PostingError,
    RoleDefinitionError,
    RolelensError,
    TableError,
)
from rolelens.explaining.contrast import Explanation
from rolelens.files.reader import read_posting, read_postings
from rolelens.model.decision import Decision, Reading, RowResult
from rolelens.posting import DutyCoverage, Evidence, Posting, Span, Statement
from rolelens.prediction import Prediction

__all__ = [
    "Decision",
    "DutyCoverage",
    "Evidence",
    "Explanation",
    "LabelledDataError",
    "ModelError",
    "OutputError",
    "Posting",
    "PostingError",
    "Prediction",
    "Reading",
    "RoleClassifier",
    "RoleDefinitionError",
    "RolelensError",
    "RowResult",
    "Span",
    "Statement",
    "TableError",
    "read_posting",
    "read_postings",
]
Verdict, Scored = Decision, RowResult  # as they were called first
_ROOMS = {"spark": "rolelens.tables.spark", "estimators": "rolelens.training.estimators"}


def __getattr__(name: str) -> ModuleType:
    """Import what needs heavy packages when it is asked for: `rolelens.spark`, `rolelens.estimators`."""
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(_ROOMS[name])


__version__ = "0.1.0"
