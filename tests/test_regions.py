"""The table of seas, regions, disputed areas and sites holds what its README promises."""

from __future__ import annotations

import csv
import math

import pycountry
import pytest

from extract.bundled import bundled_path

COLUMNS = [
    "name",
    "alternative_names",
    "kind",
    "latitude",
    "longitude",
    "radius_km",
    "countries",
]
KINDS = frozenset(
    """
    sea gulf strait bay ocean lake river canal range mountain pass desert island peninsula
    region seat disputed historical base nuclear crossing field camp dam airport port other
    """.split()
)
WATERS = frozenset({"sea", "gulf", "strait", "bay", "ocean"})
SITES = frozenset({"base", "nuclear", "crossing", "camp", "dam", "airport", "port"})


def read_rows() -> list[dict[str, str]]:
    with bundled_path("regions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = read_rows()


def names_of(row: dict[str, str]) -> list[str]:
    return [row["name"], *filter(None, row["alternative_names"].split("|"))]


def measure_km(latitude: float, longitude: float, row: dict[str, str]) -> float:
    """Great-circle distance from a point to a row's centre."""
    here, there = math.radians(latitude), math.radians(float(row["latitude"]))
    across = math.radians(float(row["longitude"]) - longitude)
    half = (
        math.sin((there - here) / 2) ** 2
        + math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(half))


def find_rows(name: str) -> list[dict[str, str]]:
    return [row for row in ROWS if name in names_of(row)]


def test_the_columns_and_the_number_of_rows() -> None:
    assert list(ROWS[0]) == COLUMNS
    assert len(ROWS) >= 1500
    assert {row["kind"] for row in ROWS} == KINDS


def test_every_row_is_well_formed() -> None:
    codes = {country.alpha_3 for country in pycountry.countries} | {"XKX"}
    for row in ROWS:
        names = names_of(row)
        assert all(name == name.strip() != "" for name in names), row
        assert len({name.casefold() for name in names}) == len(names), row
        assert row["kind"] in KINDS, row
        assert -90 <= float(row["latitude"]) <= 90, row
        assert -180 <= float(row["longitude"]) <= 180, row
        assert 0 < float(row["radius_km"]) <= 10_000, row
        countries = [code for code in row["countries"].split("|") if code]
        assert set(countries) <= codes, row
        assert len(set(countries)) == len(countries), row


def test_name_and_kind_are_unique() -> None:
    pairs = [(row["name"].casefold(), row["kind"]) for row in ROWS]
    assert len(set(pairs)) == len(pairs)


def test_a_site_on_land_lies_in_a_country_and_is_small() -> None:
    for row in ROWS:
        if row["kind"] in SITES:
            assert row["countries"], row
            assert float(row["radius_km"]) <= 130, row


def test_a_disputed_area_names_whose_it_is() -> None:
    for row in ROWS:
        if row["kind"] == "disputed":
            assert row["countries"], row


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("Crimea", ["UKR", "RUS"]),
        ("Nagorno-Karabakh", ["AZE", "ARM"]),
        ("Abkhazia", ["GEO", "RUS"]),
        ("Transnistria", ["MDA", "RUS"]),
        ("West Bank", ["PSE", "ISR"]),
        ("Golan Heights", ["SYR", "ISR"]),
        ("Western Sahara", ["ESH", "MAR"]),
        ("Senkaku Islands", ["JPN", "CHN", "TWN"]),
        ("Essequibo", ["GUY", "VEN"]),
        ("Northern Cyprus", ["CYP", "TUR"]),
    ],
)
def test_the_recognised_sovereign_comes_first(name: str, countries: list[str]) -> None:
    (row,) = find_rows(name)
    assert row["kind"] == "disputed"
    assert row["countries"].split("|") == countries


