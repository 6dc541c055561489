"""The events table as a file that every session maps and none holds: Arrow IPC, uncompressed.

    store's batches -> a file named by the store's version -> a table in mapped memory

The file is written beside its final name and moved there whole, so that a reader sees all of it
or nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from extract.coded import FOLDED, LONG, fold_column
from extract.table import COLUMNS

FORMAT = 1  # raised when SCHEMA changes, so that older files are passed over
LISTS = ("country", "contexts")
# What is kept as the JSON text that the database holds, and read when a row is looked at.
NESTED = ("spans", "casualties", "alternatives", "evidence")
_TYPES = {
    "string": pa.string(),
    "datetime64[s]": pa.date32(),
    "Int64": pa.int64(),
    "Float64": pa.float64(),
}
SCHEMA = pa.schema(
    [
        (
            column,
            pa.list_(pa.string())
            if column in LISTS
            else pa.string()
            if column in NESTED
            else _TYPES[dtype],
        )
        for column, dtype in COLUMNS.items()
    ]
)
_WRITTEN = SCHEMA.append(pa.field(FOLDED, pa.string()))
KEPT = 3  # versions of one store, for the pages that still show an older one


def write_snapshot(batches: Iterable[pa.RecordBatch | pd.DataFrame], path: Path) -> int:
    """Write batches of events to a file, whole or not at all, and return how many there are.

    A batch has `SCHEMA`, or is a data frame of `extract.table`.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    count = 0
    try:
        with pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, _WRITTEN) as writer:
            for batch in batches:
                table = encode_frame(batch) if isinstance(batch, pd.DataFrame) else batch
                for part in pa.Table.from_batches([table], SCHEMA).to_batches():
                    writer.write_batch(_fold_batch(part))
                    count += part.num_rows
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def read_snapshot(path: Path) -> pa.Table:
    """Map a snapshot's file into memory; nothing is read until it is looked at.

    Raises FileNotFoundError, and OSError or pyarrow.ArrowInvalid for a file that is none.
    """
    return pa.ipc.open_file(pa.memory_map(str(path), "r")).read_all()


def find_path(folder: Path, store: str, version: str) -> Path:
    """Return the file of a version of a store; `store` and `version` are words of a file's name."""
    return folder / f"events{FORMAT}-{store}-{version}.arrow"


def open_snapshot(
    read: Callable[[], Iterable[pa.RecordBatch | pd.DataFrame]],
    folder: Path,
    *,
    store: str,
    version: str,
) -> pa.Table:
    """Return the events of a store's version, from its file, or else from its batches.

    `read` is only asked where there is no file yet. Files of older versions are removed
    but for the latest few; whoever maps one keeps it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = find_path(folder, store, version)
    if not path.is_file():
        write_snapshot(read(), path)
        _forget_old(folder, store)
    try:
        return read_snapshot(path)
    except (OSError, pa.ArrowInvalid):
        # a file cut short by a full disk under a kernel that said otherwise
        write_snapshot(read(), path)
        return read_snapshot(path)


def encode_frame(frame: pd.DataFrame) -> pa.RecordBatch:
    """Return a data frame of `extract.table` as a batch with `SCHEMA`."""
    arrays = []
    for column, field in zip(COLUMNS, SCHEMA, strict=True):
        cells = frame[column]
        if column in LISTS:
            arrays.append(pa.array([list(cell) for cell in cells], field.type))
        elif column in NESTED:
            arrays.append(pa.array([json.dumps(cell) for cell in cells], field.type))
        elif pd.api.types.is_datetime64_any_dtype(cells.dtype):
            arrays.append(pa.array(cells).cast(field.type))
        else:
            arrays.append(pa.array(cells, type=field.type, from_pandas=True))
    whole = [_join_chunks(array, field.type) for array, field in zip(arrays, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(whole, schema=SCHEMA)


def take_rows(table: pa.Table, rows: NDArray[np.integer[Any]]) -> pa.Table:
    """Return the rows of these numbers, in their order.

    Arrow's own `take` lays the batches of a text column together first, which for a few rows of
    a million costs a hundred times what it brings.
    """
    batches = table.to_batches()
    ends = np.cumsum([batch.num_rows for batch in batches], dtype=np.int64)
    wanted = np.asarray(rows, dtype=np.int64)
    lies_in = np.searchsorted(ends, wanted, side="right")
    order = np.argsort(lies_in, kind="stable")
    bounds = np.searchsorted(lies_in[order], np.arange(len(batches) + 1))
    parts = []
    for at, (first, last) in enumerate(pairwise(bounds.tolist())):
        if first < last:
            begin = ends[at] - batches[at].num_rows
            parts.append(batches[at].take(pa.array(wanted[order[first:last]] - begin)))
    joined = pa.Table.from_batches(parts, table.schema).combine_chunks()
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return joined.take(pa.array(back)) if len(order) else joined


def decode_rows(table: pa.Table) -> pd.DataFrame:
    """Return rows of a snapshot as a data frame of `extract.table`, for a few or for an export.

    It has the columns of the table that are among those of a snapshot, in their order.
    """
    return pd.DataFrame(
        {
            column: pd.Series(_decode_column(column, table.column(column)), dtype=COLUMNS[column])
            for column in table.column_names
            if column in COLUMNS
        }
    )


def _join_chunks(array: Any, kind: Any) -> Any:
    """Return one array where pandas gave Arrow several, or none."""
    if not isinstance(array, pa.ChunkedArray):
        return array
    return pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], kind)


def _decode_column(column: str, cells: pa.ChunkedArray) -> Any:
    values = cells.to_pylist()
    if column in LISTS:
        return [tuple(value or ()) for value in values]
    if column in NESTED:
        return [_decode_cell(column, value) for value in values]
    return values


def _decode_cell(column: str, text: str | None) -> Any:
    if column in ("casualties", "alternatives"):
        return tuple(json.loads(text)) if text else ()
    found: dict[str, Any] = json.loads(text) if text else {}
    if column == "spans":
        return {name: tuple(pair) for name, pair in found.items()}
    return {name: tuple(map(tuple, pairs)) for name, pairs in found.items()}


def _fold_batch(batch: pa.RecordBatch) -> pa.RecordBatch:
    title, sentence = (pc.fill_null(batch.column(name), "") for name in LONG)
    joined = pc.binary_join_element_wise(title, sentence, "\n")
    folded = _join_chunks(fold_column(pa.chunked_array([joined])), pa.string())
    return pa.RecordBatch.from_arrays([*batch.columns, folded], schema=_WRITTEN)


def _forget_old(folder: Path, store: str) -> None:
    files = sorted(folder.glob(f"events*-{store}-*.arrow"), key=_age)
    for path in files[:-KEPT]:
        path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    return path.stat().st_mtime
