"""Feed the compiled reader with random, hostile and broken texts, and the model file with broken ones.

Run with `python tests/fuzz_reading.py COUNT [SEED]`, best by `make fuzz`, which builds with a check of every index.
What is wrong inside a compiled loop cannot be raised there: it is told to `sys.unraisablehook`, which ends the run.
"""

import os
import random
import sys
import time
from pathlib import Path

from hostile import FAMILIES
from rolelens import ModelError, Posting, RoleClassifier
from rolelens.model.model_file import FILE_NAME, model_of
from rolelens.reading.reader import is_compiled
from rolelens.support.packaged import data_path

ALPHABET = (
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 \n\n\t.,;:!?-·•ㆍ[]<>()【】#+&/'"
    "가나다라모델학습을데이터분석\u1112\u1161\u11ab\u0301\u0327\u200b\xad\ufb01\uff21\x00\r\U0001f600\U0001d400\ud800"
)
MOST_SECONDS = 2
MODEL_SHARE = 0.02  # of the inputs; a model takes a hundred times as long as a text


def fail(problem: object) -> None:
    """End at once, whatever is running."""
    sys.stderr.write(f"fault: {problem}\n")
    sys.stderr.flush()
    os._exit(1)


def text_of(generator: random.Random, lines: list[str]) -> str:
    """Return a text to read: pieces of postings, noise, and now and then a family made to take long."""
    if generator.random() < 0.02:
        return generator.choice(list(FAMILIES.values()))(generator.randrange(1, 400))
    pieces = []
    for _ in range(generator.randrange(12)):
        if generator.random() < 0.5:
            pieces.append(generator.choice(lines))
        else:
            pieces.append("".join(generator.choices(ALPHABET, k=generator.randrange(24))))
    return generator.choice(("\n", "", " ", "\r\n", ". ")).join(pieces)


def model_from(generator: random.Random, data: bytes) -> bytes:
    """Return a model file with a few bytes changed."""
    broken = bytearray(data)
    for _ in range(generator.randrange(1, 4)):
        place = generator.randrange(len(broken) if generator.random() < 0.3 else 60_000)
        broken[place] = generator.randrange(256)
    return bytes(broken[: generator.randrange(len(broken))] if generator.random() < 0.2 else broken)


def main() -> None:
    """Fuzz and count."""
    count, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    sys.unraisablehook = lambda raised: fail(f"{raised.exc_value!r} in {raised.object!r}")
    generator, classifier = random.Random(seed), RoleClassifier.load()
    lines = [line for path in data_path("examples").glob("*.txt") for line in path.read_text("utf-8").split("\n")]
    data = (Path(data_path("models/default")) / FILE_NAME).read_bytes()
    slowest, refused, begun, done = 0.0, 0, time.monotonic(), 0
    while done < count:
        if generator.random() < MODEL_SHARE / 16:
            try:
                RoleClassifier(model_of(model_from(generator, data), "fuzzed")).predict_many(lines[:4])
            except ModelError:
                refused += 1
            done += 1
            continue
        batch = [
            Posting(text_of(generator, lines), generator.choice(("", "", text_of(generator, lines)[:80])))
            for _ in range(16)
        ]
        start = time.monotonic()
        found = classifier.score(batch)
        if generator.random() < 0.05 and batch[0].text.strip():
            prediction = classifier.predict(batch[0], language="en")
            classifier.counterfactual(prediction)
        took = time.monotonic() - start
        slowest = max(slowest, took)
        if took > MOST_SECONDS or len(found) != len(batch):
            fail(f"{took:.1f} seconds: {batch!r}")
        done += len(batch)
    sys.stdout.write(
        f"seed {seed}: {done} inputs, {refused} model files refused, slowest batch {slowest:.2f} s, "
        f"{time.monotonic() - begun:.0f} s in all, {'compiled' if is_compiled() else 'not compiled'}\n"
    )


if __name__ == "__main__":
    main()
