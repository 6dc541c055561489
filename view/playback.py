"""The moving window: some days that step through the events, on the map as on the timeline.

The window lies inside the dates of the filter and moves by whole calendar periods. With
`total` it keeps everything since the beginning, so that events add up.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from view.columns import DATELESS, EventColumns, Mask
from view.periods import floor_days, next_days, to_moments
from view.words import date_words

# Size of the window -> its name. Those above a month move by a month, so that nothing jumps.
SIZES: dict[str, str] = {
    "day": "1 day",
    "week": "1 week",
    "month": "1 month",
    "quarter": "3 months",
    "year": "1 year",
}
_STEPS = {"day": "day", "week": "week", "month": "month", "quarter": "month", "year": "month"}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_EPOCH = datetime.date(1970, 1, 1).toordinal()
# As far as the fields for dates reach.
EARLIEST, LATEST = (
    datetime.date(1000, 1, 1).toordinal() - _EPOCH,
    datetime.date(2199, 12, 31).toordinal() - _EPOCH,
)
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Window:
    """A window of one of `SIZES` that begins at `first`, in days since 1970.

    With `total` it reaches back to the beginning of what it moves through.
    """

    size: str
    first: int
    total: bool = False

    @property
    def last(self) -> int:
        """The last day of the window."""
        if self.size in ("day", "week"):
            return self.first + (0 if self.size == "day" else 6)
        month = np.datetime64(self.first, "D").astype("datetime64[M]") + _MONTHS[self.size]
        return int(month.astype("datetime64[D]").astype(np.int64)) - 1

    def days(self, within: Stretch) -> Stretch:
        """Return the first and last day that the window shows of a stretch."""
        return (min(within[0], self.first) if self.total else self.first, self.last)


def begin_window(size: str, within: Stretch, *, total: bool = False) -> Window:
    """Return the first window of a size in a stretch of days."""
    return Window(size, int(floor_days(within[0], _STEPS[size])), total)


def move_window(window: Window, steps: int, within: Stretch) -> Window:
    """Return the window some steps on, or back; it stays where its stretch ends."""
    step = _STEPS[window.size]
    for _ in range(abs(steps)):
        first = (
            int(next_days(window.first, step))
            if steps > 0
            else int(floor_days(window.first - 1, step))
        )
        moved = replace(window, first=first)
        gone = window.last >= within[1] if steps > 0 else moved.last < within[0]
        if gone or not EARLIEST <= first <= LATEST - 366:
            break
        window = moved
    return window


def resize_window(window: Window, size: str) -> Window:
    """Return a window of another size that begins in the same place."""
    return Window(size, int(floor_days(window.first, _STEPS[size])), window.total)


def at_end(window: Window, within: Stretch) -> bool:
    """Return whether there is no further step."""
    return move_window(window, 1, within) == window


def mask_days(columns: EventColumns, days: Stretch) -> Mask:
    """Return the events that may have happened on one of some days."""
    dated = columns.start != DATELESS
    return np.asarray(dated & (columns.start <= days[1]) & (columns.end >= days[0]), dtype=bool)


def find_reach(columns: EventColumns, mask: Mask) -> Stretch | None:
    """Return the first and last day of the events under the mask, None where none has a date."""
    dated = mask & (columns.start != DATELESS)
    if not dated.any():
        return None
    return int(columns.start[dated].min()), int(columns.end[dated].max())


def write_window(window: Window | None) -> dict[str, list[str]]:
    """Return the parameters of an address that opens the same window again."""
    if window is None:
        return {}
    query = {"window": [window.size], "at": [to_date(window.first).isoformat()]}
    return query | ({"sum": ["1"]} if window.total else {})


def read_window(query: Mapping[str, Sequence[str]]) -> Window | None:
    """Return the window that an address asks for; None for none, or for nonsense."""
    size, day = ([*query.get(name, ()), ""][0] for name in ("window", "at"))
    if size not in SIZES:
        return None
    try:
        first = to_days(datetime.date.fromisoformat(day))
    except ValueError:
        return None
    if not EARLIEST <= first <= LATEST - 366:
        return None
    first = int(floor_days(first, _STEPS[size]))
    return Window(size, first, total="1" in query.get("sum", ()))


def describe_playback(
    window: Window | None, within: Stretch, *, shown: int, turn: int
) -> dict[str, Any]:
    """Return what playback.js draws, as plain values.

    `shown` are the events in the window, `turn` the number of the step that this answers.
    """
    days = window.days(within) if window else None
    return {
        "sizes": [{"size": size, "label": label} for size, label in SIZES.items()],
        "size": window.size if window else None,
        "total": window.total if window else False,
        "when": date_words(*to_moments(np.array(days))) if days else "",
        "shown": shown,
        "ended": at_end(window, within) if window else False,
        "query": {name: values[0] for name, values in write_window(window).items()},
        "turn": turn,
    }


def to_days(day: datetime.date) -> int:
    """Return a date as days since 1970."""
    return day.toordinal() - _EPOCH


def to_date(days: int) -> datetime.date:
    """Return days since 1970 as a date."""
    return datetime.date.fromordinal(days + _EPOCH)
