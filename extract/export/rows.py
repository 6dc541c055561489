"""The rows of an events table as plain values, for writers that go row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from extract.table import COLUMNS


def read_rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield each row as plain values: None for NA, dates without a time."""
    columns = [_plain_values(frame[column]) for column in COLUMNS]
    for values in zip(*columns, strict=True):
        yield dict(zip(COLUMNS, values, strict=True))


def _plain_values(column: pd.Series) -> list[Any]:
    if column.dtype == object:
        return column.tolist()
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return [None if pd.isna(moment) else moment.date() for moment in column]
    return [None if pd.isna(value) else value for value in column.tolist()]
