"""Measure the shipped model and write models/default/metrics.json, from which the model card is made.

Run with `python tools/measure.py FOLDER`, the folder holding dev.jsonl.gz; the postings may not be distributed, so
the folder is not part of the project. Cross-validation needs only the training matrix. Names after the folder, such as
`flips`, measure those anew and leave the other figures as they are.
"""

from __future__ import annotations

import dataclasses
import json
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from deletion import ITEMS, Subject, at_random, ours, words_of
from section_lines import line_accuracy

from rolelens import Posting, RoleClassifier
from rolelens.model.decision import role_set
from rolelens.model.model_file import model_of
from rolelens.model.settings import Settings, View
from rolelens.roles.definitions import read_roles
from rolelens.support.packaged import data_path
from rolelens.training.adapt import fit_from
from rolelens.training.corpus import bare_titles, build_corpus, corpus_of, labelled_corpus_of
from rolelens.training.evaluation import (
    Judged,
    by_language,
    by_role,
    confusion,
    cross_validate,
    intervals,
    judge,
    reliability,
    risk_coverage,
)
from rolelens.training.fit import decision_function, export, fit, probabilities
from rolelens.training.labelled import LabelledPosting, read_labelled
from rolelens.training.pipeline import read_headings, read_training

ROOT = Path(__file__).parents[1]
WORKERS = 2
RANDOM_DRAWS = 3  # of random evidence for each posting
FEW, FEW_DRAWS = (5, 10, 20, 40), 5  # labels a role, and how often they are drawn
SOURCE_PARTS = 5  # that sources are left out by
SOURCES_LEFT_OUT = 2  # one alone has too few postings of some roles
SET_COVERAGES = (0.8, 0.9, 0.95, 0.99)
# Written for this measurement, put before and after a posting; none of it describes the work.
BLURBS = {
    "AI company, en": "About us\nWe are a leading AI company whose large language models and agents serve the world.",
    "AI company, ko": "회사소개\n우리는 생성형 AI와 딥러닝 기술을 선도하는 인공지능 전문 기업입니다.",
    "benefits": "Benefits\nHealth insurance, parental leave, free lunch, a pension plan and unlimited paid time off.",
    "equal opportunity": "Equal opportunity\nAll applicants are considered without regard to race, age, sex or belief.",
    "privacy, ko": "개인정보 처리방침\n제출하신 서류는 채용 목적으로만 쓰이고 채용이 끝나면 파기합니다.",
}


def figures(judged: Judged) -> dict[str, Any]:
    """Return everything the card shows of one yardstick."""
    languages = {"all": judged, "en": judged.where(~judged.korean), "ko": judged.where(judged.korean)}
    return {
        "by_language": by_language(judged),
        "intervals": {name: intervals(part) for name, part in languages.items()},
        "by_role": {name: by_role(part) for name, part in languages.items()},
        "confusion": confusion(judged).tolist(),
        "reliability": {name: reliability(part) for name, part in languages.items()},
        "risk_coverage": {name: risk_coverage(part) for name, part in languages.items()},
    }


def conformal(classifier: RoleClassifier, judged: Judged) -> dict[str, list[dict[str, float]]]:
    """Return how often the set of roles holds the label, and how large it is, for each coverage asked for."""
    calibration = classifier.model.calibration
    languages = {"all": judged, "en": judged.where(~judged.korean), "ko": judged.where(judged.korean)}
    found: dict[str, list[dict[str, float]]] = {}
    for name, part in languages.items():
        certainties = [dict(zip(part.roles, row.tolist(), strict=True)) for row in part.probabilities]
        for coverage in SET_COVERAGES:
            sets = [role_set(certainty, calibration, coverage) for certainty in certainties]
            held = [part.roles[label] in chosen for label, chosen in zip(part.label, sets, strict=True)]
            row = {"asked": coverage, "covered": float(np.mean(held)), "roles": float(np.mean([*map(len, sets)]))}
            found.setdefault(name, []).append(row)
    return found


