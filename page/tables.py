"""The tables below the map: the events, their numbers by period, and what is left out."""

from __future__ import annotations

from functools import partial

import pandas as pd
import streamlit as st

from extract.export import write_csv, write_geojson
from page.choices import pick
from page.dataset import Dataset
from view.columns import Mask
from view.filters import (
    list_unmapped,
)
from view.timeline import (
    count_timeline,
    tabulate_periods,
)
from view.words import count_words

TABLE_COLUMNS = [
    "date_start", "date_end", "event_type", "status", "actor", "recipient", "place", "country",
    "place_precision", "confidence", "sentence", "source", "title", "published",
]  # fmt: skip


def show_table(dataset: Dataset, mask: Mask) -> None:
    """Show the table of what passes the filter, to sort and to take home."""
    shown = dataset.columns.frame.loc[mask]
    left, middle, _ = st.columns([1, 1, 3])
    for place, name, write, kind in (
        (left, "CSV", write_csv, "text/csv"),
        (middle, "GeoJSON", write_geojson, "application/geo+json"),
    ):
        place.download_button(
            f"Download {name}",
            partial(write, shown),
            f"dateline.{name.lower()}",
            kind,
            disabled=shown.empty,
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )
    st.caption("Choose a row to open its event.")

    def open_row() -> None:
        rows = st.session_state.table["selection"]["rows"]
        pick(str(shown["event_id"].iloc[rows[0]]) if rows else None)

    st.dataframe(
        shown[TABLE_COLUMNS],
        key="table",
        on_select=open_row,
        selection_mode="single-row",
        hide_index=True,
        height=420,
        column_config={
            "date_start": st.column_config.DateColumn("From", format="YYYY-MM-DD"),
            "date_end": st.column_config.DateColumn("To", format="YYYY-MM-DD"),
            "event_type": "Type",
            "status": "Status",
            "actor": "Who",
            "recipient": "To whom",
            "place": "Where",
            "country": st.column_config.ListColumn("Country"),
            "place_precision": "Precision",
            "confidence": st.column_config.ProgressColumn(
                "Sure", min_value=0, max_value=1, format="percent"
            ),
            "sentence": st.column_config.TextColumn("Sentence", width="large"),
            "source": "Source",
            "title": st.column_config.TextColumn("Title", width="medium"),
            "published": st.column_config.DateColumn("Published", format="YYYY-MM-DD"),
        },
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
    if dataset.silent:
        st.markdown(f"**{count_words(len(dataset.silent), 'article')} without an event**")
        st.dataframe(pd.DataFrame(dataset.silent, columns=["title", "reason"]), hide_index=True)
