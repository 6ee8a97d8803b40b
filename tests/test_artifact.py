import json
import shutil
import struct
from pathlib import Path

import pytest
from safetensors import safe_open

from rolelens import ModelError, RoleClassifier
from rolelens.model.model_file import FILE_NAME, FORMAT
from rolelens.support.packaged import data_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_path("models/default"), tmp_path / "model"))


def rewrite_header(path: Path, **changes) -> None:
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    tensors = json.loads(data[8 : 8 + length])
    header = json.loads(tensors["__metadata__"]["rolelens"])
    tensors["__metadata__"]["rolelens"] = json.dumps({**header, **changes})
    header_bytes = json.dumps(tensors).encode()
    path.write_bytes(struct.pack("<Q", len(header_bytes)) + header_bytes + data[8 + length :])


def test_the_model_is_plain_safetensors_that_any_reader_opens():
    with safe_open(data_path("models/default") / FILE_NAME, framework="np") as file:
        assert set(file.keys()) == {
            *("vocabulary", "idf", "weights", "keyword_weights", "bias", "calibration", "familiar")
        }
        assert json.loads(file.metadata()["rolelens"])["format"] == FORMAT


def test_the_model_folder_is_small():
    assert sum(path.stat().st_size for path in data_path("models/default").iterdir()) < 3_000_000


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="no model there"):
        RoleClassifier.load(tmp_path)


@pytest.mark.parametrize("keep", [0, 5, 100, 200_000, -1])
def test_a_cut_off_model_is_damaged(folder, keep):
    path = folder / FILE_NAME
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(ModelError, match="damaged"):
        RoleClassifier.load(folder)


def test_one_flipped_bit_is_noticed(folder):
    path = folder / FILE_NAME
    data = bytearray(path.read_bytes())
    data[-1000] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="damaged"):
        RoleClassifier.load(folder)


@pytest.mark.parametrize("content", [b"garbage garbage garbage", b"\x02\0\0\0\0\0\0\0[]", b"\xff" * 64])
def test_what_is_no_model_is_damaged(folder, content):
    (folder / FILE_NAME).write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        RoleClassifier.load(folder)


def test_a_newer_format_asks_for_an_upgrade(folder):
    rewrite_header(folder / FILE_NAME, format=FORMAT + 1)
    with pytest.raises(ModelError, match="upgrade rolelens"):
        RoleClassifier.load(folder)


def test_the_id_of_a_model_follows_its_content(folder):
    before = RoleClassifier.load(folder).model.id
    rewrite_header(folder / FILE_NAME, review_below=0.5)
    assert RoleClassifier.load(folder).model.id != before
