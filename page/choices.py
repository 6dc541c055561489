"""The reader's choices, and the address that holds them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np
import streamlit as st

from extract.selection import Selection
from page.dataset import OWN, SAMPLE, Dataset
from view.columns import Mask
from view.eventlist import PAGE
from view.filters import (
    CHOICES,
    count_facets,
    make_masks,
    read_query,
    write_query,
)
from view.layers import LAYERS, POINTS
from view.names import name_country
from view.palette import PRECISION_LABELS, TYPE_STYLES
from view.playback import read_window, write_window
from view.viewport import MAP_NAMES, read_view_query, write_view_query

LABELS = {
    "countries": "Country",
    "types": "Event type",
    "statuses": "Status",
    "actors": "Actor",
    "precisions": "Place precision",
    "sources": "Source",
}
# Fields of which a million events have thousands of values: others than those listed are typed.
OPEN = ("actors", "sources")
MOST_OPTIONS = 100
BEFORE_COUNT = "  ·  "
ANALYSIS = "Analysis"
TABS = ("Table", ANALYSIS, "By period", "Sources", "Not on the map", "Symbols")
FIGURES = ("Trends", "Countries", "Who to whom", "New actors", "What was read")
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
    st.session_state.map_at = read_view_query(query)
    st.session_state.map_moved = st.session_state.map_at is not None
    layer = st.query_params.get("layer", POINTS)
    st.session_state.layer = layer if layer in LAYERS else POINTS
    tab, figure = st.query_params.get("tab"), st.query_params.get("figure")
    st.session_state.tab = tab if tab in TABS else TABS[0]
    st.session_state.figure = figure if figure in FIGURES else FIGURES[0]
    pick(st.query_params.get("event"))


def set_widgets(selection: Selection) -> None:
    """Set every filter widget to a selection."""
    for field in CHOICES:
        st.session_state[field] = list(getattr(selection, field))
    st.session_state.start, st.session_state.end = selection.start, selection.end
    st.session_state.text = selection.text
    st.session_state.area = selection.area
    st.session_state.doers, st.session_state.recipients = selection.doers, selection.recipients


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
    query = write_query(selection) | write_window(st.session_state.window) | write_tab()
    if st.session_state.picked:
        query["event"] = [st.session_state.picked]
    if st.session_state.get("articles") == SAMPLE:
        query["articles"] = [SAMPLE]
    query |= write_map_query()
    if read_address() != query:
        st.query_params.from_dict(query)


def write_tab() -> dict[str, list[str]]:
    """Return the parameters of the open tab, and of the figure where it is the analysis."""
    query = (
        {"tab": [st.session_state.tab]} if st.session_state.get("tab", TABS[0]) != TABS[0] else {}
    )
    if st.session_state.get("tab") == ANALYSIS:
        query["figure"] = [st.session_state.figure]
    return query


def keep_map_address() -> None:
    """Write where the map stands into the address, and leave the rest of it as it is."""
    before = read_address()
    query = {name: values for name, values in before.items() if name not in MAP_NAMES}
    query |= write_map_query()
    if before != query:
        st.query_params.from_dict(query)


def read_address() -> dict[str, list[str]]:
    """Return the parameters of the address."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def write_map_query() -> dict[str, list[str]]:
    """Return the parameters of the map: its place once the reader has moved it, its layer."""
    view = st.session_state.map_at if st.session_state.map_moved else None
    return write_view_query(view, st.session_state.layer, POINTS)


def ask_selection(dataset: Dataset) -> tuple[Selection, dict[str, Mask]]:
    """Show the filters with how many events each value would leave.

    Returns the choice, and the mask of each field that restricts.
    """
    state = st.session_state
    for field in CHOICES:
        values = read_labels(field, state[field], dataset.facets[field].values)
        if values != state[field]:
            state[field] = values
    selection = Selection(
        **{field: tuple(state[field]) for field in CHOICES},
        start=state.start,
        end=state.end,
        text=(state.text or "").strip(),
        area=state.area,
        doers=state.doers,
        recipients=state.recipients,
    )
    masks = make_masks(dataset.columns, selection)
    with st.sidebar:
        st.text_input("Search", key="text", placeholder="Words in title, sentence or names")
        st.date_input("From", None, EARLIEST, LATEST, key="start", format="YYYY-MM-DD")
        st.date_input("To", None, EARLIEST, LATEST, key="end", format="YYYY-MM-DD")
        if selection.start and selection.end and selection.start > selection.end:
            st.warning("The first day is after the last.")
        if selection.area:
            st.button(
                "Area drawn on the map", icon=":material/close:", key="clear_area",
                help="Take the area away", on_click=clear_area, width="stretch",
            )  # fmt: skip
        if selection.doers or selection.recipients:
            who, whom = (", ".join(side) for side in (selection.doers, selection.recipients))
            st.button(
                f"{who or 'anybody'} → {whom or 'anybody'}".replace("[", r"\["),
                icon=":material/close:", key="clear_parties", help="Take who and whom away",
                on_click=clear_parties, width="stretch",
            )  # fmt: skip
        counted = count_facets(dataset.columns, dataset.facets, masks)
        for field in CHOICES:
            counts = counted[field]
            st.multiselect(
                LABELS[field],
                options=list_options(field, counts, state[field]),
                format_func=partial(count_value, field, counts),
                key=field,
                placeholder="All",
                accept_new_options=field in OPEN,
            )
        st.button(
            "Clear all filters", on_click=clear_filters, disabled=selection.empty, width="stretch"
        )
    return selection, masks


def clear_area() -> None:
    """Filter by no area any more."""
    st.session_state.area = ()


def clear_parties() -> None:
    """Filter by nobody in particular any more."""
    st.session_state.doers = st.session_state.recipients = ()


def list_options(field: str, counts: Mapping[str, int], chosen: Sequence[str]) -> list[str]:
    """Return the values to choose from, and what is chosen.

    Of a field where others can be typed, those are the hundred that most events have now.
    """
    values = list(counts)
    if field in OPEN and len(values) > MOST_OPTIONS:
        held = np.fromiter(counts.values(), np.int64, len(values))
        values = [values[at] for at in np.argsort(-held, kind="stable")[:MOST_OPTIONS]]
    return list(dict.fromkeys([*values, *chosen]))


def count_value(field: str, counts: Mapping[str, int], value: str) -> str:
    """Return a filter value with how many events choosing it would show."""
    return f"{name_value(field, value)}{BEFORE_COUNT}{counts.get(value, 0):,}"


def read_labels(field: str, told: Sequence[str], values: Sequence[str]) -> list[str]:
    """Return the values of a filter that the browser tells by their labels.

    Streamlit's browser half sends labels, and those of the run before whenever the counts in
    them have changed since: what is not a value is looked up without its count.
    """
    known = set(values)
    read = []
    names: dict[str, str] = {}
    for one in told:
        label, mark, count = one.rpartition(BEFORE_COUNT)
        if one not in known and mark and count.replace(",", "").isdecimal():
            if field in OPEN:
                one = label
            else:
                names = names or {name_value(field, value): value for value in values}
                one = names.get(label, label)
        read.append(one)
    return list(dict.fromkeys(read))


def name_value(field: str, value: str) -> str:
    """Return a filter value in the reader's words."""
    if field == "countries":
        return name_country(value)
    if field == "types":
        return TYPE_STYLES[value].label
    if field == "precisions":
        return PRECISION_LABELS[value]
    return value.capitalize() if field == "statuses" else value
