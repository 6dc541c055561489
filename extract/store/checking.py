"""Does the store hold what it promises? Each complaint names its culprit.

the database itself -> references -> the table's contract -> the words of every span
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from extract.errors import TableError
from extract.store.columns import read_frame
from extract.store.reading import read_event_batches
from extract.store.schema import articles, corrections, events, refusals, runs

_FETCHED = 2_000


def find_faults(connection: Connection) -> Iterator[str]:
    """Yield what is wrong with the store, the gravest first; nothing for a sound one."""
    yield from _find_damage(connection)
    yield from _find_lost_references(connection)
    for batch in read_event_batches(connection, size=_FETCHED * 10, revisions=True):
        try:
            read_frame([batch])
        except TableError as error:
            yield str(error)
    yield from _find_wrong_spans(connection)


def count_stray_corrections(connection: Connection) -> int:
    """Return how many corrections are of events that are there no more, which is no fault."""
    gone = select(corrections.c.id).where(
        corrections.c.event_id.not_in(select(events.c.event_id).scalar_subquery())
    )
    return len(connection.execute(gone).all())


def _find_damage(connection: Connection) -> Iterator[str]:
    """Let SQLite read itself through; PostgreSQL holds its tables by itself."""
    if connection.dialect.name == "sqlite":
        for (verdict,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if verdict != "ok":
                yield f"the file is damaged: {verdict}"


def _find_lost_references(connection: Connection) -> Iterator[str]:
    for of, column, kept in (
        (events.c.event_id, events.c.article_id, articles.c.id),
        (articles.c.id, articles.c.revision_of, articles.c.id),
        (articles.c.id, articles.c.run_id, runs.c.id),
        (refusals.c.origin, refusals.c.run_id, runs.c.id),
    ):
        lost = select(of, column).where(
            column.is_not(None), column.not_in(select(kept).scalar_subquery())
        )
        for culprit, missing in connection.execute(lost):
            yield f"{of.table.name}: {culprit} has the {column.name} {missing}, which is not there"
    counted = select(articles.c.id, articles.c.skipped, events.c.event_id).join(
        events, events.c.article_id == articles.c.id
    )
    for identity, reason, _ in connection.execute(counted.where(articles.c.skipped.is_not(None))):
        yield f"articles: {identity} has events and yet a reason for having none ({reason})"


def _find_wrong_spans(connection: Connection) -> Iterator[str]:
    query = (
        select(
            events.c.event_id, events.c.sentence, events.c.sentence_start, events.c.sentence_end,
            events.c.trigger, events.c.spans, events.c.evidence, events.c.casualties,
            articles.c.text,
        )
        .join_from(events, articles, events.c.article_id == articles.c.id)
        # The text of an article that was loaded as a table of events is not kept.
        .where(articles.c.text != "")
    )  # fmt: skip
    for row in connection.execution_options(yield_per=_FETCHED).execute(query):
        for fault in _check_spans(row):
            yield f"events: {row.event_id}: {fault}"


def _check_spans(row: Any) -> Iterator[str]:
    text = row.text
    if text[row.sentence_start : row.sentence_end] != row.sentence:
        yield "its sentence does not stand where it should"
    what = row.spans.get("what")
    if not what or text[what[0] : what[1]] != row.trigger:
        yield "its trigger does not stand where it should"
    pairs = [*row.spans.values(), *(pair for pairs in row.evidence.values() for pair in pairs)]
    pairs += [(harmed["start"], harmed["end"]) for harmed in row.casualties]
    for start, end in pairs:
        if not 0 <= start < end <= len(text):
            yield f"the span {json.dumps([start, end])} is not within its text"
