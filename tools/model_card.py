"""Write models/default/MODEL_CARD.md from the measured figures in metrics.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rolelens.training.corpus import MIN_SOURCES

FOLDER = Path(__file__).parents[1] / "models" / "default"
FIGURES = ("accuracy", "macro_f1", "acceptable", "clear_accuracy", "calibration_error")
SECTION_POSTINGS = 60
LANGUAGES = {"all": "all", "en": "English", "ko": "Korean"}


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table, numbers to the right."""
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def summary(yardstick: dict[str, Any]) -> str:
    """Return figures with their intervals, a row for each language."""
    rows = []
    for code, name in LANGUAGES.items():
        found, around = yardstick["by_language"][code], yardstick["intervals"][code]
        cells = [f"{found[figure]:.3f} ({around[figure][0]:.3f}–{around[figure][1]:.3f})" for figure in FIGURES]
        rows.append([name, f"{found['postings']:.0f}", *cells])
    head = [
        "",
        "postings",
        "accuracy",
        "macro-F1",
        "acceptable",
        "accuracy where the label is clear",
        "calibration error",
    ]
    return table(head, rows)


def roles(yardstick: dict[str, Any], language: str) -> str:
    """Return precision, recall and F1 by role."""
    rows = [
        [f"`{role}`", f"{found['postings']:.0f}", *(f"{found[name]:.3f}" for name in ("precision", "recall", "f1"))]
        for role, found in yardstick["by_role"][language].items()
    ]
    return table(["role", "postings", "precision", "recall", "F1"], rows)


def confusion(yardstick: dict[str, Any]) -> str:
    """Return the confusion matrix, labels in rows."""
    names = list(yardstick["by_role"]["all"])
    rows = [[f"`{name}`", *map(str, row)] for name, row in zip(names, yardstick["confusion"], strict=True)]
    return table(["label \\ answer", *(f"`{name}`" for name in names)], rows)


def by_language(found: dict[str, list[dict[str, float]]], columns: dict[str, str]) -> str:
    """Return a table of the rows of each language, every column written as its format says."""
    rows = [
        [name, *(written.format(**row).replace("%", " %") for written in columns.values())]
        for code, name in LANGUAGES.items()
        for row in found[code]
    ]
    return table(["", *columns], rows)


def reliability(yardstick: dict[str, Any]) -> str:
    """Return the reliability table of all languages."""
    columns = {
        "postings in the bin": "{postings:.0f}",
        "mean confidence": "{confidence:.3f}",
        "accuracy": "{accuracy:.3f}",
    }
    return by_language(yardstick["reliability"], columns)


def risk_coverage(yardstick: dict[str, Any]) -> str:
    """Return accuracy and acceptable share of the most confident answers."""
    columns = {"most confident": "{coverage:.0%}", "accuracy": "{accuracy:.3f}", "acceptable": "{acceptable:.3f}"}
    return by_language(yardstick["risk_coverage"], columns)


def conformal(measured: dict[str, Any]) -> str:
    """Return how often sets of roles hold the label, and their mean size."""
    columns = {
        "coverage asked for": "{asked:.0%}",
        "sets that hold the label": "{covered:.1%}",
        "roles in a set, mean": "{roles:.2f}",
    }
    return by_language(measured["conformal"], columns)


def section_lines(measured: dict[str, Any]) -> str:
    """Return how many lines of each language are rightly told to be duties or not."""
    found = measured["section_lines"].items()
    return " and ".join(
        f"{100 * of['accuracy']:.1f} % ({LANGUAGES[code]}, {of['lines']:.0f} lines)" for code, of in found
    )


def keyword_shares(measured: dict[str, Any]) -> str:
    """Return how much rests on documented keywords, by role."""
    rows = [
        [f"`{role}`", f"{of['postings']:.0f}", f"{100 * of['documented']:.0f} %", f"{100 * of['decided']:.0f} %"]
        for role, of in measured["keyword_shares"].items()
    ]
    return table(["role given", "postings", "documented share", "another role without it"], rows)


def few_labels(measured: dict[str, Any]) -> str:
    """Return the learning curve."""
    columns = {
        "as_it_is": "the other model as it is",
        "begun_with_it": "begun with it",
        "alone": "the few labels alone",
    }
    rows = [
        [labels, *(f"{found[name]:.3f}" for name in columns)]
        for labels, found in measured["few_labels"]["curve"].items()
    ]
    return table(["labels a role", *columns.values()], rows)


def ablation(measured: dict[str, Any]) -> str:
    """Return the cross-validated figures without one part of the model each."""
    whole = measured["cross_validated"]["by_language"]["all"]
    rows = [
        [name, *(f"{found[figure]:.3f}" for figure in FIGURES)]
        for name, found in {"the whole model": whole, **measured["ablation"]}.items()
    ]
    return table(["", "accuracy", "macro-F1", "acceptable", "clear", "calibration error"], rows)