def draw_reliability(yardstick: dict[str, Any], path: Path) -> None:
    """Draw accuracy against mean confidence, one line for each language, points as large as their bins."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    mpl.rcParams.update({"svg.hashsalt": "rolelens", "svg.fonttype": "none"})
    figure = Figure(figsize=(5, 4.4), layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0.2, 1], [0.2, 1], color="#888", linestyle=":", label="as confident as right")
    for code, name, colour, marker in (("en", "English", "#0a62a9", "o"), ("ko", "Korean", "#9c4a00", "s")):
        rows = yardstick["reliability"][code]
        x, y = [row["confidence"] for row in rows], [row["accuracy"] for row in rows]
        axes.plot(x, y, color=colour, linewidth=1)
        axes.scatter(x, y, [4 + row["postings"] / 2 for row in rows], color=colour, marker=marker, label=name)
    axes.set(xlabel="mean confidence", ylabel="accuracy", xlim=(0.2, 1.02), ylim=(0.2, 1.02))
    axes.legend(frameon=False, loc="upper left")
    figure.savefig(path, metadata={"Date": None})


def review(classifier: RoleClassifier, labelled: list[LabelledPosting]) -> dict[str, float]:
    """Return the share of postings flagged for review and how often the others are acceptable."""
    answers = [classifier.predict(each.posting, language=each.language) for each in labelled]
    kept = [
        answer.role in (each.role, each.second)
        for answer, each in zip(answers, labelled, strict=True)
        if not answer.needs_review
    ]
    return {"flagged": 1 - len(kept) / len(labelled), "acceptable_unflagged": float(np.mean(kept))}


def flips(classifier: RoleClassifier, labelled: list[LabelledPosting]) -> dict[str, float]:
    """Return the share of postings whose role changes under a swapped title and under added boilerplate."""

    def role(posting: Posting) -> int:
        return int(np.argmax(classifier.decision_function(posting)))

    names = classifier.model.names
    swapped, added = [], []
    for each in labelled:
        posting, before = each.posting, role(each.posting)
        titles = [names[name][each.language] for name in classifier.roles if name != "other"]
        swapped += [role(dataclasses.replace(posting, title=title)) != before for title in titles]
        texts = [
            text for blurb in BLURBS.values() for text in (f"{blurb}\n\n{posting.text}", f"{posting.text}\n\n{blurb}\n")
        ]
        added += [role(dataclasses.replace(posting, text=text)) != before for text in texts]
    return {"title_swap": float(np.mean(swapped)), "boilerplate": float(np.mean(added))}


def faithfulness(classifier: RoleClassifier, labelled: list[LabelledPosting]) -> dict[str, float]:
    """Return how far the role's probability falls without the words of its strongest evidence, and of any."""
    subjects = [Subject(classifier, each.posting) for each in labelled]
    generator = random.Random(0)
    evidence = np.mean([each.drop(words_of(ours(each)[:ITEMS])) for each in subjects])
    chance = np.mean([each.drop(at_random(each, generator)) for each in subjects for _ in range(RANDOM_DRAWS)])
    return {"evidence": float(evidence), "random": float(chance), "ratio": float(evidence / chance)}


def ablations() -> dict[str, Settings]:
    """Return the settings without one part of the model each."""
    whole = Settings()

    def without(view: View, sections: tuple[str, ...]) -> View:
        kept = {name: weight for name, weight in view.sections.items() if name not in sections}
        return dataclasses.replace(view, sections=kept)

    def flat(view: View) -> View:
        return dataclasses.replace(
            view, sections=dict.fromkeys((*view.sections, "company", "benefits", "process"), 1.0)
        )

    untitled = tuple(without(view, ("title",)) for view in whole.views if view.name != "title")
    body_only = {name: weight for name, weight in whole.keyword_sections.items() if name != "title"}
    unsectioned = tuple(view if view.name == "title" else flat(view) for view in whole.views if not view.by_section)
    return {
        "without unlabelled postings": dataclasses.replace(whole, pseudo_weight=0.0),
        "without keyword features": dataclasses.replace(whole, keyword_scale=0.0),
        "without the title": dataclasses.replace(whole, views=untitled, keyword_sections=body_only),
        "without sections": dataclasses.replace(
            whole, views=unsectioned, keyword_sections=dict.fromkeys(whole.keyword_sections, 1.0)
        ),
        "posting view alone": dataclasses.replace(whole, views=whole.views[:1]),
    }


