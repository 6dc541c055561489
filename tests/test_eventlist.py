"""The list of events: newest first, undated last, in pages."""

from __future__ import annotations

import numpy as np

from extract.table import shape_table
from tests.made_events import make_frame
from view.columns import read_columns
from view.eventlist import list_events


def test_newest_first_undated_last_and_none_lost() -> None:
    columns = read_columns(make_frame(150))
    mask = np.ones(150, dtype=bool)
    listed = list_events(columns, mask, limit=1000)
    ids = [event["id"] for group in listed["groups"] for event in group["events"]]
    assert sorted(ids) == sorted(columns.frame["event_id"])
    by_id = columns.frame.set_index("event_id")
    days = by_id.loc[ids, "date_start"].fillna(by_id.loc[ids, "date_end"])
    dated = days.dropna()
    assert dated.is_monotonic_decreasing
    assert days.iloc[len(dated) :].isna().all()
    assert listed["groups"][-1]["name"] == "Undated"
    assert listed["left"] == 0


def test_pages_say_how_many_are_left() -> None:
    columns = read_columns(make_frame(150))
    listed = list_events(columns, np.ones(150, dtype=bool), limit=60, picked="article3-0")
    assert sum(len(group["events"]) for group in listed["groups"]) == 60
    assert listed["left"] == 90


def test_nothing_to_list() -> None:
    columns = read_columns(shape_table([]))
    listed = list_events(columns, np.zeros(0, dtype=bool))
    assert listed == {"groups": [], "symbols": {}, "left": 0}
