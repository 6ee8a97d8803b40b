"""Reading takes time in proportion to the text, whatever the text."""

import time

import pytest

from hostile import FAMILIES, PROSE
from rolelens import Posting, RoleClassifier
from rolelens.reading.announcements import roles_announced

CLASSIFIER = RoleClassifier.load()
SMALL, LARGE = 256_000, 1_024_000
MOST_GROWTH = 6  # for four times the text
MOST_OF_PROSE = 20  # times as long as prose of as many characters


def seconds(text: str) -> float:
    """Return the least time that reading a text took in a few tries, by the processor's clock."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        CLASSIFIER.probabilities([Posting(text)])
        roles_announced(text)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("family", FAMILIES)
def test_time_grows_with_the_text_and_no_faster(family):
    small, large = (seconds(FAMILIES[family](size)) for size in (SMALL, LARGE))
    of_prose = seconds(PROSE * (LARGE // len(PROSE)))  # measured beside it, as machines have moods
    assert large <= MOST_GROWTH * max(small, 0.01)  # less is noise
    assert large <= MOST_OF_PROSE * of_prose
