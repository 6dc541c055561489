"""A clock that goes on only when somebody sleeps by it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Clock:
    """Give the moment when called; `pauses` are the sleeps so far."""

    moment: float = 1_000_000.0
    pauses: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.moment

    def pause(self, seconds: float) -> None:
        """Sleep, which takes no time."""
        self.pauses.append(seconds)
        self.moment += seconds
