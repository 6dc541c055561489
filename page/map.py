"""The map; a click on it picks an event or a spot."""

from __future__ import annotations

import streamlit as st
from streamlit_folium import st_folium

from page.choices import pick
from page.dataset import Dataset, load_assets
from view.columns import Mask
from view.eventmap import build_map, draw_events, read_pick, rows_at

MAP_HEIGHT = 560


def show_map(dataset: Dataset, mask: Mask, *, streets: bool) -> None:
    """Show the map; a click on it picks an event or a spot."""

    def take_click() -> None:
        spot = read_pick((st.session_state.get("map") or {}).get("last_object_clicked_tooltip"))
        if spot:
            pick_spot(dataset, mask, spot)

    assets = load_assets()
    st_folium(
        build_map(assets, streets=streets),
        key="map",
        height=MAP_HEIGHT,
        use_container_width=True,
        returned_objects=["last_object_clicked_tooltip", "last_object_clicked_count"],
        feature_group_to_add=draw_events(
            dataset.columns, mask, dataset=dataset.name, picked=st.session_state.picked
        ),
        on_change=take_click,
    )
    if not assets.local:
        st.caption(
            "The map's scripts are not installed on this server, so they come from a public CDN. "
            "Run npm ci and python -m view.assets to work without the network."
        )


def pick_spot(dataset: Dataset, mask: Mask, spot: tuple[str, str]) -> None:
    """Open the card of a spot's only event, or the list of its events."""
    events = dataset.columns.frame["event_id"][rows_at(dataset.columns, mask, spot)]
    pick(str(events.iloc[0]) if len(events) == 1 else None, spot=spot)
    st.session_state.spot_of = dataset.name
