"""An older store is brought up to date, with all that is in it; a newer one is left alone."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect

from extract.errors import StoreError
from extract.store import Store, migration
from extract.store.schema import SCHEMA_VERSION
from tests.old_stores import make_version_1


def test_an_old_store_keeps_all_it_has(database: str) -> None:
    make_version_1(database)
    with Store(database) as store:
        table = store.events_table()
        assert table["event_id"].tolist() == ["e1"]
        assert table["status"].tolist() == ["planned"]
        assert table["country"].tolist() == [("IRN", "AZE")]
        assert store.refusals() == [("three.pdf", "binary")]
        article = store.article("a1")
        assert article is not None
        assert article.text.startswith("Iran began")
        assert store.add_feed("https://news.example/feed")
        store.refuse("three.pdf", "still binary")
        assert store.refusals() == [("three.pdf", "still binary")]
    with Store(database) as store:
        assert len(store.feeds()) == 1


def read_tables(store: Store) -> dict[str, object]:
    """Return all that the database says of its tables, the order of columns aside."""
    with store._read() as connection:
        look = inspect(connection)
        return {
            table: {
                "columns": {
                    column["name"]: (str(column["type"]), column["nullable"])
                    for column in look.get_columns(table)
                },
                "key": look.get_pk_constraint(table)["constrained_columns"],
                "indexes": {
                    (index["name"], *index["column_names"], bool(index["unique"]))
                    for index in look.get_indexes(table)
                },
                "references": read_references(connection, table),
            }
            for table in look.get_table_names()
        }


def read_references(connection: Connection, table: str) -> set[tuple[str, ...]]:
    if connection.dialect.name == "sqlite":
        # SQLAlchemy does not see what an ALTER TABLE said of deletion.
        rows = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table})").mappings()
        return {(row["from"], row["table"], row["to"], row["on_delete"]) for row in rows}
    return {
        (*key["constrained_columns"], key["referred_table"], *key["referred_columns"],
         str(key["options"].get("ondelete")))
        for key in inspect(connection).get_foreign_keys(table)
    }  # fmt: skip


def test_a_migrated_store_has_the_same_tables_as_a_new_one(store: Store, tmp_path: Path,
    request: pytest.FixtureRequest) -> None:  # fmt: skip
    if store.url.startswith("sqlite"):
        old = str(tmp_path / "old.sqlite")
        make_version_1(old)
        with Store(old) as migrated:
            assert read_tables(migrated) == read_tables(store)
    else:
        with request.getfixturevalue("postgres").database() as old:
            make_version_1(old)
            with Store(old) as migrated:
                assert read_tables(migrated) == read_tables(store)


def test_a_new_store_is_not_migrated(
    database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Store(database).close()
    with Store(database), caplog.at_level(logging.INFO):
        assert not caplog.records


def test_a_sqlite_file_is_copied_before_it_is_changed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "store.sqlite"
    make_version_1(str(path))
    copy = tmp_path / "store.sqlite.version-1"
    copy.write_text("an older copy, which stays")
    Store(str(path)).close()
    assert f"from version 1 to {SCHEMA_VERSION}; the old one is kept as {copy}.2" in caplog.text
    assert copy.read_text() == "an older copy, which stays"
    with sqlite3.connect(f"{copy}.2") as connection:
        version = connection.execute("SELECT value FROM meta").fetchall()
        events = connection.execute("SELECT event_id FROM events").fetchall()
    connection.close()
    assert (version, events) == ([("1",)], [("e1",)])


@pytest.mark.postgres
def test_postgresql_says_what_stands_in_for_a_copy(
    postgres_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    make_version_1(postgres_database)
    Store(postgres_database).close()
    assert "takes back whole if a step fails" in caplog.text


def test_a_step_that_fails_leaves_the_old_store_as_it_was(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_version_1(database)
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "v2_broken.py").write_text(
        "from alembic import op\nrevision, down_revision = '2', None\n\n"
        "def upgrade():\n    op.execute('DROP TABLE refusals')\n    op.execute('no SQL at all')\n"
    )
    with monkeypatch.context() as patch:
        patch.setattr(migration, "STEPS", steps)
        with pytest.raises(StoreError):
            Store(database)
    with Store(database) as store:
        assert store.refusals() == [("three.pdf", "binary")]


def test_a_store_that_cannot_be_copied_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "store.sqlite"
    make_version_1(str(path))
    (tmp_path / "store.sqlite.version-1.part").mkdir()
    with pytest.raises(StoreError, match="has version 1 and was left as it is"):
        Store(str(path))
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT value FROM meta").fetchall() == [("1",)]
    connection.close()
