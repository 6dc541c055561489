"""A real Chromium on a real server: what the browser tests share.

The browser may speak to the server on this machine and to nothing else; a test that needs
more fails. Without Chromium or npm's packages the tests are skipped and say so, unless
DATELINE_REQUIRE_BROWSER=1 asks for them.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from extract.store import Store
from tests.made_events import make_hostile_pairs, make_pairs

ROOT = Path(__file__).parents[2]
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 30_000
# How often it is looked whether the map's symbols have come to rest, and what tells where they are.
SYMBOL_LOOKS = 20
SYMBOLS = """[...document.querySelectorAll(".dl-node")].map(node => {
  const box = node.getBoundingClientRect();
  return [node.getAttribute("aria-label"), Math.round(box.x), Math.round(box.y)].join(" ");
}).join("|")"""


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def need(condition: object, what: str) -> None:
    if condition:
        return
    if os.environ.get("DATELINE_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{what}, and DATELINE_REQUIRE_BROWSER=1 asks for the browser tests")
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    path = find_chromium()
    need(path, "no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        need(None, "playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def fill_store(path: Path, pairs: list[Any]) -> str:
    """Make a store of articles that need no extraction, and return its address."""
    with Store(str(path)) as store:
        for article, events in pairs:
            store.add(SimpleNamespace(article=article, events=events, skipped=None, supposed=0))
    return str(path)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Callable[..., str]]:
    """Return a function that serves the page over a store and returns its address.

    `host` is the name that the browser calls it by, `prepare` is told the port before it starts,
    `options` are Streamlit's.
    """
    need(
        (ROOT / "node_modules" / "leaflet").is_dir() or (ROOT / "static" / "leaflet.js").is_file(),
        "npm's packages are not installed (run npm ci)",
    )
    running: list[subprocess.Popen[bytes]] = []

    def start(
        database: str,
        *,
        host: str = "127.0.0.1",
        prepare: Callable[[int], None] | None = None,
        options: Sequence[str] = (),
    ) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if prepare:
            prepare(port)
        with (tmp_path_factory.mktemp("server") / "log").open("wb") as log:
            running.append(
                subprocess.Popen(
                    [
                        *(sys.executable, "-m", "streamlit", "run", "dashboard.py"),
                        *(f"--server.port={port}", "--server.fileWatcherType=none"),
                        "--server.headless=true",
                        *("--server.address=127.0.0.1", f"--browser.serverAddress={host}"),
                        *options,
                    ],
                    cwd=ROOT,
                    env={**os.environ, "DATELINE_DB": database},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
        for _ in range(300):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                    return f"http://{host}:{port}"
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(f"the page's server did not answer at port {port}")

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def made_page(serve: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page over 150 made-up events."""
    return serve(fill_store(tmp_path_factory.mktemp("made") / "made.sqlite", make_pairs(150)))


@pytest.fixture(scope="session")
def hostile_page(serve: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page over articles whose every field is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    return serve(fill_store(folder / "hostile.sqlite", make_hostile_pairs()))


class Reader:
    """A browser window on the page, which notes what went wrong in it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/*", self._pass)

    def _hear(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _pass(self, route: Any) -> None:
        address = route.request.url
        if re.match(r"http://(127\.0\.0\.1|[a-z]+\.localhost):|data:|blob:", address):
            route.continue_()
        else:
            self.outside.append(address)
            route.abort()

    @property
    def map(self) -> Any:
        """The frame of the map."""
        return self.page.frame_locator("iframe[title='streamlit_folium.st_folium']")

    @property
    def sentence(self) -> Any:
        """The line that says what is shown out of what."""
        return self.page.locator(".dl-shown")

    @property
    def card(self) -> Any:
        """The card of the open event."""
        return self.page.locator("article.dl-card")

    @property
    def rows(self) -> Any:
        """The buttons of the list of events."""
        return self.page.locator(".dl-list button[aria-pressed]")

    def open(self, address: str) -> Reader:
        """Open an address and wait until the map stands with its events."""
        self.page.goto(address)
        self.map.locator(".dl-node, .dl-country-badge").first.wait_for()
        self.rest()
        return self

    def rest(self) -> None:
        """Wait until the page has done what was asked of it."""
        self.page.wait_for_timeout(300)
        self.page.wait_for_function(
            "!document.querySelector('[data-testid=stApp][data-test-script-state=running]')"
        )
        # What the last run left unrenewed is dimmed for a moment.
        self.page.wait_for_function("!document.querySelector('[data-stale=true]')")
        self.page.wait_for_timeout(200)
        self._wait_for_symbols()

    def _wait_for_symbols(self) -> None:
        """Wait until the map's symbols stand where they did a moment before, if there is a map.

        On opening the map goes to its events, and for a moment shows what the whole world had.
        """
        frames = [frame for frame in self.page.frames if "streamlit_folium" in frame.url]
        before = None
        for _ in range(SYMBOL_LOOKS if frames else 0):
            now = frames[0].evaluate(SYMBOLS)
            if now == before:
                return
            before = now
            self.page.wait_for_timeout(300)

    def check(self) -> None:
        """Fail where the browser reported an error or wanted something from elsewhere."""
        assert self.errors == []
        assert self.outside == []


@pytest.fixture
def reader(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """A window of 1400 by 1000 in a time zone far from UTC; parametrise for other options."""
    options = {"viewport": {"width": 1400, "height": 1000}, "timezone_id": "Asia/Tokyo"}
    context = chromium.new_context(**(options | getattr(request, "param", {})))
    window = Reader(context.new_page())
    yield window
    context.close()
