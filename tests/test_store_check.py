"""`check` finds what is wrong with a store, and names it."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from extract.store import Store
from extract.store.database import find_url, open_engine
from tests.made_events import make_drill

DRILL = make_drill().events[0].id


def damage(store: Store, *statements: str) -> None:
    """Change the store behind its back, references and all."""
    engine = open_engine(find_url(store.url))
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        with connection.begin():
            for statement in statements:
                connection.execute(text(statement))
    engine.dispose()


def test_a_sound_store_has_no_fault(store: Store) -> None:
    assert list(store.faults()) == []
    store.add(make_drill(), run_id=store.start_run("add", {}))
    assert list(store.faults()) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("UPDATE events SET sentence_start = 1", "its sentence does not stand where it should"),
        ("UPDATE events SET trigger = 'dill'", "its trigger does not stand where it should"),
        (
            'UPDATE events SET spans = \'{"what": [13, 18], "who": [0, 999]}\'',
            "the span [0, 999] is not within its text",
        ),
        (
            "UPDATE events SET evidence = '{\"what\": [[13, 13]]}'",
            "the span [13, 13] is not within its text",
        ),
        ("UPDATE events SET status = 'perhaps'", "status is not in the codebook"),
        ("UPDATE events SET latitude = 95", "latitude is out of range"),
        ("UPDATE events SET actor = ''", "actor is empty text instead of NA"),
        ("UPDATE articles SET skipped = 'silent'", "yet a reason for having none (silent)"),
    ],
)
def test_a_fault_is_found_and_its_event_named(store: Store, change: str, fault: str) -> None:
    store.add(make_drill())
    of = "id" if change.startswith("UPDATE articles") else "event_id"
    culprit = make_drill().article.id if of == "id" else DRILL
    damage(store, f"{change} WHERE {of} = '{culprit}'".replace(":", r"\:"))
    found = [complaint for complaint in store.faults() if fault in complaint]
    assert found
    assert culprit in found[0]


def test_what_refers_to_nothing_is_found(store: Store) -> None:
    store.add(make_drill())
    drop = "DELETE FROM articles"
    if store.url.startswith("sqlite"):
        damage(store, drop)
    else:
        constraint = "ALTER TABLE events DROP CONSTRAINT events_article_id_fkey"
        damage(store, constraint, drop)
    lost = [complaint for complaint in store.faults() if "which is not there" in complaint]
    assert len(lost) == 2
    assert all(make_drill().article.id in complaint for complaint in lost)


def test_a_correction_of_what_is_gone_is_counted_and_no_fault(store: Store) -> None:
    store.add(make_drill())
    store.correct(DRILL, {"status": "planned"})
    assert store.stray_corrections() == 0
    store.remove(make_drill().article.id)
    assert store.stray_corrections() == 1
    assert list(store.faults()) == []
