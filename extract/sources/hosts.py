"""What all processes of a machine remember of hosts: when each was asked last, and its robots.txt.

    open_hosts() -> begin(host) ... end(host), around each request
                    keep_robots(address, ...), recall_robots(address)

It lies in a small database in the cache folder, so that a poller, a page and an `add` keep one
pace together. A process that is killed holds nobody up: its turn ends with it. Moments are of
the wall clock, the only one that processes share; where it was put back, what was noted before
counts for nothing. Without a file that can be written, a command remembers for itself alone.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from extract.bundled import cache_path

FILE = "hosts.sqlite"
# Of robots.txt so many are kept, and so many bytes; the oldest go first.
MOST_ROBOTS, MOST_BYTES = 2_000, 20_000_000
# A host that was not asked for so long has no turn to be waited for, nor rules that still hold.
FORGOTTEN_SECONDS = 86_400.0
# How often one looks whether another's request has ended.
GLANCE_SECONDS = 0.2
# Processes wait for each other's look into the file, which takes milliseconds.
BUSY_SECONDS = 5.0
# What a file that is none of ours fails with; it is made anew.
SPOILED = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

_TABLES = (
    "CREATE TABLE IF NOT EXISTS turns "
    "(host TEXT PRIMARY KEY, began REAL NOT NULL, holder INTEGER NOT NULL, until REAL NOT NULL)",
    "CREATE TABLE IF NOT EXISTS robots (address TEXT PRIMARY KEY, asked REAL NOT NULL, "
    "kept REAL NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL)",
)
_TOO_MANY = """DELETE FROM robots WHERE address IN (SELECT address FROM (
    SELECT address, ROW_NUMBER() OVER latest AS place, SUM(LENGTH(body)) OVER latest AS bytes
    FROM robots WINDOW latest AS (ORDER BY asked DESC, address ROWS UNBOUNDED PRECEDING)
) WHERE place > ? OR bytes > ?)"""

log = logging.getLogger(__name__)
Answer = TypeVar("Answer")


class Hosts:
    """A memory of hosts, for any number of threads, and of processes where `path` is a file.

    Without a path it is this object's alone. `clock` gives seconds.
    """

    def __init__(self, path: Path | None = None, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def begin(self, host: str, *, gap: float, at_most: float) -> float:
        """Begin a request where it is this host's turn; else return for how many seconds to wait.

        0 where it has begun; after the wait it is asked for again. `gap` is the fewest seconds
        since the last request's beginning. Nobody else's begins before `end`, or before `at_most`
        seconds have passed, or the process has ended.
        """

        def take(connection: sqlite3.Connection) -> float:
            moment = self._clock()
            asked = "SELECT began, holder, until FROM turns WHERE host = ?"
            for began, holder, until in connection.execute(asked, (host,)).fetchall():
                # Nothing begins in the future: the clock was put back.
                if began > moment:
                    break
                wait = began + gap - moment
                if holder and until > moment and _lives(holder):
                    return float(max(wait, GLANCE_SECONDS))
                if wait > 0:
                    return float(wait)
            row = (host, moment, os.getpid(), moment + at_most)
            connection.execute("INSERT OR REPLACE INTO turns VALUES (?, ?, ?, ?)", row)
            return 0.0

        return self._within(take)

    def end(self, host: str) -> None:
        """Tell that the request has ended."""

        def leave(connection: sqlite3.Connection) -> None:
            own = "UPDATE turns SET holder = 0 WHERE host = ? AND holder = ?"
            connection.execute(own, (host, os.getpid()))

        self._within(leave)

    def keep_robots(self, address: str, status: int, body: bytes, *, seconds: float) -> None:
        """Remember how a robots.txt answered, for so many seconds."""

        def keep(connection: sqlite3.Connection) -> None:
            moment = self._clock()
            for table, column in (("robots", "asked"), ("turns", "began")):
                old = f"DELETE FROM {table} WHERE {column} NOT BETWEEN ? AND ?"
                connection.execute(old, (moment - FORGOTTEN_SECONDS, moment))
            row = (address, moment, seconds, status, body)
            connection.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?, ?, ?)", row)
            connection.execute(_TOO_MANY, (MOST_ROBOTS, MOST_BYTES))

        self._within(keep)

    def recall_robots(self, address: str) -> tuple[int, bytes, float] | None:
        """Return status and body of a robots.txt, and for how many seconds more they hold.

        None where none is remembered that still holds.
        """

        def recall(connection: sqlite3.Connection) -> tuple[int, bytes, float] | None:
            query = "SELECT status, body, asked, kept FROM robots WHERE address = ?"
            moment = self._clock()
            for status, body, asked, kept in connection.execute(query, (address,)).fetchall():
                if asked <= moment < asked + kept:
                    return status, body, asked + kept - moment
            return None

        return self._within(recall)

    def _within(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        """Do some work in a transaction of its own, which waits for those of other processes."""
        with self._lock:
            try:
                return self._attempt(work)
            except sqlite3.Error as error:
                if self._path is None:
                    raise
                self._start_afresh(self._path, error)
            try:
                return self._attempt(work)
            except sqlite3.Error as error:
                if self._path is None:
                    raise
                self._forget_file(error)
            return self._attempt(work)

    def _attempt(self, work: Callable[[sqlite3.Connection], Answer]) -> Answer:
        connection = self._connection or self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            answer = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return answer

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path or ":memory:",
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        self._connection = connection
        weakref.finalize(self, connection.close)
        # After a loss of power the file may be spoiled, and is made anew then.
        connection.execute("PRAGMA synchronous = OFF")
        for table in _TABLES:
            connection.execute(table)
        return connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _start_afresh(self, path: Path, error: sqlite3.Error) -> None:
        self._close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in SPOILED:
            try:
                path.unlink(missing_ok=True)
            except OSError as problem:
                self._forget_file(problem)
        else:
            self._forget_file(error)

    def _forget_file(self, error: Exception) -> None:
        self._close()
        log.warning(
            "%s cannot be used (%s); hosts get the pace of this command alone, without regard to "
            "others", self._path, error,
        )  # fmt: skip
        self._path = None


def open_hosts() -> Hosts:
    """Return the memory that all of this user's processes share."""
    try:
        return Hosts(cache_path(FILE))
    except OSError as error:
        log.warning("the cache folder cannot be used (%s); hosts get the pace of this command "
                    "alone, without regard to others", error)  # fmt: skip
        return Hosts()


def _lives(process: int) -> bool:
    """Say whether a process of this number runs; True where that cannot be told."""
    if os.name != "posix":
        # Elsewhere this very question would end the process.
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
