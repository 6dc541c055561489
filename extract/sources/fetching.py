"""One page over the network: http and https, a few redirects, and nowhere it should not go.

    split the address -> resolve the host -> check every IP -> connect to the checked one -> read

The connection goes to the very IP that was checked, so that a name which resolves anew in
between leads nowhere else. Size and time are bounded, after decompression too.
"""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import certifi
import urllib3
from urllib3.exceptions import HTTPError

from extract.errors import FetchError
from extract.sources.addresses import is_public, split_address

USER_AGENT = "Dateline/0.1 (news reader)"
CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 10.0, 15.0, 60.0
REDIRECTS = 5
CHUNK = 65_536
REDIRECT_STATUSES = (301, 302, 303, 307, 308)
READABLE = ("text/html", "application/xhtml+xml", "text/plain")


@dataclass(frozen=True, slots=True)
class Page:
    """What a server answered: the final address, the body, and what it says the body is."""

    url: str
    body: bytes
    content_type: str
    charset: str | None


def fetch_page(url: str, *, size_limit: int, allow_private: bool = False) -> Page:
    """Fetch one page, following at most five redirects.

    `size_limit` is in bytes after decompression. `allow_private` permits addresses that are not
    on the public internet. Raises FetchError, naming the address, for a page that cannot be had,
    may not be, is too large or too slow, or is no text.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    current = url
    for _ in range(REDIRECTS + 1):
        answer = _request(current, deadline, size_limit, allow_private)
        if isinstance(answer, Page):
            return answer
        current = urljoin(current, answer)
    raise FetchError(f"{url} redirects more than {REDIRECTS} times; give the final address")


def resolve_host(host: str, port: int, *, allow_private: bool = False) -> str:
    """Return the IP address to connect to; raise FetchError unless all of the host's are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} is not known ({error}); check the address") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise FetchError(f"{host} has no address; check it")
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise FetchError(
                    f"{host} is at {address}, which is not on the public internet; "
                    "allow private addresses if it is meant"
                )
    return addresses[0]


def _request(url: str, deadline: float, size_limit: int, allow_private: bool) -> Page | str:
    """Return the page, or the address that it redirects to."""
    scheme, host, port = split_address(url)
    address = resolve_host(host, port, allow_private=allow_private)
    pool = _open_pool(scheme, host, address, port)
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    default = (scheme, port) in (("http", 80), ("https", 443))
    name = f"[{host}]" if ":" in host else host
    headers = {
        "Host": name if default else f"{name}:{port}",
        "User-Agent": USER_AGENT,
        "Accept": "text/html, application/xhtml+xml, text/plain;q=0.8",
        "Accept-Language": "en",
        "Accept-Encoding": "gzip, deflate",
    }
    try:
        response = pool.urlopen(
            "GET",
            urllib3.util.parse_url(target).url,
            headers=headers,
            redirect=False,
            retries=False,
            preload_content=False,
            assert_same_host=False,
        )
        try:
            return _read_response(url, response, deadline, size_limit)
        finally:
            response.close()
    except (HTTPError, OSError, ValueError) as error:
        if isinstance(error, FetchError):
            raise
        raise FetchError(f"{url} could not be fetched ({error}); try again later") from error
    finally:
        pool.close()


def _open_pool(scheme: str, host: str, address: str, port: int) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    return urllib3.HTTPSConnectionPool(
        address,
        port,
        timeout=timeout,
        cert_reqs="CERT_REQUIRED",
        ca_certs=certifi.where(),
        server_hostname=host,
        assert_hostname=host,
    )


def _read_response(
    url: str, response: urllib3.BaseHTTPResponse, deadline: float, size_limit: int
) -> Page | str:
    location = response.headers.get("Location")
    if response.status in REDIRECT_STATUSES and location:
        return location
    if response.status != 200:
        raise FetchError(f"{url} answered with status {response.status}; check the address")
    header = response.headers.get("Content-Type", "text/html")
    content_type, _, parameters = header.partition(";")
    content_type = content_type.strip().lower()
    if content_type not in READABLE:
        raise FetchError(f"{url} is {content_type}, not a page of text; give the article's page")
    body = bytearray()
    # read1 returns what one read of the socket gave, so that a slow server meets the deadline.
    while chunk := response.read1(CHUNK, decode_content=True):
        body += chunk
        if len(body) > size_limit:
            raise FetchError(
                f"{url} is larger than {size_limit:,} bytes; raise the size limit if it is meant"
            )
        if time.monotonic() > deadline:
            raise FetchError(f"{url} took longer than {TOTAL_SECONDS:.0f} s; try again later")
    return Page(url, bytes(body), content_type, _read_charset(parameters))


def _read_charset(parameters: str) -> str | None:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None
