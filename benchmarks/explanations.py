"""Measure how faithful explanations are by deleting what they name, beside LIME and eli5 on the same model.

Run with `PYTHONPATH=tools python benchmarks/explanations.py [LABELLED]`: postings of a labelled file, or our examples.
For every posting the words of the five strongest items for its role are blanked out wherever they stand, and it is
scored again. Our items are phrases, those of LIME and eli5 single words, so they also get as many words as our five
phrases hold. Five random phrases are the yardstick.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from deletion import ITEMS, Subject, at_random, ours, words_of
from eli5.lime import TextExplainer
from lime.lime_text import LimeTextExplainer

from rolelens import Posting, RoleClassifier, read_posting
from rolelens.training.labelled import read_labelled

EXAMPLES = Path(__file__).parents[1] / "data" / "examples"
POSTINGS = 40  # enough for a stable mean; LIME and eli5 score a thousand texts for each of them
SAMPLES = 1000
RANDOM_DRAWS = 10
_WORD = r"[A-Za-z][A-Za-z0-9]*(?:\+\+|#)?|[0-9]+[A-Za-z][A-Za-z0-9]*|[가-힣]+"


def against_the_next(subject: Subject) -> list[str]:
    """Return the phrases that speak for the role rather than for the runner-up, the strongest first."""
    prediction = subject.predict()
    return [
        each.phrase for each in prediction.explain(against=prediction.second_role).evidence if each.contribution > 0
    ]


def by_lime(subject: Subject) -> list[str]:
    """Return the words that LIME finds to speak for the role, the strongest first."""
    explainer = LimeTextExplainer(split_expression=lambda text: re.findall(_WORD, text), random_state=0)
    explanation = explainer.explain_instance(
        subject.text, subject.probabilities, labels=[subject.role], num_features=40, num_samples=SAMPLES
    )
    return words_of(word for word, weight in explanation.as_list(subject.role) if weight > 0)


def by_eli5(subject: Subject) -> list[str]:
    """Return the words that eli5's TextExplainer finds to speak for the role, the strongest first."""
    explainer = TextExplainer(n_samples=SAMPLES, random_state=0, token_pattern=_WORD)
    explainer.fit(subject.text, subject.probabilities)
    weights = explainer.explain_prediction(top=(200, 0)).targets
    mine = next(target for target in weights if target.target == subject.role)
    return words_of(each.feature for each in mine.feature_weights.pos if each.feature != "<BIAS>")


@dataclass
class Result:
    """What deleting an explainer's items does, on average over postings, and the median seconds it takes to explain."""

    items: float
    words: float
    seconds: float


def measured(subjects: Sequence[Subject], explain: Callable[[Subject], list[str]]) -> Result:
    """Return how far the role's probability falls without the strongest items, and without as many words as ours."""
    items, words, times = [], [], []
    for subject in subjects:
        start = time.perf_counter()
        found = explain(subject)
        times.append(time.perf_counter() - start)
        items.append(subject.drop(words_of(found[:ITEMS])))
        words.append(subject.drop(words_of(found)[: len(words_of(ours(subject)[:ITEMS]))]))
    return Result(statistics.mean(items), statistics.mean(words), statistics.median(times))


def read(path: str | None, classifier: RoleClassifier) -> list[Posting]:
    """Return the postings to explain."""
    if path is None:
        return [read_posting(file) for file in sorted(EXAMPLES.glob("*.txt"))]
    postings = [each.posting for each in read_labelled(Path(path), classifier.roles)]
    return random.Random(0).sample(postings, POSTINGS)


def main() -> None:
    """Run the comparison and print it."""
    warnings.simplefilter("ignore")
    classifier = RoleClassifier.load()
    postings = read(sys.argv[1] if len(sys.argv) > 1 else None, classifier)
    subjects = [Subject(classifier, posting) for posting in postings]
    generator = random.Random(0)
    chance = statistics.mean(
        subject.drop(at_random(subject, generator)) for subject in subjects for _ in range(RANDOM_DRAWS)
    )

    print(f"{len(subjects)} postings; without {ITEMS} random phrases the role's probability falls by {chance:.4f}")
    print(
        f"{'':20} {'5 items':>9} {'of random':>10} {'as many words':>14} {'of random':>10} {'s each':>8} {'of ours':>8}"
    )
    ours_took = 0.0
    explainers = {
        "rolelens": ours,
        "rolelens, --why-not": against_the_next,
        f"LIME, {SAMPLES}": by_lime,
        f"eli5, {SAMPLES}": by_eli5,
    }
    for name, explain in explainers.items():
        result = measured(subjects, explain)
        ours_took = ours_took or result.seconds
        falls = (
            f"{result.items:>9.3f} {result.items / chance:>9.1f}x {result.words:>14.3f} {result.words / chance:>9.1f}x"
        )
        print(f"{name:20} {falls} {result.seconds:>8.4f} {result.seconds / ours_took:>7.0f}x", flush=True)


if __name__ == "__main__":
    main()
