"""Time the scoring of many postings beside scikit-learn, fastText and pandas, on one core.

Run with `python benchmarks/batch_throughput.py [POSTINGS] [--long]`: a .jsonl or .jsonl.gz file of postings, or our
examples over and over. All take turns in one process with one thread each. `--long` also scores tables of ten thousand,
a hundred thousand and a million rows, each in a process of its own, for rate and peak memory.
"""

from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", ARROW_NUM_THREADS="1")

import csv
import gzip
import itertools
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from rolelens import Posting, RoleClassifier
from rolelens.tables.scoring import Job, score_table

EXAMPLES = Path(__file__).parents[1] / "data" / "examples"
SAMPLE = 4000
TABLE = 100_000  # rows of the table that goes from file to file
ROUNDS, TABLE_ROUNDS = 5, 3
SHOWN = 5  # words of evidence
PROCESSES, PROCESS_ROUNDS = (300, 6_000), 5
LONG = (10_000, 100_000, 1_000_000)


def postings(path: str | None) -> list[Posting]:
    """Return the postings to score."""
    if path is None:
        texts = [file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob("*.txt"))]
        return [Posting(text) for text in itertools.islice(itertools.cycle(texts), SAMPLE)]
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.Random(0).shuffle(rows)
    return [Posting(row["text"], row.get("title") or "") for row in rows[:SAMPLE]]


def median_seconds(commands: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median time of each command, the commands taking turns."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            start = time.perf_counter()
            command()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(found) for name, found in times.items()}


def show(title: str, found: dict[str, float], count: int) -> None:
    """Print times beside ours, which comes first."""
    ours = next(iter(found.values()))
    print(f"\n{title:50} {'µs a posting':>14} {'of ours':>9}")
    for name, seconds in found.items():
        print(f"{name:50} {1e6 * seconds / count:>14.1f} {seconds / ours:>8.2f}x", flush=True)


def word_pairs() -> TfidfVectorizer:
    """Return the usual features."""
    return TfidfVectorizer(ngram_range=(1, 2), min_df=5, max_features=12_000, sublinear_tf=True)


def fitted_pipeline(texts: Sequence[str], labels: Sequence[str]) -> Pipeline:
    """Return the usual scikit-learn pipeline, fitted to say what rolelens says."""
    return make_pipeline(word_pairs(), LogisticRegression(max_iter=50)).fit(texts, labels)


def fitted_pipeline_in_full(frame: pd.DataFrame, labels: Sequence[str]) -> Pipeline:
    """Return a pipeline that also has pieces of Korean words, and the title apart, as rolelens has."""
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), preprocessor=only_hangul, min_df=5)
    pieces.set_params(max_features=12_000, sublinear_tf=True)
    columns = [("words", word_pairs(), "text"), ("pieces", pieces, "text"), ("title", word_pairs(), "title")]
    return make_pipeline(ColumnTransformer(columns), LogisticRegression(max_iter=50)).fit(frame, labels)


def only_hangul(text: str) -> str:
    """Return a text with a blank for all that is not Hangul."""
    return re.sub("[^가-힣]+", " ", text)


def fitted_fasttext(
    texts: Sequence[str], labels: Sequence[str], folder: Path, **pieces: int
) -> Callable[[Sequence[str]], object]:
    """Return the prediction of fastText word pairs, and pieces of words perhaps, fitted to say what rolelens says."""
    import fasttext

    lines = [f"__label__{label} {' '.join(text.split())}\n" for text, label in zip(texts, labels, strict=True)]
    path = folder / "train.txt"
    path.write_text("".join(lines), encoding="utf-8")
    model = fasttext.train_supervised(str(path), wordNgrams=2, dim=20, epoch=5, thread=1, verbose=0, **pieces)
    return lambda batch: model.f.multilinePredict([f"{' '.join(text.split())}\n" for text in batch], 6, 0.0, "strict")


