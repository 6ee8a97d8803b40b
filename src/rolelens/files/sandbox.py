"""Documents are read in a process of their own: a hostile one costs that process its time and memory, and no more."""

from __future__ import annotations

import json
import subprocess
import sys

from rolelens.errors import PostingError
from rolelens.posting import Posting

MAX_SECONDS = 20  # a posting takes one
MAX_MEMORY = 2_000_000_000  # bytes


def read_apart(kind: str, data: bytes, seconds: float = MAX_SECONDS) -> list[Posting]:
    """Return the postings that a reader of `rolelens.files.documents` finds in a file's bytes.

    Raises:
        PostingError: the reader refuses them, breaks down, or takes too long.
    """
    # -P keeps a pypdf.py in the current folder from being run as the library of that name.
    command = [sys.executable, "-P", "-m", "rolelens.files.documents", kind, str(MAX_MEMORY)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise PostingError(f"reading it takes more than {seconds:g} seconds; save it anew, or as plain text") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise PostingError("reading it takes too much memory, or its reader crashed; save it as plain text") from error
    if "refused" in answer:
        raise PostingError(answer["refused"])
    return [Posting(text, title) for text, title in answer["postings"]]
