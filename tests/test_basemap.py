"""The base map: TopoJSON decoded, cut at the antimeridian, with a point inside each country."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from view.assets import ROOT, WORLD_ATLAS
from view.basemap import cut_antimeridian, decode_arcs, label_point, read_countries

SQUARE = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]]

# Two countries that share the border x = 1: arc 1 is theirs both, backwards in the second.
TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10.0, 20.0]},
    "arcs": [
        [[2, 4], [-2, 0], [0, -4], [2, 0]], [[2, 0], [0, 4]], [[2, 4], [2, 0], [0, -4], [-2, 0]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "031", "properties": {"name": "A"}, "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "properties": {"name": "Kosovo"}, "arcs": [[[2, 1]]]},
                {"type": None, "properties": {"name": "Nowhere"}},
            ],
        }
    },
}  # fmt: skip


def test_arcs_are_steps() -> None:
    arcs = decode_arcs(TOPOLOGY)
    assert arcs[1] == [[11.0, 20.0], [11.0, 22.0]]


def test_countries_get_codes_and_rings_are_closed(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    path.write_text(json.dumps(TOPOLOGY), encoding="utf-8")
    features = read_countries(path)["features"]
    assert [feature["properties"]["code"] for feature in features] == ["AZE", "XKX"]
    for feature in features:
        ring = feature["geometry"]["coordinates"][0][0]
        assert ring[0] == ring[-1]
    assert features[0]["properties"]["latitude"] == pytest.approx(21.0, abs=0.02)
    assert features[0]["properties"]["longitude"] == 10.5


def test_backward_arcs_are_turned_round(tmp_path: Path) -> None:
    turned = json.loads(json.dumps(TOPOLOGY))
    turned["arcs"][1].reverse()
    turned["arcs"][1] = [[2, 4], [0, -4]]
    turned["objects"]["countries"]["geometries"][0]["arcs"] = [[0, ~1]]
    path = tmp_path / "world.json"
    path.write_text(json.dumps(turned), encoding="utf-8")
    ring = read_countries(path)["features"][0]["geometry"]["coordinates"][0][0]
    assert ring == [[11, 22], [10, 22], [10, 20], [11, 20], [11, 22]]


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"type": "FeatureCollection"}', encoding="utf-8")
    with pytest.raises(ValueError, match="not a TopoJSON file"):
        read_countries(path)


def test_a_label_stays_out_of_the_bay() -> None:
    # A horseshoe open to the south: its centroid lies in the bay.
    shoe = [[0, 0], [3, 0], [3, 8], [7, 8], [7, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
    latitude, longitude, _ = label_point([[float(x), float(y)] for x, y in shoe])
    assert latitude > 8 or longitude < 3 or longitude > 7


def test_rings_within_the_map_stay_whole() -> None:
    assert cut_antimeridian(SQUARE) == [SQUARE]


def test_rings_over_the_antimeridian_are_cut_in_two() -> None:
    ring = [[170.0, 0.0], [-170.0, 0.0], [-170.0, 10.0], [170.0, 10.0], [170.0, 0.0]]
    pieces = cut_antimeridian(ring)
    assert len(pieces) == 2
    for piece in pieces:
        xs = [x for x, _ in piece]
        assert max(xs) - min(xs) == pytest.approx(10.0)


def test_a_ring_around_the_pole_is_closed_along_the_edge() -> None:
    ring = [[-180.0, -70.0], [-90.0, -75.0], [0.0, -70.0], [90.0, -75.0], [180.0, -70.0]]
    pieces = cut_antimeridian(ring)
    assert min(y for piece in pieces for _, y in piece) == -90.0


def test_the_real_map_has_no_line_across_the_world() -> None:
    atlas = ROOT / "node_modules" / "world-atlas" / WORLD_ATLAS
    if not atlas.is_file():
        pytest.skip("npm's packages are not installed (run npm ci)")
    features = read_countries(atlas)["features"]
    assert len(features) > 230
    codes = {feature["properties"]["code"] for feature in features}
    assert {"AZE", "IRN", "XKX", "USA", "RUS", "FJI"} <= codes
    for feature in features:
        for polygon in feature["geometry"]["coordinates"]:
            for ring in polygon:
                for a, b in pairwise(ring):
                    # Antarctica's edge along the pole is the one long line that is meant
                    assert abs(a[0] - b[0]) < 90 or abs(a[1]) == 90
