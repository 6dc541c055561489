"""Periods begin where the calendar does, before and after 1970, and cover every day once."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from view.periods import (
    SPANS,
    choose_period,
    floor_days,
    list_edges,
    name_periods,
    next_days,
    number_periods,
)

EPOCH = datetime.date(1970, 1, 1)


def days(text: str) -> int:
    return (datetime.date.fromisoformat(text) - EPOCH).days


@pytest.mark.parametrize(
    ("period", "day", "first", "after"),
    [
        ("day", "2024-02-29", "2024-02-29", "2024-03-01"),
        ("week", "2024-03-03", "2024-02-26", "2024-03-04"),
        ("week", "2024-03-04", "2024-03-04", "2024-03-11"),
        ("week", "1969-12-28", "1969-12-22", "1969-12-29"),
        ("month", "2024-02-29", "2024-02-01", "2024-03-01"),
        ("quarter", "2024-12-31", "2024-10-01", "2025-01-01"),
        ("quarter", "1969-12-31", "1969-10-01", "1970-01-01"),
        ("year", "1969-07-20", "1969-01-01", "1970-01-01"),
        ("decade", "1969-07-20", "1960-01-01", "1970-01-01"),
        ("decade", "2024-07-20", "2020-01-01", "2030-01-01"),
        ("decade", "1000-01-01", "1000-01-01", "1010-01-01"),
    ],
)
def test_periods_begin_where_the_calendar_does(
    period: str, day: str, first: str, after: str
) -> None:
    assert int(floor_days(days(day), period)) == days(first)
    assert int(next_days(days(first), period)) == days(after)


@given(
    period=st.sampled_from(list(SPANS)),
    first=st.integers(-354_285, 80_000),
    length=st.integers(0, 3_000),
)
def test_edges_cover_every_day_once(period: str, first: int, length: int) -> None:
    edges = list_edges(first, first + length, period)
    assert edges[0] <= first <= first + length < edges[-1]
    assert (edges == floor_days(edges, period)).all()
    assert (next_days(edges[:-1], period) == edges[1:]).all()
    every = np.arange(first, first + length + 1)
    numbers = number_periods(every, edges)
    assert (edges[numbers] <= every).all()
    assert (every < edges[numbers + 1]).all()


@pytest.mark.parametrize(
    ("length", "period"),
    [
        (0, "day"),
        (60, "day"),
        (300, "week"),
        (2_000, "month"),
        (9_000, "quarter"),
        (20_000, "year"),
        (200_000, "decade"),
    ],
)
def test_the_finest_readable_period_is_taken(length: int, period: str) -> None:
    assert choose_period(0, length) == period


def test_names_are_those_of_the_calendar() -> None:
    edges = list_edges(days("2020-01-01"), days("2020-03-31"), "month")
    assert name_periods(edges) == ["Jan 2020", "Feb 2020", "Mar 2020"]
    assert name_periods(list_edges(days("1994-05-05"), days("1994-05-05"), "decade")) == ["1990s"]
