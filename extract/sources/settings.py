"""How pages and feeds are fetched: who asks, how often, how long and how much."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

PRODUCT = "Dateline/0.2"
CONTACT = "DATELINE_CONTACT"
SIZE_LIMIT = 5_000_000


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch.

    `allow_private` permits addresses that are not on the public internet, and any port.
    `contact` is an address or a page that hosts are told for complaints; None takes the
    environment's DATELINE_CONTACT. `interval` is the fewest seconds between two requests to one
    host. `total_seconds` bounds one page with all its redirects and tries, the waiting for its
    turn apart. `size_limit` is in bytes, on the wire and after decompression.
    """

    allow_private: bool = False
    contact: str | None = None
    interval: float = 1.0
    attempts: int = 3
    backoff_seconds: float = 1.0
    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    total_seconds: float = 60.0
    size_limit: int = SIZE_LIMIT

    @property
    def user_agent(self) -> str:
        """The name that hosts see, with the contact where one is set."""
        contact = self.contact or os.environ.get(CONTACT, "")
        # What stands in a header's line may not begin another.
        contact = re.sub(r"[^\x20-\x7e]|[()]", "", contact).strip()
        return f"{PRODUCT} (news reader; +{contact})" if contact else f"{PRODUCT} (news reader)"
