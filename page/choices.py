"""The reader's choices, and the address that holds them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import partial

import streamlit as st

from extract.selection import Selection
from page.dataset import OWN, SAMPLE, Dataset
from view.eventlist import PAGE
from view.eventmap import name_country
from view.filters import (
    CHOICES,
    join_masks,
    make_masks,
    read_query,
    write_query,
)
from view.palette import PRECISION_LABELS, TYPE_STYLES
from view.playback import read_window, write_window

LABELS = {
    "countries": "Country",
    "types": "Event type",
    "statuses": "Status",
    "actors": "Actor",
    "precisions": "Place precision",
    "sources": "Source",
}
EARLIEST, LATEST = datetime.date(1000, 1, 1), datetime.date(2199, 12, 31)


def recall_address() -> None:
    """On the first run of a session, set the widgets to what the address asks for."""
    if st.session_state.pop("show_own", False):
        st.session_state.articles = OWN
    if "recalled" in st.session_state:
        return
    st.session_state.recalled = True
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    set_widgets(read_query(query))
    st.session_state.articles = SAMPLE if st.query_params.get("articles") == SAMPLE else OWN
    st.session_state.drafts = []
    st.session_state.window = read_window(query)
    pick(st.query_params.get("event"))


def set_widgets(selection: Selection) -> None:
    """Set every filter widget to a selection."""
    for field in CHOICES:
        st.session_state[field] = list(getattr(selection, field))
    st.session_state.start, st.session_state.end = selection.start, selection.end
    st.session_state.text = selection.text


def clear_filters() -> None:
    """Set every filter widget back, and let go of what was picked."""
    set_widgets(Selection())
    st.session_state.window = None
    pick(None)


def pick(event_id: str | None, *, spot: tuple[str, str] | None = None) -> None:
    """Open an event's card, or the list of a spot on the map, or neither."""
    st.session_state.picked, st.session_state.spot = event_id, spot
    st.session_state.limit = PAGE


def keep_address(selection: Selection) -> None:
    """Write the view into the address, so that a copied link opens it again."""
    query = write_query(selection) | write_window(st.session_state.window)
    if st.session_state.picked:
        query["event"] = [st.session_state.picked]
    if st.session_state.get("articles") == SAMPLE:
        query["articles"] = [SAMPLE]
    if {name: st.query_params.get_all(name) for name in st.query_params} != query:
        st.query_params.from_dict(query)


def ask_selection(dataset: Dataset) -> Selection:
    """Show the filters with how many events each value would leave, and return the choice."""
    state = st.session_state
    selection = Selection(
        **{field: tuple(state[field]) for field in CHOICES},
        start=state.start,
        end=state.end,
        text=(state.text or "").strip(),
    )
    masks = make_masks(dataset.columns, selection)
    with st.sidebar:
        st.text_input("Search", key="text", placeholder="Words in title, sentence or names")
        left, right = st.columns(2, gap="small")
        left.date_input("From", None, EARLIEST, LATEST, key="start", format="YYYY-MM-DD")
        right.date_input("To", None, EARLIEST, LATEST, key="end", format="YYYY-MM-DD")
        if selection.start and selection.end and selection.start > selection.end:
            st.warning("The first day is after the last.")
        for field in CHOICES:
            facet = dataset.facets[field]
            counts = facet.count(join_masks(dataset.columns, masks, without=field))
            st.multiselect(
                LABELS[field],
                options=list(dict.fromkeys([*facet.values, *state[field]])),
                format_func=partial(count_value, field, counts),
                key=field,
                placeholder="All",
            )
        st.button(
            "Clear all filters", on_click=clear_filters, disabled=selection.empty, width="stretch"
        )
    return selection


def count_value(field: str, counts: Mapping[str, int], value: str) -> str:
    """Return a filter value with how many events choosing it would show."""
    return f"{name_value(field, value)}  ·  {counts.get(value, 0):,}"


def name_value(field: str, value: str) -> str:
    """Return a filter value in the reader's words."""
    if field == "countries":
        return name_country(value)
    if field == "types":
        return TYPE_STYLES[value].label
    if field == "precisions":
        return PRECISION_LABELS[value]
    return value.capitalize() if field == "statuses" else value
