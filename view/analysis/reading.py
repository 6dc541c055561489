"""What was read: the articles of each source, month by month, with and without events.

Only where a source was read in a month does the lack of events say anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from view.analysis.grids import Grid, Line
from view.columns import DATELESS, EventColumns, Mask
from view.periods import list_edges, name_periods, next_days, number_periods

MOST_ROWS, MOST_MONTHS = 20, 24
NAMELESS = "no source named"


@dataclass(frozen=True, eq=False)
class Articles:
    """Every article read: its source, the day of publication, and the source of each event.

    `sources` are the names, `source` and `published` a code and a day per article, DATELESS
    where unknown; `event_source` and `event_published` the same per event.
    """

    sources: tuple[str, ...]
    source: NDArray[np.int64]
    published: NDArray[np.int64]
    event_source: NDArray[np.int64]
    event_published: NDArray[np.int64]


def read_articles(
    columns: EventColumns, silent: Iterable[tuple[str | None, int | None]]
) -> Articles:
    """Return the articles behind some events, and those without one.

    `silent` are (source, day of publication since 1970) of the articles that gave no event.
    """
    coded = columns.coded["source"]
    quiet = list(silent)
    names = list(dict.fromkeys([*coded.values, *(name or NAMELESS for name, _ in quiet)]))
    if NAMELESS not in names:
        names.append(NAMELESS)
    number = {name: at for at, name in enumerate(names)}
    of_cell = np.array([number[name] for name in coded.values] + [number[NAMELESS]])
    event_source = of_cell[coded.codes]
    days = columns.table.column("published").cast("int32").cast("int64")
    event_published = pc.fill_null(days, DATELESS).to_numpy()
    encoded = pc.dictionary_encode(columns.table.column("article_id")).combine_chunks()
    articles = encoded.indices.to_numpy(zero_copy_only=False)
    first = np.zeros(len(encoded.dictionary), dtype=np.int64)
    first[articles[::-1]] = np.arange(len(articles) - 1, -1, -1)
    return Articles(
        sources=tuple(names),
        source=np.concatenate(
            [event_source[first], [number[name or NAMELESS] for name, _ in quiet]]
        ).astype(np.int64),
        published=np.concatenate(
            [event_published[first], [DATELESS if day is None else day for _, day in quiet]]
        ).astype(np.int64),
        event_source=event_source,
        event_published=event_published,
    )


def count_reading(
    articles: Articles, mask: Mask, *, within: tuple[int, int] | None, most: int = MOST_ROWS
) -> Grid | None:
    """Count the articles read by source and month of publication, those with shown events marked.

    The filter does not narrow the counts, only the marks: what is not marked was read and had
    no such event, what is empty was not read. `within` narrows the months.
    """
    dated = articles.published != DATELESS
    if not dated.any():
        return None
    published = articles.published[dated]
    first, last = int(published.min()), int(published.max())
    if within:
        first, last = max(first, within[0]), min(last, within[1])
    if first > last:
        return None
    edges = list_edges(first, last, "month")[-MOST_MONTHS - 1 :]
    months = len(edges) - 1
    size = len(articles.sources)

    def count(source: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
        inside = (days >= edges[0]) & (days < edges[-1])
        kinds = source[inside] * months + number_periods(days[inside], edges)
        return np.bincount(kinds, minlength=size * months).reshape(size, months)

    counts = count(articles.source[dated], published)
    marks = count(articles.event_source[mask], articles.event_published[mask]) > 0
    totals = counts.sum(axis=1)
    ranked = np.argsort(-totals, kind="stable")
    ranked = ranked[totals[ranked] > 0]
    lines = [_line(articles.sources[at]) for at in ranked[:most]]
    shown, marked = counts[ranked[:most]], marks[ranked[:most]]
    if len(ranked) > most:
        rest = ranked[most:]
        lines.append(Line(f"{len(rest)} more sources"))
        shown = np.vstack([shown, counts[rest].sum(axis=0)])
        marked = np.vstack([marked, marks[rest].any(axis=0)])
    undated = int(np.count_nonzero(~dated))
    days = [f"{edge}:{int(next_days(edge, 'month')) - 1}" for edge in edges[:-1]]
    notes = ["Months of publication. The filters narrow the marks, not the counts."]
    if undated:
        notes.append(f"Not counted: {undated:,} articles without a day of publication.")
    return Grid(
        corner="Source",
        rows=tuple(lines),
        columns=tuple(map(Line, name_periods(edges), days)),
        counts=shown,
        notes=tuple(notes),
        marks=marked,
        marked="has shown events",
        noun="article",
    )


def _line(name: str) -> Line:
    return Line(name, "" if name == NAMELESS else name)
