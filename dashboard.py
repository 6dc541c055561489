"""The page: what the news says happened, on a map and a timeline, with the words that prove it.

Read from top to bottom like the page itself. Its parts are in `page/`, which with this file is
all that imports Streamlit; what they show is made by `view/`, what they know comes from
`extract/`.

    streamlit run dashboard.py
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from extract.errors import ExtractError
from page.access import may_add, show_session
from page.adding import add_articles
from page.analysis import show_analysis
from page.choices import TABS, ask_selection, keep_address, recall_address
from page.dataset import choose_dataset
from page.map import show_map
from page.masthead import show_coverage
from page.panel import show_panel
from page.sharing import show_sharing
from page.sources import show_sources
from page.tables import show_left_out, show_periods, show_table
from page.time import find_stretch, mask_window, show_playback, show_timeline, take_whole_page
from view.filters import join_masks
from view.legend import write_key, write_legend, write_style

VIEW = Path(__file__).parent / "view"

st.set_page_config(
    page_title="Dateline",
    page_icon=str(VIEW / "favicon.svg"),
    layout="wide",
    initial_sidebar_state=288,
    menu_items={
        "About": "**Dateline** puts the events that news articles report on a map and a timeline."
    },
)

take_whole_page()
recall_address()
st.html(write_style(dark=st.context.theme.type == "dark"))
try:
    dataset = choose_dataset()
except ExtractError as error:
    st.error(str(error))
    st.stop()
selection, masks = ask_selection(dataset)
stretch = find_stretch(dataset, masks, selection)

with st.sidebar:
    streets = st.toggle("Street map (needs the network)", key="streets")


@st.fragment
def show_stage() -> None:
    """Show what moves while the events play: counts, map, list and timeline, but no tables."""
    if st.session_state.pop("whole_page", False):
        st.rerun()
    mask = mask_window(dataset, join_masks(dataset.columns, masks), stretch)
    if not st.session_state.get("playing"):
        keep_address(selection)
    with st.container(horizontal=True, vertical_alignment="center", key="masthead"):
        st.title("Dateline", anchor=False, width="content")
        show_coverage(dataset, mask)
        show_sharing(dataset, mask, selection)
        if may_add() and st.button("Add articles", icon=":material/add:"):
            add_articles()
        show_session()
    beside = st.columns([1.9, 1], gap="medium")
    with beside[0]:
        show_map(dataset, mask, streets=streets)
    with beside[1]:
        show_panel(dataset, mask)
    st.html(write_key(st.session_state.layer))
    show_playback(dataset, stretch, mask)
    show_timeline(dataset, masks, selection, stretch)


@st.fragment
def show_tabs() -> None:
    """Show the open tab below the map; the others are not made until they are opened."""
    if st.session_state.pop("whole_page", False):
        st.rerun()
    keep_address(selection)
    mask = mask_window(dataset, join_masks(dataset.columns, masks), stretch)
    tabs = st.tabs(TABS, key="tab", on_change="rerun")
    table, analysis, periods, sources, left_out, symbols = tabs
    if table.open:
        with table:
            show_table(dataset, mask)
    elif analysis.open:
        with analysis:
            show_analysis(dataset, masks, mask, selection, stretch)
    elif periods.open:
        with periods:
            show_periods(dataset, mask)
    elif sources.open:
        with sources:
            show_sources(dataset, mask)
    elif left_out.open:
        with left_out:
            show_left_out(dataset, mask)
    elif symbols.open:
        symbols.html(write_legend())


show_stage()
show_tabs()
