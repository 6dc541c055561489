"""More or less than usual: a period's events by type against the periods before it.

The rule is ours and stands on the page. A change is judged only against a full history: 4 or
52 periods, all within the time of which there are events at all. It is moderate from a
quarter and large from a half off their mean; and it must be more than chance gives, twice the
spread that independent events of that mean would have (Poisson, with that of the mean itself).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from view.analysis.values import find_dated
from view.columns import TYPES, EventColumns, Mask
from view.palette import CHANGE_STYLES, TYPE_STYLES, draw_symbol, type_order
from view.periods import SPANS, floor_days, list_edges, name_periods, next_days, number_periods
from view.words import count_words

SHORT, LONG = 4, 52
MODERATE, LARGE = 0.25, 0.5
CHANCE = 2.0
RULE = (
    f"A change is moderate from {MODERATE:.0%} and large from {LARGE:.0%} above or below the mean "
    f"of the preceding {SHORT} or {LONG} periods, and only where it is more than chance: over "
    "twice the spread of as many independent events (Poisson). Else it is called usual."
)
ALL = "ALL"


@dataclass(frozen=True)
class Change:
    """A count against the mean of the periods before it; both None where they are too few."""

    mean: float | None
    band: str | None

    @property
    def words(self) -> str:
        """The band in words."""
        return CHANGE_STYLES[self.band].label if self.band else "too short a history"


@dataclass(frozen=True)
class Trends:
    """Events per period and type up to a period of interest, the last.

    `edges` bound the periods; `counts` has a row per period and a column for all types
    together, then one per type of `TYPES`. `known` is how many of the periods lie in the time
    of which there are events.
    """

    period: str
    edges: NDArray[np.int64]
    counts: NDArray[np.int64]
    known: int
    vague: int
    undated: int

    @property
    def when(self) -> str:
        """The period of interest in words."""
        return name_periods(self.edges[-2:])[0]


def count_trends(
    columns: EventColumns, mask: Mask, *, period: str, until: int | None = None
) -> Trends | None:
    """Count the events under the mask up to the last period that is over by `until`.

    `until` is a day since 1970; None takes the last day on which an event began. None is
    returned where no event has a date that fits a period.
    """
    rows, vague, undated = find_dated(columns, mask, span=SPANS[period])
    if not len(rows):
        return None
    starts = columns.start[rows]
    first, last = int(starts.min()), int(starts.max())
    current = int(floor_days(last if until is None else until, period))
    if (last if until is None else until) < int(next_days(current, period)) - 1:
        # a period that is not over yet would look like a fall
        current = int(floor_days(current - 1, period))
    back = current
    for _ in range(LONG):
        back = int(floor_days(back - 1, period))
    edges = list_edges(back, current, period)
    inside = (starts >= edges[0]) & (starts < edges[-1])
    kinds = number_periods(starts[inside], edges) * len(TYPES) + columns.type[rows[inside]]
    by_type = np.bincount(kinds, minlength=(len(edges) - 1) * len(TYPES)).reshape(-1, len(TYPES))
    return Trends(
        period=period,
        edges=edges,
        counts=np.column_stack([by_type.sum(axis=1), by_type]),
        known=int(np.count_nonzero(edges[:-1] >= floor_days(first, period))),
        vague=vague,
        undated=undated,
    )


def compare_counts(counts: NDArray[np.int64], *, periods: int, known: int) -> Change:
    """Return how the last of some counts differs from the mean of those before it."""
    if known <= periods:
        return Change(None, None)
    mean = float(counts[-1 - periods : -1].mean())
    return Change(mean, judge_change(int(counts[-1]), mean, periods))


def judge_change(now: int, mean: float, periods: int) -> str:
    """Return the band of a count: "large rise", "moderate rise", "usual" or the falls."""
    # Without a mean there is no per cent; then chance alone decides, from one event on.
    spread = math.sqrt(max(mean, 1.0) * (1 + 1 / periods))
    difference = now - mean
    if abs(difference) <= CHANCE * spread or abs(difference) < MODERATE * mean:
        return "usual"
    size = "large" if abs(difference) >= LARGE * mean else "moderate"
    return f"{size} {'rise' if difference > 0 else 'fall'}"


def describe_trends(trends: Trends) -> dict[str, Any]:
    """Return what figures.js draws of the trends, as plain values."""
    when = name_periods(trends.edges)
    rows = []
    for key, label, symbol, counts in _list_rows(trends):
        rows.append(
            {
                "key": key,
                "label": label,
                "symbol": symbol,
                "counts": counts.tolist(),
                "changes": [
                    _describe_change(compare_counts(counts, periods=size, known=trends.known))
                    for size in (SHORT, LONG)
                ],
            }
        )
    noun = trends.period
    notes = []
    if trends.vague:
        notes.append(f"{count_words(trends.vague, 'event')} known only to more than a {noun}")
    if trends.undated:
        notes.append(f"{count_words(trends.undated, 'event')} without a date")
    return {
        "kind": "trends",
        "label": f"Events in {trends.when} against the {noun}s before, by type",
        "current": trends.when,
        "heads": [f"Mean of {size} {noun}s" for size in (SHORT, LONG)],
        "when": when,
        "days": [[first, after - 1] for first, after in pairwise(trends.edges.tolist())],
        "known": trends.known,
        "rows": rows,
        "bands": {
            name: {"sign": style.sign, "light": style.light, "dark": style.dark}
            for name, style in CHANGE_STYLES.items()
        },
        "notes": [f"Not counted: {' and '.join(notes)}."] if notes else [],
    }  # fmt: skip


def tabulate_trends(trends: Trends) -> pd.DataFrame:
    """Return the trends as a table: the count, the means, the changes, and all periods."""
    lines = []
    for _, label, _, counts in _list_rows(trends):
        changes = [
            compare_counts(counts, periods=size, known=trends.known) for size in (SHORT, LONG)
        ]
        line: dict[str, Any] = {"Type": label, trends.when: int(counts[-1])}
        for size, change in zip((SHORT, LONG), changes, strict=True):
            line[f"Mean of {size}"] = None if change.mean is None else round(change.mean, 2)
            line[f"Against {size}"] = change.words
        earlier = zip(name_periods(trends.edges)[-2::-1], counts[-2::-1].tolist(), strict=True)
        lines.append(line | dict(earlier))
    return pd.DataFrame(lines)


def _list_rows(trends: Trends) -> list[tuple[str, str, str, NDArray[np.int64]]]:
    rows = [(ALL, "All types", "", trends.counts[:, 0])]
    for name in type_order():
        counts = trends.counts[:, 1 + TYPES.index(name)]
        if counts.any():
            rows.append((name, TYPE_STYLES[name].label, draw_symbol(name, size=18), counts))
    return rows


def _describe_change(change: Change) -> dict[str, Any]:
    return {
        "mean": None if change.mean is None else round(change.mean, 1),
        "band": change.band,
        "words": change.words,
    }
