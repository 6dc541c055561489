"""What is kept: articles, their events, corrections, runs, refusals and feeds, in one database.

    Store(url).add(extraction) -> one transaction: the article with all its events, or nothing

SQLite in `data/local/` by default; `DATELINE_DB`, or the argument, names another database by
its URL. The tables are in `extract.store.schema`; what is done to them is in a file per noun,
and `Store` gives each its transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.exc import SQLAlchemyError

from extract.errors import StoreError
from extract.records import Article, FeedState, PollOutcome
from extract.store import feeds
from extract.store.articles import (
    Extracted,
    holds,
    insert_article,
    move_corrections,
    replace_events,
)
from extract.store.bulk import Loaded, copy_rows, copy_sqlite, load_batches, settle_sqlite
from extract.store.checking import count_stray_corrections, find_faults
from extract.store.columns import correct_batch, read_frame
from extract.store.corrections import insert_correction, read_changes
from extract.store.counting import Funnel as Funnel
from extract.store.counting import count_kept
from extract.store.database import (
    describe,
    find_hint,
    find_remedy,
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
from extract.store.reading import BATCH, read_event_batches
from extract.store.schema import (
    SCHEMA_VERSION,
    articles,
    change_count,
    events,
    hash_address,
    meta,
    now,
    refusals,
    runs,
)

# Rows fetched at a time, so that reading a large store holds few of them twice.
FETCHED = 5_000


class Store:
    """A database of articles and events, opened for reading and writing.

    `url` is a SQLAlchemy database URL, or the path of a SQLite file; None takes `DATELINE_DB`,
    or else `data/local/dateline.sqlite`. A new store is made where there is none, and `made` is
    True then. Raises StoreError when it cannot be opened, is no store, or is newer than this
    program.
    """

    def __init__(self, url: str | None = None) -> None:
        self.url = find_url(url)
        self.made = False
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
                + find_remedy(error)
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
        """Keep an article with its events; return False where this text is there already.

        One transaction: after a kill at any moment the article is there with all its events,
        or not at all. A text other than the one that is there under the same id becomes the
        latest revision, and the old one stays beside it. `origin` is the path or URL it came
        from; a refusal of the same origin is taken back.
        """
        with self._write() as connection:
            if not insert_article(connection, extraction, origin, run_id):
                return False
            if origin is not None:
                key = hash_address(origin)
                connection.execute(refusals.delete().where(refusals.c.key == key))
            _note_change(connection)
        return True

    def replace(self, extraction: Extracted, *, moved: Mapping[str, str] | None = None) -> bool:
        """Put an article's events, read again, in the place of those it has; one transaction.

        `moved` maps old ids of events to new ones, for their corrections to follow. Returns
        False, changing nothing, where the article has another text by now, or is gone.
        """
        with self._write() as connection:
            if not replace_events(connection, extraction):
                return False
            move_corrections(connection, moved or {})
            _note_change(connection)
        return True

    def load(
        self,
        articles: Iterable[pa.RecordBatch],
        events: Iterable[pa.RecordBatch],
        *,
        run_id: int | None = None,
    ) -> Loaded:
        """Keep many articles with their events, in one transaction and as fast as it goes.

        The batches are of `ARTICLE_SCHEMA` and `EVENT_SCHEMA` (`extract.store.columns`). What is
        of an article that is kept already is left out.
        """
        with self._write() as connection:
            try:
                loaded = load_batches(connection, articles, events, run_id)
            except self._engine.dialect.loaded_dbapi.Error as error:
                raise StoreError(
                    f"the store {describe(self.url)} refused ({first_line(error)}); nothing of "
                    "this step was kept"
                ) from error
            if loaded.articles:
                _note_change(connection)
        return loaded

    def refuse(self, origin: str, reason: str, *, run_id: int | None = None) -> None:
        """Remember that an input gave no article, and why; the last reason stands."""
        key = hash_address(origin)
        row = {"reason": reason, "refused": now(), "run_id": run_id}
        with self._write() as connection:
            if not insert_new(connection, refusals, {"key": key, "origin": origin, **row}):
                connection.execute(refusals.update().where(refusals.c.key == key).values(row))
            _note_change(connection)

    def refuse_many(self, refused: Iterable[tuple[str, str]], *, run_id: int | None = None) -> int:
        """Remember inputs that gave no article, each with why; return how many are new.

        What is remembered of an input already stays.
        """
        moment = now()
        added = 0
        with self._write() as connection:
            for origin, reason in refused:
                row = {"key": hash_address(origin), "origin": origin, "reason": reason,
                       "refused": moment, "run_id": run_id}  # fmt: skip
                added += insert_new(connection, refusals, row)
            if added:
                _note_change(connection)
        return added

    def correct(
        self, event_id: str, changes: Mapping[str, Any], *, note: str | None = None
    ) -> None:
        """Keep values that a person put in place of an event's own; the event itself stays.

        `changes` maps columns of the events table to values; dates as YYYY-MM-DD. Raises
        StoreError for an event that is not there or a column that is not its own, and
        TableError for values that break the table's contract.
        """
        with self._write() as connection:
            insert_correction(connection, event_id, changes, note)
            _note_change(connection)

    def remove(self, article_id: str) -> bool:
        """Remove an article with its events; return whether it was there."""
        with self._write() as connection:
            removed = connection.execute(articles.delete().where(articles.c.id == article_id))
            if removed.rowcount:
                _note_change(connection)
            return bool(removed.rowcount)

    def start_run(
        self,
        command: str,
        settings: Mapping[str, Any],
        *,
        manifest: Mapping[str, Any] | None = None,
    ) -> int:
        """Open the record of a command that changes the store, and return its number."""
        row = {
            "command": command,
            "started": now(),
            "settings": _write_plain(settings),
            "manifest": _write_plain(manifest or {}),
        }
        with self._write() as connection:
            key = connection.execute(runs.insert(), row).inserted_primary_key
            return int(key[0]) if key else 0

    def finish_run(
        self, run_id: int, counts: Mapping[str, int], *, manifest: Mapping[str, Any] | None = None
    ) -> None:
        """Close the record of a command with what it counted; a manifest replaces the first."""
        values: dict[str, Any] = {"finished": now(), "counts": dict(counts)}
        if manifest is not None:
            values["manifest"] = _write_plain(manifest)
        with self._write() as connection:
            connection.execute(runs.update().where(runs.c.id == run_id).values(values))

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

    def holds(self, article: Article) -> bool:
        """Say whether this very text of an article is kept, be it as an old revision."""
        with self._read() as connection:
            return holds(connection, article)

    def articles(self, *, revisions: bool = False) -> Iterator[Article]:
        """Yield every kept article, in the order of adding; with `revisions` the old ones too."""
        query = select(articles).order_by(articles.c.number)
        if not revisions:
            query = query.where(articles.c.revision_of.is_(None))
        with self._read() as connection:
            found = connection.execution_options(yield_per=FETCHED).execute(query)
            for row in found.mappings():
                yield _read_article(row)

    def event_rows(self, article_id: str) -> list[dict[str, Any]]:
        """Return the events of one article, uncorrected, as rows of the schema's table."""
        with self._read() as connection:
            query = select(events).where(events.c.article_id == article_id)
            found = connection.execute(query.order_by(events.c.position)).mappings()
            return [dict(row) for row in found]

    def runs(self) -> list[dict[str, Any]]:
        """Return the records of all commands, the oldest first, with the schema's columns."""
        with self._read() as connection:
            return [
                dict(row) for row in connection.execute(select(runs).order_by(runs.c.id)).mappings()
            ]

    def events_table(self, *, corrected: bool = True, revisions: bool = False) -> pd.DataFrame:
        """Return every kept event as the table of `extract.table`, in the order of adding.

        With `corrected` the corrections stand in place of the events' own values, the latest
        last. Of an article that changed only the latest text counts, unless all `revisions` are
        asked for: the ids of an old one end in "@" and its number.
        """
        return read_frame(self.event_batches(corrected=corrected, revisions=revisions))

    def event_batches(
        self, *, corrected: bool = True, revisions: bool = False, size: int = BATCH
    ) -> Iterator[pa.RecordBatch]:
        """Yield what `events_table` returns, `size` events at a time, as Arrow's columns.

        The batches are of `extract.store.columns.EVENT_SCHEMA`: what is a tuple or dict in the
        table is a text of JSON. All are of one state of the store.
        """
        with self._read() as connection:
            changed = read_changes(connection) if corrected else {}
            for batch in read_event_batches(connection, size=size, revisions=revisions):
                yield correct_batch(batch, changed) if changed else batch

    def faults(self) -> Iterator[str]:
        """Yield what is wrong with the store, each with its culprit; nothing for a sound one."""
        with self._read() as connection:
            yield from find_faults(connection)

    def stray_corrections(self) -> int:
        """Count the corrections of events that are there no more, which is no fault."""
        with self._read() as connection:
            return count_stray_corrections(connection)

    def back_up(self, target: Path) -> None:
        """Copy the store, as it is at one moment, into a new SQLite file, while others use it.

        The file takes its name when it is complete. Raises StoreError where it cannot be written,
        or is the store itself.
        """
        own = self._engine.url.database if self._engine.dialect.name == "sqlite" else None
        if own and target.exists() and Path(own).exists() and target.samefile(own):
            raise StoreError(f"{target} is the store itself; name another file")
        partial = target.with_name(f".{target.name}.part")
        try:
            partial.unlink(missing_ok=True)
            file = self._engine.url.database
            if self._engine.dialect.name == "sqlite" and file:
                copy_sqlite(Path(file), partial)
            else:
                with (
                    Store(str(partial)) as copy,
                    self._read() as source,
                    copy._write() as connection,
                ):
                    copy_rows(source, connection)
            settle_sqlite(partial)
            partial.replace(target)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"the store cannot be copied to {target} ({error}); name a file where there is room"
            ) from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)

    def silent_articles(self) -> list[tuple[Article, str]]:
        """Return the articles without an event, each with the reason, in the order of adding."""
        with self._read() as connection:
            found = connection.execute(
                select(articles)
                .where(articles.c.skipped.is_not(None), articles.c.revision_of.is_(None))
                .order_by(articles.c.number)
            )
            return [(_read_article(row), row["skipped"]) for row in found.mappings()]

    def refusals(self) -> list[tuple[str, str]]:
        """Return the refused inputs, each with its reason, in the order of their names."""
        with self._read() as connection:
            found = connection.execute(select(refusals.c.origin, refusals.c.reason))
            # Sorted here, as the order of a database depends on its locale.
            return sorted((row.origin, row.reason) for row in found)

    def counts(self) -> Funnel:
        """Count what is kept and what fell out on the way; old revisions do not count."""
        with self._read() as connection:
            return count_kept(connection)

    def version(self) -> str:
        """Return words that differ whenever articles, events, corrections or refusals changed.

        Two stores never have the same, so that it may name a cache of what is read. It costs
        one look at one row; polls of feeds and records of runs do not change it.
        """
        with self._read() as connection:
            name = connection.execute(select(meta.c.value).where(meta.c.key == "name"))
            number = connection.execute(select(change_count.c.number))
            return f"{name.scalar_one()}-{number.scalar_one()}"

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
                    self.made = True
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
                f"the store {describe(self.url)} refused ({first_line(error)}); nothing of this "
                f"step was kept{find_hint(error)}"
            ) from error


def _write_plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON has them; what JSON does not know becomes its text."""
    plain: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return plain


def _note_change(connection: Connection) -> None:
    """Count a change. The last statement of its transaction, as writers wait for each other."""
    connection.execute(change_count.update().values(number=change_count.c.number + 1))


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
