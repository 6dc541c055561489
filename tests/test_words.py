"""Dates and counts in words."""

from __future__ import annotations

import pandas as pd
import pytest

from view.words import count_words, date_words


@pytest.mark.parametrize(
    ("start", "end", "granularity", "words"),
    [
        ("2024-06-12", "2024-06-12", "day", "12 Jun 2024"),
        ("2024-06-12", None, None, "12 Jun 2024"),
        (None, "2024-06-12", None, "12 Jun 2024"),
        ("2024-06-01", "2024-06-30", "month", "Jun 2024"),
        ("2024-02-01", "2024-02-29", "month", "Feb 2024"),
        ("2024-01-01", "2024-12-31", "year", "2024"),
        ("2024-01-01", "2024-03-31", "quarter", "Jan–Mar 2024"),
        ("2023-12-01", "2024-02-29", "season", "Dec 2023–Feb 2024"),
        ("1990-01-01", "1999-12-31", "decade", "1990s"),
        ("1988-01-01", "1994-12-31", "range", "1988–1994"),
        ("2024-06-10", "2024-06-16", "week", "10–16 Jun 2024"),
        ("2024-06-28", "2024-07-04", "week", "28 Jun–4 Jul 2024"),
        ("2023-12-28", "2024-01-03", "range", "28 Dec 2023–3 Jan 2024"),
        (None, None, None, "undated"),
    ],
)
def test_dates_are_never_more_exact_than_known(
    start: str | None, end: str | None, granularity: str | None, words: str
) -> None:
    days = [pd.Timestamp(day) if day else pd.NaT for day in (start, end)]
    assert date_words(days[0], days[1], granularity) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 events"), (1, "1 event"), (2, "2 events"), (12345, "12,345 events")]
)
def test_counts(count: int, words: str) -> None:
    assert count_words(count, "event") == words
