"""The map as a picture to put into a report: PNG, with its query, legend, day and credits.

    events table + countries -> what goes where (Mercator) -> Pillow

The picture says what the map on the page says: a spot or town is a disc, whose size grows with
its events and whose slices are the quad classes; a larger place is a dashed circle of its
radius; an event known to a country only shades the country and counts at its name.
"""

from __future__ import annotations

import io
import math
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo
from ttf_opensans import OPENSANS_REGULAR, OPENSANS_SEMIBOLD

from extract.export import Note
from extract.export.dictionary import CREDITS, TITLE
from extract.records import Precision
from view.palette import QUAD_COLOURS, QUAD_LABELS
from view.words import count_words

SEA, LAND, BORDER, INK, QUIET, PAPER = (
    "#e8eef2", "#fbfaf7", "#c9cfd2", "#1d2733", "#5c6873", "#ffffff",
)  # fmt: skip
SHADE = (204, 106, 60)
# Twice as large, then made smaller: Pillow draws without smoothing edges.
SMOOTHING = 2
HEAD, FOOT = 84, 96
LARGEST, SMALLEST = 22.0, 5.0
# Web Mercator ends there.
POLE = 85.0511
SPOTS = (Precision.POINT.value, Precision.TOWN.value)
# The font lacks these; their neighbours read as the same name.
PLAIN = str.maketrans({"ə": "e", "Ə": "E", "ʿ": "'", "ʾ": "'", "ʻ": "'", "ʼ": "'"})

