"""The feeds that are watched and the outlets that were read, as tables and as one sentence."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from extract.records import FeedState
from view.columns import EventColumns, Mask
from view.words import count_words

FEED_COLUMNS = ("Feed", "Address", "Country", "Last poll", "New", "Known", "Refused", "State")
# A watch that has not polled for so long has probably ended.
LATE = datetime.timedelta(days=1)
NAMED = 3


def tabulate_feeds(feeds: Sequence[FeedState], moment: datetime.datetime) -> pd.DataFrame:
    """Return a row per feed, those in trouble first, then the latest polled.

    `moment` is now, in UTC without a zone. New, Known and Refused are of the last good poll, and
    unknown before it.
    """
    ordered = sorted(
        feeds,
        key=lambda feed: (
            feed.last_error is None,
            -(feed.last_poll or datetime.datetime.min).toordinal(),
            feed.title or feed.url,
        ),
    )
    rows = [
        (
            feed.title or feed.url,
            feed.url,
            feed.country,
            ago_words(feed.last_poll, moment),
            *(
                (feed.new, feed.known, feed.refused)
                if feed.last_ok is not None
                else (pd.NA, pd.NA, pd.NA)
            ),
            state_words(feed, moment),
        )
        for feed in ordered
    ]
    frame = pd.DataFrame(rows, columns=list(FEED_COLUMNS))
    return frame.astype(
        {name: "Int64" if name in ("New", "Known", "Refused") else "string" for name in frame}
    )


def tabulate_outlets(columns: EventColumns, mask: Mask) -> pd.DataFrame:
    """Return how many events each outlet told of, of those under the mask, the most first."""
    counted = columns.table.column("source").filter(pa.array(mask)).value_counts()
    pairs = [(one["values"] or "not named", one["counts"]) for one in counted.to_pylist()]
    pairs.sort(key=lambda pair: (-pair[1], pair[0]))
    frame = pd.DataFrame(pairs, columns=["Outlet", "Events"])
    return frame.astype({"Outlet": "string", "Events": "int64"})


def health_sentence(feeds: Sequence[FeedState], moment: datetime.datetime) -> str:
    """Say in a sentence whether news keeps coming: how many feeds, how fresh, which fail."""
    if not feeds:
        return "No feed is watched."
    polls = [feed.last_poll for feed in feeds if feed.last_poll is not None]
    start = f"{count_words(len(feeds), 'feed')} watched"
    if not polls:
        return f"{start}, none polled yet."
    failing = [feed for feed in feeds if feed.last_error is not None]
    sentence = f"{start}, last polled {ago_words(max(polls), moment)}"
    if moment - max(polls) > LATE:
        sentence += ", so nothing new is coming in"
    fresh = sum(feed.new for feed in feeds if feed.last_ok is not None and not feed.last_error)
    sentence += f"; {count_words(fresh, 'new article')} in the last polls"
    if not failing:
        return f"{sentence}; none failing."
    names = ", ".join(feed.title or feed.url for feed in failing[:NAMED])
    more = f" and {len(failing) - NAMED} more" if len(failing) > NAMED else ""
    return f"{sentence}; {len(failing)} failing: {names}{more}."


def state_words(feed: FeedState, moment: datetime.datetime) -> str:
    """Return how a feed is, with the reason and the next try of one that fails."""
    if feed.last_poll is None:
        return "not polled yet"
    if feed.last_error is None:
        return "good"
    times = count_words(feed.failures, "time")
    again = ""
    if feed.next_poll is not None and feed.next_poll > moment:
        again = f", again in {span_words(feed.next_poll - moment)}"
    return f"failed {times}{again}: {feed.last_error}"


def ago_words(moment: datetime.datetime | None, now: datetime.datetime) -> str:
    """Return how long ago a moment was: "5 minutes ago", "never"."""
    if moment is None:
        return "never"
    passed = now - moment
    return "just now" if passed < datetime.timedelta(minutes=1) else f"{span_words(passed)} ago"


def span_words(span: datetime.timedelta) -> str:
    """Return a length of time in its largest unit, rounded down: "5 minutes", "2 days"."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 60:
        return count_words(minutes, "minute")
    if minutes < 48 * 60:
        return count_words(minutes // 60, "hour")
    return count_words(minutes // 1_440, "day")
