"""Events over time: a stack by type per period, uncertain dates as bars below it.

An event whose days are fewer than a period stands in the stack of the period where it began.
One that may have happened on any day of a longer stretch is in no stack: it is a bar over
that stretch. So the height of a stack never claims more than the texts say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from view.columns import DATELESS, QUAD_OF_TYPE, QUADS, TYPES, EventColumns, Mask
from view.palette import QUAD_COLOURS, QUAD_LABELS, TYPE_STYLES, type_order
from view.words import date_words

# Period -> (numpy unit, longest stretch in days that still reads well, days it may span).
PERIODS: dict[str, tuple[int, int]] = {
    "day": (1, 70),
    "week": (7, 500),
    "month": (31, 3_000),
    "quarter": (92, 9_000),
    "year": (366, 10**9),
}
LANES = 5
TAIL = 0.05  # of the events may lie before the axis, where the reader does not ask for all
EXTENT = ["start", "end", "count"]
FEWEST = 15  # periods on the axis, so that one day does not fill the chart
BRUSH = "brush"


@dataclass(frozen=True)
class TimelineData:
    """What the timeline shows, as two small tables.

    `stacks` has period (first day), period_end, type, label, count, bottom, top and when.
    `bars` has start, end (the day after the last), quad, label, count, lane and when.
    `undated` counts what is in neither.
    """

    period: str
    stacks: pd.DataFrame
    bars: pd.DataFrame
    undated: int


def count_periods(columns: EventColumns, mask: Mask, *, period: str | None = None) -> TimelineData:
    """Count the events under the mask by period and type.

    `period` is day, week, month, quarter or year; None takes the finest that reads well.
    """
    dated = mask & (columns.start != DATELESS)
    rows = np.flatnonzero(dated)
    starts, ends = columns.start[rows], columns.end[rows]
    period = period or choose_period(starts, ends)
    width = PERIODS[period][0]
    sure = (ends - starts) < width
    return TimelineData(
        period=period,
        stacks=_stack(starts[sure], columns.type[rows[sure]], period),
        bars=_lay_bars(starts[~sure], ends[~sure], columns.type[rows[~sure]]),
        undated=int(mask.sum() - len(rows)),
    )


def choose_period(starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any]) -> str:
    """Return the finest period in which the bulk of the days still makes readable bars."""
    if not len(starts):
        return "month"
    low, high = np.quantile(starts, 0.05), np.quantile(ends, 0.95)
    return next(name for name, (_, span) in PERIODS.items() if high - low <= span)


def draw_timeline(
    data: TimelineData,
    *,
    height: int = 190,
    reach: tuple[pd.Timestamp, pd.Timestamp] | None = None,
    brushed: tuple[pd.Timestamp | None, pd.Timestamp | None] = (None, None),
) -> alt.LayerChart:
    """Return the chart, with a brush over the time axis named `BRUSH`.

    `reach` are the ends of the time axis, `find_reach` of the data where it is None; what lies
    outside is cut off. `brushed` are the first and last day the brush starts with.
    """
    order = type_order()
    colours = alt.Scale(domain=order, range=[TYPE_STYLES[name].colour for name in order])
    clock = alt.Scale(type="utc")
    first, last = reach or find_reach(data)
    drawn = _cut_before(data.bars, first)
    strip = 9 * (int(drawn["lane"].max()) + 1) + 8 if len(drawn) else 0
    # The height left for drawing is known in the browser alone, so lanes count from the bottom.
    base = alt.ExprRef(f"height - {strip}")
    first_lane = alt.ExprRef(f"height - {max(strip - 9, 0)}")
    last_lane = alt.ExprRef(f"height - {strip - 9 - 9 * LANES}")
    ends = (
        alt.Chart(pd.DataFrame({"start": [first, last]}))
        .mark_point(opacity=0)
        .encode(x=alt.X("start:T", scale=clock, title=None))
    )
    stacks = (
        alt.Chart(data.stacks.loc[data.stacks["period_end"] > first])
        .mark_rect(stroke="#9aa5b1", strokeWidth=0.4)
        .encode(
            x=alt.X(
                "period:T",
                axis=alt.Axis(grid=False, tickCount=10, labelOverlap=True),
                scale=clock,
                title=None,
            ),
            x2="period_end:T",
            y=alt.Y(
                "bottom:Q",
                title=None,
                scale=alt.Scale(domain=[0, _highest(data.stacks)], range=[base, 0], nice=False),
                axis=alt.Axis(tickCount=4, tickMinStep=1, format="d", domain=False, ticks=False),
            ),
            y2="top:Q",
            color=alt.Color("type:N", scale=colours, legend=None),
            tooltip=[
                alt.Tooltip("when:N", title="When"),
                alt.Tooltip("label:N", title="Type"),
                alt.Tooltip("count:Q", title="Events"),
            ],
        )
    )
    quads = list(QUADS)
    bars = (
        alt.Chart(drawn)
        .mark_rule(strokeWidth=5, strokeCap="round", opacity=0.75)
        .encode(
            x=alt.X("start:T", scale=clock, title=None),
            x2="end:T",
            y=alt.Y(
                "lane:Q",
                axis=None,
                scale=alt.Scale(
                    domain=[0, LANES],
                    range=[first_lane, last_lane],
                    nice=False,
                ),
            ),
            color=alt.Color(
                "quad:N",
                scale=alt.Scale(domain=quads, range=[QUAD_COLOURS[quad] for quad in quads]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("when:N", title="Some time in"),
                alt.Tooltip("label:N", title="Type"),
                alt.Tooltip("count:Q", title="Events"),
            ],
        )
    )
    brush = alt.selection_interval(name=BRUSH, encodings=["x"], **_brush_value(brushed))
    layers = [stacks.add_params(brush), ends, *([bars] if len(drawn) else [])]
    chart: alt.LayerChart = (
        alt.layer(*layers)
        .resolve_scale(y="independent", color="independent")
        .properties(height=height, padding={"left": 4, "right": 10, "top": 6, "bottom": 2})
        .configure_view(strokeWidth=0)
    )
    return chart


def tabulate_periods(data: TimelineData) -> pd.DataFrame:
    """Return the numbers of the chart as one table: a row per period or stretch, newest first.

    The first column says "some time in" for the bars; their events are told by quad class.
    """
    stacks = data.stacks[["period", "when", "label", "count"]].assign(note="")
    bars = data.bars.rename(columns={"start": "period"})[["period", "when", "label", "count"]]
    every = pd.concat([stacks, bars.assign(note="some time in")], ignore_index=True)
    if every.empty:
        return pd.DataFrame(columns=["", "When", "Events"])
    counts = every.pivot_table(
        index=["period", "note", "when"], columns="label", values="count", aggfunc="sum"
    )
    counts = counts.fillna(0).astype(int).sort_index(ascending=[False, True, True])
    labels = [style.label for style in TYPE_STYLES.values()] + list(QUAD_LABELS.values())
    counts = counts[[label for label in labels if label in counts]]
    counts.insert(0, "Events", counts.sum(axis=1))
    table = counts.reset_index().drop(columns="period")
    return table.rename(columns={"note": "", "when": "When"}).rename_axis(columns=None)


def find_reach(data: TimelineData, *, whole: bool = True) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and last moment of the time axis: a few periods are never a whole chart.

    Without `whole`, a thin tail is left out: the axis begins where all but `TAIL` of the events
    still lie after it, if that makes it less than half as long.
    """
    first, last = _ends(data, whole_from=0.0)
    if not whole:
        later, _ = _ends(data, whole_from=TAIL)
        if (last - later) * 2 < last - first:
            first = later
    lack = pd.Timedelta(days=PERIODS[data.period][0]) * FEWEST - (last - first)
    if lack > pd.Timedelta(0):
        first, last = first - lack / 2, last + lack / 2
    return first.floor("D"), last.ceil("D")


