"""The analysis: one figure at a time, each to be clicked, read as a table and taken home."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from extract.export.csvtable import guard_formula
from extract.selection import Selection
from page.choices import FIGURES
from page.dataset import Dataset
from view.analysis.arrivals import describe_arrivals, find_arrivals, tabulate_arrivals
from view.analysis.grids import describe_grid, tabulate_grid
from view.analysis.nations import count_nations
from view.analysis.parties import count_parties
from view.analysis.reading import Articles, count_reading, read_articles
from view.analysis.trends import RULE, count_trends, describe_trends, tabulate_trends
from view.analysis.values import Values, read_values
from view.columns import Mask, take_rows
from view.filters import join_masks
from view.names import name_country
from view.periods import to_moments
from view.playback import Stretch, to_date, to_days
from view.words import date_words

VIEW = Path(__file__).parents[1] / "view"
PERIODS = {"day": "Days", "week": "Weeks", "month": "Months"}
YEAR = 365

figure = st.components.v2.component(
    "dateline_figure",
    html=(VIEW / "figures.html").read_text(encoding="utf-8"),
    css=(VIEW / "figures.css").read_text(encoding="utf-8"),
    js=(VIEW / "figures.js").read_text(encoding="utf-8"),
)


@st.cache_resource(show_spinner=False, max_entries=4)
def load_values(name: str, _dataset: Dataset) -> tuple[Values, Values, Values]:
    """Read the single actors, recipients and countries of a dataset, once for all sessions."""
    (countries,) = read_values(_dataset.columns, ["country"])
    return (*read_values(_dataset.columns, ["actor", "recipient"]), countries)  # type: ignore[return-value]


@st.cache_resource(show_spinner="Counting the articles …", max_entries=4)
def load_articles(name: str, _dataset: Dataset) -> Articles:
    """Read which articles there are, with and without events, once for all sessions."""
    silent = [
        (article.source, to_days(article.published) if article.published else None)
        for article, _ in _dataset.store.silent_articles()
    ]
    return read_articles(_dataset.columns, silent)


def show_analysis(
    dataset: Dataset,
    masks: Mapping[str, Mask],
    mask: Mask,
    selection: Selection,
    stretch: Stretch,
) -> None:
    """Show the chosen figure; `mask` holds the dates and the window, `masks` one per filter."""
    chosen = st.segmented_control(
        "Figure", FIGURES, key="figure", required=True, label_visibility="collapsed"
    )
    undated = join_masks(dataset.columns, masks, without="dates")
    window = st.session_state.window
    days = window.days(stretch) if window else stretch
    narrowed = bool(window or selection.start or selection.end)
    if chosen == "Trends":
        show_trends(dataset, undated, until=days[1] if narrowed else None)
    elif chosen == "Countries":
        show_countries(dataset, mask)
    elif chosen == "Who to whom":
        show_parties(dataset, mask)
    elif chosen == "New actors":
        show_arrivals(dataset, undated, days if narrowed else (stretch[1] - YEAR + 1, stretch[1]))
    else:
        show_reading(dataset, mask, days if narrowed else None)


def show_trends(dataset: Dataset, mask: Mask, *, until: int | None) -> None:
    """Show the last period by type against those before it."""
    period = st.segmented_control(
        "Periods", list(PERIODS), format_func=PERIODS.__getitem__, default="week",
        key="trend_period", required=True, label_visibility="collapsed",
    )  # fmt: skip
    counted = count_trends(dataset.columns, mask, period=period or "week", until=until)
    if counted is None:
        st.caption("No event under these filters has a date that fits such a period.")
        return
    show_head(
        f"{counted.when} against what came before",
        f"The last {counted.period} that is over"
        + (" by the end of the chosen dates. " if until is not None else " in these events. ")
        + RULE,
    )
    draw_figure("trends", describe_trends(counted), partial(tabulate_trends, counted))


def show_countries(dataset: Dataset, mask: Mask) -> None:
    """Show the events by country and month."""
    countries = load_values(dataset.name, dataset)[2]
    grid = count_nations(dataset.columns, mask, countries, name=name_country)
    if grid is None:
        st.caption("No event under these filters has a month.")
        return
    show_head("Countries by month", "An event in two countries counts in both.")
    draw_figure(
        "countries",
        describe_grid(grid, label="Events by country and month"),
        partial(tabulate_grid, grid),
    )


def show_parties(dataset: Dataset, mask: Mask) -> None:
    """Show who does something to whom."""
    actors, recipients, _ = load_values(dataset.name, dataset)
    grid = count_parties(mask, actors, recipients)
    if not grid.rows:
        st.caption("No event passes these filters.")
        return
    show_head("Who does something to whom", "Rows act, columns are acted upon.")
    draw_figure(
        "parties",
        describe_grid(grid, label="Events by actor and recipient"),
        partial(tabulate_grid, grid),
    )


def show_arrivals(dataset: Dataset, mask: Mask, days: Stretch) -> None:
    """Show the actors that are first seen in some days."""
    actors, recipients, _ = load_values(dataset.name, dataset)
    found = find_arrivals(dataset.columns, mask, (actors, recipients), within=days)
    words = date_words(*to_moments(np.array(days)))
    show_head(
        f"Actors first seen in {words}",
        "On either side of an event. At the beginning of a collection everybody is new.",
    )
    if not found.names:
        st.caption("Nobody is new in these days.")
        return
    shown = take_rows(dataset.columns, np.array(found.first))
    draw_figure(
        "arrivals", describe_arrivals(found, shown), partial(tabulate_arrivals, found, shown)
    )


def show_reading(dataset: Dataset, mask: Mask, days: Stretch | None) -> None:
    """Show which sources were read when, and where they told of the events shown."""
    grid = count_reading(load_articles(dataset.name, dataset), mask, within=days)
    if grid is None:
        st.caption("No article has a day of publication in these dates.")
        return
    show_head(
        "What was read",
        "Articles by source and month. A dot: some of them tell of events that are shown. "
        "Shaded without a dot: read, and nothing of the kind in it. Empty: not read at all.",
    )
    draw_figure(
        "reading",
        describe_grid(grid, label="Articles by source and month"),
        partial(tabulate_grid, grid),
    )


def show_head(title: str, note: str) -> None:
    """Show what a figure is, and how it is to be read."""
    st.markdown(f"## {title}\n\n:small[{note}]")


def draw_figure(name: str, described: dict[str, Any], tabulate: Callable[[], pd.DataFrame]) -> None:
    """Show a figure with its table and its download; a click on it filters the page."""
    state = st.session_state
    key = f"figure_{name}"

    def take_pick() -> None:
        asked = state[key].pick
        if isinstance(asked, Mapping) and filter_by(name, asked):
            state.whole_page = True

    figure(key=key, data=described, on_pick_change=take_pick)
    left, right, _ = st.columns([1, 1, 3])
    as_table = left.toggle("Show as a table", key=f"{key}_table")
    right.download_button(
        "Download CSV",
        partial(write_table, tabulate),
        f"dateline_{name}.csv",
        "text/csv",
        key=f"{key}_csv",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    if as_table:
        st.dataframe(tabulate(), hide_index=True, height="content")


def filter_by(name: str, asked: Mapping[str, object]) -> bool:
    """Set the filters to what was clicked in a figure; return whether anything was."""
    state = st.session_state
    row, column = str(asked.get("row") or ""), str(asked.get("column") or "")
    if name == "trends":
        kind, days = asked.get("type"), asked.get("days")
        if not isinstance(days, list) or len(days) != 2:
            return False
        state.types = [kind] if isinstance(kind, str) and kind != "ALL" else []
        state.start, state.end = (to_date(int(day)) for day in days)
    elif name == "arrivals":
        if isinstance(asked.get("event"), str):
            state.picked = asked["event"]
        else:
            state.actors = [str(asked.get("actor"))]
    elif name == "parties":
        state.doers, state.recipients = ((row,) if row else ()), ((column,) if column else ())
    elif name in ("countries", "reading"):
        if row:
            state["countries" if name == "countries" else "sources"] = [row]
        if column:
            state.start, state.end = (to_date(int(day)) for day in column.split(":"))
    return True


def write_table(tabulate: Callable[[], pd.DataFrame]) -> bytes:
    """Return a figure's table as CSV whose cells no spreadsheet takes for a formula."""
    table = tabulate()
    for column in table.select_dtypes(["object", "string"]):
        table[column] = [
            guard_formula(cell) if isinstance(cell, str) else cell for cell in table[column]
        ]
    table.columns = pd.Index([guard_formula(str(name)) for name in table.columns])
    return table.to_csv(index=False).encode("utf-8")
