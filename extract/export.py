"""The events table as files for other programs: CSV and GeoJSON.

CSV is RFC 4180 in UTF-8. A text that a spreadsheet would run as a formula gets an apostrophe
before it (OWASP, "CSV injection"); lists are joined by "|", mappings are JSON. GeoJSON is
RFC 7946: longitude first, one feature per event, the geometry null where no place is known.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from extract.errors import ExtractError
from extract.table import COLUMNS

LIST_COLUMNS = ("country", "contexts")
# What makes a spreadsheet take a cell for a formula, with the full-width forms of the same.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*(?:[eE][+-]?\d+)?%?")
GEOMETRY_COLUMNS = ("latitude", "longitude")


def write_csv(frame: pd.DataFrame) -> bytes:
    """Return an events table as CSV: a header line, then a line per event; unknown is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in _read_rows(frame):
        writer.writerow([_write_cell(column, row[column]) for column in COLUMNS])
    return buffer.getvalue().encode("utf-8", errors="replace")


def write_geojson(frame: pd.DataFrame) -> bytes:
    """Return an events table as a GeoJSON FeatureCollection.

    `radius_km` and `place_precision` in the properties say how much of the earth the point
    stands for. `bbox` (west, south, east, north) is there when any event has a place.
    """
    features = [_write_feature(row) for row in _read_rows(frame)]
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    if points:
        longitudes, latitudes = zip(*points, strict=True)
        collection["bbox"] = [min(longitudes), min(latitudes), max(longitudes), max(latitudes)]
    collection["features"] = features
    written = json.dumps(collection, ensure_ascii=False, allow_nan=False, default=_write_date)
    return written.encode("utf-8", errors="replace")


WRITERS: dict[str, Callable[[pd.DataFrame], bytes]] = {
    ".csv": write_csv,
    ".geojson": write_geojson,
}


def write_file(frame: pd.DataFrame, path: Path) -> None:
    """Write an events table to a file whose ending names the format.

    The file appears only when it is complete. Raises ExtractError for an ending that is not
    in `WRITERS`, and for a folder that is not there.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ExtractError(f"{path} does not end in {' or '.join(WRITERS)}; name one of these")
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(writer(frame))
        partial.replace(path)
    except OSError as error:
        raise ExtractError(f"{path} cannot be written ({error.strerror}); name another") from error
    finally:
        partial.unlink(missing_ok=True)


def guard_formula(text: str) -> str:
    """Return text that no spreadsheet runs: an apostrophe before what would be a formula."""
    if text.startswith(FORMULA_STARTS) and not NUMBER.fullmatch(text):
        return "'" + text
    return text


def _read_rows(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield each row as plain values: None for NA, dates without a time."""
    columns = [_plain_values(frame[column]) for column in COLUMNS]
    for values in zip(*columns, strict=True):
        yield dict(zip(COLUMNS, values, strict=True))


def _plain_values(column: pd.Series) -> list[Any]:
    if column.dtype == object:
        return column.tolist()
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return [None if pd.isna(moment) else moment.date() for moment in column]
    return [None if pd.isna(value) else value for value in column.tolist()]


def _write_cell(column: str, value: Any) -> Any:
    if value is None:
        return ""
    if column in LIST_COLUMNS:
        return guard_formula("|".join(value))
    if isinstance(value, str):
        return guard_formula(value)
    if isinstance(value, (dict, tuple, list)):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


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
