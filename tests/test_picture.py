"""The picture of the map: what stands where, and what the file says of itself."""

from __future__ import annotations

import datetime
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image, ImageFont
from ttf_opensans import OPENSANS_REGULAR

from extract.export import Note
from extract.table import build_table
from tests.made_events import make_pairs
from view.palette import QUAD_COLOURS
from view.picture import (
    draw_picture,
    find_bounds,
    find_frame,
    group_places,
    project,
    spell_plainly,
)

NOTE = Note(query="country IRN", made=datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC))
SQUARE: dict[str, Any] = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "IRN", "name": "Iran", "latitude": 32.0, "longitude": 53.0},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": [[[[44, 25], [63, 25], [63, 40], [44, 40], [44, 25]]]],
            },
        }
    ],
}


def open_picture(frame: pd.DataFrame, **options: Any) -> Image.Image:
    image = Image.open(io.BytesIO(draw_picture(frame, SQUARE, NOTE, **options)))
    image.load()
    return image


def made_table(count: int) -> pd.DataFrame:
    return build_table(make_pairs(count))


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    [(0, 0, 0.5, 0.5), (0, -180, 0, 0.5), (85.0511, 0, 0.5, 0), (-85.0511, 180, 1, 1)],
)
def test_mercator(latitude: float, longitude: float, x: float, y: float) -> None:
    assert project(latitude, longitude) == pytest.approx((x, y), abs=1e-5)


def test_it_says_what_it_is() -> None:
    image = open_picture(made_table(20), width=800, height=500)
    assert image.size == (800, 500)
    assert "country IRN" in image.info["Description"]
    assert "GeoNames" in image.info["Copyright"]
    assert image.info["Creation Time"] == "2026-01-02T03:04:00+00:00"


def test_a_town_is_a_disc_in_the_colour_of_its_quad_class() -> None:
    frame = made_table(200)
    town = frame.loc[(frame["place"] == "Muscat")].head(1)
    image = open_picture(town, width=800, height=600, bounds=(20, 50, 27, 66))
    sight = find_frame((20, 50, 27, 66), width=800, height=600)
    x, y = sight.place(town["latitude"].iloc[0], town["longitude"].iloc[0])
    expected = QUAD_COLOURS[town["quad_class"].iloc[0]]
    found = "#{:02x}{:02x}{:02x}".format(*image.getpixel((round(float(x)), round(float(y)))))
    difference = [int(found[at : at + 2], 16) - int(expected[at : at + 2], 16) for at in (1, 3, 5)]
    assert max(map(abs, difference)) < 40, (found, expected)


def test_a_country_is_shaded_and_has_no_disc() -> None:
    frame = made_table(300)
    whole = frame.loc[(frame["place"] == "Iran")].head(3)
    bounds = (20.0, 40.0, 45.0, 70.0)
    shaded = np.asarray(open_picture(whole, width=600, height=500, bounds=bounds).convert("RGB"))
    plain = np.asarray(open_picture(frame.head(0), width=600, height=500, bounds=bounds))
    sight = find_frame(bounds, width=600, height=500)
    x, y = (round(float(value)) for value in sight.place(27.0, 46.0))
    assert tuple(shaded[y, x]) != tuple(plain[y, x])
    for colour in QUAD_COLOURS.values():
        wanted = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        body = shaded[90:400].astype(int)
        assert not (np.abs(body - wanted).max(axis=2) < 8).sum() > 40, colour


def test_places_are_counted_by_quad_class() -> None:
    frame = made_table(120)
    located = frame.loc[frame["latitude"].notna()]
    places = group_places(located)
    assert int(places["events"].sum()) == len(located)
    assert (places[list(QUAD_COLOURS)].sum(axis=1) == places["events"]).all()
    assert places["events"].is_monotonic_decreasing


def test_everything_is_in_sight() -> None:
    frame = made_table(200)
    located = frame.loc[frame["latitude"].notna()]
    sight = find_frame(find_bounds(located), width=900, height=600)
    x, y = sight.place(
        located["latitude"].to_numpy(dtype=float), located["longitude"].to_numpy(dtype=float)
    )
    assert x.min() > 0
    assert x.max() < 900
    assert y.min() > sight.head
    assert y.max() < 600


def test_no_event_is_an_empty_map() -> None:
    assert open_picture(made_table(5).head(0)).size == (1600, 1000)


@pytest.mark.parametrize(
    ("words", "spelt"),
    [
        ("Nakhchivan", "Nakhchivan"),
        ("Şuşa, Łódź, Київ", "Şuşa, Łódź, Київ"),
        ("Gəncə", "Gence"),
        ("Tōkyō 東京", "Tōkyō "),
    ],
)
def test_a_sign_that_the_font_lacks_is_no_box(words: str, spelt: str) -> None:
    font = ImageFont.truetype(str(OPENSANS_REGULAR.path), 20)
    assert spell_plainly(words, font) == spelt
