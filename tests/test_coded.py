"""Columns as codes: every row still says what its cell said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.coded import DATELESS, CodedTable, encode, fold_column, fold_text
from extract.snapshot import encode_frame
from tests.made_events import make_frame

CELLS = st.lists(st.none() | st.sampled_from(["a", "b; c", "ü", "x|y"]), max_size=30)


@given(CELLS, st.integers(1, 5))
def test_codes_lead_back_to_the_cells(cells: list[str | None], size: int) -> None:
    chunks = [pa.array(cells[at : at + size], pa.string()) for at in range(0, len(cells), size)]
    coded = encode(pa.chunked_array(chunks, pa.string()))
    back = [coded.values[code] if code >= 0 else None for code in coded.codes]
    assert back == cells
    for unknown in (True, False):
        told = coded.among(["a"], unknown=unknown)
        assert told.tolist() == [cell == "a" or (cell is None and unknown) for cell in cells]
    assert coded.test(lambda values: "c" in values).tolist() == [cell == "b; c" for cell in cells]


def test_lists_are_cells_of_their_values_and_an_empty_one_is_unknown() -> None:
    column = pa.chunked_array([pa.array([["IRN"], [], ["IRN", "AZE"]], pa.list_(pa.string()))])
    coded = encode(column)
    assert [coded.values[code] if code >= 0 else None for code in coded.codes] == [
        "IRN",
        None,
        "IRN|AZE",
    ]


@pytest.mark.parametrize(
    "text", ["Şuşa ÇİÇEK Straße", "Nakhchıvan", "Ελλάς", "Київ", "naïve café", "ﬁne", "Ünïted—“x”"]
)
def test_a_column_is_folded_as_a_text_is(text: str) -> None:
    folded = fold_column(pa.chunked_array([pa.array([text, "ASCII", None])])).to_pylist()
    assert folded == [fold_text(text), None, None]


def test_a_frame_and_its_snapshot_are_coded_alike() -> None:
    frame = make_frame(60)
    one = CodedTable.of_frame(frame)
    other = CodedTable.of_arrow(pa.Table.from_batches([encode_frame(frame)]))
    for name in ("event_type", "actor", "country", "place", "source", "place_precision"):
        assert one[name].values == other[name].values
        assert (one[name].codes == other[name].codes).all()
    for name in ("latitude", "radius_km"):
        np.testing.assert_array_equal(one.numbers(name), other.numbers(name))
    for mine, theirs in zip(one.days, other.days, strict=True):
        assert (mine == theirs).all()


def test_a_lone_day_stands_for_both_and_none_for_neither() -> None:
    frame = make_frame(3)
    frame["date_start"] = frame["date_start"].mask(frame.index == 0)
    frame.loc[1, ["date_start", "date_end"]] = pd.NaT
    start, end = CodedTable.of_frame(frame).days
    assert start[0] == end[0] != DATELESS
    assert start[1] == end[1] == DATELESS


def test_a_searched_word_is_remembered() -> None:
    table = CodedTable.of_frame(make_frame(60))
    first = table.find_word("baku", ("place", "sentence"))
    assert 0 < first.sum() < 60
    assert (table.find_word("baku", ("place", "sentence")) == first).all()
