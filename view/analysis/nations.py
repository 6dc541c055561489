"""Where and when: the events of each country, month by month."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from view.analysis.grids import Grid, Line
from view.analysis.values import Values, find_dated
from view.columns import EventColumns, Mask
from view.periods import SPANS, list_edges, name_periods, next_days, number_periods
from view.words import count_words

MOST_ROWS, MOST_MONTHS = 24, 24


def count_nations(
    columns: EventColumns,
    mask: Mask,
    countries: Values,
    *,
    name: Callable[[str], str],
    most: int = MOST_ROWS,
) -> Grid | None:
    """Count the events under the mask by country and month: the latest months, the most events.

    `countries` are the values of the column country, `name` says what a code is called. An
    event in two countries counts in both. None where no event has a day or a month.
    """
    rows, vague, undated = find_dated(columns, mask, span=SPANS["month"])
    if not len(rows):
        return None
    starts = columns.start[rows]
    edges = list_edges(int(starts.min()), int(starts.max()), "month")[-MOST_MONTHS - 1 :]
    late = starts >= edges[0]
    rows, starts = rows[late], starts[late]
    months = len(edges) - 1
    counts = countries.count_periods(rows, number_periods(starts, edges), months)
    totals = counts.sum(axis=1)
    ranked = np.argsort(-totals, kind="stable")
    ranked = ranked[totals[ranked] > 0]
    lines = [Line(name(countries.names[at]), countries.names[at]) for at in ranked[:most]]
    shown = counts[ranked[:most]]
    if len(ranked) > most:
        lines.append(Line(f"{len(ranked) - most} more countries"))
        shown = np.vstack([shown, counts[ranked[most:]].sum(axis=0)])
    days = [f"{edge}:{int(next_days(edge, 'month')) - 1}" for edge in edges[:-1]]
    placeless = int(np.count_nonzero(countries.codes[rows] < 0))
    left = [
        (int(np.count_nonzero(~late)), "before these months"),
        (placeless, "without a country"),
        (vague, "known only to more than a month"),
        (undated, "without a date"),
    ]
    return Grid(
        corner="Country",
        rows=tuple(lines),
        columns=tuple(map(Line, name_periods(edges), days)),
        counts=shown,
        notes=say_left(left),
    )


def say_left(left: list[tuple[int, str]]) -> tuple[str, ...]:
    """Return a sentence of what a figure does not count, or none."""
    parts = [f"{count_words(count, 'event')} {why}" for count, why in left if count]
    return (f"Not counted: {', '.join(parts)}.",) if parts else ()
