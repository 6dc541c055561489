"""The feeds that are watched: read those that are due, fetch what is new in them, and keep it.

    due feeds -> fetch -> entries that the store does not know -> fetch -> extract -> store

Feeds and pages are fetched by a few threads, never two at once from one host; the finders and
the store are used by the caller's thread alone. One feed's trouble is its own: it is written
down, and the others go on.
"""

from __future__ import annotations

import datetime
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.exc import DataError, IntegrityError

from extract.errors import (
    ArticleError,
    FetchError,
    StoreError,
    UnavailableError,
    UnreadableError,
)
from extract.records import Article, FeedState, PollOutcome
from extract.sources.addresses import split_address
from extract.sources.feeds import Feed, FeedEntry, read_feed
from extract.sources.fetching import FEED_TYPES, Fetcher, Page
from extract.sources.files import Refusal, read_address
from extract.sources.schedule import fail_poll, finish_poll, is_due
from extract.stopwatch import Stopwatch
from extract.store import Store
from extract.store.articles import Extracted

WORKERS = 8
# New entries that one poll takes of one feed; what is beyond comes with the next.
ENTRIES_AT_ONCE = 200
# And for so long it takes them: a host that wants minutes between two requests gives a few each
# time, so that the next poll of the others need not wait for it.
SECONDS_AT_ONCE = 600.0
# How often the caller's thread looks whether it is to stop.
GLANCE_SECONDS = 0.2


class Finders(Protocol):
    """What a poll needs of `extract.pipeline.Extractor`."""

    def extract(self, article: Article) -> Extracted:
        """Find the events of one article."""


@dataclass(frozen=True, slots=True)
class FeedReport:
    """How the poll of one feed went.

    `outcome` is what the store keeps of it. `events` were found in the new articles. `refusals`
    are the entries that gave no article, each with its reason; `waiting` counts those of them,
    and of the entries beyond one poll's share, that are tried again.
    """

    feed: FeedState
    outcome: PollOutcome
    changed: bool = True
    events: int = 0
    refusals: tuple[tuple[str, str], ...] = ()
    waiting: int = 0

    @property
    def error(self) -> str | None:
        """Why the feed could not be had; None where it could."""
        return self.outcome.last_error


