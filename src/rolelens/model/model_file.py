"""The model file: safetensors with everything a prediction needs, read without numpy and checked field by field."""

from __future__ import annotations

import json
import math
import re
import struct
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rolelens.errors import ModelError
from rolelens.model.settings import Settings
from rolelens.reading.sections import SECTIONS

FORMAT = 5  # raise it whenever an older rolelens could not read the file
FILE_NAME = "model.safetensors"
MOST_ROLES = 62  # the roles that a title names are the bits of one number
MOST_UNITS = 12  # words of a documented phrase
MOST_UNIT = 100  # characters of one of them
_HEADER = "rolelens"  # the one metadata key: safetensors keeps no order among several, and bytes must repeat
_CHECKSUM = "checksum"  # a tensor of four bytes: the CRC-32 of the whole file with zeros in its place
_MAX_HEADER_BYTES = 50_000_000
_ITEM_CODES: Mapping[str, Literal["f", "d", "B"]] = {"F32": "f", "F64": "d", "U8": "B"}
_DTYPES = {
    "vocabulary": "U8",
    "idf": "F32",
    "weights": "F32",
    "keyword_weights": "F32",
    "bias": "F64",
    "calibration": "F64",
    "familiar": "U8",
    _CHECKSUM: "U8",
}
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_DUTY_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\.[a-z0-9][a-z0-9_]{0,63}")
_NAME = re.compile(r"\w[\w .-]{0,99}")  # no formula, no markup, no escape sequence, wherever it is shown

KeywordTable = Mapping[str, Sequence[tuple[Sequence[str], int]]]


class ModelDuty(NamedTuple):
    """A documented duty as the model knows it; `id` is "role.duty"."""

    id: str
    role: int
    title: Mapping[str, str]


@dataclass(frozen=True, eq=False, repr=False)
class Model:
    """Everything a prediction needs.

    `weights` is flat, of shape (phrases, views, roles); `keyword_weights` of shape (duties, roles); both sum to zero
    over the roles, so that a contribution is a log-odds against the average role. `phrases` holds the vocabulary, one
    phrase a line; `headings` the headings that open each section, with blanks between. `calibration` holds, in
    ascending order, the probability that every judged posting's label was given out of fold. `familiar` is the filter
    of the phrases met in training: see `bloom.py`.
    """

    id: str
    roles: tuple[str, ...]
    names: Mapping[str, Mapping[str, str]]
    aliases: Mapping[str, str]
    duties: tuple[ModelDuty, ...]
    keywords: KeywordTable
    settings: Settings
    headings: Mapping[str, str]
    phrases: str
    idf: array[float]
    weights: array[float]
    keyword_weights: array[float]
    bias: array[float]
    temperature: float
    review_below: float
    calibration: array[float]
    familiar: bytes
    training: Mapping[str, Any]

    @cached_property
    def vocabulary(self) -> Mapping[str, int]:
        """The number of every phrase."""
        return dict(zip(self.phrases.split("\n"), count()))


def read_model(folder: Path) -> Model:
    """Return the model of a folder.

    Raises:
        ModelError: the file is missing, damaged, or written by a newer rolelens.
    """
    return model_of(model_data(folder), str(folder / FILE_NAME))


def model_data(folder: Path) -> bytes:
    """Return the bytes of a folder's model file.

    Raises:
        ModelError: it is missing.
    """
    path = folder / FILE_NAME
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: no model there ({error.strerror}); name a folder that holds {FILE_NAME}") from error


def model_of(data: bytes, path: str) -> Model:
    """Return the model in the bytes of a file, `path` being its name in messages.

    Raises:
        ModelError: they are damaged, written by a newer rolelens, or hold what no model holds.
    """
    try:
        header, tensors, body = _parts(data)
        if header["format"] == FORMAT:
            return _model(header, _arrays(data, tensors, body), data)
        found = header["format"]
    except (struct.error, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ModelError(
            f"{path}: the file is damaged ({_told(error)}); copy it again or train it anew with `rolelens train`"
        ) from error
    if not isinstance(found, int):
        raise ModelError(f"{path}: the file is damaged (no format); copy it again")
    raise ModelError(
        f"{path}: format {found}, this rolelens reads format {FORMAT}; "
        f"{'upgrade rolelens' if found > FORMAT else 'train the model anew'}"
    )


def _told(error: Exception) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in str(error))[:200]


def _parts(data: bytes) -> tuple[dict[str, Any], dict[str, Any], memoryview]:
    (length,) = struct.unpack_from("<Q", data)
    if length > min(_MAX_HEADER_BYTES, len(data) - 8):
        raise ValueError("its header is cut off")
    tensors = json.loads(data[8 : 8 + length])
    return json.loads(tensors.pop("__metadata__")[_HEADER]), tensors, memoryview(data)[8 + length :]


def _arrays(data: bytes, tensors: Mapping[str, Any], body: memoryview) -> dict[str, array[Any]]:
    """Return the arrays of a file whose checksum is right."""
    _require(set(tensors) == set(_DTYPES), "other arrays than a model has")
    arrays: dict[str, array[Any]] = {}
    covered = []
    for name, tensor in tensors.items():
        start, end = tensor["data_offsets"]
        _require(type(start) is int and type(end) is int and 0 <= start <= end <= len(body), f"{name}: its place")
        _require(tensor["dtype"] == _DTYPES[name], f"{name}: its type")
        arrays[name] = array(_ITEM_CODES[tensor["dtype"]])
        _require(math.prod(tensor["shape"]) * arrays[name].itemsize == end - start, f"{name}: its shape")
        arrays[name].frombytes(body[start:end])
        covered.append((start, end))
    covered.sort()
    _require(
        covered[0][0] == 0
        and covered[-1][1] == len(body)
        and all(one[1] == other[0] for one, other in pairwise(covered)),
        "its arrays overlap or leave gaps",
    )
    _require(len(arrays[_CHECKSUM]) == 4, "its checksum")
    place = len(data) - len(body) + tensors[_CHECKSUM]["data_offsets"][0]
    _require(_checksum(data, place) == arrays[_CHECKSUM].tobytes(), "its checksum does not fit")
    return arrays