def keyword_shares(classifier: RoleClassifier, labelled: list[LabelledPosting]) -> dict[str, dict[str, float]]:
    """Return, by predicted role, how much of the evidence for it goes through documented keywords.

    Shares are of the sizes of all contributions to the role, for and against; `decided` is the share of postings that
    would be given another role without the documented keywords.
    """
    found: dict[str, list[tuple[float, float, bool]]] = {}
    for each in labelled:
        prediction = classifier.predict(each.posting, language=each.language)
        place = classifier.roles.index(prediction.role)
        documented = learned = 0.0
        scores = list(classifier.decision_function(each.posting))
        for mention in prediction.arithmetic.mentions:
            of_duties = [sum(part[role] for part in mention.duties.values()) for role in range(len(scores))]
            documented += abs(of_duties[place])
            learned += abs(mention.contributions[place] - of_duties[place])
            scores = [score - part for score, part in zip(scores, of_duties, strict=True)]
        changed = max(range(len(scores)), key=scores.__getitem__) != place
        found.setdefault(prediction.role, []).append((documented, learned, changed))
    return {
        role: {
            "postings": float(len(rows)),
            "documented": sum(row[0] for row in rows) / sum(row[0] + row[1] for row in rows),
            "decided": float(np.mean([row[2] for row in rows])),
        }
        for role, rows in sorted(found.items(), key=lambda item: classifier.roles.index(item[0]))
    }


def sources_left_out(postings: Path) -> dict[str, Any]:
    """Return the figures of random postings, each answered by a model that saw none of its source."""
    roles, headings, settings = read_roles(data_path("roles")), read_headings(), Settings()
    everything = read_labelled(postings / "train.jsonl.gz", [role.id for role in roles])
    parts: list[set[str]] = [set() for _ in range(SOURCE_PARTS)]
    sizes = Counter(each.posting.source for each in everything)
    for source, _ in sizes.most_common():
        min(parts, key=lambda part: sum(sizes[each] for each in part)).add(source)
    answers = []
    for part in parts:
        known = [each for each in everything if each.posting.source not in part]
        fresh = [each for each in everything if each.posting.source in part and each.judged]
        corpus = build_corpus(known, roles, headings, settings.min_postings)
        fitted = fit(corpus, bare_titles(corpus, roles, headings), settings)
        counted = labelled_corpus_of(fresh, corpus.phrases, roles, headings)
        answers.append((counted, probabilities(decision_function(fitted, counted, settings), fitted.temperature)))
    judged = Judged(
        tuple(role.id for role in roles),
        np.vstack([given for _, given in answers]),
        *(
            np.concatenate([getattr(counted, field) for counted, _ in answers])
            for field in ("label", "second", "korean", "clear")
        ),
    )
    return figures(judged)


