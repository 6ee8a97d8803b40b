"""The outcome of many postings as a pandas DataFrame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rolelens.tables.column_detection import choose_fields
from rolelens.tables.result_columns import FLAGS, NUMBERS, outcome_columns, outcome_values

if TYPE_CHECKING:
    import pandas as pd

    from rolelens.model.decision import RowResult
    from rolelens.model.model_file import Model
    from rolelens.posting import Posting


def score_frame(
    frame: pd.DataFrame,
    score: Callable[[Sequence[Posting]], list[RowResult]],
    model: Model,
    text: str | Sequence[str] | None,
    title: str | None,
) -> pd.DataFrame:
    """Return the outcome of every row of a frame, aligned on its index.

    Raises:
        TableError: a column named is not there, or none looks like a posting's text.
    """
    import pandas as pd

    texts = [text] if isinstance(text, str) else list(text or ())
    fields = choose_fields([str(column) for column in frame.columns], texts, title)
    columns = {place: [None if missing else cell for cell, missing in _cells(frame, place)] for place in fields.used}
    cells: list[Any] = [None] * len(frame.columns)
    postings = []
    for number in range(len(frame)):
        for place in fields.used:
            cells[place] = columns[place][number]
        postings.append(fields.posting(cells, ""))
    rows = [outcome_values(each, model) for each in score(postings)]
    names = outcome_columns(model)
    result = pd.DataFrame(rows, columns=names, index=frame.index)
    return result.astype({name: _dtype(name) for name in names})


def _cells(frame: pd.DataFrame, place: int) -> zip[tuple[Any, Any]]:
    column = frame.iloc[:, place]
    return zip(column.tolist(), column.isna().tolist(), strict=True)


def _dtype(name: str) -> str:
    return "boolean" if name in FLAGS else "float64" if NUMBERS.match(name) else "string"
