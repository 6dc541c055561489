"""The part of the map that the reader looks at, and the tiles that cover it.

A tile is a square of `TILE_SIDE` pixels at a whole zoom level, numbered from the north-west like
everywhere on the web. The browser keeps the tiles it has and asks for those it lacks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from view.clusters import TILE, project_pixels

TILE_SIDE = 512
SHALLOWEST_ZOOM, DEEPEST_ZOOM = 2.0, 16.0
PAD = 0.25  # of the view on each side, so that a short pan shows what is there already
MOST_TILES = 80  # of one answer; a screen of 3,840 by 2,160 pixels with its rim has 77
# Before the browser has told its size: a map in a window of 1,400 by 1,000 pixels.
USUAL_SIZE = (900, 560)
# What an address says of the map.
MAP_NAMES = ("lat", "lon", "zoom", "layer")

Bounds = tuple[tuple[float, float], tuple[float, float]]
Tile = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Viewport:
    """Where the map stands: its middle in degrees, its zoom level, its size in pixels."""

    latitude: float
    longitude: float
    zoom: float
    width: int = USUAL_SIZE[0]
    height: int = USUAL_SIZE[1]

    @property
    def level(self) -> int:
        """The whole zoom level whose clusters are shown; halves go up, as in the browser."""
        return math.floor(self.zoom + 0.5)

    def cover(self) -> list[Tile]:
        """Return the tiles under the view and its rim, each once though the world repeats."""
        x, y = project_pixels(np.array([self.latitude]), np.array([self.longitude]))
        scale = 2.0**self.level
        stretch = 2.0 ** (self.level - self.zoom)
        half = [side * (0.5 + PAD) * stretch for side in (self.width, self.height)]
        count = count_tiles(self.level)
        columns, rows = (
            range(
                math.floor((middle * scale - reach) / TILE_SIDE),
                math.floor((middle * scale + reach) / TILE_SIDE) + 1,
            )
            for middle, reach in zip((float(x[0]), float(y[0])), half, strict=True)
        )
        tiles = [(column % count, row) for row in rows if 0 <= row < count for column in columns]
        return list(dict.fromkeys(tiles))[:MOST_TILES]


def count_tiles(level: int) -> int:
    """Return how many tiles lie side by side around the world at a zoom level."""
    return max(1, int(2**level * TILE / TILE_SIDE))


def fit_view(bounds: Bounds, *, size: tuple[int, int] = USUAL_SIZE) -> Viewport:
    """Return the view that shows some bounds, as Leaflet fits them: south-west, north-east."""
    (south, west), (north, east) = bounds
    x, y = project_pixels(np.array([south, north]), np.array([west, east]))
    room = [max(side - 72, 50) for side in size]
    spans = (max(float(x[1] - x[0]), 1e-6), max(float(y[0] - y[1]), 1e-6))
    zoom = min(math.log2(space / span) for space, span in zip(room, spans, strict=True))
    zoom = min(max(math.floor(zoom * 4) / 4, SHALLOWEST_ZOOM), 8.0)
    middle = (float(y[0]) + float(y[1])) / 2
    turned = 2 * math.atan(math.exp(math.pi * (1 - 2 * middle / TILE)))
    return Viewport(math.degrees(turned - math.pi / 2), (west + east) / 2, zoom, *size)


def read_view(told: object) -> Viewport | None:
    """Return the view that the browser tells of, None for anything that is no view."""
    if not isinstance(told, Mapping):
        return None
    try:
        numbers = {name: float(told[name]) for name in ("latitude", "longitude", "zoom")}
        width, height = (
            min(max(int(told.get(name, usual)), 100), 8000)
            for name, usual in zip(("width", "height"), USUAL_SIZE, strict=True)
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if not all(map(math.isfinite, numbers.values())) or abs(numbers["latitude"]) > 90:
        return None
    return Viewport(
        latitude=numbers["latitude"],
        longitude=round((numbers["longitude"] + 180) % 360 - 180, 6),
        zoom=min(max(numbers["zoom"], SHALLOWEST_ZOOM), DEEPEST_ZOOM),
        width=width,
        height=height,
    )


def read_tiles(told: object, level: int) -> list[Tile]:
    """Return the tiles that the browser asks for, without any that a zoom level does not have."""
    if not isinstance(told, Sequence) or isinstance(told, str):
        return []
    count = count_tiles(level)
    tiles = [
        (pair[0], pair[1])
        for pair in told
        if isinstance(pair, Sequence) and len(pair) == 2
        and all(isinstance(number, int) and 0 <= number < count for number in pair)
    ]  # fmt: skip
    return list(dict.fromkeys(tiles))[:MOST_TILES]


def write_view_query(view: Viewport | None, layer: str, usual: str) -> dict[str, list[str]]:
    """Return the parameters of an address that opens the map where it stands, in its layer."""
    query: dict[str, list[str]] = {}
    if view is not None:
        query["lat"] = [f"{view.latitude:.4f}"]
        query["lon"] = [f"{view.longitude:.4f}"]
        query["zoom"] = [f"{view.zoom:g}"]
    if layer != usual:
        query["layer"] = [layer]
    return query


def read_view_query(query: Mapping[str, Sequence[str]]) -> Viewport | None:
    """Return the view that an address asks for, None where it asks for none."""
    first: dict[str, Any] = {
        name: query[short][0]
        for name, short in (("latitude", "lat"), ("longitude", "lon"), ("zoom", "zoom"))
        if query.get(short)
    }
    return read_view(first)
