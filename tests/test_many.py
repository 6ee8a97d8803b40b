import gzip
import json
import os
import pickle
import random
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rolelens import Posting, RoleClassifier
from rolelens.many import ManyScorer
from rolelens.text import english_stem, language_of
from support import EXAMPLES, EXPECTED, POSTINGS, ROOT

numba = pytest.importorskip("numba", reason="without numba there is no compiled path to hold against the plain one")

from rolelens.kernel import LANGUAGES, Kernel, UncompilableError  # noqa: E402
from rolelens.kernel.hashes import hash_table  # noqa: E402
from rolelens.kernel.tables import english_forms  # noqa: E402

CLASSIFIER = RoleClassifier.load()
KERNEL = Kernel(CLASSIFIER.model)
OURS = [Posting((EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")) for name in sorted(EXPECTED)]
LINES = "\n".join(posting.text for posting in OURS).split("\n")
AWKWARD = [
    "[주요업무]", "【자격 요건】- 파이썬", "(About us)", "About Larkspur Inc.", "About", "about 3 years of work",
    "What you'll do:", "the teamWhat You'll Do: build things", "우리 팀은Responsibilities: train models",
    "혜택 및 복지: 점심", "[ a]", "( benefits )", "<< benefits >>", "Benefits:\n \n\nTrain models",
    "servicesBuild models", "LangChain is a plus", "C++, C# and 3D", "12 34abc", "a - b - c",
    "개발- 운영 -배포", "데이터,모델,API", "e.g. models. Ph.D.", "모델학습과 모델 경량화", "딥러닝모델을 학습",
    "~", "•", "\t", "\x00", "\ufeff", "İıſK", "é à ß ÷ ×", "\U0001f600", "\u3000", "data data data",
    "machine learning, learning engineer", "ResponsibilitiesBuild ranking models", "TeamViewer is",
    "What You'll DoTrain it", "- Requirements: x", " - Requirements", "* Own Requirements", "** Own Requirements",
    "Own Requirements.", "own Benefits", "About Us • we", "Duties • Weld • Paint Requirements • Steel",
    "＜우리는 이런 분을 찾고 있어요＞", "[우대사항 안내]", "5+ years of x", "3-5 years", "12", "A Requirements",
    "All qualified applicants get", "Bachelor's degree", "Why Larkspur?", "우리의 복리후생", "담당업무 (상세)",
    "Preferred Education & Experience", "  • 자격요건 ", "직무 (주요업무) 안내",
]  # fmt: skip
SEPARATORS = ["\n", "\n\n", " ", "", ". ", ": ", " - ", ", ", "\r\n"]


@st.composite
def postings(draw):
    pieces = draw(st.lists(st.sampled_from(LINES + AWKWARD) | st.text(max_size=12), max_size=20))
    joints = draw(st.lists(st.sampled_from(SEPARATORS), min_size=len(pieces), max_size=len(pieces)))
    text = "".join(piece + joint for piece, joint in zip(pieces, joints, strict=True))
    title = draw(
        st.sampled_from(["", "", "AI Developer", "시니어 데이터 사이언티스트 (추천)", "Chef", "ML/AI 엔지니어", "\t"])
    )
    return Posting(text, title)


def agree(batch):
    results, _ = KERNEL.score(batch, 15, 0)
    for posting, scores in zip(batch, results.scores.tolist(), strict=True):
        assert scores == pytest.approx(CLASSIFIER.decision_function(posting), abs=1e-9), posting


@given(st.lists(postings(), min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_the_kernel_agrees_with_one_by_one_on_random_text(batch):
    agree(batch)


def test_the_kernel_adds_up_more_roles_than_it_has_lanes():
    model = CLASSIFIER.model
    again = tuple(f"{role}_again" for role in model.roles)

    def twice(values):
        rows = np.array(values).reshape(-1, len(model.roles))
        return np.hstack([rows, rows / 2]).ravel()

    wider = replace(
        model,
        roles=model.roles + again,
        weights=twice(model.weights),
        keyword_weights=twice(model.keyword_weights),
        bias=tuple(twice(model.bias)),
    )
    batch = [Posting((EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")) for name in sorted(EXPECTED)]
    results, _ = Kernel(wider).score(batch, 15, 0)
    for posting, scores in zip(batch, results.scores, strict=True):
        assert scores == pytest.approx(twice(CLASSIFIER.decision_function(posting)), abs=1e-9)


@pytest.mark.parametrize("weight", [0.25, 0.999, 1 / 3, 0.33333, 0.0004])
def test_weights_of_sections_count_as_they_are(weight):
    views = tuple(replace(view, sections={**view.sections, "body": weight}) for view in CLASSIFIER.model.settings.views)
    other = RoleClassifier(replace(CLASSIFIER.model, settings=replace(CLASSIFIER.model.settings, views=views)))
    for compiled, plain in zip(
        ManyScorer(other, compiled=True).score(OURS), ManyScorer(other, compiled=False).score(OURS), strict=True
    ):
        assert compiled.verdict.probabilities == pytest.approx(plain.verdict.probabilities, abs=1e-9)


def test_a_model_of_more_vectors_than_lanes_is_scored_one_by_one():
    first, *others = CLASSIFIER.model.settings.views
    views = (first, *(replace(view, sections=first.sections, by_section=True) for view in others))
    model = replace(CLASSIFIER.model, settings=replace(CLASSIFIER.model.settings, views=views))
    with pytest.raises(UncompilableError):
        Kernel(model)
    scored = ManyScorer(RoleClassifier(model), compiled=True).score(OURS)
    assert [each.verdict.role for each in scored] == [RoleClassifier(model).predict(each).role for each in OURS]


PARTS = [
    "the",
    "and",
    "de",
    "la",
    "und",
    "der",
    "2",
    "x9",
    "é",
    "été",
    "Build",
    "team",
    " ",
    " ",
    " ",
    ", ",
    "÷",
    "모델",
]


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=60))
@example(["the de2 la2 und2 der2 de2"])  # digits do not hide a word
@settings(max_examples=300, deadline=None)
def test_languages_agree_on_random_words(parts):
    texts = ["".join(parts), " ".join(parts)]
    for title in ("", "AI teamB"):
        results, _ = KERNEL.score([Posting(text, title) for text in texts], 15, 0)
        assert [LANGUAGES[found] for found in results.language.tolist()] == [language_of(text) for text in texts]


@given(st.lists(postings().filter(lambda posting: posting.text.strip()), min_size=1, max_size=3))
@settings(max_examples=150, deadline=None)
def test_verdicts_agree_on_random_text(batch):
    compiled = ManyScorer(CLASSIFIER, compiled=True).score(batch)
    plain = ManyScorer(CLASSIFIER, compiled=False).score(batch)
    for one, other in zip(compiled, plain, strict=True):
        assert one.error == other.error
        if one.verdict is None or other.verdict is None:
            assert one.verdict is other.verdict is None
            continue
        ordered = sorted(other.verdict.probabilities)
        assert one.verdict.probabilities == pytest.approx(other.verdict.probabilities, abs=1e-9)
        assert one.verdict.review_reason == other.verdict.review_reason
        if ordered[-1] - ordered[-2] > 1e-9:
            assert one.verdict.role == other.verdict.role


def test_examples_have_the_same_outcome_evidence_and_all(example):
    posting = Posting(example.read_text(encoding="utf-8"))
    (one,) = ManyScorer(CLASSIFIER, compiled=True).score([posting])
    (other,) = ManyScorer(CLASSIFIER, compiled=False).score([posting])
    assert one.evidence == other.evidence
    assert one.verdict.role == EXPECTED[example.stem]["role"]
    assert one.verdict.conflict == EXPECTED[example.stem].get("conflict", False)
    assert one.verdict.title_reading == pytest.approx(other.verdict.title_reading) or (
        one.verdict.title_reading.role == other.verdict.title_reading.role
    )


def test_real_postings_agree():
    path = POSTINGS / "pool.jsonl.gz"
    if not path.exists():
        pytest.skip("the collected postings may not be distributed and are not beside this checkout")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = random.Random(3).sample([json.loads(line) for line in lines], 300)
    agree([Posting(row["text"], row["title"] or "") for row in rows])


@given(st.text("abcdefinsuyz", min_size=1, max_size=9))
@settings(max_examples=2000, deadline=None)
def test_the_forms_of_a_stem_are_all_the_words_that_have_it(word):
    assert word in english_forms(english_stem(word))


def test_a_classifier_goes_to_other_processes():
    classifier = RoleClassifier.load()
    found, many = classifier.predict(LINES[3]), classifier.predict_many(LINES[:20])
    elsewhere = pickle.loads(pickle.dumps(classifier))
    assert elsewhere.predict_many(LINES[:20]) == many
    assert elsewhere.predict(LINES[3]).probabilities == found.probabilities
    assert elsewhere.predict(LINES[3]).evidence == found.evidence


def test_two_words_with_one_hash_are_told_instead_of_searched_for_ever():
    with pytest.raises(ValueError, match="the same hash"):
        hash_table(np.array([3, 5, 5], dtype=np.uint64), [0, 1, 2])


def test_a_long_posting_leaves_no_trace_in_the_next():
    short, long = Posting(LINES[3]), Posting("\n".join(LINES), "AI Developer")
    first, _ = Kernel(CLASSIFIER.model).score([short], 15, 3)
    KERNEL.score([long], 15, 3)
    again, _ = KERNEL.score([short], 15, 3)
    for before, after in zip(first, again, strict=True):
        np.testing.assert_array_equal(before, after)


def test_what_is_missing_on_disk_is_compiled_by_another_process(tmp_path):
    (tmp_path / "small.py").write_text(
        "from rolelens.kernel.jit import kept_on_disk\n\n\n@kept_on_disk\ndef add(values):\n    values[0] += 1\n"
    )
    (tmp_path / "user.py").write_text("from numpy import zeros\nfrom small import add\n\nadd(zeros(1))\n")
    script = (
        "import sys\n"
        "from rolelens.kernel.jit import compile_apart, is_missing\n"
        "from numpy import zeros\n"
        "from small import add\n"
        "python, sys.executable = sys.executable, 'no_such_program'\n"
        "compile_apart(add, 'user')\n"
        "print(is_missing(add))\n"
        "sys.executable = python\n"
        "compile_apart(add, 'no_such_module')\n"
        "print(is_missing(add))\n"
        "compile_apart(add, 'user')\n"
        "print(is_missing(add))\n"
        "values = zeros(1)\n"
        "add(values)\n"
        "print(values[0], add.stats.cache_misses.total(), add.stats.cache_hits.total())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout.split() == ["True", "True", "False", "1.0", "0", "1"]


def test_the_kernel_stays_within_its_arrays(tmp_path):
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from rolelens import Posting, RoleClassifier\n"
        "from rolelens.kernel import Kernel, _Room, new_scan, new_sums\n"
        "from numpy import empty\n"
        "import test_many\n"
        "kernel = Kernel(RoleClassifier.load().model)\n"
        "kernel._take_room = lambda longest, total: _Room(\n"
        "    longest, new_scan(longest), new_sums(kernel._tables, longest), empty(total, 'u4')\n"
        ")  # no more than is needed\n"
        "for text in ('', 'x', 'ab', *test_many.AWKWARD, *test_many.LINES):\n"
        "    kernel.score([Posting(text)], 15, 3)\n"
        "    kernel.score([Posting(text, text)], 15, 3)\n"
    )
    # Compiled with a check of every index, beside the code that is kept on disk.
    environment = {**os.environ, "NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", script, str(ROOT / "tests")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
