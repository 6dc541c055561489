"""Pages and feeds over the network: politely, within bounds, and nowhere they should not go.

    check the host -> robots.txt -> wait for the host's turn -> ask -> follow, try again, or return

Each redirect goes through all of it again. What a single request does is in `exchange`.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import urllib3

from extract.errors import FetchError, UnavailableError
from extract.sources.addresses import split_address
from extract.sources.exchange import Answer, Deadline, Exchange, resolve_host
from extract.sources.hosts import Hosts, open_hosts
from extract.sources.pace import Pace
from extract.sources.robots import (
    KEPT_SECONDS,
    KEPT_SECONDS_LEAST,
    ROBOTS_BYTES,
    Robots,
    read_robots,
    robots_address,
)
from extract.sources.settings import FetchSettings

REDIRECTS = 5
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
RETRIED_STATUSES = (429, 500, 502, 503, 504)
# A host that wants to be waited for longer is left for another time, as is one that asks for
# more seconds than this between two requests.
LONGEST_WAIT, LONGEST_DELAY = 30.0, 120.0
ADDRESSES_TRIED = 3
MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
NOT_KEPT = re.compile(r"\bno-(?:cache|store)\b", re.IGNORECASE)

PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
FEED_TYPES = (
    "application/rss+xml", "application/atom+xml", "application/feed+json", "application/json",
    "application/xml", "text/xml", "application/rdf+xml", "text/html", "text/plain",
    "application/xhtml+xml", "application/octet-stream", "text/x-opml",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered: the final address, the body, and what it says the body is.

    `changed` is False where the server says that what was had before still stands; the body is
    empty then. `etag` and `last_modified` are for asking so the next time.
    """

    url: str
    body: bytes
    content_type: str
    charset: str | None
    changed: bool = True
    etag: str | None = None
    last_modified: str | None = None


