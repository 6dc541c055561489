"""Web addresses: the one form that stands for a page, and the ones that may not be fetched."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote_plus, urlsplit, urlunsplit

from extract.errors import FetchError

SCHEMES = ("http", "https")
PORTS = {"http": 80, "https": 443}
# Below this, ports belong to mail, remote shells and the like; only the web's own are asked.
LOWEST_OTHER_PORT = 1024
# Networks that Python's tables take for public: the retired 6to4 relay (RFC 7526), and Azure's
# address for its own machines.
NOT_PUBLIC = tuple(ipaddress.ip_network(text) for text in ("192.88.99.0/24", "168.63.129.16/32"))
# All of IPv6 that is given out so far (IANA); what lies beyond is local, reserved or retired.
IPV6_PUBLIC = ipaddress.ip_network("2000::/3")
# A host that ends in a number is an IPv4 address to some resolvers ("0x7f.1", "2130706433",
# "0177.0.0.1"); only the plain form of four decimal numbers is taken (WHATWG URL, host parsing).
NUMERIC_ENDING = re.compile(r"(?:.*\.)?(?:\d+|0[xX][0-9a-fA-F]*)")
# What stands before the name of an outlet in its addresses.
HOST_PREFIX = re.compile(r"^(?:www\d?|m|mobile|amp|edition)\.")
# Parameters that tell the outlet who sent the reader, and never which page it is.
TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_gl|ref_src|ref_url"
    r"|cmpid|cmp|ocid|ns_\w+|at_\w+|s_cid|smid|spm|wt\.\w+|xtor|guccounter|guce_\w+|__twitter_\w+)",
    re.IGNORECASE,
)
# RFC 3986's characters of paths and queries, and "%", so that what is quoted is not quoted again.
KEPT_CHARACTERS = "/%:@!$&'()*+,;=?-._~"


def is_web_address(written: str) -> bool:
    """Say whether an input of the command line is an address rather than a path."""
    return "://" in written and re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", written) is not None


def canonicalise(url: str) -> str:
    """Return the address that stands for the page: what differs between two links is dropped.

    Scheme and host in small letters, no default port, no fragment, no tracking parameters, and
    "/" for an empty path. Raises FetchError for an address that is not http or https, or has no
    host.
    """
    scheme, host, port = split_address(url)
    parts = urlsplit(url.strip())
    # What is left of the query stays as it is written: to some servers "?rss" is not "?rss=".
    kept = [
        part
        for part in parts.query.split("&")
        if part and not TRACKING.fullmatch(unquote_plus(part.partition("=")[0]))
    ]
    netloc = f"[{host}]" if ":" in host else host
    if port != PORTS[scheme]:
        netloc = f"{netloc}:{port}"
    path, query = (
        quote(written, safe=KEPT_CHARACTERS, errors="replace")
        for written in (parts.path or "/", "&".join(kept))
    )
    return urlunsplit((scheme, netloc, path, query, ""))


def split_address(url: str) -> tuple[str, str, int]:
    """Return the scheme, the host (in ASCII) and the port of an address.

    Raises FetchError for what cannot be fetched, and for a name or password in the address.
    """
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
        host = (host or "").rstrip(".")
        host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except ValueError as error:
        raise FetchError(f"{url} is no web address ({error}); check it") from error
    if scheme not in SCHEMES:
        raise FetchError(f"{url} is not http or https; give a web address or a path")
    if not host:
        raise FetchError(f"{url} names no host; check it")
    if parts.username is not None or parts.password is not None:
        raise FetchError(f"the address of {host} holds a name or password; leave it out")
    if ":" not in host and NUMERIC_ENDING.fullmatch(host) and not _is_plain_ipv4(host):
        raise FetchError(f"{host} is a number for a host; write its name or plain address")
    return scheme, host, port or PORTS[scheme]


def check_port(url: str) -> None:
    """Raise FetchError for a port that is not the web's: below 1024 only 80 and 443 are."""
    _, host, port = split_address(url)
    if port < LOWEST_OTHER_PORT and port not in PORTS.values():
        raise FetchError(f"port {port} of {host} is none of the web's; check the address")


def is_same_site(one: str, other: str) -> bool:
    """Say whether two addresses are of one outlet: the same host, or one below the other.

    "www.", "m.", "amp." and the like do not count. False for what is no address.
    """
    try:
        first, second = (HOST_PREFIX.sub("", split_address(url)[1]) for url in (one, other))
    except FetchError:
        return False
    shorter, longer = sorted((first, second), key=len)
    return longer == shorter or ("." in shorter and longer.endswith(f".{shorter}"))


def _is_plain_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Say whether an IP address is on the public internet.

    Private, loopback, link-local (the cloud's metadata among them), shared, reserved and
    multicast addresses are not, nor is an IPv6 address that carries such an IPv4 one.
    """
    parsed = ipaddress.ip_address(address.split("%", 1)[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        carried = parsed.ipv4_mapped or parsed.sixtofour
        if carried is None and parsed in ipaddress.ip_network("64:ff9b::/96"):
            carried = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if carried is None and parsed.teredo:
            carried = parsed.teredo[1]
        if carried is not None:
            return is_public(str(carried))
        if parsed not in IPV6_PUBLIC:
            return False
    if any(parsed in network for network in NOT_PUBLIC if network.version == parsed.version):
        return False
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved
