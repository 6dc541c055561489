"""Counts and dates in plain words, the same everywhere on the page."""

from __future__ import annotations

import pandas as pd

from extract.records import Granularity


def count_words(count: int, noun: str, plural: str | None = None) -> str:
    """Return "1 event", "2,000 events"."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def date_words(
    start: pd.Timestamp | None, end: pd.Timestamp | None, granularity: str | None = None
) -> str:
    """Return an interval as a reader would write it, never more exact than it is.

    "12 June 2024", "June 2024", "2024", "spring 2024" as its months, "12-18 June 2024"; "undated"
    where both ends are unknown.
    """
    if start is None or pd.isna(start):
        start = end
    if end is None or pd.isna(end):
        end = start
    if start is None or end is None or pd.isna(start) or pd.isna(end):
        return "undated"
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    if first == last:
        return f"{first.day} {first:%b %Y}"
    whole_months = first.is_month_start and last.is_month_end
    if whole_months and first.is_year_start and last.is_year_end:
        if first.year == last.year:
            return str(first.year)
        if granularity == Granularity.DECADE and last.year - first.year == 9:
            return f"{first.year}s"
        return f"{first.year}–{last.year}"
    if whole_months:
        if (first.year, first.month) == (last.year, last.month):
            return f"{first:%b %Y}"
        if first.year == last.year:
            return f"{first:%b}–{last:%b %Y}"
        return f"{first:%b %Y}–{last:%b %Y}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {last:%b %Y}"
    if first.year == last.year:
        return f"{first.day} {first:%b}–{last.day} {last:%b %Y}"
    return f"{first.day} {first:%b %Y}–{last.day} {last:%b %Y}"
