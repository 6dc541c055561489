"""The events over time; brushing sets the dates."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from extract.selection import Selection
from page.dataset import Dataset
from view.columns import Mask
from view.filters import (
    join_masks,
)
from view.timeline import (
    count_before,
    count_periods,
    draw_timeline,
    find_reach,
    read_brush,
)
from view.words import count_words


def show_timeline(dataset: Dataset, masks: Mapping[str, Mask], selection: Selection) -> None:
    """Show the events over time; brushing it sets the dates."""
    state = st.session_state
    mask = join_masks(dataset.columns, masks, without="dates")
    data = count_periods(dataset.columns, mask)
    if data.stacks.empty and data.bars.empty:
        st.caption("No event with a date to draw over time.")
        return
    dates = (selection.start, selection.end)
    drawn_for = (dataset.name, state.get("whole"), replace(selection, start=None, end=None))
    reach = find_reach(data, whole=bool(state.get("whole")))
    # A brush of the reader's own must not redraw the chart under the hand that draws it.
    if state.get("drawn_for") != drawn_for or state.get("brushed") != dates:
        state.drawn_for, state.brushed = drawn_for, dates
        state.chart = draw_timeline(data, reach=reach, brushed=fill_dates(dataset, dates))

    def take_brush() -> None:
        span = read_brush(state.timeline)
        state.start, state.end = (day.date() for day in span) if span else (None, None)
        state.brushed = (state.start, state.end)

    st.altair_chart(
        state.chart,
        key="timeline",
        on_select=take_brush,
        selection_mode="brush",
        width="stretch",
    )
    note = f"Events per {data.period}. Bars below: some time within that stretch."
    if data.undated:
        note += f" {count_words(data.undated, 'event')} without a date not shown."
    text, switch = st.columns([4, 1.2], vertical_alignment="center")
    text.caption(note + " Drag over the chart to choose dates; click it to let go.")
    earlier = count_before(data, find_reach(data, whole=False)[0])
    if earlier:
        switch.toggle(f"Show {earlier:,} earlier", key="whole")


def fill_dates(
    dataset: Dataset, dates: tuple[datetime.date | None, datetime.date | None]
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the first and last day to brush: an open end reaches as far as the events."""
    start, end = dates
    frame = dataset.columns.frame
    if (start is None and end is None) or frame.empty:
        return None, None
    first = pd.Timestamp(start) if start else frame["date_start"].min()
    return first, pd.Timestamp(end) if end else frame["date_end"].max()
