"""The store: an article wholly or not at all, once, and the same table back."""

from __future__ import annotations

import dataclasses
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier

import pandas as pd
import pytest
from sqlalchemy import func, select, text

from extract.errors import StoreError, TableError
from extract.store import Store
from extract.store.database import find_url, open_engine
from extract.store.reading import OF_ARTICLE
from extract.store.schema import articles, events, runs
from extract.table import COLUMNS, build_table
from tests.made_events import Extraction, make_drill, make_drill_article, make_drill_events
from tests.postgres import PostgresServer


def execute(database: str, statement: str) -> None:
    engine = open_engine(find_url(database))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text(statement))
    engine.dispose()


def test_what_was_added_comes_back_as_the_same_table(store: Store) -> None:
    extractions = [make_drill(number) for number in (3, 1, 2)]
    assert all(store.add(extraction) for extraction in extractions)
    expected = build_table((extraction.article, extraction.events) for extraction in extractions)
    pd.testing.assert_frame_equal(store.events_table(), expected)
    assert list(store.articles()) == [extraction.article for extraction in extractions]
    assert store.article(extractions[1].article.id) == extractions[1].article
    assert store.article("unknown") is None


def test_an_empty_store_gives_an_empty_table_of_the_same_kind(store: Store) -> None:
    pd.testing.assert_frame_equal(store.events_table(), build_table([]))
    assert list(store.articles()) == []
    assert store.counts().articles == 0


def test_adding_twice_changes_nothing(store: Store) -> None:
    assert store.add(make_drill())
    before, state = store.events_table(), store.version()
    assert not store.add(make_drill())
    pd.testing.assert_frame_equal(store.events_table(), before)
    assert store.version() == state


def test_an_article_whose_events_cannot_be_kept_is_not_kept_either(store: Store) -> None:
    article = make_drill_article(2)
    twice = make_drill_events(article)[:1] * 2
    with pytest.raises(StoreError, match="nothing of this step was kept"):
        store.add(Extraction(article, twice))
    assert not store.has(article.id)
    assert store.counts().events == 0


def test_the_funnel_counts_what_fell_out_and_why(store: Store) -> None:
    store.add(make_drill(1))
    store.add(
        Extraction(make_drill_article(2), (), "no words that report an event", 3), origin="two.txt"
    )
    store.refuse("three.pdf", "binary")
    store.refuse("three.pdf", "still binary")
    store.refuse("four.txt", "empty")
    counts = store.counts()
    assert (counts.articles, counts.silent, counts.events) == (2, 1, 2)
    assert (counts.mapped, counts.without_place, counts.without_date) == (1, 1, 0)
    assert counts.supposed == 3
    assert counts.refused == 2
    assert counts.reasons == {"no words that report an event": 1, "still binary": 1, "empty": 1}
    assert store.refusals() == [("four.txt", "empty"), ("three.pdf", "still binary")]
    assert [article.id for article, _ in store.silent_articles()] == [make_drill_article(2).id]


def test_a_refusal_is_taken_back_when_its_input_can_be_read(store: Store) -> None:
    store.refuse("one.txt", "no date")
    store.add(make_drill(1), origin="one.txt")
    assert store.refusals() == []


def test_a_correction_stands_in_the_table_and_the_event_stays(store: Store) -> None:
    store.add(make_drill())
    event_id = make_drill().events[0].id
    store.correct(event_id, {"status": "planned", "date_end": "2024-06-20"}, note="it began later")
    corrected = store.events_table().set_index("event_id").loc[event_id]
    assert corrected["status"] == "planned"
    assert corrected["date_end"] == pd.Timestamp(2024, 6, 20)
    own = store.events_table(corrected=False).set_index("event_id").loc[event_id]
    assert own["status"] == "ongoing"


@pytest.mark.parametrize(
    ("changes", "error", "complaint"),
    [
        ({"status": "perhaps"}, TableError, "status is not in the codebook"),
        ({"latitude": 95.0}, TableError, "out of range"),
        ({"latitude": None}, TableError, "do not stand together"),
        ({"date_end": "2020-01-01"}, TableError, "after date_end"),
        ({"title": "other"}, StoreError, "no column title"),
        ({"event_id": "other"}, StoreError, "no column event_id"),
    ],
)
def test_a_correction_keeps_the_tables_contract(
    store: Store, changes: dict[str, object], error: type[Exception], complaint: str
) -> None:
    store.add(make_drill())
    with pytest.raises(error, match=complaint):
        store.correct(make_drill().events[0].id, changes)
    assert store.events_table()["status"].tolist() == ["ongoing", "occurred"]