def card(measured: dict[str, Any]) -> str:
    """Return the model card."""
    training, flips, review = measured["training"], measured["flips"], measured["review"]
    faith = measured["faithfulness"]
    labels = ", ".join(f"{count} `{role}`" for role, count in training["labels"].items())
    return f"""# Model card: rolelens default

Model `{measured["model"]}`. Made by `make model` from `data/corpus/train.npz`; the figures are measured by
`tools/measure.py` and kept in `metrics.json`, from which this page is written.

## What it is for

It reads one job posting, English or Korean, and says which documented role the work is: AI developer, ML/AI engineer,
data scientist, AI/ML researcher, prompt engineer, or none of them. It shows the words that decided. It is meant for
job seekers, recruiters and analysts who want to sort or check postings. It is not meant to judge people, to set pay,
or to decide alone about anyone's application.

## How it works

{training["phrases"]:,} phrases (words, neighbouring pairs, pieces of Korean words), each met in {MIN_SOURCES} sources
of postings or more, and the documented phrases of every duty are counted by section of the posting. Three views of
these counts (the whole posting, its sections one by one, the title) each have a multinomial logistic regression; a
further one mixes them. All are linear, so the shipped model is one weight for each phrase, view and role, and an
explanation is the arithmetic itself. The views also learn from unlabelled postings: those of which a first model of
the labelled ones is sure count half. One temperature ({measured["temperature"]}), fitted out of fold, turns scores
into probabilities. Answers below a confidence of {measured["review_below"]} ask to be reviewed.

## Data and labels

{training["postings"]:,} postings from public repositories ({training["korean"]:,} Korean):
{labels}.
Beside them {training["unlabelled"]:,} unlabelled ones of the same and other collections, none of them among the
development postings. The texts are their employers' and are not distributed; `data/corpus/train.npz` holds unordered
counts.

**The labels were made by a language model that read each posting with a labelling guide, not by hiring experts.** The
300 development postings were labelled twice independently (agreement 0.977, Cohen's kappa 0.969) and ties settled.
{training["judged"]:,} of the training postings were drawn at random; the others were picked because an earlier model
found them hard. Cross-validated figures count the random ones only. A posting may carry a second role that a careful
reader could also defend: "acceptable" counts an answer equal to either.

## Cross-validated on the randomly drawn training postings

Five folds; phrases, weights, mixture and temperature are chosen anew within each training part. The settings (number of
phrases, strength of the ridge, weights of sections) were compared on the same folds, which flatters these figures a
little. In brackets: 95 % bootstrap intervals.

{summary(measured["cross_validated"])}

{roles(measured["cross_validated"], "all")}

Korean alone:

{roles(measured["cross_validated"], "ko")}

{confusion(measured["cross_validated"])}

## On sources never seen

The nearest to postings of yours: each posting is answered by a model trained without its whole source (five parts of
sources, no unlabelled postings). How many sources a phrase must come from was chosen by such figures.

{summary(measured["sources_left_out"])}

## On the development postings

Never trained on. With 300 rows, a difference of three points is noise.

{summary(measured["dev"])}

{roles(measured["dev"], "all")}

Korean alone:

{roles(measured["dev"], "ko")}

{confusion(measured["dev"])}

## Can the confidence be believed

Cross-validated:

![Accuracy against mean confidence, in English and Korean](reliability.svg)

{reliability(measured["cross_validated"])}

{risk_coverage(measured["cross_validated"])}

On the development postings {100 * review["flagged"]:.1f} % are flagged for review; of the others
{100 * review["acceptable_unflagged"]:.1f} % are acceptable.

`--coverage` names the fewest roles that hold the right one in a share of postings, by split conformal prediction: the
thresholds are quantiles of the probability that each randomly drawn training posting's label was given out of fold.
The promise holds on average over postings like those. On the development postings:

{conformal(measured)}

## What distracts it

Measured on the development postings. Replacing the title by each of the five roles' names changes the role of
{100 * flips["title_swap"]:.1f} % of postings. Putting an AI company blurb, benefits, equal-opportunity or privacy text
before or after a posting changes it in {100 * flips["boilerplate"]:.2f} %. These two rates were looked at when the
number of phrases was chosen, so expect a little more elsewhere. A phrase said over and over counts by the logarithm of
its mentions and, beyond {measured["most_counted"]:.0f} weighted mentions, no more.

## Are the sections found

In {SECTION_POSTINGS} development postings a reader marked the lines that say what the hire will do. Of their lines
{section_lines(measured)} are rightly told to be duties or not. The rules were
mended after a look at these very lines, so expect less elsewhere.

## Are the explanations true

They are the arithmetic itself, so their sums are exact. A deletion test says whether the words they name matter:
without the words of the five strongest pieces of evidence, the probability of the role falls by
{faith["evidence"]:.3f} on average over the development postings; without those of five random ones by
{faith["random"]:.3f}, {faith["ratio"]:.1f} times less.
Beside LIME and eli5: `benchmarks/README.md`.

## Documented keywords against learned phrases

By the role given on the development postings: how much of what speaks for or against it goes through the documented
phrases of duties, and how often it would be another role without them.

{keyword_shares(measured)}

## With a few labels of one's own

`rolelens train --from default` turns a model into another. Measured on the two largest sources
({measured["few_labels"]["postings"]} postings), with a model of all others to begin with: accuracy on their remaining
postings drawn at random, the mean of five draws of labels. Of rare roles there are fewer labels.

{few_labels(measured)}

So for the same roles a few labels do not better a model, drawn evenly as they are from roles of uneven frequency; they
are worth it for roles that the model does not know, beside training on the few labels alone.

## What each part is worth

Cross-validated:

{ablation(measured)}

## Known weaknesses

- Korean prompt engineers are rare in the training postings; answers about them lean on the documented phrases.
- AI developer and ML/AI engineer shade into each other, and so do AI developer and software work that merely mentions
  AI: most errors lie there, and most are postings whose second role a careful reader could defend.
- Postings with no heading at all are read as one block; background text then counts as much as duties.
- The postings come from 23 collections; a tool or a fashion newer than they are is unknown words to it.
- It reads words, not meaning: a duty described in unusual words, or denied ("no model training"), is misread.
"""


def main() -> None:
    """Write the card."""
    measured = json.loads((FOLDER / "metrics.json").read_text(encoding="utf-8"))
    (FOLDER / "MODEL_CARD.md").write_text(card(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
