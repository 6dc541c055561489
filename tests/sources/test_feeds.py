"""Polling feeds: what is new is added once, what fails waits, and the others go on."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract import workers
from extract.__main__ import main
from extract.bundled import bundled_path
from extract.errors import StoreError
from extract.pipeline import Extractor
from extract.polling import FeedReport, choose_feeds, now, poll_feeds
from extract.records import Article, Event, FeedState
from extract.sources import schedule
from extract.sources.fetching import Fetcher, Page
from extract.sources.hosts import Hosts
from extract.sources.opml import ListedFeed, read_opml, write_opml
from extract.store import Store
from tests.sources.clock import Clock
from tests.sources.conftest import MakeFetcher
from tests.sources.server import NewsServer, Reply, reply_page, write_page

NOW = datetime.datetime(2024, 6, 12, 12, 0)
RSS = {"Content-Type": "application/rss+xml"}


@dataclass(frozen=True)
class Silence:
    """What a stand-in for the finders finds in any article."""

    article: Article
    events: tuple[Event, ...] = ()
    skipped: str | None = "nothing was looked for"
    supposed: int = 0


class Finders:
    """A stand-in for the finders, which need seconds to load."""

    def extract(self, article: Article) -> Silence:
        if "Batumi breaks" in article.text:
            raise ZeroDivisionError("a fault of ours")
        return Silence(article)


def open_finders() -> Any:
    return Finders()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(str(tmp_path / "feeds.sqlite")) as opened:
        yield opened


def write_feed(*paths: str, date: str = "Wed, 12 Jun 2024 10:00:00 GMT") -> bytes:
    items = "".join(
        f"<item><title>{path}</title><link>{path}</link><pubDate>{date}</pubDate></item>"
        for path in paths
    )
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def serve_feed(server: NewsServer, *paths: str, at: str = "/rss", **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    server.replies[at] = Reply(body=write_feed(*paths), headers={**RSS, **named})
    for path in paths:
        server.replies.setdefault(path, reply_page(write_page(f"Drill {path}")))
    return server.url(at)


def poll(store: Store, fetcher: Fetcher, **options: Any) -> list[FeedReport]:
    feeds = choose_feeds(store.feeds(), moment=now())
    return list(poll_feeds(store, feeds, fetcher=fetcher, open_extractor=open_finders, **options))


def urls(store: Store) -> list[str]:
    return sorted(article.url or "" for article in store.articles())


# One poll after another


def test_what_is_new_is_added_once(server: NewsServer, fetcher: Fetcher, store: Store) -> None:
    store.add_feed(serve_feed(server, "/a", "/b"))
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known, report.outcome.refused) == (2, 0, 0)
    assert urls(store) == [server.url("/a"), server.url("/b")]
    serve_feed(server, "/c", "/a", "/b")
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known) == (1, 2)
    assert sorted(server.paths()) == ["/a", "/b", "/c", "/rss", "/rss"]
    (feed,) = store.feeds()
    assert (feed.title, feed.new, feed.known, feed.failures) == ("News", 1, 2, 0)
    assert feed.last_ok == feed.last_poll
    assert feed.last_error is None


def test_a_host_that_wants_to_be_waited_for_gives_a_few_entries_a_poll(
    server: NewsServer, make_fetcher: MakeFetcher, store: Store
) -> None:
    clock = Clock()
    server.replies["/robots.txt"] = Reply(body=b"User-agent: *\nCrawl-delay: 100\n")
    store.add_feed(serve_feed(server, *(f"/{number}" for number in range(8)), ETag='"1"'))
    fetcher = make_fetcher(pause=clock.pause, hosts=Hosts(clock=clock))
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.waiting, report.outcome.etag) == (6, 2, None)
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known, report.waiting) == (2, 6, 0)
    assert set(clock.pauses) == {100.0}


def test_a_feed_that_did_not_change_is_not_read_again(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    since = "Wed, 12 Jun 2024 10:00:00 GMT"
    url = serve_feed(server, "/a", ETag='"1"', Last_Modified=since)
    full = server.replies["/rss"]
    store.add_feed(url)
    poll(store, fetcher)

    def answer(headers: Any) -> Reply:
        assert headers["If-Modified-Since"] == since
        return Reply(304) if headers["If-None-Match"] == '"1"' else full  # type: ignore[return-value]

    server.replies["/rss"] = answer
    for _ in range(2):
        (report,) = poll(store, fetcher)
        assert not report.changed
        assert report.error is None
    assert store.feeds()[0].etag == '"1"'


def test_the_days_of_a_feed_stand_in_for_those_of_its_pages(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    server.replies["/a"] = reply_page(write_page(day=None))
    store.add_feed(serve_feed(server, "/a", "/b"))
    poll(store, fetcher)
    days = {article.url: article.published for article in store.articles()}
    assert days[server.url("/a")] == datetime.date(2024, 6, 12)
    assert days[server.url("/b")] == datetime.date(2023, 3, 3)


def test_a_failing_feed_waits_and_the_others_go_on(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    good = serve_feed(server, "/a")
    bad = {"/404": "status 404", "/500": "status 500", "/page": "no feed", "/way": "169.254"}
    server.replies |= {
        "/500": Reply(500),
        "/page": reply_page(),
        "/way": Reply(302, headers={"Location": "http://169.254.169.254/"}),
    }
    for url in (good, *(server.url(path) for path in bad), "http://unheard.example/rss"):
        store.add_feed(url)
    reports = {report.feed.url: report for report in poll(store, fetcher)}
    assert reports[good].outcome.new == 1
    for path, complaint in bad.items():
        report = reports[server.url(path)]
        assert complaint in (report.error or "")
        assert report.outcome.failures == 1
        assert report.outcome.next_poll == report.outcome.last_poll + schedule.FIRST_BACK_OFF
    assert len(reports) == 6
    # Only the good one is due; the others can be asked for all the same.
    assert [report.feed.url for report in poll(store, fetcher)] == [good]
    failing = choose_feeds(store.feeds(), moment=now(), also_failing=True)
    assert len(failing) == 6
    # A feed that recovers is as good as new.
    serve_feed(server, "/b", at="/500")
    again = [feed for feed in failing if feed.url == server.url("/500")]
    list(poll_feeds(store, again, fetcher=fetcher, open_extractor=open_finders))
    (feed,) = [feed for feed in store.feeds() if feed.url == server.url("/500")]
    assert (feed.failures, feed.last_error, feed.new) == (0, None, 1)


def test_a_refused_entry_is_not_asked_for_again(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    server.replies["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /private\n")
    server.replies["/picture"] = Reply(body=b"GIF89a", headers={"Content-Type": "image/gif"})
    server.replies["/russian"] = reply_page(
        write_page(language="ru", body="Войска отошли от границы. " * 9, second="Да.")
    )
    server.replies["/breaks"] = reply_page(write_page("Batumi breaks"))
    server.replies["/gone"] = Reply(404)
    store.add_feed(
        serve_feed(server, "/private", "/picture", "/russian", "/gone", "/breaks", "/a", ETag="1")
    )
    (report,) = poll(store, fetcher)
    reasons = {url.rsplit("/", 1)[1]: reason for url, reason in report.refusals}
    expected = {
        "private": "robots.txt", "picture": "image/gif", "russian": "'ru'", "gone": "404",
        "breaks": "please report it",
    }  # fmt: skip
    assert reasons.keys() == expected.keys()
    for name, words in expected.items():
        assert words in reasons[name]
    assert (report.outcome.new, report.outcome.refused, report.waiting) == (1, 5, 0)
    assert dict(store.refusals()).keys() == {url for url, _ in report.refusals}
    assert report.outcome.etag == "1"
    asked = len(server.paths())
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known, report.outcome.refused) == (0, 6, 0)
    assert len(server.paths()) == asked + 1


def test_an_entry_that_is_unavailable_is_tried_again(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    server.replies["/late"] = [Reply(503)] * 3 + [reply_page(write_page("Late"))]
    store.add_feed(serve_feed(server, "/late", "/a", ETag='"1"'))
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.refused, report.waiting) == (1, 1, 1)
    # The server must not say "nothing changed" while something is still to be had.
    assert report.outcome.etag is None
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known, report.waiting) == (1, 1, 0)
    assert report.outcome.etag == '"1"'
    assert store.refusals() == []


def test_a_long_feed_is_taken_in_shares(
    server: NewsServer, fetcher: Fetcher, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("extract.polling.ENTRIES_AT_ONCE", 2)
    store.add_feed(serve_feed(server, "/a", "/b", "/c", ETag='"1"'))
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.waiting, report.outcome.etag) == (2, 1, None)
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known, report.waiting) == (1, 2, 0)


def test_an_entry_of_two_feeds_is_fetched_once(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    store.add_feed(serve_feed(server, "/a", "/b"))
    store.add_feed(serve_feed(server, "/b", "/a", at="/other"))
    reports = poll(store, fetcher)
    assert sum(report.outcome.new for report in reports) == 2
    assert sorted(path for path in server.paths() if len(path) == 2) == ["/a", "/b"]


def test_an_article_under_another_address_is_known(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    head = f'<link rel="canonical" href="{server.url("/a")}">'
    server.replies["/short"] = reply_page(write_page("Drill /a", head=head))
    store.add_feed(serve_feed(server, "/a"))
    poll(store, fetcher)
    serve_feed(server, "/short")
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known) == (0, 1)
    poll(store, fetcher)
    assert server.paths().count("/short") == 1
    # Where the text is another by now, it is kept as the article's next revision.
    server.replies["/long"] = reply_page(write_page("Drill /a ends", head=head))
    serve_feed(server, "/long")
    (report,) = poll(store, fetcher)
    assert (report.outcome.new, report.outcome.known) == (1, 0)
    assert urls(store) == [server.url("/a")]
    assert len(list(store.articles(revisions=True))) == 2


def test_a_feed_that_is_removed_meanwhile_leaves_no_trace(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    url = serve_feed(server, "/a")
    store.add_feed(url)
    server.replies["/a"] = lambda _: (store.remove_feed(url), reply_page())[1]
    (report,) = poll(store, fetcher)
    assert report.outcome.new == 1
    assert store.feeds() == []


def test_a_store_that_fails_stops_the_poll(
    server: NewsServer, fetcher: Fetcher, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add_feed(serve_feed(server, "/a"))

    def fail(*_: object, **__: object) -> bool:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "add", fail)
    with pytest.raises(StoreError, match="the disk is full"):
        poll(store, fetcher)
    assert store.feeds()[0].last_poll is None


def test_stopping_leaves_unfinished_feeds_as_they_were(
    server: NewsServer, make_fetcher: MakeFetcher, store: Store
) -> None:
    def drip() -> Iterator[bytes]:
        while True:
            yield b"x"
            time.sleep(0.02)

    stop = threading.Event()
    server.replies["/slow"] = Reply(headers={"Content-Type": "text/html"}, drip=drip)
    store.add_feed(serve_feed(server, "/a", "/slow"))
    store.add_feed(serve_feed(server, at="/quick"))
    threading.Timer(0.6, stop.set).start()
    began = time.monotonic()
    reports = poll(store, make_fetcher(), stop=stop)
    assert time.monotonic() - began < 3
    assert [report.feed.url for report in reports] == [server.url("/quick")]
    feeds = {feed.url: feed for feed in store.feeds()}
    assert feeds[server.url("/rss")].last_poll is None
    # What was kept before the stop is known to the next poll, which gets the rest.
    server.replies["/slow"] = reply_page(write_page("Slow"))
    (report,) = [r for r in poll(store, make_fetcher()) if r.feed.url == server.url("/rss")]
    assert report.outcome.new + report.outcome.known == 2
    assert urls(store) == [server.url("/a"), server.url("/slow")]


def test_hosts_are_asked_one_request_at_a_time(
    server: NewsServer, fetcher: Fetcher, store: Store
) -> None:
    under_way: list[str] = []
    most: list[int] = []

    def page(path: str) -> Callable[[Any], Reply]:
        def answer(headers: Any) -> Reply:
            under_way.append(headers["Host"])
            most.append(under_way.count(headers["Host"]))
            time.sleep(0.02)
            under_way.remove(headers["Host"])
            return reply_page(write_page(path))

        return answer

    paths = [f"/{number}" for number in range(6)]
    server.replies |= {path: page(path) for path in paths}
    store.add_feed(serve_feed(server, *paths))
    store.add_feed(server.url("/rss", "other.example"))
    reports = poll(store, fetcher)
    assert sum(report.outcome.new for report in reports) == 12
    assert set(most) == {1}


# The schedule


@pytest.mark.parametrize(
    ("failures", "retry_after", "minutes"),
    [
        (1, None, 15), (2, None, 30), (3, None, 60), (7, None, 960), (8, None, 1440),
        (10_000, None, 1440), (1, 3_600.0, 60), (3, 60.0, 60), (1, 1e12, 1440),
    ],
)  # fmt: skip
def test_a_failing_feed_is_left_alone_longer_each_time(
    failures: int, retry_after: float | None, minutes: int
) -> None:
    waits = schedule.back_off(failures, retry_after)
    assert waits == datetime.timedelta(minutes=minutes)


@given(st.integers(1, 100), st.one_of(st.none(), st.floats(0, 1e9)))
def test_backing_off_never_shrinks_and_has_an_end(failures: int, asked: float | None) -> None:
    wait = schedule.back_off(failures, asked)
    assert schedule.FIRST_BACK_OFF <= wait <= schedule.back_off(failures + 1, asked)
    assert wait <= schedule.LONGEST_BACK_OFF


def test_a_failure_keeps_what_the_last_good_poll_left() -> None:
    feed = FeedState(
        "http://a.example/", etag='"1"', last_ok=NOW, failures=1, new=3, known=4, refused=5
    )
    outcome = schedule.fail_poll(feed, NOW, "status 500", retry_after=7_200.0)
    assert (outcome.etag, outcome.last_ok, outcome.failures) == ('"1"', NOW, 2)
    assert (outcome.new, outcome.known, outcome.refused) == (3, 4, 5)
    assert outcome.next_poll == NOW + datetime.timedelta(hours=2)
    assert not schedule.is_due(replace(feed, next_poll=outcome.next_poll), NOW)
    assert schedule.is_due(replace(feed, next_poll=outcome.next_poll), outcome.next_poll)


def test_a_server_that_does_not_repeat_its_mark_keeps_it() -> None:
    feed = FeedState("http://a.example/", etag='"1"', last_modified="yesterday")
    page = Page(feed.url, b"", "", None, changed=False)
    outcome = schedule.finish_poll(feed, NOW, page, None)
    assert (outcome.etag, outcome.last_modified) == ('"1"', "yesterday")


# OPML and the starter list


def test_a_list_comes_back_as_it_went() -> None:
    feeds = [
        ListedFeed("https://a.example/rss", "A & <B>", "GEO", "en", "Caucasus"),
        ListedFeed("https://b.example/rss?x=1&y", None, None, None, "Caucasus"),
        ListedFeed("https://c.example/", "C"),
    ]
    found, complaints = read_opml(write_opml(feeds, title="Mine"))
    assert complaints == []
    assert found == [feeds[0], replace(feeds[1], title=feeds[1].url), feeds[2]]


@given(st.lists(st.text(max_size=30), max_size=4))
def test_any_name_can_be_written(names: list[str]) -> None:
    feeds = [
        ListedFeed(f"https://a.example/{n}", name, None, name, name) for n, name in enumerate(names)
    ]
    found, _ = read_opml(write_opml(feeds, title="x"))
    # Folders bring the feeds of a region together.
    assert {feed.url for feed in found} == {feed.url for feed in feeds}


def test_a_list_of_others_is_read() -> None:
    text = """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x "lol">]>
    <opml version="1.0"><body><outline title="Gulf"><outline text="One" xmlURL="http://A.example"/>
    <outline text="Two" xmlUrl="javascript:x"/><outline text="&x; no feed"/></outline>
    <outline text="Three" xmlUrl="http://a.example/#top" country="ir" language="en">"""
    found, complaints = read_opml(text.encode())
    assert found == [ListedFeed("http://a.example/", "One", None, None, "Gulf")]
    assert len(complaints) == 1


def test_the_starter_list_covers_the_world() -> None:
    feeds, complaints = read_opml(bundled_path("feeds.opml").read_bytes())
    assert complaints == []
    assert len(feeds) >= 60
    assert all(feed.title and feed.country and feed.region for feed in feeds)
    # Nothing but English is read so far.
    assert {feed.language for feed in feeds} == {"en"}
    regions = {feed.region for feed in feeds}
    for word in (
        "United Nations", "North America", "Latin America", "Caribbean", "Western", "Northern",
        "Balkans", "Russia", "Caucasus", "Central Asia", "Levant", "Gulf", "North Africa", "Sahel",
        "Horn", "Southern Africa", "South Asia", "South China Sea", "East Asia", "Pacific",
    ):  # fmt: skip
        assert any(word in (region or "") for region in regions), word
    for region in regions:
        assert sum(feed.region == region for feed in feeds) >= 4, region
    assert len({feed.country for feed in feeds}) >= 60


def test_the_countries_of_the_starter_list_are_countries() -> None:
    import pycountry

    feeds, _ = read_opml(bundled_path("feeds.opml").read_bytes())
    for feed in feeds:
        assert pycountry.countries.get(alpha_3=feed.country), feed


# The command line


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    path = str(tmp_path / "cli.sqlite")
    monkeypatch.setenv("DATELINE_DB", path)
    return path


@pytest.mark.usefixtures("database")
def test_feeds_are_added_listed_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "add", "feed://A.example/rss", "--title", "A", "--country", "geo"]) == 0
    assert (
        main(["feeds", "add", "https://b.example", "ftp://c.example", "http://a.example/rss"]) == 1
    )
    out, err = capsys.readouterr()
    assert "https://b.example/ is watched from the next poll on" in out
    assert "http://a.example/rss is watched already" in out
    assert "ftp://c.example is not http or https" in err
    assert main(["feeds", "list"]) == 0
    out = capsys.readouterr().out
    assert "A  http://a.example/rss  (GEO; never polled)" in out
    assert "2 feeds watched" in out
    assert main(["feeds", "list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["url"] for row in rows] == ["http://a.example/rss", "https://b.example/"]
    assert main(["feeds", "remove", "http://a.example/rss", "https://x.example/"]) == 1
    assert "https://x.example/ is not watched" in capsys.readouterr().err
    with Store() as store:
        assert [feed.url for feed in store.feeds()] == ["https://b.example/"]


@pytest.mark.usefixtures("database")
def test_lists_are_imported_and_exported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feeds", "import"]) == 2
    assert main(["feeds", "import", str(tmp_path / "none.opml")]) == 1
    (tmp_path / "bad.opml").write_text("no list")
    assert main(["feeds", "import", str(tmp_path / "bad.opml")]) == 1
    assert main(["feeds", "import", "--starter", "--region", "Atlantis"]) == 1
    assert "there are Caucasus" in capsys.readouterr().err
    assert main(["feeds", "import", "--starter", "--region", "caucasus"]) == 0
    with Store() as store:
        feeds = store.feeds()
        assert len(feeds) >= 4
        assert all(feed.last_poll is None and feed.country for feed in feeds)
    assert main(["feeds", "export", str(tmp_path / "out.opml")]) == 0
    found, _ = read_opml((tmp_path / "out.opml").read_bytes())
    assert {feed.url for feed in found} == {feed.url for feed in feeds}
    capsys.readouterr()
    assert main(["feeds", "import", str(tmp_path / "out.opml")]) == 0
    assert f"0 feeds added, {len(feeds)} watched already" in capsys.readouterr().out


@pytest.mark.parametrize("every", ["15", "15m", "1h", "0.5d"])
def test_a_pace_of_polling_is_read(every: str) -> None:
    from extract.commands.feeds import _parse_every

    assert _parse_every(every) in (900.0, 3_600.0, 43_200.0)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("every", ["30s", "soon", "-5m", ""])
def test_a_pace_that_is_none_is_a_wrong_use(every: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["feeds", "poll", f"--every={every}"])


def test_a_poll_is_summed_up(
    server: NewsServer,
    database: str,
    extractor: Extractor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("extract.commands.polling.Extractor", lambda: extractor)
    serve_feed(server, "/a", "/gone")
    server.replies["/gone"] = Reply(404)
    for path in ("/rss", "/none"):
        assert main(["feeds", "add", server.url(path, "127.0.0.1")]) == 0
    capsys.readouterr()
    command = ["feeds", "poll", "--allow-private-addresses", "--host-interval", "0"]
    assert main([*command, "--json"]) == 1
    out, err = capsys.readouterr()
    summary = json.loads(out)
    assert (summary["feeds"], summary["failed"], summary["new"], summary["refused"]) == (2, 1, 1, 1)
    assert summary["events"] >= 1
    lines = [json.loads(line) for line in err.splitlines()]
    assert any("status 404" in line.get("error", "") for line in lines)
    assert any(line.get("new") == 1 and line.get("refused") == 1 for line in lines)
    # Only the good feed is due, and nothing in it is new.
    assert main(command) == 0
    out, err = capsys.readouterr()
    assert "1 feed polled: 0 new articles with 0 events, 2 known, 0 refused" in out
    assert "1 feed left alone after failures" in out
    with Store(database) as store:
        # What brought nothing leaves out what it looked at, or polls would fill the store.
        assert ["inputs" in run["manifest"] for run in store.runs()] == [True, False]
        assert store.runs()[1]["manifest"]["program"]["models"]
    with Store(database) as store:
        assert store.counts().articles == 1
    # Without the allowance this machine is not asked.
    assert main(["feeds", "poll"]) == 1
    assert "not on the public internet" in capsys.readouterr().err


@pytest.mark.usefixtures("database")
def test_there_is_nothing_to_poll(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feeds", "poll"]) == 1
    assert "feeds import --starter" in capsys.readouterr().err
    assert main(["feeds", "add", "https://a.example/"]) == 0
    assert main(["feeds", "poll", "https://b.example/"]) == 1
    assert "https://b.example/ is not watched" in capsys.readouterr().err


@pytest.mark.usefixtures("database")
def test_the_list_of_feeds_speaks_to_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url, target = "https://a.example/rss", str(tmp_path / "out.opml")
    for command, status, told in (
        (["add", url], 0, {"url": url, "new": True}),
        (["add", url], 0, {"url": url, "new": False}),
        (["export", target], 0, {"feeds": 1, "file": target}),
        (["import", target], 0, {"added": 0, "known": 1, "refused": 0}),
        (["remove", url], 0, {"url": url}),
        (["remove", url], 1, None),
    ):
        assert main(["feeds", *command, "--json"]) == status
        said = capsys.readouterr()
        assert [json.loads(line) for line in said.out.splitlines()] == ([told] if told else [])
    assert "is not watched" in json.loads(said.err)["message"]


@pytest.mark.usefixtures("database")
def test_a_watch_outlives_a_store_that_is_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feeds", "add", "https://a.example/rss"]) == 0
    rounds: list[int] = []

    def poll_once(session: Any, _: Any) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise StoreError("the store is away")
        session.stop.set()
        return 0

    monkeypatch.setattr("extract.commands.polling._poll_once", poll_once)
    monkeypatch.setattr("extract.commands.feeds.SHORTEST_EVERY", 0.0)
    assert main(["feeds", "poll", "--every", "0.1s"]) == 0
    assert len(rounds) == 2
    assert "error: the store is away; polled again in" in capsys.readouterr().err
    rounds.clear()
    assert main(["feeds", "poll"]) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_watch_cleanly(
    server: NewsServer, database: str, number: signal.Signals, tmp_path: Path
) -> None:
    server.replies["/rss"] = Reply(body=write_feed(), headers=RSS)
    with Store(database) as store:
        store.add_feed(server.url("/rss", "127.0.0.1"))
    command = [sys.executable, "-m", "extract", "feeds", "poll", "--every", "15m"]
    with subprocess.Popen(
        [*command, "--allow-private-addresses"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
        env={**os.environ, "PYTHONUNBUFFERED": "1", "DATELINE_CACHE": str(tmp_path)},
    ) as running:
        assert running.stdout is not None
        try:
            assert running.stdout.readline().startswith("1 feed polled")
            running.send_signal(number)
            _, err = running.communicate(timeout=20)
        finally:
            # Of one that has ended nothing is killed.
            running.kill()
    assert running.returncode == 0
    assert "Traceback" not in err
    with Store(database) as store:
        assert store.feeds()[0].last_ok is not None


def test_a_page_that_changed_becomes_a_revision(
    server: NewsServer,
    database: str,
    extractor: Extractor,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(workers, "open_extractor", lambda model=None, online=None: extractor)
    command = [
        "add",
        "--allow-private-addresses",
        "--json",
        server.url("/a?utm_source=x", "127.0.0.1"),
    ]
    told = []
    for title in ("Drill off Batumi", "Drill off Batumi", "Drill off Batumi ends"):
        server.replies["/a?utm_source=x"] = reply_page(write_page(title))
        assert main(command) == 0
        counts = json.loads(capsys.readouterr().out)
        told.append((counts["added"], counts["known"], counts["revised"]))
    assert told == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    with Store(database) as store:
        (article,) = store.articles()
        assert (article.title, article.url) == (
            "Drill off Batumi ends",
            server.url("/a", "127.0.0.1"),
        )
        assert len(list(store.articles(revisions=True))) == 2
    # One copy of robots.txt served all three.
    assert [path for _, path, _ in server.asked].count("/robots.txt") == 1
