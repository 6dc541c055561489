"""The page: what the news says happened, on a map and a timeline, with the words that prove it.

Read from top to bottom like the page itself. This is the only file that imports Streamlit;
what it shows is made by `view/`, what it knows comes from `extract/`.

    streamlit run dashboard.py
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from extract.errors import ArticleError, ExtractError, UndatedError
from extract.export import write_csv, write_geojson
from extract.records import Article
from extract.sample import open_sample
from extract.selection import Selection
from extract.sources.files import Refusal, read_articles
from extract.sources.plaintext import read_plain_text
from extract.store import Store
from extract.table import build_table
from view.assets import Assets, fetch_basemap, find_assets
from view.columns import EventColumns, Mask, read_columns
from view.eventlist import PAGE, list_events
from view.eventmap import build_map, draw_events, name_country, read_pick, rows_at
from view.evidence import escape_markdown, mark_words, write_card, write_draft, write_field_key
from view.filters import (
    CHOICES,
    Facet,
    join_masks,
    list_unmapped,
    make_masks,
    measure_coverage,
    read_facets,
    read_query,
    write_query,
)
from view.legend import write_key, write_legend, write_style
from view.palette import PRECISION_LABELS, TYPE_STYLES
from view.timeline import (
    count_before,
    count_periods,
    draw_timeline,
    find_reach,
    read_brush,
    tabulate_periods,
)
from view.words import count_words

if TYPE_CHECKING:
    from extract.pipeline import Extraction, Extractor

VIEW = Path(__file__).parent / "view"
MAP_HEIGHT = 560
LABELS = {
    "countries": "Country",
    "types": "Event type",
    "statuses": "Status",
    "actors": "Actor",
    "precisions": "Place precision",
    "sources": "Source",
}
OWN, SAMPLE = "own", "sample"
UPLOADS = ["txt", "text", "md", "markdown", "html", "htm", "jsonl", "ndjson", "csv", "tsv"]
TABLE_COLUMNS = [
    "date_start", "date_end", "event_type", "status", "actor", "recipient", "place", "country",
    "place_precision", "confidence", "sentence", "source", "title", "published",
]  # fmt: skip
EARLIEST, LATEST = datetime.date(1000, 1, 1), datetime.date(2199, 12, 31)

st.set_page_config(
    page_title="Dateline",
    page_icon=str(VIEW / "favicon.svg"),
    layout="wide",
    initial_sidebar_state=320,
    menu_items={
        "About": "**Dateline** puts the events that news articles report on a map and a timeline."
    },
)

event_list = st.components.v2.component(
    "dateline_events",
    html='<div class="dl-list" role="group" aria-label="Events, newest first"></div>',
    css=(VIEW / "eventlist.css").read_text(encoding="utf-8"),
    js=(VIEW / "eventlist.js").read_text(encoding="utf-8"),
)


# ---- what the page reads -------------------------------------------------------------------


@dataclass(frozen=True)
class Dataset:
    """The events of one collection of articles, ready to be filtered.

    `texts` holds the articles' texts by id; `silent` the (title, reason) of each article
    without an event, and of each input that was refused.
    """

    name: str
    columns: EventColumns
    facets: Mapping[str, Facet]
    texts: Mapping[str, str]
    silent: tuple[tuple[str, str], ...]


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
def load_dataset(name: str, state: tuple[int, ...]) -> Dataset:
    """Read a store whole, once for all sessions; `state` changes whenever the store does."""
    store = load_sample() if name == SAMPLE else open_store()
    columns = read_columns(store.events_table())
    silent = [(article.title or "Untitled", why) for article, why in store.silent_articles()]
    return Dataset(
        name=f"{name} {state}",
        columns=columns,
        facets=read_facets(columns),
        texts={article.id: article.text for article in store.articles()},
        silent=(*silent, *store.refusals()),
    )


def choose_dataset() -> Dataset:
    """Return the reader's own articles where there are any, else the sample; let them switch."""
    own, kept = open_store().state(), open_store().counts().articles
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
        return load_dataset(OWN, own)
    return load_dataset(SAMPLE, load_sample().state())


# ---- the reader's choices, and the address that holds them ---------------------------------


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
    pick(None)


def pick(event_id: str | None, *, spot: tuple[str, str] | None = None) -> None:
    """Open an event's card, or the list of a spot on the map, or neither."""
    st.session_state.picked, st.session_state.spot = event_id, spot
    st.session_state.limit = PAGE


def keep_address(selection: Selection) -> None:
    """Write the view into the address, so that a copied link opens it again."""
    query = write_query(selection)
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


# ---- the parts of the page ------------------------------------------------------------------


