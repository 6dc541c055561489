"""The tab of sources, without a browser: what it says, and its buttons against a local server."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

# Before a test puts another fetcher in its place, which this would keep.
from extract.commands import polling  # noqa: F401
from extract.pipeline import Extractor
from extract.records import FeedState
from extract.sources.fetching import Fetcher
from extract.sources.settings import FetchSettings
from extract.store import Store
from extract.table import build_table
from tests.made_events import make_pairs
from tests.sources.server import NewsServer, Reply, reply_page, write_page
from view.columns import read_columns
from view.sources import (
    ago_words,
    health_sentence,
    span_words,
    state_words,
    tabulate_feeds,
    tabulate_outlets,
)

PAGE = str(Path(__file__).parents[2] / "dashboard.py")
NOW = datetime.datetime(2024, 6, 12, 12, 0)
MINUTE = datetime.timedelta(minutes=1)
GOOD = FeedState(
    "https://a.example/", "A", "GEO", last_poll=NOW - 5 * MINUTE, last_ok=NOW, new=3, known=4
)
FAILING = FeedState(
    "https://b.example/",
    last_poll=NOW - 9 * MINUTE,
    failures=2,
    next_poll=NOW + 30 * MINUTE,
    last_error="status 500",
)
FRESH = FeedState("https://c.example/", "C")


@pytest.mark.parametrize(
    ("feeds", "sentence"),
    [
        ([], "No feed is watched."),
        ([FRESH], "1 feed watched, none polled yet."),
        (
            [GOOD, FRESH],
            "2 feeds watched, last polled 5 minutes ago; 3 new articles in the last polls; "
            "none failing.",
        ),
        (
            [GOOD, FAILING],
            "2 feeds watched, last polled 5 minutes ago; 3 new articles in the last polls; "
            "1 failing: https://b.example/.",
        ),
    ],
)
def test_health_is_a_sentence(feeds: list[FeedState], sentence: str) -> None:
    assert health_sentence(feeds, NOW) == sentence


def test_health_says_when_the_watch_has_ended() -> None:
    late = health_sentence([GOOD], NOW + datetime.timedelta(days=3))
    assert "last polled 3 days ago, so nothing new is coming in" in late
    many = health_sentence([FAILING] * 5, NOW)
    assert many.endswith("5 failing: https://b.example/, https://b.example/, https://b.example/ "
                         "and 2 more.")  # fmt: skip


def test_feeds_in_trouble_come_first() -> None:
    frame = tabulate_feeds([FRESH, GOOD, FAILING], NOW)
    assert list(frame["Feed"]) == ["https://b.example/", "A", "C"]
    assert list(frame["State"]) == [
        "failed 2 times, again in 30 minutes: status 500", "good", "not polled yet",
    ]  # fmt: skip
    assert frame.loc[1, ["New", "Known", "Refused"]].tolist() == [3, 4, 0]
    assert frame.loc[2, ["New", "Known", "Refused"]].isna().all()
    assert tabulate_feeds([], NOW).dtypes.equals(frame.dtypes)
    assert state_words(FAILING, NOW + 60 * MINUTE) == "failed 2 times: status 500"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "1 minute"), (1, "1 minute"), (59, "59 minutes"), (60, "1 hour"), (47 * 60, "47 hours"),
     (48 * 60, "2 days")],
)  # fmt: skip
def test_time_is_told_in_its_largest_unit(minutes: int, words: str) -> None:
    assert span_words(minutes * MINUTE) == words
    assert ago_words(None, NOW) == "never"
    assert ago_words(NOW - minutes * MINUTE, NOW) == (f"{words} ago" if minutes else "just now")


def test_outlets_are_counted_under_the_mask() -> None:
    frame = build_table(make_pairs(40))
    columns = read_columns(frame)
    mask = np.arange(len(frame)) % 2 == 0
    table = tabulate_outlets(columns, mask)
    expected = frame["source"][mask].fillna("not named").value_counts()
    assert dict(zip(table["Outlet"], table["Events"], strict=True)) == expected.to_dict()
    assert table["Events"].is_monotonic_decreasing
    assert tabulate_outlets(columns, np.zeros(len(frame), bool)).empty


# The page


@pytest.fixture
def page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extractor: Extractor
) -> Callable[[], AppTest]:
    monkeypatch.setenv("DATELINE_DB", str(tmp_path / "page.sqlite"))
    settings = FetchSettings(allow_private=True, interval=0, backoff_seconds=0)
    monkeypatch.setattr(
        "extract.sources.fetching.open_fetcher", lambda pause: Fetcher(settings, pause=pause)
    )
    monkeypatch.setattr("page.dataset.load_extractor", lambda: extractor)
    monkeypatch.setattr("page.sources.may_add", lambda: True)
    with Store() as store:
        for article, events in make_pairs(5):
            store.add(SimpleNamespace(article=article, events=events, skipped=None, supposed=0))
    st.cache_resource.clear()

    def open_page() -> AppTest:
        opened = AppTest.from_file(PAGE, default_timeout=60)
        opened.query_params["tab"] = "Sources"
        return opened.run()

    return open_page


def press(page: AppTest, label: str) -> None:
    next(button for button in page.button if button.label == label).click().run()


def told(page: AppTest) -> list[str]:
    return [element.value for element in (*page.success, *page.warning, *page.error)]


def rest(page: AppTest) -> None:
    """Draw the page anew, as it does by itself, until nothing is under way."""
    for _ in range(600):
        if not page.get("progress"):
            return
        time.sleep(0.05)
        page.run()
    raise AssertionError(f"{page.get('progress')} is still under way")


def serve_feed(server: NewsServer, *paths: str) -> str:
    items = "".join(f"<item><link>{path}</link></item>" for path in paths)
    server.replies["/rss"] = Reply(
        body=f"<rss version='2.0'><channel><title>N</title>{items}</channel></rss>".encode(),
        headers={"Content-Type": "application/rss+xml"},
    )
    return server.url("/rss", "127.0.0.1")


def feed_table(page: AppTest) -> pd.DataFrame:
    return next(table.value for table in page.dataframe if "State" in table.value)


def test_a_link_is_added_a_feed_watched_and_polled(
    page: Callable[[], AppTest], server: NewsServer
) -> None:
    feed = serve_feed(server, "/a", "/b", "/gone")
    server.replies |= {
        "/a": reply_page(write_page("Drill off Batumi")),
        "/b": reply_page(write_page("Talks in Baku")),
    }
    opened = page()
    assert not opened.exception
    assert any("No feed is watched" in caption.value for caption in opened.caption)
    opened.text_input(key="link").input(server.url("/a", "127.0.0.1")).run()
    press(opened, "Add article")
    rest(opened)
    assert not opened.exception
    assert any("Added" in words and "Batumi" in words for words in told(opened))
    opened.text_input(key="link").input(feed).run()
    press(opened, "Watch feed")
    assert any("is watched from the next poll on" in words for words in told(opened))
    assert feed_table(opened)["State"].tolist() == ["not polled yet"]
    press(opened, "Poll now")
    rest(opened)
    assert not opened.exception
    assert any("1 feed polled: 1 new article with" in words for words in told(opened))
    assert any("status 404" in words for words in told(opened))
    row = feed_table(opened).iloc[0]
    assert (row["Feed"], row["New"], row["Known"], row["Refused"]) == ("N", 1, 1, 1)
    # What was told stays until the reader asks for something else.
    opened.run()
    assert any("status 404" in words for words in told(opened))
    press(opened, "Poll now")
    rest(opened)
    assert told(opened) == ["1 feed polled: 0 new articles with 0 events, 3 known, 0 refused."]
    with Store() as store:
        assert store.counts().articles == 7
        assert store.refusals()[0][0].endswith("/gone")
        runs = store.runs()
    assert [run["command"] for run in runs] == ["add", "feeds poll", "feeds poll"]
    assert all(run["finished"] and run["settings"] == {"from": "page"} for run in runs)
    assert runs[1]["manifest"]["program"]["models"]
    assert (runs[0]["counts"]["added"], runs[1]["counts"]["new"]) == (1, 1)


def test_a_poll_goes_on_by_itself_and_can_be_stopped(
    page: Callable[[], AppTest], server: NewsServer
) -> None:
    release = threading.Event()

    def answer(_: Any) -> Reply:
        release.wait(20)
        return reply_page(write_page("Drill off Batumi"))

    server.replies |= {"/a": reply_page(), "/b": answer}
    with Store() as store:
        store.add_feed(serve_feed(server, "/a", "/b"))
    try:
        opened = page()
        press(opened, "Poll now")
        assert opened.get("progress")[0].proto.text.startswith("Polling …")
        while "/b" not in server.paths():
            time.sleep(0.05)
        # The reader may do something else; another sees the poll, and can begin no other.
        opened.text_input(key="link").input("ftp://a.example").run()
        press(opened, "Watch feed")
        other = page()
        so_far = "Polling … 0 of 1 feed, 1 page read, 1 new article"
        assert other.get("progress")[0].proto.text == so_far
        assert "Poll now" not in {button.label for button in other.button}
        press(other, "Stop polling")
        for reader in (opened, other):
            reader.run()
            rest(reader)
            assert "Poll now" in {button.label for button in reader.button}
    finally:
        release.set()
    assert any("stopped before the end" in words for words in told(opened))
    assert told(other) == []
    with Store() as store:
        assert store.feeds()[0].last_poll is None


def test_a_fault_of_the_program_in_an_errand_is_told(
    page: Callable[[], AppTest], server: NewsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    server.replies["/a"] = reply_page()
    opened = page()
    monkeypatch.setattr("page.dataset.load_extractor", fail)
    opened.text_input(key="link").input(server.url("/a", "127.0.0.1")).run()
    press(opened, "Add article")
    rest(opened)
    assert any("the program failed on it" in words for words in told(opened))
    monkeypatch.setattr("extract.sources.files.read_address", fail)
    press(opened, "Add article")
    rest(opened)
    assert any("The program failed" in words for words in told(opened))
    # The page stands all the same.
    assert not opened.exception


def test_a_link_that_cannot_be_had_is_named(
    page: Callable[[], AppTest], server: NewsServer
) -> None:
    opened = page()
    for link, label, complaint in (
        (server.url("/none", "127.0.0.1"), "Add article", "status 404"),
        ("ftp://a.example", "Watch feed", "not http or https"),
    ):
        opened.text_input(key="link").input(link).run()
        press(opened, label)
        rest(opened)
        assert not opened.exception
        assert any(complaint in words for words in told(opened))


def test_a_stranger_may_read_and_not_add(
    page: Callable[[], AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("page.sources.may_add", lambda: False)
    opened = page()
    assert not opened.exception
    labels = {button.label for button in opened.button}
    assert not labels & {"Add article", "Watch feed", "Poll now"}


def test_a_reader_who_signs_out_meanwhile_may_not_add(
    page: Callable[[], AppTest], server: NewsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = []
    monkeypatch.setattr("page.sources.may_add", lambda: answers.pop() if answers else True)
    opened = page()
    opened.text_input(key="link").input(server.url("/a", "127.0.0.1")).run()
    answers[:] = [False, True]
    press(opened, "Add article")
    assert any("read here, not add" in words for words in told(opened))
    assert server.asked == []
