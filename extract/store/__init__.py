"""What is kept: articles, their events, corrections, runs and refusals, in one database.

    Store(url).add(extraction) -> one transaction: the article with all its events, or nothing

SQLite in `data/local/` by default; `DATELINE_DB`, or the argument, names another database by
its URL. The tables are in `extract.store.schema`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, Self

import pandas as pd
from sqlalchemy import Connection, Row, RowMapping, Select, func, select
from sqlalchemy.exc import SQLAlchemyError

from extract.errors import StoreError
from extract.records import Article, Event, FeedState, PollOutcome
from extract.store import feeds
from extract.store.database import (
    ENVIRONMENT,
    describe,
    find_url,
    first_line,
    insert_new,
    lock_schema,
    make_schema,
    open_engine,
    read_version,
    transaction_options,
)
from extract.store.migration import migrate
from extract.store.schema import (
    SCHEMA_VERSION,
    articles,
    change_count,
    corrections,
    events,
    hash_address,
    meta,
    now,
    refusals,
    runs,
)
from extract.table import COLUMNS, build_row, check_table, shape_table

OF_ARTICLE = ("source", "title", "url", "published")
# Rows fetched at a time, so that reading a large store holds few of them twice.
FETCHED = 5_000


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


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many articles became how many events, and what fell out on the way, and why.

    `silent` counts the articles without an event; `reasons` says why they and the refused
    inputs gave none, each reason with its count. `mapped` events have a coordinate.
    """

    articles: int
    silent: int
    events: int
    mapped: int
    without_place: int
    without_date: int
    refused: int
    reasons: Mapping[str, int]


