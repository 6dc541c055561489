"""The events as a table, a hundred at a time, in the order of any column.

Sorting and paging are the server's, so that a million events cost the browser no more than a
hundred; every text is shown as text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from view.columns import EventColumns, Mask, order_rows, take_records
from view.palette import PRECISION_LABELS, TYPE_STYLES, draw_symbol, look_of
from view.words import date_words

PAGE_ROWS = 100
# Column of the events table -> its head; those of the table's width come in this order.
HEADS: dict[str, str] = {
    "date_start": "When",
    "event_type": "Type",
    "status": "Status",
    "actor": "Who",
    "recipient": "To whom",
    "place": "Where",
    "place_precision": "Precision",
    "confidence": "Sure",
    "sentence": "Sentence",
    "source": "Source",
    "published": "Published",
}


# A text that hardly ever stands twice has no order that anybody would look for.
UNSORTED = ("sentence",)
Ranks = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Order:
    """By which column the table is sorted, which way, and which page of it is open."""

    by: str = "date_start"
    descending: bool = True
    page: int = 0


def answer_order(order: Order, asked: object) -> Order:
    """Return the order after a click on a head or a page; nonsense changes nothing.

    `asked` is {"by": column} or {"page": number}. A second click on a head turns it round.
    """
    if not isinstance(asked, dict):
        return order
    by, page = asked.get("by"), asked.get("page")
    if isinstance(by, str) and by in HEADS and by not in UNSORTED:
        # the surest and the latest first, names from A
        first_way = by in ("date_start", "published", "confidence")
        return Order(by, not order.descending if by == order.by else first_way)
    if isinstance(page, (int, float)) and 0 <= page < 1e9:
        return Order(order.by, order.descending, int(page))
    return order


def rank_rows(columns: EventColumns, order: Order) -> Ranks:
    """Return the place of every row of the table in an order; worth keeping for large tables."""
    everything = np.ones(len(columns), dtype=bool)
    ordered = order_rows(columns, everything, by=order.by, descending=order.descending)
    ranks = np.empty(len(columns), dtype=np.int32)
    ranks[ordered] = np.arange(len(columns), dtype=np.int32)
    return ranks


def take_page(ranks: Ranks, mask: Mask, page: int) -> NDArray[np.int64]:
    """Return the rows of one page of what the mask keeps, in their order, without sorting all."""
    rows = np.flatnonzero(mask)
    begin, end = page * PAGE_ROWS, min((page + 1) * PAGE_ROWS, len(rows))
    if begin >= end:
        return rows[:0]
    held = ranks[rows]
    low, high = np.partition(held, (begin, end - 1))[[begin, end - 1]]
    inside = np.flatnonzero((held >= low) & (held <= high))
    return np.asarray(rows[inside[np.argsort(held[inside])]])


def describe_table(
    columns: EventColumns,
    mask: Mask,
    order: Order,
    *,
    ranks: Ranks | None = None,
    picked: str | None = None,
) -> dict[str, Any]:
    """Return what eventtable.js draws: one page of the events under the mask, as plain values.

    `ranks` are those of `rank_rows` for this order, reckoned here where they are not at hand.
    """
    total = int(np.count_nonzero(mask))
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(order.page, pages - 1)
    begin = page * PAGE_ROWS
    rows = take_page(rank_rows(columns, order) if ranks is None else ranks, mask, page)
    shown = take_records(columns, rows, LOOKED_AT)
    drawn = {(event["event_type"], look_of(event["status"])) for event in shown}
    return {
        "heads": [
            {"key": key, "label": label, "sorts": key not in UNSORTED}
            for key, label in HEADS.items()
        ],
        "by": order.by,
        "descending": order.descending,
        "page": page,
        "pages": pages,
        "first": begin + 1 if total else 0,
        "last": begin + len(shown),
        "total": total,
        "rows": [_describe(event, picked) for event in shown],
        "symbols": {
            f"{kind} {look}": draw_symbol(kind, look=look, size=18) for kind, look in sorted(drawn)
        },
    }


LOOKED_AT = (
    "event_id", "event_type", "status", "actor", "recipient", "date_start", "date_end",
    "date_granularity", "place", "country", "place_precision", "sentence", "source", "published",
    "confidence",
)  # fmt: skip


def _describe(event: dict[str, Any], picked: str | None) -> dict[str, Any]:
    status, kind = str(event["status"]), str(event["event_type"])
    place = [_text(event["place"]), "/".join(event["country"] or ())]
    precision = _text(event["place_precision"])
    published = event["published"]
    return {
        "id": str(event["event_id"]),
        "picked": event["event_id"] == picked,
        "symbol": f"{kind} {look_of(status)}",
        "cells": {
            "date_start": date_words(
                event["date_start"], event["date_end"], _text(event["date_granularity"])
            ),
            "event_type": TYPE_STYLES[kind].label,
            "status": status,
            "actor": _text(event["actor"]),
            "recipient": _text(event["recipient"]),
            "place": ", ".join(part for part in place if part),
            "place_precision": PRECISION_LABELS[precision] if precision else "",
            "confidence": f"{float(event['confidence']):.0%}"
            if event["confidence"] is not None
            else "",
            "sentence": _text(event["sentence"]),
            "source": _text(event["source"]),
            "published": date_words(published, published) if published else "",
        },
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