def test_correcting_an_unknown_event_is_refused(store: Store) -> None:
    with pytest.raises(StoreError, match="no event nowhere"):
        store.correct("nowhere", {"status": "planned"})


def test_removing_an_article_removes_its_events(store: Store) -> None:
    store.add(make_drill(1))
    store.add(make_drill(2))
    assert store.remove(make_drill_article(1).id)
    assert not store.remove(make_drill_article(1).id)
    assert set(store.events_table()["article_id"]) == {make_drill_article(2).id}


def test_a_run_is_recorded_with_what_it_counted(store: Store) -> None:
    run = store.start_run("add", {"size_limit": 5})
    store.add(make_drill(), run_id=run)
    store.finish_run(run, {"added": 1})
    with store._read() as connection:
        row = connection.execute(select(runs)).one()
        assert connection.execute(select(articles.c.run_id)).scalar_one() == run == row.id
    assert row.command == "add"
    assert row.started <= row.finished
    assert (row.settings, row.counts) == ({"size_limit": 5}, {"added": 1})


def test_a_second_program_reads_while_the_first_writes(store: Store) -> None:
    with Store(store.url) as other:
        store.add(make_drill(1))
        assert other.has(make_drill_article(1).id)
        other.add(make_drill(2))
        assert store.counts().articles == 2


def test_the_state_differs_after_every_change(store: Store) -> None:
    states = [store.version()]
    store.add(make_drill(1))
    states.append(store.version())
    store.correct(make_drill().events[0].id, {"status": "planned"})
    states.append(store.version())
    store.refuse("x", "y")
    states.append(store.version())
    store.remove(make_drill_article(1).id)
    states.append(store.version())
    assert len(set(states)) == len(states)


def test_a_newer_store_is_refused_by_name(database: str) -> None:
    Store(database).close()
    execute(database, "UPDATE meta SET value = '99'")
    with pytest.raises(StoreError, match="version 99, newer than this program's"):
        Store(database)


def test_a_database_of_others_is_refused(database: str) -> None:
    execute(database, "CREATE TABLE articles (id INTEGER)")
    with pytest.raises(StoreError, match="not Dateline's"):
        Store(database)


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    path.write_text("no database at all, but long enough to be read as a header of one " * 3)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(str(path))


def test_programs_that_make_the_store_at_once_all_get_it(database: str) -> None:
    barrier = Barrier(4)

    def open_store(number: int) -> bool:
        barrier.wait()
        with Store(database) as own:
            return own.add(make_drill(number))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(open_store, range(4)))


def test_a_new_file_is_opened_by_many_at_the_same_moment(tmp_path: Path) -> None:
    # Without asking again for the write-ahead log, one round in twenty fails.
    for number in range(20):
        barrier = Barrier(6)

        def open_store(
            writer: int, barrier: Barrier = barrier, path: Path = tmp_path / f"{number}.sqlite"
        ) -> None:
            barrier.wait()
            with Store(str(path)) as own:
                own.refuse(f"{writer}.txt", "empty")

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(open_store, range(6)))


def test_a_reader_sees_one_state_of_the_store(store: Store) -> None:
    count = select(func.count()).select_from(articles)
    with store._read() as connection:
        assert connection.execute(count).scalar_one() == 0
        store.add(make_drill())
        assert connection.execute(count).scalar_one() == 0
    assert store.counts().articles == 1


def test_refusals_are_in_the_same_order_in_every_database(store: Store) -> None:
    origins = ["b.txt", "B.txt", "a-b.txt", "ab.txt", "é.txt", "Z.txt"]
    for origin in origins:
        store.refuse(origin, "empty")
    assert [origin for origin, _ in store.refusals()] == sorted(origins)


