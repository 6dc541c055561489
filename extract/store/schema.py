"""The tables of the store.

    runs 1-n articles 1-n events;  an article 1-n its old revisions
    corrections point at events;   refusals, feeds and seen_urls stand alone

Version 2. A column more is a new version: raise SCHEMA_VERSION and write its migration, a file
in `migrations/` (docs/store.md says how).

A web address or a path may be longer than what PostgreSQL's indexes hold (2.7 kB), so that a
table which is looked up by one has its hash as the key.
"""

from __future__ import annotations

import datetime
import hashlib

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

SCHEMA_VERSION = 2

metadata = MetaData()

# SQLite numbers rows by itself only where the key is a plain INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def now() -> datetime.datetime:
    """Return the moment in UTC without a zone, as all stores can hold it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


def hash_address(address: str) -> str:
    """Return 32 hexadecimal digits that stand for a path or web address of any length."""
    return hashlib.sha256(address.encode(errors="replace")).hexdigest()[:32]


# What holds for the store as a whole: its schema_version, its name (drawn at its making).
meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

# One row, counting the changes to articles, events, corrections and refusals, so that whoever
# caches what they say need not look at them.
change_count = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

# One row per command that changed something: what with, how, and how it ended. `manifest` holds
# the inputs with their hashes, the versions of code and data, and the seconds of each stage.
runs = Table(
    "runs",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("command", String, nullable=False),
    Column("started", DateTime, nullable=False),
    Column("finished", DateTime),
    Column("settings", JSON, nullable=False),
    Column("counts", JSON),
    Column("manifest", JSON),
)

# `number` keeps the order of adding. `skipped` says why an article has no event,
# `supposed` counts the events that it only fears, supposes or mentions. An article that
# changed on the web keeps its id for the latest text; what it said before is a row of its own,
# with the id "ID@1" and `revision_of` "ID".
articles = Table(
    "articles",
    metadata,
    Column("number", _NUMBER, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("url", Text),
    Column("source", Text),  # no index: PostgreSQL's hold no value over 2.7 kB, pages may
    Column("title", Text),
    Column("text", Text, nullable=False),
    Column("published", Date, index=True),
    Column("language", String, nullable=False),
    Column("origin", Text),
    Column("skipped", Text),
    Column("supposed", Integer, nullable=False, server_default="0"),
    Column("added", DateTime, nullable=False),
    Column("run_id", ForeignKey("runs.id", ondelete="SET NULL")),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("revision_of", ForeignKey("articles.id", ondelete="CASCADE"), index=True),
)

# The columns of `extract.table` that are the event's own; those of its article are joined.
events = Table(
    "events",
    metadata,
    Column("event_id", String, primary_key=True),
    Column("article_id", ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("event_type", String, nullable=False, index=True),
    Column("mode", String),
    Column("quad_class", String, nullable=False),
    Column("status", String, nullable=False),
    Column("actor", Text),
    Column("actor_code", Text),
    Column("recipient", Text),
    Column("recipient_code", Text),
    Column("date_start", Date, index=True),
    Column("date_end", Date),
    Column("date_granularity", String),
    Column("date_basis", String),
    Column("place", Text),
    Column("geoname_id", BigInteger),
    Column("country", JSON, nullable=False),
    Column("admin1", Text),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("place_precision", String),
    Column("radius_km", Float),
    Column("sentence", Text, nullable=False),
    Column("sentence_start", Integer, nullable=False),
    Column("sentence_end", Integer, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("spans", JSON, nullable=False),
    Column("place_basis", String),
    Column("salience", Float, nullable=False),
    Column("contexts", JSON, nullable=False),
    Column("casualties", JSON, nullable=False),
    Column("alternatives", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
)

# What a reader of the map put right. An event's id is the same on every run, so a correction
# outlives a second extraction; it has no foreign key for the same reason.
corrections = Table(
    "corrections",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("event_id", String, nullable=False, index=True),
    Column("changes", JSON, nullable=False),
    Column("note", Text),
    Column("made", DateTime, nullable=False),
)

# Inputs that gave no article, each once, with the last reason.
refusals = Table(
    "refusals",
    metadata,
    Column("key", String, primary_key=True),
    Column("origin", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("refused", DateTime, nullable=False),
    Column("run_id", ForeignKey("runs.id", ondelete="SET NULL")),
)

# The feeds that are watched; the columns are those of `extract.records.FeedState`.
feeds = Table(
    "feeds",
    metadata,
    Column("key", String, primary_key=True),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("country", String),
    Column("language", String),
    Column("added", DateTime, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_poll", DateTime),
    Column("last_ok", DateTime),
    Column("failures", Integer, nullable=False),
    Column("next_poll", DateTime),
    Column("last_error", Text),
    Column("new", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
)

# The addresses of feed entries that need not be fetched again, whatever became of them.
seen_urls = Table(
    "seen_urls",
    metadata,
    Column("key", String, primary_key=True),
    Column("seen", DateTime, nullable=False),
)