def count_before(data: TimelineData, moment: pd.Timestamp) -> int:
    """Return how many events lie wholly before a moment."""
    stacks = data.stacks.loc[data.stacks["period_end"] <= moment, "count"].sum()
    return int(stacks + data.bars.loc[data.bars["end"] <= moment, "count"].sum())


def read_brush(state: Any) -> tuple[pd.Timestamp, pd.Timestamp] | None:
    """Return the first and last day that the reader brushed, None where nothing is brushed.

    `state` is what Streamlit reports of the chart's selections.
    """
    chosen = (state or {}).get("selection", {}).get(BRUSH, {})
    for limits in chosen.values():
        if len(limits) == 2:
            first, last = sorted(float(limit) for limit in limits)
            start = pd.Timestamp(first, unit="ms").floor("D")
            # a brush that ends at midnight does not mean the day that begins there
            return start, max(
                start, (pd.Timestamp(last, unit="ms") - pd.Timedelta("1ms")).floor("D")
            )
    return None


def _highest(stacks: pd.DataFrame) -> float:
    return float(max(stacks.groupby("period")["count"].sum().max(), 3)) if len(stacks) else 3.0


def _stack(days: np.ndarray[Any, Any], types: np.ndarray[Any, Any], period: str) -> pd.DataFrame:
    first = _floor(days, period)
    kinds, counts = np.unique(first * len(TYPES) + types, return_counts=True)
    starts, codes = kinds // len(TYPES), kinds % len(TYPES)
    order = type_order()
    begin = _moments(starts)
    ends = _moments(_next(starts, period))
    names = [TYPES[code] for code in codes]
    last = ends - pd.Timedelta(days=1)
    table = pd.DataFrame(
        {
            "period": begin,
            "period_end": ends,
            "type": names,
            "label": [TYPE_STYLES[name].label for name in names],
            "count": counts.astype(int),
            "rank": [order.index(name) for name in names],
            "when": [date_words(a, b) for a, b in zip(begin, last, strict=True)],
        }
    ).sort_values(["period", "rank"], ignore_index=True)
    table["top"] = table.groupby("period")["count"].cumsum()
    table["bottom"] = table["top"] - table["count"]
    return table.drop(columns="rank")


