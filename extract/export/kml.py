"""KML 2.2 (OGC 07-147r2), for Google Earth and other globes.

A spot or a town is a point. Whatever is larger is an area, the circle of its radius, so that no
pin claims more than the text says; an event without a place has no geometry. Days are a
TimeSpan, and every column stands in the ExtendedData under the document's Schema, which
explains it.
"""

from __future__ import annotations

import datetime
import io
import json
import re
from typing import Any

import pandas as pd
from geopy.distance import great_circle
from lxml import etree

from extract.export.dictionary import MEANINGS, TITLE, Note
from extract.export.rows import read_rows
from extract.records import Precision
from extract.table import COLUMNS

NAMESPACE = "http://www.opengis.net/kml/2.2"
FIELD_TYPES = {"Int64": "int", "Float64": "double"}
# The page's colours; KML writes blue, green, red.
COLOURS = {
    "verbal cooperation": "c76c3b",
    "material cooperation": "acb31f",
    "verbal conflict": "21a5d9",
    "material conflict": "3f26a8",
}
CORNERS = 36
# XML 1.0 has no form for these, not even as references.
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_kml(frame: pd.DataFrame, note: Note | None = None) -> bytes:
    """Return an events table as a KML document."""
    buffer = io.BytesIO()
    with etree.xmlfile(buffer, encoding="utf-8") as document:
        document.write_declaration()
        with document.element("kml", nsmap={None: NAMESPACE}), document.element("Document"):
            for element in (
                _text("name", TITLE),
                _text("description", "\n".join((note or Note()).lines(len(frame)))),
                *(_style(quad, colour) for quad, colour in COLOURS.items()),
                _schema(),
            ):
                document.write(element)
            for row in read_rows(frame):
                document.write(_placemark(row))
    return buffer.getvalue()


def _placemark(row: dict[str, Any]) -> etree._Element:
    mark = etree.Element("Placemark", id=f"event-{row['event_id']}")
    title = row["title"] or row["trigger"]
    mark.append(_text("name", f"{row['event_type'].capitalize()}: {title}"))
    mark.append(_text("description", row["sentence"]))
    if row["date_start"] or row["date_end"]:
        span = etree.SubElement(mark, "TimeSpan")
        for tag, day in (("begin", row["date_start"]), ("end", row["date_end"])):
            # xs:date in KML's dialect has four digits
            if day and day.year >= 1000:
                span.append(_text(tag, day.isoformat()))
    mark.append(_text("styleUrl", f"#{_style_id(row['quad_class'])}"))
    data = etree.SubElement(mark, "ExtendedData")
    values = etree.SubElement(data, "SchemaData", schemaUrl="#event")
    for column in COLUMNS:
        written = _write_value(row[column])
        if written:
            values.append(_text("SimpleData", written, name=column))
    geometry = _geometry(row)
    if geometry is not None:
        mark.append(geometry)
    return mark


def _geometry(row: dict[str, Any]) -> etree._Element | None:
    latitude, longitude, radius = row["latitude"], row["longitude"], row["radius_km"]
    if latitude is None or longitude is None:
        return None
    if row["place_precision"] in (Precision.POINT, Precision.TOWN) or not radius:
        point = etree.Element("Point")
        point.append(_text("coordinates", f"{longitude:.5f},{latitude:.5f}"))
        return point
    polygon = etree.Element("Polygon")
    ring = etree.SubElement(etree.SubElement(polygon, "outerBoundaryIs"), "LinearRing")
    ring.append(_text("coordinates", " ".join(_circle(latitude, longitude, radius))))
    return polygon


def _circle(latitude: float, longitude: float, radius_km: float) -> list[str]:
    """Return the corners of a circle, counter-clockwise as KML wants them, the first again last."""
    corners = []
    for step in range(CORNERS + 1):
        bearing = -360.0 * (step % CORNERS) / CORNERS
        corner = great_circle(kilometers=radius_km).destination((latitude, longitude), bearing)
        corners.append(f"{corner.longitude:.4f},{corner.latitude:.4f}")
    return corners


def _schema() -> etree._Element:
    schema = etree.Element("Schema", name="event", id="event")
    for column, dtype in COLUMNS.items():
        field = etree.SubElement(
            schema, "SimpleField", type=FIELD_TYPES.get(dtype, "string"), name=column
        )
        field.append(_text("displayName", f"{column}: {MEANINGS[column]}"))
    return schema


def _style(quad: str, colour: str) -> etree._Element:
    style = etree.Element("Style", id=_style_id(quad))
    icon = etree.SubElement(style, "IconStyle")
    icon.append(_text("color", f"ff{colour}"))
    line = etree.SubElement(style, "LineStyle")
    line.append(_text("color", f"ff{colour}"))
    area = etree.SubElement(style, "PolyStyle")
    area.append(_text("color", f"33{colour}"))
    return style


def _style_id(quad: str) -> str:
    return quad.replace(" ", "-")


def _write_value(value: Any) -> str:
    if value is None or value == () or value == {}:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return "|".join(value)
    return json.dumps(value, ensure_ascii=False)


def _text(tag: str, words: str, **attributes: str) -> etree._Element:
    element = etree.Element(tag, attributes)
    element.text = UNWRITABLE.sub("\ufffd", words)
    return element
