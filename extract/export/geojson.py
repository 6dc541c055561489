"""GeoJSON (RFC 7946): longitude first, a feature per event, no geometry where no place is known.

The note stands beside the features as a foreign member called `dateline` (RFC 7946, 6.1).
"""

from __future__ import annotations

import datetime
import json
from typing import Any

import pandas as pd

from extract.export.dictionary import Note
from extract.export.rows import read_rows

GEOMETRY_COLUMNS = ("latitude", "longitude")


def write_geojson(frame: pd.DataFrame, note: Note | None = None) -> bytes:
    """Return an events table as a GeoJSON FeatureCollection.

    `radius_km` and `place_precision` in the properties say how much of the earth the point
    stands for. `bbox` (west, south, east, north) is there when any event has a place.
    """
    features = [_write_feature(row) for row in read_rows(frame)]
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "dateline": (note or Note()).describe(len(frame)),
    }
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    if points:
        longitudes, latitudes = zip(*points, strict=True)
        collection["bbox"] = [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]
    collection["features"] = features
    written = json.dumps(collection, ensure_ascii=False, allow_nan=False, default=_write_date)
    return written.encode("utf-8", errors="replace")


def _write_feature(row: dict[str, Any]) -> dict[str, Any]:
    latitude, longitude = row["latitude"], row["longitude"]
    geometry = None
    if latitude is not None and longitude is not None:
        geometry = {"type": "Point", "coordinates": [longitude, latitude]}
    return {
        "type": "Feature",
        "id": row["event_id"],
        "geometry": geometry,
        "properties": {
            column: value for column, value in row.items() if column not in GEOMETRY_COLUMNS
        },
    }


def _write_date(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"a value of type {type(value).__name__} has no form in GeoJSON")
