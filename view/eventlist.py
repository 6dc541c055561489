"""The events in the order of time, as a plain list beside the map."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from view.columns import DATELESS, LOOKS, EventColumns, Mask
from view.palette import TYPE_STYLES, draw_symbol
from view.words import date_words

PAGE = 60


def list_events(
    columns: EventColumns, mask: Mask, *, picked: str | None = None, limit: int = PAGE
) -> dict[str, Any]:
    """Return the latest `limit` events under the mask as plain values, grouped by month.

    Newest first, undated last. Every text is to be shown as text: none of it is markup.
    """
    rows = np.flatnonzero(mask)
    rows = rows[np.argsort(-columns.start[rows].astype(np.float64), kind="stable")]
    undated = columns.start[rows] == DATELESS
    rows = np.concatenate([rows[~undated], rows[undated]])
    shown = columns.frame.iloc[rows[:limit]]
    groups: list[dict[str, Any]] = []
    for row, event in zip(rows[:limit], shown.to_dict("records"), strict=True):
        month = _month(event["date_start"], event["date_end"])
        if not groups or groups[-1]["name"] != month:
            groups.append({"name": month, "events": []})
        groups[-1]["events"].append(_describe(event, LOOKS[columns.look[row]], picked))
    return {"groups": groups, "left": max(0, len(rows) - limit)}


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
