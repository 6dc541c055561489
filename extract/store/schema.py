"""The tables of the store.

    runs 1-n articles 1-n events;  corrections point at events;  refusals stand alone

Version 1. A column more is a new version: raise SCHEMA_VERSION and write its migration.
"""

from __future__ import annotations

import datetime

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

SCHEMA_VERSION = 1

metadata = MetaData()

# SQLite numbers rows by itself only where the key is a plain INTEGER.
_NUMBER = BigInteger().with_variant(Integer, "sqlite")


def now() -> datetime.datetime:
    """Return the moment in UTC without a zone, as all stores can hold it."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


meta = Table(
    "meta",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", String, nullable=False),
)

# One row per command that added something: what with, how, and how it ended.
runs = Table(
    "runs",
    metadata,
    Column("id", _NUMBER, primary_key=True, autoincrement=True),
    Column("command", String, nullable=False),
    Column("started", DateTime, nullable=False),
    Column("finished", DateTime),
    Column("settings", JSON, nullable=False),
    Column("counts", JSON),
)

# `number` keeps the order of adding. `skipped` says why an article has no event.
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
    Column("added", DateTime, nullable=False),
    Column("run_id", ForeignKey("runs.id", ondelete="SET NULL")),
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
    Column("origin", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("refused", DateTime, nullable=False),
    Column("run_id", ForeignKey("runs.id", ondelete="SET NULL")),
)
