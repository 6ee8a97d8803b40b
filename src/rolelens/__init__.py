"""The role behind a job posting's title: which documented AI role the work really is, and why."""

from rolelens.classifier import RoleClassifier
from rolelens.errors import LabelledDataError, ModelError, PostingError, RoleDefinitionError, RolelensError
from rolelens.reader import read_posting
from rolelens.records import DutyCoverage, Evidence, Posting, Prediction, Reading, Span

__all__ = [
    "DutyCoverage",
    "Evidence",
    "LabelledDataError",
    "ModelError",
    "Posting",
    "PostingError",
    "Prediction",
    "Reading",
    "RoleClassifier",
    "RoleDefinitionError",
    "RolelensError",
    "Span",
    "read_posting",
]
__version__ = "0.1.0"
