"""Version 2: feeds, revisions of articles, manifests of runs, and refusals by hash."""

from __future__ import annotations

import hashlib
import secrets

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = None  # version 1 was made without Alembic


def upgrade() -> None:
    """Bring a store of version 1 to version 2."""
    op.add_column("runs", sa.Column("manifest", sa.JSON))
    op.add_column("articles", sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    op.add_column("articles", sa.Column("supposed", sa.Integer, nullable=False, server_default="0"))
    _add_revision_of()
    op.create_index("ix_articles_revision_of", "articles", ["revision_of"])
    _rebuild_refusals()
    op.create_table(
        "feeds",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("country", sa.String),
        sa.Column("language", sa.String),
        sa.Column("added", sa.DateTime, nullable=False),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("last_poll", sa.DateTime),
        sa.Column("last_ok", sa.DateTime),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_poll", sa.DateTime),
        sa.Column("last_error", sa.Text),
        sa.Column("new", sa.Integer, nullable=False),
        sa.Column("known", sa.Integer, nullable=False),
        sa.Column("refused", sa.Integer, nullable=False),
    )
    op.create_table(
        "seen_urls",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("seen", sa.DateTime, nullable=False),
    )
    changes = op.create_table(
        "changes",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(changes, [{"id": 1, "number": 0}])
    meta = sa.table("meta", sa.column("key", sa.String), sa.column("value", sa.String))
    op.bulk_insert(meta, [{"key": "name", "value": secrets.token_hex(8)}])


def _add_revision_of() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # SQLite can add the reference only together with its column, which Alembic does not do;
        # its own way, a copy of the table, would delete the events that hang on the old one.
        op.execute(
            "ALTER TABLE articles ADD COLUMN revision_of VARCHAR "
            "REFERENCES articles (id) ON DELETE CASCADE"
        )
        return
    op.add_column("articles", sa.Column("revision_of", sa.String))
    op.create_foreign_key(
        "articles_revision_of_fkey",
        "articles",
        "articles",
        ["revision_of"],
        ["id"],
        ondelete="CASCADE",
    )


def _rebuild_refusals() -> None:
    bind = op.get_bind()
    names = ("origin", "reason", "refused", "run_id")
    old = sa.table("refusals", *map(sa.column, names))
    # The moments come as SQLite's texts or PostgreSQL's own, and go back as they came.
    rows = [dict(row) for row in bind.execute(sa.select(old)).mappings()]
    op.drop_table("refusals")
    op.create_table(
        "refusals",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("refused", sa.DateTime, nullable=False),
        sa.Column("run_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"),
                  sa.ForeignKey("runs.id", ondelete="SET NULL")),
    )  # fmt: skip
    new = sa.table("refusals", *map(sa.column, ("key", *names)))
    for row in rows:
        row["key"] = hashlib.sha256(row["origin"].encode(errors="replace")).hexdigest()[:32]
    if rows:
        bind.execute(new.insert(), rows)
