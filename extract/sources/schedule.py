"""When a feed is polled next, and what a poll leaves behind: no clock, no network, no store."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from extract.records import FeedState, PollOutcome
from extract.sources.feeds import Feed
from extract.sources.fetching import Page

# A feed that fails is tried again after a quarter of an hour, then twice as long each time.
FIRST_BACK_OFF = datetime.timedelta(minutes=15)
LONGEST_BACK_OFF = datetime.timedelta(days=1)


def is_due(feed: FeedState, now: datetime.datetime) -> bool:
    """Say whether a feed may be polled; one that failed has to wait for its moment."""
    return feed.next_poll is None or feed.next_poll <= now


def back_off(failures: int, retry_after: float | None = None) -> datetime.timedelta:
    """Return how long to leave a feed alone that failed so many times in a row.

    What the server itself asks for (`retry_after`, in seconds) counts where it is longer; a day
    is the longest.
    """
    # Past the cap the power is not worked out: a feed may fail for years.
    doublings = min(max(failures, 1) - 1, 16)
    asked = datetime.timedelta(seconds=min(retry_after or 0.0, LONGEST_BACK_OFF.total_seconds()))
    return min(max(FIRST_BACK_OFF * (1 << doublings), asked), LONGEST_BACK_OFF)


def fail_poll(
    feed: FeedState, now: datetime.datetime, reason: str, *, retry_after: float | None = None
) -> PollOutcome:
    """Return what a poll leaves behind that did not get the feed."""
    failures = feed.failures + 1
    return PollOutcome(
        last_poll=now,
        next_poll=now + back_off(failures, retry_after),
        last_ok=feed.last_ok,
        failures=failures,
        last_error=reason,
        etag=feed.etag,
        last_modified=feed.last_modified,
        new=feed.new,
        known=feed.known,
        refused=feed.refused,
    )


def finish_poll(
    feed: FeedState,
    now: datetime.datetime,
    page: Page,
    read: Feed | None,
    *,
    new: int = 0,
    known: int = 0,
    refused: int = 0,
    seen: Iterable[str] = (),
    is_complete: bool = True,
) -> PollOutcome:
    """Return what a poll leaves behind that got the feed.

    `read` is None where the server said that nothing changed. With `is_complete` False some
    entries are still to be had; the server is then not told that this state of the feed is
    known, since it would keep them back the next time.
    """
    etag, last_modified = page.etag, page.last_modified
    if not page.changed:
        # A server need not repeat what it was asked with.
        etag, last_modified = etag or feed.etag, last_modified or feed.last_modified
    return PollOutcome(
        last_poll=now,
        next_poll=now,
        last_ok=now,
        title=read.title if read is not None else None,
        etag=etag if is_complete else None,
        last_modified=last_modified if is_complete else None,
        new=new,
        known=known,
        refused=refused,
        seen=tuple(seen),
    )