class Store:
    """A database of articles and events, opened for reading and writing.

    `url` is a SQLAlchemy database URL, or the path of a SQLite file; None takes `DATELINE_DB`,
    or else `data/local/dateline.sqlite`. A new store is made where there is none. Raises
    StoreError when it cannot be opened, is no store, or is newer than this program.
    """

    def __init__(self, url: str | None = None) -> None:
        self.url = find_url(url)
        try:
            self._engine = open_engine(self.url)
            try:
                self._make_ready()
            except BaseException:
                self.close()
                raise
        except (SQLAlchemyError, ImportError) as error:
            raise StoreError(
                f"the store {describe(self.url)} cannot be opened ({first_line(error)}); "
                f"check {ENVIRONMENT} and that its folder or server is there"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; the store can be opened again."""
        self._engine.dispose()

    # Writing

    def add(
        self, extraction: Extracted, *, origin: str | None = None, run_id: int | None = None
    ) -> bool:
        """Keep an article with its events; return False where the article is there already.

        One transaction: after a kill at any moment the article is there with all its events,
        or not at all. An article that is there is not changed. `origin` is the path or URL it
        came from; a refusal of the same origin is taken back.
        """
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
            "added": now(),
            "run_id": run_id,
        }
        own = {column.name for column in events.columns}
        rows = [
            {name: value for name, value in build_row(article, found).items() if name in own}
            | {"position": position}
            for position, found in enumerate(extraction.events)
        ]
        with self._write() as connection:
            if not insert_new(connection, articles, row, "id"):
                return False
            if rows:
                connection.execute(events.insert(), rows)
            if origin is not None:
                key = hash_address(origin)
                connection.execute(refusals.delete().where(refusals.c.key == key))
            _note_change(connection)
        return True

    def refuse(self, origin: str, reason: str, *, run_id: int | None = None) -> None:
        """Remember that an input gave no article, and why; the last reason stands."""
        key = hash_address(origin)
        row = {"reason": reason, "refused": now(), "run_id": run_id}
        with self._write() as connection:
            if not insert_new(connection, refusals, {"key": key, "origin": origin, **row}):
                connection.execute(refusals.update().where(refusals.c.key == key).values(row))
            _note_change(connection)

    def correct(
        self, event_id: str, changes: Mapping[str, Any], *, note: str | None = None
    ) -> None:
        """Keep values that a person put in place of an event's own; the event itself stays.

        `changes` maps columns of the events table to values; dates as YYYY-MM-DD. Raises
        StoreError for an event that is not there or a column that is not its own, and
        TableError for values that break the table's contract.
        """
        own = {column.name for column in events.columns} - {"event_id", "article_id", "position"}
        if unknown := sorted(set(changes) - own):
            raise StoreError(f"an event has no column {', '.join(unknown)} to correct")
        row = self._event_row(event_id)
        corrected = {**row, **_read_dates(changes)}
        shape_table([{name: _shape_column(name, [corrected[name]])[0] for name in COLUMNS}])
        with self._write() as connection:
            connection.execute(
                corrections.insert(),
                {"event_id": event_id, "changes": dict(changes), "note": note, "made": now()},
            )
            _note_change(connection)

    def remove(self, article_id: str) -> bool:
        """Remove an article with its events; return whether it was there."""
        with self._write() as connection:
            removed = connection.execute(articles.delete().where(articles.c.id == article_id))
            if removed.rowcount:
                _note_change(connection)
            return bool(removed.rowcount)

    def start_run(self, command: str, settings: Mapping[str, Any]) -> int:
        """Open the record of a command that adds articles, and return its number."""
        row = {"command": command, "started": now(), "settings": dict(settings)}
        with self._write() as connection:
            key = connection.execute(runs.insert(), row).inserted_primary_key
            return int(key[0]) if key else 0

    def finish_run(self, run_id: int, counts: Mapping[str, int]) -> None:
        """Close the record of a command with what it counted."""
        with self._write() as connection:
            connection.execute(
                runs.update().where(runs.c.id == run_id).values(finished=now(), counts=dict(counts))
            )

    # Reading

    def has(self, article_id: str) -> bool:
        """Say whether an article is kept."""
        with self._read() as connection:
            found = connection.execute(select(articles.c.id).where(articles.c.id == article_id))
            return found.first() is not None

    def article(self, article_id: str) -> Article | None:
        """Return a kept article, or None where there is none of that id."""
        with self._read() as connection:
            found = connection.execute(select(articles).where(articles.c.id == article_id))
            row = found.mappings().first()
            return _read_article(row) if row else None

    def articles(self) -> Iterator[Article]:
        """Yield every kept article, in the order of adding."""
        with self._read() as connection:
            found = connection.execution_options(yield_per=FETCHED).execute(
                select(articles).order_by(articles.c.number)
            )
            for row in found.mappings():
                yield _read_article(row)

    def events_table(self, *, corrected: bool = True) -> pd.DataFrame:
        """Return every kept event as the table of `extract.table`, in the order of adding.

        With `corrected` the corrections stand in place of the events' own values, the latest
        last.
        """
        changes = self._changes() if corrected else {}
        with self._read() as connection:
            found = connection.execution_options(yield_per=FETCHED).execute(
                _joined().order_by(articles.c.number, events.c.position)
            )
            rows = [
                row if row[0] not in changes else _change_row(row, changes[row[0]]) for row in found
            ]
        # By column rather than by row: a million events have forty million cells.
        cells = zip(*rows, strict=True) if rows else iter([()] * len(COLUMNS))
        frame = pd.DataFrame(
            {
                column: pd.Series(_shape_column(column, values), dtype=dtype)
                for (column, dtype), values in zip(COLUMNS.items(), cells, strict=True)
            }
        )
        check_table(frame)
        return frame

    def silent_articles(self) -> list[tuple[Article, str]]:
        """Return the articles without an event, each with the reason, in the order of adding."""
        with self._read() as connection:
            found = connection.execute(
                select(articles).where(articles.c.skipped.is_not(None)).order_by(articles.c.number)
            )
            return [(_read_article(row), row["skipped"]) for row in found.mappings()]

    def refusals(self) -> list[tuple[str, str]]:
        """Return the refused inputs, each with its reason, in the order of their names."""
        with self._read() as connection:
            found = connection.execute(select(refusals.c.origin, refusals.c.reason))
            # Sorted here, as the order of a database depends on its locale.
            return sorted((row.origin, row.reason) for row in found)

    def counts(self) -> Funnel:
        """Count what is kept and what fell out on the way."""
        dated = func.coalesce(events.c.date_start, events.c.date_end)
        with self._read() as connection:
            kept, silent = connection.execute(
                select(func.count(), func.count(articles.c.skipped)).select_from(articles)
            ).one()
            total, mapped, with_date = connection.execute(
                select(func.count(), func.count(events.c.latitude), func.count(dated)).select_from(
                    events
                )
            ).one()
            refused = connection.execute(select(func.count()).select_from(refusals)).scalar_one()
            reasons: dict[str, int] = {}
            for column in (articles.c.skipped, refusals.c.reason):
                for reason, count in connection.execute(
                    select(column, func.count()).where(column.is_not(None)).group_by(column)
                ):
                    reasons[reason] = reasons.get(reason, 0) + count
        return Funnel(
            articles=kept,
            silent=silent,
            events=total,
            mapped=mapped,
            without_place=total - mapped,
            without_date=total - with_date,
            refused=refused,
            reasons=reasons,
        )

    def version(self) -> str:
        """Return words that differ whenever articles, events, corrections or refusals changed.

        Two stores never have the same, so that it may name a cache of what is read. It costs
        one look at one row; polls of feeds and records of runs do not change it.
        """
        with self._read() as connection:
            name = connection.execute(select(meta.c.value).where(meta.c.key == "name"))
            number = connection.execute(select(change_count.c.number))
            return f"{name.scalar_one()}-{number.scalar_one()}"

    def state(self) -> tuple[int, ...]:
        """Return the number of changes, which `version` has too."""
        return (int(self.version().rsplit("-", 1)[1]),)

    # Feeds

    def feeds(self) -> list[FeedState]:
        """Return the feeds that are watched, in the order of their addresses."""
        with self._read() as connection:
            return feeds.read_feeds(connection)

    def add_feed(
        self,
        url: str,
        *,
        title: str | None = None,
        country: str | None = None,
        language: str | None = None,
    ) -> bool:
        """Watch a feed; return False, changing nothing, where it is watched already."""
        with self._write() as connection:
            return feeds.insert_feed(connection, FeedState(url, title, country, language))

    def remove_feed(self, url: str) -> bool:
        """Watch a feed no more; return whether it was watched. What came from it stays."""
        with self._write() as connection:
            return feeds.delete_feed(connection, url)

    def keep_poll(self, url: str, outcome: PollOutcome) -> None:
        """Keep what a poll of a feed came to; a title of the user's own stays.

        Raises StoreError for a feed that is not watched.
        """
        with self._write() as connection:
            feeds.update_feed(connection, url, outcome)

    def knows_url(self, url: str) -> bool:
        """Say whether a canonical address is an article's, or was seen in a feed."""
        return bool(self.known_urls([url]))

    def known_urls(self, urls: Iterable[str]) -> set[str]:
        """Return those of the canonical addresses that `knows_url`."""
        with self._read() as connection:
            return feeds.find_known(connection, urls)

    # Within

    def _make_ready(self) -> None:
        with self._begin(writes=False) as connection:
            version = read_version(connection, self.url)
        if version < SCHEMA_VERSION:
            # Another process may make or migrate it in between, so the writer looks again.
            with self._begin(writes=True) as connection:
                lock_schema(connection)
                version = read_version(connection, self.url)
                if version == 0:
                    make_schema(connection)
                elif version < SCHEMA_VERSION:
                    migrate(connection, self._engine, version, self.url)

    @contextmanager
    def _begin(self, *, writes: bool) -> Iterator[Connection]:
        options = transaction_options(self._engine, writes=writes)
        with (
            self._engine.connect().execution_options(**options) as connection,
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._transaction(writes=True) as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._transaction(writes=False) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, writes: bool) -> Iterator[Connection]:
        try:
            with self._begin(writes=writes) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(
                f"the store {describe(self.url)} refused ({first_line(error)}); "
                "nothing of this step was kept"
            ) from error

    def _event_row(self, event_id: str) -> dict[str, Any]:
        with self._read() as connection:
            found = connection.execute(_joined().where(events.c.event_id == event_id))
            row = found.mappings().first()
        if row is None:
            raise StoreError(f"there is no event {event_id} in the store")
        return dict(row)

    def _changes(self) -> dict[str, dict[str, Any]]:
        made: dict[str, dict[str, Any]] = {}
        with self._read() as connection:
            for row in connection.execute(select(corrections).order_by(corrections.c.id)):
                made.setdefault(row.event_id, {}).update(_read_dates(row.changes))
        return made


def _note_change(connection: Connection) -> None:
    """Count a change. The last statement of its transaction, as writers wait for each other."""
    connection.execute(change_count.update().values(number=change_count.c.number + 1))


def _joined() -> Select[Any]:
    """Return the query for the table's columns in their order, the event's id first."""
    columns = [articles.c[name] if name in OF_ARTICLE else events.c[name] for name in COLUMNS]
    return select(*columns).join_from(events, articles, events.c.article_id == articles.c.id)


def _change_row(row: Row[Any], changes: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(changes.get(column, value) for column, value in zip(COLUMNS, row, strict=True))


def _shape_column(column: str, values: Sequence[Any]) -> list[Any]:
    """Return the cells of a column as the table has them: what JSON made lists are tuples."""
    if column in ("country", "contexts", "casualties", "alternatives"):
        return [tuple(value) for value in values]
    if column == "spans":
        return [{name: tuple(pair) for name, pair in value.items()} for value in values]
    if column == "evidence":
        return [
            {name: tuple(map(tuple, pairs)) for name, pairs in value.items()} for value in values
        ]
    return list(values)


def _read_dates(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {
        column: datetime.date.fromisoformat(value)
        if column in ("date_start", "date_end") and isinstance(value, str)
        else value
        for column, value in changes.items()
    }


def _read_article(row: RowMapping) -> Article:
    return Article(
        id=row["id"],
        text=row["text"],
        title=row["title"],
        url=row["url"],
        source=row["source"],
        published=row["published"],
        language=row["language"],
    )
