"""The feeds that are watched, and the addresses of entries that need not be fetched again."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from sqlalchemy import Connection, select

from extract.errors import StoreError
from extract.records import FeedState, PollOutcome, hash_id
from extract.store.database import insert_new
from extract.store.schema import articles, feeds, hash_address, now, seen_urls

_FIELDS = tuple(field.name for field in dataclasses.fields(FeedState))
# A query may name so many values in every database.
_ASKED = 500


def read_feeds(connection: Connection) -> list[FeedState]:
    """Return the feeds in the order of their addresses."""
    found = connection.execute(select(*(feeds.c[name] for name in _FIELDS))).mappings()
    # Sorted here, as the order of a database depends on its locale.
    return sorted((FeedState(**row) for row in found), key=lambda feed: feed.url)


def insert_feed(connection: Connection, feed: FeedState) -> bool:
    """Keep a new feed; return False, changing nothing, where its address is there already."""
    row = dataclasses.asdict(feed) | {"key": hash_address(feed.url), "added": feed.added or now()}
    return insert_new(connection, feeds, row)


def delete_feed(connection: Connection, url: str) -> bool:
    """Remove a feed; return whether it was there. Its entries stay known."""
    return bool(connection.execute(feeds.delete().where(feeds.c.key == hash_address(url))).rowcount)


def update_feed(connection: Connection, url: str, outcome: PollOutcome) -> None:
    """Keep what a poll of a feed came to, and the addresses that it saw.

    A title is the user's own where there is one. Raises StoreError for a feed that is not there.
    """
    values = {
        field.name: getattr(outcome, field.name)
        for field in dataclasses.fields(outcome)
        if field.name not in ("seen", "title")
    }
    chosen = feeds.c.key == hash_address(url)
    if not connection.execute(feeds.update().where(chosen).values(values)).rowcount:
        raise StoreError(f"there is no feed {url} in the store; add it first")
    if outcome.title:
        untitled = feeds.update().where(chosen, feeds.c.title.is_(None))
        connection.execute(untitled.values(title=outcome.title))
    moment = now()
    for seen in outcome.seen:
        insert_new(connection, seen_urls, {"key": hash_address(seen), "seen": moment})


def find_known(connection: Connection, urls: Iterable[str]) -> set[str]:
    """Return those of the canonical addresses that are an article's or were seen in a feed."""
    asked = {hash_address(url): url for url in urls}
    kept = {hash_id(url): url for url in asked.values()}
    known: set[str] = set()
    for column, addresses in ((seen_urls.c.key, asked), (articles.c.id, kept)):
        keys = list(addresses)
        for start in range(0, len(keys), _ASKED):
            part = keys[start : start + _ASKED]
            found = connection.execute(select(column).where(column.in_(part))).scalars()
            known.update(addresses[key] for key in found)
    return known
