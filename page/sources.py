"""The tab of sources: which feeds are watched and how they are, what was read; poll, and add."""

from __future__ import annotations

import datetime

import streamlit as st

from extract.errors import ExtractError
from extract.records import FeedState
from page.access import may_add
from page.dataset import Dataset, open_store
from page.errands import Errand, load_newsroom
from view.columns import Mask
from view.evidence import escape_markdown
from view.sources import health_sentence, tabulate_feeds, tabulate_outlets

# How often the page looks how far an errand is.
GLANCE_SECONDS = 1.0


def show_sources(dataset: Dataset, mask: Mask) -> None:
    """Show the feeds with their last polls, and how many events each outlet told of."""
    feeds = open_store().feeds()
    moment = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    st.caption(escape_markdown(health_sentence(feeds, moment)))
    watched = tell_errands()
    # Fetched by itself only while there is something to see.
    st.fragment(show_errands, run_every=GLANCE_SECONDS if watched else None)(watched)
    if may_add():
        ask_for_more(feeds)
    left, right = st.columns([2.6, 1], gap="medium")
    with left:
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
    with right:
        table = tabulate_outlets(dataset.columns, mask)
        st.dataframe(table, hide_index=True, height=420 if len(table) > 10 else "auto")


def show_errands(watched: list[Errand]) -> None:
    """Show how far the errands are; draw the whole page anew when one of them is done.

    `watched` were under way when the page was drawn last.
    """
    if not all(errand.running for errand in watched):
        st.rerun()
    for errand in watched:
        st.progress(errand.share, escape_markdown(errand.sentence))


def tell_errands() -> list[Errand]:
    """Tell what the reader's errands came to; return those under way, and a poll of others."""
    own: list[Errand] = st.session_state.setdefault("errands", [])
    for errand in own:
        if errand.added and not (errand.running or errand.shown):
            # Whoever looks at the sample sees what came of the errand.
            errand.shown = st.session_state.show_own = True
            st.rerun()
        for kind, words in errand.said or ():
            {"success": st.success, "warning": st.warning, "error": st.error}[kind](words)
    poll = load_newsroom().polling
    others = [poll] if poll is not None and poll not in own else []
    return [errand for errand in own if errand.running] + others


def begin_errand(errand: Errand) -> None:
    """Watch an errand from now on; what the reader was told before has been read."""
    own: list[Errand] = st.session_state.errands
    st.session_state.errands = [one for one in own if one.running and one is not errand]
    st.session_state.errands.append(errand)


def ask_for_more(feeds: list[FeedState]) -> None:
    """Let the reader poll now or stop, add the article of a link, or watch a feed."""
    newsroom = load_newsroom()
    polling = newsroom.polling
    with st.container(horizontal=True, vertical_alignment="bottom"):
        link = st.text_input("Link", key="link", placeholder="https://… of an article or a feed")
        add = st.button("Add article", icon=":material/add_link:", disabled=not link.strip())
        watch = st.button("Watch feed", icon=":material/rss_feed:", disabled=not link.strip())
        poll = stop = False
        if polling is None:
            poll = st.button("Poll now", icon=":material/refresh:", disabled=not feeds)
        else:
            stop = st.button("Stop polling", icon=":material/stop:")
    if not (add or watch or poll or stop):
        return
    # Asked here too: a reader may have been signed out since the page was drawn.
    if not may_add():
        st.error("You may read here, not add. Sign in first.")
        return
    try:
        if watch:
            begin_errand(Errand("Watching", said=[watch_feed(link.strip())]))
        elif add:
            begin_errand(newsroom.add(open_store(), link.strip()))
        elif poll:
            begin_errand(newsroom.poll(open_store()))
        elif polling is not None:
            polling.stop.set()
    except ExtractError as error:
        st.error(escape_markdown(str(error)))
        return
    st.rerun()


def watch_feed(url: str) -> tuple[str, str]:
    """Watch a feed and return what to tell; it is not fetched before the next poll."""
    from extract.commands.feedlist import read_feed_address

    address = read_feed_address(url)
    is_new = open_store().add_feed(address)
    told = "watched from the next poll on" if is_new else "watched already"
    return "success", f"{escape_markdown(address)} is {told}."
