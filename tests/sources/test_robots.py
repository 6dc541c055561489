"""robots.txt and the pace: what a host allows, and how often (RFC 9309)."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

import pytest

from extract.errors import FetchError, UnavailableError
from extract.sources.hosts import Hosts
from extract.sources.pace import Pace
from extract.sources.robots import ROBOTS_BYTES, read_robots, robots_address
from tests.sources.clock import Clock
from tests.sources.conftest import MakeFetcher
from tests.sources.server import NewsServer, Reply, reply_page


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /private\nAllow: /private/news", "/private/news/1", True),
        ("User-agent: *\nDisallow: /private\nAllow: /private/news", "/private/x", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a/b.pdf?x", True),
        ("User-agent: dateline\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: GPTBot\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Dateline\nDisallow: /x", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a # comment\r\n", "/a", False),
        ("<!DOCTYPE html><html><body>Not here</body></html>", "/a", True),
        ("User-agent: *\nDisallow: /" + "*a" * 40 + "b", "/" + "a" * 2_000, True),
        ("Disallow: /a", "/a", True),
    ],
)
def test_rules_are_read_as_the_standard_says(rules: str, path: str, allowed: bool) -> None:
    robots = read_robots(200, rules.encode())
    assert robots.allows(f"https://news.example{path}") is allowed


@pytest.mark.parametrize(
    ("status", "allowed"),
    [(200, False), (204, True), (401, True), (403, True), (404, True), (410, True),
     (429, False), (500, False), (503, False)],
)  # fmt: skip
def test_a_status_stands_for_rules(status: int, allowed: bool) -> None:
    body = b"User-agent: *\nDisallow: /" if status == 200 else b""
    assert read_robots(status, body).allows("https://news.example/a") is allowed


def test_only_the_beginning_of_a_long_file_is_read() -> None:
    body = b"User-agent: *\n" + b"# x\n" * (ROBOTS_BYTES // 4) + b"Disallow: /\n"
    assert read_robots(200, body).allows("https://news.example/a")


def test_each_host_and_port_has_its_own() -> None:
    assert robots_address("https://a.example:8443/x/y?z") == "https://a.example:8443/robots.txt"


def test_what_is_forbidden_is_not_asked_for(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.replies["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /private\n")
    server.replies |= {"/private": reply_page(), "/a": reply_page()}
    server.replies["/way"] = Reply(302, headers={"Location": "/private"})
    fetcher = make_fetcher()
    assert fetcher.fetch(server.url("/a")).body
    for path in ("/private", "/way"):
        with pytest.raises(FetchError, match=r"robots\.txt of news\.example forbids"):
            fetcher.fetch(server.url(path))
    assert server.paths() == ["/a", "/way"]


def test_robots_txt_is_asked_for_once_a_host(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.replies["/robots.txt"] = lambda _: (time.sleep(0.05), Reply(404))[1]
    server.replies["/a"] = reply_page()
    fetcher = make_fetcher()
    threads = [
        threading.Thread(target=fetcher.fetch, args=(server.url("/a", host),))
        for host in ("news.example", "other.example") * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = [host for host, path, _ in server.asked if path == "/robots.txt"]
    assert sorted(asked) == [f"news.example:{server.port}", f"other.example:{server.port}"]
    assert len(server.paths()) == 8


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_host_whose_robots_txt_is_out_of_reach_is_left_alone(
    server: NewsServer, make_fetcher: MakeFetcher, status: int
) -> None:
    server.replies |= {"/robots.txt": Reply(status), "/a": reply_page()}
    with pytest.raises(UnavailableError, match=f"robots.txt answered with status {status}"):
        make_fetcher().fetch(server.url("/a"))
    assert server.paths() == []


def test_a_robots_txt_that_never_ends_is_cut_by_time_or_size(
    server: NewsServer, make_fetcher: MakeFetcher
) -> None:
    server.replies["/a"] = reply_page()
    server.replies["/robots.txt"] = Reply(
        drip=lambda: iter([b"User-agent: *\nDisallow: /b\n", b"# x\n" * 1_000_000])
    )
    assert make_fetcher().fetch(server.url("/a")).body
    server.replies["/robots.txt"] = Reply(drip=lambda: iter(lambda: time.sleep(0.02) or b"#", b""))
    with pytest.raises(UnavailableError, match="took longer"):
        make_fetcher(total_seconds=0.3).fetch(server.url("/a"))


def test_a_redirected_robots_txt_counts(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    moved = server.url("/rules", "other.example")
    server.replies["/robots.txt"] = Reply(301, headers={"Location": moved})
    server.replies["/rules"] = Reply(body=b"User-agent: *\nDisallow: /a")
    server.replies["/a"] = reply_page()
    with pytest.raises(FetchError, match="forbids"):
        make_fetcher().fetch(server.url("/a"))
    # A circle of redirects is a file that is not there.
    server.replies["/robots.txt"] = Reply(301, headers={"Location": "/robots.txt"})
    assert make_fetcher().fetch(server.url("/a")).body


def test_a_robots_txt_may_not_lead_inside(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    server.replies["/robots.txt"] = Reply(301, headers={"Location": "http://169.254.169.254/"})
    with pytest.raises(UnavailableError, match="not on the public internet"):
        make_fetcher().fetch(server.url("/a"))


def test_a_crawl_delay_is_kept(server: NewsServer, make_fetcher: MakeFetcher) -> None:
    clock = Clock()
    server.replies["/robots.txt"] = Reply(body=b"User-agent: *\nCrawl-delay: 7\n")
    server.replies["/a"] = reply_page()
    fetcher = make_fetcher(pause=clock.pause, hosts=Hosts(clock=clock), interval=1.0)
    fetcher.fetch(server.url("/a"))
    fetcher.fetch(server.url("/a"))
    assert clock.pauses == [7.0]
    server.replies["/robots.txt"] = Reply(body=b"User-agent: *\nCrawl-delay: 100000\n")
    with pytest.raises(FetchError, match="wants 100000 s"):
        make_fetcher().fetch(server.url("/a"))


def test_requests_to_one_host_keep_their_distance(
    server: NewsServer, make_fetcher: MakeFetcher
) -> None:
    server.replies["/a"] = reply_page()
    fetcher = make_fetcher(interval=0.15)
    threads = [threading.Thread(target=fetcher.fetch, args=(server.url("/a"),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The first moment is the one of robots.txt.
    moments = sorted(server.moments[1:])
    assert len(moments) == 4
    assert all(later - earlier > 0.1 for earlier, later in pairwise(moments))


def test_a_pace_is_kept_per_host() -> None:
    clock = Clock()
    pace = Pace(2.0, hosts=Hosts(clock=clock), pause=clock.pause)

    def wait(host: str, at_least: float = 0.0) -> float:
        with pace.turn(host, at_least=at_least, at_most=60.0) as waited:
            return waited

    assert wait("a") == 0
    assert wait("b") == 0
    assert wait("a", at_least=5.0) == 5.0
    assert wait("a") == 2.0
    clock.moment += 60
    assert wait("a") == 0
    assert clock.pauses == [5.0, 2.0]
