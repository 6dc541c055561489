"""Handing on what is shown: the link that opens it again, and files of exactly what is filtered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from extract.export import (
    Note,
    describe_query,
    write_csv,
    write_geojson,
    write_kml,
    write_parquet,
    write_zip,
)
from extract.selection import Selection
from page.dataset import Dataset, find_text, load_assets
from view.assets import read_basemap, read_leaflet
from view.columns import Mask, take_rows
from view.names import name_country
from view.onefile import MOST_EVENTS, write_page
from view.picture import draw_picture
from view.words import count_words

# Name -> (ending, media type, what it is for).
FORMATS: dict[str, tuple[str, str, str]] = {
    "CSV": ("csv", "text/csv", "for spreadsheets"),
    "CSV with its dictionary": ("zip", "application/zip", "the same, with the columns explained"),
    "GeoJSON": ("geojson", "application/geo+json", "for QGIS and web maps"),
    "KML": ("kml", "application/vnd.google-earth.kml+xml", "for Google Earth"),
    "Parquet": ("parquet", "application/vnd.apache.parquet", "for pandas, R and DuckDB"),
    "Picture": ("png", "image/png", "the map for a report"),
    "One file": ("html", "text/html", "map, timeline, filters and evidence, to open offline"),
}
NEED_ASSETS = ("Picture", "One file")


def show_sharing(dataset: Dataset, mask: Mask, selection: Selection) -> None:
    """Show the link of the view, and a download of what it shows in every format.

    They are made when the reader opens them, and not on every run of the page.
    """
    asked = st.popover("Share", icon=":material/share:", key="sharing", on_change="rerun")
    if not asked.open:
        return
    shown = int(mask.sum())
    with asked:
        st.markdown("**Link to this view**")
        st.code(read_address(), language=None, wrap_lines=True)
        st.markdown(f"**Download {count_words(shown, 'event')}**")
        note = Note(query=describe_query(selection), address=read_address())
        has_assets = load_assets().local
        for name, (ending, media_type, purpose) in FORMATS.items():
            missing = name in NEED_ASSETS and not has_assets
            too_many = name == "One file" and shown > MOST_EVENTS
            st.download_button(
                f"{name}: {purpose}",
                partial(write_shown, name, dataset, mask, note),
                f"dateline.{ending}",
                media_type,
                key=f"share {name}",
                disabled=not shown or missing or too_many,
                on_click="ignore",
                width="stretch",
            )
        if not has_assets:
            st.caption("The picture and the one file need npm's packages: run npm ci.")
        if shown > MOST_EVENTS:
            st.caption(f"One file holds {MOST_EVENTS:,} events; narrow the filters for it.")


def write_shown(name: str, dataset: Dataset, mask: Mask, note: Note) -> bytes:
    """Return the events under the mask in the format of that name."""
    frame = take_rows(dataset.columns, mask)
    tables: dict[str, Callable[[pd.DataFrame, Note], bytes]] = {
        "CSV": write_csv,
        "CSV with its dictionary": write_zip,
        "GeoJSON": write_geojson,
        "KML": write_kml,
        "Parquet": write_parquet,
    }
    if name in tables:
        return tables[name](frame, note)
    leaflet, basemap = read_leaflet(), read_basemap()
    if leaflet is None or basemap is None:
        raise FileNotFoundError("the map's scripts are not installed: run npm ci")
    if name == "Picture":
        return draw_picture(frame, basemap, note)
    return write_page(
        frame,
        note,
        find_text=partial(find_text, dataset),
        name_country=name_country,
        leaflet=leaflet,
        basemap=basemap,
    )


def read_address() -> str:
    """Return the address that opens this view again, as the reader's browser has it."""
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    base = str(st.context.url or "").split("?")[0].split("#")[0]
    return f"{base}?{urlencode(pairs)}" if pairs else base
