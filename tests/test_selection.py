"""The filter that the page and the command line share."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from extract.selection import (
    Selection,
    contain_points,
    fold_text,
    select_events,
    split_values,
)
from extract.table import shape_table
from tests.test_export import make_row

DAY = datetime.date


def place(name: str, countries: tuple[str, ...], precision: str) -> dict[str, object]:
    return {
        "place": name, "country": countries, "latitude": 1.0, "longitude": 2.0,
        "place_precision": precision, "radius_km": 5.0,
    }  # fmt: skip


FRAME = shape_table(
    [
        make_row(
            event_id="drill", event_type="MOBILIZE", status="planned", actor="Iran; Azerbaijan",
            actor_code="IRN; AZE MIL", date_start=DAY(2024, 6, 1), date_end=DAY(2024, 6, 30),
            source="Turan", title="Drill off Nakhchıvan",
            **place("Caspian Sea", ("AZE", "IRN"), "sea"),
        ),
        make_row(
            event_id="strike", actor="Russia", actor_code="RUS MIL", recipient="Ukraine",
            recipient_code="UKR", date_start=DAY(2024, 6, 10), date_end=DAY(2024, 6, 10),
            source="AFP", sentence="A strike hit Odesa.", **place("Odesa", ("UKR",), "town"),
        ),
        make_row(event_id="undated", sentence="Crème brûlée was served.", source="AFP"),
    ]
)  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (Selection(), "drill strike undated"),
        (Selection(countries=("IRN",)), "drill"),
        (Selection(countries=("AZE", "UKR")), "drill strike"),
        (Selection(countries=("BRA",)), ""),
        (Selection(start=DAY(2024, 6, 10)), "drill strike"),
        (Selection(start=DAY(2024, 6, 11)), "drill"),
        (Selection(end=DAY(2024, 6, 9)), "drill"),
        (Selection(end=DAY(2024, 5, 31)), ""),
        (Selection(start=DAY(2024, 6, 30), end=DAY(2024, 7, 1)), "drill"),
        (Selection(types=("MOBILIZE", "AID")), "drill"),
        (Selection(statuses=("occurred",)), "strike undated"),
        (Selection(actors=("rus",)), "strike"),
        (Selection(actors=("RUS MIL",)), "strike"),
        (Selection(actors=("azerbaijan",)), "drill"),
        (Selection(actors=("UKR",)), "strike"),
        (Selection(actors=("US",)), ""),
        (Selection(precisions=("town",)), "strike"),
        (Selection(precisions=("none",)), "undated"),
        (Selection(precisions=("none", "sea")), "drill undated"),
        (Selection(sources=("AFP",)), "strike undated"),
        (Selection(text="BRULEE creme"), "undated"),
        (Selection(text="odesa strike"), "strike"),
        (Selection(text="nakhchivan"), "drill"),
        (Selection(text="odesa caspian"), ""),
        (Selection(text="  "), "drill strike undated"),
        (Selection(text="\ud800"), ""),
        (Selection(area=((0.0, 1.0), (0.0, 3.0), (2.0, 3.0), (2.0, 1.0))), "drill strike"),
        (Selection(area=((0.0, 361.0), (0.0, 363.0), (2.0, 363.0), (2.0, 361.0))), "drill strike"),
        (Selection(area=((0.0, 1.0), (0.5, 3.0), (0.0, 3.0))), ""),
        (Selection(area=((5.0, 5.0), (5.0, 6.0), (6.0, 6.0))), ""),
        (Selection(sources=("AFP",), statuses=("planned",)), ""),
    ],
)
def test_a_selection_keeps_what_it_says(selection: Selection, kept: str) -> None:
    before = FRAME.copy(deep=True)
    chosen = select_events(FRAME, selection)
    assert " ".join(chosen["event_id"]) == kept
    assert chosen.dtypes.equals(FRAME.dtypes)
    pd.testing.assert_frame_equal(FRAME, before)


def test_an_empty_table_can_be_filtered() -> None:
    selection = Selection(
        countries=("IRN",), start=DAY(2024, 1, 1), end=DAY(2024, 1, 2), types=("AID",),
        statuses=("planned",), actors=("IRN",), precisions=("none",), sources=("AFP",), text="x",
    )  # fmt: skip
    assert select_events(shape_table([]), selection).empty


def test_only_the_empty_selection_is_empty() -> None:
    assert Selection().empty
    assert not Selection(text="x").empty
    assert not Selection(start=DAY(2024, 1, 1)).empty


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        (("IRN", "AZE"), ("IRN", "AZE")),
        (["IRN"], ("IRN",)),
        ("IRN; AZE MIL", ("IRN", "AZE MIL")),
        ("IRN|AZE", ("IRN", "AZE")),
        (pd.NA, ()),
        (None, ()),
        ("", ()),
    ],
)
def test_a_cell_is_split_into_its_values(cell: object, values: tuple[str, ...]) -> None:
    assert split_values(cell) == values


def test_folding_takes_case_and_accents_off() -> None:
    assert fold_text("Şuşa ÇİÇEK Straße") == "susa cicek strasse"


def test_what_is_known_to_a_country_alone_lies_in_no_area() -> None:
    frame = FRAME.assign(place_precision=FRAME["place_precision"].replace("sea", "country"))
    around = Selection(area=((0.0, 1.0), (0.0, 3.0), (2.0, 3.0), (2.0, 1.0)))
    assert select_events(frame, around)["event_id"].tolist() == ["strike"]


@given(
    st.lists(st.tuples(st.floats(-80, 80), st.floats(-170, 170)), min_size=3, max_size=7),
    st.tuples(st.floats(-80, 80), st.floats(-170, 170)),
)
@example([(0.0, 0.0), (2.0, 0.0), (2e-307, 17.0)], (2.0, 1.0))  # an edge too short to divide by
def test_a_point_is_inside_as_the_winding_says(
    corners: list[tuple[float, float]], point: tuple[float, float]
) -> None:
    # A triangle holds a point when it turns the same way along all three edges.
    triangle = corners[:3]
    turns = [
        (x2 - x1) * (point[0] - y1) - (y2 - y1) * (point[1] - x1)
        for (y1, x1), (y2, x2) in zip(triangle, [*triangle[1:], triangle[0]], strict=True)
    ]
    assume(all(abs(turn) > 1e-6 for turn in turns))
    inside = contain_points(tuple(triangle), np.array([point[0]]), np.array([point[1]]))
    assert inside.tolist() == [all(turn > 0 for turn in turns) or all(turn < 0 for turn in turns)]


@given(st.lists(st.text(max_size=12), min_size=1, max_size=6), st.text(min_size=1, max_size=3))
def test_words_are_found_as_folding_says(sentences: list[str], word: str) -> None:
    texts = [text for text in sentences if text.strip()] or ["x"]
    frame = shape_table(
        [make_row(event_id=str(at), sentence=text) for at, text in enumerate(texts)]
    )
    words = fold_text(word).split()
    assume(words)
    kept = [
        str(at)
        for at, text in enumerate(texts)
        if all(part in fold_text(f"{text} {frame['trigger'][at]}") for part in words)
    ]
    found = select_events(frame, Selection(text=word))["event_id"].tolist()
    assert set(kept) <= set(found)
