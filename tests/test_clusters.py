"""Clusters: at each zoom level every place is in one node, and nodes do not overlap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from view.clusters import DEEPEST, RADIUS, cluster_places, project_pixels

SPOTS = st.lists(
    st.tuples(st.floats(-85, 85), st.floats(-180, 180), st.integers(1, 50)), max_size=40
)


@settings(deadline=None, max_examples=60)
@given(SPOTS)
def test_every_place_stands_in_exactly_one_node_per_zoom(
    spots: list[tuple[float, float, int]],
) -> None:
    table = np.array(spots).reshape(-1, 3)
    weights = table[:, 2].astype(np.int64)
    nodes = cluster_places(table[:, 0], table[:, 1], weights)
    assert len(nodes) <= max(0, 2 * len(spots) - 1)
    for zoom in range(DEEPEST + 1):
        shown = [node for node in nodes if node.shallow <= zoom <= node.deep]
        members = sorted(member for node in shown for member in node.members)
        assert members == list(range(len(spots)))


def test_a_single_place_keeps_its_own_coordinates() -> None:
    nodes = cluster_places(np.array([40.38, 12.0]), np.array([49.89, -3.0]), np.array([3, 1]))
    single = [node for node in nodes if node.members == (0,)]
    assert (single[0].latitude, single[0].longitude) == (40.38, 49.89)


@pytest.mark.parametrize("zoom", [2, 4, 6, 8])
def test_seeds_of_nodes_lie_apart(zoom: int) -> None:
    chance = np.random.default_rng(3)
    latitudes, longitudes = chance.uniform(10, 50, 200), chance.uniform(0, 60, 200)
    nodes = cluster_places(latitudes, longitudes, np.ones(200, dtype=np.int64))
    shown = [node for node in nodes if node.shallow <= zoom <= node.deep]
    lone = [node.members[0] for node in shown if len(node.members) == 1]
    x, y = project_pixels(latitudes[lone], longitudes[lone])
    gaps = np.hypot(x[:, None] - x, y[:, None] - y) * 2.0**zoom
    np.fill_diagonal(gaps, np.inf)
    assert gaps.min(initial=np.inf) > RADIUS


def test_projection_is_web_mercator() -> None:
    x, y = project_pixels(np.array([0.0, 85.0511287798]), np.array([0.0, 180.0]))
    assert x.tolist() == pytest.approx([128.0, 256.0])
    assert y[0] == pytest.approx(128.0)
    assert y[1] == pytest.approx(0.0, abs=0.5)