def write_csv(path: Path, batch: Sequence[Posting], count: int) -> None:
    """Write a table of so many rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "description"])
        for number, posting in zip(range(count), itertools.cycle(batch), strict=False):
            writer.writerow([number, posting.title, posting.text])


def by_pandas(pipeline: Pipeline, source: Path, target: Path) -> None:
    """Score a CSV as a script would."""
    frame = pd.read_csv(source)
    probabilities = pipeline.predict_proba(frame["description"].fillna(""))
    frame["role"] = pipeline.classes_[probabilities.argmax(axis=1)]
    frame[[f"p_{role}" for role in pipeline.classes_]] = probabilities
    frame.to_csv(target, index=False, encoding="utf-8-sig")


def by_pandas_in_full(pipeline: Pipeline, source: Path, target: Path) -> None:
    """Score a CSV as a script would that also reads title and text apart and shows the words that speak for a role."""
    frame = pd.read_csv(source)
    titles, texts = frame["title"].fillna(""), frame["description"].fillna("")
    vectorizer, classifier = pipeline[0], pipeline[-1]
    roles, names = classifier.classes_, vectorizer.get_feature_names_out()
    features = vectorizer.transform(titles + "\n" + texts)
    probabilities = classifier.predict_proba(features)
    second, best = probabilities.argsort(axis=1)[:, -2:].T
    frame["role"], frame["confidence"], frame["second_role"] = roles[best], probabilities.max(axis=1), roles[second]
    frame["title_role"], frame["duty_role"] = pipeline.predict(titles), pipeline.predict(texts)
    frame["conflict"] = frame["title_role"] != frame["duty_role"]
    frame[[f"p_{role}" for role in roles]] = probabilities
    weights = classifier.coef_[np.repeat(best, np.diff(features.indptr)), features.indices]
    rows = np.split(np.arange(features.nnz), features.indptr[1:-1])
    speaking = features.data * weights
    frame["evidence"] = ["; ".join(names[features.indices[row[np.argsort(-speaking[row])[:SHOWN]]]]) for row in rows]
    frame.to_csv(target, index=False, encoding="utf-8-sig")


# The peak is read from the kernel's own count: getrusage would hand down that of the process that started this one.
LONG_RUN = """
import re, sys, time
from rolelens.tables.scoring import Job, score_table
score_table(Job(sys.argv[3], sys.argv[2]))  # loads what is imported when it is used
start = time.perf_counter()
rows = score_table(Job(sys.argv[1], sys.argv[2])).rows
seconds = time.perf_counter() - start
print(rows, seconds, int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()).group(1)) / 1024)
"""


PEER = """
import sys, joblib, pandas as pd
pipeline = joblib.load(sys.argv[1])
frame = pd.read_csv(sys.argv[2])
probabilities = pipeline.predict_proba(frame["description"].fillna(""))
frame["role"] = pipeline.classes_[probabilities.argmax(axis=1)]
frame[[f"p_{role}" for role in pipeline.classes_]] = probabilities
frame.to_csv(sys.argv[3], index=False, encoding="utf-8-sig")
"""


def processes(pipeline: Pipeline, batch: Sequence[Posting], folder: Path) -> None:
    """Print how long whole processes take, from start to end, for small tables and large ones."""
    model, script, out = folder / "peer.joblib", folder / "peer.py", folder / "out.csv"
    joblib.dump(pipeline, model)
    script.write_text(PEER, encoding="utf-8")
    rolelens = str(Path(sys.executable).with_name("rolelens"))
    for count in PROCESSES:
        source = folder / f"{count}.csv"
        write_csv(source, batch, count)
        commands = {
            "rolelens score": [rolelens, "score", str(source), "-o", str(out), "--quiet"],
            "rolelens score --workers 2": [rolelens, "score", str(source), "-o", str(out), "--quiet", "--workers", "2"],
            "pandas and scikit-learn script": [sys.executable, str(script), str(model), str(source), str(out)],
        }
        runs = {
            name: (lambda command=command: subprocess.run(command, check=True, env=os.environ))
            for name, command in commands.items()
        }
        show(f"CSV to CSV, whole process, {count:,} rows", median_seconds(runs, PROCESS_ROUNDS), count)


def long_runs(batch: Sequence[Posting], folder: Path) -> None:
    """Print rate and peak memory of long tables."""
    few = folder / "few.csv"
    write_csv(few, batch, 10)
    print(f"\n{'rows':>9} {'seconds':>9} {'rows/s':>9} {'peak MB':>9}")
    for count in LONG:
        source, target = folder / "long.csv", folder / "scored.csv"
        write_csv(source, batch, count)
        done = subprocess.run(
            [sys.executable, "-c", LONG_RUN, str(source), str(target), str(few)],
            capture_output=True,
            text=True,
            check=True,
        )
        rows, seconds, peak = map(float, done.stdout.split())
        print(f"{rows:>9,.0f} {seconds:>9.1f} {rows / seconds:>9.0f} {peak:>9.0f}", flush=True)


def main() -> None:
    """Run the comparison and print it."""
    paths = [argument for argument in sys.argv[1:] if argument != "--long"]
    batch = postings(paths[0] if paths else None)
    texts = [posting.text for posting in batch]
    classifier = RoleClassifier.load()
    labels = [each.verdict.role if each.verdict else "other" for each in classifier.score(batch)]
    frame = pd.DataFrame({"title": [posting.title for posting in batch], "text": texts})
    pipeline, in_full = fitted_pipeline(texts, labels), fitted_pipeline_in_full(frame, labels)
    length = np.mean([len(text) for text in texts])
    print(f"{len(batch)} postings of {length:.0f} characters on average, one core, median of {ROUNDS} rounds")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        in_memory: dict[str, Callable[[], object]] = {
            "rolelens": lambda: classifier.probabilities(batch),
            "rolelens, with evidence and verdict": lambda: classifier.score(batch),
            "scikit-learn pipeline": lambda: pipeline.predict_proba(texts),
            "scikit-learn pipeline, pieces and title too": lambda: in_full.predict_proba(frame),
        }
        try:
            of_words = fitted_fasttext(texts, labels, folder)
            of_pieces = fitted_fasttext(texts, labels, folder, minn=2, maxn=3)
            in_memory["fastText, word pairs"] = lambda: of_words(texts)
            in_memory["fastText, word pairs and pieces"] = lambda: of_pieces(texts)
        except ImportError:
            print("fastText is not installed and left out")
        show("text in memory to probabilities", median_seconds(in_memory), len(batch))
        halves = [batch[::2], batch[1::2]]
        with ThreadPoolExecutor(2) as pool:
            threads = {
                "rolelens, one thread": lambda: [classifier.probabilities(half) for half in halves],
                "rolelens, two threads": lambda: list(pool.map(classifier.probabilities, halves)),
            }
            show("one thread and two", median_seconds(threads), len(batch))
        one_by_one = statistics.median(
            median_seconds({"": lambda: classifier.predict(batch[0], language="en")}).values()
        )
        print(f"{'(one prediction with all its explanations)':50} {1e6 * one_by_one:>14.1f}")
        source, target = folder / "in.csv", folder / "out.csv"
        write_csv(source, batch, TABLE)
        files = {
            "rolelens score": lambda: score_table(Job(str(source), str(target))),
            "pandas and scikit-learn, probabilities alone": lambda: by_pandas(pipeline, source, target),
            "pandas and scikit-learn, with readings, evidence": lambda: by_pandas_in_full(pipeline, source, target),
            "pandas, only reading and writing": lambda: pd.read_csv(source).to_csv(target, index=False),
        }
        show(f"CSV file to CSV file, {TABLE:,} rows", median_seconds(files, TABLE_ROUNDS), TABLE)
        processes(pipeline, batch, folder)
        if "--long" in sys.argv:
            long_runs(batch, folder)


if __name__ == "__main__":
    main()