@dataclass(slots=True)
class _Progress:
    """A feed under way: what it holds, and what became of its entries so far."""

    feed: FeedState
    page: Page
    read: Feed
    left: int = 0
    new: int = 0
    known: int = 0
    events: int = 0
    waiting: int = 0
    refusals: list[tuple[str, str]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Task:
    """Something to fetch: a feed, or an entry of one that is under way."""

    url: str
    feed: FeedState
    entry: FeedEntry | None = None
    progress: _Progress | None = None


def now() -> datetime.datetime:
    """Return the moment in UTC without a zone, as the store keeps it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)


def choose_feeds(
    feeds: Sequence[FeedState],
    *,
    moment: datetime.datetime,
    urls: Sequence[str] = (),
    also_failing: bool = False,
) -> list[FeedState]:
    """Return the feeds to poll: those of `urls`, or all, that are due at the moment.

    With `also_failing` those that have to wait after a failure are taken too.
    """
    named = [feed for feed in feeds if not urls or feed.url in urls]
    return [feed for feed in named if also_failing or is_due(feed, moment)]


def poll_feeds(
    store: Store,
    feeds: Sequence[FeedState],
    *,
    fetcher: Fetcher,
    open_extractor: Callable[[], Finders],
    stop: threading.Event | None = None,
    run_id: int | None = None,
    stopwatch: Stopwatch | None = None,
    on_entry: Callable[[bool], object] = bool,
) -> Iterator[FeedReport]:
    """Poll feeds and yield a report of each as it is done; what it found is kept by then.

    `open_extractor` is called once, when the first new article is there. After `stop` is set
    nothing more begins, `fetcher` is closed, and feeds that are not done are left as they were.
    `stopwatch` takes the seconds of the caller's thread: waiting, extracting, keeping. `on_entry`
    is called after each entry that was fetched, with whether it gave a new article.
    """
    poll = _Poll(
        store,
        fetcher,
        open_extractor,
        stop or threading.Event(),
        run_id,
        stopwatch or Stopwatch(),
        on_entry,
    )
    yield from poll.run(feeds)


class _Poll:
    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        open_extractor: Callable[[], Finders],
        stop: threading.Event,
        run_id: int | None,
        stopwatch: Stopwatch,
        on_entry: Callable[[bool], object],
    ) -> None:
        self._on_entry = on_entry
        self._store = store
        self._fetcher = fetcher
        self._open_extractor = open_extractor
        self._extractor: Finders | None = None
        self._stop = stop
        self._run_id = run_id
        self._stopwatch = stopwatch
        self._queues: dict[str, deque[_Task]] = {}
        self._pending: dict[Future[Any], tuple[str, _Task]] = {}
        # Entries that some feed of this poll has asked for already.
        self._claimed: set[str] = set()

    def run(self, feeds: Sequence[FeedState]) -> Iterator[FeedReport]:
        for feed in feeds:
            self._enqueue(_Task(feed.url, feed))
        try:
            while not self._stop.is_set():
                self._submit()
                if not self._pending:
                    return
                self._stopwatch.start()
                done, _ = wait(self._pending, timeout=GLANCE_SECONDS, return_when=FIRST_COMPLETED)
                self._stopwatch.lap("waiting")
                for future in done:
                    if self._stop.is_set():
                        break
                    _, task = self._pending.pop(future)
                    report = self._take(task, future.result())
                    if report is not None:
                        yield report
        finally:
            # Also where the caller wants no more reports: what is under way is for nobody.
            if self._stop.is_set() or self._pending:
                self._fetcher.close()

    def _enqueue(self, task: _Task) -> None:
        try:
            host = split_address(task.url)[1]
        except FetchError:
            host = ""
        self._queues.setdefault(host, deque()).append(task)

    def _submit(self) -> None:
        """Give each host that is idle its next task, in as many threads as there may be."""
        busy = {host for host, _ in self._pending.values()}
        for host, queue in list(self._queues.items()):
            if len(self._pending) >= WORKERS:
                return
            if host not in busy and queue:
                task = queue.popleft()
                work = self._fetch_feed if task.entry is None else self._fetch_entry
                self._pending[_begin(work, task)] = (host, task)
                # Hosts take turns, so that a long queue does not keep the others from a thread.
                self._queues[host] = self._queues.pop(host)

    # In the threads

    def _fetch_feed(self, task: _Task) -> tuple[Page, Feed | None] | ArticleError:
        feed = task.feed
        try:
            page = self._fetcher.fetch(
                feed.url, types=FEED_TYPES, etag=feed.etag, last_modified=feed.last_modified
            )
            if not page.changed:
                return page, None
            return page, read_feed(page.body, url=page.url, charset=page.charset)
        except ArticleError as error:
            return error
        except Exception as error:
            # A fault of ours, or of a library, in one feed must not cost the others.
            return UnreadableError(_blame(error))

    def _fetch_entry(self, task: _Task) -> Article | Refusal:
        published = task.entry.published if task.entry is not None else None
        try:
            return read_address(task.url, fetcher=self._fetcher, published=published)
        except Exception as error:
            return Refusal(task.url, _blame(error))

    # In the caller's thread

    def _take(self, task: _Task, found: Any) -> FeedReport | None:
        if task.progress is not None:
            before = task.progress.new
            self._take_entry(task, task.progress, found)
            self._on_entry(task.progress.new > before)
            return self._finish(task.progress) if task.progress.left == 0 else None
        if isinstance(found, ArticleError):
            retry_after = found.retry_after if isinstance(found, UnavailableError) else None
            outcome = fail_poll(task.feed, now(), str(found), retry_after=retry_after)
            return self._keep(FeedReport(task.feed, outcome))
        page, read = found
        if read is None:
            outcome = finish_poll(task.feed, now(), page, None)
            return self._keep(FeedReport(task.feed, outcome, changed=False))
        progress = _Progress(task.feed, page, read)
        self._divide(progress)
        return self._finish(progress) if progress.left == 0 else None

    def _divide(self, progress: _Progress) -> None:
        """Tell the new entries of a feed from the known, and ask for the new ones."""
        entries = progress.read.entries
        known = self._store.known_urls([entry.url for entry in entries])
        fresh = [e for e in entries if e.url not in known and e.url not in self._claimed]
        progress.known = len(entries) - len(fresh)
        gap = self._fetcher.find_gap(progress.feed.url)
        share = min(ENTRIES_AT_ONCE, int(SECONDS_AT_ONCE / gap)) if gap else ENTRIES_AT_ONCE
        share = max(1, share)
        progress.waiting = max(0, len(fresh) - share)
        for entry in fresh[:share]:
            self._claimed.add(entry.url)
            self._enqueue(_Task(entry.url, progress.feed, entry, progress))
            progress.left += 1

    def _take_entry(self, task: _Task, progress: _Progress, found: Article | Refusal) -> None:
        progress.left -= 1
        if isinstance(found, Article):
            found = self._add(task.url, progress, found) or found
        if isinstance(found, Refusal):
            progress.refusals.append((task.url, found.reason))
            self._store.refuse(task.url, found.reason, run_id=self._run_id)
            if found.passing:
                progress.waiting += 1
                return
        progress.seen.append(task.url)

    def _add(self, url: str, progress: _Progress, article: Article) -> Refusal | None:
        """Keep an article with its events; return a refusal where that cannot be done."""
        if self._store.holds(article):
            progress.known += 1
            return None
        self._extractor = self._extractor or self._open_extractor()
        self._stopwatch.start()
        try:
            extraction = self._extractor.extract(article)
            self._stopwatch.lap("extracting")
            is_new = self._store.add(extraction, origin=url, run_id=self._run_id)
            self._stopwatch.lap("keeping")
        except Exception as error:
            if isinstance(error, StoreError) and not isinstance(
                error.__cause__, (DataError, IntegrityError)
            ):
                # A full disk or a lost server is no fault of this article: stop.
                raise
            # A fault of ours in one article must not cost the others.
            return Refusal(url, _blame(error))
        progress.new += is_new
        progress.known += not is_new
        progress.events += len(extraction.events) if is_new else 0
        return None

    def _finish(self, progress: _Progress) -> FeedReport:
        outcome = finish_poll(
            progress.feed,
            now(),
            progress.page,
            progress.read,
            new=progress.new,
            known=progress.known,
            refused=len(progress.refusals),
            seen=progress.seen,
            is_complete=progress.waiting == 0,
        )
        return self._keep(
            FeedReport(
                progress.feed,
                outcome,
                events=progress.events,
                refusals=tuple(progress.refusals),
                waiting=progress.waiting,
            )
        )

    def _keep(self, report: FeedReport) -> FeedReport:
        # The user may have removed the feed in the meantime; what came from it stays.
        if any(feed.url == report.feed.url for feed in self._store.feeds()):
            self._store.keep_poll(report.feed.url, report.outcome)
        return report


def _begin(work: Callable[[_Task], Any], task: _Task) -> Future[Any]:
    """Do some work in a thread that nobody waits for when the program ends."""
    future: Future[Any] = Future()

    def run() -> None:
        try:
            future.set_result(work(task))
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name="poll", daemon=True).start()
    return future


def _blame(error: Exception) -> str:
    return f"the program failed on it ({error!r}); please report it"
