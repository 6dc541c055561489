"""What the page reads: the store or the sample, once for all sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from extract.bundled import cache_path
from extract.sample import open_sample
from extract.snapshot import open_snapshot
from extract.store import Store
from view.assets import Assets, fetch_basemap, find_assets
from view.columns import EventColumns, read_columns
from view.filters import (
    Facet,
    read_facets,
)

if TYPE_CHECKING:
    from extract.pipeline import Extractor

OWN, SAMPLE = "own", "sample"


@dataclass(frozen=True)
class Dataset:
    """The events of one collection of articles, ready to be filtered.

    `articles` counts all, `silent` holds the (title, reason) of each article without an event,
    and of each input that was refused. `store` has the articles' texts.
    """

    name: str
    columns: EventColumns
    facets: Mapping[str, Facet]
    articles: int
    silent: tuple[tuple[str, str], ...]
    store: Store


@st.cache_resource(show_spinner=False)
def load_assets() -> Assets:
    """Find the map's scripts; without npm's copy, fetch the base map once from the CDN."""
    base_path = str(st.get_option("server.baseUrlPath") or "")
    assets = find_assets(base_path=base_path)
    if assets.countries is None:
        try:
            fetch_basemap()
        except OSError:
            return assets
        assets = find_assets(base_path=base_path)
    return assets


@st.cache_resource(show_spinner="Loading the gazetteer and the language model …")
def load_extractor() -> Extractor:
    """Load the finders once for all sessions."""
    # They take seconds to import, which a page that only shows kept events need not spend.
    from extract.pipeline import Extractor

    return Extractor()


@st.cache_resource(show_spinner=False)
def open_store() -> Store:
    """Open the reader's own store."""
    return Store()


@st.cache_resource(show_spinner="Reading the sample articles …")
def load_sample() -> Store:
    """Open the store of the demonstration articles."""
    return open_sample(load_extractor)


@st.cache_resource(show_spinner="Reading the events …", max_entries=4)
def load_dataset(name: str, version: str) -> Dataset:
    """Read a store's events once for all sessions; `version` changes whenever the store does."""
    store = load_sample() if name == SAMPLE else open_store()
    owner, number = version.rsplit("-", 1)
    table = open_snapshot(
        lambda: [store.events_table()], cache_path("snapshots"), store=owner, version=number
    )
    columns = read_columns(table)
    silent = [(article.title or "Untitled", why) for article, why in store.silent_articles()]
    return Dataset(
        name=f"{name} {version}",
        columns=columns,
        facets=read_facets(columns),
        articles=store.counts().articles,
        silent=(*silent, *store.refusals()),
        store=store,
    )


def choose_dataset() -> Dataset:
    """Return the reader's own articles where there are any, else the sample; let them switch."""
    own = open_store()
    kept = count_articles(own.version())
    if kept:
        st.sidebar.segmented_control(
            "Articles",
            [OWN, SAMPLE],
            default=None,
            format_func=lambda name: "Sample" if name == SAMPLE else f"Yours ({kept:,})",
            key="articles",
            required=True,
            label_visibility="collapsed",
            width="stretch",
        )
    if kept and st.session_state.get("articles") != SAMPLE:
        return load_dataset(OWN, own.version())
    return load_dataset(SAMPLE, load_sample().version())


@st.cache_data(show_spinner=False, max_entries=4)
def count_articles(version: str) -> int:
    """Return how many articles the reader's own store has in this version."""
    return open_store().counts().articles


def find_text(dataset: Dataset, article_id: str) -> str | None:
    """Return the text of an article, None where it is not kept."""
    article = dataset.store.article(article_id)
    return article.text if article else None
