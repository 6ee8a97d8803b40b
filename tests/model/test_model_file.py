import json
import random
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from safetensors import safe_open

from rolelens import ModelError, RoleClassifier
from rolelens.model.model_file import FILE_NAME, FORMAT, model_of
from rolelens.support.packaged import data_path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(data_path("models/default"), tmp_path / "model"))


def with_header(data: bytes, change, arrays=lambda _: None) -> bytes:
    """Return a model file with a header changed, its checksum made right again where there is one to make."""
    (length,) = struct.unpack_from("<Q", data)
    tensors, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    header = json.loads(tensors["__metadata__"]["rolelens"])
    header = change(header) or header
    tensors["__metadata__"]["rolelens"] = json.dumps(header)
    arrays(tensors)
    start = json.dumps(tensors).encode()
    whole = bytearray(struct.pack("<Q", len(start)) + start + body)
    place = len(whole) - len(body) + tensors["checksum"]["data_offsets"][0]
    whole[place : place + 4] = bytes(4)
    whole[place : place + 4] = struct.pack("<I", zlib.crc32(whole))
    return bytes(whole)


def rewrite_header(path: Path, **changes) -> None:
    path.write_bytes(with_header(path.read_bytes(), lambda header: {**header, **changes}))


def test_the_model_is_plain_safetensors_that_any_reader_opens():
    with safe_open(data_path("models/default") / FILE_NAME, framework="np") as file:
        assert set(file.keys()) == {
            *("vocabulary", "idf", "weights", "keyword_weights", "bias", "calibration", "familiar", "checksum")
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


def test_any_flipped_bit_is_noticed():
    data = (data_path("models/default") / FILE_NAME).read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    generator = random.Random(500)
    places = [generator.randrange(8 * (8 + length)) for _ in range(250)]
    places += [generator.randrange(8 * len(data)) for _ in range(250)]
    for place in places:
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        with pytest.raises(ModelError):
            model_of(bytes(flipped), "flipped")


BROKEN = {
    "no roles": lambda h: {**h, "roles": []},
    "one role": lambda h: {**h, "roles": h["roles"][:1]},
    "fewer roles": lambda h: {**h, "roles": h["roles"][:5]},
    "more roles": lambda h: {**h, "roles": [*h["roles"], "chef"]},
    "roles twice": lambda h: {**h, "roles": [h["roles"][0]] * 6},
    "a hundred roles": lambda h: {**h, "roles": [f"r{n}" for n in range(100)]},
    "roles of numbers": lambda h: {**h, "roles": [1, 2, 3, 4, 5, 6]},
    "a role with an escape": lambda h: {**h, "roles": ["\x1b[31m", *h["roles"][1:]]},
    "roles a text": lambda h: {**h, "roles": "abcdef"},
    "no name": lambda h: {k: v for k, v in h.items() if k != "name"},
    "a formula for a name": lambda h: {**h, "name": "=cmd|' /C calc'!A0"},
    "an escape in the name": lambda h: {**h, "name": "a\x1b]0;x\x07"},
    "markup in the name": lambda h: {**h, "name": "<script>"},
    "a name without end": lambda h: {**h, "name": "a" * 10_000},
    "names of others": lambda h: {**h, "names": {}},
    "names in one language": lambda h: {**h, "names": {r: {"en": "x"} for r in h["roles"]}},
    "names with an escape": lambda h: {**h, "names": {r: {"en": "\x1b[2J", "ko": "가"} for r in h["roles"]}},
    "names with a formula": lambda h: {**h, "names": {r: {"en": "=1+1", "ko": "가"} for r in h["roles"]}},
    "names a list": lambda h: {**h, "names": []},
    "aliases of others": lambda h: {**h, "aliases": {"chef": "chef"}},
    "aliases a list": lambda h: {**h, "aliases": ["chef"]},
    "aliases of numbers": lambda h: {**h, "aliases": {"chef": 3}},
    "a duty of no role": lambda h: {**h, "duties": [{**h["duties"][0], "role": 100}, *h["duties"][1:]]},
    "a duty below zero": lambda h: {**h, "duties": [{**h["duties"][0], "role": -1}, *h["duties"][1:]]},
    "a duty of half a role": lambda h: {**h, "duties": [{**h["duties"][0], "role": 0.5}, *h["duties"][1:]]},
    "a duty of True": lambda h: {**h, "duties": [{**h["duties"][0], "role": True}, *h["duties"][1:]]},
    "a duty with more": lambda h: {**h, "duties": [{**h["duties"][0], "more": 1}, *h["duties"][1:]]},
    "a duty without an id": lambda h: {**h, "duties": [{**h["duties"][0], "id": ""}, *h["duties"][1:]]},
    "a duty's title a text": lambda h: {**h, "duties": [{**h["duties"][0], "title": "x"}, *h["duties"][1:]]},
    "fewer duties": lambda h: {**h, "duties": h["duties"][:3]},
    "duties a number": lambda h: {**h, "duties": 3},
    "a phrase of duty 100": lambda h: {**h, "keywords": {"a": [[["a"], 100]]}},
    "a phrase of duty -1": lambda h: {**h, "keywords": {"a": [[["a"], -1]]}},
    "a phrase without words": lambda h: {**h, "keywords": {"a": [[[], 0]]}},
    "a phrase of empty words": lambda h: {**h, "keywords": {"a": [[["", "b"], 0]]}},
    "a phrase of numbers": lambda h: {**h, "keywords": {"a": [[[1, 2], 0]]}},
    "a phrase without end": lambda h: {**h, "keywords": {"a": [[["a"] * 1000, 0]]}},
    "a word without end": lambda h: {**h, "keywords": {"a": [[["a" * 100_000], 0]]}},
    "keywords a list": lambda h: {**h, "keywords": []},
    "keywords a number": lambda h: {**h, "keywords": {"a": 3}},
    "headings of other sections": lambda h: {**h, "headings": {"kitchen": "a b"}},
    "headings of numbers": lambda h: {**h, "headings": {"duties": 3}},
    "headings with a newline": lambda h: {**h, "headings": {"duties": "a\nb"}},
    "no temperature": lambda h: {k: v for k, v in h.items() if k != "temperature"},
    "temperature zero": lambda h: {**h, "temperature": 0},
    "temperature NaN": lambda h: {**h, "temperature": float("nan")},
    "temperature a text": lambda h: {**h, "temperature": "1.0"},
    "temperature True": lambda h: {**h, "temperature": True},
    "review below two": lambda h: {**h, "review_below": 2.0},
    "review below infinity": lambda h: {**h, "review_below": float("inf")},
    "training a list": lambda h: {**h, "training": []},
    "no settings": lambda h: {k: v for k, v in h.items() if k != "settings"},
    "settings with more": lambda h: {**h, "settings": {**h["settings"], "more": 1}},
    "no views": lambda h: {**h, "settings": {**h["settings"], "views": []}},
    "more views": lambda h: {**h, "settings": {**h["settings"], "views": h["settings"]["views"] * 2}},
    "a view too few": lambda h: {**h, "settings": {**h["settings"], "views": h["settings"]["views"][:2]}},
    "a view of other sections": lambda h: {
        **h, "settings": {**h["settings"], "views": [{**v, "sections": {"x": 1}} for v in h["settings"]["views"]]}
    },
    "a section's weight NaN": lambda h: {
        **h, "settings": {**h["settings"], "keyword_sections": {"duties": float("nan")}}
    },
    "a section's weight below zero": lambda h: {**h, "settings": {**h["settings"], "keyword_sections": {"duties": -1}}},
    "a thousand million mentions": lambda h: {**h, "settings": {**h["settings"], "most_counted": 1e9}},
    "mentions a text": lambda h: {**h, "settings": {**h["settings"], "most_counted": "32"}},
    "keyword scale infinite": lambda h: {**h, "settings": {**h["settings"], "keyword_scale": float("inf")}},
    "the header a list": lambda h: [h],
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_header_is_refused_although_its_checksum_is_right(how):
    data = (data_path("models/default") / FILE_NAME).read_bytes()
    with pytest.raises(ModelError):
        model_of(with_header(data, BROKEN[how]), "broken")


ARRAYS = {
    "weights of another type": lambda t: t["weights"].update(dtype="F64"),
    "weights of another shape": lambda t: t["weights"].update(shape=[3, 4]),
    "weights that are bias": lambda t: t["weights"].update(data_offsets=t["bias"]["data_offsets"], shape=[12]),
    "offsets beyond the file": lambda t: t["idf"].update(data_offsets=[0, 1 << 60], shape=[1 << 58]),
    "offsets that end before they start": lambda t: t["idf"].update(data_offsets=[100, 50]),
    "offsets below zero": lambda t: t["idf"].update(data_offsets=[-8, 50]),
    "offsets of texts": lambda t: t["idf"].update(data_offsets=["0", "8"]),
    "one offset": lambda t: t["idf"].update(data_offsets=[0]),
    "an array missing": lambda t: t.pop("idf"),
    "an array more": lambda t: t.update(more=t["idf"]),
    "an array a number": lambda t: t.update(idf=3),
}


@pytest.mark.parametrize("how", ARRAYS)
def test_arrays_that_do_not_fit_are_refused_although_the_checksum_is_right(how):
    data = (data_path("models/default") / FILE_NAME).read_bytes()
    with pytest.raises(ModelError, match="damaged"):
        model_of(with_header(data, lambda _: None, ARRAYS[how]), "broken")


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e30])
@pytest.mark.parametrize("name", ["idf", "weights", "keyword_weights", "bias"])
def test_weights_that_are_no_numbers_are_refused(name, value):
    data = bytearray((data_path("models/default") / FILE_NAME).read_bytes())
    (length,) = struct.unpack_from("<Q", data)
    start, _ = json.loads(data[8 : 8 + length])[name]["data_offsets"]
    struct.pack_into("<d" if name == "bias" else "<f", data, 8 + length + start, value)
    with pytest.raises(ModelError):
        RoleClassifier(model_of(with_header(bytes(data), lambda _: None), "broken"))


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
