"""How good a model is: the figures of the model card and the floors that guard them."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sklearn.metrics import confusion_matrix, f1_score
from sklearn.model_selection import StratifiedKFold

from rolelens.classifier import RoleClassifier
from rolelens.errors import LabelledDataError
from rolelens.model.settings import Settings
from rolelens.support.terminal_width import cut
from rolelens.training.corpus import Corpus
from rolelens.training.labelled import LabelledPosting

if TYPE_CHECKING:
    from rolelens.training.fit import Fitted

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

CALIBRATION_BINS = 10
BOOTSTRAP_SAMPLES = 1000
COVERAGES = (0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1.0)
FLOORS_FILE = "floors.json"


@dataclass(frozen=True, slots=True)
class Judged:
    """Probabilities of n postings, of shape (n, roles), and what readers said of them."""

    roles: tuple[str, ...]
    probabilities: Floats
    label: Integers
    second: Integers
    korean: npt.NDArray[np.bool_]
    clear: npt.NDArray[np.bool_]

    @property
    def predicted(self) -> Integers:
        """The most probable role of every posting."""
        return np.asarray(self.probabilities.argmax(axis=1))

    def __len__(self) -> int:
        """Return the number of postings."""
        return len(self.label)

    def where(self, mask: npt.NDArray[np.bool_] | Integers) -> Judged:
        """Return some of the postings."""
        return Judged(
            self.roles,
            self.probabilities[mask],
            self.label[mask],
            self.second[mask],
            self.korean[mask],
            self.clear[mask],
        )


def judge(classifier: RoleClassifier, labelled: Sequence[LabelledPosting]) -> Judged:
    """Return a classifier's probabilities for labelled postings, through the path that predicts one posting."""
    roles = classifier.roles
    for each in labelled:
        for role in filter(None, (each.role, each.second)):
            if role not in roles:
                raise LabelledDataError(f"the model knows no role {role!r}; it knows {', '.join(roles)}")
    return Judged(
        roles,
        np.array(classifier.probabilities([each.posting for each in labelled])),
        np.array([roles.index(each.role) for each in labelled]),
        np.array([roles.index(each.second) if each.second else -1 for each in labelled]),
        np.array([each.language == "ko" for each in labelled]),
        np.array([each.clear for each in labelled]),
    )


def cross_validate(
    corpus: Corpus,
    titles: Corpus,
    settings: Settings,
    *,
    folds: int = 5,
    seed: int = 0,
    workers: int = 1,
    fitting: Callable[[Corpus], Fitted] | None = None,
) -> Judged:
    """Return probabilities for the judged postings of a corpus, each from a model that never saw it.

    All postings of the other folds train, and all unlabelled ones; phrases, mixture and temperature are chosen anew
    within them. `fitting` is how a model is made of a corpus, if not by `training.fit`.
    """
    from joblib import Parallel, delayed

    corpus, unlabelled = corpus.labelled, corpus.unlabelled
    splits = _folds(corpus, folds, seed)
    # One task a worker: joblib replaces workers that have grown, and may wait for ever if tasks are queued meanwhile.
    shares = np.array_split(np.arange(folds), min(workers, folds))
    parts = Parallel(workers)(
        delayed(_held_out_probabilities)(
            corpus, unlabelled, [splits[fold] for fold in share], titles, settings, fitting
        )
        for share in shares
    )
    held_out = [test for _, test in splits]
    order = np.concatenate(held_out)
    rows = corpus.rows(order)
    return Judged(corpus.roles, np.vstack(parts), rows.label, rows.second, rows.korean, rows.clear)


def cross_validated_order(corpus: Corpus, *, folds: int = 5, seed: int = 0) -> Integers:
    """Return the rows of the labelled postings in the order that `cross_validate` gives them."""
    return np.concatenate([held_out for _, held_out in _folds(corpus.labelled, folds, seed)])


