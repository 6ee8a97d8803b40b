"""The errors rolelens raises.

RolelensError
├── PostingError          a posting cannot be read or is not one we can classify
├── RoleDefinitionError   a role file breaks its schema
├── ModelError            a model folder is missing, damaged or of a newer format
├── LabelledDataError     a table of labelled postings cannot be used
├── TableError            a table of postings cannot be read
└── OutputError           a result cannot be written
"""


class RolelensError(Exception):
    """What went wrong, where, and what to do about it."""


class PostingError(RolelensError):
    """A posting cannot be read, or holds no text in a supported language."""


class RoleDefinitionError(RolelensError):
    """A role definition file breaks its schema."""


class ModelError(RolelensError):
    """A model cannot be loaded."""


class LabelledDataError(RolelensError):
    """Labelled postings cannot be used for training or evaluation."""


class TableError(RolelensError):
    """A table of postings cannot be read."""


class OutputError(RolelensError):
    """A result cannot be written."""
