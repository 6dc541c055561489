"""One request to one server: to an address that was checked, within time and size.

    resolve the host -> check every IP -> connect to one of them -> ask -> read

The connection goes to an IP that was checked, so that a name which resolves anew in between
leads nowhere else. A watch closes the connection under a server that drips. Size is bounded on
the wire and after decompression.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from extract.errors import FetchError, UnavailableError
from extract.sources.addresses import check_port, is_public, split_address
from extract.sources.decompression import ACCEPTED_ENCODINGS, Decompressor
from extract.sources.settings import FetchSettings

CHUNK = 65_536
ADDRESSES_TRIED = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one server, whatever its status."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Deadline:
    """The moment by which one page must be there; waiting for a turn puts it off."""

    seconds: float
    moment: float = field(init=False)

    def __post_init__(self) -> None:
        self.moment = time.monotonic() + self.seconds

    @property
    def left(self) -> float:
        """The seconds that are left; none where it is 0 or less."""
        return self.moment - time.monotonic()


def resolve_host(host: str, port: int) -> list[str]:
    """Return every IP address of a host; raise UnavailableError where it has none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UnavailableError(f"{host} is not known ({error}); check the address") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Exchange:
    """Asks servers, for any number of threads.

    `resolve` gives the IP addresses of a host and a port.
    """

    def __init__(
        self, settings: FetchSettings, *, resolve: Callable[[str, int], list[str]] = resolve_host
    ) -> None:
        self._settings = settings
        self._resolve = resolve
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.closed = False

    def close(self) -> None:
        """Cut every connection and begin no other; what is under way raises UnavailableError."""
        with self._lock:
            self.closed = True
            for one in self._sockets:
                _cut(one)

    def find_addresses(self, url: str) -> list[str]:
        """Return the IP addresses of the host, all of them checked."""
        _, host, port = split_address(url)
        if not self._settings.allow_private:
            check_port(url)
        addresses = self._resolve(host, port)
        if not addresses:
            raise UnavailableError(f"{host} has no address; check it")
        for address in addresses:
            if not (self._settings.allow_private or is_public(address)):
                raise FetchError(
                    f"{host} is at {address}, which is not on the public internet; "
                    "allow private addresses if it is meant"
                )
        return addresses

    def ask(
        self,
        url: str,
        headers: Mapping[str, str],
        deadline: Deadline,
        size_limit: int,
        *,
        cut: bool = False,
    ) -> Answer:
        """Send one request to one server and read its answer.

        With `cut` a body beyond the limit is cut there rather than refused.
        """
        addresses = self.find_addresses(url)
        late = UnavailableError(
            f"{url} took longer than {self._settings.total_seconds:.0f} s; try again later"
        )
        connection: HTTPConnection | None = None
        watch: threading.Timer | None = None
        try:
            connection = self._connect(url, addresses, deadline)
            connected = connection.sock
            with self._lock:
                if self.closed:
                    raise UnavailableError(f"{url} was not fetched: stopped")
                self._sockets.add(connected)
            try:
                watch = threading.Timer(max(0.0, deadline.left), _cut, (connected,))
                watch.daemon = True
                watch.start()
                answer = self._exchange(url, connection, headers, size_limit, cut)
            finally:
                if watch is not None:
                    watch.cancel()
                with self._lock:
                    self._sockets.discard(connected)
        except FetchError:
            if deadline.left <= 0:
                raise late from None
            raise
        # A watch that cuts the connection shows as any of these, by where the reading was.
        except (HTTPError, OSError, ValueError) as error:
            if deadline.left <= 0:
                raise late from error
            raise UnavailableError(
                f"{url} could not be fetched ({error}); try again later"
            ) from error
        finally:
            if connection is not None:
                connection.close()
        # A connection that was cut may also look like the end of a body without a length.
        if deadline.left <= 0:
            raise late
        if self.closed:
            raise UnavailableError(f"{url} was not fetched to its end: stopped")
        return answer

    def _connect(self, url: str, addresses: list[str], deadline: Deadline) -> HTTPConnection:
        """Return a connection to the first of the addresses that answers."""
        scheme, host, port = split_address(url)
        problem: Exception | None = None
        for address in addresses[:ADDRESSES_TRIED]:
            timeout = min(self._settings.connect_seconds, deadline.left)
            if timeout <= 0 or self.closed:
                break
            if scheme == "http":
                connection = HTTPConnection(address, port, timeout=timeout)
            else:
                connection = HTTPSConnection(
                    address,
                    port,
                    timeout=timeout,
                    cert_reqs="CERT_REQUIRED",
                    ca_certs=os.environ.get("SSL_CERT_FILE") or certifi.where(),
                    server_hostname=host,
                    assert_hostname=host,
                )
            try:
                connection.connect()
            except (HTTPError, OSError) as error:
                connection.close()
                problem = error
            else:
                connection.timeout = self._settings.read_seconds
                return connection
        raise problem or UnavailableError(f"{url} could not be reached in time; try again later")

    def _exchange(
        self,
        url: str,
        connection: HTTPConnection,
        headers: Mapping[str, str],
        size_limit: int,
        cut: bool,
    ) -> Answer:
        parts = urlsplit(url.strip())
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "GET",
            urllib3.util.parse_url(target).url,
            headers={
                "Host": _host_header(url),
                "User-Agent": self._settings.user_agent,
                "Accept-Language": "en",
                "Accept-Encoding": ACCEPTED_ENCODINGS,
                "Connection": "close",
                **headers,
            },
            preload_content=False,
            decode_content=False,
        )
        response = connection.getresponse()
        try:
            fields = {name.lower(): value for name, value in response.headers.items()}
            # Only the bodies that are read are waited for.
            body = b""
            if response.status == 200:
                body = _read_body(url, response, size_limit, cut=cut)
            return Answer(url, response.status, fields, body)
        finally:
            response.close()


def _read_body(
    url: str, response: urllib3.BaseHTTPResponse, size_limit: int, *, cut: bool
) -> bytes:
    try:
        unpacker = Decompressor(response.headers.get("Content-Encoding", ""))
        body = bytearray()
        wire = 0
        # read1 returns what one read of the socket gave.
        while chunk := response.read1(CHUNK, decode_content=False):
            wire += len(chunk)
            body += unpacker.unpack(chunk, size_limit - len(body))
            if max(wire, len(body)) > size_limit:
                if cut:
                    return bytes(body[:size_limit])
                raise FetchError(
                    f"it is larger than {size_limit:,} bytes; raise the size limit if it is meant"
                )
    except FetchError as error:
        raise FetchError(f"{url}: {error}") from error
    return bytes(body)


def _host_header(url: str) -> str:
    scheme, host, port = split_address(url)
    name = f"[{host}]" if ":" in host else host
    return name if (scheme, port) in (("http", 80), ("https", 443)) else f"{name}:{port}"


def _cut(connected: socket.socket) -> None:
    """End both directions of a connection, under TLS too, whoever is reading it."""
    try:
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:
        # It ended by itself.
        return
