"""How long each stage of some work took, added up over many rounds."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stopwatch:
    """Adds up the seconds of stages that follow each other.

    `start` begins a round, `lap` ends a stage of it. `seconds` maps each stage to the sum of its
    laps, in the order in which they first came.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    _last: float = 0.0

    def start(self) -> None:
        """Begin a round; what went before counts for no stage."""
        self._last = time.perf_counter()

    def lap(self, stage: str) -> None:
        """End a stage that began at the last `start` or `lap`."""
        moment = time.perf_counter()
        self.seconds[stage] = self.seconds.get(stage, 0.0) + moment - self._last
        self._last = moment

    def add(self, seconds: Mapping[str, float]) -> None:
        """Add what another process measured."""
        for stage, spent in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + spent

    def take(self) -> dict[str, float]:
        """Return the seconds so far and begin again at none."""
        taken, self.seconds = self.seconds, {}
        return taken
