"""Many rows at once: events from Parquet into a store, and a whole store into a SQLite file."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import JSON, Connection, select

from extract.store.columns import ARTICLE_SCHEMA, write_json
from extract.store.reading import OF_ARTICLE
from extract.store.schema import articles, events, metadata, now

# Rows handed to the database at once, and values that a query may name.
_ROWS = 20_000
_ASKED = 10_000
# SQLite's cache while a load goes on, in KiB: the keys of a million events fit in.
_CACHE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many articles and events were loaded, and how many articles were known already."""

    articles: int
    events: int
    known: int


def load_batches(
    connection: Connection,
    article_batches: Iterable[pa.RecordBatch],
    event_batches: Iterable[pa.RecordBatch],
    run_id: int | None,
) -> Loaded:
    """Keep articles and their events; those of an article that is kept already are left out.

    The batches are of ARTICLE_SCHEMA and EVENT_SCHEMA; every event's article is among the
    articles. An article that stands there twice counts once, with the events of both, which
    then must not be the same.
    """
    _prepare(connection)
    added, known = 0, 0
    new: set[str] = set()
    for batch in article_batches:
        ids = pc.unique(batch["id"]).to_pylist()
        there = _find_kept(connection, ids) - new
        known += len(there)
        fresh = [identity for identity in ids if identity not in there and identity not in new]
        added += len(fresh)
        new.update(fresh)
        _insert(connection, "articles", _ARTICLE_COLUMNS, _article_rows(batch, set(fresh), run_id))
    kept = pa.array(sorted(new), pa.string())
    loaded = 0
    for batch in event_batches:
        chosen = batch.filter(pc.is_in(batch["article_id"], kept))
        _insert(connection, "events", _EVENT_COLUMNS, _event_rows(chosen, loaded))
        loaded += chosen.num_rows
    return Loaded(added, loaded, known)


def make_articles(table: pa.Table) -> pa.RecordBatch:
    """Return the articles that a table of events names, with what it says of them.

    `table` has the columns article_id, source, title, url and published. The articles' texts are
    not known and stay empty.
    """
    firsts = table.append_column("row", pa.array(range(len(table)), pa.int64()))
    rows = firsts.group_by("article_id").aggregate([("row", "min")]).column("row_min")
    chosen = table.take(pc.take(rows, pc.sort_indices(rows)))
    size = len(chosen)
    nothing = pa.nulls(size, pa.string())
    columns = {
        "id": chosen["article_id"],
        **{name: chosen[name].cast(ARTICLE_SCHEMA.field(name).type) for name in OF_ARTICLE},
        "text": pa.array([""] * size, pa.string()),
        "language": pa.array(["en"] * size, pa.string()),
        "origin": nothing,
        "skipped": nothing,
        "supposed": pa.array([0] * size, pa.int64()),
    }
    whole = pa.table([columns[name] for name in ARTICLE_SCHEMA.names], schema=ARTICLE_SCHEMA)
    return whole.combine_chunks().to_batches()[0] if size else _empty(ARTICLE_SCHEMA)


def _empty(schema: pa.Schema) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=schema)


_ARTICLE_COLUMNS = (*ARTICLE_SCHEMA.names, "added", "run_id", "revision")
_EVENT_COLUMNS = tuple(column.name for column in events.columns)


def _article_rows(
    batch: pa.RecordBatch, chosen: set[str], run_id: int | None
) -> Iterator[tuple[Any, ...]]:
    moment = _write_moment(now())
    cells = [_cells(batch[name]) for name in ARTICLE_SCHEMA.names]
    for row in zip(*cells, strict=True):
        if row[0] in chosen:
            chosen.remove(row[0])
            yield (*row, moment, run_id, 1)


def _event_rows(batch: pa.RecordBatch, position: int) -> Iterator[tuple[Any, ...]]:
    positions = range(position, position + batch.num_rows)
    return zip(
        *(positions if name == "position" else _cells(batch[name]) for name in _EVENT_COLUMNS),
        strict=True,
    )


def _cells(column: pa.Array) -> Sequence[Any]:
    if column.type == pa.date32():
        column = column.cast(pa.string())
    cells: list[Any] = column.to_pylist()
    return [write_json(cell) for cell in cells] if pa.types.is_list(column.type) else cells


def _write_moment(moment: datetime.datetime) -> str:
    """Return a moment as SQLAlchemy keeps it in SQLite, which PostgreSQL reads too."""
    return moment.isoformat(sep=" ", timespec="microseconds")


def _prepare(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE}")


def _find_kept(connection: Connection, ids: Sequence[str]) -> set[str]:
    kept: set[str] = set()
    for start in range(0, len(ids), _ASKED):
        part = ids[start : start + _ASKED]
        kept.update(
            connection.execute(select(articles.c.id).where(articles.c.id.in_(part))).scalars()
        )
    return kept


def _insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    """Insert rows by the driver's own fastest way; the names are ours."""
    driver: Any = connection.connection.driver_connection
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows).close()


# Copies


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite store while others use it, by SQLite's own means."""
    with closing(sqlite3.connect(source)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)


def settle_sqlite(file: Path) -> None:
    """Leave a SQLite copy whole in its one file, without a write-ahead log beside it."""
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE").close()


def copy_rows(source: Connection, target: Connection) -> None:
    """Copy every table of a store into one just made, as of the state that `source` sees."""
    driver: Any = target.connection.driver_connection
    for table in metadata.sorted_tables:
        target.execute(table.delete())
        names = [column.name for column in table.columns]
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"
        written = [isinstance(column.type, JSON) for column in table.columns]
        found = source.execution_options(yield_per=_ROWS).execute(_in_order(table))
        for rows in found.partitions():
            driver.executemany(statement, [_write_row(row, written) for row in rows])


def _in_order(table: Any) -> Any:
    # An article before its old revisions, which refer to it.
    order = [column.is_not(None) for column in table.columns if column.name == "revision_of"]
    return select(table).order_by(*order, *table.primary_key.columns)


def _write_row(row: Sequence[Any], written: Sequence[bool]) -> tuple[Any, ...]:
    return tuple(_write_cell(cell, as_json) for cell, as_json in zip(row, written, strict=True))


def _write_cell(cell: Any, as_json: bool) -> Any:
    if as_json:
        return None if cell is None else json.dumps(cell, ensure_ascii=False)
    if isinstance(cell, datetime.datetime):
        return _write_moment(cell)
    return cell.isoformat() if isinstance(cell, datetime.date) else cell
