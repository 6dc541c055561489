"""The kept events, read a batch of columns at a time.

Both databases write a row as one text, which Arrow reads many times faster than Python reads
cells: PostgreSQL copies the answer out as CSV, SQLite makes each row an array of JSON. That is
CSV with other escapes, and of all ways that SQLite has to join cells the cheapest:

    ["It said \\"no\\"",null,"{}"]  ->  fields split at commas, quotes and backslashes undone

SQLite's numbers come as they are, for it does not write a float so that the same one is read.
"""

from __future__ import annotations

import gc
import io
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
from sqlalchemy import Connection

from extract.store.columns import EVENT_SCHEMA, read_lists

OF_ARTICLE = ("source", "title", "url", "published")
# Rows of a batch: some 20 MB.
BATCH = 20_000
# Bytes of a store's file that SQLite reads straight from the system's cache.
_MAPPED = 1 << 34
# Rows of SQLite's that are parsed at once, so that they stay in the processor's caches: of 250,
# 500, 1,000, 2,000 the one that read 300,000 events of tests/benchmarks/made_million.py fastest.
_PARSED = 1_000

_NUMBERS = tuple(field.name for field in EVENT_SCHEMA if field.type in (pa.int64(), pa.float64()))
_WORDS = tuple(name for name in EVENT_SCHEMA.names if name not in _NUMBERS)
# What is read as a text and then made a list.
_READ = pa.schema(
    [
        pa.field(field.name, pa.string()) if pa.types.is_list(field.type) else field
        for field in EVENT_SCHEMA
    ]
)
# The brackets of a JSON array each stand beside a number that is passed over.
_OPENING, _CLOSING = "[", "]"
# JSON's letters for control characters; the others are written with a number.
_CONTROLS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_NUMBERED = re.compile(rb"\\u00([0-9a-fA-F]{2})|\x01")


def read_event_batches(
    connection: Connection, *, size: int, revisions: bool
) -> Iterator[pa.RecordBatch]:
    """Yield the events as batches of EVENT_SCHEMA, in the order of adding.

    All are of the state of the store at which the connection's transaction began. Of an article
    only the latest revision counts, unless all `revisions` are asked for.
    """
    if connection.dialect.name == "postgresql":
        query = _write_query(_name_columns(EVENT_SCHEMA.names), revisions)
        yield from _copy_out(connection, query, size)
    else:
        words = f"CAST(json_array(0, {_name_columns(_WORDS)}, 0) AS BLOB)"
        query = _write_query(f"{words}, {_name_columns(_NUMBERS)}", revisions)
        yield from _fetch(connection, query, size)


def _name_columns(names: Iterable[str]) -> str:
    """Return columns as a query names them; the names are ours, none is from outside."""
    return ", ".join(f"{'a' if name in OF_ARTICLE else 'e'}.{name}" for name in names)


def _write_query(columns: str, revisions: bool) -> str:
    latest = "" if revisions else "WHERE a.revision_of IS NULL "
    # A cross join makes SQLite walk the articles in their order, so that it need not sort the
    # events; the condition is all the same to PostgreSQL.
    return (
        f"SELECT {columns} FROM articles a CROSS JOIN events e {latest}"
        f"{'AND' if latest else 'WHERE'} e.article_id = a.id ORDER BY a.number, e.position"
    )


def _fetch(connection: Connection, query: str, size: int) -> Iterator[pa.RecordBatch]:
    driver: Any = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute(f"PRAGMA mmap_size = {_MAPPED}").close()
    cursor = driver.execute(query)
    try:
        while True:
            parts: list[pa.Table] = []
            wanted = size
            with _without_collection():
                while wanted and (rows := cursor.fetchmany(min(wanted, _PARSED))):
                    parts.append(_read_rows(rows))
                    wanted -= len(rows)
            if not parts:
                return
            yield _make_batch(pa.concat_tables(parts))
    finally:
        cursor.close()


