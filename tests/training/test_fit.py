import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from rolelens import LabelledDataError, Posting, RoleClassifier, read_posting
from rolelens.cli import main
from rolelens.model.model_file import FILE_NAME
from rolelens.roles.definitions import read_roles
from rolelens.support.packaged import data_path
from rolelens.training.corpus import ALL_SECTIONS, build_corpus, read_corpus, write_corpus
from rolelens.training.fit import fit_temperature, probabilities
from rolelens.training.labelled import LabelledPosting
from rolelens.training.pipeline import read_headings, train_model
from support import EXAMPLES, EXPECTED, ROOT


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Return the example postings as a labelled table, each role often enough to train on."""
    rows = []
    for copy in range(4):
        for name, outcome in EXPECTED.items():
            text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
            title, _, body = text.partition("\n")
            rows.append({"title": title, "text": f"{body}\nno {copy}", "label": outcome["role"]})
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_make_model_gives_the_shipped_model_byte_for_byte(tmp_path):
    written = train_model(ROOT / "data" / "corpus" / "train.npz", tmp_path / "default")
    assert written.read_bytes() == (ROOT / "models" / "default" / FILE_NAME).read_bytes()


def test_the_training_matrix_holds_no_texts():
    with np.load(ROOT / "data" / "corpus" / "train.npz", allow_pickle=False) as arrays:
        phrases = arrays["phrases"].tobytes().decode().split("\n")
    assert max(len(phrase.split(" ")) for phrase in phrases) <= 2


def test_anyone_can_train_from_a_table_of_their_own(labelled, tmp_path):
    result = CliRunner().invoke(main, ["train", str(labelled), "-o", str(tmp_path / "mine")])
    assert result.exit_code == 0, result.output
    mine = RoleClassifier.load(tmp_path / "mine")
    assert mine.model.id.startswith("mine-")
    right = [mine.predict(read_posting(EXAMPLES / f"{name}.txt")).role == EXPECTED[name]["role"] for name in EXPECTED]
    assert np.mean(right) > 0.9
    card = (tmp_path / "mine" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "Trained by rolelens" in card
    assert "accuracy" in card
    assert "postings change their role" in card
    assert "cross-validating" in result.output


def test_measuring_can_be_left_out(labelled, tmp_path):
    result = CliRunner().invoke(main, ["train", str(labelled), "-o", str(tmp_path / "mine"), "--no-measure"])
    assert result.exit_code == 0, result.output
    assert not (tmp_path / "mine" / "MODEL_CARD.md").exists()


def test_a_saved_corpus_trains_the_same_model(labelled, tmp_path):
    corpus = tmp_path / "corpus.npz"
    first = train_model(labelled, tmp_path / "a", save_corpus=corpus).read_bytes()
    (tmp_path / "b").mkdir()
    assert train_model(corpus, tmp_path / "b" / "a").read_bytes() == first


def test_a_corpus_survives_the_disk(tmp_path, labelled):
    train_model(labelled, tmp_path / "a", save_corpus=tmp_path / "one.npz")
    one = read_corpus(tmp_path / "one.npz")
    write_corpus(one, tmp_path / "two.npz")
    two = read_corpus(tmp_path / "two.npz")
    assert one.phrases == two.phrases
    assert (one.label == two.label).all()
    for section in ALL_SECTIONS:
        assert (one.phrase_counts[section] != two.phrase_counts[section]).nnz == 0


@pytest.mark.parametrize(("sources", "least"), [(1, 1), (2, 2), (5, 2), (6, 3), (8, 4), (23, 4)])
def test_a_phrase_must_come_from_several_sources(sources, least):
    def posting(text, source):
        return LabelledPosting(Posting(text, source=f"source {source}"), "other", None, "en", judged=True, clear=True)

    labelled = [posting("Weld pipes", number) for number in range(sources)]
    labelled += [posting("Weld known pipes", number) for number in range(least)]
    labelled += [posting("Weld odd pipes", number) for number in range(least - 1) for _ in range(5)]
    kept = build_corpus(labelled, read_roles(data_path("roles")), read_headings(), 1).phrases
    assert "known" in kept
    assert "odd" not in kept


def test_too_few_postings_of_a_role_are_named(labelled, tmp_path):
    lines = labelled.read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if json.loads(line)["label"] != "prompt_engineer"]
    labelled.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(LabelledDataError, match="role prompt_engineer has 0 labelled postings"):
        train_model(labelled, tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_a_corpus_of_other_roles_is_refused(tmp_path, labelled):
    train_model(labelled, tmp_path / "a", save_corpus=tmp_path / "corpus.npz")
    folder = tmp_path / "roles"
    folder.mkdir()
    for path in (ROOT / "data" / "roles").glob("*.toml"):
        (folder / path.name).write_text(
            path.read_text(encoding="utf-8").replace('"interaction"', '"dialogue"'), "utf-8"
        )
    with pytest.raises(LabelledDataError, match="other role definitions"):
        train_model(tmp_path / "corpus.npz", tmp_path / "b", folder)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"not a zip"])
def test_what_is_no_corpus_is_named(tmp_path, content):
    path = tmp_path / "corpus.npz"
    path.write_bytes(content)
    with pytest.raises(LabelledDataError, match="not a training corpus"):
        read_corpus(path)


def test_temperature_recovers_the_overconfidence_put_in():
    generator = np.random.default_rng(0)
    honest = generator.normal(size=(4000, 3))
    label = [generator.choice(3, p=row) for row in probabilities(honest, 1.0)]
    assert fit_temperature(2 * honest, np.eye(3)[label]) == pytest.approx(2, abs=0.15)


def test_a_few_labels_turn_the_shipped_model_into_another(labelled, tmp_path):
    lines = labelled.read_text(encoding="utf-8").split("\n")[: 2 * len(EXPECTED)]
    labelled.write_text("\n".join(lines), encoding="utf-8")
    result = CliRunner().invoke(main, ["train", str(labelled), "-o", str(tmp_path / "mine"), "--from", "default"])
    assert result.exit_code == 0, result.output
    mine, shipped = RoleClassifier.load(tmp_path / "mine"), RoleClassifier.load()
    assert mine.model.vocabulary == shipped.model.vocabulary
    right = [mine.predict(read_posting(EXAMPLES / f"{name}.txt")).role == EXPECTED[name]["role"] for name in EXPECTED]
    assert np.mean(right) > 0.95
    why = mine.predict(read_posting(EXAMPLES / "en-hybrid.txt")).explain()
    assert why.bias + sum(each.contribution for each in why.evidence) == pytest.approx(why.score, abs=1e-9)


def test_a_new_role_is_learnt_from_its_keywords_and_a_few_labels(labelled, tmp_path):
    folder = tmp_path / "roles"
    shutil.copytree(ROOT / "data" / "roles", folder)
    other = (folder / "other.toml").read_text(encoding="utf-8")
    head, *duties = other.split("[[duties]]")
    moved = [duty for duty in duties if 'id = "data_engineering"' in duty]
    assert len(moved) == 1
    (folder / "other.toml").write_text("[[duties]]".join([head, *(d for d in duties if d not in moved)]), "utf-8")
    new = (folder / "researcher.toml").read_text(encoding="utf-8").split("[[duties]]")[0]
    for key in ("receives_from", "hands_over_to"):
        new = re.sub(rf"(?m)^{key} = .*$", f"{key} = []", new)
    new = re.sub(r"\[\[taxonomy\]\][^\[]*", "", new).replace('id = "researcher"', 'id = "data_engineer"')
    (folder / "data_engineer.toml").write_text(f"{new}[[duties]]{moved[0]}", encoding="utf-8")
    rows = [json.loads(line) for line in labelled.read_text(encoding="utf-8").split("\n")]
    names = list(EXPECTED)
    for number, row in enumerate(rows):
        if "data-engineer" in names[number % len(names)]:
            row["label"] = "data_engineer"
    labelled.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    train_model(labelled, tmp_path / "mine", folder, begin_with=ROOT / "models" / "default", measure=False)
    text = "Responsibilities\n- Build data pipelines with Airflow\n- Design the data warehouse and ETL jobs in Spark"
    assert RoleClassifier.load(tmp_path / "mine").predict(text).role == "data_engineer"


def test_labels_too_few_to_leave_one_out_are_named(labelled, tmp_path):
    lines = labelled.read_text(encoding="utf-8").split("\n")
    seen: set[str] = set()
    kept = [line for line in lines if not (json.loads(line)["label"] in seen or seen.add(json.loads(line)["label"]))]
    labelled.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(LabelledDataError, match="has 1 labelled postings; give it at least 2"):
        train_model(labelled, tmp_path / "a", begin_with=ROOT / "models" / "default")