def _folds(corpus: Corpus, folds: int, seed: int) -> list[tuple[Integers, Integers]]:
    splitter = StratifiedKFold(folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():  # of a role with few postings some parts have none
        warnings.filterwarnings("ignore", message="The least populated class")
        parts = list(splitter.split(np.zeros(len(corpus)), corpus.label * 2 + corpus.judged))
    return [(train, test[corpus.judged[test]]) for train, test in parts]


def _held_out_probabilities(
    corpus: Corpus,
    unlabelled: Corpus,
    splits: Sequence[tuple[Integers, Integers]],
    titles: Corpus,
    settings: Settings,
    fitting: Callable[[Corpus], Fitted] | None,
) -> Floats:
    from rolelens.training.fit import decision_function, fit, probabilities

    found = []
    for train, test in splits:
        known = corpus.rows(train).joined(unlabelled)
        fitted = fitting(known) if fitting else fit(known, titles, settings)
        found.append(probabilities(decision_function(fitted, corpus.rows(test), settings), fitted.temperature))
    return np.vstack(found)


def metrics(judged: Judged) -> dict[str, float]:
    """Return accuracy, macro-F1, share of acceptable answers, accuracy on clear postings and calibration error.

    "Acceptable" counts an answer equal to the label or the second role. Macro-F1 averages over the roles present.
    """
    right = judged.predicted == judged.label
    acceptable = right | (judged.predicted == judged.second)
    present = np.unique(judged.label)
    figures = {
        "postings": float(len(judged)),
        "accuracy": float(right.mean()),
        "macro_f1": float(f1_score(judged.label, judged.predicted, labels=present, average="macro", zero_division=0)),
        "acceptable": float(acceptable.mean()),
        "calibration_error": calibration_error(judged),
    }
    if judged.clear.any():
        figures["clear_accuracy"] = float(right[judged.clear].mean())
    return figures


def calibration_error(judged: Judged) -> float:
    """Return the expected calibration error over bins of equal width (Naeini et al. 2015)."""
    confidence = judged.probabilities.max(axis=1)
    right = judged.predicted == judged.label
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [abs(confidence[bins == b].mean() - right[bins == b].mean()) * np.mean(bins == b) for b in np.unique(bins)]
    return float(sum(gaps))


def intervals(judged: Judged, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Return the 95 % bootstrap interval (percentiles) of every figure of `metrics`."""
    generator = np.random.default_rng(seed)
    draws = [metrics(judged.where(generator.integers(0, len(judged), len(judged)))) for _ in range(BOOTSTRAP_SAMPLES)]
    return {
        name: (float(low), float(high))
        for name in metrics(judged)
        for low, high in [np.percentile([draw[name] for draw in draws if name in draw], (2.5, 97.5))]
    }


def by_language(judged: Judged) -> dict[str, dict[str, float]]:
    """Return the figures of all postings and of each language."""
    parts = {"all": judged, "en": judged.where(~judged.korean), "ko": judged.where(judged.korean)}
    return {name: metrics(part) for name, part in parts.items() if len(part)}


def by_role(judged: Judged) -> dict[str, dict[str, float]]:
    """Return precision, recall, F1 and the number of postings of each role."""
    table = confusion(judged)
    figures = {}
    for place, role in enumerate(judged.roles):
        hits, said, meant = table[place, place], table[:, place].sum(), table[place].sum()
        precision, recall = (hits / total if total else 0.0 for total in (said, meant))
        f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
        figures[role] = {"precision": precision, "recall": recall, "f1": f1, "postings": float(meant)}
    return figures


def confusion(judged: Judged) -> Integers:
    """Return how often each label (row) was given each role (column)."""
    return np.asarray(confusion_matrix(judged.label, judged.predicted, labels=range(len(judged.roles))))


def reliability(judged: Judged) -> list[dict[str, float]]:
    """Return the mean confidence and accuracy of each bin of confidence that holds postings."""
    confidence, right = judged.probabilities.max(axis=1), judged.predicted == judged.label
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    return [
        {
            "postings": float((bins == place).sum()),
            "confidence": float(confidence[bins == place].mean()),
            "accuracy": float(right[bins == place].mean()),
        }
        for place in np.unique(bins)
    ]


def risk_coverage(judged: Judged) -> list[dict[str, float]]:
    """Return accuracy and acceptable share of the most confident part of the postings."""
    order = np.argsort(-judged.probabilities.max(axis=1), kind="stable")
    right = judged.predicted == judged.label
    acceptable = right | (judged.predicted == judged.second)
    kept = [order[: max(1, round(share * len(order)))] for share in COVERAGES]
    return [
        {"coverage": share, "accuracy": float(right[part].mean()), "acceptable": float(acceptable[part].mean())}
        for share, part in zip(COVERAGES, kept, strict=True)
    ]


def failed_floors(judged: Judged, floors: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return a line for every figure below its floor; of `calibration_error` the floor is a ceiling."""
    found = by_language(judged)
    failures = []
    for group, limits in floors.items():
        for name, limit in limits.items():
            value = found.get(group, {}).get(name)
            if value is None or (value > limit if name == "calibration_error" else value < limit):
                shown = "missing" if value is None else f"{value:.3f}"
                failures.append(f"{group} {name}: {shown}, the floor is {limit}")
    return failures


def read_floors(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """Return the floors kept in a model folder, by yardstick, group of postings and figure.

    Raises:
        LabelledDataError: the folder keeps none.
    """
    path = folder / FLOORS_FILE
    try:
        floors = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LabelledDataError(f"{path}: no floors to check against ({error}); write one or drop --check") from error
    return dict(floors)


def compared_lines(
    one: Judged, other: Judged, names: tuple[str, str], labelled: Sequence[LabelledPosting]
) -> Iterable[str]:
    """Yield two models' figures side by side, with how sure the difference is, and every posting whose role changes.

    The two judged the same postings; McNemar's exact test says how likely so uneven a count of the postings that only
    one of them gets right is, were the models equally good.
    """
    from scipy.stats import binomtest

    found = by_language(one), by_language(other)
    width = max(12, *(len(name) + 2 for name in names))
    for language, figures in found[0].items():
        yield f"{language:24}{names[0]:>{width}}{names[1]:>{width}}{'difference':>12}"
        for name, value in figures.items():
            after = found[1][language][name]
            shown = ".0f" if name == "postings" else ".3f"
            yield f"  {name.replace('_', ' '):22}{value:>{width}{shown}}{after:>{width}{shown}}{after - value:>+12.3f}"
        yield ""
    right = one.predicted == one.label, other.predicted == other.label
    only_one, only_other = int((right[0] & ~right[1]).sum()), int((right[1] & ~right[0]).sum())
    chance = binomtest(only_one, only_one + only_other).pvalue if only_one + only_other else 1.0
    yield f"right with {names[0]} alone: {only_one}, with {names[1]} alone: {only_other} (McNemar p = {chance:.3f})"
    changed = np.flatnonzero(one.predicted != other.predicted).tolist()
    yield from ("", f"{len(changed)} postings change their role")
    for row in changed:
        before, after = (judged.roles[judged.predicted[row]] for judged in (one, other))
        mark = "better" if right[1][row] and not right[0][row] else "worse" if right[0][row] else "as wrong"
        label, title = one.roles[one.label[row]], cut(labelled[row].headline, 40)
        yield f"  {row + 1:>6}  {mark:9}{before} -> {after}  (label {label})  {title}"


def table_lines(judged: Judged) -> Iterable[str]:
    """Yield the table that `rolelens evaluate` prints."""
    columns = ("postings", "accuracy", "macro_f1", "acceptable", "clear_accuracy", "calibration_error")
    yield f"{'':18}" + "".join(f"{name.replace('_', ' '):>18}" for name in columns)
    for language, figures in by_language(judged).items():
        cells = (("-" if name not in figures else f"{figures[name]:.3f}") for name in columns[1:])
        yield f"{language:18}{figures['postings']:>18.0f}" + "".join(f"{cell:>18}" for cell in cells)
    yield ""
    yield f"{'role':18}" + "".join(f"{name:>12}" for name in ("postings", "precision", "recall", "f1"))
    for role, figures in by_role(judged).items():
        numbers = "".join(f"{figures[name]:>12.3f}" for name in ("precision", "recall", "f1"))
        yield f"{role:18}{figures['postings']:>12.0f}{numbers}"
