"""Countries are narrowed to the part that only a point of the compass names."""

from __future__ import annotations

import datetime

import pytest

from extract.pipeline import Extractor
from extract.records import Article

NARROWED = [
    ("Two Ukrainian soldiers killed in separatist east", "eastern Ukraine"),
    ("Five Malian soldiers killed in the restive north, army says", "northern Mali"),
    ("Bomb kills three in southern Thai town", "southern Thailand"),
    ("Fighting kills five in Ukraine's separatist east", "eastern Ukraine"),
    ("Somali army kills 20 fighters in the country's south", "southern Somalia"),
    # names and things that only begin like a part
    ("Two Ukrainian soldiers killed in the east wing", "Ukraine"),
    ("Two Ukrainian soldiers killed in Lviv, far from the east", "Lviv"),
]


@pytest.mark.parametrize(("text", "place"), NARROWED)
def test_parts_of_countries(text: str, place: str, extractor: Extractor) -> None:
    found = extractor.extract(Article("a", text, published=datetime.date(2020, 5, 4)))
    assert [event.place.name for event in found.events if event.place][:1] == [place]


def test_the_words_for_the_part_say_where(extractor: Extractor) -> None:
    text = "Two Ukrainian soldiers killed in separatist east"
    event = extractor.extract(Article("a", text, published=datetime.date(2020, 5, 4))).events[0]
    assert event.spans["where"][0].of(text) == "east"
