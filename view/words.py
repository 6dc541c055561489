"""Counts and dates in plain words, the same everywhere on the page."""

from __future__ import annotations

import calendar
import datetime
from functools import lru_cache

import pandas as pd

from extract.records import Granularity

Day = datetime.date | None


def count_words(count: int, noun: str, plural: str | None = None) -> str:
    """Return "1 event", "2,000 events"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def date_words(start: Day, end: Day, granularity: str | None = None) -> str:
    """Return an interval as a reader would write it, never more exact than it is.

    "12 June 2024", "June 2024", "2024", "spring 2024" as its months, "12-18 June 2024"; "undated"
    where both ends are unknown. An end is a day, a timestamp, None or pandas' NaT.
    """
    first, last = _read_day(start), _read_day(end)
    first, last = first or last, last or first
    if first is None or last is None:
        return "undated"
    return _write_days(first, last, granularity == Granularity.DECADE)


def _read_day(value: Day) -> Day:
    # A timestamp of pandas is a date as well, but a dictionary takes far longer to look it up.
    if not isinstance(value, datetime.datetime):
        return value
    return None if pd.isna(value) else value.date()


@lru_cache(maxsize=20_000)
def _write_days(first: datetime.date, last: datetime.date, decade: bool) -> str:
    if first == last:
        return f"{first.day} {first:%b} {first.year}"
    whole_months = first.day == 1 and last.day == calendar.monthrange(last.year, last.month)[1]
    if whole_months and first.month == 1 and last.month == 12:
        if first.year == last.year:
            return str(first.year)
        if decade and last.year - first.year == 9:
            return f"{first.year}s"
        return f"{first.year}–{last.year}"
    if whole_months:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%b} {first.year}"
        if first.year == last.year:
            return f"{first:%b}–{last:%b} {last.year}"
        return f"{first:%b} {first.year}–{last:%b} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b} {last.year}"
    if first.year == last.year:
        return f"{first.day} {first:%b}–{last.day} {last:%b} {last.year}"
    return f"{first.day} {first:%b} {first.year}–{last.day} {last:%b} {last.year}"
