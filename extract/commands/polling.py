"""python -m extract feeds poll: what is new in the feeds is added, once or again and again."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from extract.commands.console import (
    DONE,
    INTERRUPTED,
    REFUSED,
    complain,
    count,
    print_result,
    start_logging,
    tell,
)
from extract.commands.feedlist import read_feed_address
from extract.commands.runs import record_run
from extract.errors import FetchError, StoreError
from extract.pipeline import Extractor
from extract.polling import FeedReport, choose_feeds, now, poll_feeds
from extract.sources.fetching import open_fetcher
from extract.sources.files import name_refusal
from extract.sources.settings import FetchSettings
from extract.store import Store


@dataclass(frozen=True, slots=True)
class PollOptions:
    """What to poll, how often, and how.

    `urls` empty means all feeds. `every` is in seconds, None polls once.
    """

    urls: tuple[str, ...] = ()
    every: float | None = None
    as_json: bool = False
    also_failing: bool = False
    settings: FetchSettings = field(default_factory=FetchSettings)


@dataclass(slots=True)
class _Session:
    """What outlives a poll: the models, and whether it is time to stop."""

    store: Store
    options: PollOptions
    stop: threading.Event
    extractor: Extractor | None = None

    def open_extractor(self) -> Extractor:
        self.extractor = self.extractor or Extractor()
        return self.extractor


def run_polls(options: PollOptions, *, database: str | None) -> int:
    """Poll the feeds, once or at the pace of `options.every` until a signal ends it.

    A line per feed goes to standard error, a summary per poll to standard output.
    """
    start_logging(as_json=options.as_json, verbose=True)
    try:
        urls = tuple(read_feed_address(url) for url in options.urls)
    except FetchError as error:
        complain(str(error))
        return REFUSED
    with Store(database) as store, _stopping() as stop:
        watched = {feed.url for feed in store.feeds()}
        unknown = [url for url in urls if url not in watched]
        for url in unknown:
            complain(f"{url} is not watched; add it with feeds add", url=url)
        if unknown or not watched:
            if not watched:
                complain("no feed is watched; add one with feeds add or feeds import --starter")
            return REFUSED
        session = _Session(store, options, stop)
        while True:
            began = time.monotonic()
            try:
                failed = _poll_once(session, urls)
            except StoreError as error:
                if options.every is None or stop.is_set():
                    raise
                # A watch outlives a full disk and a server that is started anew.
                complain(f"error: {error}; polled again in {options.every / 60:.0f} min")
                failed = 1
            if options.every is None:
                return INTERRUPTED if stop.is_set() else REFUSED if failed else DONE
            if stop.wait(max(0.0, options.every - (time.monotonic() - began))):
                return DONE


def _poll_once(session: _Session, urls: tuple[str, ...]) -> int:
    """Poll what is due and return how many feeds failed."""
    store, options = session.store, session.options
    feeds = store.feeds()
    due = choose_feeds(feeds, moment=now(), urls=urls, also_failing=options.also_failing)
    named = len(urls) or len(feeds)
    counts = start_counts(left_alone=named - len(due))
    fetcher = open_fetcher(options.settings, pause=session.stop.wait)
    began = time.monotonic()
    if due:
        settings = {
            "every": options.every,
            "allow_private": options.settings.allow_private or None,
            "interval": options.settings.interval,
        }
        inputs = [feed.url for feed in due]
        with record_run(store, "feeds poll", settings, counts, inputs=inputs) as record:
            for report in poll_feeds(
                store,
                due,
                fetcher=fetcher,
                open_extractor=session.open_extractor,
                stop=session.stop,
                run_id=record.number,
                stopwatch=record.stopwatch,
            ):
                _tell_report(report)
                count_report(report, counts)
            record.fruitless = not (counts["new"] or counts["refused"] or counts["failed"])
    facts = {**counts, "seconds": round(time.monotonic() - began, 1)}
    facts["stopped"] = session.stop.is_set()
    print_result(sum_up(counts, stopped=session.stop.is_set()), facts, as_json=options.as_json)
    return counts["failed"]


def start_counts(*, left_alone: int) -> dict[str, int]:
    """Return the counts of a poll that begins; `left_alone` feeds have to wait after failures."""
    names = ("feeds", "failed", "new", "events", "known", "refused", "waiting")
    return {**dict.fromkeys(names, 0), "left alone": left_alone}


def count_report(report: FeedReport, counts: dict[str, int]) -> None:
    """Add the report of a feed to the counts of its poll."""
    counts["feeds"] += 1
    if report.error is not None:
        counts["failed"] += 1
        return
    counts["new"] += report.outcome.new
    counts["known"] += report.outcome.known
    counts["refused"] += report.outcome.refused
    counts["events"] += report.events
    counts["waiting"] += report.waiting


def _tell_report(report: FeedReport) -> None:
    url, outcome = report.feed.url, report.outcome
    if report.error is not None:
        complain(
            name_refusal(url, report.error) + f"; failed {count(outcome.failures, 'time')}, next "
            f"try after {outcome.next_poll:%Y-%m-%d %H:%M} UTC",
            feed=url,
            error=report.error,
            failures=outcome.failures,
            next_poll=outcome.next_poll.isoformat(),
        )
        return
    for entry, reason in report.refusals:
        complain(name_refusal(entry, reason), feed=url, url=entry, reason=reason)
    if not report.changed:
        sentence = f"{url}: nothing changed"
    else:
        sentence = (
            f"{url}: {outcome.new} new with {count(report.events, 'event')}, "
            f"{outcome.known} known, {outcome.refused} refused"
        )
        if report.waiting:
            sentence += f"; {report.waiting} to be tried again"
    tell(
        sentence,
        feed=url,
        changed=report.changed,
        new=outcome.new,
        events=report.events,
        known=outcome.known,
        refused=outcome.refused,
        waiting=report.waiting,
    )


def sum_up(counts: dict[str, int], *, stopped: bool) -> str:
    """Return what a poll came to in a sentence without its full stop."""
    sentence = (
        f"{count(counts['feeds'], 'feed')} polled: {count(counts['new'], 'new article')} with "
        f"{count(counts['events'], 'event')}, {counts['known']} known, {counts['refused']} refused"
    )
    if counts["failed"]:
        sentence += f"; {count(counts['failed'], 'feed')} failed"
    if counts["left alone"]:
        sentence += f"; {count(counts['left alone'], 'feed')} left alone after failures"
    return f"{sentence}; stopped before the end" if stopped else sentence


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """Give an event that SIGINT and SIGTERM set, in place of breaking off whatever runs."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        # From another thread: this one may be inside the event's own lock, about to wait, and
        # would wait for itself.
        threading.Thread(target=stop.set, daemon=True).start()

    if threading.current_thread() is not threading.main_thread():
        # Only the main thread hears signals.
        yield stop
        return
    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
