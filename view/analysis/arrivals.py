"""Who is new: the actors by the day on which they are first seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from view.analysis.values import Values
from view.columns import DATELESS, EventColumns, Mask
from view.periods import to_moments
from view.words import count_words, date_words

MOST = 25


@dataclass(frozen=True)
class Arrivals:
    """Actors first seen within some days, the latest first.

    `events` counts the events of each under the mask, whenever they were. `total` is how many
    actors there are, of which these may be the first few.
    """

    names: tuple[str, ...]
    days: NDArray[np.int64]
    events: NDArray[np.int64]
    first: tuple[int, ...]
    total: int


def find_arrivals(
    columns: EventColumns,
    mask: Mask,
    sides: tuple[Values, Values],
    *,
    within: tuple[int, int],
    most: int = MOST,
) -> Arrivals:
    """Return the actors and recipients whose first dated event under the mask is in `within`.

    `mask` must not be narrowed by dates, or everybody would be new at its beginning. `first`
    are the rows of their first events.
    """
    rows = np.flatnonzero(mask & (columns.start != DATELESS))
    size, total = len(sides[0].names), max(len(columns.start), 1)
    # Day and row in one number, so that the least is the first event and no sorting is needed.
    keys = columns.start[rows] * total + rows
    never = np.iinfo(np.int64).max
    earliest = np.full(size, never, dtype=np.int64)
    events = np.zeros(size, dtype=np.int64)
    for side in sides:
        of_cell = np.full(side.cells + 1, never, dtype=np.int64)
        np.minimum.at(of_cell, side.codes[rows] + 1, keys)
        np.minimum.at(earliest, side.pairs[1], of_cell[1:][side.pairs[0]])
        events += side.count(rows)
    seen = np.flatnonzero(earliest < never)
    days = earliest[seen] // total
    new = (days >= within[0]) & (days <= within[1])
    seen, days = seen[new], days[new]
    latest = np.lexsort((-events[seen], -days))[:most]
    return Arrivals(
        names=tuple(sides[0].names[at] for at in seen[latest]),
        days=days[latest],
        events=events[seen[latest]],
        first=tuple((earliest[seen[latest]] % total).tolist()),
        total=int(np.count_nonzero(new)),
    )


def describe_arrivals(arrivals: Arrivals, shown: pd.DataFrame) -> dict[str, Any]:
    """Return what figures.js draws; `shown` are the first events as rows of the events table."""
    moments = to_moments(arrivals.days)
    notes = ["First seen among the articles read, under all filters but the dates."]
    if arrivals.total > len(arrivals.names):
        notes.insert(0, f"The latest {len(arrivals.names)} of {arrivals.total:,}.")
    return {
        "kind": "list",
        "label": f"{count_words(arrivals.total, 'actor')} first seen in these days",
        "heads": ["Actor", "First seen", "Events", "First event"],
        "rows": [
            {
                "key": name,
                "event": str(event),
                "cells": [name, date_words(day, day), f"{count:,}", _text(sentence, title)],
            }
            for name, day, count, event, sentence, title in zip(
                arrivals.names,
                moments,
                arrivals.events.tolist(),
                shown["event_id"],
                shown["sentence"],
                shown["title"],
                strict=True,
            )
        ],
        "notes": notes,
    }


def tabulate_arrivals(arrivals: Arrivals, shown: pd.DataFrame) -> pd.DataFrame:
    """Return the actors first seen as a table."""
    return pd.DataFrame(
        {
            "Actor": list(arrivals.names),
            "First seen": to_moments(arrivals.days),
            "Events": arrivals.events,
            "First event": list(shown["event_id"]),
            "Sentence": list(shown["sentence"]),
            "Source": list(shown["source"]),
        }
    )


def _text(sentence: object, title: object) -> str:
    text = sentence if isinstance(sentence, str) else title if isinstance(title, str) else ""
    return text if len(text) <= 160 else text[:157] + "…"
