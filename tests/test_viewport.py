"""The part of the map that is looked at: tiles, fitting, and what an address says of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from view.clusters import project_pixels
from view.viewport import (
    MOST_TILES,
    TILE_SIDE,
    Viewport,
    count_tiles,
    fit_view,
    read_tiles,
    read_view,
    read_view_query,
    write_view_query,
)

VIEWS = st.builds(
    Viewport,
    latitude=st.floats(-85, 85).map(lambda degrees: round(degrees, 4)),
    longitude=st.floats(-180, 179.9999).map(lambda degrees: round(degrees, 4)),
    zoom=st.integers(8, 64).map(lambda quarters: quarters / 4),
)


@given(VIEWS)
def test_the_middle_of_a_view_lies_in_a_tile_that_covers_it(view: Viewport) -> None:
    x, y = project_pixels(np.array([view.latitude]), np.array([view.longitude]))
    scale = 2.0**view.level / TILE_SIDE
    tiles = view.cover()
    assert (int(x[0] * scale) % count_tiles(view.level), int(y[0] * scale)) in tiles
    assert len(tiles) == len(set(tiles)) <= MOST_TILES
    assert all(0 <= number < count_tiles(view.level) for tile in tiles for number in tile)


def test_a_view_across_the_antimeridian_has_tiles_of_both_sides() -> None:
    columns = {column for column, _ in Viewport(0.0, 179.9, 5.0).cover()}
    assert {0, count_tiles(5) - 1} <= columns


@given(VIEWS, st.sampled_from(["points", "heat"]))
def test_an_address_opens_the_same_view_again(view: Viewport, layer: str) -> None:
    query = write_view_query(view, layer, "points")
    assert ("layer" in query) == (layer == "heat")
    assert read_view_query(query) == view


def test_a_map_that_was_not_moved_is_not_in_the_address() -> None:
    assert write_view_query(None, "points", "points") == {}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"lat": ["1"], "lon": ["2"]},
        {"lat": ["north"], "lon": ["2"], "zoom": ["3"]},
        {"lat": ["nan"], "lon": ["2"], "zoom": ["3"]},
        {"lat": ["91"], "lon": ["2"], "zoom": ["3"]},
        {"lat": ["1"], "lon": ["inf"], "zoom": ["3"]},
    ],
)
def test_nonsense_in_an_address_is_no_view(query: dict[str, list[str]]) -> None:
    assert read_view_query(query) is None


def test_far_values_come_to_the_nearest_that_the_map_has() -> None:
    told = {"latitude": 1, "longitude": 541, "zoom": 99, "width": 10**9, "height": -4}
    assert read_view(told) == Viewport(1.0, -179.0, 16.0, 8000, 100)
    for nothing in (None, "", [], {"latitude": 1}):
        assert read_view(nothing) is None


def test_only_tiles_of_the_zoom_level_are_asked_for() -> None:
    assert read_tiles([[0, 1], [7, 7], [8, 0], [-1, 0], "ab", [1], [0, 1], [1.5, 2]], 4) == [
        (0, 1),
        (7, 7),
    ]
    for nothing in (None, 3, "0123"):
        assert read_tiles(nothing, 4) == []


def test_a_fitted_view_shows_its_bounds() -> None:
    bounds = ((10.0, 20.0), (50.0, 70.0))
    view = fit_view(bounds)
    x, y = project_pixels(np.array([10.0, 50.0]), np.array([20.0, 70.0]))
    assert (x[1] - x[0]) * 2**view.zoom <= view.width
    assert (y[0] - y[1]) * 2**view.zoom <= view.height
    assert 10 < view.latitude < 50
    assert view.longitude == 45
    assert fit_view(((5.0, 5.0), (5.0, 5.0))).zoom == 8
