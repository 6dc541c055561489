"""Articles with their events, one transaction each: new, revised, or read again.

An article's id is a hash of its canonical address, and an event's a hash of its article's id
and its trigger's span. So both stay the same when the same text is read again, and an article
that changed on the web has the id that it had. The latest text keeps the plain ids; what an
article said before becomes "ID@1" ("ID@2" ...), and its events' ids get the same ending.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, select, update
from sqlalchemy.sql.elements import ColumnElement

from extract.records import Article, Event
from extract.store.database import insert_new
from extract.store.schema import articles, corrections, events, now
from extract.table import build_row

_OWN = tuple(column.name for column in events.columns if column.name != "position")


class Extracted(Protocol):
    """What the store needs of `extract.pipeline.Extraction`."""

    @property
    def article(self) -> Article:
        """The article that was read."""

    @property
    def events(self) -> Sequence[Event]:
        """Its events, in text order."""

    @property
    def skipped(self) -> str | None:
        """Why it has no event; None where it has some."""

    @property
    def supposed(self) -> int:
        """How many events it only fears, supposes or mentions."""


def holds(connection: Connection, article: Article) -> bool:
    """Say whether this very text is kept under the article's id, now or as an old revision."""
    kept = select(articles.c.number).where(
        (articles.c.id == article.id) | (articles.c.revision_of == article.id),
        articles.c.text == article.text,
    )
    return connection.execute(kept.limit(1)).first() is not None


def insert_article(
    connection: Connection, extraction: Extracted, origin: str | None, run_id: int | None
) -> bool:
    """Keep an article, or its new revision, with its events; return whether its text was new."""
    article = extraction.article
    row = {
        "id": article.id,
        "url": article.url,
        "source": article.source,
        "title": article.title,
        "text": article.text,
        "published": article.published,
        "language": article.language,
        "origin": origin,
        "skipped": extraction.skipped,
        "supposed": extraction.supposed,
        "added": now(),
        "run_id": run_id,
    }
    rows = event_rows(extraction)
    if insert_new(connection, articles, row, "id"):
        _insert_events(connection, rows)
        return True
    # Taken by the first writer; a second waits here and then sees what the first kept.
    lock = select(articles.c.number).where(articles.c.id == article.id).with_for_update()
    connection.execute(lock)
    if holds(connection, article):
        return False
    _revise(connection, row, rows)
    return True


def event_rows(extraction: Extracted) -> list[dict[str, Any]]:
    """Return the rows of the table `events` for what was found in an article."""
    rows = (build_row(extraction.article, found) for found in extraction.events)
    return [
        {name: row[name] for name in _OWN} | {"position": position}
        for position, row in enumerate(rows)
    ]


def replace_events(connection: Connection, extraction: Extracted) -> bool:
    """Put other events in the place of an article's own; return False where its text is another."""
    article = extraction.article
    same = update(articles).where(articles.c.id == article.id, articles.c.text == article.text)
    told = same.values(skipped=extraction.skipped, supposed=extraction.supposed)
    if not connection.execute(told).rowcount:
        return False
    connection.execute(events.delete().where(events.c.article_id == article.id))
    _insert_events(connection, event_rows(extraction))
    return True


def move_corrections(connection: Connection, moved: Mapping[str, str]) -> None:
    """Let corrections follow their events from an old id to a new one."""
    for old, new in moved.items():
        if old != new:
            of_old: ColumnElement[bool] = corrections.c.event_id == old
            connection.execute(update(corrections).where(of_old).values(event_id=new))


def _insert_events(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(events.insert(), list(rows))


def _revise(
    connection: Connection, row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Let a text take the place of an article's, which becomes an old revision.

    A correction follows its event where the new text tells it in the same words; else it stays
    with the old revision, since what it put right may stand there no more.
    """
    identity = row["id"]
    of_article = events.c.article_id == identity
    old = connection.execute(select(articles).where(articles.c.id == identity)).mappings().one()
    told = {
        (found.sentence, found.trigger): found.event_id
        for found in connection.execute(
            select(events.c.event_id, events.c.sentence, events.c.trigger).where(of_article)
        )
    }
    ending = f"@{old['revision']}"
    kept = {name: value for name, value in old.items() if name != "number"}
    kept |= {"id": identity + ending, "revision_of": identity}
    connection.execute(articles.insert(), kept)
    marked = {event_id: event_id + ending for event_id in told.values()}
    corrected = set(
        connection.execute(
            select(corrections.c.event_id).where(
                corrections.c.event_id.in_(
                    select(events.c.event_id).where(of_article).scalar_subquery()
                )
            )
        ).scalars()
    )
    connection.execute(
        update(events)
        .where(of_article)
        .values(article_id=identity + ending, event_id=events.c.event_id + ending)
    )
    followed = {
        told[words]: found["event_id"]
        for found in rows
        if (words := (found["sentence"], found["trigger"])) in told
    }
    # By way of the old revision's ids, as a new event may have the id of another old one.
    move_corrections(connection, {event_id: event_id + ending for event_id in corrected})
    move_corrections(
        connection,
        {marked[event_id]: followed[event_id] for event_id in corrected if event_id in followed},
    )
    latest = {name: value for name, value in row.items() if name != "id"}
    latest["revision"] = old["revision"] + 1
    connection.execute(update(articles).where(articles.c.id == identity).values(latest))
    _insert_events(connection, rows)
