"""robots.txt: what a host allows a program to fetch, and how often (RFC 9309).

    status 2xx       its rules hold
    status 4xx       there are none: everything may be fetched
    429, 5xx, none   nothing may be fetched for now

The rules' own matching (longest path wins, "*" and "$") is Protego's.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

# What a host's rules call us.
TOKEN = "Dateline"
# RFC 9309, 2.5: at least 500 KiB are read; what stands beyond is not.
ROBOTS_BYTES = 512_000
# RFC 9309, 2.4: no copy is used for longer than a day, nor for longer than its server says, but
# for ten minutes in any case. A host that could not be asked is asked again after these.
KEPT_SECONDS, KEPT_SECONDS_LEAST = 86_400.0, 600.0


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host.

    `rules` is None where there are none. `unreachable` says why they could not be had, None
    where they could; nothing may be fetched then.
    """

    rules: Protego | None = None
    unreachable: str | None = None

    def allows(self, url: str) -> bool:
        """Say whether the address may be fetched."""
        if self.unreachable is not None:
            return False
        return self.rules is None or bool(self.rules.can_fetch(url, TOKEN))

    @property
    def delay(self) -> float:
        """The seconds that the host wants between two requests; 0 where it does not say."""
        return float(self.rules.crawl_delay(TOKEN) or 0.0) if self.rules is not None else 0.0


def read_robots(status: int, body: bytes) -> Robots:
    """Return the rules that an answer to a request for robots.txt means."""
    if 200 <= status < 300:
        return Robots(Protego.parse(body[:ROBOTS_BYTES].decode("utf-8-sig", errors="replace")))
    if 400 <= status < 500 and status != 429:
        return Robots()
    return Robots(unreachable=f"its robots.txt answered with status {status}")


def robots_address(url: str) -> str:
    """Return the address of the robots.txt that an address comes under."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/robots.txt"
