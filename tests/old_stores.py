"""Stores as older versions of the program made them, for the tests of their migration."""

from __future__ import annotations

import sqlalchemy as sa

from extract.store.database import find_url, open_engine

_KEYS = {
    "sqlite": "INTEGER NOT NULL PRIMARY KEY",
    "postgresql": "BIGSERIAL PRIMARY KEY",
}
# Version 1, as SQLAlchemy wrote it down.
_VERSION_1 = """
CREATE TABLE meta (key VARCHAR NOT NULL PRIMARY KEY, value VARCHAR NOT NULL);
CREATE TABLE runs (id {key}, command VARCHAR NOT NULL, started TIMESTAMP NOT NULL,
    finished TIMESTAMP, settings JSON NOT NULL, counts JSON);
CREATE TABLE articles (number {key}, id VARCHAR NOT NULL, url TEXT, source TEXT, title TEXT,
    text TEXT NOT NULL, published DATE, language VARCHAR NOT NULL, origin TEXT, skipped TEXT,
    added TIMESTAMP NOT NULL, run_id {number}, UNIQUE (id),
    FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE SET NULL);
CREATE INDEX ix_articles_published ON articles (published);
CREATE TABLE events (event_id VARCHAR NOT NULL PRIMARY KEY, article_id VARCHAR NOT NULL,
    position INTEGER NOT NULL, event_type VARCHAR NOT NULL, mode VARCHAR,
    quad_class VARCHAR NOT NULL, status VARCHAR NOT NULL, actor TEXT, actor_code TEXT,
    recipient TEXT, recipient_code TEXT, date_start DATE, date_end DATE,
    date_granularity VARCHAR, date_basis VARCHAR, place TEXT, geoname_id BIGINT,
    country JSON NOT NULL, admin1 TEXT, latitude FLOAT, longitude FLOAT,
    place_precision VARCHAR, radius_km FLOAT, sentence TEXT NOT NULL,
    sentence_start INTEGER NOT NULL, sentence_end INTEGER NOT NULL, trigger TEXT NOT NULL,
    confidence FLOAT NOT NULL, spans JSON NOT NULL, place_basis VARCHAR,
    salience FLOAT NOT NULL, contexts JSON NOT NULL, casualties JSON NOT NULL,
    alternatives JSON NOT NULL, evidence JSON NOT NULL,
    FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE);
CREATE INDEX ix_events_article_id ON events (article_id);
CREATE INDEX ix_events_date_start ON events (date_start);
CREATE INDEX ix_events_event_type ON events (event_type);
CREATE TABLE corrections (id {key}, event_id VARCHAR NOT NULL, changes JSON NOT NULL, note TEXT,
    made TIMESTAMP NOT NULL);
CREATE INDEX ix_corrections_event_id ON corrections (event_id);
CREATE TABLE refusals (origin TEXT NOT NULL PRIMARY KEY, reason TEXT NOT NULL,
    refused TIMESTAMP NOT NULL, run_id {number},
    FOREIGN KEY (run_id) REFERENCES runs (id) ON DELETE SET NULL);
INSERT INTO meta VALUES ('schema_version', '1');
INSERT INTO runs (command, started, settings) VALUES ('add', '2024-06-12 10:00:00', '{{}}');
INSERT INTO articles (id, url, title, text, published, language, added, run_id) VALUES
    ('a1', 'https://news.example/1', 'Drill', 'Iran began a drill in the Caspian Sea.',
     '2024-06-12', 'en', '2024-06-12 10:00:00', 1);
INSERT INTO events VALUES ('e1', 'a1', 0, 'MOBILIZE', NULL, 'material conflict', 'ongoing',
    'Iran', 'IRN', NULL, NULL, '2024-06-10', '2024-06-10', 'day', 'text', 'Caspian Sea', NULL,
    '["IRN", "AZE"]', NULL, 41.8, 50.6, 'sea', 500.0, 'Iran began a drill in the Caspian Sea.',
    0, 38, 'drill', 0.81, '{{"what": [13, 18]}}', 'trigger', 1.0, '[]', '[]', '[]',
    '{{"what": [[13, 18]]}}');
INSERT INTO corrections (event_id, changes, made) VALUES
    ('e1', '{{"status": "planned"}}', '2024-06-13 10:00:00');
INSERT INTO refusals VALUES ('three.pdf', 'binary', '2024-06-12 10:00:00.250000', 1);
"""


def make_version_1(database: str) -> None:
    """Make a store of version 1 with an article, an event, a correction, a run and a refusal."""
    engine = open_engine(find_url(database))
    dialect = engine.dialect.name
    script = _VERSION_1.format(
        key=_KEYS[dialect], number="INTEGER" if dialect == "sqlite" else "BIGINT"
    )
    if dialect == "sqlite":
        script = script.replace("TIMESTAMP", "DATETIME")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        for statement in script.split(";\n"):
            if statement.strip():
                connection.execute(sa.text(statement.replace(":", "\\:")))
    engine.dispose()
