"""The map; a click on it picks an event or a spot, a drawn area filters.

Whatever the reader does on the map comes as one message (`view.eventmap.read_message`). Panning
and zooming run this part of the page alone; a click or an area runs the whole page.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st
from streamlit_folium import st_folium

from page.choices import keep_map_address, pick
from page.dataset import Dataset, load_assets
from view.columns import Mask, take_rows
from view.eventmap import (
    build_map,
    describe_events,
    draw_events,
    name_generation,
    read_message,
    rows_at,
)

MAP_HEIGHT = 560


@st.fragment
def show_map(dataset: Dataset, mask: Mask, *, streets: bool) -> None:
    """Show the map with the events under the mask."""
    state = st.session_state
    if state.get("whole_page"):
        st.rerun()

    def take_message() -> None:
        message = read_message(state.get("map"))
        if message is None:
            return
        state.map_at = message.view or state.map_at
        # The legend below the map follows its layer.
        if message.layer != state.layer:
            state.whole_page = True
        state.map_moved, state.layer = message.moved, message.layer
        state.map_wanted = (message.generation, message.wanted)
        # A click or a drawing carries the moment it was made, so each is taken once.
        if message.picks not in (0, state.get("map_picks")):
            state.map_picks = message.picks
            if message.pick:
                take_pick(dataset, mask, message.pick)
                state.whole_page = True
        if message.drawings not in (0, state.get("map_drawings")):
            state.map_drawings = message.drawings
            state.area = message.area
            state.whole_page = True

    keep_map_address()
    assets = load_assets()
    generation, wanted = state.get("map_wanted", ("", ()))
    known = generation == name_generation(mask, layer=state.layer, dataset=dataset.name)
    st_folium(
        build_map(assets),
        key="map",
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=draw_events(
            describe_events(
                dataset.columns,
                mask,
                dataset=dataset.name,
                fit=dataset.collection,
                layer=state.layer,
                view=state.map_at,
                tiles=wanted if known else None,
                picked=state.picked,
                area=state.area,
                opening=state.map_at if state.map_moved else None,
                streets=streets,
            )
        ),
        on_change=take_message,
    )
    if not assets.local:
        st.caption(
            "The map's scripts are not installed on this server, so they come from a public CDN. "
            "Run npm ci and python -m view.assets to work without the network."
        )


def take_pick(dataset: Dataset, mask: Mask, spot: tuple[str, str]) -> None:
    """Open what was clicked: a spot's only event, the list of its events, or a country alone."""
    state: Any = st.session_state
    kind, key = spot
    if kind == "nation":
        state.countries = [] if state.countries == [key] else [key]
        return
    rows = np.flatnonzero(rows_at(dataset.columns, mask, spot))
    if len(rows) == 1:
        pick(str(take_rows(dataset.columns, rows)["event_id"].iloc[0]), spot=spot)
    else:
        pick(None, spot=spot)
    state.spot_of = dataset.name
