"""The model file: safetensors with everything a prediction needs, read without numpy."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rolelens.errors import ModelError
from rolelens.settings import Settings
from rolelens.text import KeywordTable

FORMAT = 4  # raise it whenever an older rolelens could not read the file
FILE_NAME = "model.safetensors"
_HEADER = "rolelens"  # the one metadata key: safetensors keeps no order among several, and bytes must repeat
_MAX_HEADER_BYTES = 50_000_000
_ITEM_CODES: Mapping[str, Literal["f", "d", "B"]] = {"F32": "f", "F64": "d", "U8": "B"}


class ModelDuty(NamedTuple):
    """A documented duty as the model knows it; `id` is "role.duty"."""

    id: str
    role: int
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False, repr=False)  # methods cost time at every start
class Model:
    """Everything a prediction needs.

    `weights` is flat, of shape (phrases, views, roles); `keyword_weights` of shape (duties, roles); both sum to zero
    over the roles, so that a contribution is a log-odds against the average role. `calibration` holds, in ascending
    order, the probability that every judged posting's label was given out of fold. `familiar` is the filter of the
    phrases met in training: see `familiar.py`.
    """

    id: str
    roles: tuple[str, ...]
    names: Mapping[str, Mapping[str, str]]
    aliases: Mapping[str, str]
    duties: tuple[ModelDuty, ...]
    keywords: KeywordTable
    settings: Settings
    headings: Mapping[str, str]
    vocabulary: Mapping[str, int]
    idf: Sequence[float]
    weights: Sequence[float]
    keyword_weights: Sequence[float]
    bias: tuple[float, ...]
    temperature: float
    review_below: float
    calibration: Sequence[float]
    familiar: Sequence[int]
    training: Mapping[str, Any]

    def __reduce__(self) -> tuple[type[Model], tuple[Any, ...]]:
        """Go to other processes with arrays in the place of views of a file, which do not travel."""
        from array import array

        values = (getattr(self, field) for field in self.__slots__)
        return Model, tuple(array(each.format, each) if isinstance(each, memoryview) else each for each in values)


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
        ModelError: they are damaged, or written by a newer rolelens.
    """
    damaged = ModelError(f"{path}: the file is damaged; copy it again or train it anew with `rolelens train`")
    try:
        (length,) = struct.unpack_from("<Q", data)
        if length > min(_MAX_HEADER_BYTES, len(data) - 8):
            raise damaged
        tensors = json.loads(data[8 : 8 + length])
        header = json.loads(tensors.pop("__metadata__")[_HEADER])
        found = int(header["format"])
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise damaged from error
    if found != FORMAT:
        raise ModelError(
            f"{path}: format {found}, this rolelens reads format {FORMAT}; "
            f"{'upgrade rolelens' if found > FORMAT else 'train the model anew'}"
        )
    body = memoryview(data)[8 + length :]
    if zlib.crc32(body) != header["crc32"]:
        raise damaged
    arrays = {
        name: body[slice(*tensor["data_offsets"])].cast(_ITEM_CODES[tensor["dtype"]])
        for name, tensor in tensors.items()
    }
    return Model(
        id=f"{header['name']}-{zlib.crc32(data):08x}",
        roles=tuple(header["roles"]),
        names=header["names"],
        aliases=header["aliases"],
        duties=tuple(ModelDuty(**duty) for duty in header["duties"]),
        keywords=header["keywords"],
        settings=Settings.from_dict(header["settings"]),
        headings={key: section for section, keys in header["headings"].items() for key in keys.split()},
        vocabulary=dict(zip(str(arrays["vocabulary"], "utf-8").split("\n"), count())),
        idf=arrays["idf"],
        weights=arrays["weights"],
        keyword_weights=arrays["keyword_weights"],
        bias=tuple(arrays["bias"]),
        temperature=header["temperature"],
        review_below=header["review_below"],
        calibration=arrays["calibration"],
        familiar=bytes(arrays["familiar"]),
        training=header["training"],
    )


def model_bytes(header: Mapping[str, Any], arrays: Mapping[str, Any]) -> bytes:
    """Return the model file for a header and numpy arrays; the same inputs give the same bytes."""
    from safetensors.numpy import save

    def body(data: bytes) -> bytes:
        return data[8 + struct.unpack_from("<Q", data)[0] :]

    complete = {**header, "format": FORMAT, "crc32": zlib.crc32(body(save(dict(arrays))))}
    return save(dict(arrays), {_HEADER: json.dumps(complete, ensure_ascii=False, sort_keys=True)})