def show_coverage(dataset: Dataset, mask: Mask) -> None:
    """Say what is shown out of what, and what is not on the map."""
    coverage = measure_coverage(dataset.columns, mask, articles=len(dataset.texts))
    note = ""
    if dataset.name.startswith(SAMPLE):
        note = '<span class="dl-quiet"> Demonstration text, written for Dateline.</span>'
    st.html(f'<p class="dl-shown">{escape(coverage.sentence)}{note}</p>')


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


def show_panel(dataset: Dataset, mask: Mask) -> None:
    """Show beside the map the card of the picked event, or else the list of events."""
    state, columns = st.session_state, dataset.columns
    found = columns.frame.loc[columns.frame["event_id"] == state.picked]
    if state.picked and not found.empty:
        show_card(dataset, found.iloc[0])
        return
    if state.picked:
        st.info("The event of this link is not among these articles.")
    if state.spot and state.spot_of == dataset.name:
        mask = rows_at(columns, mask, state.spot)
        kind, key = state.spot
        name = name_country(key) if kind == "country" else columns.places["name"][int(key)]
        head, close = st.columns([4, 1.4], vertical_alignment="center")
        head.html(f"<strong>{escape(name)}</strong>: {count_words(int(mask.sum()), 'event')}")
        close.button("All events", on_click=pick, args=(None,), width="stretch")

    def open_event() -> None:
        if state.events.picked:
            state.picked = state.events.picked

    def show_more() -> None:
        state.limit += PAGE

    event_list(
        key="events",
        data=list_events(columns, mask, limit=state.limit),
        height=MAP_HEIGHT,
        on_picked_change=open_event,
        on_more_change=show_more,
    )


def show_card(dataset: Dataset, event: pd.Series[Any]) -> None:
    """Show one event with its evidence."""

    def close() -> None:
        st.session_state.picked = None

    st.button("Back to the list", icon=":material/arrow_back:", on_click=close, type="tertiary")
    with st.container(height=MAP_HEIGHT - 46, border=False):
        st.html(write_card(event, text=dataset.texts.get(str(event["article_id"]))))


def show_timeline(dataset: Dataset, masks: Mapping[str, Mask], selection: Selection) -> None:
    """Show the events over time; brushing it sets the dates."""
    state = st.session_state
    mask = join_masks(dataset.columns, masks, without="dates")
    data = count_periods(dataset.columns, mask)
    if data.stacks.empty and data.bars.empty:
        st.caption("No event with a date to draw over time.")
        return
    dates = (selection.start, selection.end)
    drawn_for = (dataset.name, state.get("whole"), replace(selection, start=None, end=None))
    reach = find_reach(data, whole=bool(state.get("whole")))
    # A brush of the reader's own must not redraw the chart under the hand that draws it.
    if state.get("drawn_for") != drawn_for or state.get("brushed") != dates:
        state.drawn_for, state.brushed = drawn_for, dates
        state.chart = draw_timeline(data, reach=reach, brushed=fill_dates(dataset, dates))

    def take_brush() -> None:
        span = read_brush(state.timeline)
        state.start, state.end = (day.date() for day in span) if span else (None, None)
        state.brushed = (state.start, state.end)

    st.altair_chart(
        state.chart,
        key="timeline",
        on_select=take_brush,
        selection_mode="brush",
        width="stretch",
    )
    note = f"Events per {data.period}. Bars below: some time within that stretch."
    if data.undated:
        note += f" {count_words(data.undated, 'event')} without a date not shown."
    text, switch = st.columns([4, 1.2], vertical_alignment="center")
    text.caption(note + " Drag over the chart to choose dates; click it to let go.")
    earlier = count_before(data, find_reach(data, whole=False)[0])
    if earlier:
        switch.toggle(f"Show {earlier:,} earlier", key="whole")


def fill_dates(
    dataset: Dataset, dates: tuple[datetime.date | None, datetime.date | None]
) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
    """Return the first and last day to brush: an open end reaches as far as the events."""
    start, end = dates
    frame = dataset.columns.frame
    if (start is None and end is None) or frame.empty:
        return None, None
    first = pd.Timestamp(start) if start else frame["date_start"].min()
    return first, pd.Timestamp(end) if end else frame["date_end"].max()


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
    table = tabulate_periods(count_periods(dataset.columns, mask))
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


# ---- adding an article ------------------------------------------------------------------------


@st.dialog("Add articles", width="large", on_dismiss="rerun")
def add_articles() -> None:
    """Read pasted text or files, show what was found in them, and keep it if the reader agrees."""
    state = st.session_state
    if state.drafts:
        show_drafts()
        return
    pasted, uploaded = st.tabs(["Paste text", "Upload files"])
    text = pasted.text_area(
        "Article", height=240, placeholder="Title, date line and text, as they stand in the paper"
    )
    files = uploaded.file_uploader(
        "Files", type=UPLOADS, accept_multiple_files=True, max_upload_size=50
    )
    published = st.date_input(
        "Publication date, where the text does not give it",
        value=None,
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        help="Words like “on Tuesday” are reckoned from it.",
    )
    if not st.button("Read", type="primary"):
        return
    found = [read_pasted(text, published)] if text.strip() else []
    found += read_uploads(files, published)
    if not found:
        st.info("Paste a text or choose a file first.")
        return
    try:
        with st.spinner("Finding events …"):
            state.drafts = [
                one if isinstance(one, Refusal) else load_extractor().extract(one) for one in found
            ]
    except ExtractError as error:
        st.error(str(error))
        return
    st.rerun(scope="fragment")


