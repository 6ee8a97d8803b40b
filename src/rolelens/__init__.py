"""The role behind a job posting's title: which documented AI role the work really is, and why."""

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
from rolelens.explanation import Explanation
from rolelens.prediction import Prediction
from rolelens.reader import read_posting, read_postings
from rolelens.records import DutyCoverage, Evidence, Posting, Reading, Span, Statement
from rolelens.verdict import Scored, Verdict

__all__ = [
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
    "Scored",
    "Span",
    "Statement",
    "TableError",
    "Verdict",
    "read_posting",
    "read_postings",
]
__version__ = "0.1.0"
