"""The events in the order of time, as a plain list beside the map."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from view.columns import LOOKS, EventColumns, Mask, take_records
from view.palette import TYPE_STYLES, draw_symbol
from view.words import date_words

PAGE = 60

LOOKED_AT = (
    "event_id", "event_type", "status", "actor", "recipient", "date_start", "date_end",
    "date_granularity", "place", "title", "sentence",
)  # fmt: skip


def list_events(
    columns: EventColumns, mask: Mask, *, picked: str | None = None, limit: int = PAGE
) -> dict[str, Any]:
    """Return the latest `limit` events under the mask as plain values, grouped by month.

    Newest first, undated last. Each names one of `symbols`, which are our own and are HTML. Every
    other text is to be shown as text: none of it is markup.
    """
    rows = take_latest(columns, mask, limit)
    looks = [LOOKS[look] for look in columns.look[rows].tolist()]
    symbols: dict[str, str] = {}
    groups: list[dict[str, Any]] = []
    for look, event in zip(looks, take_records(columns, rows, LOOKED_AT), strict=True):
        month = _month(event["date_start"], event["date_end"])
        if not groups or groups[-1]["name"] != month:
            groups.append({"name": month, "events": []})
        groups[-1]["events"].append(_describe(event, look, picked))
        symbol = f"{event['event_type']} {look}"
        if symbol not in symbols:
            symbols[symbol] = draw_symbol(event["event_type"], look=look, size=20)
    left = int(np.count_nonzero(mask)) - len(rows)
    return {"groups": groups, "symbols": symbols, "left": left}


def take_latest(columns: EventColumns, mask: Mask, limit: int) -> NDArray[np.int64]:
    """Return the latest few rows under the mask, newest first, the undated last.

    Rows of one day keep the table's order. Only what may be among them is sorted, so that it
    takes no longer than a few passes over the table.
    """
    rows = np.flatnonzero(mask)
    starts = columns.start[rows]
    if len(rows) > limit:
        # DATELESS is the least of all, so the undated come last by themselves.
        bound = np.partition(starts, len(rows) - limit)[len(rows) - limit]
        near = np.flatnonzero(starts >= bound)
        rows, starts = rows[near], starts[near]
    return np.asarray(rows[np.argsort(~starts, kind="stable")][:limit], dtype=np.int64)


def _describe(event: dict[str, Any], look: str, picked: str | None) -> dict[str, Any]:
    style = TYPE_STYLES[event["event_type"]]
    parties = [event[name] for name in ("actor", "recipient") if isinstance(event[name], str)]
    return {
        "id": event["event_id"],
        "when": date_words(event["date_start"], event["date_end"], event["date_granularity"]),
        "symbol": f"{event['event_type']} {look}",
        "type": style.label,
        "status": event["status"] if look != "filled" else "",
        "place": event["place"] if isinstance(event["place"], str) else "no place",
        "parties": " → ".join(parties),
        "words": event["sentence"] if isinstance(event["sentence"], str) else event["title"],
        "picked": event["event_id"] == picked,
    }


def _month(start: datetime.date | None, end: datetime.date | None) -> str:
    day = start or end
    return f"{day:%B} {day.year}" if day else "Undated"
