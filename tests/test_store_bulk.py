"""Many events at once, out of a store and into it; and a store copied while it is in use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from extract.commands.load import load_file
from extract.errors import StoreError, UnreadableError
from extract.records import FeedState
from extract.store import Store
from extract.store.bulk import make_articles
from extract.store.columns import (
    EVENT_SCHEMA,
    build_batch,
    read_frame,
    write_articles,
    write_json,
    write_rows,
)
from extract.store.schema import events
from extract.table import build_row, build_table
from tests.made_events import Extraction, make_drill, make_hostile_pairs, make_pairs


def make_batches(extractions: list[Extraction]) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    articles = write_articles(
        (found.article, None, found.skipped, found.supposed) for found in extractions
    )
    events = write_rows(
        build_row(found.article, event) for found in extractions for event in found.events
    )
    return articles, events


def made() -> list[Extraction]:
    pairs = [*make_pairs(40), *make_hostile_pairs()]
    return [
        *(Extraction(article, tuple(events)) for article, events in pairs),
        *(make_drill(number) for number in range(3)),
        Extraction(make_drill(9).article, (), "no words that report an event"),
    ]


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_batches_hold_what_the_table_holds(store: Store, size: int) -> None:
    extractions = made()
    for extraction in extractions:
        store.add(extraction)
    expected = build_table((found.article, found.events) for found in extractions)
    batches = list(store.event_batches(size=size))
    assert all(batch.schema.equals(EVENT_SCHEMA) for batch in batches)
    assert max(batch.num_rows for batch in batches) <= size
    pd.testing.assert_frame_equal(read_frame(batches), expected)


def test_a_correction_stands_in_the_batches(store: Store) -> None:
    store.add(make_drill())
    event = make_drill().events[0].id
    store.correct(
        event, {"date_end": "2024-06-20", "country": ["RUS"], "spans": {"what": [13, 18]}}
    )
    row = store.events_table().set_index("event_id").loc[event]
    assert row["date_end"] == pd.Timestamp(2024, 6, 20)
    assert (row["country"], row["spans"]) == (("RUS",), {"what": (13, 18)})
    assert list(store.faults()) == []


def test_what_is_loaded_is_what_would_have_been_added(store: Store, tmp_path: Path) -> None:
    extractions = made()
    articles, events = make_batches(extractions)
    loaded = store.load([articles], [events])
    assert (loaded.articles, loaded.events, loaded.known) == (50, 52, 0)
    with Store(str(tmp_path / "other.sqlite")) as other:
        for extraction in extractions:
            other.add(extraction)
        pd.testing.assert_frame_equal(store.events_table(), other.events_table())
        assert list(store.articles()) == list(other.articles())
        assert store.counts() == other.counts()
    version = store.version()
    again = store.load([articles], [events])
    assert (again.articles, again.events, again.known) == (0, 0, 50)
    assert store.version() == version


def test_a_load_leaves_out_what_is_there_and_keeps_the_rest(store: Store) -> None:
    store.add(make_drill(1))
    articles, events = make_batches([make_drill(1), make_drill(2)])
    # The second time within one load too.
    loaded = store.load([articles, articles], [events])
    assert (loaded.articles, loaded.events, loaded.known) == (1, 2, 2)
    assert store.counts().events == 4
    assert list(store.faults()) == []


def test_a_load_that_fails_keeps_nothing(store: Store) -> None:
    articles, events = make_batches([make_drill(1)])
    version = store.version()
    with pytest.raises(StoreError, match="nothing of this step was kept"):
        store.load([articles], [events, events])
    assert store.version() == version
    assert store.counts().articles == 0


def test_a_table_of_events_is_loaded_without_texts(store: Store, tmp_path: Path) -> None:
    extractions = made()
    _, events = make_batches(extractions)
    path = tmp_path / "events.parquet"
    pq.write_table(pa.Table.from_batches([events]), path, row_group_size=7)
    loaded = load_file(store, path)
    assert (loaded.articles, loaded.events) == (49, 52)
    expected = build_table((found.article, found.events) for found in extractions)
    pd.testing.assert_frame_equal(store.events_table(), expected)
    assert {article.text for article in store.articles()} == {""}
    assert list(store.faults()) == []


def test_the_articles_of_events_come_in_their_order() -> None:
    _, events = make_batches([make_drill(number) for number in (3, 1, 2)])
    articles = make_articles(pa.Table.from_batches([events]))
    assert articles["id"].to_pylist() == [make_drill(n).article.id for n in (3, 1, 2)]
    assert articles["url"].to_pylist() == [f"https://news.example/{n}" for n in (3, 1, 2)]


@pytest.mark.parametrize("content", [b"", b"no Parquet at all", None])
def test_what_is_no_table_of_events_is_refused(
    store: Store, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "events.parquet"
    if content is None:
        pq.write_table(pa.table({"event_id": ["a"], "country": ["AZE"]}), path)
    else:
        path.write_bytes(content)
    with pytest.raises(UnreadableError, match="give a folder that `batch` wrote"):
        load_file(store, path)
    with pytest.raises(UnreadableError):
        load_file(store, tmp_path / "missing.parquet")


def test_a_copy_is_a_store_with_all_that_the_first_has(store: Store, tmp_path: Path) -> None:
    run = store.start_run("add", {"inputs": ["x"]}, manifest={"program": {}})
    store.add(make_drill(1), run_id=run)
    store.add(Extraction(make_drill(2).article, (), "nothing"), origin="two")
    store.correct(make_drill(1).events[0].id, {"status": "planned"}, note="later")
    store.refuse("three.pdf", "binary", run_id=run)
    store.add_feed("https://news.example/feed", title="News")
    store.finish_run(run, {"added": 2})
    target = tmp_path / "copy.sqlite"
    store.back_up(target)
    assert [path.name for path in tmp_path.glob("*copy*")] == ["copy.sqlite"]
    with Store(str(target)) as copy:
        pd.testing.assert_frame_equal(copy.events_table(), store.events_table())
        assert list(copy.articles()) == list(store.articles())
        assert copy.runs() == store.runs()
        assert copy.refusals() == store.refusals()
        (feed,) = copy.feeds()
        assert isinstance(feed, FeedState)
        assert store.feeds() == [feed]
        assert list(copy.faults()) == []
        assert copy.version() == store.version()
        assert copy.add(make_drill(3))


def test_a_copy_is_of_one_moment_while_others_write(store: Store, tmp_path: Path) -> None:
    def write() -> None:
        with Store(store.url) as own:
            for number in range(60):
                own.add(make_drill(number))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        for number in range(4):
            target = tmp_path / f"copy{number}.sqlite"
            store.back_up(target)
            with Store(str(target)) as copy:
                counts = copy.counts()
                assert counts.events == 2 * counts.articles
                assert list(copy.faults()) == []
        writing.result()
    assert store.counts().articles == 60


def test_a_copy_that_cannot_be_written_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be"):
        store.back_up(tmp_path / "nowhere" / "copy.sqlite")


# Wild cells: whatever a text may hold is to come back as it was, from both databases.

_MARKS = ("null", "NULL", '""', '\\"', "\\n", "\\\\n", "\\u0041", "\\N", "\\.", "\r\n")
_ODD = '"\\,\n\r\t\b\f\x01\x0b\x1f\x7f[]{}\u2028\ufeff'
_LETTERS = some.characters(exclude_categories=["Cs"], exclude_characters="\0")
# The letters of both formats, far more often than chance would have them.
_WORD = some.lists(some.sampled_from((*_MARKS, *_ODD)) | _LETTERS, max_size=8).map("".join)
_DAYS = some.dates()
_NUMBERS = some.integers(-(2**63), 2**63 - 1)
_FLOATS = some.floats(allow_nan=False)
_NEEDED = {column.name for column in events.columns if not column.nullable}


def draw_cell(column: str) -> some.SearchStrategy[object]:
    kind = EVENT_SCHEMA.field(column).type
    if column in ("spans", "casualties", "alternatives", "evidence"):
        return some.dictionaries(_WORD, some.lists(_WORD, max_size=2), max_size=2).map(write_json)
    if pa.types.is_list(kind):
        return some.lists(_WORD, max_size=3)
    if column in ("sentence_start", "sentence_end"):
        return some.integers(-(2**31), 2**31 - 1)
    cells = {pa.string(): _WORD, pa.date32(): _DAYS, pa.int64(): _NUMBERS, pa.float64(): _FLOATS}
    cell: some.SearchStrategy[object] = cells[kind]
    return cell if column in _NEEDED else some.none() | cell


_OWN = [name for name in EVENT_SCHEMA.names if name not in ("event_id", "article_id")]
_ROW = some.fixed_dictionaries({name: draw_cell(name) for name in _OWN})


def load_rows(store: Store, rows: list[dict[str, object]]) -> pa.Table:
    """Load a new article for every row, and return what should be read of them."""
    first = store.counts().articles
    named = [
        row | {"event_id": f"e{number}", "article_id": f"a{number}"}
        for number, row in enumerate(rows, first)
    ]
    columns = {name: [row[name] for row in named] for name in EVENT_SCHEMA.names}
    whole = pa.Table.from_batches([build_batch(columns, EVENT_SCHEMA)])
    store.load([make_articles(whole)], whole.to_batches())
    return whole


def read_last(store: Store, count: int, size: int) -> pa.Table:
    whole = pa.Table.from_batches(store.event_batches(size=size), EVENT_SCHEMA)
    whole.validate(full=True)
    return whole.slice(whole.num_rows - count)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=some.lists(_ROW, min_size=1, max_size=4), size=some.integers(2, 50))
def test_wild_cells_come_back_as_they_were(
    store: Store, rows: list[dict[str, object]], size: int
) -> None:
    expected = load_rows(store, rows)
    assert read_last(store, len(rows), size).equals(expected)


def test_control_characters_come_back_in_every_company(store: Store) -> None:
    words = [*map(chr, range(1, 32)), "\\\\\n", *_MARKS]
    for word in words:
        rows = [make_row(place) for place in (word, f"a{word}b", f"\\{word}\\", f'"{word}"')]
        expected = load_rows(store, rows)
        assert read_last(store, len(rows), 100).equals(expected)


def test_sqlite_keeps_what_postgresql_refuses(tmp_path: Path) -> None:
    rows = [make_row(place) for place in ("\0", "a\0b", "\\\0", "\0\n\x01\\u0000")]
    with Store(str(tmp_path / "store.sqlite")) as store:
        expected = load_rows(store, rows)
        assert read_last(store, len(rows), 100).equals(expected)


def test_more_rows_than_are_parsed_at_once_are_one_batch(store: Store) -> None:
    rows = [make_row(f"Place {number}\n" * (number % 3)) for number in range(4_500)]
    expected = load_rows(store, rows)
    assert [batch.num_rows for batch in store.event_batches(size=4_100)] == [4_100, 400]
    assert read_last(store, len(rows), 20_000).equals(expected)


_DRILL: dict[str, object] = make_batches([make_drill()])[1].slice(0, 1).to_pylist()[0]


def make_row(place: str) -> dict[str, object]:
    """Return an event's row with a place, a country and a title of this name."""
    return _DRILL | {"place": place, "country": [place], "title": place}
