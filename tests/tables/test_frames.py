import numpy as np
import pandas as pd
import pytest

from rolelens import RoleClassifier, TableError
from support import EXAMPLES, EXPECTED

CLASSIFIER = RoleClassifier.load()
NAMES = sorted(EXPECTED)


@pytest.fixture
def frame():
    texts = [(EXAMPLES / f"{name}.txt").read_text(encoding="utf-8") for name in NAMES]
    return pd.DataFrame({"name": NAMES, "description": texts, "title": None})


def test_the_outcome_is_aligned_on_the_index(frame):
    shuffled = frame.sample(frac=1, random_state=3)
    scored = CLASSIFIER.predict_frame(shuffled, text="description", title="title")
    assert scored.index.equals(shuffled.index)
    joined = frame.join(scored)
    assert [EXPECTED[name]["role"] for name in joined["name"]] == joined["role"].tolist()


def test_an_index_may_repeat_itself_and_texts_may_be_missing(frame):
    frame.index = [0, 1] * (len(frame) // 2)
    frame.loc[1, "description"] = np.nan
    scored = CLASSIFIER.predict_frame(frame)
    assert scored.index.equals(frame.index)
    assert scored.loc[1, "role"].isna().all()
    assert scored.loc[1, "error"].str.contains("empty").all()
    assert scored.loc[0, "error"].isna().all()
    assert scored.loc[0, "role"].notna().all()


def test_dtypes_are_as_documented(frame):
    for found in (CLASSIFIER.predict_frame(frame), CLASSIFIER.predict_frame(frame.iloc[:0])):
        for name in ("role", "second_role", "title_role", "duty_role", "evidence", "error", "model"):
            assert found[name].dtype == "string"
        for name in ("confidence", *(f"p_{role}" for role in CLASSIFIER.roles)):
            assert found[name].dtype == "float64"
        assert found["needs_review"].dtype == found["conflict"].dtype == "boolean"


def test_several_text_columns_are_joined(frame):
    parts = pd.DataFrame({"주요업무": ["딥러닝 모델을 설계하고 학습합니다"], "자격요건": ["PyTorch, 분산 학습 경험"]})
    assert CLASSIFIER.predict_frame(parts)["role"].tolist() == ["ml_ai_engineer"]
    assert CLASSIFIER.predict_frame(frame, text=["description", "name"])["role"].notna().all()


def test_a_column_that_is_not_there_is_named(frame):
    with pytest.raises(TableError, match="no column 'body'; the table has name, description, title"):
        CLASSIFIER.predict_frame(frame, text="body")
    with pytest.raises(TableError, match="--text-column"):
        CLASSIFIER.predict_frame(frame[["name"]])


def test_predict_many_is_predict_one_by_one(frame):
    texts = frame["description"].tolist()
    for scored, text in zip(CLASSIFIER.predict_many(texts), texts, strict=True):
        alone = CLASSIFIER.predict(text)
        assert scored.verdict.role == alone.role
        assert scored.verdict.probabilities == pytest.approx(tuple(alone.probabilities.values()), abs=1e-9)
        assert scored.verdict.conflict == alone.conflict


def test_predict_many_keeps_the_place_of_what_cannot_be_read():
    good, empty, foreign = CLASSIFIER.predict_many(["Train models for the team", "", "機械学習モデルを学習します"])
    assert good.verdict
    assert (empty.verdict, foreign.verdict) == (None, None)
    assert "empty" in empty.error
    assert "neither English nor Korean" in foreign.error
    assert CLASSIFIER.predict_many([]) == []


def test_predict_many_wants_a_title_for_each_text():
    with pytest.raises(ValueError, match="2 texts but 1 titles"):
        CLASSIFIER.predict_many(["a", "b"], ["c"])
    (scored,) = CLASSIFIER.predict_many(["We look for a friendly colleague."], ["Prompt Engineer"])
    assert scored.verdict.title_reading.role == "prompt_engineer"


@pytest.mark.filterwarnings("ignore::FutureWarning:dask")
def test_dask_scores_partition_by_partition(classifier, frame):
    dask = pytest.importorskip("dask.dataframe", reason="dask is not installed")
    parts = dask.from_pandas(frame, npartitions=3)
    empty = classifier.predict_frame(frame.head(0), text="description")
    found = parts.map_partitions(classifier.predict_frame, text="description", meta=empty).compute(scheduler="sync")
    pd.testing.assert_frame_equal(found, classifier.predict_frame(frame, text="description"))
