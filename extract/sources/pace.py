"""One request to a host at a time, and never two close together."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Pace:
    """Spaces the requests to each host, for any number of threads.

    `interval` is the fewest seconds between two requests to one host. `clock` gives seconds,
    `pause` sleeps for some.
    """

    def __init__(
        self,
        interval: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._interval = interval
        self._clock = clock
        self._pause = pause
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str, *, at_least: float = 0.0) -> float:
        """Sleep until the host may be asked, and return for how many seconds.

        `at_least` is what the host itself wants between two requests.
        """
        with self._lock:
            now = self._clock()
            turn = max(now, self._free.get(host, now))
            self._free[host] = turn + max(self._interval, at_least)
        if turn > now:
            self._pause(turn - now)
        return turn - now
