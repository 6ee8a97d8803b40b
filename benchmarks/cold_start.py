"""Time the whole process of classifying one posting, beside a joblib scikit-learn pipeline and `import click`.

Run with `python benchmarks/cold_start.py`. The commands take turns, so that a change of the machine's speed touches all
of them; the medians and their ratios are printed.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from rolelens import RoleClassifier

ROUNDS = 15
EXAMPLE = Path(__file__).parents[1] / "data" / "examples" / "en-lying-title.txt"
PIPELINE_SCRIPT = """
import sys
import joblib
pipeline = joblib.load(sys.argv[1])
text = open(sys.argv[2], encoding="utf-8").read()
print(pipeline.predict([text])[0], pipeline.predict_proba([text]).max())
"""


def write_pipeline(path: Path) -> None:
    """Write the shipped model's phrases and weights as the usual scikit-learn pipeline."""
    model = RoleClassifier.load().model
    phrases = [phrase for phrase in model.vocabulary if not phrase.startswith("~")]
    numbers = [model.vocabulary[phrase] for phrase in phrases]
    weights = np.array(model.weights).reshape(len(model.vocabulary), -1, len(model.roles))[numbers].sum(axis=1)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, vocabulary=phrases)
    vectorizer.fit(phrases)
    regression = LogisticRegression()
    regression.classes_ = np.array(model.roles)
    regression.coef_, regression.intercept_ = weights.T, np.array(model.bias)
    joblib.dump(make_pipeline(vectorizer, regression), path)


def seconds(command: list[str]) -> float:
    """Return the wall time of a command, from start to end of its process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Run the comparison and print it."""
    with tempfile.TemporaryDirectory() as folder:
        pipeline, script = Path(folder) / "pipeline.joblib", Path(folder) / "predict.py"
        write_pipeline(pipeline)
        script.write_text(PIPELINE_SCRIPT, encoding="utf-8")
        rolelens = str(Path(sys.executable).with_name("rolelens"))
        commands = {
            "rolelens classify": [rolelens, "classify", str(EXAMPLE)],
            "rolelens classify --explain": [rolelens, "classify", "--explain", "--why-not", "other", str(EXAMPLE)],
            "joblib scikit-learn pipeline": [sys.executable, str(script), str(pipeline), str(EXAMPLE)],
            "python -c 'import click'": [sys.executable, "-c", "import click"],
        }
        for command in commands.values():
            seconds(command)  # fill the disk cache and write the bytecode
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, command in commands.items():
                times[name].append(seconds(command))
    ours = statistics.median(times["rolelens classify"])
    print(f"{'whole process, median of ' + str(ROUNDS):34} {'seconds':>8} {'of ours':>9}")
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:34} {median:>8.3f} {median / ours:>8.1f}x")
    click_alone = statistics.median(times["python -c 'import click'"])
    print(f"rolelens takes {ours / click_alone:.2f} times as long as importing click alone")


if __name__ == "__main__":
    main()
