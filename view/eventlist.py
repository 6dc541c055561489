"""The events in the order of time, as a plain list beside the map."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from view.columns import LOOKS, EventColumns, Mask, take_rows
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

    Newest first, undated last. Every text is to be shown as text: none of it is markup.
    """
    rows = take_latest(columns, mask, limit)
    shown = take_rows(columns, rows, LOOKED_AT)
    groups: list[dict[str, Any]] = []
    for row, event in zip(rows, shown.to_dict("records"), strict=True):
        month = _month(event["date_start"], event["date_end"])
        if not groups or groups[-1]["name"] != month:
            groups.append({"name": month, "events": []})
        groups[-1]["events"].append(_describe(event, LOOKS[columns.look[row]], picked))
    return {"groups": groups, "left": int(np.count_nonzero(mask)) - len(rows)}


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


def _describe(event: dict[Hashable, Any], look: str, picked: str | None) -> dict[str, Any]:
    style = TYPE_STYLES[event["event_type"]]
    parties = [event[name] for name in ("actor", "recipient") if isinstance(event[name], str)]
    return {
        "id": event["event_id"],
        "when": date_words(event["date_start"], event["date_end"], event["date_granularity"]),
        "symbol": draw_symbol(event["event_type"], look=look, size=20),
        "type": style.label,
        "status": event["status"] if look != "filled" else "",
        "place": event["place"] if isinstance(event["place"], str) else "no place",
        "parties": " → ".join(parties),
        "words": event["sentence"] if isinstance(event["sentence"], str) else event["title"],
        "picked": event["event_id"] == picked,
    }


def _month(start: Any, end: Any) -> str:
    day = start if pd.notna(start) else end
    return f"{pd.Timestamp(day):%B %Y}" if pd.notna(day) else "Undated"
