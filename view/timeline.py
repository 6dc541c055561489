"""Events over time: a stack by type per period, uncertain dates as bars below it.

An event whose days are fewer than a period stands in the stack of the period where it began.
One that may have happened on any day of a longer stretch is in no stack: it is a bar over
that stretch. So the height of a stack never claims more than the texts say.

    columns, mask, look -> Timeline -> what timeline.js draws; the same as a table

Only the stretch that is looked at is counted by period, and the whole reach of the data as
a thin overview, so that what is sent stays small however many events there are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from view.columns import DATELESS, QUAD_OF_TYPE, QUADS, TYPES, EventColumns, Mask
from view.palette import QUAD_COLOURS, QUAD_LABELS, TYPE_STYLES, type_order
from view.periods import (
    SPANS,
    Days,
    choose_period,
    list_edges,
    name_periods,
    number_periods,
    to_dates,
)
from view.words import date_words

LANES = 5
MOST_BARS = 300  # stretches drawn at once; what is left out is counted and said
TAIL = 0.05  # of the events may lie before the first look, which the overview still shows
FEWEST = 15  # periods on the axis, so that one day does not fill the chart
STRIPS = 240  # of the overview
_MARGIN = 0.5  # of a look is counted on either side of it, so that moving it shows bars at once
Stretch = tuple[int, int]


@dataclass(frozen=True)
class Bars:
    """Stretches of uncertain dates: first and last day, events by quad class, and the lane.

    `counts` has a row per stretch and a column per quad class. `hidden` counts the events of
    the stretches for which no lane was free.
    """

    starts: Days
    ends: Days
    counts: NDArray[np.int64]
    lanes: NDArray[np.int64]
    hidden: int


@dataclass(frozen=True)
class Timeline:
    """The events of a stretch of days, counted by period and type.

    `edges` are the first days of the periods and of the one after the last; `counts` has a row
    per period and a column per type of `TYPES`. `reach` is the first and last day of all dated
    events, `look` the part to show. `undated` counts what is nowhere on it.
    """

    period: str
    edges: Days
    counts: NDArray[np.int64]
    bars: Bars
    reach: Stretch
    look: Stretch
    overview: NDArray[np.int64]
    undated: int
    before: int

    @property
    def empty(self) -> bool:
        """Whether no event has a date."""
        return not self.overview.any()


def count_timeline(
    columns: EventColumns,
    mask: Mask,
    *,
    look: Stretch | None = None,
    period: str | None = None,
    whole: bool = False,
) -> Timeline:
    """Count the events under the mask over the days of `look`.

    Without `look` that is the bulk of the events, or every one where `whole` asks for it; a thin
    early tail is then outside, counted in `before` and drawn in the overview. Without `period`
    the finest that reads well is taken.
    """
    rows = np.flatnonzero(mask & (columns.start != DATELESS))
    starts, ends = columns.start[rows], columns.end[rows]
    undated = int(np.count_nonzero(mask)) - len(rows)
    reach = (int(starts.min()), int(ends.max())) if len(rows) else (0, 364)
    strip = max(1, -(-(reach[1] - reach[0] + 1) // STRIPS))
    overview = np.bincount((starts - reach[0]) // strip, minlength=1)
    if look is None:
        look = pad_stretch(reach if whole else _find_bulk(reach, overview, strip))
    period = period or choose_period(*look)
    margin = 0 if whole else int((look[1] - look[0]) * _MARGIN)
    edges = list_edges(
        max(look[0] - margin, min(reach[0], look[0])),
        min(look[1] + margin, max(reach[1], look[1])),
        period,
    )
    sure = (ends - starts) < SPANS[period]
    inside = sure & (starts >= edges[0]) & (starts < edges[-1])
    kinds = number_periods(starts[inside], edges) * len(TYPES) + columns.type[rows[inside]]
    counts = np.bincount(kinds, minlength=(len(edges) - 1) * len(TYPES))
    wide = ~sure & (ends >= edges[0]) & (starts < edges[-1])
    return Timeline(
        period=period,
        edges=edges,
        counts=counts.reshape(-1, len(TYPES)),
        bars=_lay_bars(starts[wide], ends[wide], columns.type[rows[wide]], most=not whole),
        reach=reach,
        look=look,
        overview=overview,
        undated=undated,
        before=int(np.count_nonzero(ends < look[0])),
    )


def pad_stretch(stretch: Stretch) -> Stretch:
    """Return a stretch that is long enough to be an axis: a few periods are never a whole chart."""
    first, last = stretch
    lack = SPANS[choose_period(first, last)] * FEWEST - (last - first + 1)
    return (first - lack // 2, last + (lack + 1) // 2) if lack > 0 else stretch


def limit_look(first: float, last: float) -> Stretch:
    """Return a stretch that the browser asks to look at as whole days, never under a week."""
    low, high = sorted((int(np.floor(first)), int(np.ceil(last))))
    # the calendar of pandas and of date fields ends here: the years 1000 to 2199
    low, high = max(low, -354_285), min(high, 84_005)
    return (low, max(high, low + 6)) if low < 83_000 else (83_000, 84_005)


def describe_timeline(
    timeline: Timeline,
    *,
    brush: tuple[int | None, int | None] = (None, None),
    window: Stretch | None = None,
) -> dict[str, Any]:
    """Return what timeline.js draws, as plain values; days are counted since 1970.

    `brush` are the first and last chosen day, None for an open end; `window` those that play.
    """
    order = [TYPES.index(name) for name in type_order()]
    bars = timeline.bars
    return {
        "period": timeline.period,
        "edges": timeline.edges.tolist(),
        "when": name_periods(timeline.edges),
        "types": [
            {
                "label": TYPE_STYLES[TYPES[code]].label,
                "colour": TYPE_STYLES[TYPES[code]].colour,
                "counts": timeline.counts[:, code].tolist(),
            }
            for code in order
            if timeline.counts[:, code].any()
        ],
        "bars": [
            {
                "start": int(start),
                "end": int(end),
                "lane": int(lane),
                "counts": counts.tolist(),
                "when": date_words(*days),
            }
            for start, end, lane, counts, *days in zip(
                bars.starts,
                bars.ends,
                bars.lanes,
                bars.counts,
                to_dates(bars.starts),
                to_dates(bars.ends),
                strict=True,
            )
        ],
        "quads": [{"label": QUAD_LABELS[quad], "colour": QUAD_COLOURS[quad]} for quad in QUADS],
        "reach": list(timeline.reach),
        "look": list(timeline.look),
        "overview": timeline.overview.tolist(),
        "brush": list(brush) if brush != (None, None) else None,
        "window": list(window) if window else None,
        "hidden": bars.hidden,
        "undated": timeline.undated,
        "before": timeline.before,
    }


def tabulate_periods(timeline: Timeline) -> pd.DataFrame:
    """Return the numbers of the chart as one table: a row per period or stretch, newest first.

    The first column says "in" for the stacks and "some time in" for the bars, whose events are
    told by quad class.
    """
    full = np.flatnonzero(timeline.counts.any(axis=1))
    when = name_periods(timeline.edges)
    stacks = pd.DataFrame(
        timeline.counts[full], columns=[TYPE_STYLES[name].label for name in TYPES]
    )
    stacks = stacks.assign(When=[when[at] for at in full], day=timeline.edges[full], note="in")
    bars = pd.DataFrame(timeline.bars.counts, columns=[QUAD_LABELS[quad] for quad in QUADS])
    moments = zip(to_dates(timeline.bars.starts), to_dates(timeline.bars.ends), strict=True)
    bars = bars.assign(
        When=[date_words(*pair) for pair in moments], day=timeline.bars.starts, note="some time in"
    )
    labels = [TYPE_STYLES[name].label for name in type_order()] + list(QUAD_LABELS.values())
    every = pd.concat([part for part in (stacks, bars) if len(part)] or [stacks])
    every = every.reindex(columns=["note", "When", "day", *labels])
    every[labels] = every[labels].fillna(0).astype(int)
    every = every.sort_values(["day", "note"], ascending=[False, True], ignore_index=True)
    used = [label for label in labels if every[label].any()]
    every.insert(2, "Events", every[used].sum(axis=1).astype(int) if used else 0)
    return every[["note", "When", "Events", *used]].rename(columns={"note": "Certainty"})


def read_stretch(value: object) -> Stretch | None:
    """Return the first and last day that the browser sends, None where it lets go of them.

    Whatever else comes from a browser is refused with ValueError.
    """
    if value is None:
        return None
    days = value.get("days") if isinstance(value, Mapping) else value
    if days is None:
        return None
    if not isinstance(days, (list, tuple)) or len(days) != 2:
        raise ValueError(f"no stretch of days: {value!r}")
    first, last = (float(day) for day in days)
    if not (abs(first) < 1e7 and abs(last) < 1e7):
        raise ValueError(f"no stretch of days: {value!r}")
    low, high = sorted((round(first), round(last)))
    return low, high


def _find_bulk(reach: Stretch, overview: NDArray[np.int64], strip: int) -> Stretch:
    """Return the reach without a thin early tail, where that makes it less than half as long."""
    reached = np.cumsum(overview)
    later = reach[0] + int(np.searchsorted(reached, TAIL * reached[-1], side="right")) * strip
    later = min(later, reach[1])
    return (later, reach[1]) if (reach[1] - later) * 2 < reach[1] - reach[0] else reach


def _lay_bars(starts: Days, ends: Days, types: NDArray[Any], *, most: bool) -> Bars:
    """Lay equal stretches together, the largest first, each in the first free lane."""
    if not len(starts):
        none = np.zeros(0, dtype=np.int64)
        return Bars(none, none, np.zeros((0, len(QUADS)), dtype=np.int64), none, 0)
    low, size = int(starts.min()), int(ends.max()) - int(starts.min()) + 1
    keys, inverse = np.unique((starts - low) * size + (ends - low), return_inverse=True)
    counts = np.bincount(
        inverse * len(QUADS) + QUAD_OF_TYPE[types], minlength=len(keys) * len(QUADS)
    ).reshape(-1, len(QUADS))
    begin, last = keys // size + low, keys % size + low
    if not most:
        return Bars(begin, last, counts, np.zeros(len(keys), dtype=np.int64), 0)
    # The commonest get their lanes first; what no lane has room for is counted, not drawn over.
    ranked = np.argsort(-counts.sum(axis=1), kind="stable")
    taken: list[list[Stretch]] = [[] for _ in range(LANES)]  # each in the order of time
    lanes = np.full(len(keys), -1, dtype=np.int64)
    for at in ranked[:MOST_BARS]:
        stretch = (int(begin[at]), int(last[at]))
        for lane, others in enumerate(taken):
            after = bisect_left(others, stretch)
            clear = after == len(others) or stretch[1] < others[after][0]
            if clear and (after == 0 or others[after - 1][1] < stretch[0]):
                others.insert(after, stretch)
                lanes[at] = lane
                break
    drawn = lanes >= 0
    hidden = int(counts[~drawn].sum())
    return Bars(begin[drawn], last[drawn], counts[drawn], lanes[drawn], hidden)
