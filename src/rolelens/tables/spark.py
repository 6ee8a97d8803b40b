"""A Spark DataFrame is scored where it is: the columns of `rolelens score`, a partition at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rolelens.classifier import RoleClassifier
from rolelens.errors import TableError
from rolelens.model.model_file import model_data, model_of
from rolelens.support.packaged import data_path
from rolelens.tables.column_detection import Fields, choose_fields
from rolelens.tables.result_columns import FLAGS, NUMBERS, outcome_columns, outcome_values, renamed

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame

_CHUNK = 500  # postings at once; more need memory, not time


def score(
    df: DataFrame, text: str | Sequence[str] | None = None, title: str | None = None, *, model: str | Path | None = None
) -> DataFrame:
    """Return a DataFrame with all its columns and, after them, those that `rolelens score` adds.

    Nothing is computed before an action asks for it. A row that cannot be scored, for want of a text say, is kept and
    has its `error` filled. The model travels with the function, which Spark ships to each executor once.

    Args:
        df: the postings, one a row; any other columns stay as they are.
        text: the column of the texts, or several that are joined; by default those with usual names.
        title: the column of the titles, likewise.
        model: a model folder on the driver, by default the one that comes with rolelens.

    Raises:
        TableError: a column is not there, or none looks like a posting's text.
        ModelError: the model is missing, damaged or of a newer format.
    """
    from pyspark.sql.types import BooleanType, DoubleType, StringType, StructField, StructType

    fields = choose_fields(df.columns, [text] if isinstance(text, str) else list(text or ()), title)
    data = model_data(Path(model) if model is not None else data_path("models/default"))
    names = outcome_columns(model_of(data, str(model)))
    for place in fields.used:
        if df.columns.count(df.columns[place]) > 1:
            raise TableError(f"there are several columns {df.columns[place]!r}; rename them")
    kinds = {**dict.fromkeys(FLAGS, BooleanType()), **dict.fromkeys(filter(NUMBERS.match, names), DoubleType())}
    added = [
        StructField(ours, kinds.get(name, StringType()), nullable=True)
        for name, ours in zip(names, renamed(names, df.columns), strict=True)
    ]
    return df.mapInArrow(_partition_scorer(data, fields), StructType([*df.schema.fields, *added]))


def _partition_scorer(data: bytes, fields: Fields) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return what Spark runs on the batches of each partition."""

    def scored(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        classifier = _classifier_of(data)
        for whole in batches:
            for start in range(0, whole.num_rows, _CHUNK):
                yield _with_outcome(whole.slice(start, _CHUNK), fields, classifier)

    return scored


def _with_outcome(batch: pa.RecordBatch, fields: Fields, classifier: RoleClassifier) -> pa.RecordBatch:
    import pyarrow as pa

    cells: list[list[Any]] = [[None] * len(batch)] * batch.num_columns
    for place in fields.used:
        cells[place] = batch.column(place).to_pylist()
    model = classifier.model
    found = classifier.score([fields.posting(row, "") for row in zip(*cells, strict=True)])
    names = outcome_columns(model)
    columns = zip(*(outcome_values(each, model) for each in found), strict=True)
    arrays = [pa.array(column, _arrow_type(name)) for name, column in zip(names, columns, strict=True)]
    return pa.RecordBatch.from_arrays(
        [*batch.columns, *arrays], [*batch.schema.names, *renamed(names, batch.schema.names)]
    )


def _arrow_type(name: str) -> pa.DataType:
    import pyarrow as pa

    return pa.bool_() if name in FLAGS else pa.float64() if NUMBERS.match(name) else pa.string()


_classifiers: dict[bytes, RoleClassifier] = {}


def _classifier_of(data: bytes) -> RoleClassifier:
    """Return the classifier of a model file's bytes, which a worker process makes once and uses for all partitions."""
    if data not in _classifiers:
        _classifiers[data] = RoleClassifier(model_of(data, "the model"))
    return _classifiers[data]
