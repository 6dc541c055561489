"""What processes remember of hosts together: one pace and robots.txt, and nobody is held up."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from extract.errors import FetchError, UnavailableError
from extract.sources import hosts as module
from extract.sources.fetching import open_fetcher
from extract.sources.hosts import Hosts, open_hosts
from extract.sources.pace import Pace
from extract.sources.settings import FetchSettings
from tests.sources.clock import Clock
from tests.sources.conftest import MakeFetcher
from tests.sources.server import NewsServer, Reply, reply_page

GAP = 0.2


def ask_thrice(path: Path, moments: multiprocessing.Queue[float], ready: Barrier) -> None:
    pace = Pace(GAP, hosts=Hosts(path))
    ready.wait()
    for _ in range(3):
        with pace.turn("a.example", at_most=5.0):
            moments.put(time.time())


def begin_and_die(path: Path) -> None:
    Hosts(path).begin("a.example", gap=0.0, at_most=3_600.0)
    os.kill(os.getpid(), signal.SIGKILL)


def test_processes_keep_one_pace(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    queue: multiprocessing.Queue[float] = context.Queue()
    given = (tmp_path / "hosts", queue, context.Barrier(2))
    running = [context.Process(target=ask_thrice, args=given) for _ in range(2)]
    for process in running:
        process.start()
    moments = sorted(queue.get(timeout=30) for _ in range(6))
    for process in running:
        process.join()
    assert all(later - earlier > 0.9 * GAP for earlier, later in pairwise(moments))


def test_one_request_at_a_time(tmp_path: Path) -> None:
    clock = Clock()
    first, second = (Hosts(tmp_path / "hosts", clock=clock) for _ in range(2))
    assert first.begin("a", gap=1.0, at_most=60.0) == 0
    clock.moment += 30
    assert second.begin("a", gap=1.0, at_most=60.0) == module.GLANCE_SECONDS
    assert second.begin("b", gap=1.0, at_most=60.0) == 0
    first.end("a")
    assert second.begin("a", gap=1.0, at_most=60.0) == 0
    # One that does not tell of its end holds the host no longer than it may take.
    clock.moment += 61
    assert first.begin("a", gap=1.0, at_most=60.0) == 0


def test_a_process_that_was_killed_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    process = multiprocessing.get_context("spawn").Process(target=begin_and_die, args=(path,))
    process.start()
    process.join()
    with sqlite3.connect(path) as connection:
        ((holder,),) = connection.execute("SELECT holder FROM turns")
    connection.close()
    assert holder == process.pid
    assert Hosts(path).begin("a.example", gap=0.0, at_most=60.0) == 0


@pytest.mark.parametrize("shift", [-86_400.0, -5.0, 86_400.0])
def test_a_clock_that_is_changed_holds_nobody_up(tmp_path: Path, shift: float) -> None:
    clock = Clock()
    hosts = Hosts(tmp_path / "hosts", clock=clock)
    assert hosts.begin("a", gap=1.0, at_most=60.0) == 0
    hosts.keep_robots("a", 404, b"", seconds=3_600.0)
    clock.moment += shift
    assert hosts.begin("a", gap=1.0, at_most=60.0) == 0
    assert hosts.recall_robots("a") is None


def test_robots_are_remembered_for_their_time(tmp_path: Path) -> None:
    clock = Clock()
    hosts = Hosts(tmp_path / "hosts", clock=clock)
    hosts.keep_robots("http://a/robots.txt", 200, b"rules", seconds=600.0)
    clock.moment += 100
    again = Hosts(tmp_path / "hosts", clock=clock)
    assert again.recall_robots("http://a/robots.txt") == (200, b"rules", 500.0)
    assert again.recall_robots("http://b/robots.txt") is None
    clock.moment += 500
    assert again.recall_robots("http://a/robots.txt") is None


def test_the_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROBOTS", 5)
    monkeypatch.setattr(module, "MOST_BYTES", 350)
    clock = Clock()
    hosts = Hosts(clock=clock)

    def remembered() -> list[int]:
        return [number for number in range(20) if hosts.recall_robots(str(number))]

    for number in range(10):
        clock.moment += 1
        hosts.keep_robots(str(number), 200, b"x", seconds=3_600.0)
    assert remembered() == [5, 6, 7, 8, 9]
    for number in range(10, 14):
        clock.moment += 1
        hosts.keep_robots(str(number), 200, b"x" * 100, seconds=3_600.0)
    assert remembered() == [11, 12, 13]


def test_what_is_old_is_forgotten(tmp_path: Path) -> None:
    clock = Clock()
    hosts = Hosts(tmp_path / "hosts", clock=clock)
    hosts.begin("a", gap=1.0, at_most=60.0)
    hosts.keep_robots("a", 200, b"", seconds=60.0)
    clock.moment += 2 * module.FORGOTTEN_SECONDS
    hosts.keep_robots("b", 200, b"", seconds=60.0)
    with sqlite3.connect(tmp_path / "hosts") as connection:
        rows = connection.execute("SELECT host FROM turns UNION SELECT address FROM robots")
        assert rows.fetchall() == [("b",)]
    connection.close()


@pytest.mark.parametrize(
    "content", [b"no database at all" * 300, b"SQLite format 3\0" + b"x" * 900]
)
def test_a_spoiled_file_is_made_anew(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "hosts"
    path.write_bytes(content)
    Hosts(path).keep_robots("a", 200, b"rules", seconds=600.0)
    assert Hosts(path).recall_robots("a")
    assert not caplog.records


def test_tables_of_another_program_are_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE turns (host TEXT)")
    connection.close()
    hosts = Hosts(path)
    assert hosts.begin("a", gap=1.0, at_most=60.0) == 0
    assert hosts.begin("a", gap=1.0, at_most=60.0) > 0


def test_without_a_file_a_command_keeps_its_own_pace(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hosts = Hosts(tmp_path / "none" / "hosts")
    assert hosts.begin("a", gap=1.0, at_most=60.0) == 0
    assert hosts.begin("a", gap=1.0, at_most=60.0) > 0
    (record,) = caplog.records
    assert "the pace of this command alone" in record.getMessage()


def test_a_cache_folder_that_cannot_be_had_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_: str) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(module, "cache_path", refuse)
    assert open_hosts().begin("a", gap=1.0, at_most=60.0) == 0
    assert "Permission denied" in caplog.text


def test_a_wait_that_is_stopped_ends_at_once() -> None:
    stop = threading.Event()
    hosts = Hosts()
    pace = Pace(3_600.0, hosts=hosts, pause=stop.wait)
    with pace.turn("a", at_most=60.0):
        pass
    threading.Timer(0.1, stop.set).start()
    with pytest.raises(UnavailableError, match="stopped"), pace.turn("a", at_most=60.0):
        pass


# Through the fetcher


def test_commands_share_robots_and_pace(server: NewsServer, hosts_file: Path) -> None:
    server.replies["/robots.txt"] = Reply(body=b"User-agent: *\nDisallow: /private\n")
    server.replies["/a"] = reply_page()
    settings = FetchSettings(allow_private=True, interval=GAP)
    for _ in range(3):
        open_fetcher(settings).fetch(server.url("/a", "127.0.0.1"))
    with pytest.raises(FetchError, match="forbids"):
        open_fetcher(settings).fetch(server.url("/private", "127.0.0.1"))
    assert [path for _, path, _ in server.asked] == ["/robots.txt", "/a", "/a", "/a"]
    assert all(later - earlier > 0.9 * GAP for earlier, later in pairwise(server.moments[1:]))
    assert hosts_file.is_file()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("", 86_400.0),
        ("public, max-age=3600", 3_600.0),
        ("max-age=31536000", 86_400.0),
        ("no-cache", 600.0),
        ("MAX-AGE=0", 600.0),
    ],
)
def test_robots_hold_as_long_as_their_server_says(
    server: NewsServer, make_fetcher: MakeFetcher, said: str, seconds: float
) -> None:
    clock = Clock()
    hosts = Hosts(clock=clock)
    server.replies["/robots.txt"] = Reply(404, headers={"Cache-Control": said} if said else {})
    address = server.url("/robots.txt")
    make_fetcher(hosts=hosts).robots_for(server.url("/a"))
    clock.moment += seconds - 1
    assert hosts.recall_robots(address) == (404, b"", 1.0)
    clock.moment += 1
    make_fetcher(hosts=hosts).robots_for(server.url("/a"))
    assert len(server.asked) == 2


def test_rules_out_of_reach_are_not_remembered(
    server: NewsServer, make_fetcher: MakeFetcher
) -> None:
    hosts = Hosts()
    server.replies |= {"/robots.txt": [Reply(503), Reply(404)], "/a": reply_page()}
    with pytest.raises(UnavailableError):
        make_fetcher(hosts=hosts).fetch(server.url("/a"))
    assert make_fetcher(hosts=hosts).fetch(server.url("/a")).body
