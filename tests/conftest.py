"""What the tests share: the shipped classifier, the example postings, the labelled postings where they are."""

from pathlib import Path

import pytest

from rolelens import RoleClassifier
from support import EXAMPLES, EXPECTED, POSTINGS


@pytest.fixture(scope="session")
def classifier() -> RoleClassifier:
    return RoleClassifier.load()


@pytest.fixture(params=sorted(EXPECTED))
def example(request: pytest.FixtureRequest) -> Path:
    return EXAMPLES / f"{request.param}.txt"


@pytest.fixture(scope="session")
def dev_postings() -> Path:
    path = POSTINGS / "dev.jsonl.gz"
    if not path.exists():
        pytest.skip("the labelled postings may not be distributed and are not beside this checkout")
    return path
