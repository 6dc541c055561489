"""The feeds of a store, what their polls came to, and the addresses they have seen."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from extract.errors import StoreError
from extract.records import FeedState, PollOutcome, hash_id
from extract.store import Store
from tests.made_events import make_drill

FEED = "https://news.example/feed"
NOON = datetime.datetime(2024, 6, 12, 12, 0, 0, 250_000)


def test_a_feed_is_watched_once_and_no_more_when_removed(store: Store) -> None:
    assert store.add_feed(FEED, title="News", country="AZE", language="en")
    assert not store.add_feed(FEED, title="Other")
    assert store.add_feed("https://a.example/" + "long/" * 2_000)
    first, second = store.feeds()
    assert second == FeedState(FEED, "News", "AZE", "en", added=second.added)
    assert second.added is not None
    assert len(first.url) > 10_000
    assert store.remove_feed(first.url)
    assert not store.remove_feed(first.url)
    assert store.feeds() == [second]


def test_a_poll_is_kept_with_what_it_saw(store: Store) -> None:
    store.add_feed(FEED)
    outcome = PollOutcome(
        last_poll=NOON, next_poll=NOON + datetime.timedelta(minutes=15), last_ok=NOON,
        title="News", etag='"abc"', last_modified="Wed, 12 Jun 2024 12:00:00 GMT",
        new=2, known=3, refused=1, seen=("https://news.example/a", "https://news.example/b"),
    )  # fmt: skip
    store.keep_poll(FEED, outcome)
    (feed,) = store.feeds()
    expected = dataclasses.asdict(outcome)
    del expected["seen"]
    assert feed == FeedState(FEED, added=feed.added, **expected)
    assert store.knows_url("https://news.example/a")
    assert not store.knows_url("https://news.example/c")
    failed = PollOutcome(
        last_poll=NOON, next_poll=NOON, last_ok=NOON, failures=1, last_error="404",
        title="Other", seen=("https://news.example/b",),
    )  # fmt: skip
    store.keep_poll(FEED, failed)
    (feed,) = store.feeds()
    assert (feed.title, feed.failures, feed.last_error, feed.etag) == ("News", 1, "404", None)
    store.remove_feed(FEED)
    assert store.knows_url("https://news.example/a")


def test_a_poll_of_an_unknown_feed_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="there is no feed"):
        store.keep_poll(FEED, PollOutcome(last_poll=NOON, next_poll=NOON, seen=("x",)))
    assert not store.knows_url("x")


def test_the_address_of_an_article_is_known(store: Store) -> None:
    extraction = make_drill(1)
    url = "https://news.example/1"
    own = dataclasses.replace(extraction.article, id=hash_id(url))
    store.add(dataclasses.replace(extraction, article=own, events=(), skipped="none"))
    addresses = [f"https://news.example/{number}" for number in range(1_200)]
    assert store.known_urls(addresses) == {url}


def test_polls_and_feeds_do_not_change_the_version(store: Store) -> None:
    before = store.version()
    store.add_feed(FEED)
    store.keep_poll(FEED, PollOutcome(last_poll=NOON, next_poll=NOON, seen=("x",)))
    assert store.version() == before
