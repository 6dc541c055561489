"""The tab of sources: which feeds are watched and how they are, what was read; poll, and add."""

from __future__ import annotations

import datetime

import streamlit as st

from extract.errors import ExtractError
from extract.records import FeedState
from extract.sources.files import Refusal
from page.access import may_add
from page.dataset import Dataset, load_extractor, open_store
from view.columns import Mask
from view.evidence import escape_markdown
from view.sources import health_sentence, tabulate_feeds, tabulate_outlets
from view.words import count_words

REFUSALS_SHOWN = 20


def show_sources(dataset: Dataset, mask: Mask) -> None:
    """Show the feeds with their last polls, and how many events each outlet told of."""
    feeds = open_store().feeds()
    moment = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    st.caption(escape_markdown(health_sentence(feeds, moment)))
    for kind, message in st.session_state.pop("sources_said", []):
        (st.warning if kind == "warning" else st.success)(message)
    if may_add():
        ask_for_more(feeds)
    watched, outlets = st.columns([2.6, 1], gap="medium")
    with watched:
        if feeds:
            st.dataframe(
                tabulate_feeds(feeds, moment),
                hide_index=True,
                column_config={
                    "Feed": st.column_config.TextColumn(width="medium"),
                    "Address": st.column_config.TextColumn(width="small"),
                    "State": st.column_config.TextColumn(width="large"),
                },
            )
    with outlets:
        table = tabulate_outlets(dataset.columns, mask)
        st.dataframe(table, hide_index=True, height=420 if len(table) > 10 else "auto")


def ask_for_more(feeds: list[FeedState]) -> None:
    """Let the reader poll now, add the article of a link, or watch a feed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        link = st.text_input("Link", key="link", placeholder="https://… of an article or a feed")
        add = st.button("Add article", icon=":material/add_link:", disabled=not link.strip())
        watch = st.button("Watch feed", icon=":material/rss_feed:", disabled=not link.strip())
        poll = st.button("Poll now", icon=":material/refresh:", disabled=not feeds)
    if not (add or watch or poll):
        return
    # Asked here too: a reader may have been signed out since the page was drawn.
    if not may_add():
        st.error("You may read here, not add. Sign in first.")
        return
    try:
        said = poll_now() if poll else [(add_link if add else watch_feed)(link.strip())]
    except ExtractError as error:
        st.error(escape_markdown(str(error)))
        return
    st.session_state.sources_said = said
    st.rerun()


def poll_now() -> list[tuple[str, str]]:
    """Poll the feeds that are due and return what to tell: (success or warning, sentence)."""
    # The finders take seconds to import, which a page that only shows need not spend.
    from extract.polling import choose_feeds, now, poll_feeds
    from extract.sources.fetching import Fetcher

    store = open_store()
    due = choose_feeds(store.feeds(), moment=now())
    if not due:
        return [("warning", "Every feed failed lately and is left alone for a while.")]
    new = events = 0
    said: list[tuple[str, str]] = []
    bar = st.progress(0.0, "Polling …")
    fetcher = Fetcher()
    try:
        reports = poll_feeds(store, due, fetcher=fetcher, open_extractor=load_extractor)
        for number, report in enumerate(reports, start=1):
            bar.progress(number / len(due), f"Polling … {number} of {len(due)} feeds")
            if report.error is not None:
                said.append(("warning", escape_markdown(f"{report.feed.url}: {report.error}")))
                continue
            new += report.outcome.new
            events += report.events
            said += [
                ("warning", escape_markdown(f"{url}: {reason}")) for url, reason in report.refusals
            ]
    finally:
        # A reader who leaves half-way stops the poll with the page.
        fetcher.close()
    if new:
        st.session_state.show_own = True
    hidden = len(said) - REFUSALS_SHOWN
    said = said[:REFUSALS_SHOWN]
    if hidden > 0:
        said.append(("warning", f"{count_words(hidden, 'more entry', 'more entries')} refused."))
    told = f"{count_words(new, 'new article')} with {count_words(events, 'event')}."
    return [("success", told), *said]


def add_link(url: str) -> tuple[str, str]:
    """Fetch a page, keep its article with its events, and return what to tell."""
    from extract.sources.fetching import Fetcher
    from extract.sources.files import read_address

    store = open_store()
    with st.spinner("Reading the page …"):
        found = read_address(url, fetcher=Fetcher())
        if isinstance(found, Refusal):
            return "warning", escape_markdown(f"{found.origin}: {found.reason}")
        if store.holds(found):
            return "success", "This article is known already."
        extraction = load_extractor().extract(found)
        store.add(extraction, origin=url)
    st.session_state.show_own = True
    title = escape_markdown(found.title or url)
    return "success", f"Added “{title}” with {count_words(len(extraction.events), 'event')}."


def watch_feed(url: str) -> tuple[str, str]:
    """Watch a feed and return what to tell; it is not fetched before the next poll."""
    from extract.commands.feedlist import read_feed_address

    address = read_feed_address(url)
    is_new = open_store().add_feed(address)
    told = "watched from the next poll on" if is_new else "watched already"
    return "success", f"{escape_markdown(address)} is {told}."
