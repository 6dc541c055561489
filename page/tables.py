"""The tables below the map: the events, their numbers by period, and what is left out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from page.choices import pick
from page.dataset import Dataset
from view.columns import Mask
from view.eventtable import Order, Ranks, answer_order, describe_table, rank_rows
from view.filters import (
    list_unmapped,
)
from view.timeline import (
    count_timeline,
    tabulate_periods,
)
from view.words import count_words

VIEW = Path(__file__).parents[1] / "view"

event_table = st.components.v2.component(
    "dateline_table",
    html=(VIEW / "eventtable.html").read_text(encoding="utf-8"),
    css=(VIEW / "eventtable.css").read_text(encoding="utf-8"),
    js=(VIEW / "eventtable.js").read_text(encoding="utf-8"),
)


@st.cache_resource(show_spinner="Sorting the events …", max_entries=12)
def load_ranks(name: str, by: str, descending: bool, _dataset: Dataset) -> Ranks:
    """Sort a dataset by a column, once for all sessions."""
    return rank_rows(_dataset.columns, Order(by, descending))


def show_table(dataset: Dataset, mask: Mask) -> None:
    """Show a page of the events that pass the filter; a click opens one, a head sorts."""
    state = st.session_state
    if state.get("ordered_of") != dataset.name:
        state.ordered_of, state.order = dataset.name, Order()

    def open_row() -> None:
        if state.table.picked:
            pick(str(state.table.picked))
            state.whole_page = True

    def take_order() -> None:
        state.order = answer_order(state.order, state.table.order)

    event_table(
        key="table",
        data=describe_table(
            dataset.columns,
            mask,
            state.order,
            ranks=load_ranks(dataset.name, state.order.by, state.order.descending, dataset),
            picked=state.picked,
        ),
        on_picked_change=open_row,
        on_order_change=take_order,
    )


def show_periods(dataset: Dataset, mask: Mask) -> None:
    """Show the timeline's numbers as a table."""
    table = tabulate_periods(count_timeline(dataset.columns, mask, whole=True))
    st.dataframe(table, hide_index=True, height=420 if len(table) > 10 else "auto")


def show_left_out(dataset: Dataset, mask: Mask) -> None:
    """Show what is not on the map or the timeline, each with its reason."""
    left = list_unmapped(dataset.columns, mask)
    if left.empty:
        st.caption("Every shown event has a place and a date.")
    else:
        st.dataframe(left, hide_index=True, height=300)
    if dataset.supposed:
        are = "is" if dataset.supposed == 1 else "are"
        st.caption(
            f"{count_words(dataset.supposed, 'event')} that the texts only fear, suppose or "
            f"mention {are} counted, not shown."
        )
    if dataset.silent:
        st.markdown(f"**{count_words(len(dataset.silent), 'article')} without an event**")
        st.dataframe(pd.DataFrame(dataset.silent, columns=["title", "reason"]), hide_index=True)
