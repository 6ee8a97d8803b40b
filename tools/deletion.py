"""What becomes of a prediction when the words that its explanation names are deleted."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from rolelens import Posting, Prediction, RoleClassifier
from rolelens.reading import words

ITEMS = 5  # phrases deleted


def without_words(text: str, deleted: Iterable[str]) -> str:
    """Return a text with every occurrence of some words blanked out."""
    gone = set(deleted)
    for start, end, _ in words.words_of(text):
        if text[start:end].lower() in gone:
            text = text[:start] + " " * (end - start) + text[end:]
    return text


class Subject:
    """One posting as flat text, the probability of its role, and how far that falls when words are deleted."""

    def __init__(self, classifier: RoleClassifier, posting: Posting) -> None:
        self.text = f"{posting.title}\n{posting.text}" if posting.title else posting.text
        self._classifier = classifier
        self.prediction = self.predict()
        self.role = classifier.roles.index(self.prediction.role)

    def predict(self) -> Prediction:
        """Return the prediction with its explanation."""
        return self._classifier.predict(self.text, language="en")

    def probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Return the probabilities of texts, of shape (texts, roles)."""
        return np.array(self._classifier.probabilities([Posting(text) for text in texts]))

    def drop(self, deleted: Iterable[str]) -> float:
        """Return how much less probable the role is with words deleted."""
        return self.prediction.confidence - float(self.probabilities([without_words(self.text, deleted)])[0, self.role])


def words_of(phrases: Iterable[str]) -> list[str]:
    """Return the different words of phrases."""
    return list(
        dict.fromkeys(phrase[start:end].lower() for phrase in phrases for start, end, _ in words.words_of(phrase))
    )


def ours(subject: Subject) -> list[str]:
    """Return the phrases that the prediction's own explanation finds to speak for the role, the strongest first."""
    prediction = subject.predict()  # the explanation comes with it, so both are timed
    return [each.phrase for each in prediction.explain().evidence if each.contribution > 0]


def at_random(subject: Subject, generator: random.Random) -> list[str]:
    """Return the words of random phrases that bear on the role."""
    everything = sorted(each.phrase for each in subject.prediction.explain().evidence)
    return words_of(generator.sample(everything, min(ITEMS, len(everything))))
