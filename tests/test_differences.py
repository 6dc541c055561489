"""What a second reading of an article changed, told by kind."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from extract.differences import KINDS, compare_events, find_moved_ids
from extract.store.articles import event_rows
from tests.made_events import make_drill

ROWS = event_rows(make_drill())
DAY = datetime.date(2024, 6, 9)


def change(**values: Any) -> list[dict[str, Any]]:
    """Return the drill's rows with some columns of the first changed."""
    return [ROWS[0] | values, ROWS[1]]


def test_the_same_reading_has_no_difference() -> None:
    assert compare_events(ROWS, ROWS) == []
    assert compare_events(ROWS, list(reversed(ROWS))) == []
    assert find_moved_ids(ROWS, ROWS) == {}


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (ROWS[1:], ["gone"]),
        (change(latitude=42.0), ["otherwise"]),  # 22 km
        (change(latitude=42.1), ["moved"]),  # 33 km
        (change(latitude=None, longitude=None, place=None), ["unplaced"]),
        (change(date_start=DAY), ["re-dated"]),
        (change(date_start=DAY, date_end=DAY, event_type="ASSAULT"), ["re-dated", "re-typed"]),
        (change(mode=None), ["re-typed"]),
        (change(status="planned"), ["otherwise"]),
        (change(confidence=0.1), ["otherwise"]),
        (change(event_id="x", spans={"what": [13, 20]}), ["otherwise"]),
        (change(event_id="x", spans={"what": [0, 4]}), ["gone", "added"]),
        ([*ROWS, ROWS[0] | {"event_id": "x", "spans": {"what": [0, 4]}}], ["added"]),
    ],
)
def test_each_kind_is_told(after: list[dict[str, Any]], kinds: list[str]) -> None:
    differences = compare_events(ROWS, after)
    assert [difference.kind for difference in differences] == kinds
    assert set(kinds) <= set(KINDS)
    for difference in differences:
        assert (difference.before is None) == (difference.kind == "added")
        assert (difference.after is None) == (difference.kind == "gone")


def test_a_place_found_at_last_is_told() -> None:
    before = change(latitude=None, longitude=None)
    assert [found.kind for found in compare_events(before, ROWS)] == ["placed"]


def test_an_event_whose_trigger_was_widened_is_followed() -> None:
    after = change(event_id="x", spans={"what": [10, 18]})
    assert find_moved_ids(ROWS, after) == {ROWS[0]["event_id"]: "x"}
    (difference,) = compare_events(ROWS, after)
    assert difference.moved_to == "x"
