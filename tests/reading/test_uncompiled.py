"""The same sources run where nothing can be compiled."""

import json
import shutil
import subprocess
import sys

import pytest

from rolelens import Posting, RoleClassifier
from rolelens.reading.reader import is_compiled
from support import EXAMPLES, ROOT

SCRIPT = """
import json, pathlib, sys
sys.modules["cython"] = None  # as where it is not installed
from rolelens import Posting, RoleClassifier
from rolelens.reading.reader import is_compiled
classifier = RoleClassifier.load()
postings = [Posting(pathlib.Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:]]
first = classifier.predict(postings[0])
print(json.dumps([
    is_compiled(),
    [classifier.decision_function(posting) for posting in postings],
    [each.evidence for each in classifier.score(postings)],
    [each.phrase for each in first.evidence],
    [each.text for each in classifier.counterfactual(first).removal],
]))
"""


@pytest.fixture(scope="module")
def plain_sources(tmp_path_factory):
    """Return a copy of the sources without what was compiled of them."""
    folder = tmp_path_factory.mktemp("plain")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"))
    for name in ("data", "models"):
        (folder / name).symlink_to(ROOT / name)
    return folder / "src"


def test_the_same_answer_comes_uncompiled(plain_sources, monkeypatch):
    assert is_compiled()
    examples = [EXAMPLES / f"{name}.txt" for name in ("en-lying-title", "ko-ml-engineer", "ko-one-line")]
    monkeypatch.setenv("PYTHONPATH", str(plain_sources))
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *map(str, examples)], capture_output=True, text=True, check=True
    )
    compiled, scores, evidence, phrases, removal = json.loads(done.stdout)
    assert not compiled
    classifier = RoleClassifier.load()
    postings = [Posting(path.read_text(encoding="utf-8")) for path in examples]
    first = classifier.predict(postings[0])
    for posting, found in zip(postings, scores, strict=True):
        assert found == pytest.approx(classifier.decision_function(posting), abs=1e-9)
    assert [tuple(each) for each in evidence] == [each.evidence for each in classifier.score(postings)]
    assert phrases == [each.phrase for each in first.evidence]
    assert removal == [each.text for each in classifier.counterfactual(first).removal]