def read_pasted(text: str, published: datetime.date | None) -> Article | Refusal:
    """Read one pasted article; a refusal says what to do on this page."""
    try:
        return read_plain_text(text, published=published)
    except UndatedError:
        return Refusal(
            "Pasted text", "It gives no day of publication. Go back and choose one below the text."
        )
    except ArticleError as error:
        return Refusal("Pasted text", str(error))


def read_uploads(files: list[Any], published: datetime.date | None) -> list[Article | Refusal]:
    """Read uploaded files as the command line reads files, each under its own name."""
    found: list[Article | Refusal] = []
    for file in files:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"upload{Path(file.name).suffix}"
            path.write_bytes(file.getbuffer())
            for one in read_articles([path], published=published):
                if isinstance(one, Refusal):
                    place = one.origin.removeprefix(str(path))
                    one = Refusal(f"{file.name}{place}", one.reason)
                found.append(one)
    return found


def show_drafts() -> None:
    """Show what was read before it is kept: the text with its mentions, and the events."""
    state = st.session_state
    extractions = [draft for draft in state.drafts if not isinstance(draft, Refusal)]
    for refusal in state.drafts:
        if isinstance(refusal, Refusal):
            st.warning(f"{escape_markdown(refusal.origin)}: {escape_markdown(refusal.reason)}")
    for extraction in extractions[:20]:
        show_draft(extraction)
    if len(extractions) > 20:
        st.caption(f"{count_words(len(extractions) - 20, 'more article')} not shown here.")
    back, keep = st.columns(2)
    if back.button("Back", width="stretch"):
        state.drafts = []
        st.rerun(scope="fragment")
    label = f"Keep {count_words(len(extractions), 'article')}"
    if extractions and keep.button(label, type="primary", width="stretch"):
        try:
            for extraction in extractions:
                open_store().add(extraction)
        except ExtractError as error:
            st.error(str(error))
            return
        state.drafts = []
        state.show_own = True
        st.rerun()


def show_draft(extraction: Extraction) -> None:
    """Show one article with its mentions marked, and its events as cards."""
    article = extraction.article
    spans = {
        "what": [(one.span.start, one.span.end) for one in extraction.triggers],
        "who": [
            (one.span.start, one.span.end)
            for one in extraction.actors
            if not any(one.span.overlaps(place.span) for place in extraction.resolved)
        ],
        "where": [(one.span.start, one.span.end) for one in extraction.resolved],
        "when": [(one.span.start, one.span.end) for one in extraction.timexes],
    }
    frame = build_table([(article, extraction.events)])
    st.html(write_draft(article, len(frame), extraction.skipped))
    text, events = st.tabs(["Text", f"Events ({len(frame)})"])
    text.html(f'{write_field_key()}<div class="dl-text">{mark_words(article.text, spans)}</div>')
    for number in range(len(frame)):
        events.html(write_card(frame.iloc[number], text=article.text))
    if frame.empty:
        events.caption(f"No event: {extraction.skipped}.")


# ---- the page, from top to bottom -----------------------------------------------------------

recall_address()
st.html(write_style(dark=st.context.theme.type == "dark"))
try:
    dataset = choose_dataset()
except ExtractError as error:
    st.error(str(error))
    st.stop()
selection = ask_selection(dataset)
masks = make_masks(dataset.columns, selection)
mask = join_masks(dataset.columns, masks)
keep_address(selection)

name, actions = st.columns([4, 1.3], vertical_alignment="center")
with name, st.container(key="masthead", gap="xsmall"):
    st.title("Dateline", anchor=False)
    show_coverage(dataset, mask)
with actions, st.container(key="actions"):
    if st.button("Add articles", icon=":material/add:", width="stretch"):
        add_articles()
with st.sidebar:
    streets = st.toggle("Street map (needs the network)", key="streets")

beside = st.columns([1.9, 1], gap="medium")
with beside[0]:
    show_map(dataset, mask, streets=streets)
    st.html(write_key())
with beside[1]:
    show_panel(dataset, mask)
show_timeline(dataset, masks, selection)
table, periods, left_out, symbols = st.tabs(
    ["Table", "By period", "Not on the map", "What the symbols mean"]
)
with table:
    show_table(dataset, mask)
with periods:
    show_periods(dataset, mask)
with left_out:
    show_left_out(dataset, mask)
with symbols:
    st.html(write_legend())
