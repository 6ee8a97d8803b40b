"""Many postings at once come out as each does alone."""

import gzip
import json
import pickle
import random
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rolelens import Posting, PostingError, RoleClassifier
from support import EXAMPLES, EXPECTED, POSTINGS

CLASSIFIER = RoleClassifier.load()
OURS = [Posting((EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")) for name in sorted(EXPECTED)]
LINES = "\n".join(posting.text for posting in OURS).split("\n")
AWKWARD = [
    "[주요업무]", "【자격 요건】- 파이썬", "(About us)", "About Larkspur Inc.", "About", "about 3 years of work",
    "What you'll do:", "the teamWhat You'll Do: build things", "우리 팀은Responsibilities: train models",
    "혜택 및 복지: 점심", "[ a]", "( benefits )", "<< benefits >>", "Benefits:\n \n\nTrain models",
    "servicesBuild models", "LangChain is a plus", "C++, C# and 3D", "12 34abc", "a - b - c",
    "개발- 운영 -배포", "데이터,모델,API", "e.g. models. Ph.D.", "모델학습과 모델 경량화", "딥러닝모델을 학습",
    "~", "•", "\t", "\x00", "\ufeff", "İıſK", "é à ß ÷ ×", "\U0001f600", "\u3000", "data data data",
    "모델 개발#신입#경력 지원자", "개발++ 모델", "모델#", "machine learning, learning engineer",
    "ResponsibilitiesBuild ranking models", "TeamViewer is", "What You'll DoTrain it", "- Requirements: x",
    "* Own Requirements", "** Own Requirements", "own Benefits", "About Us • we", "5+ years of x", "3-5 years", "12",
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
    for posting, found in zip(batch, CLASSIFIER.score(batch), strict=True):
        if found.verdict is None:
            with pytest.raises(PostingError, match=re.escape(found.error)):
                CLASSIFIER.predict(posting)
            continue
        alone = CLASSIFIER.predict(posting)
        assert found.verdict == alone.decision, posting
        worth = {" ".join(each.phrase.split()): each.contribution for each in alone.explain().evidence}
        strongest = [each for each in worth.values() if each > 0][:3]
        assert [worth[" ".join(words.split())] for words in found.evidence] == pytest.approx(strongest), posting


@given(st.lists(postings(), min_size=1, max_size=4))
@settings(max_examples=200, deadline=None)
def test_many_agree_with_one_by_one_on_random_text(batch):
    agree(batch)


def test_examples_have_the_expected_outcome(example):
    (found,) = CLASSIFIER.score([Posting(example.read_text(encoding="utf-8"))])
    assert found.verdict.role == EXPECTED[example.stem]["role"]
    assert found.verdict.conflict == EXPECTED[example.stem].get("conflict", False)


def test_real_postings_agree():
    path = POSTINGS / "pool.jsonl.gz"
    if not path.exists():
        pytest.skip("the collected postings may not be distributed and are not beside this checkout")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = random.Random(3).sample([json.loads(line) for line in lines], 300)
    agree([Posting(row["text"], row["title"] or "") for row in rows])


@pytest.mark.parametrize("posting", OURS, ids=sorted(EXPECTED))
def test_every_way_of_writing_a_posting_gets_the_same_answer(posting):
    ways = [
        posting,
        Posting(unicodedata.normalize("NFD", posting.text)),
        Posting(posting.text.replace("\n", "\r\n")),
        Posting(posting.text.replace("a", "a\u200b").replace("모", "\ufeff모")),
        Posting(posting.text.replace("fi", "\ufb01").replace("e", "\uff45").replace("A", "\uff21")),
        Posting(posting.text.replace("t", "t\xad")),
    ]
    one, *others = CLASSIFIER.score(ways)
    assert all(each == one for each in others)
    alone = CLASSIFIER.predict(ways[1])
    assert alone.decision == one.verdict
    for evidence in alone.evidence:
        for span in evidence.spans:
            words = ways[1].text[span.start : span.end]
            assert unicodedata.normalize("NFC", " ".join(words.split())).casefold() == evidence.phrase or (
                unicodedata.normalize("NFC", words.casefold()).split()
                == unicodedata.normalize("NFC", evidence.phrase).split()
            )


def test_a_model_of_more_roles_adds_up():
    model = CLASSIFIER.model
    again = tuple(f"{role}_again" for role in model.roles)

    def twice(values, kind):
        from array import array

        rows = np.array(values).reshape(-1, len(model.roles))
        return array(kind, np.hstack([rows, rows / 2]).ravel().tolist())

    wider = replace(
        model,
        roles=model.roles + again,
        weights=twice(model.weights, "f"),
        keyword_weights=twice(model.keyword_weights, "f"),
        bias=twice(model.bias, "d"),
    )
    for posting in OURS:
        expected = twice(CLASSIFIER.decision_function(posting), "d")
        assert RoleClassifier(wider).decision_function(posting) == pytest.approx(list(expected), abs=1e-9)


def test_a_classifier_goes_to_other_processes():
    found, many = CLASSIFIER.predict(LINES[3]), CLASSIFIER.predict_many(LINES[:20])
    elsewhere = pickle.loads(pickle.dumps(CLASSIFIER))
    assert elsewhere.predict_many(LINES[:20]) == many
    assert elsewhere.predict(LINES[3]).probabilities == found.probabilities
    assert pickle.loads(pickle.dumps(found)).evidence == found.evidence


def test_a_long_posting_leaves_no_trace_in_the_next():
    short, long = Posting(LINES[3]), Posting("\n".join(LINES), "AI Developer")
    first = CLASSIFIER.score([short])
    CLASSIFIER.score([long])
    assert CLASSIFIER.score([short]) == first


def test_threads_share_a_classifier():
    expected = CLASSIFIER.score(OURS)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(CLASSIFIER.score, [OURS] * 40))
