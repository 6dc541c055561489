"""The events table in Arrow's columns, as the store reads and files carry it.

The schema is that of `extract.snapshot`: codes are lists, a column that holds dicts in the table
is a text of JSON, as in the database, and dates are days.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from extract.records import Article
from extract.snapshot import LISTS, NESTED, SCHEMA
from extract.table import COLUMNS, check_table

EVENT_SCHEMA: pa.Schema = SCHEMA
ARTICLE_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("url", pa.string()),
        ("source", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("published", pa.date32()),
        ("language", pa.string()),
        ("origin", pa.string()),
        ("skipped", pa.string()),
        ("supposed", pa.int64()),
    ]
)
_DATES = (datetime.date, type(None))


def build_batch(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Return columns of plain cells as a batch; days as dates or YYYY-MM-DD, lists or JSON."""
    return pa.RecordBatch.from_arrays(
        [build_array(columns[field.name], field.type) for field in schema], schema=schema
    )


def build_array(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Return plain cells as a column of a kind; see `build_batch`."""
    if kind == pa.date32() and not all(isinstance(cell, _DATES) for cell in cells):
        return pa.array(cells, pa.string()).cast(kind)
    if pa.types.is_list(kind) and len(cells) and isinstance(cells[0], str):
        return read_lists(pa.array(cells, pa.string()), kind)
    return pa.array(cells, kind)


def read_lists(texts: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return a column of JSON texts as lists: few differ, and each that does is read once."""
    coded = texts.dictionary_encode()
    lists = pa.array([json.loads(text) for text in coded.dictionary.to_pylist()], kind)
    return lists.take(coded.indices)


def write_rows(rows: Iterable[Mapping[str, Any]]) -> pa.RecordBatch:
    """Return rows of `extract.table.build_row` as a batch."""
    rows = list(rows)
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in COLUMNS}
    for name in NESTED:
        columns[name] = [write_json(cell) for cell in columns[name]]
    return build_batch(columns, EVENT_SCHEMA)


def write_articles(rows: Iterable[tuple[Article, str | None, str | None, int]]) -> pa.RecordBatch:
    """Return articles as a batch, each with its origin, why it has no event, what it supposes."""
    rows = list(rows)
    columns: dict[str, list[Any]] = {
        name: [getattr(article, name) for article, *_ in rows]
        for name in ARTICLE_SCHEMA.names
        if name not in ("origin", "skipped", "supposed")
    }
    columns["origin"] = [origin for _, origin, _, _ in rows]
    columns["skipped"] = [skipped for _, _, skipped, _ in rows]
    columns["supposed"] = [supposed for *_, supposed in rows]
    return build_batch(columns, ARTICLE_SCHEMA)


def cast_batch(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch with the columns of a schema, in its order and kinds.

    A list may be a text of JSON. Raises KeyError where a column is missing, and Arrow's own error
    where it has values of another kind.
    """
    columns = []
    for field in schema:
        column = batch[field.name]
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_list(field.type) and not pa.types.is_list(column.type):
            column = read_lists(column, field.type)
        columns.append(column.cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def write_json(value: Any) -> str:
    """Return a cell as the text that the store holds for it."""
    return json.dumps(value, ensure_ascii=False)


def correct_batch(
    batch: pa.RecordBatch, changes: Mapping[str, Mapping[str, Any]]
) -> pa.RecordBatch:
    """Return a batch with the values that `changes` gives for some event ids and columns."""
    rows = pc.indices_nonzero(pc.is_in(batch["event_id"], pa.array(list(changes), pa.string())))
    if not len(rows):
        return batch
    columns = {}
    ids = batch["event_id"].take(rows).to_pylist()
    for name in {name for identity in ids for name in changes[identity]}:
        columns[name] = batch[name].to_pylist()
    for row, identity in zip(rows.to_pylist(), ids, strict=True):
        for name, value in changes[identity].items():
            columns[name][row] = write_json(value) if name in NESTED else value
    arrays = [
        build_array(columns[field.name], field.type) if field.name in columns else batch[field.name]
        for field in EVENT_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=EVENT_SCHEMA)


def read_frame(batches: Iterable[pa.RecordBatch]) -> pd.DataFrame:
    """Return batches as the checked table of `extract.table`."""
    table = pa.Table.from_batches(batches, EVENT_SCHEMA)
    frame = pd.DataFrame(
        {name: _read_column(name, table.column(name)) for name in COLUMNS}, copy=False
    )
    check_table(frame)
    return frame


def _read_column(name: str, column: pa.ChunkedArray) -> pd.Series:
    dtype = COLUMNS[name]
    if name in LISTS:
        return pd.Series(shape_cells(name, column.to_pylist()), dtype="object")
    if name in NESTED:
        return pd.Series(shape_cells(name, map(json.loads, column.to_pylist())), dtype="object")
    if dtype == "datetime64[s]":
        days: pd.Series = column.cast(pa.timestamp("s")).to_pandas().astype(dtype)
        return days
    kinds = {
        pa.string(): pd.StringDtype(),
        pa.int64(): pd.Int64Dtype(),
        pa.float64(): pd.Float64Dtype(),
    }
    cells: pd.Series = column.to_pandas(types_mapper=kinds.get)
    return cells


def shape_cells(column: str, cells: Iterable[Any]) -> list[Any]:
    """Return the cells of a column as the table has them: what JSON made lists are tuples."""
    if column in ("country", "contexts", "casualties", "alternatives"):
        return [tuple(cell) for cell in cells]
    if column == "spans":
        return [{name: tuple(pair) for name, pair in cell.items()} for cell in cells]
    if column == "evidence":
        return [{name: tuple(map(tuple, pairs)) for name, pairs in cell.items()} for cell in cells]
    return list(cells)
