"""Parquet: the events table with its types, for pandas, DuckDB, R and the like.

Lists of codes are lists; what is nested deeper (spans, evidence, casualties, alternatives) is
JSON text, which every reader understands. Each column carries its meaning and the file the
note, as metadata under the key `dateline`.
"""

from __future__ import annotations

import io
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from extract.export.dictionary import MEANINGS, Note
from extract.table import COLUMNS

TYPES = {
    "string": pa.string(),
    "Int64": pa.int64(),
    "Float64": pa.float64(),
    "datetime64[s]": pa.date32(),
}
LISTS = ("country", "contexts")


def write_parquet(frame: pd.DataFrame, note: Note | None = None) -> bytes:
    """Return an events table as a Parquet file."""
    arrays, fields = [], []
    for column, dtype in COLUMNS.items():
        if column in LISTS:
            array = pa.array([list(codes) for codes in frame[column]], pa.list_(pa.string()))
        elif dtype == "object":
            array = pa.array(
                [json.dumps(cell, ensure_ascii=False) for cell in frame[column]], pa.string()
            )
        else:
            array = pa.Array.from_pandas(frame[column], type=TYPES[dtype])
        arrays.append(array)
        fields.append(pa.field(column, array.type, metadata={"description": MEANINGS[column]}))
    described = json.dumps((note or Note()).describe(len(frame)), ensure_ascii=False)
    schema = pa.schema(fields, metadata={"dateline": described})
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()