Bounds = tuple[float, float, float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The stretch of the earth that the picture shows, and where it lies in it.

    `left` and `top` are Mercator units (one is the width of the world) of the upper left
    corner; `scale` is pixels per unit; `width` and `height` are pixels; the map begins `head`
    pixels from the top.
    """

    left: float
    top: float
    scale: float
    width: int
    height: int
    head: int

    def place(self, latitudes: Any, longitudes: Any) -> tuple[Any, Any]:
        """Return the pixels (x, y) of degrees; arrays in, arrays out."""
        x, y = project(latitudes, longitudes)
        return (x - self.left) * self.scale, self.head + (y - self.top) * self.scale

    def kilometres(self, latitude: float) -> float:
        """Return how many pixels a kilometre is at a latitude."""
        return self.scale / (40_075.0 * max(math.cos(math.radians(latitude)), 0.05))


def project(latitudes: Any, longitudes: Any) -> tuple[Any, Any]:
    """Return Web Mercator units, 0 to 1 from the west and from the north."""
    bounded = np.radians(np.clip(latitudes, -POLE, POLE))
    x = np.asarray(longitudes) / 360 + 0.5
    y = 0.5 - np.log(np.tan(np.pi / 4 + bounded / 2)) / (2 * np.pi)
    return x, y


def draw_picture(
    frame: pd.DataFrame,
    basemap: Mapping[str, Any],
    note: Note,
    *,
    bounds: Bounds | None = None,
    width: int = 1600,
    height: int = 1000,
) -> bytes:
    """Return an events table drawn as a PNG picture.

    `basemap` are the countries, GeoJSON as `view.basemap.read_countries` makes it. `bounds` are
    (south, west, north, east) in degrees; None shows all events with a place. `width` and
    `height` are pixels. The note and the credits are drawn, and stand in the file's text chunks
    too.
    """
    located = frame.loc[frame["latitude"].notna()]
    sight = find_frame(bounds or find_bounds(located), width=width, height=height)
    scale = SMOOTHING
    image = Image.new("RGB", (width * scale, height * scale), SEA)
    canvas = ImageDraw.Draw(image, "RGBA")
    whole = (located["place_precision"] == Precision.COUNTRY.value).to_numpy(dtype=bool)
    counts = count_countries(located.loc[whole])
    _draw_land(canvas, basemap, sight, counts)
    taken: list[Box] = []
    places = group_places(located.loc[~whole])
    exact = places["place_precision"].isin(SPOTS) | (places["radius_km"] <= 0)
    spots, areas = places.loc[exact], places.loc[~exact]
    _draw_areas(canvas, areas, sight)
    _draw_spots(canvas, spots, sight, taken)
    labels = [
        (place["name"], place["latitude"], place["longitude"], counts[place["code"]], SHADE)
        for place in (feature["properties"] for feature in basemap["features"])
        if place["code"] in counts
    ]
    labels += [
        (row["place"], row["latitude"], row["longitude"], row["events"], _rgb(_main_colour(row)))
        for row in areas.to_dict("records")
    ]
    _draw_counts(canvas, labels, sight, taken)
    _draw_names(canvas, spots, sight, taken)
    _draw_head(canvas, frame, note, sight)
    _draw_foot(canvas, sight, note)
    small = image.resize((width, height), Image.Resampling.LANCZOS)
    written = PngInfo()
    for key, words in (
        ("Title", TITLE),
        ("Description", "\n".join(note.lines(len(frame)))),
        ("Copyright", "; ".join(CREDITS)),
        ("Creation Time", note.made.isoformat()),
    ):
        written.add_itxt(key, words)
    buffer = io.BytesIO()
    small.save(buffer, "PNG", pnginfo=written, optimize=True)
    return buffer.getvalue()


def find_bounds(located: pd.DataFrame) -> Bounds:
    """Return the (south, west, north, east) that hold all places with their radius."""
    if located.empty:
        return (-55.0, -170.0, 75.0, 180.0)
    latitudes = located["latitude"].to_numpy(dtype=float)
    longitudes = located["longitude"].to_numpy(dtype=float)
    # an area far wider than the rest (an ocean) may reach beyond the edge
    reach = np.minimum(located["radius_km"].fillna(0).to_numpy(dtype=float), 400) / 111.2
    stretch = reach / np.maximum(np.cos(np.radians(latitudes)), 0.1)
    return (
        float((latitudes - reach).min()),
        float((longitudes - stretch).min()),
        float((latitudes + reach).max()),
        float((longitudes + stretch).max()),
    )


def find_frame(bounds: Bounds, *, width: int, height: int) -> Frame:
    """Return the frame that shows the bounds with a margin, as large as it goes."""
    south, west, north, east = bounds
    (left, right), (bottom, top) = project([south, north], [west, east])
    room_x, room_y = width, height - HEAD - FOOT
    # no closer than about 3 km across a tenth of the picture
    span_x, span_y = max(float(right - left), 1e-3), max(float(bottom - top), 1e-3)
    scale = min(room_x / span_x, room_y / span_y) * 0.88
    return Frame(
        left=float(left + right) / 2 - room_x / scale / 2,
        top=float(top + bottom) / 2 - room_y / scale / 2,
        scale=scale,
        width=width,
        height=height,
        head=HEAD,
    )


def group_places(located: pd.DataFrame) -> pd.DataFrame:
    """Return one row per place: name, latitude, longitude, precision, radius_km, a count per quad.

    The most events come first.
    """
    keys = ["place", "latitude", "longitude", "place_precision", "radius_km"]
    table = located[[*keys, "quad_class"]].copy()
    table["place"] = table["place"].fillna("")
    table["radius_km"] = table["radius_km"].fillna(0.0)
    counted = table.groupby(keys, sort=False, dropna=False)["quad_class"].value_counts()
    wide = counted.unstack(fill_value=0).reindex(columns=list(QUAD_COLOURS), fill_value=0)
    wide["events"] = wide.sum(axis=1)
    return wide.sort_values("events", ascending=False, kind="stable").reset_index()


def count_countries(countrywide: pd.DataFrame) -> dict[str, int]:
    """Return how many events are known to each country only, by ISO 3166-1 alpha-3 code."""
    codes = countrywide["country"].explode().dropna()
    return {str(code): int(count) for code, count in codes.value_counts().items()}


def spell_plainly(words: str, font: ImageFont.FreeTypeFont) -> str:
    """Return words in signs that the font has: an accent is dropped rather than shown as a box."""
    blank = bytes(font.getmask("\uffff"))  # no font has a sign there, so it gives the empty box
    spelt = []
    for sign in words.translate(PLAIN):
        if not sign.isspace() and bytes(font.getmask(sign)) == blank:
            sign = "".join(
                part
                for part in unicodedata.normalize("NFKD", sign)
                if not unicodedata.combining(part)
            )
            sign = sign if sign.isascii() else ""
        spelt.append(sign)
    return "".join(spelt)


def _draw_land(
    canvas: ImageDraw.ImageDraw,
    basemap: Mapping[str, Any],
    sight: Frame,
    counts: Mapping[str, int],
) -> None:
    most = max(counts.values(), default=1)
    for feature in basemap["features"]:
        count = counts.get(feature["properties"]["code"], 0)
        share = 0.12 + 0.3 * math.sqrt(count / most) if count else 0.0
        for polygon in feature["geometry"]["coordinates"]:
            for turn in (-360.0, 0.0, 360.0):
                rings = [_ring(ring, sight, turn) for ring in polygon]
                if not _is_visible(rings[0], sight):
                    continue
                corners = [tuple(corner) for corner in rings[0]]
                canvas.polygon(corners, fill=LAND)
                if share:
                    canvas.polygon(corners, fill=(*SHADE, int(255 * share)))
                for hole in rings[1:]:
                    canvas.polygon([tuple(corner) for corner in hole], fill=SEA)
                canvas.line([*corners, corners[0]], fill=BORDER, width=SMOOTHING)


def _ring(ring: Sequence[Sequence[float]], sight: Frame, turn: float) -> NDArray[np.float64]:
    points = np.asarray(ring, dtype=float)
    x, y = sight.place(points[:, 1], points[:, 0] + turn)
    return np.stack([x, y], axis=1) * SMOOTHING


def _is_visible(corners: NDArray[np.float64], sight: Frame) -> bool:
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool(
        high[0] > 0
        and low[0] < sight.width * SMOOTHING
        and high[1] > 0
        and low[1] < sight.height * SMOOTHING
    )


def _draw_areas(canvas: ImageDraw.ImageDraw, areas: pd.DataFrame, sight: Frame) -> None:
    for row in areas.sort_values("radius_km", ascending=False).to_dict("records"):
        x, y = sight.place(row["latitude"], row["longitude"])
        # never too small to be seen
        radius = max(row["radius_km"] * sight.kilometres(row["latitude"]), 6.0) * SMOOTHING
        colour = _main_colour(row)
        box = _around((float(x) * SMOOTHING, float(y) * SMOOTHING), radius)
        canvas.ellipse(box, fill=(*_rgb(colour), 24))
        # a dash about every ten pixels
        dashes = max(12, min(360, int(radius * 2 * math.pi / (10 * SMOOTHING))))
        for step in range(dashes):
            start = 360 * step / dashes
            canvas.arc(box, start, start + 200 / dashes, fill=colour, width=int(1.4 * SMOOTHING))


def _main_colour(row: Mapping[Any, Any]) -> str:
    return QUAD_COLOURS[max(QUAD_COLOURS, key=lambda quad: int(row[quad]))]


def _draw_spots(
    canvas: ImageDraw.ImageDraw, spots: pd.DataFrame, sight: Frame, taken: list[Box]
) -> None:
    most = max(int(spots["events"].max()), 1) if len(spots) else 1
    for row in spots.to_dict("records"):
        x, y = (float(value) for value in sight.place(row["latitude"], row["longitude"]))
        if not (0 <= x <= sight.width and sight.head <= y <= sight.height - FOOT):
            continue
        radius = _size(row["events"], most)
        box = _around((x * SMOOTHING, y * SMOOTHING), radius * SMOOTHING)
        canvas.ellipse(_around((x * SMOOTHING, y * SMOOTHING), (radius + 1.2) * SMOOTHING), PAPER)
        turned = -90.0
        for quad, colour in QUAD_COLOURS.items():
            share = 360 * row[quad] / row["events"]
            if share:
                canvas.pieslice(box, turned, turned + share, fill=(*_rgb(colour), 225))
            turned += share
        taken.append((x - radius, y - radius, x + radius, y + radius))


def _draw_counts(
    canvas: ImageDraw.ImageDraw,
    labels: Sequence[tuple[str, float, float, int, tuple[int, int, int]]],
    sight: Frame,
    taken: list[Box],
) -> None:
    """Write the name and count of each area near its middle, the most events first."""
    font = _font(13, bold=True)
    for name, latitude, longitude, count, colour in sorted(labels, key=lambda label: -label[3]):
        x, y = (float(value) for value in sight.place(latitude, longitude))
        words = spell_plainly(f"{name} {count:,}", font)
        half = font.getlength(words) / 2 / SMOOTHING + 6
        for down in (0, 20, -20, 40, -40):
            box = (x - half, y + down - 10, x + half, y + down + 10)
            if not _is_free(box, taken, sight):
                continue
            taken.append(box)
            canvas.rounded_rectangle(
                [value * SMOOTHING for value in box], 4 * SMOOTHING, PAPER, colour, SMOOTHING
            )
            middle = (x * SMOOTHING, (y + down) * SMOOTHING)
            canvas.text(middle, words, INK, font, anchor="mm")
            break


def _draw_names(
    canvas: ImageDraw.ImageDraw, spots: pd.DataFrame, sight: Frame, taken: list[Box]
) -> None:
    font = _font(13)
    most = max(int(spots["events"].max()), 1) if len(spots) else 1
    # beyond some hundred there is no room for more
    for row in spots.head(400).to_dict("records"):
        words = spell_plainly(row["place"], font)
        x, y = (float(value) for value in sight.place(row["latitude"], row["longitude"]))
        radius = _size(row["events"], most)
        length = font.getlength(words) / SMOOTHING
        for left in (x + radius + 4, x - radius - 4 - length):
            box = (left, y - 8, left + length, y + 8)
            if words and _is_free(box, taken, sight):
                taken.append(box)
                canvas.text(
                    (left * SMOOTHING, y * SMOOTHING), words, INK, font, anchor="lm",
                    stroke_width=2 * SMOOTHING, stroke_fill=LAND,
                )  # fmt: skip
                break


def _draw_head(canvas: ImageDraw.ImageDraw, frame: pd.DataFrame, note: Note, sight: Frame) -> None:
    canvas.rectangle((0, 0, sight.width * SMOOTHING, HEAD * SMOOTHING), PAPER)
    title, line = _font(24, bold=True), _font(15)
    located = int(frame["latitude"].notna().sum())
    query = note.query[:1].upper() + note.query[1:]
    words = f"{count_words(len(frame), 'event')}, {located:,} with a place · {query}"
    for font, text, y, ink in ((title, TITLE, 30, INK), (line, words, 61, QUIET)):
        shown = _shorten(spell_plainly(text, font), font, (sight.width - 48) * SMOOTHING)
        canvas.text((24 * SMOOTHING, y * SMOOTHING), shown, ink, font, anchor="lm")


def _draw_foot(canvas: ImageDraw.ImageDraw, sight: Frame, note: Note) -> None:
    top = sight.height - FOOT
    canvas.rectangle((0, top * SMOOTHING, sight.width * SMOOTHING, sight.height * SMOOTHING), PAPER)
    font, small = _font(14), _font(12)
    x, y = 24.0, top + 28.0
    for quad, label in QUAD_LABELS.items():
        canvas.ellipse(
            _around(((x + 7) * SMOOTHING, y * SMOOTHING), 7 * SMOOTHING), QUAD_COLOURS[quad]
        )
        canvas.text(((x + 20) * SMOOTHING, y * SMOOTHING), label, INK, font, anchor="lm")
        x += 20 + font.getlength(label) / SMOOTHING + 26
    for label in ("dashed: somewhere within", "shaded: the country as a whole"):
        canvas.text((x * SMOOTHING, y * SMOOTHING), label, QUIET, font, anchor="lm")
        x += font.getlength(label) / SMOOTHING + 26
    for number, words in enumerate(
        (f"Made with Dateline, {note.made:%Y-%m-%d %H:%M} UTC. {CREDITS[0]}.", f"{CREDITS[1]}.")
    ):
        shown = _shorten(spell_plainly(words, small), small, (sight.width - 48) * SMOOTHING)
        y = top + 54 + 18 * number
        canvas.text((24 * SMOOTHING, y * SMOOTHING), shown, QUIET, small, anchor="lm")


def _size(events: int, most: int) -> float:
    """Return the radius of a disc in pixels: its area grows with the events."""
    return max(SMALLEST, LARGEST * math.sqrt(events / most))


def _is_free(box: Box, taken: Sequence[Box], sight: Frame) -> bool:
    inside = box[0] > 4 and box[2] < sight.width - 4
    inside = inside and box[1] > sight.head and box[3] < sight.height - FOOT
    return inside and all(
        box[0] > other[2] or box[2] < other[0] or box[1] > other[3] or box[3] < other[1]
        for other in taken
    )


def _shorten(words: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    if font.getlength(words) <= width:
        return words
    while words and font.getlength(words + "…") > width:
        words = words[:-1]
    return words + "…"


def _around(middle: tuple[float, float], radius: float) -> Box:
    x, y = middle
    return (x - radius, y - radius, x + radius, y + radius)


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    face = OPENSANS_SEMIBOLD if bold else OPENSANS_REGULAR
    return ImageFont.truetype(str(face.path), size * SMOOTHING)


def _rgb(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
