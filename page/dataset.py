"""What the page reads: the store or the sample, once for all sessions."""

from __future__ import annotations

import gc
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
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
    from extract.pipeline import Extraction, Extractor
    from extract.records import Article

OWN, SAMPLE = "own", "sample"
AT_ONCE = 50_000  # events are read within a second, also from the store


@dataclass(frozen=True)
class Dataset:
    """The events of one collection of articles, ready to be filtered.

    `name` tells the collection and its version, `articles` counts all, `supposed` the events
    that their texts only fear, suppose or mention. `store` has the articles' texts.
    """

    name: str
    columns: EventColumns
    facets: Mapping[str, Facet]
    articles: int
    supposed: int
    store: Store

    @property
    def collection(self) -> str:
        """The collection without its version: OWN or SAMPLE."""
        return self.name.partition(" ")[0]

    @cached_property
    def silent(self) -> tuple[tuple[str, str], ...]:
        """The (title, reason) of each article without an event, and of each refused input."""
        articles = self.store.silent_articles()
        titles = ((article.title or "Untitled", why) for article, why in articles)
        return (*titles, *self.store.refusals())


class Finders:
    """The server's one set of finders, which read one article at a time for all its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def extract(self, article: Article) -> Extraction:
        """Find the mentions and events of an article when the others' are done."""
        with self._lock:
            return load_extractor().extract(article)


class Shelf:
    """The latest version of each collection, shared by all sessions.

    A small collection is read before it is shown. Of a large one the version that stands is
    shown until the new one is read beside it, so that nobody waits while articles come in.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._standing: dict[str, Dataset] = {}
        self._reading: set[str] = set()

    def take(self, name: str, store: Store) -> Dataset:
        """Return a collection, as new as its store or a few seconds behind it."""
        version = store.version()
        standing = self._standing.get(name)
        if standing and standing.name == f"{name} {version}":
            return standing
        if standing and len(standing.columns) > AT_ONCE:
            if name not in self._reading:
                self._reading.add(name)
                threading.Thread(target=self._read, args=(name, store), daemon=True).start()
            return standing
        with st.spinner("Reading the events …"):
            return self._read(name, store)

    def _read(self, name: str, store: Store) -> Dataset:
        try:
            with self._lock:
                version = store.version()
                standing = self._standing.get(name)
                if standing is None or standing.name != f"{name} {version}":
                    standing = self._standing[name] = read_dataset(name, store, version)
                return standing
        finally:
            self._reading.discard(name)


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

    extractor = Extractor()
    settle_objects()
    return extractor


@st.cache_resource(show_spinner=False)
def load_finders() -> Finders:
    """Return the finders of this server."""
    return Finders()


@st.cache_resource(show_spinner=False)
def open_store() -> Store:
    """Open the reader's own store."""
    return Store()


@st.cache_resource(show_spinner="Reading the sample articles …")
def load_sample() -> Store:
    """Open the store of the demonstration articles."""
    return open_sample(load_finders().extract)


@st.cache_resource(show_spinner=False)
def load_shelf() -> Shelf:
    """Return the shelf of this server."""
    return Shelf()


def read_dataset(name: str, store: Store, version: str) -> Dataset:
    """Read a store's events, from the snapshot of this version where there is one."""
    owner, number = version.rsplit("-", 1)
    table = open_snapshot(store.event_batches, cache_path("snapshots"), store=owner, version=number)
    columns = read_columns(table)
    counts = store.counts()
    dataset = Dataset(
        name=f"{name} {version}",
        columns=columns,
        facets=read_facets(columns),
        articles=counts.articles,
        supposed=counts.supposed,
        store=store,
    )
    settle_objects()
    return dataset


def settle_objects() -> None:
    """Take what is loaded by now out of the search for garbage.

    Streamlit searches all objects for garbage after each run of the page, which took longer than
    the run itself. Everything is searched once more whenever there is something new to keep.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def choose_dataset() -> Dataset:
    """Return the reader's own articles where there are any, else the sample; let them switch."""
    own = load_shelf().take(OWN, open_store())
    if own.articles:
        st.sidebar.segmented_control(
            "Articles",
            [OWN, SAMPLE],
            default=None,
            format_func=lambda name: "Sample" if name == SAMPLE else f"Yours ({own.articles:,})",
            key="articles",
            required=True,
            label_visibility="collapsed",
            width="stretch",
        )
    if own.articles and st.session_state.get("articles") != SAMPLE:
        return own
    return load_shelf().take(SAMPLE, load_sample())


def find_text(dataset: Dataset, article_id: str) -> str | None:
    """Return the text of an article, None where it is not kept."""
    article = dataset.store.article(article_id)
    return article.text if article else None