def _checksum(data: bytes, place: int) -> bytes:
    """Return the CRC-32 of a file with zeros in the place of its checksum."""
    before = zlib.crc32(bytes(4), zlib.crc32(memoryview(data)[:place]))
    return struct.pack("<I", zlib.crc32(memoryview(data)[place + 4 :], before))


def _model(header: Mapping[str, Any], arrays: Mapping[str, array[Any]], data: bytes) -> Model:
    """Return a model, having held every field against what it may be and against the others."""
    name, roles, names, aliases = header["name"], header["roles"], header["names"], header["aliases"]
    _require(isinstance(name, str) and _NAME.fullmatch(name) is not None, "its name")
    _require(isinstance(roles, list) and 2 <= len(roles) <= MOST_ROLES and len(set(roles)) == len(roles), "its roles")
    _require(all(isinstance(role, str) and _ID.fullmatch(role) for role in roles), "the id of a role")
    _require(set(names) == set(roles) and all(_is_bilingual(each) for each in names.values()), "the names of its roles")
    _require(all(_is_text(alias) and role in roles for alias, role in aliases.items()), "the aliases of its roles")
    duties = tuple(ModelDuty(**duty) for duty in header["duties"])
    for duty in duties:
        _require(isinstance(duty.id, str) and _DUTY_ID.fullmatch(duty.id) is not None, "the id of a duty")
        _require(_is_index(duty.role, len(roles)) and _is_bilingual(duty.title), f"the duty {duty.id}")
    keywords = header["keywords"]
    documented = [entry for listed in keywords.values() for entry in listed]
    units = [unit for listed, _ in documented for unit in listed]
    _require(all(0 < len(listed) <= MOST_UNITS and isinstance(listed, list) for listed, _ in documented), "a phrase")
    _require(all(units) and max(map(len, units), default=0) <= MOST_UNIT, "a word of a phrase")
    _require("".join(units).isprintable() and " " not in "".join(units), "a word of a phrase")
    _require(all(_is_index(duty, len(duties)) for _, duty in documented), "the duty of a phrase")
    headings = header["headings"]
    _require(set(headings) <= set(SECTIONS) and all(_is_text(keys) for keys in headings.values()), "its headings")
    settings = Settings.from_dict(header["settings"])
    phrases = str(arrays["vocabulary"].tobytes(), "utf-8")
    _require(phrases.replace("\n", "").isprintable(), "its phrases")
    width, vocabulary = len(roles), phrases.count("\n") + 1 if phrases else 0
    for key, wanted in (
        ("idf", vocabulary),
        ("weights", vocabulary * len(settings.views) * width),
        ("keyword_weights", len(duties) * width),
        ("bias", width),
    ):
        _require(len(arrays[key]) == wanted, f"{key}: {len(arrays[key])} numbers, not {wanted}")
    calibration, temperature, review_below = arrays["calibration"], header["temperature"], header["review_below"]
    _require(all(-1e6 < each < 1e6 for each in arrays["bias"]), "its bias")
    _require(
        len(calibration) > 0
        and 0 <= calibration[0] <= calibration[-1] <= 1
        and all(one <= other for one, other in pairwise(calibration)),
        "its calibration",
    )
    _require(_is_number(temperature) and 0.001 <= temperature <= 1000, "its temperature")
    _require(_is_number(review_below) and 0 <= review_below <= 1, "its threshold for review")
    _require(len(arrays["familiar"]) > 0 and isinstance(header["training"], dict), "what it was trained with")
    return Model(
        id=f"{name}-{zlib.crc32(data):08x}",
        roles=tuple(roles),
        names=names,
        aliases=aliases,
        duties=duties,
        keywords=keywords,
        settings=settings,
        headings=headings,
        phrases=phrases,
        idf=arrays["idf"],
        weights=arrays["weights"],
        keyword_weights=arrays["keyword_weights"],
        bias=arrays["bias"],
        temperature=temperature,
        review_below=review_below,
        calibration=calibration,
        familiar=arrays["familiar"].tobytes(),
        training=header["training"],
    )


def _require(holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(what)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_bilingual(values: Mapping[str, object]) -> bool:
    return set(values) == {"en", "ko"} and all(_is_text(each) and str(each)[:1].isalnum() for each in values.values())


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_index(value: object, count: int) -> bool:
    return type(value) is int and 0 <= value < count


def model_bytes(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> bytes:
    """Return the model file for a header and numpy arrays, `checksum` four zeros; same inputs give the same bytes."""
    from safetensors.numpy import save

    metadata = {_HEADER: json.dumps({**header, "format": FORMAT}, ensure_ascii=False, sort_keys=True)}
    data = bytearray(save(dict(arrays), metadata))
    _, tensors, body = _parts(bytes(data))
    place = len(data) - len(body) + tensors[_CHECKSUM]["data_offsets"][0]
    data[place : place + 4] = _checksum(bytes(data), place)
    return bytes(data)
