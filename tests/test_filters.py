"""The filter of the page: addresses, masks, counts per value, and what is said to be shown."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.plover import EVENT_TYPES
from extract.records import Precision, Status
from extract.selection import Selection, select_events
from extract.table import shape_table
from tests.made_events import make_frame
from view.columns import EventColumns, read_columns
from view.filters import (
    CHOICES,
    join_masks,
    list_unmapped,
    make_masks,
    measure_coverage,
    read_facets,
    read_query,
    write_query,
)

WORDS = st.text(min_size=1, max_size=12)
DAYS = st.none() | st.dates(datetime.date(1000, 1, 1), datetime.date(2199, 12, 31))


CORNERS = st.tuples(
    st.floats(-90, 90).map(lambda degrees: round(degrees, 4)),
    st.floats(-360, 360).map(lambda degrees: round(degrees, 4)),
)


def chosen(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


SELECTIONS = st.builds(
    Selection,
    countries=chosen(WORDS),
    start=DAYS,
    end=DAYS,
    types=chosen(st.sampled_from(list(EVENT_TYPES))),
    statuses=chosen(st.sampled_from([status.value for status in Status])),
    actors=chosen(WORDS),
    precisions=chosen(st.sampled_from([*(each.value for each in Precision), "none"])),
    sources=chosen(WORDS),
    text=st.text(max_size=20),
    area=st.just(()) | st.lists(CORNERS, min_size=3, max_size=6).map(tuple),
)


@pytest.fixture(scope="module")
def columns() -> EventColumns:
    return read_columns(make_frame(150))


@given(SELECTIONS)
def test_an_address_opens_the_same_selection_again(selection: Selection) -> None:
    assert read_query(write_query(selection)) == selection


@pytest.mark.parametrize(
    "query",
    [
        {"from": ["yesterday"], "to": ["2024-13-01"]},
        {"type": ["NONSENSE", "<script>"], "status": ["maybe"], "precision": ["exact"]},
        {"unknown": ["1"], "country": [""], "q": []},
    ],
)
def test_nonsense_in_an_address_restricts_nothing(query: dict[str, list[str]]) -> None:
    assert read_query(query).empty


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(countries=("IRN", "OMN")),
        Selection(types=("ASSAULT",), statuses=("planned", "denied")),
        Selection(start=datetime.date(2024, 1, 1)),
        Selection(start=datetime.date(2023, 1, 1), end=datetime.date(2023, 12, 31), text="struck"),
        Selection(precisions=("none", "sea"), sources=("AFP",)),
        Selection(actors=("Houthis",), text="nothing has this"),
    ],
)
def test_masks_keep_what_the_selection_keeps(columns: EventColumns, selection: Selection) -> None:
    mask = join_masks(columns, make_masks(columns, selection))
    kept = select_events(columns.frame, selection)
    assert columns.frame.index[mask].tolist() == kept.index.tolist()


def test_counts_leave_the_fields_own_choice_out(columns: EventColumns) -> None:
    selection = Selection(countries=("IRN",), types=("ASSAULT",))
    masks = make_masks(columns, selection)
    facets = read_facets(columns)
    for field, other in (("countries", "types"), ("types", "countries")):
        counts = facets[field].count(join_masks(columns, masks, without=field))
        alone = select_events(columns.frame, Selection(**{other: getattr(selection, other)}))
        for value, count in counts.items():
            assert count == len(select_events(alone, Selection(**{field: (value,)})))


def test_an_actor_on_both_sides_counts_once() -> None:
    frame = make_frame(3)
    frame["recipient"] = frame["actor"]
    facet = read_facets(read_columns(frame))["actors"]
    assert sum(facet.count(np.ones(3, dtype=bool)).values()) == 3


def test_every_facet_orders_by_count(columns: EventColumns) -> None:
    everything = np.ones(len(columns), dtype=bool)
    facets = read_facets(columns)
    assert set(facets) == set(CHOICES)
    for facet in facets.values():
        counts = list(facet.count(everything).values())
        assert counts == sorted(counts, reverse=True)
        assert min(counts) > 0


def test_coverage_adds_up(columns: EventColumns) -> None:
    mask = np.ones(len(columns), dtype=bool)
    coverage = measure_coverage(columns, mask, articles=160)
    assert coverage.mapped + coverage.placeless == coverage.shown == 150
    assert coverage.sentence == (
        f"All 150 events from 160 articles: {coverage.mapped} on the map, "
        f"{coverage.placeless} without a place, {coverage.dateless} without a date."
    )
    left = list_unmapped(columns, mask)
    frame = columns.frame
    expected = frame["latitude"].isna() | (frame["date_start"].isna() & frame["date_end"].isna())
    assert left["event_id"].tolist() == frame.loc[expected, "event_id"].tolist()
    assert (left["reason"] != "").all()


def test_nothing_shown_and_nothing_there(columns: EventColumns) -> None:
    none = np.zeros(len(columns), dtype=bool)
    assert measure_coverage(columns, none, articles=2).sentence.startswith("0 of 150 events")
    empty = read_columns(shape_table([]))
    nothing = np.zeros(0, dtype=bool)
    assert measure_coverage(empty, nothing, articles=1).sentence == "No events in 1 article."
    assert read_facets(empty)["countries"].count(nothing) == {}
    assert isinstance(list_unmapped(empty, nothing), pd.DataFrame)
