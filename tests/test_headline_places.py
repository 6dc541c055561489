"""Which headlines name more than their country, and what became of their places."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from extract.pipeline import Extractor
from extract.records import Article
from training.headline_places import find_places, judge_headline, list_sets

SORTED = [
    ("Two soldiers killed near Gao", "MLI", "naming"),
    ("Bomb kills five in north Mali", "MLI", "naming"),
    ("Bomb kills five in N. Mali", "MLI", "naming"),
    ("Five die in northern Malian town", "MLI", "naming"),
    ("Fighting rages in Mali's restive north", "MLI", "naming"),
    ("Ten soldiers killed in rebel north - army", "MLI", "naming"),
    ("Mali army says ten killed", "MLI", "telling"),
    # a place of another country, a government, a person
    ("Mali army says ten killed near Niamey", "MLI", "telling"),
    ("Bamako troops repel attack, ten killed", "MLI", "telling"),
    ("Ten killed in Mali, says Colonel Gao", "MLI", "telling"),
    ("Troops die in Mali as Russia's Mali force leaves", "MLI", "telling"),
    # titles and addresses that tell nothing
    ("Situation report, Gao, 12 June 2020", "MLI", "english"),
    ("Latest from the mission in Gao", "MLI", "english"),
    ("Gao Press @gaopress", "MLI", "english"),
    ("https://news.example/gao", "MLI", "english"),
    ("Watch List August 2020 - Mali", "MLI", "english"),
    ("Двое солдат погибли в Гао", "MLI", "all"),
]


@pytest.mark.parametrize(("headline", "country", "last"), SORTED)
def test_the_innermost_set_of_a_headline(
    headline: str, country: str, last: str, extractor: Extractor
) -> None:
    row = {"headline": headline, "country": country}
    assert list_sets(row, extractor.gazetteer)[-1] == last


def test_places_are_the_longest_names(extractor: Extractor) -> None:
    headline = "Shelling hits San Pedro Sula and Tela"
    found = list(find_places(headline, "HND", extractor.gazetteer))
    assert found == ["San Pedro Sula", "Tela"]


JUDGED = [
    ("Two soldiers killed in Timbuktu", 16.77, -3.01, "right"),
    ("Two soldiers killed in Timbuktu", 12.65, -8.0, "elsewhere in the country"),
    ("Two soldiers killed in Mali", 22.0, -3.0, "the country alone"),
    ("Two soldiers killed in Niamey", 16.77, -3.01, "another country"),
    ("The weather was fine", 16.77, -3.01, "no event"),
]


@pytest.mark.parametrize(("headline", "latitude", "longitude", "kind"), JUDGED)
def test_what_became_of_a_headline(
    headline: str, latitude: float, longitude: float, kind: str, extractor: Extractor
) -> None:
    row: dict[str, Any] = {
        "headline": headline, "country": "MLI", "lat": latitude, "lon": longitude
    }  # fmt: skip
    found = extractor.extract(Article("a", headline, published=datetime.date(2020, 5, 4)))
    judgement = judge_headline(row, found)
    assert judgement.kind == kind
    assert judgement.near is (kind == "right")
    assert judgement.same_country is (kind not in ("another country", "no event"))
