"""The codes of an events table, row by row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from extract.table import shape_table
from tests.made_events import make_frame
from view.columns import (
    DATELESS,
    LOOKS,
    TYPES,
    find_row,
    order_rows,
    read_columns,
    take_rows,
)
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


def test_rows_are_taken_in_the_order_asked_for() -> None:
    frame = make_frame(40)
    columns = read_columns(frame)
    pd.testing.assert_frame_equal(columns.frame, frame)
    taken = take_rows(columns, np.array([7, 3, 7]))
    assert taken["event_id"].tolist() == frame["event_id"].iloc[[7, 3, 7]].tolist()
    pd.testing.assert_frame_equal(
        take_rows(columns, columns.place >= 0),
        frame.loc[columns.place >= 0].reset_index(drop=True),
    )


def test_an_event_is_found_by_its_id() -> None:
    columns = read_columns(make_frame(40))
    assert find_row(columns, "article7-0") == 7
    for unknown in (None, "", "article7", "\ud800"):
        assert find_row(columns, unknown) is None


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize(
    "by", ["date_start", "place", "event_type", "title", "published", "confidence", "latitude"]
)
def test_rows_are_ordered_by_a_column_with_the_unknown_last(by: str, descending: bool) -> None:
    frame = make_frame(120)
    columns = read_columns(frame)
    mask = np.arange(120) % 3 > 0
    rows = order_rows(columns, mask, by=by, descending=descending)
    assert sorted(rows.tolist()) == np.flatnonzero(mask).tolist()
    cells = frame[by].iloc[rows]
    known = cells.dropna()
    assert cells.iloc[: len(known)].notna().all()
    assert known.tolist() == sorted(known.tolist(), reverse=descending)


def test_the_rows_of_a_place_come_newest_first() -> None:
    columns = read_columns(make_frame(300))
    mask = np.arange(300) % 2 == 0
    for place in range(len(columns.places)):
        rows = columns.at_place.of(place)
        assert sorted(rows.tolist()) == np.flatnonzero(columns.place == place).tolist()
        assert (np.diff(columns.start[rows].astype(float)) <= 0).all()
        for limit in (1, 3, 50):
            assert columns.at_place.latest(place, mask, limit).tolist() == (
                rows[mask[rows]][:limit].tolist()
            )
    assert len(columns.at_place.of(-1)) == len(columns.at_place.of(10**6)) == 0


def test_the_rows_of_a_nation_are_those_known_to_it_alone() -> None:
    frame = make_frame(300)
    columns = read_columns(frame)
    for number, code in enumerate(columns.nations):
        expected = [
            row
            for row in range(300)
            if columns.countrywide[row] and code in frame["country"].iloc[row]
        ]
        assert sorted(columns.in_nation.of(number).tolist()) == expected