def _floor(days: np.ndarray[Any, Any], period: str) -> np.ndarray[Any, Any]:
    dates = days.astype("datetime64[D]")
    if period == "day":
        return days.astype(np.int64)
    if period == "week":
        return np.asarray(days - (days + 3) % 7, dtype=np.int64)  # 1970 began on a Thursday
    months = dates.astype("datetime64[M]").astype(np.int64)
    size = {"month": 1, "quarter": 3, "year": 12}[period]
    floored = (months - months % size).astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(floored.astype(np.int64))


def _next(starts: np.ndarray[Any, Any], period: str) -> np.ndarray[Any, Any]:
    if period in ("day", "week"):
        return starts + {"day": 1, "week": 7}[period]
    size = {"month": 1, "quarter": 3, "year": 12}[period]
    months = starts.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + size
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _lay_bars(
    starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any], types: np.ndarray[Any, Any]
) -> pd.DataFrame:
    """Lay equal stretches of one quad class together, each in the first free lane."""
    quads = QUAD_OF_TYPE[types] if len(types) else np.array([], dtype=np.int64)
    table = pd.DataFrame({"start": starts, "end": ends, "quad": quads})
    table = table.groupby(["start", "end", "quad"], as_index=False).size()
    table = table.sort_values(["start", "end"]).reset_index(drop=True)
    free = [np.iinfo(np.int64).min] * LANES
    lanes = []
    for start, end in zip(table["start"], table["end"], strict=True):
        lane = next((at for at, busy in enumerate(free) if busy < start), int(np.argmin(free)))
        free[lane] = max(free[lane], end)
        lanes.append(lane)
    first, last = _moments(table["start"].to_numpy()), _moments(table["end"].to_numpy())
    names = [QUADS[quad] for quad in table["quad"]]
    return pd.DataFrame(
        {
            "start": first,
            "end": last + pd.Timedelta(days=1),
            "quad": names,
            "label": [QUAD_LABELS[name] for name in names],
            "count": table["size"].to_numpy(dtype=int),
            "lane": np.array(lanes, dtype=int),
            "when": [date_words(a, b) for a, b in zip(first, last, strict=True)],
        }
    )


def _brush_value(
    brushed: tuple[pd.Timestamp | None, pd.Timestamp | None],
) -> dict[str, Any]:
    start, end = brushed
    if start is None or end is None:
        return {}
    after = pd.Timestamp(end) + pd.Timedelta(days=1)
    return {"value": {"x": [_moment(pd.Timestamp(start)), _moment(after)]}}


def _cut_before(bars: pd.DataFrame, first: pd.Timestamp) -> pd.DataFrame:
    kept = bars.loc[bars["end"] > first]
    return kept.assign(start=kept["start"].where(kept["start"] > first, first))


def _ends(data: TimelineData, *, whole_from: float) -> tuple[pd.Timestamp, pd.Timestamp]:
    starts = pd.concat(
        [
            data.stacks.rename(columns={"period": "start", "period_end": "end"})[EXTENT],
            data.bars[EXTENT],
        ]
    ).sort_values("start")
    if starts.empty:
        return pd.Timestamp(1970, 1, 1, tz="UTC"), pd.Timestamp(1971, 1, 1, tz="UTC")
    reached = starts["count"].cumsum() / starts["count"].sum()
    kept = starts.loc[(reached > whole_from).to_numpy()]
    return kept["start"].min(), starts["end"].max()


def _moments(days: np.ndarray[Any, Any]) -> pd.DatetimeIndex:
    """Return days since 1970 as moments in UTC, which mean the same day to every browser."""
    return pd.to_datetime(days.astype("datetime64[D]")).tz_localize("UTC")


def _moment(day: pd.Timestamp) -> int:
    """Return a day as the milliseconds since 1970 that scales and brushes count in."""
    utc = day.tz_localize("UTC") if day.tzinfo is None else day
    return int(utc.timestamp() * 1000)
