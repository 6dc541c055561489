"""Clusters: nested, every place in one per zoom level, and heads that keep apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from view.clusters import DEEPEST, RADIUS, SHALLOWEST, build_tree, project_pixels

SPOTS = st.lists(
    st.tuples(st.floats(-85, 85), st.floats(-180, 180), st.integers(1, 50)), max_size=40
)


@settings(deadline=None, max_examples=60)
@given(SPOTS)
def test_what_is_together_stays_together_further_out(spots: list[tuple[float, float, int]]) -> None:
    table = np.array(spots).reshape(-1, 3)
    tree = build_tree(table[:, 0], table[:, 1], table[:, 2].astype(np.int64))
    assert tree.heads.shape == (DEEPEST + 2, len(spots))
    for deep, shallow in zip(tree.heads[::-1], tree.heads[-2::-1], strict=False):
        # a head heads its own cluster, and a whole cluster moves as one
        assert (shallow[shallow] == shallow).all()
        assert (shallow[deep] == shallow).all()


def test_the_heaviest_place_is_the_head() -> None:
    latitudes, longitudes = np.array([40.0, 40.01, -30.0]), np.array([50.0, 50.01, 10.0])
    tree = build_tree(latitudes, longitudes, np.array([1, 9, 2]))
    assert tree.at(4).tolist() == [1, 1, 2]
    assert tree.at(DEEPEST).tolist() == [0, 1, 2]


def test_only_places_on_the_very_same_point_never_come_apart() -> None:
    latitudes, longitudes = np.array([40.0, 40.0, 40.00002]), np.array([50.0, 50.0, 50.0])
    tree = build_tree(latitudes, longitudes, np.array([1, 2, 1]))
    assert tree.at(99).tolist() == [1, 1, 2]


@pytest.mark.parametrize("zoom", [3, 4, 6, 8])
def test_symbols_keep_apart(zoom: int) -> None:
    chance = np.random.default_rng(3)
    latitudes, longitudes = chance.uniform(10, 50, 400), chance.uniform(0, 60, 400)
    weights = chance.integers(1, 90, 400)
    tree = build_tree(latitudes, longitudes, weights)
    _, cluster = np.unique(tree.at(zoom), return_inverse=True)
    load = np.bincount(cluster, weights=weights)
    x, y = (
        np.bincount(cluster, weights=weights * axis) / load
        for axis in project_pixels(latitudes, longitudes)
    )
    gaps = np.hypot(x[:, None] - x, y[:, None] - y) * 2.0**zoom
    np.fill_diagonal(gaps, np.inf)
    # Joining moves the middle of a cluster a little towards its neighbours.
    assert (gaps.min(axis=1) > RADIUS * 0.7).mean() > 0.95


def test_what_lies_near_is_joined() -> None:
    latitudes, longitudes = np.array([40.0, 40.5, 41.0, 60.0]), np.array([50.0, 50.0, 50.0, 5.0])
    tree = build_tree(latitudes, longitudes, np.array([5, 1, 1, 1]))
    assert len(set(tree.at(SHALLOWEST)[:3].tolist())) == 1
    assert tree.at(SHALLOWEST)[3] == 3


def test_projection_is_web_mercator() -> None:
    x, y = project_pixels(np.array([0.0, 85.0511287798]), np.array([0.0, 180.0]))
    assert x.tolist() == pytest.approx([128.0, 256.0])
    assert y[0] == pytest.approx(128.0)
    assert y[1] == pytest.approx(0.0, abs=0.5)