def few_labels(postings: Path) -> dict[str, Any]:
    """Return the accuracy on sources of postings never seen, by how many labels a role of them there are.

    A model of all other sources is begun with; beside it stand that model as it is, and one of the few labels alone.
    """
    roles, headings, settings = read_roles(data_path("roles")), read_headings(), Settings()
    everything = read_labelled(postings / "train.jsonl.gz", [role.id for role in roles])
    counts = Counter(each.posting.source for each in everything if each.judged)
    left_out = [source for source, _ in counts.most_common(SOURCES_LEFT_OUT)]
    known = [each for each in everything if each.posting.source not in left_out]
    fresh = [each for each in everything if each.posting.source in left_out]
    corpus = build_corpus(known, roles, headings, settings.min_postings)
    fitted = fit(corpus, bare_titles(corpus, roles, headings), settings)
    model = model_of(export(fitted, corpus, roles, headings, settings, "begun with"), "memory")
    over = labelled_corpus_of(fresh, list(model.vocabulary), roles, headings)
    as_it_is = RoleClassifier(model)
    before = np.array([int(np.argmax(as_it_is.decision_function(each.posting))) for each in fresh])
    mild = dataclasses.replace(settings, min_postings=2)
    generator = np.random.default_rng(0)
    curve: dict[str, dict[str, list[float]]] = {}
    for _ in range(FEW_DRAWS):
        shuffled = generator.permutation(len(fresh))
        for labels in FEW:
            taken = np.concatenate([shuffled[over.label[shuffled] == role][:labels] for role in range(len(roles))])
            rest = np.setdiff1d(np.flatnonzero(over.judged), taken)
            begun = decision_function(fit_from(model, over.rows(taken)), over.rows(rest), model.settings)
            alone = build_corpus([fresh[row] for row in taken], roles, headings, mild.min_postings)
            counted = corpus_of([fresh[row].posting for row in rest], alone.phrases, roles, headings)
            by_itself = decision_function(fit(alone, bare_titles(alone, roles, headings), mild), counted, mild)
            answers = {
                "as_it_is": before[rest],
                "begun_with_it": begun.argmax(axis=1),
                "alone": by_itself.argmax(axis=1),
            }
            for name, given in answers.items():
                right = float(np.mean(given == over.label[rest]))
                curve.setdefault(str(labels), {}).setdefault(name, []).append(right)
    return {
        "postings": len(fresh),
        "curve": {labels: {name: float(np.mean(each)) for name, each in of.items()} for labels, of in curve.items()},
    }


def main() -> None:
    """Measure and write."""
    postings, only = Path(sys.argv[1]), sys.argv[2:]
    classifier = RoleClassifier.load(ROOT / "models" / "default")
    corpus, titles = read_training(ROOT / "data" / "corpus" / "train.npz", data_path("roles"))
    dev = read_labelled(postings / "dev.jsonl.gz", classifier.roles)
    on_dev = judge(classifier, dev)
    measures: dict[str, Callable[[], Any]] = {
        "cross_validated": lambda: figures(cross_validate(corpus, titles, Settings(), workers=WORKERS)),
        "dev": lambda: figures(on_dev),
        "conformal": lambda: conformal(classifier, on_dev),
        "review": lambda: review(classifier, dev),
        "flips": lambda: flips(classifier, dev),
        "section_lines": lambda: line_accuracy(postings / "dev.jsonl.gz"),
        "keyword_shares": lambda: keyword_shares(classifier, dev),
        "faithfulness": lambda: faithfulness(classifier, dev),
        "sources_left_out": lambda: sources_left_out(postings),
        "few_labels": lambda: few_labels(postings),
        "ablation": lambda: {
            name: by_language(cross_validate(corpus, titles, settings, workers=WORKERS))["all"]
            for name, settings in ablations().items()
        },
    }
    folder = ROOT / "models" / "default"
    before = json.loads((folder / "metrics.json").read_text(encoding="utf-8")) if only else {}
    if only and before["model"] != classifier.model.id:
        sys.exit(f"the other figures are those of {before['model']}; measure all anew")
    measured = {
        **before,
        "model": classifier.model.id,
        "temperature": classifier.model.temperature,
        "review_below": classifier.model.review_below,
        "most_counted": classifier.model.settings.most_counted,
        "training": {
            **classifier.model.training,
            "phrases": len(classifier.model.vocabulary),
            "judged": int(corpus.judged.sum()),
            "labels": dict(zip(corpus.roles, np.bincount(corpus.labelled.label).tolist(), strict=True)),
            "korean": int(corpus.labelled.korean.sum()),
        },
        **{name: measure() for name, measure in measures.items() if not only or name in only},
    }
    rounded = json.loads(json.dumps(measured), parse_float=lambda number: round(float(number), 4))
    draw_reliability(rounded["cross_validated"], folder / "reliability.svg")
    (folder / "metrics.json").write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
