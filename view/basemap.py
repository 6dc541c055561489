"""The countries of the base map: Natural Earth's TopoJSON decoded to GeoJSON.

TopoJSON (github.com/topojson/topojson-specification) stores each border once, as an arc of
integer steps; a ring is a list of arc numbers, ~n meaning arc n backwards. Decoding it here
saves the browser a script, and gives each country its ISO 3166-1 alpha-3 code and a point
inside it for its name. The borders are Natural Earth's: those in effect on the ground, no
statement about whose they should be.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

Ring = list[list[float]]

# Natural Earth draws them, ISO 3166-1 gives them no number.
UNNUMBERED = {"Kosovo": "XKX"}


def read_countries(path: Path, *, decimals: int = 2) -> dict[str, Any]:
    """Read a world-atlas file and return its countries as a GeoJSON FeatureCollection.

    Each feature has the properties `code` (ISO 3166-1 alpha-3, None where there is none),
    `name`, `latitude` and `longitude` (a point well inside its largest part, in degrees) and
    `width` (of that part, in degrees of longitude). `decimals` rounds coordinates: 2 is about
    1 km, finer than the 1:50 million source. Raises ValueError when the file is no TopoJSON.
    """
    topology = json.loads(path.read_text(encoding="utf-8"))
    if topology.get("type") != "Topology":
        raise ValueError(f"{path} is not a TopoJSON file")
    arcs = decode_arcs(topology)
    features = []
    for shape in topology["objects"]["countries"]["geometries"]:
        polygons = _polygons(shape, arcs, decimals)
        if not polygons:
            continue
        largest = max((polygon[0] for polygon in polygons), key=lambda ring: abs(_area(ring)))
        latitude, longitude, width = label_point(largest)
        name = shape["properties"]["name"]
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "code": _code(shape.get("id"), name),
                    "name": name,
                    "latitude": latitude,
                    "longitude": longitude,
                    "width": width,
                },
                "geometry": {"type": "MultiPolygon", "coordinates": polygons},
            }
        )
    return {"type": "FeatureCollection", "features": features}


def decode_arcs(topology: dict[str, Any]) -> list[Ring]:
    """Return the arcs of a topology as lists of [longitude, latitude] in degrees."""
    transform = topology.get("transform")
    scale_x, scale_y = transform["scale"] if transform else (1.0, 1.0)
    shift_x, shift_y = transform["translate"] if transform else (0.0, 0.0)
    arcs: list[Ring] = []
    for steps in topology["arcs"]:
        x = y = 0
        arc: Ring = []
        for step in steps:
            x, y = (x + step[0], y + step[1]) if transform else (step[0], step[1])
            arc.append([x * scale_x + shift_x, y * scale_y + shift_y])
        arcs.append(arc)
    return arcs


def label_point(ring: Ring) -> tuple[float, float, float]:
    """Return (latitude, longitude, width) of a point well inside a ring.

    The point is the middle of the widest stretch inside the ring along nine parallels, so that
    it never falls into a bay or a neighbour as a centroid may. `width` is that stretch in
    degrees of longitude.
    """
    latitudes = [point[1] for point in ring]
    low, high = min(latitudes), max(latitudes)
    best = (0.0, 0.0, -1.0)
    for step in range(1, 10):
        # a hair off the tenths, so that a level seldom runs along an edge
        level = low + (high - low) * (step / 10 + 0.0031)
        crossings = sorted(
            a[0] + (b[0] - a[0]) * (level - a[1]) / (b[1] - a[1])
            for a, b in pairwise(ring)
            if (a[1] > level) != (b[1] > level)
        )
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            # A stretch in the middle latitudes is worth more than an equal one at the rim.
            worth = (right - left) * (1.15 - abs(step - 5) * 0.05)
            if worth > best[2]:
                best = (level, (left + right) / 2, worth)
    latitude, longitude, worth = best
    return round(latitude, 2), round(longitude, 2), round(max(worth, 0.0), 2)


def _polygons(shape: dict[str, Any], arcs: list[Ring], decimals: int) -> list[list[Ring]]:
    kind = shape.get("type")
    if kind == "Polygon":
        groups = [shape["arcs"]]
    elif kind == "MultiPolygon":
        groups = shape["arcs"]
    else:
        return []
    polygons = []
    for group in groups:
        rings = [_ring(numbers, arcs, decimals) for numbers in group]
        rings = [ring for ring in rings if len(ring) >= 4]
        if not rings:
            continue
        pieces = cut_antimeridian(rings[0])
        # Natural Earth has no hole in a country that reaches over the antimeridian.
        polygons += [[pieces[0], *rings[1:]]] if len(pieces) == 1 else [[piece] for piece in pieces]
    return polygons


def cut_antimeridian(ring: Ring) -> list[Ring]:
    """Cut a ring that crosses 180 degrees of longitude into rings that do not.

    TopoJSON lets such rings jump from 180 to -180, which a flat map draws as a line across the
    world. A ring around the pole is closed along the edge of the map.
    """
    unrolled = [list(ring[0])]
    for x, y in ring[1:]:
        turn = round((unrolled[-1][0] - x) / 360)
        unrolled.append([x + 360 * turn, y])
    around = abs(unrolled[-1][0] - unrolled[0][0]) > 180
    if not around and all(a[0] == b[0] for a, b in zip(unrolled, ring, strict=True)):
        return [ring]
    if around:
        pole = 90.0 if unrolled[0][1] > 0 else -90.0
        unrolled += [[unrolled[-1][0], pole], [unrolled[0][0], pole], list(unrolled[0])]
    pieces = []
    for shift in (-360.0, 0.0, 360.0):
        moved = [[x + shift, y] for x, y in unrolled]
        piece = _clip(_clip(moved, -180.0, 1), 180.0, -1)
        if len(piece) >= 4:
            pieces.append(piece)
    return pieces


def _clip(ring: Ring, limit: float, side: int) -> Ring:
    """Keep the part of a ring where side * longitude >= side * limit (Sutherland and Hodgman)."""
    kept: Ring = []
    for a, b in zip(ring, [*ring[1:], *ring[:1]], strict=True):
        inside = side * a[0] >= side * limit
        if inside:
            kept.append(a)
        if inside != (side * b[0] >= side * limit):
            share = (limit - a[0]) / (b[0] - a[0])
            kept.append([limit, round(a[1] + share * (b[1] - a[1]), 3)])
    if kept and kept[0] != kept[-1]:
        kept.append(kept[0])
    return kept


def _ring(numbers: list[int], arcs: list[Ring], decimals: int) -> Ring:
    points: Ring = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    ring: Ring = []
    for x, y in points:
        point = [round(x, decimals), round(y, decimals)]
        if not ring or point != ring[-1]:
            ring.append(point)
    return ring


def _area(ring: Ring) -> float:
    shrink = math.cos(math.radians(sum(point[1] for point in ring) / len(ring)))
    return shrink * sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def _code(number: str | None, name: str) -> str | None:
    if number is None:
        return UNNUMBERED.get(name)
    country = pycountry.countries.get(numeric=str(number).zfill(3))
    return country.alpha_3 if country else None
