"""What a reader of the map put right: values that stand in place of an event's own."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from extract.errors import StoreError
from extract.store.columns import shape_cells
from extract.store.reading import OF_ARTICLE
from extract.store.schema import articles, corrections, events, now
from extract.table import COLUMNS, shape_table

# What says which event it is, and no fact of it.
_FIXED = {"event_id", "article_id", "position"}


def insert_correction(
    connection: Connection, event_id: str, changes: Mapping[str, Any], note: str | None
) -> None:
    """Keep a correction of an event.

    Raises StoreError for an event that is not there or a column that is not its own, and
    TableError for values that break the table's contract.
    """
    own = {column.name for column in events.columns} - _FIXED
    if unknown := sorted(set(changes) - own):
        raise StoreError(f"an event has no column {', '.join(unknown)} to correct")
    corrected = {**_read_event(connection, event_id), **read_dates(changes)}
    shape_table([{name: shape_cells(name, [corrected[name]])[0] for name in COLUMNS}])
    connection.execute(
        corrections.insert(),
        {"event_id": event_id, "changes": dict(changes), "note": note, "made": now()},
    )


def read_changes(connection: Connection) -> dict[str, dict[str, Any]]:
    """Return the corrected values of each corrected event, the latest last."""
    made: dict[str, dict[str, Any]] = {}
    for row in connection.execute(select(corrections).order_by(corrections.c.id)):
        made.setdefault(row.event_id, {}).update(read_dates(row.changes))
    return made


def read_dates(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with the days that JSON has as texts."""
    return {
        column: datetime.date.fromisoformat(value)
        if column in ("date_start", "date_end") and isinstance(value, str)
        else value
        for column, value in changes.items()
    }


def _read_event(connection: Connection, event_id: str) -> dict[str, Any]:
    columns = [articles.c[name] if name in OF_ARTICLE else events.c[name] for name in COLUMNS]
    query = select(*columns).join_from(events, articles, events.c.article_id == articles.c.id)
    row = connection.execute(query.where(events.c.event_id == event_id)).mappings().first()
    if row is None:
        raise StoreError(f"there is no event {event_id} in the store")
    return dict(row)
