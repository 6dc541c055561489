"""One request to a host at a time, and never two close together."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from extract.errors import UnavailableError
from extract.sources.hosts import Hosts


class Pace:
    """Spaces the requests to each host, for all threads and processes that share `hosts`.

    `interval` is the fewest seconds between the beginnings of two requests to one host. `pause`
    sleeps for some seconds, and returns True where it was told to stop instead.
    """

    def __init__(
        self,
        interval: float,
        *,
        hosts: Hosts,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._interval = interval
        self._hosts = hosts
        self._pause = pause

    @contextmanager
    def turn(self, host: str, *, at_least: float = 0.0, at_most: float) -> Iterator[float]:
        """Wait until the host may be asked, and yield for how many seconds; then it is asked.

        `at_least` is what the host itself wants between two requests; `at_most` is how long
        the request may take. Raises UnavailableError where the waiting is stopped.
        """
        waited = 0.0
        gap = max(self._interval, at_least)
        while wait := self._hosts.begin(host, gap=gap, at_most=at_most):
            if self._pause(wait) is True:
                raise UnavailableError(f"{host} was not asked: stopped")
            waited += wait
        try:
            yield waited
        finally:
            self._hosts.end(host)