# Positions known from maps, written by hand: name, latitude, longitude, how far off in km the
# row's centre may lie.
ANCHORS = [
    ("Caspian Sea", 41.8, 50.6, 100),
    ("Gulf of Oman", 24.8, 58.5, 60),
    ("Nagorno-Karabakh", 39.82, 46.75, 40),
    ("Artsakh", 39.82, 46.75, 40),
    ("Nakhichevan", 39.3, 45.5, 40),
    ("Strait of Hormuz", 26.6, 56.3, 40),
    ("Bab el-Mandeb", 12.6, 43.3, 25),
    ("Kerch Strait", 45.3, 36.5, 20),
    ("Sea of Azov", 46.0, 36.6, 60),
    ("Black Sea", 43.4, 34.3, 100),
    ("Bosporus", 41.1, 29.05, 10),
    ("Suez Canal", 30.5, 32.3, 30),
    ("Panama Canal", 9.1, -79.7, 30),
    ("South China Sea", 13.0, 114.0, 300),
    ("Taiwan Strait", 24.5, 119.5, 80),
    ("Second Thomas Shoal", 9.75, 115.87, 15),
    ("Scarborough Shoal", 15.15, 117.75, 10),
    ("Mischief Reef", 9.9, 115.53, 10),
    ("Strait of Malacca", 4.0, 100.0, 150),
    ("Lake Chad", 13.0, 14.2, 60),
    ("Lake Tanganyika", -6.2, 29.6, 80),
    ("Darfur", 13.0, 24.5, 150),
    ("North Kivu", -0.8, 29.0, 100),
    ("Sinai Peninsula", 29.5, 33.8, 70),
    ("Bekaa Valley", 33.85, 36.0, 30),
    ("Gaza Strip", 31.42, 34.36, 10),
    ("Golan Heights", 33.0, 35.75, 15),
    ("Snake Island", 45.25, 30.2, 3),
    ("Donbas", 48.2, 38.2, 80),
    ("Suwalki Gap", 54.1, 23.2, 40),
    ("Zaporizhzhia Nuclear Power Plant", 47.51, 34.58, 5),
    ("Chernobyl", 51.39, 30.1, 15),
    ("Natanz", 33.72, 51.73, 8),
    ("Yongbyon", 39.8, 125.75, 8),
    ("Rafah crossing", 31.25, 34.26, 4),
    ("Torkham", 34.12, 71.09, 6),
    ("Abqaiq", 25.93, 49.68, 10),
    ("Bagram Airfield", 34.95, 69.27, 6),
    ("Diego Garcia", -7.32, 72.42, 12),
    ("Guantanamo Bay Naval Base", 19.9, -75.13, 10),
    ("Grand Ethiopian Renaissance Dam", 11.21, 35.09, 6),
    ("Falkland Islands", -51.75, -59.2, 60),
    ("Kuril Islands", 46.5, 151.5, 150),
    ("Siachen Glacier", 35.5, 77.0, 30),
    ("Stepanakert", 39.82, 46.75, 5),
    ("Great Barrier Reef", -18.3, 147.7, 250),
    ("Qamishli", 37.05, 41.22, 5),
    ("Khiam", 33.33, 35.61, 5),
    ("Renk", 11.75, 32.79, 8),
    ("Bulo Burde", 3.85, 45.57, 8),
    ("Maungdaw", 20.82, 92.37, 8),
]


@pytest.mark.parametrize(("name", "latitude", "longitude", "within_km"), ANCHORS)
def test_known_places_lie_where_maps_have_them(
    name: str, latitude: float, longitude: float, within_km: float
) -> None:
    distances = [measure_km(latitude, longitude, row) for row in find_rows(name)]
    assert distances, f"{name} is missing"
    assert min(distances) <= within_km


@pytest.mark.parametrize(
    ("inner", "outer"),
    [
        ("Strait of Hormuz", "Persian Gulf"),
        ("Sea of Azov", "Black Sea"),
        ("Scarborough Shoal", "South China Sea"),
        ("Lake Kivu", "African Great Lakes"),
        ("Suez Canal", "Middle East"),
        ("Donbas", "Eastern Europe"),
        ("Gulf of Finland", "Baltic Sea"),
        ("Darfur", "Sahel"),
    ],
)
def test_a_circle_reaches_the_places_within_it(inner: str, outer: str) -> None:
    (small,), (large,) = find_rows(inner), find_rows(outer)
    distance = measure_km(float(small["latitude"]), float(small["longitude"]), large)
    assert distance <= float(large["radius_km"]) + float(small["radius_km"])


def test_waters_touch_no_landlocked_state() -> None:
    landlocked = set("AUT BOL CAF CHE CZE HUN LAO MNG NPL PRY RWA SVK TCD UGA ZMB ZWE".split())
    for row in ROWS:
        if row["kind"] in WATERS:
            assert not landlocked & set(row["countries"].split("|")), row
