"""Opening the database that a store lies in: its address, its engine, its version.

find_url -> open_engine -> read_version, and make_schema where there is nothing yet

An older version is brought up to date by `extract.store.migration`.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from extract.bundled import local_path
from extract.errors import StoreError
from extract.store.schema import SCHEMA_VERSION, change_count, meta, metadata

ENVIRONMENT = "DATELINE_DB"
# Page, poller and command line write at once; each transaction takes milliseconds.
BUSY_MILLISECONDS = 30_000
# The number of PostgreSQL's lock on making the tables; any that others are unlikely to take.
SCHEMA_LOCK = int.from_bytes(b"dateline")


def find_url(url: str | None = None) -> str:
    """Return the database URL to use: the one given, `DATELINE_DB`, or the file in data/local.

    A plain path stands for a SQLite file. PostgreSQL is spoken to through psycopg 3.
    """
    chosen = url or os.environ.get(ENVIRONMENT) or str(local_path("dateline.sqlite"))
    if "://" not in chosen:
        return f"sqlite:///{Path(chosen).expanduser()}"
    scheme, rest = chosen.split("://", 1)
    return f"postgresql+psycopg://{rest}" if scheme in ("postgresql", "postgres") else chosen


def open_engine(url: str) -> Engine:
    """Return an engine for a database URL; raise StoreError for what is no URL of ours."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise StoreError(f"{describe(url)} is neither SQLite nor PostgreSQL; name one of these")
        if parsed.get_backend_name() == "sqlite":
            engine = create_engine(parsed)
            prepare_sqlite(engine)
            return engine
        # A page open for days outlives its server's restarts, so a connection is tried before
        # use; and a server made without a locale would hand out bytes for text.
        return create_engine(parsed, pool_pre_ping=True, connect_args={"client_encoding": "utf8"})
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        # ValueError for a port that is no number.
        raise StoreError(
            f"{url.split('@')[-1]!r} is no database URL; write sqlite:///FILE or "
            "postgresql://USER@HOST/NAME"
        ) from error


def read_version(connection: Connection, url: str) -> int:
    """Return the version of the store's tables, 0 where there are none yet.

    Raises StoreError where tables of these names are not ours, or newer than this program.
    """
    there = set(inspect(connection).get_table_names())
    if meta.name not in there:
        if clash := sorted(there & set(metadata.tables)):
            raise StoreError(
                f"the database {describe(url)} has tables named {', '.join(clash)} that are not "
                "Dateline's; name another database"
            )
        return 0
    version = connection.execute(
        select(meta.c.value).where(meta.c.key == "schema_version")
    ).scalar_one_or_none()
    if version is None or not version.isdecimal():
        raise StoreError(
            f"the database {describe(url)} does not say which version it has; name another"
        )
    if int(version) > SCHEMA_VERSION:
        raise StoreError(
            f"the store {describe(url)} has version {version}, newer than this program's "
            f"{SCHEMA_VERSION}; update Dateline, or name another store with {ENVIRONMENT}"
        )
    return int(version)


def lock_schema(connection: Connection) -> None:
    """Let one program at a time look for the tables and make them, until its transaction ends.

    On SQLite a writing transaction is alone already; on PostgreSQL an advisory lock does it.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(SCHEMA_LOCK)))


def make_schema(connection: Connection) -> None:
    """Make the store's tables and write down their version."""
    metadata.create_all(connection)
    values = {"schema_version": str(SCHEMA_VERSION), "name": secrets.token_hex(8)}
    connection.execute(
        meta.insert(), [{"key": key, "value": value} for key, value in values.items()]
    )
    connection.execute(change_count.insert(), {"id": 1, "number": 0})


def insert_new(connection: Connection, table: Table, row: dict[str, Any], key: str = "key") -> bool:
    """Insert a row and return True, or return False where its key is there already."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(row).on_conflict_do_nothing(index_elements=[key])
    # Asked for the row rather than counted: after an insert PostgreSQL's count is not kept.
    return connection.execute(statement.returning(table.c[key])).first() is not None


def describe(url: str) -> str:
    """Return a URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def first_line(error: BaseException) -> str:
    """Return the first line of what a database complained of."""
    original = getattr(error, "orig", None) or error
    return str(original).strip().splitlines()[0] if str(original).strip() else repr(original)


def find_remedy(error: BaseException) -> str:
    """Return what to do about a store that cannot be opened."""
    if _code_of(error) == sqlite3.SQLITE_READONLY:
        return (
            "you may not write there, which a store needs even to be read; copy it into a folder "
            "of your own"
        )
    if _code_of(error) == sqlite3.SQLITE_FULL:
        return "make room there"
    return f"check {ENVIRONMENT} and that its folder or server is there"


def find_hint(error: BaseException) -> str:
    """Return what to do about a refused step, to be added to a sentence; "" where it is unclear."""
    return "; make room there" if _code_of(error) == sqlite3.SQLITE_FULL else ""


def _code_of(error: BaseException) -> int:
    """Return SQLite's own number of an error; 0 where it is none of SQLite's."""
    original = getattr(error, "orig", None)
    return getattr(original, "sqlite_errorcode", 0) & 0xFF


def transaction_options(engine: Engine, *, writes: bool) -> dict[str, Any]:
    """Return the execution options of a transaction that reads or writes.

    A reader sees one state of the store through all its queries. SQLite does so by itself;
    PostgreSQL does from REPEATABLE READ on.
    """
    if engine.dialect.name == "postgresql" and not writes:
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {"writes": writes}


def prepare_sqlite(engine: Engine) -> None:
    """Make every connection of a SQLite engine safe to share and to kill.

    A write-ahead log lets readers read while one process writes, and a killed process loses
    its open transaction and nothing else. A transaction that will write says so at its start
    (`execution_options(writes=True)`), so that two writers wait for each other instead of
    failing half-way.
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}").close()
        _write_ahead(connection)
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Give a database its write-ahead log.

    SQLite does not wait here for others who are opening or closing a new database, whatever its
    time limit: it refuses at once, so this asks again.
    """
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
        time.sleep(0.01)
