"""What takes longer than a reader waits: polls and pages of links, fetched in the background.

    load_newsroom().poll(store) -> an Errand, whose thread goes on whatever its reader does
    errand.said                 -> what it came to, once it is done

A server polls once at a time. Whoever started an errand is told how it ended; everybody sees
that a poll is under way.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from extract.errors import ExtractError
from extract.store import Store
from page.dataset import load_finders
from view.evidence import escape_markdown
from view.words import count_words

if TYPE_CHECKING:
    pass

REFUSALS_SHOWN = 20
# What the manifest of a run says of where it came from.
ORIGIN = {"from": "page"}
log = logging.getLogger("extract.page")

# (success, warning or error, sentence)
Said = list[tuple[str, str]]


@dataclass(eq=False)
class Errand:
    """Something under way: what it is, how far it is, and what it came to.

    `said` is None until it is done. Of `total` feeds `done` are done, and `read` pages of them;
    `added` counts the articles that it brought so far. `shown` is True once its reader has been
    brought to them.
    """

    label: str
    done: int = 0
    total: int = 0
    read: int = 0
    added: int = 0
    said: Said | None = None
    shown: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def running(self) -> bool:
        """Whether it is still under way."""
        return self.said is None

    @property
    def share(self) -> float:
        """How much of it is done, from 0 to 1."""
        return self.done / self.total if self.total else 0.0

    @property
    def sentence(self) -> str:
        """How far it is."""
        if not self.total:
            return f"{self.label} …"
        told = f"{self.label} … {self.done} of {count_words(self.total, 'feed')}"
        if self.read:
            told += f", {count_words(self.read, 'page')} read"
        return f"{told}, {count_words(self.added, 'new article')}" if self.added else told

    def count_page(self, is_new: bool) -> None:
        """Count a page that was read, and the article that it gave if that is new."""
        self.read += 1
        self.added += is_new


class Newsroom:
    """The errands of a server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._poll: Errand | None = None

    @property
    def polling(self) -> Errand | None:
        """The poll that is under way, None where there is none."""
        poll = self._poll
        return poll if poll is not None and poll.running else None

    def poll(self, store: Store) -> Errand:
        """Poll the feeds that are due; return the poll that is under way where there is one."""
        with self._lock:
            self._poll = self.polling or start_errand(
                "Polling", lambda errand: poll_feeds(errand, store)
            )
            return self._poll

    def add(self, store: Store, url: str) -> Errand:
        """Add the article of a link."""
        return start_errand(f"Reading {url}", lambda errand: add_link(errand, store, url))


@st.cache_resource(show_spinner=False)
def load_newsroom() -> Newsroom:
    """Return the newsroom of this server."""
    return Newsroom()


def start_errand(label: str, work: Callable[[Errand], Said]) -> Errand:
    """Do some work in a thread of its own, which ends with the server; return its errand."""
    errand = Errand(label)

    def run() -> None:
        try:
            said = work(errand)
        except ExtractError as error:
            said = [("error", escape_markdown(str(error)))]
        except Exception as error:
            log.exception("%s failed", label)
            words = escape_markdown(repr(error))
            said = [("error", f"The program failed ({words}); please report it.")]
        errand.said = said

    threading.Thread(target=run, name="errand", daemon=True).start()
    return errand


def poll_feeds(errand: Errand, store: Store) -> Said:
    """Poll the feeds that are due and return what to tell."""
    # The web's readers take a second to import, which a page that only shows need not spend.
    from extract import polling
    from extract.commands.polling import count_report, start_counts, sum_up
    from extract.commands.runs import record_run
    from extract.sources.fetching import open_fetcher
    from extract.sources.files import name_refusal

    feeds = store.feeds()
    due = polling.choose_feeds(feeds, moment=polling.now())
    if not due:
        return [("warning", "Every feed failed lately and is left alone for a while.")]
    errand.total = len(due)
    counts = start_counts(left_alone=len(feeds) - len(due))
    trouble: Said = []
    fetcher = open_fetcher(pause=errand.stop.wait)
    inputs = [feed.url for feed in due]
    with record_run(store, "feeds poll", ORIGIN, counts, inputs=inputs) as record:
        for report in polling.poll_feeds(
            store,
            due,
            fetcher=fetcher,
            open_extractor=load_finders,
            stop=errand.stop,
            run_id=record.number,
            stopwatch=record.stopwatch,
            on_entry=errand.count_page,
        ):
            count_report(report, counts)
            errand.done = counts["feeds"]
            refused = [(report.feed.url, report.error)] if report.error else report.refusals
            for url, why in refused:
                trouble.append(("warning", escape_markdown(name_refusal(url, why))))
    hidden = len(trouble) - REFUSALS_SHOWN
    if hidden > 0:
        more = f"{count_words(hidden, 'more entry', 'more entries')} refused."
        trouble = [*trouble[:REFUSALS_SHOWN], ("warning", more)]
    told = sum_up(counts, stopped=errand.stop.is_set())
    return [("success", f"{told}."), *trouble]


def add_link(errand: Errand, store: Store, url: str) -> Said:
    """Fetch a page, keep its article with its events, and return what to tell."""
    from extract.commands.add import find_events, keep, start_counts
    from extract.commands.runs import record_run
    from extract.sources.fetching import open_fetcher
    from extract.sources.files import Refusal, name_refusal, read_address

    counts = start_counts()
    with record_run(store, "add", ORIGIN, counts, inputs=[url]) as record:
        record.stopwatch.start()
        article = read_address(url, fetcher=open_fetcher(pause=errand.stop.wait))
        record.stopwatch.lap("reading")
        if isinstance(article, Refusal):
            counts["refused"] += 1
            store.refuse(url, article.reason, run_id=record.number)
            return [("warning", escape_markdown(name_refusal(url, article.reason)))]
        if store.holds(article):
            counts["known"] += 1
            return [("success", escape_markdown(f"{url} is known already."))]
        found = find_events(load_finders(), (url, article))
        record.stopwatch.lap("extracting")
        why = keep(store, found, url, record.number, counts)
        record.stopwatch.lap("keeping")
    if why is not None:
        return [("error", escape_markdown(f"{url}: {why}"))]
    errand.added = counts["added"] + counts["revised"]
    title = escape_markdown(article.title or url)
    events = count_words(counts["events"], "event")
    if counts["revised"]:
        return [("success", f"“{title}” has changed: kept as a new revision with {events}.")]
    return [("success", f"Added “{title}” with {events}.")]
