"""The moving window: whole periods, within the chosen dates, and open again from its address."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.made_events import make_frame
from view.columns import DATELESS, read_columns
from view.playback import (
    SIZES,
    Window,
    at_end,
    begin_window,
    describe_playback,
    find_reach,
    mask_days,
    move_window,
    read_window,
    resize_window,
    to_date,
    to_days,
    write_window,
)


def days(text: str) -> int:
    return to_days(datetime.date.fromisoformat(text))


WITHIN = (days("2023-01-17"), days("2024-02-10"))


@pytest.mark.parametrize(
    ("size", "first", "last", "following"),
    [
        ("day", "2023-01-17", "2023-01-17", "2023-01-18"),
        ("week", "2023-01-16", "2023-01-22", "2023-01-23"),
        ("month", "2023-01-01", "2023-01-31", "2023-02-01"),
        ("quarter", "2023-01-01", "2023-03-31", "2023-02-01"),
        ("year", "2023-01-01", "2023-12-31", "2023-02-01"),
    ],
)
def test_windows_are_whole_periods(size: str, first: str, last: str, following: str) -> None:
    window = begin_window(size, WITHIN)
    assert (window.first, window.last) == (days(first), days(last))
    assert move_window(window, 1, WITHIN).first == days(following)


@given(
    size=st.sampled_from(list(SIZES)),
    first=st.integers(-300_000, 70_000),
    length=st.integers(0, 900),
)
def test_playing_shows_every_day_and_ends(size: str, first: int, length: int) -> None:
    within = (first, first + length)
    window, seen = begin_window(size, within), set()
    for _ in range(length + 40):
        seen |= set(range(window.first, window.last + 1))
        if at_end(window, within):
            break
        window = move_window(window, 1, within)
    assert at_end(window, within)
    assert set(range(within[0], within[1] + 1)) <= seen


def test_back_is_the_way_it_came() -> None:
    window = begin_window("month", WITHIN)
    there = move_window(window, 5, WITHIN)
    assert move_window(there, -5, WITHIN) == window
    assert move_window(window, -3, WITHIN) == window


def test_adding_up_reaches_back_to_the_beginning() -> None:
    window = move_window(begin_window("month", WITHIN, total=True), 4, WITHIN)
    assert window.days(WITHIN) == (WITHIN[0], days("2023-05-31"))


def test_another_size_begins_in_the_same_place() -> None:
    window = move_window(begin_window("week", WITHIN), 10, WITHIN)
    assert resize_window(window, "month").first == days("2023-03-01")


def test_the_mask_keeps_what_may_have_happened_then() -> None:
    columns = read_columns(make_frame(150))
    everything = np.ones(150, dtype=bool)
    reach = find_reach(columns, everything)
    assert reach is not None
    kept = mask_days(columns, (days("2023-03-01"), days("2023-03-31")))
    for row in range(150):
        start, end = columns.start[row], columns.end[row]
        touches = start <= days("2023-03-31") and end >= days("2023-03-01")
        assert kept[row] == (start != DATELESS and touches)
    assert mask_days(columns, reach).sum() == (columns.start != DATELESS).sum()
    assert find_reach(columns, ~everything) is None


@given(size=st.sampled_from(list(SIZES)), first=st.integers(-300_000, 70_000), total=st.booleans())
def test_an_address_opens_the_same_window(size: str, first: int, total: bool) -> None:
    window = begin_window(size, (first, first), total=total)
    assert read_window(write_window(window)) == window


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"window": ["hour"], "at": ["2024-01-01"]},
        {"window": ["month"]},
        {"window": ["month"], "at": ["soon"]},
        {"window": ["month"], "at": ["9999-12-31"]},
        {"window": ["year"], "at": ["0001-01-01"]},
    ],
)
def test_nonsense_in_the_address_is_no_window(query: dict[str, list[str]]) -> None:
    assert read_window(query) is None


def test_what_the_browser_is_told() -> None:
    told = describe_playback(Window("month", days("2023-03-01")), WITHIN, shown=7, turn=3)
    assert told["when"] == "Mar 2023"
    assert told["query"] == {"window": "month", "at": "2023-03-01"}
    assert (told["shown"], told["turn"], told["ended"]) == (7, 3, False)
    assert describe_playback(None, WITHIN, shown=7, turn=0)["size"] is None
    assert to_date(days("2023-03-01")) == datetime.date(2023, 3, 1)
