"""How good a model is, as one page to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rolelens.classifier import RoleClassifier
from rolelens.rendering.answer import percent
from rolelens.support.templates import page_environment
from rolelens.training.evaluation import Judged, by_role, confusion, intervals, metrics, reliability, risk_coverage
from rolelens.training.labelled import LabelledPosting

ERRORS_SHOWN = 30
WORDS_SHOWN = 5
LEAST_OF_A_GROUP = 10  # postings; figures of fewer say nothing


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong answer, and the words that spoke for it rather than for the label."""

    row: int
    title: str
    label: str
    answer: str
    confidence: float
    acceptable: bool
    words: tuple[str, ...]


def as_html(classifier: RoleClassifier, judged: Judged, labelled: Sequence[LabelledPosting], source: str) -> str:
    """Return the page: figures with intervals, by language and source, confusion, calibration, confident errors."""
    environment = page_environment(Path(__file__).parent)
    environment.filters["percent"] = percent
    return environment.get_template("page.html.jinja").render(
        source=source,
        model=classifier.model.id,
        names={role: classifier.model.names[role]["en"] for role in judged.roles},
        groups=[(name, part, metrics(part), intervals(part)) for name, part in _groups(judged, labelled)],
        roles=by_role(judged),
        confusion=confusion(judged).tolist(),
        reliability=reliability(judged),
        risk_coverage=risk_coverage(judged),
        mistakes=_mistakes(classifier, judged, labelled),
    )


def _groups(judged: Judged, labelled: Sequence[LabelledPosting]) -> list[tuple[str, Judged]]:
    """Return all postings, those of each language, and those of each source that has enough."""
    sources = np.array([each.posting.source for each in labelled])
    groups = [("all", judged), ("English", judged.where(~judged.korean)), ("Korean", judged.where(judged.korean))]
    if len(set(sources)) > 1:
        groups += [(str(each), judged.where(sources == each)) for each in np.unique(sources) if each]
    return [(name, part) for name, part in groups if len(part) >= LEAST_OF_A_GROUP or name == "all"]


def _mistakes(classifier: RoleClassifier, judged: Judged, labelled: Sequence[LabelledPosting]) -> list[Mistake]:
    wrong = np.flatnonzero(judged.predicted != judged.label)
    confidence = judged.probabilities.max(axis=1)
    found = []
    for row in wrong[np.argsort(-confidence[wrong], kind="stable")][:ERRORS_SHOWN].tolist():
        answer, label = judged.roles[judged.predicted[row]], judged.roles[judged.label[row]]
        prediction = classifier.predict(labelled[row].posting, language=_readable(labelled[row]))
        why = prediction.explain(answer, against=label)
        found.append(
            Mistake(
                row=row + 1,
                title=labelled[row].headline[:80],
                label=label,
                answer=answer,
                confidence=float(confidence[row]),
                acceptable=bool(judged.second[row] == judged.predicted[row]),
                words=tuple(each.phrase for each in why.evidence if each.contribution > 0)[:WORDS_SHOWN],
            )
        )
    return found


def _readable(posting: LabelledPosting) -> str:
    return posting.language if posting.language in ("en", "ko") else "en"
