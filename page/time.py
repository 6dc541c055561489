"""The events over time: what is brushed becomes the dates, what plays moves through them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import streamlit as st

from extract.selection import Selection
from page.dataset import Dataset
from view.columns import Mask
from view.filters import join_masks
from view.playback import (
    SIZES,
    Stretch,
    Window,
    begin_window,
    describe_playback,
    find_reach,
    mask_days,
    move_window,
    resize_window,
    to_date,
    to_days,
)
from view.timeline import count_timeline, describe_timeline, limit_look, read_stretch

VIEW = Path(__file__).parents[1] / "view"
MOST_STEPS = 70  # that the window of a first play takes, so that it ends within a minute

timeline = st.components.v2.component(
    "dateline_timeline",
    html=(VIEW / "timeline.html").read_text(encoding="utf-8"),
    css=(VIEW / "timeline.css").read_text(encoding="utf-8"),
    js=(VIEW / "timeline.js").read_text(encoding="utf-8"),
)
playback = st.components.v2.component(
    "dateline_playback",
    html=(VIEW / "playback.html").read_text(encoding="utf-8"),
    css=(VIEW / "playback.css").read_text(encoding="utf-8"),
    js=(VIEW / "playback.js").read_text(encoding="utf-8"),
)


def find_stretch(dataset: Dataset, masks: Mapping[str, Mask], selection: Selection) -> Stretch:
    """Return the first and last day that playing moves through: the chosen dates, or all."""
    mask = join_masks(dataset.columns, masks, without="dates")
    reach = find_reach(dataset.columns, mask) or (0, 0)
    first = to_days(selection.start) if selection.start else reach[0]
    last = to_days(selection.end) if selection.end else reach[1]
    return (first, max(first, last))


def mask_window(dataset: Dataset, mask: Mask, stretch: Stretch) -> Mask:
    """Return the events under the mask that are in the window that plays, where one does."""
    window: Window | None = st.session_state.window
    if window is None:
        return mask
    return np.asarray(mask & mask_days(dataset.columns, window.days(stretch)), dtype=bool)


def take_whole_page() -> None:
    """Note that this run is of the whole page, which some answers ask for."""
    for name in ("whole_page", "brushed"):
        st.session_state.pop(name, None)


def show_playback(dataset: Dataset, stretch: Stretch, mask: Mask) -> None:
    """Show the buttons that play; `mask` are the events shown, of the window where there is one."""
    state = st.session_state

    def take_step() -> None:
        asked = state.playback.play
        if isinstance(asked, Mapping):
            state.window = answer_step(state.window, asked, stretch)
            state.turn = asked.get("turn", 0)
            # Whatever is not a step of playing is for the whole page, its tables too.
            state.playing = bool(asked.get("playing"))
            state.whole_page = not state.playing

    playback(
        key="playback",
        data=describe_playback(
            state.window, stretch, shown=int(mask.sum()), turn=state.get("turn", 0)
        ),
        on_play_change=take_step,
    )


def answer_step(
    window: Window | None, asked: Mapping[str, object], stretch: Stretch
) -> Window | None:
    """Return the window after what the reader asked of it; what means nothing changes nothing."""
    if asked.get("begin") or (window is None and "by" in asked):
        return begin_window(suit_size(stretch), stretch)
    if "size" in asked:
        size = str(asked["size"])
        if size not in SIZES:
            return None
        return resize_window(window, size) if window else begin_window(size, stretch)
    if window is None:
        return None
    if asked.get("again"):
        return begin_window(window.size, stretch, total=window.total)
    if "total" in asked:
        return Window(window.size, window.first, total=bool(asked["total"]))
    if asked.get("by") in (1, -1):
        return move_window(window, int(asked["by"]), stretch)  # type: ignore[call-overload]
    return window


def suit_size(stretch: Stretch) -> str:
    """Return the smallest window in which a stretch plays in a readable number of steps."""
    days = stretch[1] - stretch[0] + 1
    steps = {"day": 1, "week": 7, "month": 30.4}
    return next((size for size, step in steps.items() if days / step <= MOST_STEPS), "year")


@st.fragment
def show_timeline(
    dataset: Dataset, masks: Mapping[str, Mask], selection: Selection, stretch: Stretch
) -> None:
    """Show the events over time; looking closer reruns this alone, brushing the whole page."""
    state = st.session_state
    if state.pop("brushed", False):
        st.rerun()
    mask = join_masks(dataset.columns, masks, without="dates")
    if state.get("looked_at") != dataset.name:
        state.looked_at, state.look = dataset.name, None
    counted = count_timeline(dataset.columns, mask, look=state.look)
    if counted.empty:
        st.caption("No event with a date to draw over time.")
        return

    def take_look() -> None:
        try:
            look = read_stretch(state.timeline.look)
        except (TypeError, ValueError):
            return
        state.look = limit_look(*look) if look else None

    def take_brush() -> None:
        try:
            span = read_stretch(state.timeline.brush)
        except (TypeError, ValueError):
            return
        state.start, state.end = map(to_date, limit_brush(span)) if span else (None, None)
        state.brushed = True

    timeline(
        key="timeline",
        data=describe_timeline(
            counted,
            brush=(
                to_days(selection.start) if selection.start else None,
                to_days(selection.end) if selection.end else None,
            ),
            window=state.window.days(stretch) if state.window else None,
        ),
        on_look_change=take_look,
        on_brush_change=take_brush,
    )


def limit_brush(span: Stretch) -> Stretch:
    """Return a brushed stretch within the years that the fields for dates hold."""
    low, high = -354_285, 84_005
    return (min(max(span[0], low), high), min(max(span[1], low), high))
