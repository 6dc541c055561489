"""Beside the map: the card of the picked event, or else the list of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from page.choices import pick
from page.dataset import Dataset, find_text
from page.map import MAP_HEIGHT
from view.columns import Mask, find_row, take_rows
from view.eventlist import PAGE, list_events
from view.eventmap import rows_at
from view.evidence import write_card
from view.names import name_country
from view.words import count_words

REASONS = 3  # told on an empty page

VIEW = Path(__file__).parents[1] / "view"

event_list = st.components.v2.component(
    "dateline_events",
    html='<div class="dl-list" role="group" aria-label="Events, newest first"></div>',
    css=(VIEW / "eventlist.css").read_text(encoding="utf-8"),
    js=(VIEW / "eventlist.js").read_text(encoding="utf-8"),
)


def show_panel(dataset: Dataset, mask: Mask) -> None:
    """Show beside the map the card of the picked event, or else the list of events."""
    state, columns = st.session_state, dataset.columns
    row = find_row(columns, state.picked)
    if row is not None:
        show_card(dataset, take_rows(columns, np.array([row])).iloc[0])
        return
    if not len(columns) and dataset.silent:
        st.info(explain_silence([reason for _, reason in dataset.silent]))
    if state.picked:
        st.info("The event of this link is not among these articles.")
    if state.spot and state.spot_of == dataset.name:
        mask = rows_at(columns, mask, state.spot)
        kind, key = state.spot
        name = name_country(key) if kind == "country" else columns.places["name"][int(key)]
        head, close = st.columns([4, 1.4], vertical_alignment="center")
        head.html(f"<strong>{escape(name)}</strong>: {count_words(int(mask.sum()), 'event')}")
        close.button("All events", on_click=pick, args=(None,), width="stretch")

    def open_event() -> None:
        if state.events.picked:
            state.picked = state.events.picked

    def show_more() -> None:
        state.limit += PAGE

    event_list(
        key="events",
        data=list_events(columns, mask, limit=state.limit),
        height=MAP_HEIGHT,
        on_picked_change=open_event,
        on_more_change=show_more,
    )


def explain_silence(reasons: Sequence[str]) -> str:
    """Return in a sentence why some articles gave no event, the commonest reasons first."""
    common = Counter(reasons).most_common()
    told = [f"{reason} ({count_words(count, 'article')})" for reason, count in common[:REASONS]]
    more = " The tab Not on the map has each." if len(reasons) > 1 else ""
    return f"Nothing to show: {'; '.join(told)}.{more}"


def show_card(dataset: Dataset, event: pd.Series[Any]) -> None:
    """Show one event with its evidence."""

    def close() -> None:
        st.session_state.picked = None

    st.button("Back to the list", icon=":material/arrow_back:", on_click=close, type="tertiary")
    with st.container(height=MAP_HEIGHT - 46, border=False):
        st.html(write_card(event, text=find_text(dataset, str(event["article_id"]))))