class Fetcher:
    """Fetches pages and feeds for one command, for any number of threads.

    `hosts` remembers when each host was asked last, and its robots.txt; None remembers them for
    this fetcher alone. `resolve` gives the IP addresses of a host and a port; `pause` sleeps for
    some seconds, and returns True where it was told to stop instead.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        resolve: Callable[[str, int], list[str]] = resolve_host,
        pause: Callable[[float], object] = time.sleep,
        hosts: Hosts | None = None,
    ) -> None:
        self.settings = settings or FetchSettings()
        self._exchange = Exchange(self.settings, resolve=resolve)
        self._pause = pause
        self._hosts = hosts or Hosts()
        self._pace = Pace(self.settings.interval, hosts=self._hosts, pause=pause)
        self._robots: dict[str, tuple[Robots, float]] = {}
        self._robots_locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Cut every connection and begin no other; what is under way raises UnavailableError."""
        self._exchange.close()

    def fetch(
        self,
        url: str,
        *,
        types: tuple[str, ...] = PAGE_TYPES,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Page:
        """Fetch one page or feed, following at most five redirects.

        `types` are the content types that are taken. With `etag` and `last_modified` of an
        earlier answer the server may say that nothing changed. Raises FetchError, naming the
        address, for what cannot be had, may not be, is too large, too slow or of another type;
        UnavailableError among these where a later try may do.
        """
        deadline = Deadline(self.settings.total_seconds)
        headers = {"Accept": ", ".join((*types, "*/*;q=0.1"))}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        current = url
        for _ in range(REDIRECTS + 1):
            answer = self._ask_politely(current, headers, deadline)
            target = _redirect_of(answer)
            if target is None:
                return _read_answer(answer, types)
            current = target
        raise FetchError(f"{url} redirects more than {REDIRECTS} times; give the final address")

    def robots_for(self, url: str) -> Robots:
        """Return the rules of the address's host, asking for them where they are not known."""
        address = robots_address(url)
        with self._lock:
            lock = self._robots_locks.setdefault(address, threading.Lock())
        with lock:
            known = self._robots.get(address)
            if known is None or known[1] < time.monotonic():
                robots, seconds = self._find_robots(address)
                known = robots, time.monotonic() + seconds
                self._robots[address] = known
            return known[0]

    def find_gap(self, url: str) -> float:
        """Return the fewest seconds between two requests to the address's host."""
        return max(self.settings.interval, self.robots_for(url).delay)

    def _find_robots(self, address: str) -> tuple[Robots, float]:
        """Return rules that are remembered, or else asked for, and for how many seconds they hold.

        Rules that could not be had are not remembered beyond this fetcher: the next command asks.
        """
        remembered = self._hosts.recall_robots(address)
        if remembered is not None:
            status, body, seconds = remembered
            return read_robots(status, body), seconds
        answer = self._ask_robots(address)
        if isinstance(answer, Robots):
            return answer, KEPT_SECONDS_LEAST
        robots = read_robots(answer.status, answer.body)
        if robots.unreachable is not None:
            return robots, KEPT_SECONDS_LEAST
        seconds = _read_lifetime(answer.headers)
        self._hosts.keep_robots(address, answer.status, answer.body, seconds=seconds)
        return robots, seconds

    def _ask_robots(self, address: str) -> Answer | Robots:
        """Return what a robots.txt answers, or why it does not."""
        deadline = Deadline(self.settings.total_seconds)
        current = address
        try:
            for _ in range(REDIRECTS + 1):
                answer = self._exchange.ask(
                    current, {"Accept": "text/plain, */*"}, deadline, ROBOTS_BYTES, cut=True
                )
                target = _redirect_of(answer)
                if target is None:
                    return answer
                current = target
        except FetchError as error:
            return Robots(unreachable=f"its robots.txt could not be had: {error}")
        # RFC 9309, 2.3.1.2: after five redirects the file counts as one that is not there.
        return Answer(address, 404, {}, b"")

    def _ask_politely(self, url: str, headers: Mapping[str, str], deadline: Deadline) -> Answer:
        """Ask for an address when it may be and its turn has come, again where that may help."""
        _, host, _ = split_address(url)
        # Before robots.txt is asked for, which stands on the same host.
        self._exchange.find_addresses(url)
        began = time.monotonic()
        robots = self.robots_for(url)
        deadline.moment += time.monotonic() - began
        if robots.unreachable is not None:
            raise UnavailableError(
                f"{url} is left alone, since {robots.unreachable}; try again later"
            )
        if not robots.allows(url):
            raise FetchError(f"the robots.txt of {host} forbids {url}; save the page as a file")
        if robots.delay > LONGEST_DELAY:
            raise FetchError(
                f"the robots.txt of {host} wants {robots.delay:.0f} s between two requests, "
                "longer than is waited; save the page as a file"
            )
        for attempt in range(1, self.settings.attempts + 1):
            is_last = attempt == self.settings.attempts
            wait = self.settings.backoff_seconds * 2 ** (attempt - 1)
            try:
                with self._pace.turn(
                    host, at_least=robots.delay, at_most=self.settings.total_seconds
                ) as waited:
                    deadline.moment += waited
                    answer = self._exchange.ask(url, headers, deadline, self.settings.size_limit)
            except UnavailableError:
                if is_last or self._exchange.closed or deadline.left < wait:
                    raise
            else:
                if answer.status not in RETRIED_STATUSES:
                    return answer
                asked = _read_retry_after(answer.headers.get("retry-after"))
                wait = max(wait, asked or 0.0)
                if is_last or wait > LONGEST_WAIT:
                    raise UnavailableError(
                        f"{url} answered with status {answer.status}"
                        + (f" and asks to wait {asked:.0f} s" if asked else "")
                        + "; try again later",
                        asked,
                    )
            if self._pause(wait) is True:
                raise UnavailableError(f"{url} was not fetched: stopped")
            deadline.moment += wait
        raise UnavailableError(f"{url} could not be fetched; try again later")


def open_fetcher(
    settings: FetchSettings | None = None, *, pause: Callable[[float], object] = time.sleep
) -> Fetcher:
    """Return a fetcher that keeps one pace, and robots.txt, with all others of this user."""
    return Fetcher(settings, pause=pause, hosts=open_hosts())


def _redirect_of(answer: Answer) -> str | None:
    """Return the address that an answer redirects to, or None where it does not."""
    location = answer.headers.get("location")
    if answer.status not in REDIRECT_STATUSES or not location:
        return None
    try:
        # Headers arrive as Latin-1; addresses in them that are not ASCII are UTF-8 by custom.
        location = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        location = urllib3.util.parse_url(location).url
    try:
        return urljoin(answer.url, location.strip())
    except ValueError as error:
        raise FetchError(f"{answer.url} redirects to no address ({error}); check it") from error


def _read_answer(answer: Answer, types: tuple[str, ...]) -> Page:
    url, headers = answer.url, answer.headers
    etag, last_modified = headers.get("etag"), headers.get("last-modified")
    if answer.status == 304:
        return Page(url, b"", "", None, changed=False, etag=etag, last_modified=last_modified)
    if answer.status == 410:
        raise FetchError(f"{url} is gone for good (status 410); remove it")
    if answer.status in (401, 402, 403, 451):
        raise FetchError(
            f"{url} answered with status {answer.status}, it is not open to us; save it as a file"
        )
    if answer.status != 200:
        raise FetchError(f"{url} answered with status {answer.status}; check the address")
    content_type, _, parameters = headers.get("content-type", types[0]).partition(";")
    content_type = content_type.strip().lower()
    if content_type not in types:
        raise FetchError(f"{url} is {content_type or 'of no type'}, {_describe(types)}")
    charset = _read_charset(parameters)
    return Page(url, answer.body, content_type, charset, etag=etag, last_modified=last_modified)


def _describe(types: tuple[str, ...]) -> str:
    if types == FEED_TYPES:
        return "not a feed; give the feed's own address"
    return "not a page of text; give the article's page (a feed goes to `feeds add`)"


def _read_charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _read_lifetime(headers: Mapping[str, str]) -> float:
    """Return for how many seconds a robots.txt may be used: as its server says, a day at most.

    A server that wants it asked for all the time would be asked twice for each page.
    """
    said = headers.get("cache-control", "")
    if NOT_KEPT.search(said):
        return KEPT_SECONDS_LEAST
    age = MAX_AGE.search(said)
    seconds = float(age[1]) if age else KEPT_SECONDS
    return min(max(seconds, KEPT_SECONDS_LEAST), KEPT_SECONDS)


def _read_retry_after(written: str | None) -> float | None:
    """Return the seconds that a server asks to wait, or None where it does not say."""
    if not written:
        return None
    if re.fullmatch(r"\d{1,9}", written.strip()):
        return float(written)
    try:
        moment = parsedate_to_datetime(written).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return max(0.0, moment - time.time())
