"""The codes of an events table, row by row."""

from __future__ import annotations

import numpy as np
import pandas as pd

from extract.table import shape_table
from tests.made_events import make_frame
from view.columns import DATELESS, LOOKS, TYPES, read_columns
from view.palette import STATUS_LOOKS


def test_codes_stand_for_the_rows_own_values() -> None:
    frame = make_frame(150)
    columns = read_columns(frame)
    assert [TYPES[code] for code in columns.type] == frame["event_type"].tolist()
    assert [LOOKS[code] for code in columns.look] == [
        STATUS_LOOKS[status] for status in frame["status"]
    ]
    for row, number in enumerate(columns.place):
        name, precision = frame["place"][row], frame["place_precision"][row]
        if number < 0:
            assert pd.isna(precision) or precision == "country"
        else:
            place = columns.places.iloc[number]
            assert (place["name"], place["precision"]) == (name, precision)
            assert place["latitude"] == frame["latitude"][row]
    assert columns.countrywide.sum() == (frame["place_precision"] == "country").sum()


def test_a_lone_end_is_the_start_too() -> None:
    frame = make_frame(3)
    frame["date_start"] = frame["date_start"].mask(frame.index == 0)
    frame.loc[1, ["date_start", "date_end"]] = pd.NaT
    columns = read_columns(frame)
    assert columns.start[0] == columns.end[0]
    assert columns.start[1] == columns.end[1] == DATELESS
    assert columns.start[2] == (frame["date_start"][2] - pd.Timestamp(0)).days


def test_equal_places_are_one() -> None:
    columns = read_columns(make_frame(400))
    assert len(columns.places) == len(columns.places.drop_duplicates())
    assert len(columns.places) == len(np.unique(columns.place[columns.place >= 0]))


def test_an_empty_table_has_columns_too() -> None:
    columns = read_columns(shape_table([]))
    assert len(columns) == 0
    assert columns.places.empty
