"""Days, weeks, months, quarters, years and decades: where they begin, and how they are called.

Days are counted since 1970 everywhere, as whole numbers; a period is named by its first day.
"""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from view.words import date_words

Days = NDArray[np.int64]

# Period -> how many days an event may span and still stand in a single one.
SPANS: dict[str, int] = {
    "day": 1,
    "week": 7,
    "month": 31,
    "quarter": 92,
    "year": 366,
    "decade": 3_653,
}
# Period -> the longest stretch in days that still reads well in it: about a hundred bars.
LONGEST: dict[str, int] = {
    "day": 100,
    "week": 700,
    "month": 3_400,
    "quarter": 9_500,
    "year": 46_000,
    "decade": 10**9,
}
_FIRST_DAY, _LAST_DAY = -719_162, 2_932_896  # of the calendar of dates: the years 1 to 9999
_MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120}


def choose_period(first: int, last: int) -> str:
    """Return the finest period in which a stretch of days makes a readable number of bars."""
    return next(name for name, longest in LONGEST.items() if last - first < longest)


def floor_days(days: Any, period: str) -> Days:
    """Return the first day of the period in which each day lies; weeks begin on Mondays."""
    each: Days = np.asarray(days, dtype=np.int64)
    if period == "day":
        return each
    if period == "week":
        return np.asarray(each - (each + 3) % 7, dtype=np.int64)  # 1970 began on a Thursday
    months = each.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    # counted from the year 0, so that a decade is the twenties and not 1965 to 1974
    months = months + 1970 * 12
    return _first_days(months - months % _MONTHS[period] - 1970 * 12)


def next_days(starts: Any, period: str) -> Days:
    """Return the first day of the period after each; `starts` are first days themselves."""
    starts = np.asarray(starts, dtype=np.int64)
    if period in ("day", "week"):
        return np.asarray(starts + SPANS[period])
    months = starts.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return _first_days(months + _MONTHS[period])


def list_edges(first: int, last: int, period: str) -> Days:
    """Return the first days of all periods that touch `first` to `last`, and of the one after."""
    begin = int(floor_days(first, period))
    end = int(next_days(floor_days(last, period), period))
    if period in ("day", "week"):
        return np.arange(begin, end + 1, SPANS[period], dtype=np.int64)
    low, high = (
        int(np.datetime64(day, "D").astype("datetime64[M]").astype(np.int64))
        for day in (begin, end)
    )
    return _first_days(np.arange(low, high + 1, _MONTHS[period], dtype=np.int64))


def number_periods(days: Days, edges: Days) -> NDArray[np.int64]:
    """Return in which period each day lies, as an index into `edges`; all must lie within them."""
    # A table over the days is several times faster than a search where there are many events.
    table = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    return np.asarray(table[days - edges[0]], dtype=np.int64)


def name_periods(edges: Days) -> list[str]:
    """Return what each period between the edges is called, as `date_words` writes it."""
    firsts, lasts = to_dates(edges[:-1]), to_dates(edges[1:] - 1)
    return [_name(first, last) for first, last in zip(firsts, lasts, strict=True)]


def to_moments(days: Days) -> pd.DatetimeIndex:
    """Return days since 1970 as timestamps."""
    return pd.to_datetime(np.asarray(days, dtype=np.int64).astype("datetime64[D]"))


def to_dates(days: Days) -> list[datetime.date]:
    """Return days since 1970 as dates; those beyond the years 1 to 9999 as the nearest of them."""
    near = np.clip(np.asarray(days, dtype=np.int64), _FIRST_DAY, _LAST_DAY)
    dates: list[datetime.date] = near.astype("datetime64[D]").tolist()
    return dates


def _name(first: datetime.date, last: datetime.date) -> str:
    decade = last.year - first.year == 9 and first.year % 10 == 0
    return date_words(first, last, "decade" if decade else None)


def _first_days(months: NDArray[np.int64]) -> Days:
    return np.asarray(
        months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64), dtype=np.int64
    )