def _read_rows(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Return rows of SQLite's: the words of each in JSON, then its numbers."""
    arrays, *numbers = zip(*rows, strict=True)
    content = b"\n".join(arrays)
    plain = _undo_controls(content)
    table = pyarrow.csv.read_csv(
        io.BytesIO(plain),
        read_options=_read_whole(plain, (_OPENING, *_WORDS, _CLOSING)),
        parse_options=pyarrow.csv.ParseOptions(
            double_quote=False, escape_char="\\", newlines_in_values=plain is not content
        ),
        convert_options=_convert("null", _WORDS),
    )
    for name, cells in zip(_NUMBERS, numbers, strict=True):
        table = table.append_column(name, pa.array(cells, EVENT_SCHEMA.field(name).type))
    return table


def _undo_controls(content: bytes) -> bytes:
    """Return JSON with its control characters as they are, and the same bytes where it has none.

    Quotes and backslashes stay escaped.
    """
    # Sought all at once: a search for each of them took longer than the parsing.
    letters = np.frombuffer(content, dtype=np.uint8)
    after = letters[np.flatnonzero(letters == ord("\\")) + 1]
    escaped = bytes(np.flatnonzero(np.bincount(after)).tolist())
    if not escaped.strip(b'"\\'):
        return content
    # JSON has no control character of its own, so that one may stand for an escaped backslash.
    if b"\\" in escaped:
        content = content.replace(rb"\\", b"\x01")
    for letter, character in _CONTROLS.items():
        if letter in escaped:
            content = content.replace(b"\\" + letter, character)
    if b"u" in escaped:
        return _NUMBERED.sub(_undo_numbered, content)
    return content.replace(b"\x01", rb"\\") if b"\\" in escaped else content


def _undo_numbered(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)]) if found[1] else rb"\\"


@contextmanager
def _without_collection() -> Iterator[None]:
    """Keep the garbage collector from looking through a million rows that are all in use.

    It took a fifth of the time to read 300,000 events.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _copy_out(connection: Connection, query: str, size: int) -> Iterator[pa.RecordBatch]:
    driver: Any = connection.connection.driver_connection
    with driver.cursor().copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
        part: list[memoryview] = []
        for line in copy:
            # The server sends a row at a time.
            part.append(line)
            if len(part) == size:
                yield _make_batch(_read_csv(part))
                part = []
        if part:
            yield _make_batch(_read_csv(part))


def _read_csv(lines: list[memoryview]) -> pa.Table:
    content = b"".join(lines)
    return pyarrow.csv.read_csv(
        io.BytesIO(content),
        read_options=_read_whole(content, EVENT_SCHEMA.names),
        parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True),
        # PostgreSQL writes nothing for NULL, and "" for a text that is empty.
        convert_options=_convert("", EVENT_SCHEMA.names),
    )


def _read_whole(content: bytes, names: Sequence[str]) -> pyarrow.csv.ReadOptions:
    """Return how to read all of a content at once, whose columns have these names."""
    return pyarrow.csv.ReadOptions(
        column_names=names, block_size=max(1 << 20, len(content)), use_threads=False
    )


def _convert(null: str, names: Sequence[str]) -> pyarrow.csv.ConvertOptions:
    """Return how to read the columns named; `null`, without quotes, is NULL."""
    return pyarrow.csv.ConvertOptions(
        column_types=_READ,
        include_columns=names,
        null_values=[null],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )


def _make_batch(table: pa.Table) -> pa.RecordBatch:
    """Return columns as they were read, in whatever order, as a batch of EVENT_SCHEMA."""
    columns = []
    for field in EVENT_SCHEMA:
        column = table[field.name].combine_chunks()
        columns.append(read_lists(column, field.type) if pa.types.is_list(field.type) else column)
    return pa.RecordBatch.from_arrays(columns, schema=EVENT_SCHEMA)