def test_a_long_name_of_a_source_is_kept(store: Store) -> None:
    # Letters at random, as PostgreSQL packs what repeats.
    name = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyzäöüßéèñ", k=9_000))
    article = dataclasses.replace(make_drill_article(), source=name, title="Bakı — الخبر 🌍")
    assert store.add(Extraction(article, ()))
    assert store.article(article.id) == article


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "UTF8"])
def test_text_is_text_in_every_encoding_of_the_server(
    postgres: PostgresServer, encoding: str
) -> None:
    options = f"TEMPLATE template0 ENCODING '{encoding}' LOCALE_PROVIDER libc LOCALE 'C'"
    article = dataclasses.replace(make_drill_article(), title="Bakı — الخبر 🌍")
    with postgres.database(options) as url, Store(url) as store:
        store.add(Extraction(article, make_drill_events(article)))
        assert store.article(article.id) == article
        expected = build_table([(article, make_drill_events(article))])
        pd.testing.assert_frame_equal(store.events_table(), expected)


@pytest.mark.postgres
def test_a_store_outlives_the_loss_of_its_connections(postgres: PostgresServer) -> None:
    with postgres.database() as url, Store(url) as store:
        store.add(make_drill())
        postgres.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{url.split('/')[3].split('?')[0]}'"
        )
        assert store.counts().articles == 1


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("sqlite:////nowhere/at/all/store.sqlite", "unable to open"),
        ("mysql://somebody@somewhere/x", "neither SQLite nor PostgreSQL"),
        ("no address ://x", "no database URL"),
        ("postgresql://me:secret@host:port/x", "'host:port/x' is no database URL"),
    ],
)
def test_a_wrong_address_is_refused_with_the_remedy(url: str, complaint: str) -> None:
    with pytest.raises(StoreError, match=complaint):
        Store(url)


def test_the_store_is_found_by_argument_environment_or_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DATELINE_DB", raising=False)
    assert find_url().endswith("data/local/dateline.sqlite")
    monkeypatch.setenv("DATELINE_DB", "postgresql://me:secret@host/news")
    assert find_url() == "postgresql+psycopg://me:secret@host/news"
    assert find_url(str(tmp_path / "a.sqlite")) == f"sqlite:///{tmp_path / 'a.sqlite'}"
    assert find_url("~/a.sqlite") == f"sqlite:///{Path.home() / 'a.sqlite'}"


def test_a_store_that_may_only_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with Store(str(path)) as store:
        assert store.made
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    with pytest.raises(StoreError, match="copy it into a folder of your own"):
        Store(f"sqlite:///file:{path}?mode=ro&uri=true")
    with Store(str(path)) as store:
        assert not store.made


def test_a_full_disk_is_told_and_nothing_is_half_kept(tmp_path: Path) -> None:
    with Store(str(tmp_path / "a.sqlite")) as store:
        with store._read() as connection:
            ((pages,),) = connection.exec_driver_sql("PRAGMA page_count")
            # Holds for the connection, which the pool hands out again.
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").close()
        with pytest.raises(StoreError, match=r"full\); nothing of this step was kept; make room"):
            store.refuse("a", "x" * 100_000)
        assert store.refusals() == []
        assert list(store.faults()) == []


def test_a_password_is_not_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="check DATELINE_DB") as caught:
        Store("postgresql://me:secret@127.0.0.1:1/news")
    assert "secret" not in str(caught.value)


def test_every_column_of_the_table_is_kept() -> None:
    kept = {column.name for column in events.columns} - {"position"}
    assert kept | set(OF_ARTICLE) == set(COLUMNS)


def test_two_writers_and_a_reader_at_once_lose_nothing(store: Store) -> None:
    def write(numbers: range) -> int:
        with Store(store.url) as own:
            return sum(own.add(make_drill(number)) for number in numbers)

    def read() -> list[int]:
        with Store(store.url) as own:
            return [len(own.events_table()) for _ in range(20)]

    with ThreadPoolExecutor(3) as pool:
        reading = pool.submit(read)
        # Half of what the second writes the first writes too: each article is kept by one.
        added = [pool.submit(write, range(60)), pool.submit(write, range(30, 90))]
        assert sum(writing.result() for writing in added) == 90
        seen = reading.result()
    assert seen == sorted(seen)
    assert all(count % 2 == 0 for count in seen)
    assert store.counts().articles == 90
    assert len(store.events_table()) == 180
