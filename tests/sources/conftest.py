"""A local news server for each test, and a fetcher that knows its names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from extract.errors import UnavailableError
from extract.sources import exchange, hosts
from extract.sources.addresses import is_public
from extract.sources.fetching import Fetcher
from extract.sources.settings import FetchSettings
from tests.sources.server import NewsServer, run_news_server

MakeFetcher = Callable[..., Fetcher]
# Names that a resolver of our own knows; all others it does not.
NAMES = {
    "news.example": ["127.0.0.1"],
    "www.news.example": ["127.0.0.1"],
    "other.example": ["127.0.0.1"],
    "inside.example": ["93.184.216.34", "10.0.0.7"],
    "metadata.example": ["169.254.169.254"],
    "mapped.example": ["::ffff:10.0.0.7"],
    "nowhere.example": [],
}


def resolve(host: str, port: int) -> list[str]:
    if host in NAMES:
        return NAMES[host]
    if host.replace(".", "").isdecimal() or ":" in host:
        return [host]
    raise UnavailableError(f"{host} is not known; check the address")


@pytest.fixture(autouse=True)
def hosts_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let each test remember hosts for itself: a port is given anew to the server of another."""
    monkeypatch.setattr(hosts, "cache_path", tmp_path.joinpath)
    return tmp_path / hosts.FILE


@pytest.fixture
def server() -> Iterator[NewsServer]:
    with run_news_server() as running:
        yield running


@pytest.fixture
def make_fetcher(monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeFetcher]:
    """Make fetchers for which this machine alone, of all private addresses, is public."""
    monkeypatch.setattr(
        exchange, "is_public", lambda address: address == "127.0.0.1" or is_public(address)
    )
    made: list[Fetcher] = []

    def make(**changes: Any) -> Fetcher:
        given = {name: changes.pop(name) for name in ("pause", "hosts") if name in changes}
        settings = FetchSettings(**({"interval": 0.0, "backoff_seconds": 0.01} | changes))
        fetcher = Fetcher(settings, resolve=resolve, **given)
        made.append(fetcher)
        return fetcher

    yield make
    for fetcher in made:
        fetcher.close()


@pytest.fixture
def fetcher(make_fetcher: MakeFetcher) -> Fetcher:
    return make_fetcher()
